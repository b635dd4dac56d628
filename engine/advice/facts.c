/* advice/facts: what catalog and versions know of the tables of a statement.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static void table_free(struct table_facts *table)
{
    catalog_product_release(&table->product);
    store_close(table->version);
    free(table->schema);
    free(table->table);
    free(table->name);
    free(table);
}

void facts_release(struct facts *facts)
{
    for (size_t i = 0; i < facts->tables.count; i++) {
        table_free(*(struct table_facts **)array_at(&facts->tables, i));
    }
    array_release(&facts->tables);
}

static const struct catalog_table *find_declared(const struct catalog_product *product,
                                                 const char *table)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        const struct catalog_table *one = array_at(&product->tables, i);
        if (string_equal_fold(one->sql_name, table)) {
            return one;
        }
    }
    return NULL;
}

static void read_version(const struct workbench *workbench, struct table_facts *table)
{
    char *file = workbench_version(workbench, &table->product.entry);
    table->version = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    free(file);
    if (table->version == NULL) {
        return;
    }
    sqlite3_stmt *stmt = store_prepare(
        table->version, "SELECT name,rows FROM mwb_table WHERE name=?1 COLLATE NOCASE",
        NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", table->table);
        if (store_step(stmt, NULL) == STORE_ROW) {
            table->name = store_text_copy(stmt, 0);
            bool is_known = sqlite3_column_type(stmt, 1) == SQLITE_INTEGER;
            table->rows = is_known ? sqlite3_column_int64(stmt, 1) : -1;
        }
    }
    store_finish(stmt);
}

static struct table_facts *read_table(const struct workbench *workbench,
                                      const char *schema, const char *table)
{
    struct table_facts *facts = memory_new(sizeof *facts);
    struct catalog_entry entry;
    facts->schema = string_copy(schema);
    facts->table = string_copy(table);
    facts->rows = -1;
    if (schema == NULL || workbench->catalog == NULL ||
        !catalog_find_schema(workbench->catalog, schema, &entry)) {
        return facts;
    }
    if (catalog_product(workbench->catalog, entry.id, &facts->product, NULL)) {
        facts->declared = find_declared(&facts->product, table);
    }
    if (facts->declared != NULL) {
        read_version(workbench, facts);
    }
    catalog_entry_release(&entry);
    return facts;
}

const struct table_facts *facts_table(struct facts *facts, const char *schema,
                                      const char *table)
{
    struct table_facts *found = NULL;
    for (size_t i = 0; i < facts->tables.count && found == NULL; i++) {
        struct table_facts *one = *(struct table_facts **)array_at(&facts->tables, i);
        bool same = string_equal_fold(one->schema, schema) &&
                    string_equal_fold(one->table, table);
        found = same ? one : NULL;
    }
    if (found == NULL) {
        found = read_table(facts->workbench, schema, table);
        *(struct table_facts **)array_push(&facts->tables) = found;
    }
    return found->declared != NULL ? found : NULL;
}

/* ---- Columns ---- */

static void add_column(struct array *columns, const struct table_facts *table,
                       const char *name)
{
    struct scope_column *column = array_push(columns);
    *column = (struct scope_column){.name = string_copy(name),
                                    .schema = string_copy(table->schema),
                                    .table = string_copy(table->table),
                                    .column = string_copy(name)};
}

bool facts_columns(void *owner, const char *schema, const char *table,
                   struct array *columns)
{
    const struct table_facts *facts = facts_table(owner, schema, table);
    if (facts == NULL) {
        return false;
    }
    if (facts->name != NULL) {
        sqlite3_stmt *stmt =
            store_prepare(facts->version, "SELECT name FROM pragma_table_info(?1)", NULL);
        if (stmt != NULL) {
            store_bind(stmt, "s", facts->name);
        }
        while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
            add_column(columns, facts, store_text(stmt, 0));
        }
        store_finish(stmt);
        return true;
    }
    for (size_t i = 0; i < facts->declared->columns.count; i++) {
        const struct catalog_column *column = array_at(&facts->declared->columns, i);
        add_column(columns, facts, column->name);
    }
    return facts->declared->columns.count > 0;
}

const struct catalog_column *facts_column(const struct table_facts *table,
                                          const char *column)
{
    for (size_t i = 0; i < table->declared->columns.count; i++) {
        const struct catalog_column *one = array_at(&table->declared->columns, i);
        if (string_equal_fold(one->name, column) ||
            string_equal_fold(one->physical_name, column)) {
            return one;
        }
    }
    return NULL;
}

double facts_per_value(const struct table_facts *table, const char *column)
{
    /* An estimate that is near to one says nothing. */
    static const char sql[] =
        "SELECT CASE WHEN exact OR ratio>1.2 THEN ratio END FROM (SELECT exact,"
        "1.0*(rows-nulls)/nullif(\"distinct\",0) AS ratio FROM mwb_statistic "
        "WHERE table_name=?1 AND name=?2 COLLATE NOCASE AND rows>nulls)";
    double per_value = -1;
    sqlite3_stmt *stmt =
        table->name != NULL ? store_prepare(table->version, sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "ss", table->name, column);
        if (store_step(stmt, NULL) == STORE_ROW &&
            sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
            per_value = sqlite3_column_double(stmt, 0);
        }
    }
    store_finish(stmt);
    return per_value;
}

/* ---- Keys ---- */

static bool is_among(const char *column, const struct array *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (string_equal_fold(column, *(const char **)array_at(columns, i))) {
            return true;
        }
    }
    return false;
}

static bool covers_primary_key(const struct table_facts *table,
                               const struct array *columns)
{
    bool has_key = false;
    for (size_t i = 0; i < table->declared->columns.count; i++) {
        const struct catalog_column *one = array_at(&table->declared->columns, i);
        if (one->key_position > 0 && !is_among(one->name, columns)) {
            return false;
        }
        has_key = has_key || one->key_position > 0;
    }
    return has_key;
}

static bool covers_unique_column(const struct table_facts *table,
                                 const struct array *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        const char *name = *(const char **)array_at(columns, i);
        const struct catalog_column *column = facts_column(table, name);
        double per_value = facts_per_value(table, name);
        if ((column != NULL && column->unique) || (per_value > 0 && per_value < 1.01)) {
            return true;
        }
    }
    return false;
}

/* Several columns that a contract declares to be unique together. */
static bool covers_unique_key(const struct facts *facts, const struct table_facts *table,
                              const struct array *columns)
{
    static const char sql[] =
        "SELECT k.columns FROM table_of t JOIN unique_key k ON k.object_row=t.object_row "
        "WHERE t.product_row=?1 AND t.sql_name=?2 COLLATE NOCASE";
    bool covers = false;
    sqlite3_stmt *stmt =
        store_prepare(catalog_database(facts->workbench->catalog), sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ls", table->product.entry.row, table->table);
    }
    while (stmt != NULL && !covers && store_step(stmt, NULL) == STORE_ROW) {
        char *list = store_text_copy(stmt, 0), *rest = list, *name;
        covers = list != NULL && *list != '\0';
        while (covers && (name = strsep(&rest, ",")) != NULL) {
            covers = is_among(string_trim(name), columns);
        }
        free(list);
    }
    store_finish(stmt);
    return covers;
}

bool facts_is_key(const struct facts *facts, const struct table_facts *table,
                  const struct array *columns)
{
    return covers_primary_key(table, columns) || covers_unique_column(table, columns) ||
           covers_unique_key(facts, table, columns);
}
