/* completion_catalog: names out of databases: the catalog index, a product's file, the
 * workspace.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "engine/sql.h"
#include "engine/store.h"
#include "tui/completion_hunt.h"

/* `%word%` for LIKE ... ESCAPE '\'. */
static char *pattern_of(const char *word)
{
    struct text pattern = {0};
    text_append_char(&pattern, '%');
    for (; *word != '\0'; word++) {
        if (strchr("%_\\", *word) != NULL) {
            text_append_char(&pattern, '\\');
        }
        text_append_char(&pattern, *word);
    }
    text_append_char(&pattern, '%');
    return text_take(&pattern);
}

static const char schemas_sql[] =
    "SELECT schema_name, key, domain, name, tables FROM product "
    "WHERE schema_name LIKE ?1 ESCAPE '\\' ORDER BY schema_name";

void hunt_schemas(struct hunt *hunt)
{
    char *pattern = pattern_of(hunt->word);
    sqlite3_stmt *stmt =
        hunt->index != NULL ? store_prepare(hunt->index, schemas_sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "s", pattern);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct found *found = hunt_add(hunt, KIND_SCHEMA, store_text(stmt, 0));
        if (found != NULL) {
            const char *tables = store_text(stmt, 4);
            found->text = hunt_spell(hunt, store_text(stmt, 0));
            found->detail = string_printf("%s, %s table%s", store_text(stmt, 1), tables,
                                          string_equal(tables, "1") ? "" : "s");
            found->domain = store_text_copy(stmt, 2);
            found->product = store_text_copy(stmt, 3);
        }
    }
    store_finish(stmt);
    free(pattern);
    if (hunt->index != NULL) {
        hunt_add_name(hunt, KIND_SCHEMA, "mesh", string_copy("the catalog as tables"));
    }
}

/* Rows of name and detail, out of any file. */
static void add_rows(struct hunt *hunt, enum hunt_kind kind, sqlite3_stmt *stmt)
{
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        hunt_add_name(hunt, kind, store_text(stmt, 0), store_text_copy(stmt, 1));
    }
    store_finish(stmt);
}

static const char tables_anywhere_sql[] =
    "SELECT p.schema_name, t.sql_name, p.key FROM table_of t "
    "JOIN product p ON p.rowid = t.product_row "
    "WHERE t.sql_name LIKE ?1 ESCAPE '\\' ORDER BY t.sql_name, p.schema_name LIMIT 100";

/* `orders.line_items` for who only knows the table. */
void hunt_tables_anywhere(struct hunt *hunt)
{
    if (hunt->index == NULL || hunt->word[0] == '\0' || hunt->quoted) {
        return;
    }
    char *pattern = pattern_of(hunt->word);
    sqlite3_stmt *stmt = store_prepare(hunt->index, tables_anywhere_sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, "s", pattern);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct found *found = hunt_add(hunt, KIND_TABLE, store_text(stmt, 1));
        if (found != NULL) {
            struct text name = {0};
            sql_append_name(&name, store_text(stmt, 0));
            text_append_char(&name, '.');
            sql_append_name(&name, store_text(stmt, 1));
            found->text = text_take(&name);
            found->detail = string_printf("table of %s", store_text(stmt, 2));
        }
    }
    store_finish(stmt);
    free(pattern);
}

static const char tables_of_schema_sql[] =
    "SELECT t.sql_name, 'table of ' || p.key || coalesce(', ' || t.title, '') "
    "FROM product p JOIN table_of t ON t.product_row = p.rowid "
    "WHERE p.schema_name = ?1 COLLATE NOCASE ORDER BY t.position";

static const char columns_of_table_sql[] =
    "SELECT c.name, coalesce(c.logical_type || ', ', '') || 'column of ' || ?1 || '.' || "
    "t.sql_name || coalesce(', ' || nullif(c.classification, 'public'), '') "
    "FROM product p JOIN table_of t ON t.product_row = p.rowid "
    "JOIN property c ON c.object_row = t.object_row AND c.depth <= 1 "
    "WHERE p.schema_name = ?1 COLLATE NOCASE AND t.sql_name = ?2 COLLATE NOCASE "
    "ORDER BY c.position";

/* In a database file itself: its tables and views; the columns of one. */
static const char file_tables_sql[] =
    "SELECT name, type || ' of ' || ?1 FROM sqlite_schema "
    "WHERE type IN ('table', 'view') AND name NOT GLOB 'sqlite_*' AND name NOT GLOB "
    "'mwb_*' ORDER BY name";

static const char file_columns_sql[] =
    "SELECT name, coalesce(nullif(lower(type), '') || ', ', '') || 'column of ' || "
    "coalesce(?1 || '.', '') || ?2 FROM pragma_table_info(?2)";

static void add_of_file(struct hunt *hunt, sqlite3 *db, const char *schema,
                        const char *table)
{
    sqlite3_stmt *stmt =
        store_prepare(db, table != NULL ? file_columns_sql : file_tables_sql, NULL);
    if (stmt != NULL && table != NULL) {
        store_bind(stmt, "ss", schema, table);
    } else if (stmt != NULL) {
        store_bind(stmt, "s", schema != NULL ? schema : "the workspace");
    }
    add_rows(hunt, table != NULL ? KIND_COLUMN : KIND_TABLE, stmt);
}

/* A product that no contract describes: what its file has, once it is here. */
static void add_of_product_file(struct hunt *hunt, const char *schema, const char *table)
{
    const struct workbench *workbench = hunt->completion->workbench;
    struct catalog_entry entry;
    if (!catalog_find_schema(workbench->catalog, schema, &entry)) {
        return;
    }
    char *file = cache_current(workbench->mesh, entry.domain, entry.name);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    if (db != NULL) {
        add_of_file(hunt, db, schema, table);
        store_close(db);
    }
    free(file);
    catalog_entry_release(&entry);
}

void hunt_schema(struct hunt *hunt, const char *schema, const char *table)
{
    if (hunt->index == NULL) {
        return;
    }
    if (string_equal_fold(schema, "mesh")) {
        add_of_file(hunt, hunt->index, schema, table);
        return;
    }
    long long known = store_number(
        hunt->index, 0,
        "SELECT count(c.name) FROM product p JOIN table_of t ON t.product_row = p.rowid "
        "LEFT JOIN property c ON c.object_row = t.object_row "
        "WHERE p.schema_name = ?1 COLLATE NOCASE "
        "AND (?2 IS NULL OR t.sql_name = ?2 COLLATE NOCASE)",
        "ss", schema, table);
    if (known == 0) {
        size_t before = hunt->found.count;
        add_of_product_file(hunt, schema, table);
        if (hunt->found.count > before || table != NULL) {
            return;
        }
    }
    sqlite3_stmt *stmt = store_prepare(
        hunt->index, table != NULL ? columns_of_table_sql : tables_of_schema_sql, NULL);
    if (stmt != NULL) {
        store_bind(stmt, table != NULL ? "ss" : "s", schema, table);
    }
    add_rows(hunt, table != NULL ? KIND_COLUMN : KIND_TABLE, stmt);
}

/* The workspace belongs to the session, which may just be writing: it is read as it lies
 * on the disk, without a lock to wait for. At worst a name is missing or too many. */
void hunt_workspace(struct hunt *hunt, const char *table)
{
    const char *file = hunt->completion->workbench->workspace;
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    if (db != NULL) {
        add_of_file(hunt, db, NULL, table);
    }
    store_close(db);
}
