/* A table's leaves, and at the end the pages above them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/table.h"

#include <stdlib.h>
#include <string.h>

#include "engine/pages/tree.h"
#include "engine/text.h"

struct pages_table *pages_table_new(struct pages *pages, uint32_t root)
{
    struct pages_table *table = memory_new(sizeof *table);
    *table = (struct pages_table){
        .pages = pages, .root = root, .leaves = ARRAY_OF(struct table_leaf)};
    return table;
}

void pages_table_free(struct pages_table *table)
{
    if (table != NULL) {
        free(table->first);
        array_release(&table->leaves);
        free(table);
    }
}

void table_keep_first(struct pages_table *table, const unsigned char *page,
                      long long last)
{
    table->first = memory_new(table->pages->size);
    memcpy(table->first, page, table->pages->size);
    table->first_last = last;
}

void table_add_leaf(struct pages_table *table, uint32_t page, long long last)
{
    struct table_leaf *leaf = array_push(&table->leaves);
    *leaf = (struct table_leaf){last, page};
}

/* A table interior's cell holds, behind the child, the largest rowid below it (§1.6). */
static bool add_child(struct tree *tree, uint32_t page, long long last, struct error *err)
{
    unsigned char cell[PAGES_VARINT_MOST];
    return tree_add(tree, page, cell, pages_put_varint(cell, (uint64_t)last), err);
}

static bool write_tree(struct pages_table *table, struct tree *tree, struct error *err)
{
    uint32_t page;
    unsigned char *first = output_page(tree->output, &page, err);
    if (first == NULL) {
        return false;
    }
    memcpy(first, table->first, table->pages->size);
    const struct table_leaf *leaves = table->leaves.items;
    long long last = table->first_last;
    for (size_t i = 0; i < table->leaves.count; i++) {
        if (!add_child(tree, page, last, err)) {
            return false;
        }
        page = leaves[i].page;
        last = leaves[i].last;
    }
    return tree_end(tree, page, table->root, err);
}

bool pages_table_finish(struct pages_table *table, struct error *err)
{
    bool good = pages_check_root(table->pages, table->root, PAGES_TABLE_LEAF, err);
    if (good && table->leaves.count > 0) {
        struct output output;
        struct tree tree;
        pages_output_begin(&output, table->pages);
        tree_begin(&tree, &output, PAGES_TABLE_INTERIOR);
        good = write_tree(table, &tree, err);
        pages_tree_release(&tree);
        output_release(&output);
    } else if (good && table->first != NULL) {
        good = pages_put(table->pages, table->root, table->first, 1, err);
    }
    pages_table_free(table);
    return good;
}
