/* session/functions: median, percentile, stddev and regexp.
 * Memory comes from SQLite, so that the memory limit of a query holds for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/functions.h"

#include <math.h>
#include <regex.h>
#include <stdbool.h>
#include <stdlib.h>

/* The numbers of a group, kept until its end. */
struct sample {
    double *values;
    sqlite3_int64 count, capacity;
    double percent;
};

/* The argument as a number: false when it is NULL, or no number (that is an error). */
static bool take_number(sqlite3_context *context, sqlite3_value *value, double *out)
{
    int type = sqlite3_value_numeric_type(value);
    if (type == SQLITE_NULL) {
        return false;
    }
    if (type != SQLITE_INTEGER && type != SQLITE_FLOAT) {
        sqlite3_result_error(context, "median, percentile and stddev need numbers", -1);
        return false;
    }
    *out = sqlite3_value_double(value);
    return true;
}

static bool keep_number(struct sample *sample, double value)
{
    if (sample->count == sample->capacity) {
        sqlite3_int64 capacity = sample->capacity > 0 ? sample->capacity * 2 : 16;
        double *values =
            sqlite3_realloc64(sample->values, (sqlite3_uint64)capacity * sizeof *values);
        if (values == NULL) {
            return false;
        }
        sample->values = values;
        sample->capacity = capacity;
    }
    sample->values[sample->count++] = value;
    return true;
}

static void percentile_step(sqlite3_context *context, int count, sqlite3_value **args)
{
    struct sample *sample = sqlite3_aggregate_context(context, sizeof *sample);
    double value;
    if (sample == NULL) {
        sqlite3_result_error_nomem(context);
        return;
    }
    sample->percent = count > 1 ? sqlite3_value_double(args[1]) : 50;
    if (!(sample->percent >= 0 && sample->percent <= 100)) {
        sqlite3_result_error(context, "percentile needs a percentage from 0 to 100", -1);
    } else if (take_number(context, args[0], &value) && !keep_number(sample, value)) {
        sqlite3_result_error_nomem(context);
    }
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* SQLite calls this also for a group that ended in an error, so nothing is leaked. */
static void percentile_final(sqlite3_context *context)
{
    struct sample *sample = sqlite3_aggregate_context(context, 0);
    if (sample == NULL || sample->count == 0) {
        return;
    }
    qsort(sample->values, (size_t)sample->count, sizeof *sample->values, compare_numbers);
    double place = sample->percent / 100 * (double)(sample->count - 1);
    sqlite3_int64 below = (sqlite3_int64)floor(place);
    sqlite3_int64 above = below + 1 < sample->count ? below + 1 : below;
    double part = place - (double)below;
    double low = sample->values[below];
    double high = sample->values[above];
    sqlite3_result_double(context, part > 0 ? low + (high - low) * part : low);
    sqlite3_free(sample->values);
    sample->values = NULL;
    sample->count = 0;
}

struct spread {
    sqlite3_int64 count;
    double mean, squares;
};

static void stddev_step(sqlite3_context *context, int count, sqlite3_value **args)
{
    struct spread *spread = sqlite3_aggregate_context(context, sizeof *spread);
    double value;
    (void)count;
    if (spread == NULL || !take_number(context, args[0], &value)) {
        return;
    }
    spread->count++;
    double distance = value - spread->mean;
    spread->mean += distance / (double)spread->count;
    spread->squares += distance * (value - spread->mean);
}

static void stddev_final(sqlite3_context *context)
{
    const struct spread *spread = sqlite3_aggregate_context(context, 0);
    if (spread != NULL && spread->count > 1) {
        sqlite3_result_double(context,
                              sqrt(spread->squares / (double)(spread->count - 1)));
    }
}

static void free_expression(void *expression)
{
    regfree(expression);
    sqlite3_free(expression);
}

static regex_t *compile_expression(sqlite3_context *context, const char *pattern)
{
    regex_t *expression = sqlite3_malloc64(sizeof *expression);
    if (expression == NULL) {
        sqlite3_result_error_nomem(context);
        return NULL;
    }
    int status = regcomp(expression, pattern, REG_EXTENDED | REG_NOSUB);
    if (status != 0) {
        char reason[160];
        regerror(status, expression, reason, sizeof reason);
        char *sentence =
            sqlite3_mprintf("the regular expression %Q is wrong: %s", pattern, reason);
        sqlite3_result_error(context, sentence != NULL ? sentence : reason, -1);
        sqlite3_free(sentence);
        sqlite3_free(expression);
        return NULL;
    }
    return expression;
}

static void regexp_call(sqlite3_context *context, int count, sqlite3_value **args)
{
    const char *pattern = (const char *)sqlite3_value_text(args[0]);
    const char *text = (const char *)sqlite3_value_text(args[1]);
    (void)count;
    if (pattern == NULL || text == NULL) {
        return;
    }
    regex_t *expression = sqlite3_get_auxdata(context, 0);
    bool fresh = expression == NULL;
    if (fresh && (expression = compile_expression(context, pattern)) == NULL) {
        return;
    }
    int status = regexec(expression, text, 0, NULL, 0);
    if (status == REG_ESPACE) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_int(context, status == 0);
    }
    if (fresh) {
        sqlite3_set_auxdata(context, 0, expression, free_expression);
    }
}

void functions_register(sqlite3 *db)
{
    static const struct {
        const char *name;
        int arguments;
        void (*call)(sqlite3_context *, int, sqlite3_value **);
        void (*step)(sqlite3_context *, int, sqlite3_value **);
        void (*final)(sqlite3_context *);
    } rows[] = {
        {"median", 1, NULL, percentile_step, percentile_final},
        {"percentile", 2, NULL, percentile_step, percentile_final},
        {"stddev", 1, NULL, stddev_step, stddev_final},
        {"regexp", 2, regexp_call, NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        sqlite3_create_function_v2(db, rows[i].name, rows[i].arguments,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   NULL, rows[i].call, rows[i].step, rows[i].final, NULL);
    }
}
