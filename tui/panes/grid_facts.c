/* grid_facts: contracts beside the cells they are about.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid_facts.h"

#include <stdlib.h>
#include <string.h>

/* A product that columns come from, and all that is to be checked of it. */
struct grid_product {
    char *id;
    bool is_there;
    struct catalog_product product;
    struct array checks; /* of struct quality_check */
};

static void release_product(struct grid_product *one)
{
    free(one->id);
    if (one->is_there) {
        catalog_product_release(&one->product);
        quality_release(&one->checks);
    }
}

void grid_facts_release(struct grid_facts *facts)
{
    for (size_t i = 0; i < facts->columns.count; i++) {
        struct grid_fact *fact = array_at(&facts->columns, i);
        free(fact->kind);
        quality_promises_free(fact->promises);
    }
    for (size_t i = 0; i < facts->products.count; i++) {
        release_product(array_at(&facts->products, i));
    }
    array_release(&facts->columns);
    array_release(&facts->products);
    *facts = (struct grid_facts){0};
}

void grid_facts_reset(struct grid_facts *facts, size_t columns)
{
    grid_facts_release(facts);
    facts->columns = (struct array)ARRAY_OF(struct grid_fact);
    facts->products = (struct array)ARRAY_OF(struct grid_product);
    for (size_t i = 0; i < columns; i++) {
        array_push(&facts->columns);
    }
}

static struct grid_product *product_named(struct grid_facts *facts,
                                          const struct workbench *workbench,
                                          const char *id)
{
    for (size_t i = 0; i < facts->products.count; i++) {
        struct grid_product *one = array_at(&facts->products, i);
        if (string_equal(one->id, id)) {
            return one;
        }
    }
    const struct quality_spec spec = {
        .catalog = workbench->catalog, .product = id, .role = workbench->role};
    struct grid_product *one = array_push(&facts->products);
    one->id = string_copy(id);
    one->checks = (struct array)ARRAY_OF(struct quality_check);
    one->is_there = catalog_product(workbench->catalog, id, &one->product, NULL);
    if (one->is_there) {
        quality_plan(&spec, &one->checks, NULL);
    }
    return one;
}

static bool find_column(const struct grid_product *one, const struct result_column *of,
                        const struct catalog_table **table,
                        const struct catalog_column **column)
{
    for (size_t i = 0; one->is_there && i < one->product.tables.count; i++) {
        *table = array_at(&one->product.tables, i);
        for (size_t k = 0; string_equal_fold((*table)->sql_name, of->table) &&
                           k < (*table)->columns.count;
             k++) {
            *column = array_at(&(*table)->columns, k);
            if (string_equal_fold((*column)->name, of->column) ||
                string_equal_fold((*column)->physical_name, of->column)) {
                return true;
            }
        }
    }
    return false;
}

static bool is_plain_to_role(const struct workbench *workbench,
                             const struct grid_product *one,
                             const struct catalog_table *table,
                             const struct catalog_column *column)
{
    struct policy_verdict verdict = {0};
    policy_of_column(workbench->policy, &one->product, table, column, &verdict);
    bool is_plain = verdict.decision == POLICY_ALLOW;
    policy_verdict_release(&verdict);
    return is_plain;
}

/* ---- The second row of the header ---- */

static const char *fact_named(const struct array *facts, const char *group,
                              const char *name)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        if (string_equal(fact->group, group) && string_equal(fact->name, name)) {
            return fact->value;
        }
    }
    return NULL;
}

static size_t count_group(const struct array *facts, const char *group)
{
    size_t count = 0;
    for (size_t i = 0; i < facts->count; i++) {
        count += string_equal(((struct catalog_fact *)array_at(facts, i))->group, group);
    }
    return count;
}

static void add_word(struct text *kind, const char *word)
{
    if (word != NULL && word[0] != '\0') {
        text_printf(kind, "%s%s", kind->length > 0 ? " " : "", word);
    }
}

/* "integer key", "enum(4)", "number EUR", "string confidential" */
static void describe(const struct array *facts, const struct catalog_column *column,
                     const char *declared, struct text *kind)
{
    size_t values = count_group(facts, "values");
    const char *type = fact_named(facts, "column", "type");
    if (values > 0) {
        text_printf(kind, "enum(%zu)", values);
    } else {
        add_word(kind, type != NULL ? type : declared);
    }
    add_word(kind, fact_named(facts, "column", "unit"));
    add_word(kind, column->key_position > 0 ? "key" : NULL);
    add_word(kind,
             catalog_is_open(column->classification) ? NULL : column->classification);
    add_word(kind,
             fact_named(facts, "column", "deprecated") != NULL ? "deprecated" : NULL);
}

static void ask_contract(struct grid_facts *facts, const struct workbench *workbench,
                         const struct result_column *of, struct grid_fact *fact)
{
    struct grid_product *one = product_named(facts, workbench, of->product);
    const struct catalog_table *table = NULL;
    const struct catalog_column *column = NULL;
    if (!find_column(one, of, &table, &column)) {
        return;
    }
    const struct catalog_column_name name = {one->product.entry.row, of->table,
                                             column->name};
    struct array told = ARRAY_OF(struct catalog_fact);
    struct text kind = {0};
    if (catalog_column_facts(workbench->catalog, &name, &told)) {
        describe(&told, column, of->declared, &kind);
    }
    if (kind.length > 0) {
        fact->kind = text_take(&kind);
    }
    if (is_plain_to_role(workbench, one, table, column)) {
        fact->promises =
            quality_promises_new(&one->checks, table->sql_name, column->name);
    }
    catalog_facts_free(&told);
}

/* ---- Asking ---- */

const struct grid_fact *grid_facts_of(struct grid_facts *facts,
                                      const struct workbench *workbench,
                                      const struct result *result, size_t column)
{
    struct grid_fact *fact = array_at(&facts->columns, column);
    const struct result_column *of = result_column(result, column);
    if (fact == NULL || fact->is_known) {
        return fact;
    }
    fact->is_known = true;
    if (workbench->catalog != NULL && of->product != NULL && of->table != NULL &&
        of->column != NULL) {
        ask_contract(facts, workbench, of, fact);
    }
    return fact;
}

const char *grid_fact_broken(const struct grid_fact *fact, const struct result_cell *cell)
{
    static const enum quality_storage kinds[] = {[RESULT_NULL] = QUALITY_IS_NULL,
                                                 [RESULT_INTEGER] = QUALITY_IS_INTEGER,
                                                 [RESULT_REAL] = QUALITY_IS_REAL,
                                                 [RESULT_TEXT] = QUALITY_IS_TEXT,
                                                 [RESULT_BLOB] = QUALITY_IS_BLOB};
    if (fact == NULL || fact->promises == NULL || cell == NULL || cell->cut) {
        return NULL;
    }
    return quality_promises_broken(fact->promises, kinds[cell->type], cell->bytes,
                                   cell->length);
}
