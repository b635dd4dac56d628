/* saved: queries that are worth keeping, with a name, a title and what they answer: those
 * of the mesh (its folder of queries, `queries/NAME.sql` unless mesh.yaml names another),
 * which everybody has who has the mesh, and one's own ($XDG_DATA_HOME/mwb/queries), which
 * are there in every mesh. Both are files of SQL with a header (sql_file.h), to be read,
 * changed and committed like any other.
 *
 * Of a name that both have, one's own is meant. A file is never replaced unless that is
 * asked for, and then keeps the keys of its header that are not given anew. A query that
 * holds a secret is not written down.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SAVED_H
#define MWB_SAVED_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/text.h"

struct saved_query {
    char *name, *title; /* title NULL: it has none */
    char *description;  /* what it answers; NULL: not said */
    char *sql;
    char *chart; /* as of struct catalog_query; may be NULL */
    char *path;  /* relative to the mesh; one's own: absolute */
    bool is_mine;
};

/* All of both, by name. `catalog` may be NULL. Array of struct saved_query, release. */
struct array saved_list(const struct catalog *catalog);
void saved_release(struct array *queries);
/* By name, whatever its case, or "mesh/NAME", "mine/NAME"; NULL and a sentence that names
 * the nearest. */
const struct saved_query *saved_named(const struct array *queries, const char *name,
                                      struct error *err);
/* The products that a query names, as it names them: "orders, shipments". */
void saved_put_products(const struct saved_query *query, struct text *out);
/* For a card: appends struct catalog_fact of the group "saved query" for each of one's
 * own that names this schema. Those of the mesh the catalog tells itself. */
void saved_facts(const char *schema, struct array *facts);

struct saved_spec {
    const struct catalog *catalog;   /* of the mesh; may be NULL for one's own */
    const char *name;                /* letters, digits, - _ . */
    const char *title, *description; /* NULL: not said */
    const char *sql;
    bool is_mine;
    bool replace; /* one of this name in the same place */
};
/* *path is the file, yours. */
bool saved_write(const struct saved_spec *spec, char **path, struct error *err);
/* Remove its file. */
bool saved_remove(const struct catalog *catalog, const struct saved_query *query,
                  struct error *err);

#endif
