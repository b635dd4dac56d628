/* catalog/model: the tables of the index as one list; the tables are made from it, and it
 * stands in the index itself, as `model`.
 *
 * A line counts from 1. Columns called ..._row hold the rowid of a row of that table,
 * where an id would not do because two files claim the same one. Flags are 0 or 1. What a
 * descriptor does not say is NULL.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_MODEL_H
#define MWB_CATALOG_MODEL_H

/* A column, or with the column "" the table that the columns below it belong to. */
struct model_row {
    const char *table, *column, *meaning;
};

/* Each ends with a row without a table. */
extern const struct model_row model_of_mesh[], model_of_products[], model_of_contracts[];

#endif
