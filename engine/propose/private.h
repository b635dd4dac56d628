/* propose/private: what the files of the room share: a table and a column being looked
 * at. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PROPOSE_PRIVATE_H
#define MWB_PROPOSE_PRIVATE_H

#include <sqlite3.h>

#include "engine/evidence.h"
#include "engine/propose.h"

struct proposing {
    const struct propose_spec *spec;
    struct evidence_spec evidence;
    struct catalog_product product;
    sqlite3 *db; /* evidence.h, with the product under its schema name */
    struct job_port *port;
    struct array *proposals;
};

/* A table that a contract promises and that is here. Strings are the catalog's. */
struct subject {
    struct proposing *in;
    const struct catalog_table *table;
    long long contract, object; /* rows */
    char *contract_id, *name;   /* of the object */
    char *path, *why_not;
    char *source; /* "schema"."table" */
    long long rows;
    bool has_key;
};

/* A column of it, with its statistics. */
struct profile {
    char *property, *type, *column; /* column: quoted, for SQL */
    bool required, unique, is_key, shows_values;
    long long nulls, integers, reals, texts, distinct, shortest, longest;
    bool is_exact;
    double least, most;
    bool is_enumerated, is_patterned; /* by a proposal */
};

/* A new proposal for the subject, or for a property of it; NULL: of a kind that was not
 * asked for. `rule` and `evidence` are taken. */
struct proposal *propose_add(const struct subject *subject, const struct profile *profile,
                             const char *kind, char *rule, char *evidence);
/* How many rows a statement of one number gives; `fallback` when it fails. */
long long propose_count(const struct subject *subject, const char *sql,
                        long long fallback);
/* Does a rule of one of these metrics stand at the property already? */
bool propose_has_rule(const struct subject *subject, const char *property,
                      const char *metrics);
bool propose_has_option(const struct subject *subject, const char *property,
                        const char *keys);
/* The next of 1, 2, 5, 10, 20 ... from there, outwards or inwards. */
double propose_round_up(double value);
double propose_round_down(double value);
bool propose_is_moment(const struct profile *profile); /* a date or time */

/* What a column or a table gives. */
void propose_presence(const struct subject *subject, struct profile *profile);
void propose_key(struct subject *subject, struct profile *profile);
void propose_bounds(const struct subject *subject, struct profile *profile);
void propose_lengths(const struct subject *subject, struct profile *profile);
void propose_values(const struct subject *subject, struct profile *profile);
void propose_pattern(const struct subject *subject, struct profile *profile);
void propose_rows(const struct subject *subject);
void propose_relation(const struct subject *subject, const struct profile *profile);

#endif
