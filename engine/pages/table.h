/* A table being filled: where its leaves are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_TABLE_H
#define MWB_PAGES_TABLE_H

#include "engine/array.h"
#include "engine/pages/private.h"

struct table_leaf {
    long long last; /* rowid */
    uint32_t page;
};

struct pages_table {
    struct pages *pages;
    uint32_t root;
    /* The first leaf is kept here: when no other comes it becomes the root itself, for a
     * root above a single leaf would be an interior page without a cell, which SQLite
     * calls corrupt. Else it gets its number at the end. NULL: no rows yet. */
    unsigned char *first;
    long long first_last; /* rowid */
    struct array leaves;  /* of struct table_leaf: the others */
};

/* For pages_run_place(): a leaf that follows the ones before. */
void table_add_leaf(struct pages_table *table, uint32_t page, long long last);
void table_keep_first(struct pages_table *table, const unsigned char *page,
                      long long last);

#endif
