/* lineage/columns: the parts of a graph of columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_COLUMNS_H
#define MWB_LINEAGE_COLUMNS_H

#include "engine/lineage/tables.h"

struct column_name {
    long long row;                        /* of the product */
    const char *product, *table, *column; /* column NULL: the table */
};
size_t columns_node(struct weave *weave, const struct column_name *name);

/* What contracts say: sources, and transformLogic that compiles (transform.c). */
void columns_add_declared(struct weave *weave, const struct lineage_spec *spec,
                          const struct declared *declared);
/* What is asked for of the whole (keep.c). */
void columns_keep(const struct weave *whole, const struct lineage_spec *spec,
                  const struct lineage_start *start, struct weave *kept);

#endif
