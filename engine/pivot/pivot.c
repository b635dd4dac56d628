/* pivot: what a sheet is made by, its aggregates, and the columns across.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/pivot/private.h"
#include "engine/safetext.h"

#include <stdlib.h>
#include <string.h>

/* ---- Life ---- */

struct pivot *pivot_new(enum pivot_kind kind)
{
    struct pivot *pivot = memory_new(sizeof *pivot);
    pivot->kind = kind;
    pivot->keys = (struct array)ARRAY_OF(struct pivot_key);
    pivot->values = (struct array)ARRAY_OF(size_t);
    pivot->heads = (struct array)ARRAY_OF(struct pivot_head);
    return pivot;
}

void pivot_add_key(struct pivot *pivot, const struct pivot_key *key)
{
    *(struct pivot_key *)array_push(&pivot->keys) = *key;
}

void pivot_add_value(struct pivot *pivot, size_t column)
{
    *(size_t *)array_push(&pivot->values) = column;
}

struct pivot *pivot_copy(const struct pivot *pivot)
{
    struct pivot *copy = memory_new(sizeof *copy);
    *copy = *pivot;
    copy->keys = (struct array)ARRAY_OF(struct pivot_key);
    copy->values = (struct array)ARRAY_OF(size_t);
    copy->heads = (struct array)ARRAY_OF(struct pivot_head);
    for (size_t i = 0; i < pivot->keys.count; i++) {
        pivot_add_key(copy, array_at(&pivot->keys, i));
    }
    for (size_t i = 0; i < pivot->values.count; i++) {
        pivot_add_value(copy, *(size_t *)array_at(&pivot->values, i));
    }
    for (size_t i = 0; i < pivot->heads.count; i++) {
        const struct pivot_head *head = array_at(&pivot->heads, i);
        *(struct pivot_head *)array_push(&copy->heads) =
            (struct pivot_head){string_copy(head->literal), string_copy(head->name)};
    }
    return copy;
}

void pivot_free(struct pivot *pivot)
{
    if (pivot == NULL) {
        return;
    }
    for (size_t i = 0; i < pivot->heads.count; i++) {
        struct pivot_head *head = array_at(&pivot->heads, i);
        free(head->literal);
        free(head->name);
    }
    array_release(&pivot->heads);
    array_release(&pivot->keys);
    array_release(&pivot->values);
    free(pivot);
}

/* ---- Aggregates ---- */

/* Of parts (part_x and part_n, NULL: the value itself) a total can be made of totals;
 * where it cannot, every cell is made of the rows. `?` is the column or its number, `@`
 * the condition on the cell. */
static const struct pivot_aggregate aggregates[] = {
    {"count", "how many there are", "count(?)", NULL, "coalesce(sum(x?)@, 0)", false},
    {"sum", "what they add up to", "sum(?)", NULL, "sum(x?)@", true},
    {"avg", "the mean", "total(?)", "count(?)", "sum(x?)@ / nullif(sum(n?)@, 0)", true},
    {"min", "the least", "min(?)", NULL, "min(x?)@", true},
    {"max", "the greatest", "max(?)", NULL, "max(x?)@", true},
    {"median", "the one in the middle", NULL, NULL, "median(x?)@", true},
    {"stddev", "the standard deviation", NULL, NULL, "stddev(x?)@", true},
    {"distinct", "how many different ones", NULL, NULL, "count(DISTINCT x?)@", true},
};
enum { AGGREGATES = sizeof aggregates / sizeof *aggregates };

const struct pivot_aggregate *pivot_aggregates(size_t *count)
{
    *count = AGGREGATES;
    return aggregates;
}

const struct pivot_aggregate *pivot_aggregate_named(const char *name, struct error *err)
{
    struct text names = {0};
    for (size_t i = 0; i < AGGREGATES; i++) {
        if (string_equal_fold(aggregates[i].name, name)) {
            text_release(&names);
            return &aggregates[i];
        }
        text_printf(&names, "%s%s", i > 0 ? ", " : "", aggregates[i].name);
    }
    error_set(err, ERROR_USAGE, "there is no aggregate \"%s\"; there are %s", name,
              text_string(&names));
    text_release(&names);
    return NULL;
}

/* ---- Values that can be added up ---- */

static bool is_key(const struct pivot *pivot, size_t column)
{
    for (size_t i = 0; i < pivot->keys.count; i++) {
        const struct pivot_key *key = array_at(&pivot->keys, i);
        if (key->column == column) {
            return true;
        }
    }
    return pivot->has_across && pivot->across.column == column;
}

void pivot_guess_values(struct pivot *pivot, const struct result *base)
{
    for (size_t i = 0; i < result_column_count(base); i++) {
        const struct result_column *column = result_column(base, i);
        if (column->numeric && !is_key(pivot, i) && !result_names_key(column->name)) {
            pivot_add_value(pivot, i);
        }
    }
}

/* ---- Columns across ---- */

void pivot_heads_sql(const struct pivot *pivot, const struct result *base, size_t most,
                     struct text *out)
{
    text_append(out, "SELECT k, n, count(*) OVER () AS kinds FROM (SELECT ");
    pivot_append_key(&pivot->across, base, out);
    text_append(out, " AS k, count(*) AS n");
    result_append_from(base, out);
    text_printf(out, " GROUP BY 1) ORDER BY n DESC, k LIMIT %zu", most);
}

static char *head_name(const struct result_cell *cell)
{
    enum { NAME_MOST = 60 };
    struct text name = {0};
    if (cell->type == RESULT_NULL) {
        return string_copy("(null)");
    }
    if (cell->type == RESULT_BLOB) {
        return string_copy("(blob)");
    }
    text_append_bytes(&name, cell->bytes, strnlen(cell->bytes, cell->length));
    if (name.length == 0) {
        text_append(&name, "(empty)");
    } else if (name.length > NAME_MOST) {
        char *whole = text_take(&name);
        safetext_append_cut(&name, whole, strlen(whole), NAME_MOST);
        free(whole);
    }
    return text_take(&name);
}

static int by_kind_and_value(const void *a, const void *b)
{
    const struct pivot_head *one = a, *other = b;
    char *end_one, *end_other;
    double x = strtod(one->name, &end_one), y = strtod(other->name, &end_other);
    bool both = *end_one == '\0' && *end_other == '\0';
    return both && x != y ? (x < y ? -1 : 1) : strcmp(one->name, other->name);
}

bool pivot_take_heads(struct pivot *pivot, struct result *rows, size_t most,
                      struct error *err)
{
    struct result_page page = {0};
    bool done = result_page(rows, 0, (long long)most, 256, &page, err);
    for (long long row = 0; done && row < page.rows; row++) {
        const struct pivot_cell cell = {.row = row};
        struct text literal = {0};
        done = pivot_literal(rows, &cell, &literal, err);
        *(struct pivot_head *)array_push(&pivot->heads) = (struct pivot_head){
            text_take(&literal), head_name(result_page_cell(&page, row, 0))};
    }
    if (done && page.rows > 0) {
        pivot->others = strtoll(result_page_cell(&page, 0, 2)->bytes, NULL, 10) -
                        (long long)pivot->heads.count;
    }
    if (pivot->heads.count > 1) {
        qsort(pivot->heads.items, pivot->heads.count, sizeof(struct pivot_head),
              by_kind_and_value);
    }
    result_page_release(&page);
    return done;
}
