/* catalog/contract: a data contract while it is read, of whichever standard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_CONTRACT_H
#define MWB_CATALOG_CONTRACT_H

#include "engine/catalog/build.h"

enum { MOST_NESTED_DEPTH = 20 };

/* The place in a contract that a property, rule or reference belongs to. */
struct spot {
    const char *contract; /* id */
    long long contract_row;
    const char *object; /* NULL on the contract */
    long long object_row;
    const char *property; /* NULL on an object */
    int depth, position;
};

/* The owner of what stands there; its id has to be freed. */
struct spot_owner {
    const char *kind; /* contract, object or property */
    char *id;
};
struct spot_owner spot_owner(const struct spot *spot);

/* ---- Rules (read_rules.c) ---- */

/* ODCS 3.x and DCS: a list of rules. */
void read_rules(struct source *source, const struct spot *spot,
                const struct document_value *list);
/* ODCS 2.2: rules of named tools, by a template. */
void read_old_rules(struct source *source, const struct spot *spot,
                    const struct document_value *list);

/* ---- References (read_references.c) ---- */

void read_relations(struct source *source, const struct spot *spot,
                    const struct document_value *list);
/* DCS: `references: orders.order_id`. */
void read_reference_text(struct source *source, const struct spot *spot,
                         const struct document_value *target);
/* Where the property is made from; source objects as texts. */
void read_transform(struct source *source, const struct spot *spot,
                    const struct document_value *property);

/* ---- Terms (read_terms.c) ---- */

/* `name`: of a server that stands under a key; NULL: it has a name of its own. */
void read_server(struct source *source, const struct spot *spot, const char *name,
                 const struct document_value *server);
/* Servers of ODCS: a list. */
void read_servers(struct source *source, const struct spot *spot,
                  const struct document_value *list);
void read_promises(struct source *source, const struct spot *spot,
                   const struct document_value *list);
void read_roles(struct source *source, const struct spot *spot,
                const struct document_value *list);

/* ---- Parts of properties ---- */

/* Every member of a map becomes an option of the property. */
void read_options(struct source *source, const struct spot *spot,
                  const struct document_value *options);
/* Texts, or maps with value, label and description. */
void read_enum(struct source *source, const struct spot *spot,
               const struct document_value *list);

#endif
