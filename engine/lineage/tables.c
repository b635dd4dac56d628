/* lineage/tables: empty tables of the catalog's columns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/tables.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/store.h"

bool tables_open(struct tables *tables, const struct catalog *catalog, struct error *err)
{
    *tables = (struct tables){.catalog = catalog,
                              .db = store_open(NULL, STORE_MEMORY, err),
                              .places = ARRAY_OF(struct table_place)};
    return tables->db != NULL;
}

void tables_close(struct tables *tables)
{
    for (size_t i = 0; i < tables->places.count; i++) {
        struct table_place *place = array_at(&tables->places, i);
        free(place->database);
        free(place->table);
        free(place->product);
        free(place->name);
    }
    array_release(&tables->places);
    store_close(tables->db);
    tables->db = NULL;
}

/* ---- Tables of products ---- */

/* A column that is declared twice is left out: none of the two could be named. */
static void append_columns(struct text *sql, const struct catalog_table *table)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        bool is_again = false;
        for (size_t k = 0; k < i && !is_again; k++) {
            const struct catalog_column *other = array_at(&table->columns, k);
            is_again = string_equal_fold(other->name, column->name);
        }
        if (!is_again) {
            text_append(sql, i > 0 ? "," : "");
            store_quote_name(sql, column->name);
        }
    }
    text_append(sql, table->columns.count == 0 ? "no_columns_are_known" : "");
}

static void create_table(struct tables *tables, const char *database, const char *name,
                         const struct catalog_product *product,
                         const struct catalog_table *table)
{
    struct text sql = {0};
    text_append(&sql, "CREATE TABLE ");
    store_quote_name(&sql, database);
    text_append(&sql, ".");
    store_quote_name(&sql, name);
    text_append(&sql, "(");
    append_columns(&sql, table);
    text_append(&sql, ")");
    if (store_run(tables->db, text_string(&sql), NULL)) {
        *(struct table_place *)array_push(&tables->places) = (struct table_place){
            string_copy(database), string_copy(name), string_copy(product->entry.id),
            string_copy(table->sql_name), product->entry.row};
    }
    text_release(&sql);
}

static bool attach(struct tables *tables, const char *uri, const char *name)
{
    struct text sql = {0};
    text_append(&sql, "ATTACH ");
    store_quote_string(&sql, uri);
    text_append(&sql, " AS ");
    store_quote_name(&sql, name);
    bool done = store_run(tables->db, text_string(&sql), NULL);
    text_release(&sql);
    return done;
}

static void add_schema(struct tables *tables, const char *schema)
{
    struct catalog_entry entry = {0};
    struct catalog_product product;
    if (catalog_find_schema(tables->catalog, schema, &entry) &&
        catalog_product(tables->catalog, entry.id, &product, NULL)) {
        if (attach(tables, ":memory:", schema)) {
            for (size_t i = 0; i < product.tables.count; i++) {
                const struct catalog_table *table = array_at(&product.tables, i);
                create_table(tables, schema, table->sql_name, &product, table);
            }
        }
        catalog_product_release(&product);
    }
    catalog_entry_release(&entry);
}

void tables_add_named(struct tables *tables, const char *sql)
{
    struct array schemas = sql_schemas(sql, strlen(sql));
    for (size_t i = 0; i < schemas.count; i++) {
        const char *schema = *(char **)array_at(&schemas, i);
        if (string_equal_fold(schema, "mesh")) {
            char *uri = store_uri_shared(catalog_index_file(tables->catalog));
            attach(tables, uri, "mesh");
            free(uri);
        } else if (!string_equal_fold(schema, "main") &&
                   !string_equal_fold(schema, "temp")) {
            add_schema(tables, schema);
        }
    }
    sql_names_release(&schemas);
}

void tables_add_as(struct tables *tables, const char *name,
                   const struct declared_table *table)
{
    struct catalog_entry entry = {0};
    struct catalog_product product;
    if (catalog_find_schema(tables->catalog, table->schema, &entry) &&
        catalog_product(tables->catalog, entry.id, &product, NULL)) {
        for (size_t i = 0; i < product.tables.count; i++) {
            const struct catalog_table *one = array_at(&product.tables, i);
            if (string_equal(one->sql_name, table->sql_name)) {
                create_table(tables, "main", name, &product, one);
            }
        }
        catalog_product_release(&product);
    }
    catalog_entry_release(&entry);
}

const struct table_place *tables_place(const struct tables *tables, const char *database,
                                       const char *table)
{
    for (size_t i = 0; i < tables->places.count; i++) {
        const struct table_place *place = array_at(&tables->places, i);
        if (string_equal_fold(place->database, database) &&
            string_equal_fold(place->table, table)) {
            return place;
        }
    }
    return NULL;
}

/* ---- The workspace ---- */

void tables_add_workspace(struct tables *tables, const char *workspace)
{
    sqlite3 *from = store_open(workspace, STORE_READ, NULL);
    sqlite3_stmt *stmt =
        from != NULL ? store_prepare(from,
                                     "SELECT sql FROM sqlite_master WHERE type IN("
                                     "'table','view') AND sql IS NOT NULL AND name NOT "
                                     "LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY type,rowid",
                                     NULL)
                     : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        store_run(tables->db, store_text(stmt, 0), NULL);
    }
    store_finish(stmt);
    store_close(from);
}
