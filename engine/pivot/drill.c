/* pivot/drill: from a cell of a sheet to the rows behind it. The key of each group is
 * computed again and held against the value that stands in the sheet; a plus on both
 * sides keeps column affinities out of it, as grouping does.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/pivot/private.h"
#include "engine/safetext.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- Values as SQL ---- */

bool pivot_literal(struct result *result, const struct pivot_cell *cell, struct text *out,
                   struct error *err)
{
    struct text sql = {0}, column = {0};
    sqlite3 *db = store_open(result_file(result), STORE_READ, err);
    result_append_column(result, cell->column, &column);
    const char *c = text_string(&column);
    text_printf(&sql,
                "SELECT CASE typeof(%s) WHEN 'text' THEN 'CAST(x''' || hex(%s) || ''' AS "
                "TEXT)' ELSE quote(%s) END",
                c, c, c);
    result_append_from(result, &sql);
    text_append(&sql, " AND ");
    result_append_rowid(result, &sql);
    text_append(&sql, " = ?1");
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, text_string(&sql), err) : NULL;
    bool found = false;
    if (stmt != NULL) {
        store_bind(stmt, "l", cell->row + 1);
        enum store_step step = store_step(stmt, err);
        found = step == STORE_ROW;
        text_append(out, found ? store_text(stmt, 0) : "");
        if (step == STORE_DONE) {
            error_set(err, ERROR_FAILED, "there is no row %lld", cell->row + 1);
        }
    }
    store_finish(stmt);
    store_close(db);
    text_release(&sql);
    text_release(&column);
    return found;
}

/* ---- Conditions ---- */

struct drill {
    const struct pivot *pivot;
    struct result *sheet;
    const struct result *base;
    long long row;
    struct text *sql, *words;
};

static void say(const struct drill *drill, size_t column, const char *sign,
                const char *value)
{
    enum { VALUE_WIDTH = 40 };
    if (drill->words == NULL) {
        return;
    }
    text_append(drill->words, drill->words->length > 0 ? ", " : "");
    text_printf(drill->words, "%s %s ", result_column(drill->base, column)->name, sign);
    safetext_append_cut(drill->words, value, strlen(value), VALUE_WIDTH);
}

static void append_is(const struct drill *drill, const struct pivot_key *key,
                      const char *literal, bool is_not)
{
    text_append(drill->sql, " AND +(");
    pivot_append_key(key, drill->base, drill->sql);
    text_printf(drill->sql, ") IS %s+%s", is_not ? "NOT " : "", literal);
}

/* The key has the value that stands in this column of the sheet. */
static bool add_key(const struct drill *drill, const struct pivot_key *key, size_t column,
                    struct error *err)
{
    const struct pivot_cell cell = {.row = drill->row, .column = column};
    struct text literal = {0}, value = {0};
    enum result_type type;
    bool done = pivot_literal(drill->sheet, &cell, &literal, err) &&
                result_cell(drill->sheet, drill->row, column, &value, &type, err);
    if (done) {
        append_is(drill, key, text_string(&literal), false);
        say(drill, key->column, key->step == PIVOT_CLASS ? "from" : "=",
            type == RESULT_NULL ? "(null)" : text_string(&value));
    }
    text_release(&literal);
    text_release(&value);
    return done;
}

static bool add_keys(const struct drill *drill, size_t count, struct error *err)
{
    bool done = true;
    for (size_t i = 0; done && i < count; i++) {
        done = add_key(drill, array_at(&drill->pivot->keys, i), i, err);
    }
    return done;
}

/* How many keys the row of totals is a group of. */
static bool add_level(const struct drill *drill, struct error *err)
{
    struct text level = {0};
    enum result_type type;
    size_t last = result_column_count(drill->sheet) - 1;
    bool done = result_cell(drill->sheet, drill->row, last, &level, &type, err);
    size_t count = (size_t)strtoul(text_string(&level), NULL, 10);
    size_t most = drill->pivot->keys.count;
    text_release(&level);
    return done && add_keys(drill, count < most ? count : most, err);
}

static bool is_total_row(const struct drill *drill)
{
    struct text value = {0};
    enum result_type type = RESULT_NULL;
    bool read = result_cell(drill->sheet, drill->row, 0, &value, &type, NULL);
    bool is_total =
        read && type == RESULT_TEXT && string_equal(text_string(&value), PIVOT_ALL);
    text_release(&value);
    return is_total;
}

/* A pivot: keys of the row, and what stands above the column. */
static bool add_table(const struct drill *drill, size_t column, struct error *err)
{
    const struct pivot *pivot = drill->pivot;
    size_t count = pivot->keys.count;
    if (!is_total_row(drill) && !add_keys(drill, count, err)) {
        return false;
    }
    if (!pivot->has_across || column < count) {
        return true;
    }
    if (column - count < pivot->heads.count) {
        const struct pivot_head *head = array_at(&pivot->heads, column - count);
        append_is(drill, &pivot->across, head->literal, false);
        say(drill, pivot->across.column, "=", head->name);
    } else if (pivot->others > 0 && column - count == pivot->heads.count) {
        for (size_t i = 0; i < pivot->heads.count; i++) {
            const struct pivot_head *head = array_at(&pivot->heads, i);
            append_is(drill, &pivot->across, head->literal, true);
        }
        say(drill, pivot->across.column, "is", "another");
    }
    return true;
}

static void append_select(const struct result *base, struct text *out)
{
    text_append(out, "SELECT ");
    for (size_t i = 0; i < result_column_count(base); i++) {
        text_append(out, i > 0 ? ", " : "");
        result_append_column(base, i, out);
        text_append(out, " AS ");
        store_quote_name(out, result_column(base, i)->name);
    }
    result_append_from(base, out);
}

bool pivot_drill(const struct pivot *pivot, struct result *sheet,
                 const struct pivot_cell *cell, const struct result *base,
                 struct text *sql, struct text *words, struct error *err)
{
    const struct drill drill = {.pivot = pivot,
                                .sheet = sheet,
                                .base = base,
                                .row = cell->row,
                                .sql = sql,
                                .words = words};
    bool done = false;
    append_select(base, sql);
    switch (pivot->kind) {
    case PIVOT_FREQUENCY:
        done = add_keys(&drill, 1, err);
        break;
    case PIVOT_TOTALS:
        done = add_level(&drill, err);
        break;
    case PIVOT_TABLE:
        done = add_table(&drill, cell->column, err);
        break;
    default:
        error_set(err, ERROR_FAILED, "these are rows, no groups: nothing is behind them");
        break;
    }
    text_append(sql, " ORDER BY ");
    result_append_rowid(base, sql);
    if (done && words != NULL && words->length == 0) {
        text_append(words, "all rows");
    }
    return done;
}
