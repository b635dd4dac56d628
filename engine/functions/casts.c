/* functions/casts: conversions that fail where SQLite would bend: CAST('abc' AS INTEGER)
 * is 0 there, and CAST('2026-11-23' AS DATE) is 2026.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions/private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

/* The whole text is one number. */
static bool number_of(sqlite3_value *value, double *out)
{
    const char *text = (const char *)sqlite3_value_text(value);
    char *end;
    if (text == NULL || strpbrk(text, "xXnN") != NULL) {
        return false; /* hexadecimal, nan, inf */
    }
    *out = strtod(text, &end);
    while (*end == ' ') {
        end++;
    }
    return end != text && *end == '\0' && isfinite(*out);
}

static bool cast_number(sqlite3_context *context, sqlite3_value *value)
{
    double number;
    if (!number_of(value, &number)) {
        return false;
    }
    sqlite3_result_double(context, number);
    return true;
}

static bool cast_integer(sqlite3_context *context, sqlite3_value *value)
{
    static const double most = 9.2e18;
    double number;
    if (sqlite3_value_numeric_type(value) == SQLITE_INTEGER) {
        sqlite3_result_int64(context, sqlite3_value_int64(value));
        return true;
    }
    if (!number_of(value, &number) || fabs(number) > most) {
        return false;
    }
    sqlite3_result_int64(context, llrint(number));
    return true;
}

static bool cast_text(sqlite3_context *context, sqlite3_value *value)
{
    sqlite3_result_text(context, (const char *)sqlite3_value_text(value), -1,
                        SQLITE_TRANSIENT);
    return true;
}

static bool cast_boolean(sqlite3_context *context, sqlite3_value *value)
{
    static const char *const yes[] = {"true", "t", "1", "yes", "y", "on"};
    static const char *const no[] = {"false", "f", "0", "no", "n", "off"};
    const char *text = (const char *)sqlite3_value_text(value);
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        sqlite3_result_int(context, sqlite3_value_int64(value) != 0);
        return true;
    }
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++) {
        bool is = string_equal_fold(text, yes[i]);
        if (is || string_equal_fold(text, no[i])) {
            sqlite3_result_int(context, is);
            return true;
        }
    }
    return false;
}

static bool cast_moment(sqlite3_context *context, sqlite3_value *value, bool is_day)
{
    char text[MOMENT_SIZE];
    struct moment moment;
    if (sqlite3_value_type(value) != SQLITE_TEXT ||
        !moment_parse((const char *)sqlite3_value_text(value), &moment)) {
        return false;
    }
    moment.is_day = is_day;
    moment_print(&moment, text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
    return true;
}

static bool cast_date(sqlite3_context *context, sqlite3_value *value)
{
    return cast_moment(context, value, true);
}

static bool cast_timestamp(sqlite3_context *context, sqlite3_value *value)
{
    return cast_moment(context, value, false);
}

static bool cast_interval(sqlite3_context *context, sqlite3_value *value)
{
    struct interval interval;
    const char *text = (const char *)sqlite3_value_text(value);
    return text != NULL && interval_parse(text, &interval) && cast_text(context, value);
}

static const struct {
    const char *type;
    bool (*cast)(sqlite3_context *context, sqlite3_value *value);
} casts[] = {
    {"integer", cast_integer},   {"number", cast_number}, {"text", cast_text},
    {"boolean", cast_boolean},   {"date", cast_date},     {"timestamp", cast_timestamp},
    {"interval", cast_interval},
};

static void cast_to(sqlite3_context *context, sqlite3_value **values, bool strict)
{
    const char *type = (const char *)sqlite3_value_text(values[0]);
    if (type == NULL || sqlite3_value_type(values[1]) == SQLITE_NULL) {
        return;
    }
    for (size_t i = 0; i < sizeof casts / sizeof *casts; i++) {
        if (!string_equal_fold(casts[i].type, type)) {
            continue;
        }
        if (!casts[i].cast(context, values[1]) && strict) {
            const char *text = (const char *)sqlite3_value_text(values[1]);
            char *sentence = string_printf("'%.60s' is no %s", text != NULL ? text : "",
                                           casts[i].type);
            sqlite3_result_error(context, sentence, -1);
            free(sentence);
        }
        return;
    }
    sqlite3_result_error(context, "there is no such type to convert to", -1);
}

static void call_cast(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    cast_to(context, values, true);
}

static void call_try_cast(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    cast_to(context, values, false);
}

void casts_register(sqlite3 *db)
{
    static const struct function_row rows[] = {
        {"mwb_cast", 2, call_cast, NULL, NULL},
        {"mwb_try_cast", 2, call_try_cast, NULL, NULL},
    };
    functions_add(db, rows, sizeof rows / sizeof *rows);
}
