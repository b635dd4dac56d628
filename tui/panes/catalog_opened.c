/* catalog_opened: a product of the catalog's tree once it is opened: its tables, their
 * rows, and what the role sees of them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_opened.h"

#include <stdlib.h>

#include "engine/policy.h"

static void forget_masks(struct tree_product *product)
{
    size_t tables = product->masks != NULL ? product->product.tables.count : 0;

    for (size_t i = 0; i < tables; i++) {
        struct array *masks = &product->masks[i];
        for (size_t k = 0; k < masks->count; k++) {
            free(*(char **)array_at(masks, k));
        }
        array_release(masks);
    }
    free(product->masks);
    product->masks = NULL;
}

void tree_product_unload(struct tree_product *product)
{
    forget_masks(product);
    if (product->is_loaded) {
        catalog_product_release(&product->product);
        product->is_loaded = false;
    }
    free(product->rows);
    product->rows = NULL;
}

void tree_product_free(struct tree_product *product)
{
    tree_product_unload(product);
    free(product->open_tables);
    free(product->id);
    free(product);
}

/* ---- Reading ---- */

static void count_rows(struct workbench *workbench, struct tree_product *product)
{
    size_t count = product->product.tables.count;

    product->rows = memory_new_many(count, sizeof *product->rows);
    for (size_t i = 0; i < count; i++) {
        const struct catalog_table *table = array_at(&product->product.tables, i);
        product->rows[i] =
            workbench_table_rows(workbench, &product->product.entry, table->sql_name);
    }
}

/* The first entry is the table's own, then one for each column. */
static void read_masks_of(const struct policy *policy,
                          const struct catalog_product *product,
                          const struct catalog_table *table, struct array *masks)
{
    struct policy_verdict verdict;

    *masks = (struct array)ARRAY_OF(char *);
    policy_of_table(policy, product, table, &verdict);
    bool is_refused = verdict.decision == POLICY_REFUSE;
    *(char **)array_push(masks) = is_refused ? string_copy("refused") : NULL;
    policy_verdict_release(&verdict);
    for (size_t i = 0; i < table->columns.count; i++) {
        struct text word = {0};
        if (!is_refused) {
            policy_of_column(policy, product, table, array_at(&table->columns, i),
                             &verdict);
            mask_name(&verdict.mask, &word);
            policy_verdict_release(&verdict);
        }
        *(char **)array_push(masks) = word.length > 0 ? text_take(&word) : NULL;
        text_release(&word);
    }
}

static void read_masks(const struct policy *policy, struct tree_product *product)
{
    const struct array *tables = &product->product.tables;

    if (policy_role(policy) == NULL) {
        return;
    }
    product->masks = memory_new_many(tables->count, sizeof *product->masks);
    for (size_t i = 0; i < tables->count; i++) {
        read_masks_of(policy, &product->product, array_at(tables, i), &product->masks[i]);
    }
}

bool tree_product_load(struct workbench *workbench, struct tree_product *product,
                       struct error *err)
{
    size_t before = product->open_tables != NULL ? product->product.tables.count : 0;

    if (product->is_loaded) {
        return true;
    }
    if (!catalog_product(workbench->catalog, product->id, &product->product, err)) {
        return false;
    }
    product->is_loaded = true;
    count_rows(workbench, product);
    read_masks(workbench->policy, product);
    if (product->open_tables == NULL || before != product->product.tables.count) {
        free(product->open_tables);
        product->open_tables =
            memory_new_many(product->product.tables.count, sizeof(bool));
    }
    return true;
}
