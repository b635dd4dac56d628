/* result/find: the next row that keeps a filter.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/result/private.h"
#include "engine/store.h"

#include <ctype.h>
#include <string.h>

static unsigned char fold(char c)
{
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

/* Cells may hold NUL bytes, so lengths decide, not terminators. */
static bool contains(const char *bytes, size_t length, const char *text, size_t size)
{
    for (size_t i = 0; i + size <= length; i++) {
        size_t same = 0;
        while (same < size && fold(bytes[i + same]) == fold(text[same])) {
            same++;
        }
        if (same == size) {
            return true;
        }
    }
    return false;
}

static bool row_contains(sqlite3_stmt *stmt, const char *text, size_t size)
{
    int count = sqlite3_column_count(stmt);
    for (int i = 0; i < count; i++) {
        /* Blobs are no text: LIKE does not look into them either. */
        bool is_blob = sqlite3_column_type(stmt, i) == SQLITE_BLOB;
        const char *bytes = is_blob ? NULL : (const char *)sqlite3_column_text(stmt, i);
        if (bytes != NULL &&
            contains(bytes, (size_t)sqlite3_column_bytes(stmt, i), text, size)) {
            return true;
        }
    }
    return false;
}

/* Other tests are SQL's, so that a search and a filter cannot disagree. A text is looked
 * for in all bytes of a cell; LIKE would stop at the first NUL. */
static sqlite3_stmt *prepare_test(struct result *result,
                                  const struct result_search *search)
{
    struct text sql = {0};
    sqlite3_stmt *stmt = NULL;
    text_printf(&sql, "SELECT %s FROM ", result->rowid);
    store_quote_name(&sql, result->table);
    text_printf(&sql, " WHERE %s BETWEEN ?1 AND ?2 AND ", result->rowid);
    result_filter_sql(result, search->filter, &sql);
    text_printf(&sql, " ORDER BY %s%s LIMIT 1", result->rowid,
                search->backwards ? " DESC" : "");
    functions_register(result->db);
    sqlite3_prepare_v2(result->db, sql.data, -1, &stmt, NULL);
    text_release(&sql);
    return stmt;
}

/* The row, or the first that was not looked at. */
static long long look_by_test(sqlite3_stmt *stmt, const struct result_search *search,
                              long long low, long long high, bool *found)
{
    *found = sqlite3_step(stmt) == SQLITE_ROW;
    if (*found) {
        return sqlite3_column_int64(stmt, 0) - 1;
    }
    return search->backwards ? low - 1 : high + 1;
}

static long long look_for_text(sqlite3_stmt *stmt, const struct result_search *search,
                               long long low, long long high, bool *found)
{
    const struct text *operand = &search->filter->operand;
    long long row = search->backwards ? high : low;
    *found = false;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        if (row_contains(stmt, text_string(operand), operand->length) !=
            search->filter->is_not) {
            *found = true;
            return row;
        }
        row += search->backwards ? -1 : 1;
    }
    return row;
}

long long result_find(struct result *result, const struct result_search *search,
                      long long *reached)
{
    bool backwards = search->backwards, found;
    long long low = backwards ? search->from - search->budget + 1 : search->from;
    long long high = backwards ? search->from : search->from + search->budget - 1;
    low = low < 0 ? 0 : low;
    high = high < result->count ? high : result->count - 1;
    if (low > high || search->budget <= 0) {
        return -1;
    }
    bool is_text = search->filter->test == RESULT_HAS;
    sqlite3_stmt *stmt =
        is_text ? result_prepare(result, search->filter->column, backwards, NULL)
                : prepare_test(result, search);
    if (stmt == NULL) {
        return -1;
    }
    store_bind(stmt, "ll", low + 1, high + 1);
    long long row = is_text ? look_for_text(stmt, search, low, high, &found)
                            : look_by_test(stmt, search, low, high, &found);
    store_finish(stmt);
    if (found) {
        return row;
    }
    *reached = row;
    return row >= 0 && row < result->count ? -2 : -1;
}
