/* functions/dates: parts, starts, differences and shifts of dates and times in SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

/* ---- Arguments ---- */

static void fail(sqlite3_context *context, const char *text, const char *what)
{
    char *sentence = string_printf("'%.60s' is no %s", text, what);
    sqlite3_result_error(context, sentence, -1);
    free(sentence);
}

/* False: NULL, or an error is set. */
static bool take_moment(sqlite3_context *context, sqlite3_value *value,
                        struct moment *out)
{
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL) {
        return false;
    }
    if (sqlite3_value_type(value) == SQLITE_TEXT && moment_parse(text, out)) {
        return true;
    }
    fail(context, text, "date or time");
    return false;
}

static bool take_interval(sqlite3_context *context, sqlite3_value *value,
                          struct interval *out)
{
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL) {
        return false;
    }
    if (interval_parse(text, out)) {
        return true;
    }
    fail(context, text, "interval");
    return false;
}

static void give_moment(sqlite3_context *context, const struct moment *moment)
{
    char text[MOMENT_SIZE];
    struct civil civil = civil_of_days(moment_days(moment));
    if (civil.year < 0 || civil.year > 9999) {
        sqlite3_result_error(context, "the year is not within 0 and 9999", -1);
        return;
    }
    moment_print(moment, text);
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* ---- Units ---- */

static int weekday(long long days) /* Monday is 0 */
{
    return (int)(days + 3 - floor_divide(days + 3, 7) * 7);
}

/* The Thursday of a week tells its year. */
static long long iso_year(long long days)
{
    return civil_of_days(days - weekday(days) + 3).year;
}

static long long iso_week(long long days)
{
    long long thursday = days - weekday(days) + 3;
    return (thursday - days_of_civil(civil_of_days(thursday).year, 1, 1)) / 7 + 1;
}

static double part_second(const struct moment *moment)
{
    long long minute = 60LL * MICROS_A_SECOND;
    return (double)(moment->micros - floor_divide(moment->micros, minute) * minute) /
           MICROS_A_SECOND;
}

static long long part_of_day(const struct moment *moment, long long seconds, int modulo)
{
    return (moment->micros - moment_days(moment) * MICROS_A_DAY) /
           (seconds * MICROS_A_SECOND) % modulo;
}

static long long part_hour(const struct moment *m)
{
    return part_of_day(m, 3600, 24);
}

static long long part_minute(const struct moment *m)
{
    return part_of_day(m, 60, 60);
}

static long long part_year(const struct moment *m)
{
    return civil_of_days(moment_days(m)).year;
}

static long long part_month(const struct moment *m)
{
    return civil_of_days(moment_days(m)).month;
}

static long long part_quarter(const struct moment *m)
{
    return (part_month(m) + 2) / 3;
}

static long long part_day(const struct moment *m)
{
    return civil_of_days(moment_days(m)).day;
}

static long long part_week(const struct moment *m)
{
    return iso_week(moment_days(m));
}

static long long part_isoyear(const struct moment *m)
{
    return iso_year(moment_days(m));
}

static long long part_isodow(const struct moment *m)
{
    return weekday(moment_days(m)) + 1;
}

static long long part_dow(const struct moment *m)
{
    return part_isodow(m) % 7;
}

static long long part_doy(const struct moment *m)
{
    return moment_days(m) - days_of_civil(part_year(m), 1, 1) + 1;
}

/* How many units there were since a start that all share. */
static long long count_months(const struct moment *m)
{
    return part_year(m) * 12 + part_month(m) - 1;
}

static long long count_quarters(const struct moment *m)
{
    return floor_divide(count_months(m), 3);
}

static long long count_weeks(const struct moment *m)
{
    return floor_divide(moment_days(m) + 3, 7);
}

struct unit {
    const char *name;
    long long (*part)(const struct moment *moment);
    long long (*count)(const struct moment *moment);
    long long micros; /* of those that are always as long; 0: none */
    int months;
};

static const struct unit units[] = {
    {"year", part_year, part_year, 0, 12},
    {"quarter", part_quarter, count_quarters, 0, 3},
    {"month", part_month, count_months, 0, 1},
    {"week", part_week, count_weeks, 7 * MICROS_A_DAY, 0},
    {"day", part_day, moment_days, MICROS_A_DAY, 0},
    {"hour", part_hour, NULL, 3600LL * MICROS_A_SECOND, 0},
    {"minute", part_minute, NULL, 60LL * MICROS_A_SECOND, 0},
    {"second", NULL, NULL, MICROS_A_SECOND, 0},
    {"dow", part_dow, NULL, 0, 0},
    {"isodow", part_isodow, NULL, 0, 0},
    {"doy", part_doy, NULL, 0, 0},
    {"isoyear", part_isoyear, NULL, 0, 0},
    {"epoch", NULL, NULL, 0, 0},
};

/* "Days" is day. NULL: no unit, and the error is set. */
static const struct unit *take_unit(sqlite3_context *context, sqlite3_value *value,
                                    bool counts)
{
    const char *name = (const char *)sqlite3_value_text(value);
    size_t length = name != NULL ? strlen(name) : 0;
    for (size_t i = 0; name != NULL && i < sizeof units / sizeof *units; i++) {
        size_t wanted = strlen(units[i].name);
        bool plural =
            length == wanted + 1 && (name[wanted] == 's' || name[wanted] == 'S');
        bool can = !counts || units[i].count != NULL || units[i].micros != 0;
        if ((length == wanted || plural) && can &&
            sqlite3_strnicmp(name, units[i].name, (int)wanted) == 0) {
            return &units[i];
        }
    }
    if (name != NULL) {
        fail(context, name, counts ? "unit of time to count in" : "part of a time");
    }
    return NULL;
}

static long long count_units(const struct unit *unit, const struct moment *moment)
{
    return unit->count != NULL ? unit->count(moment)
                               : floor_divide(moment->micros, unit->micros);
}

/* ---- The functions ---- */

static void call_epoch(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    (void)count;
    if (take_moment(context, values[0], &moment)) {
        sqlite3_result_double(context, (double)moment.micros / MICROS_A_SECOND);
    }
}

static void call_part(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    const struct unit *unit = take_unit(context, values[0], false);
    (void)count;
    if (unit == NULL || !take_moment(context, values[1], &moment)) {
        return;
    }
    if (unit->part != NULL) {
        sqlite3_result_int64(context, unit->part(&moment));
    } else if (unit->micros != 0) {
        sqlite3_result_double(context, part_second(&moment));
    } else {
        sqlite3_result_double(context, (double)moment.micros / MICROS_A_SECOND);
    }
}

static void call_trunc(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment moment;
    const struct unit *unit = take_unit(context, values[0], true);
    (void)count;
    if (unit == NULL || !take_moment(context, values[1], &moment)) {
        return;
    }
    long long units_since = count_units(unit, &moment);
    if (unit->months != 0) {
        long long months = units_since * unit->months;
        long long year = floor_divide(months, 12);
        moment.micros =
            days_of_civil(year, (int)(months - year * 12) + 1, 1) * MICROS_A_DAY;
    } else {
        long long first = unit->count == count_weeks ? 3 * MICROS_A_DAY : 0;
        moment.micros = units_since * unit->micros - first;
    }
    moment.is_day = false;
    give_moment(context, &moment);
}

static void call_diff(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment from, to;
    const struct unit *unit = take_unit(context, values[0], true);
    (void)count;
    if (unit != NULL && take_moment(context, values[1], &from) &&
        take_moment(context, values[2], &to)) {
        sqlite3_result_int64(context, count_units(unit, &to) - count_units(unit, &from));
    }
}

/* Whole months: as many as can be added without passing the other end. */
static long long whole_months(const struct moment *from, const struct moment *to)
{
    if (to->micros < from->micros) {
        return -whole_months(to, from);
    }
    long long months = count_months(to) - count_months(from);
    struct moment reached = *from;
    moment_shift(&reached, &(struct interval){.months = months}, 1);
    return months - (reached.micros > to->micros);
}

static void call_elapsed(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct moment from, to;
    const struct unit *unit = take_unit(context, values[0], true);
    (void)count;
    if (unit != NULL && take_moment(context, values[1], &from) &&
        take_moment(context, values[2], &to)) {
        sqlite3_result_int64(context, unit->months != 0
                                          ? whole_months(&from, &to) / unit->months
                                          : (to.micros - from.micros) / unit->micros);
    }
}

static void shift(sqlite3_context *context, sqlite3_value **values, int sign)
{
    struct moment moment;
    struct interval interval;
    if (take_moment(context, values[0], &moment) &&
        take_interval(context, values[1], &interval)) {
        moment_shift(&moment, &interval, sign);
        give_moment(context, &moment);
    }
}

static void call_add(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    shift(context, values, 1);
}

static void call_subtract(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    shift(context, values, -1);
}

/* As PostgreSQL: a year is 365.25 days, what is left of months counts 30 days. */
static void call_seconds(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct interval interval;
    (void)count;
    if (take_interval(context, values[0], &interval)) {
        long long years = interval.months / 12, months = interval.months % 12;
        double days =
            (double)years * 365.25 + (double)months * 30 + (double)interval.days;
        sqlite3_result_double(context, days * SECONDS_A_DAY +
                                           (double)interval.micros / MICROS_A_SECOND);
    }
}

void dates_register(sqlite3 *db)
{
    static const struct function_row rows[] = {
        {"epoch", 1, call_epoch, NULL, NULL},
        {"date_part", 2, call_part, NULL, NULL},
        {"date_trunc", 2, call_trunc, NULL, NULL},
        {"date_diff", 3, call_diff, NULL, NULL},
        {"datediff", 3, call_diff, NULL, NULL},
        {"date_sub", 3, call_elapsed, NULL, NULL},
        {"date_add", 2, call_add, NULL, NULL},
        {"date_sub", 2, call_subtract, NULL, NULL},
        {"interval_seconds", 1, call_seconds, NULL, NULL},
    };
    functions_add(db, rows, sizeof rows / sizeof *rows);
}
