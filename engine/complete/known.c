/* complete/known: the columns of a table: by its contract, else by its file; what the
 * role sees of them, and whether their values may be offered.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/gate.h"
#include "engine/ledger.h"

static const char columns_sql[] =
    "SELECT c.name, c.logical_type, c.description, c.classification, "
    "coalesce(nullif(c.definition, ''), (SELECT min(a.url) FROM authdef a WHERE "
    "a.owner_kind = 'property' AND a.owner_id = c.contract_id || '/' || c.object || '/' "
    "|| c.name AND a.type LIKE '%definition%')), "
    "c.pk_pos = 1 AND NOT EXISTS (SELECT 1 FROM property k WHERE k.object_row = "
    "c.object_row AND k.pk_pos > 1), c.is_unique, c.deprecated "
    "FROM property c WHERE c.object_row = ?1 AND c.depth <= 1 ORDER BY c.position, "
    "c.rowid";

static char *first_line(char *text)
{
    if (text != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
    }
    return text;
}

static bool is_text(const char *type)
{
    static const char *const others[] = {"integer", "number", "boolean", "bigint", "int",
                                         "real",    "double", "float",   "decimal"};
    for (size_t i = 0; type != NULL && i < sizeof others / sizeof *others; i++) {
        if (string_equal_fold(type, others[i])) {
            return false;
        }
    }
    return true;
}

static void read_contract(struct complete *complete, struct known_table *table)
{
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(complete->workbench->catalog), columns_sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "l", table->object_row);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct known_column *column = array_push(&table->columns);
        column->name = store_text_copy(stmt, 0);
        column->type = store_text_copy(stmt, 1);
        column->description = first_line(store_text_copy(stmt, 2));
        column->classification = store_text_copy(stmt, 3);
        column->definition = store_text_copy(stmt, 4);
        column->is_key = sqlite3_column_int(stmt, 5) != 0;
        column->is_unique = sqlite3_column_int(stmt, 6) != 0;
        column->is_deprecated = sqlite3_column_int(stmt, 7) != 0;
        column->is_text = is_text(column->type);
        column->use = uses_of(complete, table->id, table->name, column->name);
    }
    store_finish(stmt);
}

static void read_file(sqlite3 *db, struct known_table *table)
{
    sqlite3_stmt *stmt =
        db != NULL ? store_prepare(db,
                                   "SELECT name, nullif(lower(type), ''), pk FROM "
                                   "pragma_table_info(?1) ORDER BY cid",
                                   NULL)
                   : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", table->name);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct known_column *column = array_push(&table->columns);
        column->name = store_text_copy(stmt, 0);
        column->type = store_text_copy(stmt, 1);
        column->is_text = is_text(column->type);
    }
    store_finish(stmt);
}

/* ---- What the role sees ---- */

static void judge_column(struct complete *complete, const struct catalog_product *product,
                         const struct catalog_table *table, struct known_column *column)
{
    const struct workbench *workbench = complete->workbench;
    const struct gate_spec gate = {.catalog = workbench->catalog,
                                   .policy = workbench->policy};
    struct catalog_column one = {.name = column->name,
                                 .classification = column->classification};
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *other = array_at(&table->columns, i);
        one = string_equal_fold(other->name, column->name) ? *other : one;
    }
    struct policy_verdict verdict = {0};
    policy_of_column(workbench->policy, product, table, &one, &verdict);
    char *counts = policy_classification(workbench->policy, one.name, one.classification);
    column->tells = verdict.decision == POLICY_ALLOW && catalog_is_open(counts) &&
                    gate_tells_values(&gate, product, table->sql_name, &one);
    column->is_refused = verdict.decision == POLICY_REFUSE;
    if (verdict.decision == POLICY_MASK) {
        struct text word = {0};
        mask_name(&verdict.mask, &word);
        column->masked = string_printf("masked (%s)", text_string(&word));
        column->is_refused = verdict.mask.kind == MASK_DROP;
        text_release(&word);
    }
    if (column->is_refused) {
        free(column->masked);
        column->masked = string_printf("not for role %s", policy_role(workbench->policy));
    }
    free(counts);
    policy_verdict_release(&verdict);
}

/* Without a verdict on it nothing of a column is told but its name. */
void known_judge(struct complete *complete, struct known_table *table)
{
    struct catalog_product product;
    const struct catalog *catalog = complete->workbench->catalog;
    if (table->id == NULL || catalog == NULL ||
        !catalog_product(catalog, table->id, &product, NULL)) {
        return;
    }
    for (size_t i = 0; i < product.tables.count; i++) {
        const struct catalog_table *one = array_at(&product.tables, i);
        for (size_t k = 0;
             string_equal_fold(one->sql_name, table->name) && k < table->columns.count;
             k++) {
            judge_column(complete, &product, one, array_at(&table->columns, k));
        }
    }
    catalog_product_release(&product);
}

void known_read(struct complete *complete, struct known_table *table)
{
    if (table->is_read) {
        return;
    }
    table->is_read = true;
    if (table->object_row > 0) {
        read_contract(complete, table);
    }
    if (table->columns.count == 0 && string_equal(table->schema, "mesh")) {
        read_file(catalog_database(complete->workbench->catalog), table);
    } else if (table->columns.count == 0) {
        char *file = table->id != NULL ? known_file(complete, table)
                     : string_equal(table->schema, "ledger")
                         ? ledger_path(NULL)
                         : string_copy(complete->workbench->workspace);
        sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
        read_file(db, table);
        store_close(db);
        free(file);
    }
    known_judge(complete, table);
}

struct known_column *known_column(struct complete *complete, const char *schema,
                                  const char *table, const char *column)
{
    struct known_table *known =
        table != NULL ? known_table(complete, schema, table) : NULL;
    if (known == NULL || column == NULL) {
        return NULL;
    }
    known_read(complete, known);
    for (size_t i = 0; i < known->columns.count; i++) {
        struct known_column *one = array_at(&known->columns, i);
        if (string_equal_fold(one->name, column)) {
            return one;
        }
    }
    return NULL;
}

bool known_answer(void *owner, const char *schema, const char *table,
                  struct array *columns)
{
    struct complete *complete = owner;
    struct known_table *known = known_table(complete, schema, table);
    if (known == NULL) {
        return false;
    }
    known_read(complete, known);
    for (size_t i = 0; i < known->columns.count; i++) {
        const struct known_column *one = array_at(&known->columns, i);
        struct scope_column *column = array_push(columns);
        column->name = string_copy(one->name);
        column->schema = string_copy(known->schema);
        column->table = string_copy(known->name);
        column->column = string_copy(one->name);
    }
    return known->columns.count > 0;
}
