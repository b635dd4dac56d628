/* functions/statistics: median, percentile, stddev and regexp.
 * Memory comes from SQLite, so that the memory limit of a query holds for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions.h"
#include "engine/functions/private.h"
#include "engine/pattern.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

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
    pattern_free(expression);
}

static struct pattern *compile_expression(sqlite3_context *context,
                                          const char *expression)
{
    struct text why = {0};
    struct pattern *pattern = pattern_new(expression, PATTERN_PERL, &why);
    if (pattern == NULL) {
        sqlite3_result_error(context, text_string(&why), -1);
    }
    text_release(&why);
    return pattern;
}

static void regexp_call(sqlite3_context *context, int count, sqlite3_value **args)
{
    const char *expression = (const char *)sqlite3_value_text(args[0]);
    const char *text = (const char *)sqlite3_value_text(args[1]);
    (void)count;
    if (expression == NULL || text == NULL) {
        return;
    }
    struct pattern *pattern = sqlite3_get_auxdata(context, 0);
    bool fresh = pattern == NULL;
    if (fresh && (pattern = compile_expression(context, expression)) == NULL) {
        return;
    }
    size_t length = (size_t)sqlite3_value_bytes(args[1]);
    enum pattern_answer answer = pattern_match(pattern, text, length);
    if (answer == PATTERN_ENDLESS) {
        sqlite3_result_error(context,
                             "a regular expression takes too many steps on a value; "
                             "avoid repeated parts that can match the same signs",
                             -1);
    } else {
        sqlite3_result_int(context, answer == PATTERN_YES);
    }
    if (fresh) {
        sqlite3_set_auxdata(context, 0, pattern, free_expression);
    }
}

void functions_add(sqlite3 *db, const struct function_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sqlite3_create_function_v2(db, rows[i].name, rows[i].arguments,
                                   SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                   NULL, rows[i].call, rows[i].step, rows[i].final, NULL);
    }
}

void functions_register(sqlite3 *db)
{
    static const struct function_row rows[] = {
        {"median", 1, NULL, percentile_step, percentile_final},
        {"percentile", 2, NULL, percentile_step, percentile_final},
        {"stddev", 1, NULL, stddev_step, stddev_final},
        {"regexp", 2, regexp_call, NULL, NULL},
    };
    functions_add(db, rows, sizeof rows / sizeof rows[0]);
    dates_register(db);
    casts_register(db);
}
