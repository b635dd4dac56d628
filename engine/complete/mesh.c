/* complete/mesh: the tables of the mesh, kept until the index changes; those of the
 * workspace, of `mesh` and `ledger`, read anew for each answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "engine/cache.h"
#include "engine/ledger.h"
#include "engine/path.h"

/* ---- Life ---- */

static void column_release(struct known_column *column)
{
    free(column->name);
    free(column->type);
    free(column->description);
    free(column->classification);
    free(column->definition);
    free(column->masked);
}

static void table_free(struct known_table *table)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        column_release(array_at(&table->columns, i));
    }
    for (size_t i = 0; i < table->links.count; i++) {
        struct known_link *link = array_at(&table->links, i);
        free(link->mine);
        free(link->its);
    }
    array_release(&table->columns);
    array_release(&table->links);
    free(table->schema);
    free(table->name);
    free(table->id);
    free(table->domain);
    free(table->product);
    free(table->title);
    free(table);
}

void known_tables_release(struct array *tables)
{
    for (size_t i = 0; i < tables->count; i++) {
        table_free(*(struct known_table **)array_at(tables, i));
    }
    array_release(tables);
}

static struct known_table *table_add(struct array *tables)
{
    struct known_table *table = memory_new(sizeof *table);
    table->columns = (struct array)ARRAY_OF(struct known_column);
    table->links = (struct array)ARRAY_OF(struct known_link);
    *(struct known_table **)array_push(tables) = table;
    return table;
}

void known_forget(struct complete *complete)
{
    known_tables_release(&complete->tables);
    free(complete->stamp);
    complete->stamp = NULL;
}

/* ---- Products ---- */

static void append_stat(struct text *stamp, const char *file, const char *suffix)
{
    struct stat status;
    char *path = string_printf("%s%s", file, suffix);
    if (stat(path, &status) == 0) {
        text_printf(stamp, "%ju %jd %jd.%09ld ", (uintmax_t)status.st_ino,
                    (intmax_t)status.st_size, (intmax_t)status.st_mtim.tv_sec,
                    status.st_mtim.tv_nsec);
    }
    free(path);
}

/* The index and its log: another one, or written since? A role changes what is masked. */
static char *stamp_of(const struct complete *complete)
{
    const struct workbench *workbench = complete->workbench;
    const char *file = catalog_index_file(workbench->catalog);
    struct text stamp = {0};
    append_stat(&stamp, file, "");
    append_stat(&stamp, file, "-wal");
    text_printf(&stamp, "%s %s", file, workbench->role != NULL ? workbench->role : "");
    return text_take(&stamp);
}

/* Products without a table that anybody declared come as well: their file may have some.
 */
static const char tables_sql[] =
    "SELECT p.schema_name, t.sql_name, p.key, p.domain, p.name, p.rowid, t.object_row, "
    "coalesce(nullif(t.title, ''), o.business_name, t.description, p.title), "
    "coalesce(o.deprecated, 0) OR coalesce(p.deprecated, 0) OR p.status = 'deprecated', "
    "p.tables = 1 "
    "FROM product p LEFT JOIN table_of t ON t.product_row = p.rowid "
    "LEFT JOIN object o ON o.rowid = t.object_row ORDER BY p.schema_name, t.position";

static void add_row(struct complete *complete, sqlite3_stmt *row)
{
    struct known_table *table = table_add(&complete->tables);
    table->schema = store_text_copy(row, 0);
    table->name = store_text_copy(row, 1);
    table->id = store_text_copy(row, 2);
    table->domain = store_text_copy(row, 3);
    table->product = store_text_copy(row, 4);
    table->product_row = sqlite3_column_int64(row, 5);
    table->object_row = sqlite3_column_int64(row, 6);
    table->title = store_text_copy(row, 7);
    table->is_deprecated = sqlite3_column_int(row, 8) != 0;
    table->is_alone = sqlite3_column_int(row, 9) != 0;
    table->use = uses_of(complete, table->id, table->name, NULL);
}

void known_refresh(struct complete *complete)
{
    const struct catalog *catalog = complete->workbench->catalog;
    char *stamp = catalog != NULL ? stamp_of(complete) : NULL;
    if (string_equal(stamp, complete->stamp) && stamp != NULL) {
        free(stamp);
        return;
    }
    known_forget(complete);
    complete->stamp = stamp;
    complete->tables = (struct array)ARRAY_OF(struct known_table *);
    sqlite3_stmt *stmt = catalog != NULL
                             ? store_prepare(catalog_database(catalog), tables_sql, NULL)
                             : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        add_row(complete, stmt);
    }
    store_finish(stmt);
}

char *known_file(const struct complete *complete, const struct known_table *table)
{
    if (table->id == NULL) {
        return NULL;
    }
    const struct catalog_entry entry = {.domain = table->domain, .name = table->product};
    return workbench_version(complete->workbench, &entry);
}

bool known_is_here(struct complete *complete, struct known_table *table)
{
    if (table->id == NULL) {
        return true;
    }
    if (!table->is_looked_for) {
        const struct workbench *workbench = complete->workbench;
        if (complete->cache == NULL && workbench->mesh != NULL) {
            complete->cache = cache_mesh_open(workbench->mesh, workbench->role);
        }
        table->is_here = complete->cache != NULL &&
                         workbench->role_error.kind == ERROR_NONE &&
                         cache_mesh_has(complete->cache, table->domain, table->product);
        table->is_looked_for = true;
    }
    return table->is_here;
}

/* ---- What is no product ---- */

static const char file_tables_sql[] =
    "SELECT name FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT GLOB "
    "'sqlite_*' AND name NOT GLOB 'mwb_*' AND name NOT GLOB 'search_*' ORDER BY "
    "type DESC, name";

static void add_tables_of(struct complete *complete, sqlite3 *db, const char *schema,
                          struct array *tables)
{
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, file_tables_sql, NULL) : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct known_table *table = table_add(&complete->extra);
        table->schema = string_copy(schema);
        table->name = store_text_copy(stmt, 0);
        *(struct known_table **)array_push(tables) = table;
    }
    store_finish(stmt);
}

/* The workspace belongs to the session, which may just be writing: it is read as it lies
 * on the disk, without a lock to wait for. At worst a name is missing or too many. */
static sqlite3 *open_extra(const struct complete *complete, const char *schema)
{
    const struct workbench *workbench = complete->workbench;
    if (schema == NULL) {
        return workbench->workspace != NULL
                   ? store_open(workbench->workspace, STORE_IMMUTABLE, NULL)
                   : NULL;
    }
    char *file = string_equal(schema, "ledger") ? ledger_path(NULL) : NULL;
    sqlite3 *db = file != NULL && path_exists(file)
                      ? store_open(file, STORE_IMMUTABLE, NULL)
                      : NULL;
    free(file);
    return db;
}

void known_extra(struct complete *complete, const char *schema, struct array *tables)
{
    if (schema != NULL && string_equal(schema, "mesh")) {
        const struct catalog *catalog = complete->workbench->catalog;
        add_tables_of(complete, catalog != NULL ? catalog_database(catalog) : NULL,
                      schema, tables);
        return;
    }
    sqlite3 *db = open_extra(complete, schema);
    add_tables_of(complete, db, schema, tables);
    store_close(db);
}

/* One that was asked for in this answer already, else out of its file. */
static struct known_table *extra_named(struct complete *complete, const char *schema,
                                       const char *name)
{
    struct array *extra = &complete->extra;
    for (int again = 0; again < 2; again++) {
        for (size_t i = 0; i < extra->count; i++) {
            struct known_table *table = *(struct known_table **)array_at(extra, i);
            bool same = schema == NULL ? table->schema == NULL
                                       : string_equal_fold(table->schema, schema);
            if (same && string_equal_fold(table->name, name)) {
                return table;
            }
        }
        if (again == 0) {
            struct array tables = ARRAY_OF(struct known_table *);
            known_extra(complete, schema, &tables);
            array_release(&tables);
        }
    }
    return NULL;
}

/* ---- By name ---- */

/* `tables` are in the order of their schemas. */
static size_t first_of_schema(const struct array *tables, const char *schema)
{
    size_t low = 0, high = tables->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct known_table *table =
            *(struct known_table **)array_at(tables, middle);
        if (sqlite3_stricmp(table->schema, schema) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

struct known_table *known_table(struct complete *complete, const char *schema,
                                const char *name)
{
    if (schema == NULL || string_equal_fold(schema, "main") ||
        string_equal_fold(schema, "mesh") || string_equal_fold(schema, "ledger")) {
        const char *extra = schema == NULL || string_equal_fold(schema, "main") ? NULL
                            : string_equal_fold(schema, "mesh")                 ? "mesh"
                                                                : "ledger";
        return extra_named(complete, extra, name);
    }
    const struct array *tables = &complete->tables;
    struct known_table *undeclared = NULL;
    for (size_t i = first_of_schema(tables, schema); i < tables->count; i++) {
        struct known_table *table = *(struct known_table **)array_at(tables, i);
        if (!string_equal_fold(table->schema, schema)) {
            break;
        }
        if (string_equal_fold(table->name, name)) {
            return table;
        }
        undeclared = table->name == NULL ? table : undeclared;
    }
    if (undeclared == NULL) {
        return NULL;
    }
    struct known_table *copy = table_add(&complete->extra); /* a table of its file */
    copy->schema = string_copy(undeclared->schema);
    copy->name = string_copy(name);
    copy->id = string_copy(undeclared->id);
    copy->domain = string_copy(undeclared->domain);
    copy->product = string_copy(undeclared->product);
    return copy;
}
