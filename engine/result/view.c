/* result/view: SQL over a result, for the grid's sorting, filtering and counting.
 * Columns are qualified with the table: an unqualified name in ORDER BY would mean the
 * alias of another column that happens to be called so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/result/private.h"
#include "engine/store.h"

enum { TERMS_IN_A_GROUP = 50 }; /* SQLite's expression depth is 1000, columns are 2000 */

static void append_column(const struct result *result, size_t index, struct text *out)
{
    store_quote_name(out, result->table);
    text_append_char(out, '.');
    store_quote_name(out, result_name(result, index));
}

static void append_columns(const struct result *result, struct text *out)
{
    for (size_t i = 0; i < result->columns.count; i++) {
        text_append(out, i > 0 ? ", " : "");
        append_column(result, i, out);
        text_append(out, " AS ");
        store_quote_name(out, result_column(result, i)->name);
    }
}

/* %text% with the signs of LIKE escaped. */
static void append_pattern(const char *filter, struct text *out)
{
    struct text pattern = {0};
    text_append_char(&pattern, '%');
    for (const char *c = filter; *c != '\0'; c++) {
        if (*c == '%' || *c == '_' || *c == '\\') {
            text_append_char(&pattern, '\\');
        }
        text_append_char(&pattern, *c);
    }
    text_append_char(&pattern, '%');
    store_quote_string(out, pattern.data);
    text_release(&pattern);
}

static void append_term(const struct result *result, size_t column, const char *filter,
                        struct text *out)
{
    append_column(result, column, out);
    text_append(out, " LIKE ");
    append_pattern(filter, out);
    text_append(out, " ESCAPE '\\'");
}

static void append_filter(const struct result *result, const char *filter, int column,
                          struct text *out)
{
    text_append(out, " WHERE (");
    if (column >= 0 && (size_t)column < result->columns.count) {
        append_term(result, (size_t)column, filter, out);
    } else {
        for (size_t i = 0; i < result->columns.count; i++) {
            bool group = i > 0 && i % TERMS_IN_A_GROUP == 0;
            text_append(out, group ? ") OR (" : i > 0 ? " OR " : "");
            append_term(result, i, filter, out);
        }
    }
    text_append(out, ")");
}

void result_view_sql(const struct result *result, const struct result_order *orders,
                     size_t order_count, const char *filter_text, int filter_column,
                     struct text *out)
{
    text_append(out, "SELECT ");
    append_columns(result, out);
    text_append(out, " FROM ");
    store_quote_name(out, result->table);
    if (filter_text != NULL && filter_text[0] != '\0') {
        append_filter(result, filter_text, filter_column, out);
    }
    text_append(out, " ORDER BY ");
    for (size_t i = 0; i < order_count; i++) {
        append_column(result, orders[i].column, out);
        text_append(out, orders[i].descending ? " DESC, " : ", ");
    }
    store_quote_name(out, result->table);
    text_printf(out, ".%s", result->rowid);
}

void result_frequency_sql(const struct result *result, size_t column, struct text *out)
{
    text_append(out, "SELECT ");
    append_column(result, column, out);
    text_append(out, " AS ");
    store_quote_name(out, result_column(result, column)->name);
    text_append(out, ", count(*) AS \"count\", "
                     "round(100.0 * count(*) / sum(count(*)) OVER (), 2) AS \"percent\" "
                     "FROM ");
    store_quote_name(out, result->table);
    text_append(out, " GROUP BY ");
    append_column(result, column, out);
    text_append(out, " ORDER BY count(*) DESC, ");
    append_column(result, column, out);
}
