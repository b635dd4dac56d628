/* quality/check: a check as a value: names of outcomes, sums, release.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdio.h>
#include <stdlib.h>

const char *quality_outcome_name(enum quality_outcome outcome)
{
    static const char *const names[] = {
        [QUALITY_PASSED] = "passed",   [QUALITY_WARNING] = "warning",
        [QUALITY_FAILED] = "failed",   [QUALITY_ERROR] = "error",
        [QUALITY_NOT_RUN] = "not run",
    };
    return names[outcome];
}

/* All strings of a check, for what handles them alike. */
size_t quality_check_strings(struct quality_check *check,
                             char **strings[QUALITY_STRINGS_MOST])
{
    char **all[] = {
        &check->product,     &check->contract, &check->object,    &check->property,
        &check->table,       &check->column,   &check->key,       &check->rule,
        &check->type,        &check->metric,   &check->dimension, &check->severity,
        &check->description, &check->tags,     &check->op,        &check->lo,
        &check->hi,          &check->unit,     &check->arguments, &check->query,
        &check->path,        &check->value,    &check->threshold, &check->reason,
        &check->sql,         &check->rows_sql};
    size_t count = sizeof all / sizeof *all;
    for (size_t i = 0; i < count; i++) {
        strings[i] = all[i];
    }
    return count;
}

void quality_release(struct array *checks)
{
    for (size_t i = 0; i < checks->count; i++) {
        char **strings[QUALITY_STRINGS_MOST];
        size_t count = quality_check_strings(array_at(checks, i), strings);
        for (size_t s = 0; s < count; s++) {
            free(*strings[s]);
        }
    }
    array_release(checks);
}

struct quality_totals quality_totals(const struct array *checks)
{
    struct quality_totals totals = {.checks = (int)checks->count};
    for (size_t i = 0; i < checks->count; i++) {
        const struct quality_check *check = array_at(checks, i);
        totals.passed += check->outcome == QUALITY_PASSED;
        totals.warnings += check->outcome == QUALITY_WARNING;
        totals.failed += check->outcome == QUALITY_FAILED;
        totals.errors += check->outcome == QUALITY_ERROR;
        totals.not_run += check->outcome == QUALITY_NOT_RUN;
    }
    totals.worst = totals.errors > 0     ? QUALITY_ERROR
                   : totals.failed > 0   ? QUALITY_FAILED
                   : totals.warnings > 0 ? QUALITY_WARNING
                   : totals.passed > 0   ? QUALITY_PASSED
                                         : QUALITY_NOT_RUN;
    return totals;
}

void quality_totals_describe(const struct quality_totals *totals, struct text *out)
{
    const struct {
        int count;
        const char *one, *many;
    } parts[] = {
        {totals->passed, "passed", "passed"},
        {totals->warnings, "warning", "warnings"},
        {totals->failed, "failed", "failed"},
        {totals->errors, "error", "errors"},
        {totals->not_run, "not run", "not run"},
    };
    text_append_count(out, totals->checks, "check");
    const char *before = ": ";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i].count > 0) {
            char number[32];
            text_printf(out, "%s%s %s", before,
                        string_of_count(parts[i].count, number, sizeof number),
                        parts[i].count == 1 ? parts[i].one : parts[i].many);
            before = ", ";
        }
    }
}
