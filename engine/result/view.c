/* result/view: SQL over a result, for the grid's sorting, filtering and counting.
 * Columns are qualified with the table: an unqualified name in ORDER BY would mean the
 * alias of another column that happens to be called so.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/result/private.h"
#include "engine/store.h"

#include <stdlib.h>
#include <string.h>

enum { TERMS_IN_A_GROUP = 50 }; /* SQLite's expression depth is 1000, columns are 2000 */

/* ---- Names ---- */

bool result_names_key(const char *name)
{
    static const char *const ends[] = {"id", "key",  "code", "number", "no",
                                       "nr", "year", "zip",  "hash"};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t length = strlen(name), end = strlen(ends[i]);
        if (length >= end && string_equal_fold(name + length - end, ends[i]) &&
            (length == end || strchr("_- .", name[length - end - 1]) != NULL ||
             (name[length - end] >= 'A' && name[length - end] <= 'Z'))) {
            return true;
        }
    }
    return false;
}

/* ---- The view ---- */

struct result_view *result_view_new(void)
{
    struct result_view *view = memory_new(sizeof *view);
    view->orders = (struct array)ARRAY_OF(struct result_order);
    view->filters = (struct array)ARRAY_OF(struct result_filter);
    return view;
}

struct result_view *result_view_copy(const struct result_view *view)
{
    struct result_view *copy = result_view_new();
    for (size_t i = 0; view != NULL && i < view->orders.count; i++) {
        *(struct result_order *)array_push(&copy->orders) =
            *(const struct result_order *)array_at(&view->orders, i);
    }
    for (size_t i = 0; view != NULL && i < view->filters.count; i++) {
        const struct result_filter *from = array_at(&view->filters, i);
        struct result_filter *to = array_push(&copy->filters);
        *to = *from;
        to->operand = (struct text){0};
        text_append_bytes(&to->operand, text_string(&from->operand),
                          from->operand.length);
    }
    return copy;
}

void result_view_free(struct result_view *view)
{
    if (view == NULL) {
        return;
    }
    for (size_t i = 0; i < view->filters.count; i++) {
        result_filter_release(array_at(&view->filters, i));
    }
    array_release(&view->filters);
    array_release(&view->orders);
    free(view);
}

void result_view_filter(struct result_view *view, struct result_filter *filter)
{
    *(struct result_filter *)array_push(&view->filters) = *filter;
    *filter = (struct result_filter){0};
}

size_t result_view_order(const struct result_view *view, size_t column, bool *descending)
{
    for (size_t i = 0; view != NULL && i < view->orders.count; i++) {
        const struct result_order *order = array_at(&view->orders, i);
        if (order->column == column) {
            *descending = order->descending;
            return i + 1;
        }
    }
    return 0;
}

void result_view_sort(struct result_view *view, struct result_order order, bool is_added)
{
    bool was_descending;
    size_t place = result_view_order(view, order.column, &was_descending);
    if (!is_added) {
        array_clear(&view->orders);
    } else if (place > 0) {
        ((struct result_order *)array_at(&view->orders, place - 1))->descending =
            order.descending;
        return;
    }
    *(struct result_order *)array_push(&view->orders) = order;
}

void result_view_describe(const struct result *result, const struct result_view *view,
                          struct text *out)
{
    for (size_t i = 0; i < view->orders.count; i++) {
        const struct result_order *order = array_at(&view->orders, i);
        text_printf(out, "%s%s%s", i == 0 ? "by " : ", ",
                    result_column(result, order->column)->name,
                    order->descending ? " desc" : "");
    }
    for (size_t i = 0; i < view->filters.count; i++) {
        text_append(out, i > 0 ? ", " : view->orders.count > 0 ? "; " : "");
        result_filter_describe(result, array_at(&view->filters, i), out);
    }
}

/* ---- Its SQL ---- */

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

/* Text with any bytes, NUL among them: as hexadecimal digits where it must be. */
static void append_bytes(const struct text *bytes, bool is_blob, struct text *out)
{
    if (!is_blob && strlen(text_string(bytes)) == bytes->length) {
        store_quote_string(out, text_string(bytes));
        return;
    }
    text_append(out, is_blob ? "x'" : "CAST(x'");
    for (size_t i = 0; i < bytes->length; i++) {
        text_printf(out, "%02x", (unsigned char)bytes->data[i]);
    }
    text_append(out, is_blob ? "'" : "' AS TEXT)");
}

/* The same as a cell. Reals are the same when they print the same: that is what was seen.
 * The sign before a column takes its affinity away, which would turn texts to numbers. */
static void append_exact(const struct result *result, const struct result_filter *filter,
                         struct text *out)
{
    size_t column = (size_t)filter->column;
    if (filter->type == RESULT_NULL) {
        append_column(result, column, out);
        text_append(out, " IS NULL");
        return;
    }
    if (filter->type == RESULT_REAL) {
        text_append(out, "typeof(");
        append_column(result, column, out);
        text_append(out, ")='real' AND CAST(");
    }
    text_append_char(out, '+');
    append_column(result, column, out);
    text_append(out, filter->type == RESULT_REAL ? " AS TEXT) IS " : " IS ");
    if (filter->type == RESULT_INTEGER) {
        text_append(out, text_string(&filter->operand));
    } else {
        append_bytes(&filter->operand, filter->type == RESULT_BLOB, out);
    }
}

static void append_comparison(const struct result *result,
                              const struct result_filter *filter, struct text *out)
{
    static const char *const signs[] = {[RESULT_IS] = "=",
                                        [RESULT_LESS] = "<",
                                        [RESULT_AT_MOST] = "<=",
                                        [RESULT_GREATER] = ">",
                                        [RESULT_AT_LEAST] = ">="};
    const char *sign = signs[filter->test];
    const char *operand = text_string(&filter->operand);
    if (result_is_number(operand)) {
        text_append(out, "CASE WHEN typeof(");
        append_column(result, (size_t)filter->column, out);
        text_append(out, ") IN ('integer','real') THEN +");
        append_column(result, (size_t)filter->column, out);
        text_printf(out, "%s%s ELSE +", sign, operand);
        append_column(result, (size_t)filter->column, out);
        text_append(out, sign);
        store_quote_string(out, operand);
        text_append(out, " END");
        return;
    }
    text_append(out, "typeof(");
    append_column(result, (size_t)filter->column, out);
    text_append(out, ")='text' AND +");
    append_column(result, (size_t)filter->column, out);
    text_append(out, sign);
    store_quote_string(out, operand);
}

static void append_cell(const struct result *result, const struct result_filter *filter,
                        size_t column, struct text *out)
{
    if (filter->test == RESULT_MATCHES) {
        text_append(out, "regexp(");
        store_quote_string(out, text_string(&filter->operand));
        text_append(out, ",");
        append_column(result, column, out);
        text_append(out, ")");
        return;
    }
    append_column(result, column, out);
    text_append(out, " LIKE ");
    append_pattern(text_string(&filter->operand), out);
    text_append(out, " ESCAPE '\\'");
}

void result_filter_sql(const struct result *result, const struct result_filter *filter,
                       struct text *out)
{
    bool is_whole = filter->test == RESULT_HAS || filter->test == RESULT_MATCHES;
    text_append(out, "((");
    if (filter->is_exact || (!is_whole && filter->type == RESULT_NULL)) {
        append_exact(result, filter, out);
    } else if (!is_whole) {
        append_comparison(result, filter, out);
    } else if (filter->column >= 0) {
        append_cell(result, filter, (size_t)filter->column, out);
    } else {
        for (size_t i = 0; i < result->columns.count; i++) {
            bool is_group = i > 0 && i % TERMS_IN_A_GROUP == 0;
            text_append(out, is_group ? ") OR (" : i > 0 ? " OR " : "");
            append_cell(result, filter, i, out);
        }
    }
    text_append(out, filter->is_not ? ")) IS NOT TRUE" : "))");
}

void result_view_sql(const struct result *result, const struct result_view *view,
                     struct text *out)
{
    text_append(out, "SELECT ");
    append_columns(result, out);
    result_append_from(result, out);
    for (size_t i = 0; i < view->filters.count; i++) {
        text_append(out, " AND ");
        result_filter_sql(result, array_at(&view->filters, i), out);
    }
    text_append(out, " ORDER BY ");
    for (size_t i = 0; i < view->orders.count; i++) {
        const struct result_order *order = array_at(&view->orders, i);
        append_column(result, order->column, out);
        text_append(out, order->descending ? " DESC, " : ", ");
    }
    store_quote_name(out, result->table);
    text_printf(out, ".%s", result->rowid);
}

void result_append_column(const struct result *result, size_t column, struct text *out)
{
    append_column(result, column, out);
}

void result_append_rowid(const struct result *result, struct text *out)
{
    store_quote_name(out, result->table);
    text_printf(out, ".%s", result->rowid);
}

void result_append_from(const struct result *result, struct text *out)
{
    text_append(out, " FROM ");
    store_quote_name(out, result->table);
    text_append(out, " WHERE ");
    result_append_rowid(result, out);
    text_printf(out, " <= %lld", result->count);
}
