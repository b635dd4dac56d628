/* quality/test: promises about single values, one row each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/test.h"
#include "engine/pattern.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/quality/set.h"
#include "engine/quality/types.h"

struct quality_test {
    const struct test_row *row;
    double number; /* bounds, lengths */
    char *bound;   /* of dates and times, without a Z at its end */
    size_t length; /* of the bound */
    struct quality_set *words, *missing;
    struct pattern *pattern;
    const struct quality_form *form;
    const struct quality_type *type;
    double least, most; /* of a whole number's format */
};

struct test_row {
    const char *metric;
    bool (*prepare)(struct quality_test *test, const char *argument, struct text *why);
    bool (*fails)(const struct quality_test *test, struct quality_value *value);
    bool counts_null;
};

/* ---- Values ---- */

void quality_value_take(struct quality_value *value, sqlite3_value *from)
{
    value->type = sqlite3_value_type(from);
    value->text = NULL;
    if (value->type == SQLITE_TEXT || value->type == SQLITE_BLOB) {
        value->text = value->type == SQLITE_TEXT ? (const char *)sqlite3_value_text(from)
                                                 : sqlite3_value_blob(from);
        value->length = (size_t)sqlite3_value_bytes(from);
        if (value->text == NULL) { /* an empty blob */
            value->text = "";
        }
    } else if (value->type == SQLITE_INTEGER) {
        value->integer = sqlite3_value_int64(from);
        value->real = (double)value->integer;
    } else if (value->type == SQLITE_FLOAT) {
        value->real = sqlite3_value_double(from);
    }
}

/* As SQLite prints numbers. */
void quality_value_print(struct quality_value *value)
{
    if (value->text != NULL) {
        return;
    }
    if (value->type == SQLITE_INTEGER) {
        snprintf(value->buffer, sizeof value->buffer, "%lld", value->integer);
    } else if (value->type == SQLITE_FLOAT) {
        sqlite3_snprintf(sizeof value->buffer, value->buffer, "%!.15g", value->real);
    } else {
        value->buffer[0] = '\0';
    }
    value->text = value->buffer;
    value->length = strlen(value->buffer);
}

static bool is_number(const struct quality_value *value)
{
    return value->type == SQLITE_INTEGER || value->type == SQLITE_FLOAT;
}

/* ---- Nothing there ---- */

static bool prepare_nothing(struct quality_test *test, const char *argument,
                            struct text *why)
{
    (void)test;
    (void)argument;
    (void)why;
    return true;
}

static bool is_null(const struct quality_test *test, struct quality_value *value)
{
    (void)test;
    return value->type == SQLITE_NULL;
}

static struct quality_set *read_set(const char *json, const char *what, struct text *why)
{
    struct array words = ARRAY_OF(char *);
    bool has_null = false;
    struct quality_set *set = NULL;
    if (quality_words_read(json, &words, &has_null)) {
        set = quality_set_new(&words);
    } else {
        text_printf(why, "%s is no list of plain values", what);
    }
    quality_words_release(&words);
    return set;
}

static bool prepare_missing(struct quality_test *test, const char *argument,
                            struct text *why)
{
    char *list = quality_member(argument, "missingValues");
    if (list == NULL) {
        text_append(why, "missingValues needs the argument missingValues, a list");
        return false;
    }
    test->missing = read_set(list, "missingValues", why);
    free(list);
    return test->missing != NULL;
}

static bool is_missing(const struct quality_test *test, struct quality_value *value)
{
    return value->type == SQLITE_NULL ||
           (test->missing != NULL && quality_set_has(test->missing, value));
}

/* ---- Lists and patterns ---- */

static bool prepare_words(struct quality_test *test, const char *argument,
                          struct text *why)
{
    test->words = read_set(argument != NULL ? argument : "", "the list of values", why);
    return test->words != NULL;
}

static bool is_stranger(const struct quality_test *test, struct quality_value *value)
{
    return value->type != SQLITE_NULL && !quality_set_has(test->words, value);
}

static bool prepare_pattern(struct quality_test *test, const char *argument,
                            struct text *why)
{
    test->pattern = pattern_new(argument != NULL ? argument : "", PATTERN_ECMA, why);
    return test->pattern != NULL;
}

static bool breaks_pattern(const struct quality_test *test, struct quality_value *value)
{
    if (value->type == SQLITE_NULL) {
        return false;
    }
    quality_value_print(value);
    /* What takes too long counts as no match. */
    return pattern_match(test->pattern, value->text, value->length) != PATTERN_YES;
}

/* Either list or pattern, or both; what stands for nothing is neither right nor wrong. */
static bool prepare_invalid(struct quality_test *test, const char *argument,
                            struct text *why)
{
    char *valid = quality_member(argument, "validValues");
    char *missing = quality_member(argument, "missingValues");
    char *pattern = quality_member_text(argument, "pattern");
    bool done = valid != NULL || pattern != NULL;
    if (!done) {
        text_append(why, "invalidValues needs the argument validValues, a list, or "
                         "pattern");
    }
    if (done && valid != NULL) {
        test->words = read_set(valid, "validValues", why);
        done = test->words != NULL;
    }
    if (done && missing != NULL) {
        test->missing = read_set(missing, "missingValues", why);
        done = test->missing != NULL;
    }
    done = done && (pattern == NULL || prepare_pattern(test, pattern, why));
    free(valid);
    free(missing);
    free(pattern);
    return done;
}

static bool is_invalid(const struct quality_test *test, struct quality_value *value)
{
    if (is_missing(test, value)) {
        return false;
    }
    return (test->words != NULL && !quality_set_has(test->words, value)) ||
           (test->pattern != NULL && breaks_pattern(test, value));
}

/* ---- Lengths and bounds ---- */

static bool prepare_number(struct quality_test *test, const char *argument,
                           struct text *why)
{
    char *end = NULL;
    test->number = argument != NULL ? strtod(argument, &end) : NAN;
    bool done =
        argument != NULL && end != argument && *end == '\0' && isfinite(test->number);
    if (!done) {
        text_printf(why, "%.80s is no number", argument != NULL ? argument : "nothing");
    }
    return done;
}

/* Characters of UTF-8: bytes that do not go on with one. */
static double characters_of(struct quality_value *value)
{
    size_t count = 0;
    quality_value_print(value);
    for (size_t i = 0; i < value->length; i++) {
        count += ((unsigned char)value->text[i] & 0xC0) != 0x80;
    }
    return (double)count;
}

static bool is_short(const struct quality_test *test, struct quality_value *value)
{
    return value->type != SQLITE_NULL && characters_of(value) < test->number;
}

static bool is_long(const struct quality_test *test, struct quality_value *value)
{
    return value->type != SQLITE_NULL && characters_of(value) > test->number;
}

static bool prepare_bound(struct quality_test *test, const char *argument,
                          struct text *why)
{
    size_t length = argument != NULL ? strlen(argument) : 0;
    struct text ignored = {0};
    bool is_plain = prepare_number(test, argument, &ignored);
    text_release(&ignored);
    test->number = is_plain ? test->number : NAN;
    if (is_plain && !quality_form_year(argument, length)) {
        return true;
    }
    if (quality_form_timestamp(argument, length) || quality_form_time(argument, length) ||
        quality_form_month(argument, length) || quality_form_year(argument, length)) {
        test->bound = quality_instant(argument, length);
        test->length = strlen(test->bound);
        return true;
    }
    text_printf(why, "%.80s is neither a number nor a date or time",
                argument != NULL ? argument : "nothing");
    return false;
}

/* Below 0, 0 or above as the value is below the bound ...; *comparable: they are of one
 * kind. */
static int compare(const struct quality_test *test, const struct quality_value *value,
                   bool *comparable)
{
    *comparable = true;
    if (is_number(value) && !isnan(test->number)) {
        return (value->real > test->number) - (value->real < test->number);
    }
    *comparable = test->bound != NULL && value->type == SQLITE_TEXT &&
                  (quality_form_timestamp(value->text, value->length) ||
                   quality_form_time(value->text, value->length) ||
                   quality_form_month(value->text, value->length) ||
                   quality_form_year(value->text, value->length));
    return *comparable ? quality_instant_compare(value->text, value->length, test->bound,
                                                 test->length)
                       : 0;
}

static bool is_below(const struct quality_test *test, struct quality_value *value)
{
    bool comparable;
    int order = compare(test, value, &comparable);
    return comparable && order < 0;
}

static bool is_above(const struct quality_test *test, struct quality_value *value)
{
    bool comparable;
    int order = compare(test, value, &comparable);
    return comparable && order > 0;
}

static bool is_not_above(const struct quality_test *test, struct quality_value *value)
{
    bool comparable;
    int order = compare(test, value, &comparable);
    return comparable && order <= 0;
}

static bool is_not_below(const struct quality_test *test, struct quality_value *value)
{
    bool comparable;
    int order = compare(test, value, &comparable);
    return comparable && order >= 0;
}

static bool prepare_multiple(struct quality_test *test, const char *argument,
                             struct text *why)
{
    bool done = prepare_number(test, argument, why);
    if (done && test->number <= 0) {
        text_printf(why, "multipleOf must be above 0, not %.80s", argument);
        done = false;
    }
    return done;
}

/* 0.1 has no exact double: 0.3 is three times as much for everybody but a computer. */
static bool is_no_multiple(const struct quality_test *test, struct quality_value *value)
{
    if (!is_number(value)) {
        return false;
    }
    if (value->type == SQLITE_INTEGER && test->number == floor(test->number) &&
        test->number < 9e15) {
        return value->integer % (long long)test->number != 0;
    }
    double times = value->real / test->number;
    return fabs(times - round(times)) > 1e-9 * fmax(1, fabs(times));
}

/* ---- Types and formats ---- */

static bool prepare_type(struct quality_test *test, const char *argument,
                         struct text *why)
{
    test->type = quality_type_named(argument);
    if (test->type == NULL) {
        text_printf(why, "nobody here knows the type %.80s",
                    argument != NULL ? argument : "");
    }
    return test->type != NULL;
}

static bool is_no_type(const struct quality_test *test, struct quality_value *value)
{
    return value->type != SQLITE_NULL && !test->type->fits(value);
}

static bool prepare_format(struct quality_test *test, const char *argument,
                           struct text *why)
{
    test->form = quality_form_named(argument);
    if (test->form == NULL && !quality_range_named(argument, &test->least, &test->most)) {
        text_printf(why, "nobody here knows the format %.80s",
                    argument != NULL ? argument : "");
        return false;
    }
    return true;
}

static bool breaks_format(const struct quality_test *test, struct quality_value *value)
{
    if (test->form == NULL) {
        return is_number(value) &&
               (value->real < test->least || value->real > test->most);
    }
    return value->type == SQLITE_TEXT && !test->form->fits(value->text, value->length);
}

/* ---- The table ---- */

static const struct test_row tests[] = {
    {"nullValues", prepare_nothing, is_null, true},
    {"required", prepare_nothing, is_null, true},
    {"missingValues", prepare_missing, is_missing, true},
    {"invalidValues", prepare_invalid, is_invalid, false},
    {"enum", prepare_words, is_stranger, false},
    {"type", prepare_type, is_no_type, false},
    {"minLength", prepare_number, is_short, false},
    {"maxLength", prepare_number, is_long, false},
    {"minimum", prepare_bound, is_below, false},
    {"maximum", prepare_bound, is_above, false},
    {"exclusiveMinimum", prepare_bound, is_not_above, false},
    {"exclusiveMaximum", prepare_bound, is_not_below, false},
    {"multipleOf", prepare_multiple, is_no_multiple, false},
    {"pattern", prepare_pattern, breaks_pattern, false},
    {"format", prepare_format, breaks_format, false},
};

static const struct test_row *find_row(const char *metric)
{
    for (size_t i = 0; i < sizeof tests / sizeof *tests; i++) {
        if (string_equal(tests[i].metric, metric)) {
            return &tests[i];
        }
    }
    return NULL;
}

bool quality_test_is_known(const char *metric)
{
    return find_row(metric) != NULL;
}

struct quality_test *quality_test_new(const char *metric, const char *argument,
                                      struct text *why)
{
    const struct test_row *row = find_row(metric);
    if (row == NULL) {
        text_printf(why, "nobody here knows the metric %.80s", metric);
        return NULL;
    }
    struct quality_test *test = memory_new(sizeof *test);
    test->row = row;
    if (!row->prepare(test, argument, why)) {
        quality_test_free(test);
        return NULL;
    }
    return test;
}

void quality_test_free(struct quality_test *test)
{
    if (test != NULL) {
        quality_set_free(test->words);
        quality_set_free(test->missing);
        pattern_free(test->pattern);
        free(test->bound);
        free(test);
    }
}

bool quality_test_fails(const struct quality_test *test, struct quality_value *value)
{
    if (value->type == SQLITE_NULL && !test->row->counts_null) {
        return false;
    }
    return test->row->fails(test, value);
}
