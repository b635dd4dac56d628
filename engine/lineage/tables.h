/* lineage/tables: empty tables of the catalog's columns, for statements to be compiled
 * over, and which table of which product each of them is.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_TABLES_H
#define MWB_LINEAGE_TABLES_H

#include "engine/lineage/declared.h"
#include "engine/lineage/private.h"

struct table_place {
    char *database, *table; /* here */
    char *product, *name;   /* there: its id and the table in SQL */
    long long row;          /* of the product */
};
struct tables {
    const struct catalog *catalog;
    sqlite3 *db;
    struct array places; /* of struct table_place */
};

bool tables_open(struct tables *tables, const struct catalog *catalog, struct error *err);
void tables_close(struct tables *tables);
/* Tables and views of a workspace, in main. */
void tables_add_workspace(struct tables *tables, const char *workspace);
/* The products that a statement names, each as a database of its own; the index as
 * `mesh`. Names that are none are left to the statement to fail by. */
void tables_add_named(struct tables *tables, const char *sql);
/* A table of the mesh in main, under another name. */
void tables_add_as(struct tables *tables, const char *name,
                   const struct declared_table *table);
const struct table_place *tables_place(const struct tables *tables, const char *database,
                                       const char *table);

#endif
