/* pivot/sheet: frequencies, totals and pivots as SQL. Groups are made once, in one pass
 * over the rows; cells and totals are put together from the groups where the aggregate
 * allows it. Columns have short names inside and get their own at the end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/pivot/private.h"
#include "engine/store.h"

#include <stdio.h>
#include <stdlib.h>

static const struct pivot_key *key_at(const struct pivot *pivot, size_t index)
{
    return array_at(&pivot->keys, index);
}

static size_t value_at(const struct pivot *pivot, size_t index)
{
    return *(size_t *)array_at(&pivot->values, index);
}

/* ---- Templates of aggregates ---- */

static void append_template(const char *template, const char *subject, const char *filter,
                            struct text *out)
{
    for (const char *c = template; *c != '\0'; c++) {
        if (*c == '?') {
            text_append(out, subject);
        } else if (*c == '@') {
            text_append(out, filter);
        } else {
            text_append_char(out, *c);
        }
    }
}

static void append_whole(const struct pivot_aggregate *aggregate, size_t value,
                         const char *filter, struct text *out)
{
    char number[24];
    snprintf(number, sizeof number, "%zu", value);
    append_template(aggregate->whole, number, filter, out);
}

/* Can totals be made of parts? */
static bool has_parts(const struct pivot *pivot)
{
    return pivot->aggregate == NULL || pivot->aggregate->part_x != NULL;
}

static void append_part(const struct pivot *pivot, size_t value, const char *column,
                        struct text *out)
{
    const struct pivot_aggregate *aggregate = pivot->aggregate;
    text_append(out, ", ");
    if (aggregate->part_x == NULL) {
        text_append(out, column);
    } else {
        append_template(aggregate->part_x, column, "", out);
    }
    text_printf(out, " AS x%zu", value);
    if (aggregate->part_n != NULL) {
        text_append(out, ", ");
        append_template(aggregate->part_n, column, "", out);
        text_printf(out, " AS n%zu", value);
    }
}

static void append_parts(const struct pivot *pivot, const struct result *base,
                         struct text *out)
{
    for (size_t i = 0; pivot->aggregate != NULL && i < pivot->values.count; i++) {
        struct text column = {0};
        result_append_column(base, value_at(pivot, i), &column);
        append_part(pivot, i, text_string(&column), out);
        text_release(&column);
    }
    if (pivot->aggregate != NULL && pivot->values.count == 0) {
        append_part(pivot, 0, "*", out);
    }
}

/* "k0, k1" up to `count` keys, from `from` on other words instead. */
static void append_keys(size_t count, size_t total, const char *instead, struct text *out)
{
    for (size_t i = 0; i < total; i++) {
        text_append(out, i > 0 ? ", " : "");
        if (i < count) {
            text_printf(out, "k%zu", i);
        } else {
            text_append(out, instead);
        }
        text_printf(out, " AS k%zu", i);
    }
}

static void append_group_by(size_t count, struct text *out)
{
    for (size_t i = 0; i < count; i++) {
        text_printf(out, i > 0 ? ", %zu" : " GROUP BY %zu", i + 1);
    }
}

/* `WITH groups AS (keys, across, count m, parts)`: a row for each group, or for each row
 * where the aggregate has no parts. */
static void append_groups(const struct pivot *pivot, const struct result *base,
                          struct text *out)
{
    size_t count = pivot->keys.count;
    text_append(out, "WITH groups AS MATERIALIZED (SELECT ");
    for (size_t i = 0; i < count; i++) {
        pivot_append_key(key_at(pivot, i), base, out);
        text_printf(out, " AS k%zu, ", i);
    }
    if (pivot->has_across) {
        pivot_append_key(&pivot->across, base, out);
        text_append(out, " AS a, ");
    }
    text_append(out, has_parts(pivot) ? "count(*) AS m" : "1 AS m");
    append_parts(pivot, base, out);
    result_append_from(base, out);
    if (has_parts(pivot)) {
        append_group_by(count + pivot->has_across, out);
    }
    text_append(out, ")");
}

/* ---- A frequency ---- */

static void append_bar(bool ascii, struct text *out)
{
    if (ascii) {
        text_append(out, "substr('####################', 1, "
                         "CAST(round(20.0 * n / max(n) OVER ()) AS INTEGER))");
        return;
    }
    text_append(out, "substr('████████████████████', 1, 160 * n / max(n) OVER () / 8) || "
                     "substr('▏▎▍▌▋▊▉', 160 * n / max(n) OVER () % 8, "
                     "160 * n / max(n) OVER () % 8 > 0)");
}

static void append_frequency(const struct pivot *pivot, const struct result *base,
                             struct text *out)
{
    const struct pivot_key *key = key_at(pivot, 0);
    text_append(out, "SELECT k");
    pivot_append_key_name(key, base, out);
    if (key->step == PIVOT_CLASS) {
        struct text name = {0};
        text_printf(&name, "%s to", result_column(base, key->column)->name);
        text_printf(out,
                    ", CASE WHEN typeof(k) IN ('integer','real') THEN k + %.17g END AS ",
                    key->width);
        store_quote_name(out, text_string(&name));
        text_release(&name);
    }
    text_append(out, ", n AS \"count\", round(100.0 * n / sum(n) OVER (), 2) AS "
                     "\"percent\", ");
    append_bar(pivot->ascii, out);
    text_append(out, " AS \"bar\" FROM (SELECT ");
    pivot_append_key(key, base, out);
    text_append(out, " AS k, count(*) AS n");
    result_append_from(base, out);
    text_append(out, " GROUP BY 1) ORDER BY ");
    text_append(out, key->step == PIVOT_VALUE ? "n DESC, k" : "k");
}

/* ---- A pivot ---- */

/* The number of the column across that a group belongs to, -1: the others. */
static void append_head_number(const struct pivot *pivot, struct text *out)
{
    text_append(out, "CASE");
    for (size_t i = 0; i < pivot->heads.count; i++) {
        const struct pivot_head *head = array_at(&pivot->heads, i);
        text_printf(out, " WHEN +a IS +%s THEN %zu", head->literal, i);
    }
    text_append(out, pivot->heads.count > 0 ? " ELSE -1 END AS h"
                                            : " WHEN 0 THEN 0 ELSE "
                                              "-1 END AS h");
}

/* What stands in a row: c0.. for the heads, the others, the total. */
static void append_cells(const struct pivot *pivot, struct text *out)
{
    size_t cell = 0;
    char filter[48];
    for (size_t i = 0; pivot->has_across && i < pivot->heads.count; i++) {
        snprintf(filter, sizeof filter, " FILTER (WHERE h = %zu)", i);
        text_append(out, ", ");
        append_whole(pivot->aggregate, 0, filter, out);
        text_printf(out, " AS c%zu", cell++);
    }
    if (pivot->others > 0) {
        text_append(out, ", ");
        append_whole(pivot->aggregate, 0, " FILTER (WHERE h = -1)", out);
        text_printf(out, " AS c%zu", cell++);
    }
    text_append(out, ", ");
    append_whole(pivot->aggregate, 0, "", out);
    text_printf(out, " AS c%zu", cell);
}

static void append_named_cells(const struct pivot *pivot, const struct result *base,
                               struct text *out)
{
    size_t cell = 0;
    for (size_t i = 0; i < pivot->keys.count; i++) {
        text_printf(out, "%sk%zu", i > 0 ? ", " : "", i);
        pivot_append_key_name(key_at(pivot, i), base, out);
    }
    for (size_t i = 0; pivot->has_across && i < pivot->heads.count; i++) {
        const struct pivot_head *head = array_at(&pivot->heads, i);
        text_printf(out, ", c%zu AS ", cell++);
        store_quote_name(out, head->name);
    }
    if (pivot->others > 0) {
        text_printf(out, ", c%zu AS \"" PIVOT_OTHERS "\"", cell++);
    }
    text_printf(out, ", c%zu AS \"total\"", cell);
}

static void append_table(const struct pivot *pivot, const struct result *base,
                         struct text *out)
{
    size_t count = pivot->keys.count;
    append_groups(pivot, base, out);
    text_append(out, ", cells AS MATERIALIZED (SELECT *");
    if (pivot->has_across) {
        text_append(out, ", ");
        append_head_number(pivot, out);
    }
    text_append(out, " FROM groups) SELECT ");
    append_named_cells(pivot, base, out);
    text_append(out, " FROM (SELECT ");
    append_keys(count, count, "", out);
    append_cells(pivot, out);
    text_append(out, ", 0 AS g FROM cells");
    append_group_by(count, out);
    text_append(out, " UNION ALL SELECT '" PIVOT_ALL "'");
    text_append(out, count > 0 ? " AS k0" : "");
    for (size_t i = 1; i < count; i++) {
        text_append(out, ", NULL");
    }
    append_cells(pivot, out);
    text_append(out, ", 1 FROM cells) ORDER BY g");
    for (size_t i = 0; i < count; i++) {
        text_printf(out, ", k%zu", i);
    }
}

/* ---- Totals ---- */

static size_t key_of_column(const struct pivot *pivot, size_t column)
{
    size_t i = 0;
    while (i < pivot->keys.count && key_at(pivot, i)->column != column) {
        i++;
    }
    return i;
}

static size_t value_of_column(const struct pivot *pivot, size_t column)
{
    size_t i = 0;
    while (i < pivot->values.count && value_at(pivot, i) != column) {
        i++;
    }
    return i;
}

/* Other columns of the base, when the rows are among the totals. */
static void append_others(const struct pivot *pivot, const struct result *base,
                          bool are_rows, struct text *out)
{
    for (size_t i = 0; pivot->with_rows && i < result_column_count(base); i++) {
        if (key_of_column(pivot, i) < pivot->keys.count ||
            value_of_column(pivot, i) < pivot->values.count) {
            continue;
        }
        text_append(out, ", ");
        if (are_rows) {
            result_append_column(base, i, out);
        } else {
            text_append(out, "NULL");
        }
        text_printf(out, " AS o%zu", i);
    }
}

/* The totals of groups by the first `level` keys. */
static void append_level(const struct pivot *pivot, const struct result *base,
                         size_t level, struct text *out)
{
    text_append(out, "SELECT ");
    append_keys(level, pivot->keys.count, "'" PIVOT_ALL "'", out);
    text_append(out, ", sum(m) AS m");
    for (size_t i = 0; i < pivot->values.count; i++) {
        text_append(out, ", ");
        append_whole(pivot->aggregate, i, "", out);
        text_printf(out, " AS v%zu", i);
    }
    append_others(pivot, base, false, out);
    text_printf(out, ", %zu AS l, 0 AS r FROM groups", level);
    append_group_by(level, out);
}

static void append_rows(const struct pivot *pivot, const struct result *base,
                        struct text *out)
{
    text_append(out, " UNION ALL SELECT ");
    for (size_t i = 0; i < pivot->keys.count; i++) {
        pivot_append_key(key_at(pivot, i), base, out);
        text_append(out, ", ");
    }
    text_append(out, "NULL");
    for (size_t i = 0; i < pivot->values.count; i++) {
        text_append(out, ", ");
        result_append_column(base, value_at(pivot, i), out);
    }
    append_others(pivot, base, true, out);
    text_printf(out, ", %zu, ", pivot->keys.count + 1);
    result_append_rowid(base, out);
    result_append_from(base, out);
}

static void append_value_name(const struct pivot *pivot, const struct result *base,
                              size_t value, struct text *out)
{
    const char *name = result_column(base, value_at(pivot, value))->name;
    char *whole = pivot->with_rows ? string_copy(name)
                                   : string_printf("%s %s", pivot->aggregate->name, name);
    text_printf(out, ", v%zu AS ", value);
    store_quote_name(out, whole);
    free(whole);
}

static void append_total_columns(const struct pivot *pivot, const struct result *base,
                                 struct text *out)
{
    for (size_t i = 0; i < pivot->keys.count; i++) {
        text_printf(out, "%sk%zu", i > 0 ? ", " : "", i);
        pivot_append_key_name(key_at(pivot, i), base, out);
    }
    text_append(out, ", m AS \"count\"");
    for (size_t i = 0; i < pivot->values.count; i++) {
        append_value_name(pivot, base, i, out);
    }
    for (size_t i = 0; pivot->with_rows && i < result_column_count(base); i++) {
        if (key_of_column(pivot, i) == pivot->keys.count &&
            value_of_column(pivot, i) == pivot->values.count) {
            text_printf(out, ", o%zu AS ", i);
            store_quote_name(out, result_column(base, i)->name);
        }
    }
    text_append(out, ", l AS \"level\"");
}

static void append_totals(const struct pivot *pivot, const struct result *base,
                          struct text *out)
{
    size_t count = pivot->keys.count;
    append_groups(pivot, base, out);
    text_append(out, " SELECT ");
    append_total_columns(pivot, base, out);
    text_append(out, " FROM (");
    for (size_t level = 0; level <= count; level++) {
        text_append(out, level > 0 ? " UNION ALL " : "");
        append_level(pivot, base, level, out);
    }
    if (pivot->with_rows) {
        append_rows(pivot, base, out);
    }
    text_append(out, ") ORDER BY ");
    for (size_t i = 0; i < count; i++) {
        text_printf(out, "l %s %zu, k%zu, ", pivot->totals_first ? ">=" : "<", i + 1, i);
    }
    text_printf(out, "l %s %zu, r", pivot->totals_first ? ">=" : "<", count + 1);
}

void pivot_sql(const struct pivot *pivot, const struct result *base, struct text *out)
{
    switch (pivot->kind) {
    case PIVOT_FREQUENCY:
        append_frequency(pivot, base, out);
        break;
    case PIVOT_TOTALS:
        append_totals(pivot, base, out);
        break;
    case PIVOT_TABLE:
        append_table(pivot, base, out);
        break;
    default:
        break;
    }
}
