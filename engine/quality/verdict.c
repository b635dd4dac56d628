/* quality/verdict: what was counted, held against what was promised.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

/* ---- Operators ---- */

static bool is_same(double value, double low, double high)
{
    (void)high;
    return value == low;
}

static bool is_other(double value, double low, double high)
{
    (void)high;
    return value != low;
}

static bool is_above(double value, double low, double high)
{
    (void)high;
    return value > low;
}

static bool is_least(double value, double low, double high)
{
    (void)high;
    return value >= low;
}

static bool is_below(double value, double low, double high)
{
    (void)high;
    return value < low;
}

static bool is_most(double value, double low, double high)
{
    (void)high;
    return value <= low;
}

static bool is_between(double value, double low, double high)
{
    return value >= low && value <= high;
}

static bool is_outside(double value, double low, double high)
{
    return value < low || value > high;
}

static const struct operator_row {
    const char *name, *sign;
    bool (*holds)(double value, double low, double high);
    bool has_two;
} operators[] = {
    {"mustBe", "=", is_same, false},
    {"mustNotBe", "<>", is_other, false},
    {"mustBeGreaterThan", ">", is_above, false},
    {"mustBeGreaterOrEqualTo", ">=", is_least, false},
    {"mustBeLessThan", "<", is_below, false},
    {"mustBeLessOrEqualTo", "<=", is_most, false},
    {"mustBeBetween", "between", is_between, true},
    {"mustNotBeBetween", "not between", is_outside, true},
};

static const struct operator_row *find_operator(const char *name)
{
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        if (string_equal(operators[i].name, name)) {
            return &operators[i];
        }
    }
    return NULL;
}

bool quality_number_of(const char *text, double *number)
{
    char *end;
    if (text == NULL || text[0] == '\0') {
        return false;
    }
    *number = strtod(text, &end);
    return *end == '\0' && isfinite(*number);
}

/* ---- Outcomes ---- */

bool quality_is_percent(const struct quality_check *check)
{
    return string_equal_fold(check->unit, "percent") || string_equal(check->unit, "%");
}

static void set_reason(struct quality_check *check, enum quality_outcome outcome,
                       const char *format, va_list args)
{
    struct text reason = {0};
    text_vprintf(&reason, format, args);
    free(check->reason);
    check->reason = text_take(&reason);
    check->outcome = outcome;
    check->is_done = true;
}

void quality_broke(struct quality_check *check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_reason(check, QUALITY_ERROR, format, args);
    va_end(args);
}

void quality_not_run(struct quality_check *check, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    set_reason(check, QUALITY_NOT_RUN, format, args);
    va_end(args);
}

enum quality_outcome quality_outcome_below(const struct quality_check *check)
{
    static const char *const mild[] = {"info", "warning", "low", "minor", "trivial"};
    for (size_t i = 0; i < sizeof mild / sizeof *mild; i++) {
        if (string_equal_fold(check->severity, mild[i])) {
            return QUALITY_WARNING;
        }
    }
    return QUALITY_FAILED;
}

char *quality_number_text(double number)
{
    return number == floor(number) && fabs(number) < 1e15
               ? string_printf("%.0f", number)
               : string_printf("%.15g", number);
}

/* ---- The verdict ---- */

static void tell_threshold(struct quality_check *check, const struct operator_row *row)
{
    const char *unit = quality_is_percent(check) ? " %" : "";
    free(check->threshold);
    check->threshold =
        row->has_two
            ? string_printf("%s %s and %s%s", row->sign, check->lo, check->hi, unit)
            : string_printf("%s %s%s", row->sign, check->lo, unit);
}

/* Which operator it is, and whether its numbers are some. */
static const struct operator_row *read_operator(struct quality_check *check, double *low,
                                                double *high)
{
    const struct operator_row *row = find_operator(check->op);
    if (check->op == NULL) {
        quality_broke(check, "the rule has no operator (mustBe, mustBeLessThan ...), so "
                             "that nothing can pass or fail; add one");
        return NULL;
    }
    if (row == NULL) {
        quality_broke(check,
                      "the rule has the operator %s; it needs one that is known, "
                      "and one only",
                      check->op);
        return NULL;
    }
    if (!quality_number_of(check->lo, low) ||
        (row->has_two && !quality_number_of(check->hi, high))) {
        quality_broke(check, "%s needs %s", check->op,
                      row->has_two ? "two numbers: [low, high]" : "a number");
        return NULL;
    }
    if (row->has_two && *low > *high) {
        quality_broke(check, "%s has its ends in the wrong order: %s is more than %s",
                      check->op, check->lo, check->hi);
        return NULL;
    }
    return row;
}

static void tell_reason(struct quality_check *check, double measured)
{
    if (check->outcome != QUALITY_PASSED && check->reason == NULL) {
        char *number = quality_number_text(measured);
        check->reason =
            string_printf("the value is %s%s, but must be %s", number,
                          quality_is_percent(check) ? " %" : "", check->threshold);
        free(number);
    }
}

void quality_judge(struct quality_check *check, bool has_value, double value)
{
    double low = 0, high = 0;
    const struct operator_row *row = read_operator(check, &low, &high);
    if (row == NULL) {
        return;
    }
    tell_threshold(check, row);
    check->is_done = true;
    if (!has_value) {
        check->outcome = quality_outcome_below(check);
        if (check->reason == NULL) {
            check->reason = string_copy("the answer is NULL, which is no number");
        }
        return;
    }
    if (check->value == NULL) {
        check->value = quality_number_text(value);
    }
    double measured = value;
    if (quality_is_percent(check) && check->total >= 0) {
        measured = check->total > 0 ? value * 100 / (double)check->total : 0;
    }
    check->outcome =
        row->holds(measured, low, high) ? QUALITY_PASSED : quality_outcome_below(check);
    tell_reason(check, measured);
}
