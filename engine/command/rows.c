/* command: small results that a verb makes itself, in a private file like any spool.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/store.h"

#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

struct rows {
    sqlite3 *db;
    sqlite3_stmt *insert;
    char *file;
    size_t count;
};

static bool make_table(struct rows *rows, const char *const *columns, struct error *err)
{
    struct text create = {0};
    struct text insert = {0};
    text_append(&create, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN; "
                         "CREATE TABLE rows(");
    text_append(&insert, "INSERT INTO rows VALUES(");
    for (size_t i = 0; i < rows->count; i++) {
        text_append(&create, i > 0 ? ", " : "");
        store_quote_name(&create, columns[i]);
        text_append(&insert, i > 0 ? ", ?" : "?");
    }
    text_append(&create, ")");
    text_append(&insert, ")");
    bool done = store_run(rows->db, text_string(&create), err);
    rows->insert = done ? store_prepare(rows->db, text_string(&insert), err) : NULL;
    text_release(&create);
    text_release(&insert);
    return rows->insert != NULL;
}

struct rows *rows_new(const char *folder, const char *const *columns, size_t count,
                      struct error *err)
{
    struct rows *rows = memory_new(sizeof *rows);
    rows->count = count;
    rows->file = string_printf("%s/rows-XXXXXX", folder);
    int fd = mkstemp(rows->file);
    if (fd >= 0) {
        close(fd);
        rows->db = store_open(rows->file, STORE_WRITE, err);
    } else {
        error_set(err, ERROR_FAILED, "could not write to the folder %s", folder);
    }
    if (rows->db == NULL || !make_table(rows, columns, err)) {
        rows_close(rows, NULL);
        return NULL;
    }
    return rows;
}

/* 12, 0.5: as the number it is; anything else as the text it is. */
static void bind_number(sqlite3_stmt *stmt, int at, const char *text)
{
    char *end;
    long long whole = text != NULL ? strtoll(text, &end, 10) : 0;
    if (text != NULL && end != text && *end == '\0') {
        sqlite3_bind_int64(stmt, at, whole);
        return;
    }
    double number = text != NULL ? strtod(text, &end) : 0;
    if (text != NULL && end != text && *end == '\0') {
        sqlite3_bind_double(stmt, at, number);
    } else {
        sqlite3_bind_text(stmt, at, text, -1, SQLITE_TRANSIENT);
    }
}

void rows_add(struct rows *rows, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_clear_bindings(rows->insert);
    for (int i = 0; kinds[i] != '\0'; i++) {
        if (kinds[i] == 's') {
            sqlite3_bind_text(rows->insert, i + 1, va_arg(args, const char *), -1,
                              SQLITE_TRANSIENT);
        } else if (kinds[i] == 'l') {
            sqlite3_bind_int64(rows->insert, i + 1, va_arg(args, long long));
        } else if (kinds[i] == 'Z') {
            long long number = va_arg(args, long long);
            if (number != 0) {
                sqlite3_bind_int64(rows->insert, i + 1, number);
            }
        } else if (kinds[i] == 'N') {
            bind_number(rows->insert, i + 1, va_arg(args, const char *));
        } else if (kinds[i] == 'd') {
            sqlite3_bind_double(rows->insert, i + 1, va_arg(args, double));
        } else {
            sqlite3_bind_null(rows->insert, i + 1);
        }
    }
    va_end(args);
    store_execute(rows->insert, NULL);
}

void rows_set_text(struct rows *rows, size_t column, const char *text)
{
    sqlite3_bind_text(rows->insert, (int)column + 1, text, -1, SQLITE_TRANSIENT);
}

/* Whole numbers as such: they print without a point. */
void rows_set_number(struct rows *rows, size_t column, double number)
{
    if (number >= -1e15 && number <= 1e15 && number == (double)(long long)number) {
        sqlite3_bind_int64(rows->insert, (int)column + 1, (long long)number);
    } else {
        sqlite3_bind_double(rows->insert, (int)column + 1, number);
    }
}

void rows_insert(struct rows *rows)
{
    store_execute(rows->insert, NULL);
    sqlite3_clear_bindings(rows->insert);
}

void rows_copy(struct rows *rows, sqlite3_stmt *from)
{
    for (int i = 0; i < (int)rows->count; i++) {
        sqlite3_bind_value(rows->insert, i + 1, sqlite3_column_value(from, i));
    }
    store_execute(rows->insert, NULL);
}

const char *rows_file(const struct rows *rows)
{
    return rows->file;
}

bool rows_close(struct rows *rows, struct error *err)
{
    if (rows == NULL) {
        return true;
    }
    store_finish(rows->insert);
    bool done = rows->db == NULL || store_run(rows->db, "COMMIT", err);
    store_close(rows->db);
    free(rows->file);
    free(rows);
    return done;
}

struct result *rows_open(const char *file, const char *const *columns, size_t count,
                         struct error *err)
{
    struct result *result = result_open(file, "rows", err);
    if (result == NULL) {
        return NULL;
    }
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, err);
    long long rows =
        db != NULL ? store_number(db, 0, "SELECT max(rowid) FROM rows", "") : 0;
    store_close(db);
    for (size_t i = 0; i < count; i++) {
        result_set_column(result, i, columns[i], NULL, NULL, NULL, NULL);
    }
    result_set_count(result, rows, true);
    return result;
}

bool call_reply_rows(struct command_call *call, struct rows *rows,
                     const char *const *columns, size_t count, struct error *err)
{
    char *file = string_copy(rows_file(rows));
    call->rows = rows_close(rows, err) ? rows_open(file, columns, count, err) : NULL;
    free(file);
    call->reply.result = call->rows;
    call->reply.view = "grid";
    return call->rows != NULL;
}
