/* diff/amounts: texts as quantities.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/amounts.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/array.h"
#include "engine/document.h"
#include "engine/text.h"

enum { MOST_VALUES = 5000 }; /* a list is compared with a list value by value */

/* ---- Quantities ---- */

static const struct {
    const char *unit;
    double seconds;
} units[] = {
    {"ms", 0.001},    {"s", 1},           {"sec", 1},           {"second", 1},
    {"m", 60},        {"min", 60},        {"minute", 60},       {"h", 3600},
    {"hr", 3600},     {"hour", 3600},     {"d", 86400},         {"day", 86400},
    {"w", 604800},    {"week", 604800},   {"mo", 2629746},      {"month", 2629746},
    {"y", 31556952},  {"yr", 31556952},   {"year", 31556952},   {"hourly", 3600},
    {"daily", 86400}, {"weekly", 604800}, {"monthly", 2629746}, {"yearly", 31556952},
};

enum dimension { NO_AMOUNT, PLAIN, SHARE, DURATION, OTHER_UNIT };

struct amount {
    enum dimension dimension;
    double value;
    char unit[16]; /* of OTHER_UNIT */
};

/* Seconds of a unit; 0: it is no unit of time. */
static double seconds_of(const char *unit, size_t length)
{
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        size_t own = strlen(units[i].unit);
        bool is_plural = length == own + 1 && tolower((unsigned char)unit[own]) == 's';
        if ((own == length || is_plural) && strncasecmp(unit, units[i].unit, own) == 0) {
            return units[i].seconds;
        }
    }
    return 0;
}

/* ISO 8601: P1D, PT15M, P1Y2M. */
static bool parse_iso(const char *text, double *seconds)
{
    static const char date_units[] = "YMWD", time_units[] = "HMS";
    static const double date_seconds[] = {31556952, 2629746, 604800, 86400};
    static const double time_seconds[] = {3600, 60, 1};
    const char *p = text + 1;
    bool in_time = false;
    *seconds = 0;
    if (*text != 'P' || *p == '\0') {
        return false;
    }
    while (*p != '\0') {
        if (*p == 'T' && !in_time) {
            in_time = true;
            p++;
            continue;
        }
        char *end = NULL;
        double number = isdigit((unsigned char)*p) ? strtod(p, &end) : -1;
        const char *kinds = in_time ? time_units : date_units;
        const char *kind = end != NULL && *end != '\0' ? strchr(kinds, *end) : NULL;
        if (kind == NULL) {
            return false;
        }
        *seconds += number * (in_time ? time_seconds : date_seconds)[kind - kinds];
        p = end + 1;
    }
    return true;
}

static struct amount amount_of(const char *text)
{
    struct amount amount = {.dimension = NO_AMOUNT};
    if (parse_iso(text, &amount.value)) {
        amount.dimension = DURATION;
        return amount;
    }
    char *end;
    double number = strtod(text, &end);
    bool has_number = end != text && isfinite(number);
    if (!has_number) {
        number = 1;
        end = (char *)text;
    }
    while (*end == ' ') {
        end++;
    }
    size_t length = strlen(end);
    double seconds = seconds_of(end, length);
    if (seconds > 0) {
        amount = (struct amount){.dimension = DURATION, .value = number * seconds};
    } else if (has_number && length == 0) {
        amount = (struct amount){.dimension = PLAIN, .value = number};
    } else if (has_number &&
               (string_equal(end, "%") || string_equal_fold(end, "percent"))) {
        amount = (struct amount){.dimension = SHARE, .value = number};
    } else if (has_number && length < sizeof amount.unit &&
               isalpha((unsigned char)end[0])) {
        amount = (struct amount){.dimension = OTHER_UNIT, .value = number};
        memcpy(amount.unit, end, length + 1);
    }
    return amount;
}

/* 2026-01-31, perhaps with a time in the same form behind it: their order is that of
 * their letters. */
static bool is_date(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    for (size_t i = 0; form[i] != '\0'; i++) {
        bool fits = form[i] == 'd' ? isdigit((unsigned char)text[i]) : text[i] == form[i];
        if (!fits) {
            return false;
        }
    }
    return true;
}

int amounts_compare(const char *a, const char *b)
{
    if (is_date(a) && is_date(b)) {
        int order = strcmp(a, b);
        return (order > 0) - (order < 0);
    }
    struct amount left = amount_of(a), right = amount_of(b);
    bool is_share = left.dimension == SHARE || right.dimension == SHARE;
    bool is_plain = left.dimension == PLAIN || right.dimension == PLAIN;
    bool alike = left.dimension == right.dimension || (is_share && is_plain);
    if (!alike || left.dimension == NO_AMOUNT || is_date(a) || is_date(b) ||
        !string_equal(left.unit, right.unit)) {
        return AMOUNTS_UNLIKE;
    }
    return (left.value > right.value) - (left.value < right.value);
}

bool amounts_range(const char *text, double *low, double *high)
{
    char *end, *last;
    *low = strtod(text, &end);
    if (end == text || !string_starts(end, " to ")) {
        return false;
    }
    *high = strtod(end + 4, &last);
    return last != end + 4 && *last == '\0';
}

/* ---- Lists ---- */

static void add_value(struct array *values, const char *bytes, size_t length)
{
    if (values->count < MOST_VALUES && length > 0) {
        *(char **)array_push(values) = string_copy_bytes(bytes, length);
    }
}

static bool take_json(const char *text, struct array *values)
{
    struct document_place place;
    struct error err = {0};
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_JSON, &place, &err);
    const struct document_value *list = document_root(document);
    bool is_list = document != NULL && document_kind(list) == DOCUMENT_LIST;
    for (size_t i = 0; is_list && i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *value = document_kind(item) == DOCUMENT_MAP
                                ? document_get_text(item, "value")
                                : document_text(item);
        if (value != NULL) {
            add_value(values, value, strlen(value));
        }
    }
    document_free(document);
    return is_list;
}

static struct array values_of(const char *text)
{
    struct array values = ARRAY_OF(char *);
    if (text[0] == '[' && take_json(text, &values)) {
        return values;
    }
    for (const char *p = text; *p != '\0';) {
        size_t length = strcspn(p, "\n");
        add_value(&values, p, length);
        p += length + (p[length] == '\n');
    }
    return values;
}

static char *only_first(const struct array *first, const struct array *second)
{
    struct text joined = {0};
    for (size_t i = 0; i < first->count; i++) {
        const char *value = *(char **)array_at(first, i);
        bool is_there = false;
        for (size_t k = 0; k < second->count && !is_there; k++) {
            is_there = string_equal(value, *(char **)array_at(second, k));
        }
        if (!is_there) {
            text_printf(&joined, "%s%s", joined.length > 0 ? ", " : "", value);
        }
    }
    return joined.length > 0 ? text_take(&joined) : NULL;
}

void amounts_lists(const char *before, const char *after, char **gone, char **come)
{
    struct array old_values = values_of(before), new_values = values_of(after);
    *gone = only_first(&old_values, &new_values);
    *come = only_first(&new_values, &old_values);
    struct array *lists[] = {&old_values, &new_values};
    for (size_t i = 0; i < 2; i++) {
        for (size_t k = 0; k < lists[i]->count; k++) {
            free(*(char **)array_at(lists[i], k));
        }
        array_release(lists[i]);
    }
}
