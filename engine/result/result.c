/* result: open, know the columns, read pages and cells by row number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/result/private.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- Columns ---- */

static void release_column(struct result_column *column)
{
    free(column->name);
    free(column->declared);
    free(column->product);
    free(column->table);
    free(column->column);
    *column = (struct result_column){0};
}

/* By SQLite's rules for affinity (sqlite.org/datatype3.html): only a first guess, for the
 * values of the first page know better. */
static bool is_numeric_type(const char *declared)
{
    static const char *const parts[] = {"int", "real", "floa", "doub",
                                        "num", "dec",  NULL};
    for (size_t i = 0; declared != NULL && parts[i] != NULL; i++) {
        if (string_contains_fold(declared, parts[i])) {
            return true;
        }
    }
    return false;
}

static bool read_columns(struct result *result, struct error *err)
{
    sqlite3_stmt *stmt =
        store_prepare(result->db, "SELECT name, type FROM pragma_table_info(?1)", err);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "s", result->table);
    enum store_step step;
    while ((step = store_step(stmt, err)) == STORE_ROW) {
        *(char **)array_push(&result->names) = store_text_copy(stmt, 0);
        struct result_column *column = array_push(&result->columns);
        column->name = store_text_copy(stmt, 0);
        const char *declared = store_text(stmt, 1);
        column->declared = declared[0] != '\0' ? string_copy(declared) : NULL;
        column->numeric = is_numeric_type(column->declared);
    }
    store_finish(stmt);
    if (step == STORE_DONE && result->columns.count == 0) {
        return error_set(err, ERROR_FAILED, "it has no table %s", result->table);
    }
    return step == STORE_DONE;
}

/* A table may have a column of its own named rowid. */
static const char *free_rowid_name(const struct result *result)
{
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        bool taken = false;
        for (size_t j = 0; j < result->names.count; j++) {
            taken = taken || string_equal_fold(result_name(result, j), names[i]);
        }
        if (!taken) {
            return names[i];
        }
    }
    return NULL;
}

static long long count_rows(const struct result *result)
{
    struct text sql = {0};
    text_printf(&sql, "SELECT max(%s) FROM ", result->rowid);
    store_quote_name(&sql, result->table);
    long long count = store_number(result->db, 0, sql.data, "");
    text_release(&sql);
    return count;
}

/* ---- Life ---- */

static struct result *open_as(const char *file, const char *table, enum store_mode mode,
                              struct error *err)
{
    struct result *result = memory_new(sizeof *result);
    result->file = string_copy(file);
    result->table = string_copy(table);
    result->columns = (struct array)ARRAY_OF(struct result_column);
    result->names = (struct array)ARRAY_OF(char *);
    result->db = store_open(file, mode, err);
    if (result->db == NULL) {
        result_free(result);
        return NULL;
    }
    if (!read_columns(result, err)) {
        error_prefix(err, "could not read the rows in %s: ", file);
        result_free(result);
        return NULL;
    }
    result->rowid = free_rowid_name(result);
    if (result->rowid == NULL) {
        error_set(err, ERROR_FAILED,
                  "the table %s has columns named rowid, _rowid_ and oid, so its rows "
                  "cannot be counted off; select them with ORDER BY instead",
                  table);
        result_free(result);
        return NULL;
    }
    /* The screen asks again rather than waits; and pages are read once, not kept. */
    sqlite3_busy_timeout(result->db, 0);
    sqlite3_exec(result->db, "PRAGMA cache_size=-1024", NULL, NULL, NULL);
    result->count = count_rows(result);
    result->complete = true;
    return result;
}

struct result *result_open(const char *file, const char *table, struct error *err)
{
    return open_as(file, table, STORE_READ, err);
}

struct result *result_open_finished(const char *file, const char *table,
                                    struct error *err)
{
    return open_as(file, table, STORE_IMMUTABLE, err);
}

void result_free(struct result *result)
{
    if (result == NULL) {
        return;
    }
    for (size_t i = 0; i < result->columns.count; i++) {
        release_column(array_at(&result->columns, i));
        free(*(char **)array_at(&result->names, i));
    }
    array_release(&result->columns);
    array_release(&result->names);
    store_close(result->db);
    free(result->file);
    free(result->table);
    free(result);
}

void result_set_count(struct result *result, long long rows, bool complete)
{
    result->count = rows;
    result->complete = complete;
}

long long result_count(const struct result *result)
{
    return result->count;
}

bool result_is_complete(const struct result *result)
{
    return result->complete;
}

size_t result_column_count(const struct result *result)
{
    return result->columns.count;
}

const struct result_column *result_column(const struct result *result, size_t index)
{
    return array_at(&result->columns, index);
}

const char *result_name(const struct result *result, size_t index)
{
    return *(char **)array_at(&result->names, index);
}

void result_set_column(struct result *result, size_t index, const char *name,
                       const char *declared, const char *product, const char *table,
                       const char *column)
{
    struct result_column *one = array_at(&result->columns, index);
    if (one == NULL) {
        return;
    }
    release_column(one);
    *one = (struct result_column){
        .name = string_copy(name != NULL ? name : ""),
        .declared = string_copy(declared),
        .product = string_copy(product),
        .table = string_copy(table),
        .column = string_copy(column),
        .numeric = is_numeric_type(declared),
    };
    result->sampled = false;
}

const char *result_file(const struct result *result)
{
    return result->file;
}

const char *result_table(const struct result *result)
{
    return result->table;
}

/* ---- Reading ---- */

bool result_failed(const struct result *result, struct error *err)
{
    int code = sqlite3_errcode(result->db) & 0xFF;
    if (code == SQLITE_BUSY || code == SQLITE_LOCKED) {
        return error_set(err, ERROR_NONE, "the rows are just being written; ask again");
    }
    store_failed(result->db, err);
    return error_prefix(err, "could not read rows of %s: ", result->file);
}

sqlite3_stmt *result_prepare(struct result *result, int column, bool backwards,
                             struct error *err)
{
    struct text sql = {0};
    sqlite3_stmt *stmt = NULL;
    text_append(&sql, "SELECT ");
    size_t first = column >= 0 ? (size_t)column : 0;
    size_t end = column >= 0 ? first + 1 : result->names.count;
    for (size_t i = first; i < end; i++) {
        text_append(&sql, i > first ? "," : "");
        store_quote_name(&sql, result_name(result, i));
    }
    text_append(&sql, " FROM ");
    store_quote_name(&sql, result->table);
    text_printf(&sql, " WHERE %s BETWEEN ?1 AND ?2 ORDER BY %s%s", result->rowid,
                result->rowid, backwards ? " DESC" : "");
    if (sqlite3_prepare_v2(result->db, sql.data, -1, &stmt, NULL) != SQLITE_OK) {
        result_failed(result, err);
    }
    text_release(&sql);
    return stmt;
}

static enum result_type type_of(sqlite3_stmt *stmt, int column)
{
    static const enum result_type types[] = {[SQLITE_INTEGER] = RESULT_INTEGER,
                                             [SQLITE_FLOAT] = RESULT_REAL,
                                             [SQLITE_TEXT] = RESULT_TEXT,
                                             [SQLITE_BLOB] = RESULT_BLOB,
                                             [SQLITE_NULL] = RESULT_NULL};
    return types[sqlite3_column_type(stmt, column)];
}

/* The type must be asked before the bytes: asking for text converts a number. */
static const char *bytes_of(sqlite3_stmt *stmt, int column, enum result_type type,
                            size_t *length)
{
    const void *bytes = type == RESULT_BLOB
                            ? sqlite3_column_blob(stmt, column)
                            : (const void *)sqlite3_column_text(stmt, column);
    *length = bytes != NULL ? (size_t)sqlite3_column_bytes(stmt, column) : 0;
    return bytes != NULL ? bytes : "";
}

/* Cut text before a character that would be halved. */
static size_t whole_characters(const char *bytes, size_t limit)
{
    size_t end = limit;
    while (end > 0 && limit - end < 4 && ((unsigned char)bytes[end] & 0xC0) == 0x80) {
        end--;
    }
    return limit - end < 4 ? end : limit;
}

static void take_cell(struct result_page *page, struct result_cell *cell,
                      sqlite3_stmt *stmt, int column, size_t limit)
{
    cell->type = type_of(stmt, column);
    cell->number = cell->type == RESULT_REAL ? sqlite3_column_double(stmt, column) : 0;
    const char *bytes = bytes_of(stmt, column, cell->type, &cell->length);
    cell->cut = limit > 0 && cell->length > limit;
    if (cell->cut) {
        cell->length = cell->type == RESULT_TEXT ? whole_characters(bytes, limit) : limit;
    }
    text_append_bytes(&page->bytes, bytes, cell->length);
    text_append_char(&page->bytes, '\0');
}

/* The storage moved while it grew: cells lie in it one after the other. */
static void point_cells(struct result_page *page)
{
    size_t offset = 0;
    for (size_t i = 0; i < (size_t)page->rows * page->columns; i++) {
        page->cells[i].bytes = page->bytes.data + offset;
        offset += page->cells[i].length + 1;
    }
}

/* A column is numeric when the first page seen has numbers in it and nothing else. */
static void sample_columns(struct result *result, const struct result_page *page)
{
    for (size_t column = 0; column < page->columns; column++) {
        bool numbers = false;
        bool others = false;
        for (long long row = 0; row < page->rows; row++) {
            enum result_type type = result_page_cell(page, row, column)->type;
            numbers = numbers || type == RESULT_INTEGER || type == RESULT_REAL;
            others = others || type == RESULT_TEXT || type == RESULT_BLOB;
        }
        if (numbers || others) {
            struct result_column *one = array_at(&result->columns, column);
            one->numeric = numbers && !others;
        }
    }
    result->sampled = true;
}

static bool take_rows(struct result *result, sqlite3_stmt *stmt, size_t limit,
                      struct result_page *page, struct error *err)
{
    int status;
    while ((status = sqlite3_step(stmt)) == SQLITE_ROW) {
        size_t base = (size_t)page->rows * page->columns;
        page->cells =
            memory_resize(page->cells, (base + page->columns) * sizeof *page->cells);
        for (size_t i = 0; i < page->columns; i++) {
            take_cell(page, &page->cells[base + i], stmt, (int)i, limit);
        }
        page->rows++;
    }
    return status == SQLITE_DONE || result_failed(result, err);
}

bool result_page(struct result *result, long long first, long long count,
                 size_t cell_limit, struct result_page *page, struct error *err)
{
    page->first = first;
    page->rows = 0;
    page->columns = result->columns.count;
    text_clear(&page->bytes);
    if (first < 0 || count <= 0 || first >= result->count) {
        return true;
    }
    long long last = result->count - first < count ? result->count : first + count;
    sqlite3_stmt *stmt = result_prepare(result, -1, false, err);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "ll", first + 1, last);
    bool done = take_rows(result, stmt, cell_limit, page, err);
    store_finish(stmt);
    if (!done) {
        page->rows = 0;
        return false;
    }
    point_cells(page);
    if (!result->sampled && page->rows > 0) {
        sample_columns(result, page);
    }
    return true;
}

void result_page_release(struct result_page *page)
{
    free(page->cells);
    text_release(&page->bytes);
    *page = (struct result_page){0};
}

const struct result_cell *result_page_cell(const struct result_page *page, long long row,
                                           size_t column)
{
    if (row < 0 || row >= page->rows || column >= page->columns) {
        return NULL;
    }
    return &page->cells[(size_t)row * page->columns + column];
}

bool result_cell(struct result *result, long long row, size_t column, struct text *out,
                 enum result_type *type, struct error *err)
{
    if (row < 0 || row >= result->count || column >= result->columns.count) {
        return error_set(err, ERROR_FAILED, "there is no row %lld with a column %zu",
                         row + 1, column + 1);
    }
    sqlite3_stmt *stmt = result_prepare(result, (int)column, false, err);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "ll", row + 1, row + 1);
    bool found = sqlite3_step(stmt) == SQLITE_ROW;
    if (found) {
        size_t length;
        *type = type_of(stmt, 0);
        const char *bytes = bytes_of(stmt, 0, *type, &length);
        text_append_bytes(out, bytes, length);
    } else {
        result_failed(result, err);
    }
    store_finish(stmt);
    return found;
}
