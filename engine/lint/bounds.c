/* lint/bounds: limits that no value can meet: the lowest above the highest, ends that
 * meet and do not count, values that are allowed and out of bounds, patterns that do not
 * compile.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Ends ---- */

/* One end of what is allowed. */
struct end {
    const struct document_value *at; /* NULL: there is none */
    bool is_exclusive;
};

struct range {
    struct end low, high;
};

/* A number, also one in quotes. */
static bool number_of(const struct document_value *value, double *number)
{
    const char *text = document_text(value);
    char *rest;
    *number = text != NULL ? strtod(text, &rest) : 0;
    return text != NULL && rest != text && *rest == '\0' && isfinite(*number);
}

/* Dates and instants of one form are in the order of their texts. */
static bool is_dated(const char *text)
{
    return text != NULL && strlen(text) >= 5 && text[0] >= '0' && text[0] <= '9' &&
           (strchr(text, '-') != NULL || strchr(text, ':') != NULL);
}

/* Below, at or above 0 as a is, compared to b; false when nobody can say. */
static bool compare_values(const struct document_value *a, const struct document_value *b,
                           int *order)
{
    double x, y;
    if (number_of(a, &x) && number_of(b, &y)) {
        *order = (x > y) - (x < y);
        return true;
    }
    const char *first = document_text(a), *second = document_text(b);
    if (!is_dated(first) || !is_dated(second) || strlen(first) != strlen(second)) {
        return false;
    }
    *order = strcmp(first, second);
    return true;
}

/* The later standards give an exclusive end as a value, the earlier as a flag. Of two
 * ends, the tighter one holds. */
static struct end end_of(const struct document_value *options, const char *plain,
                         const char *exclusive, int tighter)
{
    struct end end = {.at = document_get(options, plain)};
    const struct document_value *other = document_get(options, exclusive);
    int order;
    if (document_kind(other) == DOCUMENT_BOOLEAN) {
        end.is_exclusive = document_truth(other, false);
    } else if (document_text(other) != NULL &&
               (document_text(end.at) == NULL ||
                (compare_values(other, end.at, &order) && order * tighter >= 0))) {
        end = (struct end){other, true};
    }
    return end;
}

static struct range range_of(const struct document_value *options)
{
    return (struct range){end_of(options, "minimum", "exclusiveMinimum", 1),
                          end_of(options, "maximum", "exclusiveMaximum", -1)};
}

static bool is_outside(const struct range *range, const struct document_value *value)
{
    int order;
    return (compare_values(value, range->low.at, &order) &&
            (order < 0 || (order == 0 && range->low.is_exclusive))) ||
           (compare_values(value, range->high.at, &order) &&
            (order > 0 || (order == 0 && range->high.is_exclusive)));
}

/* ---- Checks ---- */

static void check_pair(struct lint *lint, const struct document_value *options,
                       const char *least, const char *most)
{
    const struct document_value *low = document_get(options, least);
    const struct document_value *high = document_get(options, most);
    int order;
    if (compare_values(low, high, &order) && order > 0) {
        lint_tell(lint, low, true, "range",
                  "%s %s is above %s %s, so nothing can be valid", least,
                  document_text(low), most, document_text(high));
    }
}

static bool check_range(struct lint *lint, const struct range *range)
{
    int order;
    if (!compare_values(range->low.at, range->high.at, &order)) {
        return true;
    }
    const char *low = document_text(range->low.at), *high = document_text(range->high.at);
    if (order > 0) {
        lint_tell(lint, range->low.at, true, "range",
                  "the minimum %s is above the maximum %s, so nothing can be valid", low,
                  high);
    } else if (order == 0 && (range->low.is_exclusive || range->high.is_exclusive)) {
        lint_tell(lint, range->low.at, true, "range",
                  "the bounds meet at %s, which is excluded itself, so nothing can be "
                  "valid",
                  low);
    } else {
        return true;
    }
    return false;
}

/* Is there a multiple of the step between the ends? */
static void check_step(struct lint *lint, const struct range *range,
                       const struct document_value *step)
{
    double size, low, high;
    if (!number_of(step, &size) || size <= 0) {
        if (document_text(step) != NULL) {
            lint_tell(lint, step, true, "range",
                      "multipleOf is %s; only a number above 0 has multiples",
                      document_text(step));
        }
        return;
    }
    if (number_of(range->low.at, &low) && number_of(range->high.at, &high)) {
        double first = ceil(low / size) * size;
        first += first == low && range->low.is_exclusive ? size : 0;
        if (first > high || (first == high && range->high.is_exclusive)) {
            lint_tell(lint, step, true, "range",
                      "no multiple of %s lies between %s and %s, so nothing can be valid",
                      document_text(step), document_text(range->low.at),
                      document_text(range->high.at));
        }
    }
}

static size_t signs_of(const char *text)
{
    size_t signs = 0;
    for (; *text != '\0'; text++) {
        signs += ((unsigned char)*text & 0xC0) != 0x80;
    }
    return signs;
}

static void check_values(struct lint *lint, const struct document_value *options,
                         const struct range *range, const struct document_value *values)
{
    double least, most;
    bool has_least = number_of(document_get(options, "minLength"), &least);
    bool has_most = number_of(document_get(options, "maxLength"), &most);
    for (size_t i = 0; i < document_count(values); i++) {
        const struct document_value *item = document_item(values, i);
        const struct document_value *value =
            document_kind(item) == DOCUMENT_MAP ? document_get(item, "value") : item;
        const char *text = document_text(value);
        if (text == NULL) {
            continue;
        }
        double signs = (double)signs_of(text);
        if (is_outside(range, value) || (has_least && signs < least) ||
            (has_most && signs > most)) {
            lint_tell(lint, value, true, "enum-outside",
                      "%.80s is one of the values allowed, but the bounds forbid it",
                      text);
        }
    }
}

void lint_pattern(struct lint *lint, const struct document_value *pattern)
{
    const char *text = document_text(pattern);
    const char *fault = text != NULL ? lint_pattern_fault(text) : NULL;
    if (fault != NULL) {
        lint_tell(lint, pattern, true, "bad-pattern",
                  "the pattern %.80s does not compile: %s", text, fault);
    }
}

void lint_bounds(struct lint *lint, const struct document_value *options,
                 const struct document_value *values)
{
    struct range range = range_of(options);
    check_pair(lint, options, "minLength", "maxLength");
    check_pair(lint, options, "minItems", "maxItems");
    check_pair(lint, options, "minProperties", "maxProperties");
    check_pair(lint, options, "scale", "precision");
    if (check_range(lint, &range)) {
        check_step(lint, &range, document_get(options, "multipleOf"));
        check_values(lint, options, &range, values);
    }
    lint_pattern(lint, document_get(options, "pattern"));
}
