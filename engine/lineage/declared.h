/* lineage/declared: what columns of contracts say they are made from
 * (transformSourceObjects of ODCS, lineage.inputFields of DCS), with the names resolved:
 * first within the same contract, then TABLE of a product as it is called in SQL
 * (orders.line_items), then the one table of the mesh of that name, physical or logical.
 * Where none is found or several are, the source lies outside.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_DECLARED_H
#define MWB_LINEAGE_DECLARED_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"

struct declared_pair {
    long long product;              /* row: whose column is made */
    char *table, *column;           /* of it, in SQL; column NULL: the table */
    long long from_product;         /* row; 0: outside of the mesh */
    char *from_table, *from_column; /* column NULL: the table */
    char *source;                   /* as written */
    char *path;
    int line;
};
struct declared;
/* `with_tables`: for declared_table(), even where no column declares anything. */
struct declared *declared_read(sqlite3 *mesh, bool with_tables, struct error *err);
void declared_free(struct declared *declared); /* NULL is fine */

/* Pairs of one product: of those that are made (`up`) or made from; from first() on until
 * at() is NULL. */
size_t declared_first(const struct declared *declared, long long product, bool up);
const struct declared_pair *declared_at(const struct declared *declared, size_t index,
                                        long long product, bool up);

/* All of them. */
size_t declared_count(const struct declared *declared);
const struct declared_pair *declared_pair(const struct declared *declared, size_t index);

/* The table of the mesh that a name stands for, as above; `contract`: its row, 0: none.
 * Strings are borrowed. False: none, or several. */
struct declared_table {
    long long product, contract, object;
    char *schema, *sql_name, *name, *physical;
};
const struct declared_table *declared_table(const struct declared *declared,
                                            const char *name, long long contract);

#endif
