/* sqlite_masked: the tables of an SQLite file made anew through masks.
 *
 * Two connections: the copy of the file is only read, and its name is gone as soon as it
 * is open; what is written has never held a value that is masked. Nothing of the file's
 * schema is carried over but names of tables and columns, affinities, and plain indexes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/import.h"
#include "engine/import/sqlite.h"
#include "engine/import/sqlite_remake.h"
#include "engine/policy.h"
#include "engine/store.h"
#include "engine/text.h"

enum { CHECK_ROWS = 4096 };

/* ---- Rows ---- */

/* The text of a value that is not NULL, as masks take it. */
static const char *print_value(sqlite3_stmt *row, int place, char printed[MASK_ROOM],
                               size_t *length)
{
    int type = sqlite3_column_type(row, place);
    if (type == SQLITE_INTEGER) {
        *length = (size_t)snprintf(printed, MASK_ROOM, "%lld",
                                   sqlite3_column_int64(row, place));
        return printed;
    }
    if (type == SQLITE_FLOAT) {
        *length = mask_print_real(sqlite3_column_double(row, place), printed);
        return printed;
    }
    const void *bytes = type == SQLITE_TEXT
                            ? (const void *)sqlite3_column_text(row, place)
                            : sqlite3_column_blob(row, place);
    *length = (size_t)sqlite3_column_bytes(row, place);
    return bytes != NULL ? bytes : "";
}

static void bind_number(sqlite3_stmt *stmt, int place, const char *text, long length)
{
    char digits[MASK_ROOM + 1] = {0};
    memcpy(digits, text, (size_t)length);
    sqlite3_bind_int64(stmt, place, strtoll(digits, NULL, 10));
}

static void bind_masked(const struct remake *remake, sqlite3_stmt *row, int index,
                        sqlite3_stmt *stmt)
{
    char printed[MASK_ROOM], made[MASK_ROOM];
    const struct remake_column *column = array_at(&remake->columns, (size_t)index);
    const struct mask_rule *rule = &column->rule;
    size_t length = 0;
    int place = index + 1;
    bool is_blob = sqlite3_column_type(row, index) == SQLITE_BLOB;
    const char *text = print_value(row, index, printed, &length), *out = made;
    long masked = -1;
    if (rule->kind == MASK_TOKEN || rule->kind == MASK_ROUND) {
        masked =
            mask_apply(rule, remake->spec->mask_key, text, length, made, sizeof made);
    } else if (!is_blob) {
        masked = mask_kept(rule, text, length);
        out = text;
    }
    if (masked < 0 || (is_blob && rule->kind != MASK_TOKEN)) {
        sqlite3_bind_null(stmt, place);
    } else if (rule->kind == MASK_YEAR || rule->kind == MASK_ROUND) {
        bind_number(stmt, place, out, masked);
    } else {
        sqlite3_bind_text64(stmt, place, out, (sqlite3_uint64)masked, SQLITE_TRANSIENT,
                            SQLITE_UTF8);
    }
}

static void bind_row(const struct remake *remake, sqlite3_stmt *row, sqlite3_stmt *insert)
{
    for (size_t i = 0; i < remake->columns.count; i++) {
        const struct remake_column *column = array_at(&remake->columns, i);
        int place = (int)i + 1;
        bool is_null = sqlite3_column_type(row, (int)i) == SQLITE_NULL;
        if (is_null || column->rule.kind == MASK_NULL) {
            sqlite3_bind_null(insert, place);
        } else if (column->rule.kind == MASK_NONE) {
            sqlite3_bind_value(insert, place, sqlite3_column_value(row, (int)i));
        } else {
            bind_masked(remake, row, (int)i, insert);
        }
    }
}

static bool check_in(struct remake *remake, struct error *err)
{
    struct job_progress progress = {.rows = remake->rows};
    snprintf(progress.note, sizeof progress.note, "masking %s", remake->table->name);
    if (remake->port != NULL) {
        job_report(remake->port, &progress);
        if (job_cancelled(remake->port)) {
            return error_set(err, ERROR_CANCELLED, "the import of %s was cancelled",
                             remake->spec->source_name);
        }
    }
    return true;
}

static bool copy_rows(struct remake *remake, sqlite3_stmt *row, sqlite3_stmt *insert,
                      struct error *err)
{
    enum store_step step;
    for (long long count = 1; (step = store_step(row, err)) == STORE_ROW; count++) {
        bind_row(remake, row, insert);
        remake->rows++;
        if (!store_execute(insert, err) ||
            (count % CHECK_ROWS == 0 && !check_in(remake, err))) {
            return false;
        }
    }
    return step == STORE_DONE;
}

/* ---- Tables ---- */

static void list_names(const struct remake *remake, bool shown, struct text *sql)
{
    for (size_t i = 0; i < remake->columns.count; i++) {
        const struct remake_column *column = array_at(&remake->columns, i);
        text_append(sql, i > 0 ? ", " : "");
        store_quote_name(sql, shown ? column->shown : column->name);
        if (shown) {
            text_printf(sql, " %s", column->affinity);
        }
    }
}

static bool make_table(const struct remake *remake, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "CREATE TABLE ");
    store_quote_name(&sql, remake->table->name);
    text_append(&sql, "(");
    list_names(remake, true, &sql);
    text_append(&sql, ")");
    bool good = store_run(remake->to, text_string(&sql), err);
    text_release(&sql);
    return good;
}

static sqlite3_stmt *prepare_insert(const struct remake *remake, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "INSERT INTO ");
    store_quote_name(&sql, remake->table->name);
    text_append(&sql, " VALUES (?");
    for (size_t i = 1; i < remake->columns.count; i++) {
        text_append(&sql, ", ?");
    }
    text_append(&sql, ")");
    sqlite3_stmt *stmt = store_prepare(remake->to, text_string(&sql), err);
    text_release(&sql);
    return stmt;
}

static sqlite3_stmt *prepare_rows(const struct remake *remake, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    list_names(remake, false, &sql);
    text_append(&sql, " FROM main.");
    store_quote_name(&sql, remake->name);
    sqlite3_stmt *stmt = store_prepare(remake->from, text_string(&sql), err);
    text_release(&sql);
    return stmt;
}

static bool fill_table(struct remake *remake, struct error *err)
{
    sqlite3_stmt *row = prepare_rows(remake, err);
    sqlite3_stmt *insert = row != NULL ? prepare_insert(remake, err) : NULL;
    bool good = insert != NULL && copy_rows(remake, row, insert, err);
    store_finish(row);
    store_finish(insert);
    return good;
}

/* ---- One table ---- */

static char *find_table(const struct remake *remake)
{
    const struct import_masked_table *table = remake->table;
    const char *const names[] = {table->physical_name, table->name};
    char *found = NULL;
    for (size_t i = 0; found == NULL && i < 2; i++) {
        if (names[i] != NULL) {
            found = store_string(remake->from,
                                 "SELECT name FROM pragma_table_list WHERE schema = "
                                 "'main' AND type = 'table' AND name = ?1 COLLATE NOCASE "
                                 "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
                                 "s", names[i]);
        }
    }
    return found;
}

static bool remake_table(struct remake *remake, struct error *err)
{
    const char *shown = remake->table->name;
    remake->columns = (struct array)ARRAY_OF(struct remake_column);
    remake->left_out = 0;
    remake->name = find_table(remake);
    bool good = true;
    if (remake->name == NULL) {
        text_printf(remake->notes, "%s: there is no such table in %s.\n", shown,
                    remake->spec->source_name);
    } else {
        good = remake_read_columns(remake, err);
        if (good) {
            remake_choose_columns(remake);
        }
        if (good && remake->columns.count == 0) {
            text_printf(remake->notes, "%s: nothing is left of it.\n", shown);
        } else if (good) {
            good = make_table(remake, err) && fill_table(remake, err) &&
                   remake_indexes(remake, err);
        }
        if (remake->left_out > 0) {
            text_printf(remake->notes,
                        "%s: %lld of its columns and indexes were left out by rule.\n",
                        shown, remake->left_out);
        }
    }
    remake_release_columns(remake);
    free(remake->name);
    return good;
}

/* ---- The file ---- */

static bool is_named(const struct remake *remake, const char *name)
{
    for (size_t i = 0; i < remake->spec->tables->count; i++) {
        const struct import_masked_table *table = array_at(remake->spec->tables, i);
        if (string_equal_fold(table->name, name) ||
            (table->physical_name != NULL &&
             string_equal_fold(table->physical_name, name))) {
            return true;
        }
    }
    return false;
}

static void note_strangers(struct remake *remake)
{
    sqlite3_stmt *stmt = store_prepare(
        remake->from,
        "SELECT name, type FROM pragma_table_list WHERE schema = 'main' AND "
        "type <> 'shadow' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE "
        "'mwb\\_%' ESCAPE '\\' ORDER BY name",
        NULL);
    long long tables = 0, others = 0;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        bool is_table = strcmp(store_text(stmt, 1), "table") == 0;
        others += is_table ? 0 : 1;
        tables += is_table && !is_named(remake, store_text(stmt, 0)) ? 1 : 0;
    }
    store_finish(stmt);
    others += store_number(
        remake->from, 0, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", "");
    if (tables + others > 0) {
        text_printf(
            remake->notes,
            "%s: %lld table%s that the contract does not know and %lld view%s, "
            "virtual table%s or trigger%s were left out, for columns are masked.\n",
            remake->spec->source_name, tables, tables == 1 ? "" : "s", others,
            others == 1 ? "" : "s", others == 1 ? "" : "s", others == 1 ? "" : "s");
    }
}

static bool remake_tables(struct remake *remake, struct error *err)
{
    bool good = store_run(remake->to,
                          "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF;"
                          "PRAGMA temp_store = MEMORY; BEGIN",
                          err) &&
                store_run(remake->to, cache_version_schema(), err);
    for (size_t i = 0; good && i < remake->spec->tables->count; i++) {
        remake->table = array_at(remake->spec->tables, i);
        good = remake_table(remake, err);
    }
    if (good) {
        note_strangers(remake);
        good = sqlite_list_tables(remake->to, remake->spec->source_name, err);
    }
    good = good && store_run(remake->to, "COMMIT", err);
    if (good && store_number(remake->to, 0, "SELECT count(*) FROM mwb_table", "") == 0) {
        good = error_set(err, ERROR_FAILED, "nothing is left of it");
    }
    return good;
}

/* The copy is open and has no name any more: whatever happens, it goes. */
static bool open_copy(struct remake *remake, const char *copy, struct error *err)
{
    remake->from = store_open(copy, STORE_IMMUTABLE, err);
    if (remake->from == NULL) {
        return false;
    }
    sqlite3_db_config(remake->from, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(remake->from, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    bool good =
        store_run(remake->from,
                  "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                  "PRAGMA temp_store = MEMORY; SELECT count(*) FROM sqlite_schema",
                  err);
    unlink(copy);
    return good;
}

bool import_sqlite_masked(const struct import_masked_spec *spec, struct job_port *port,
                          struct text *notes, struct error *err)
{
    struct remake remake = {.spec = spec, .port = port, .notes = notes};
    char *copy = string_printf("%s-raw", spec->path);
    bool good = sqlite_copy(copy, spec->source_fd, spec->source_name, port, err) &&
                open_copy(&remake, copy, err);
    if (good) {
        job_guard(port, remake.from);
        remake.to = store_open(spec->path, STORE_CREATE, err);
        good = remake.to != NULL && sqlite_check(remake.from, spec->source_name, err) &&
               remake_tables(&remake, err);
        job_guard(port, NULL);
    }
    unlink(copy);
    store_close(remake.from);
    store_close(remake.to);
    free(copy);
    return good || error_prefix(err, "could not import %s: ", spec->source_name);
}
