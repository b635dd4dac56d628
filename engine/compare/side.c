/* compare/side: the rows of one side in the order of the key, and how values compare.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/compare/private.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- Values ---- */

static int class_of(sqlite3_value *value)
{
    static const int classes[] = {[SQLITE_NULL] = 0,
                                  [SQLITE_INTEGER] = 1,
                                  [SQLITE_FLOAT] = 1,
                                  [SQLITE_TEXT] = 2,
                                  [SQLITE_BLOB] = 3};
    return classes[sqlite3_value_type(value)];
}

/* Exactly: a double cannot hold every 64-bit number, nor the other way round. */
static int compare_mixed(sqlite3_int64 whole, double real)
{
    if (real < -9223372036854775808.0) {
        return 1;
    }
    if (real >= 9223372036854775808.0) {
        return -1;
    }
    sqlite3_int64 cut = (sqlite3_int64)real;
    if (whole != cut) {
        return whole < cut ? -1 : 1;
    }
    double rest = real - (double)cut;
    return rest > 0 ? -1 : rest < 0;
}

static int compare_numbers(sqlite3_value *one, sqlite3_value *other)
{
    bool first = sqlite3_value_type(one) == SQLITE_INTEGER;
    bool second = sqlite3_value_type(other) == SQLITE_INTEGER;
    if (first && second) {
        sqlite3_int64 a = sqlite3_value_int64(one), b = sqlite3_value_int64(other);
        return a < b ? -1 : a > b;
    }
    if (first) {
        return compare_mixed(sqlite3_value_int64(one), sqlite3_value_double(other));
    }
    if (second) {
        return -compare_mixed(sqlite3_value_int64(other), sqlite3_value_double(one));
    }
    double a = sqlite3_value_double(one), b = sqlite3_value_double(other);
    return a < b ? -1 : a > b;
}

int compare_values(sqlite3_value *one, sqlite3_value *other)
{
    int a = class_of(one), b = class_of(other);
    if (a != b || a == 0) {
        return a - b;
    }
    if (a == 1) {
        return compare_numbers(one, other);
    }
    const void *first = sqlite3_value_blob(one), *second = sqlite3_value_blob(other);
    int length = sqlite3_value_bytes(one), other_length = sqlite3_value_bytes(other);
    int least = length < other_length ? length : other_length;
    int order = least > 0 ? memcmp(first, second, (size_t)least) : 0;
    return order != 0 ? order : (length > other_length) - (length < other_length);
}

static int compare_row(const struct compare_side *side, sqlite3_value *const *key)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < side->keys; i++) {
        order = compare_values(sqlite3_column_value(side->stmt, (int)i), key[i]);
    }
    return order;
}

int compare_keys(const struct compare_side *one, const struct compare_side *other)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < one->keys; i++) {
        order = compare_values(sqlite3_column_value(one->stmt, (int)i),
                               sqlite3_column_value(other->stmt, (int)i));
    }
    return order;
}

/* ---- Rows ---- */

bool compare_side_open(struct compare_side *side, const struct result *result,
                       struct error *err)
{
    side->db = store_open(result_file(result), STORE_IMMUTABLE, err);
    /* The sorter goes to a file of its own when it has filled the page cache. */
    return side->db != NULL &&
           store_run(side->db, "PRAGMA temp_store=FILE; PRAGMA cache_size=-16384", err);
}

static void append_columns(const struct result *result, struct array *pairs,
                           bool is_after, bool keys, int *count, struct text *sql)
{
    for (size_t i = 0; i < pairs->count; i++) {
        struct compare_pair *pair = array_at(pairs, i);
        int column = is_after ? pair->after : pair->before;
        if (pair->is_key != keys || column < 0) {
            continue;
        }
        text_append(sql, *count > 0 ? ", " : "");
        result_append_column(result, (size_t)column, sql);
        *(is_after ? &pair->at_after : &pair->at_before) = (*count)++;
    }
}

bool compare_side_start(struct compare_side *side, const struct result *result,
                        struct array *pairs, bool is_after, struct error *err)
{
    struct text sql = {0};
    int count = 0;
    text_append(&sql, "SELECT ");
    append_columns(result, pairs, is_after, true, &count, &sql);
    side->keys = (size_t)count;
    append_columns(result, pairs, is_after, false, &count, &sql);
    result_append_from(result, &sql);
    text_append(&sql, " ORDER BY ");
    for (size_t i = 0; i < side->keys; i++) {
        text_printf(&sql, "%s%zu COLLATE BINARY", i > 0 ? ", " : "", i + 1);
    }
    side->stmt = store_prepare(side->db, text_string(&sql), err);
    side->last = memory_new_many(side->keys + 1, sizeof(sqlite3_value *));
    side->rows = 0;
    text_release(&sql);
    return side->stmt != NULL && compare_side_step(side, err);
}

static void keep_key(struct compare_side *side)
{
    for (size_t i = 0; i < side->keys; i++) {
        sqlite3_value_free(side->last[i]);
        side->last[i] = sqlite3_value_dup(sqlite3_column_value(side->stmt, (int)i));
    }
}

bool compare_side_step(struct compare_side *side, struct error *err)
{
    if (side->rows > 0) {
        keep_key(side);
    }
    enum store_step step = store_step(side->stmt, err);
    side->has_row = step == STORE_ROW;
    side->is_twice =
        side->has_row && side->rows > 0 && compare_row(side, side->last) == 0;
    side->rows += side->has_row;
    return step != STORE_FAILED;
}

void compare_side_stop(struct compare_side *side)
{
    for (size_t i = 0; side->last != NULL && i < side->keys; i++) {
        sqlite3_value_free(side->last[i]);
    }
    free(side->last);
    side->last = NULL;
    store_finish(side->stmt);
    side->stmt = NULL;
}

void compare_side_close(struct compare_side *side)
{
    compare_side_stop(side);
    store_close(side->db);
    side->db = NULL;
}
