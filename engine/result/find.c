/* result/find: the next row with a text in one of its cells.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
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
        const char *bytes = sqlite3_column_type(stmt, i) == SQLITE_BLOB
                                ? sqlite3_column_blob(stmt, i)
                                : (const char *)sqlite3_column_text(stmt, i);
        if (bytes != NULL &&
            contains(bytes, (size_t)sqlite3_column_bytes(stmt, i), text, size)) {
            return true;
        }
    }
    return false;
}

long long result_find(struct result *result, const char *text, long long from,
                      bool backwards, long long budget, long long *reached)
{
    long long last = backwards ? from - budget + 1 : from + budget - 1;
    long long low = backwards ? last : from;
    long long high = backwards ? from : last;
    low = low < 0 ? 0 : low;
    high = high < result->count ? high : result->count - 1;
    long long row = backwards ? high : low;
    if (low > high || budget <= 0) {
        return -1;
    }
    sqlite3_stmt *stmt = result_prepare(result, -1, backwards, NULL);
    if (stmt == NULL) {
        return -1;
    }
    store_bind(stmt, "ll", low + 1, high + 1);
    bool found = false;
    while (!found && sqlite3_step(stmt) == SQLITE_ROW) {
        found = row_contains(stmt, text, strlen(text));
        row += found ? 0 : backwards ? -1 : 1;
    }
    store_finish(stmt);
    if (found) {
        return row;
    }
    *reached = row;
    return row >= 0 && row < result->count ? -2 : -1;
}
