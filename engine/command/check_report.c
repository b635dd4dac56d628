/* command/check_report: see check_report.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/check_report.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/command/junit.h"

void check_runs_release(struct array *runs)
{
    for (size_t i = 0; i < runs->count; i++) {
        struct check_run *run = array_at(runs, i);
        quality_release(&run->checks);
        free(run->product);
    }
    array_release(runs);
}

/* ---- Rows ---- */

static const char *const full_columns[] = {
    "contract", "object",   "property", "rule",      "type",  "metric",  "dimension",
    "severity", "outcome",  "value",    "threshold", "total", "percent", "reason",
    "sql",      "rows_sql", "key",      "product",   "path",  "line",    "seconds"};
static const char *const short_columns[] = {"outcome", "product",   "check",
                                            "value",   "threshold", "reason"};
enum {
    FULL_COLUMNS = sizeof full_columns / sizeof *full_columns,
    SHORT_COLUMNS = sizeof short_columns / sizeof *short_columns,
};

/* Two digits behind the point: what is told of thousands of rows needs no more. */
static void percent_text(double percent, char *text, size_t size)
{
    snprintf(text, size, "%.4g", percent);
}

static void add_full(struct rows *rows, const struct quality_check *check)
{
    char percent[32], total[32];
    percent_text(check->percent, percent, sizeof percent);
    snprintf(total, sizeof total, "%lld", check->total);
    rows_add(rows, "sssssssssNsNNssssssZd", check->contract, check->object,
             check->property, check->rule, check->type, check->metric, check->dimension,
             check->severity, quality_outcome_name(check->outcome), check->value,
             check->threshold, check->total >= 0 ? total : NULL,
             check->percent >= 0 ? percent : NULL, check->reason, check->sql,
             check->rows_sql, check->key, check->product, check->path,
             (long long)check->line, check->seconds);
}

static void add_short(struct rows *rows, const struct quality_check *check)
{
    rows_add(rows, "sssNss", quality_outcome_name(check->outcome), check->product,
             check->key, check->value, check->threshold, check->reason);
}

struct result *check_report_rows(const char *folder, const struct array *runs, bool full,
                                 struct error *err)
{
    const char *const *columns = full ? full_columns : short_columns;
    size_t count = full ? (size_t)FULL_COLUMNS : (size_t)SHORT_COLUMNS;
    struct rows *rows = rows_new(folder, columns, count, err);
    for (size_t i = 0; rows != NULL && i < runs->count; i++) {
        const struct check_run *run = array_at(runs, i);
        for (size_t c = 0; c < run->checks.count; c++) {
            (full ? add_full : add_short)(rows, array_at(&run->checks, c));
        }
    }
    char *file = rows != NULL ? string_copy(rows_file(rows)) : NULL;
    struct result *result = rows != NULL && rows_close(rows, err)
                                ? rows_open(file, columns, count, err)
                                : NULL;
    free(file);
    return result;
}

/* ---- JUnit ---- */

static char *words_of(const struct quality_check *check)
{
    bool is_told = check->reason != NULL && check->outcome != QUALITY_PASSED;
    return !is_told             ? NULL
           : check->sql == NULL ? string_copy(check->reason)
                                : string_printf("%s\n%s", check->reason, check->sql);
}

static void add_cases(struct array *cases, const struct check_run *run)
{
    static const enum junit_verdict verdicts[] = {[QUALITY_PASSED] = JUNIT_PASSED,
                                                  [QUALITY_WARNING] = JUNIT_PASSED,
                                                  [QUALITY_FAILED] = JUNIT_FAILED,
                                                  [QUALITY_ERROR] = JUNIT_ERROR,
                                                  [QUALITY_NOT_RUN] = JUNIT_SKIPPED};
    for (size_t i = 0; i < run->checks.count; i++) {
        const struct quality_check *check = array_at(&run->checks, i);
        *(struct junit_case *)array_push(cases) = (struct junit_case){
            .suite = run->product,
            .class_name = check->contract,
            .name = check->key,
            .verdict = verdicts[check->outcome],
            .type = check->metric != NULL ? check->metric : check->type,
            .sentence = words_of(check),
        };
    }
}

void check_report_junit(const struct array *runs, struct text *out)
{
    struct array cases = ARRAY_OF(struct junit_case);
    for (size_t i = 0; i < runs->count; i++) {
        add_cases(&cases, array_at(runs, i));
    }
    junit_append_cases(out, "mwb check", cases.items, cases.count);
    for (size_t i = 0; i < cases.count; i++) {
        free((char *)((struct junit_case *)array_at(&cases, i))->sentence);
    }
    array_release(&cases);
}

/* ---- Totals ---- */

static void add_totals(struct quality_totals *sum, const struct quality_totals *one)
{
    sum->checks += one->checks;
    sum->passed += one->passed;
    sum->warnings += one->warnings;
    sum->failed += one->failed;
    sum->errors += one->errors;
    sum->not_run += one->not_run;
}

struct quality_totals check_report_totals(const struct array *runs, struct text *out)
{
    struct quality_totals sum = {0};
    for (size_t i = 0; i < runs->count; i++) {
        const struct check_run *run = array_at(runs, i);
        struct quality_totals totals = quality_totals(&run->checks);
        add_totals(&sum, &totals);
        if (runs->count == 1 || totals.passed < totals.checks) {
            text_printf(out, "%s%s: ", out->length > 0 ? "\n" : "", run->product);
            quality_totals_describe(&totals, out);
        }
    }
    if (runs->count > 1) {
        text_append(out, out->length > 0 ? "\n" : "");
        text_append_count(out, (long long)runs->count, "product");
        text_append(out, ", ");
        quality_totals_describe(&sum, out);
    }
    return sum;
}
