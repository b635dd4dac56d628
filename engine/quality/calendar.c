/* quality/calendar: completeness over a calendar: between the first and the last row no
 * promised day, week, month ... may be without rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/calendar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

static const struct unit {
    const char *word; /* of date_trunc() */
    double seconds;
} units[] = {{"hour", 3600},     {"day", 86400},       {"week", 604800},
             {"month", 2629800}, {"quarter", 7889400}, {"year", 31557600}};

/* The longest unit of which the period is a whole number. */
bool calendar_of_period(double seconds, struct calendar *calendar)
{
    for (size_t i = sizeof units / sizeof *units; i > 0; i--) {
        double count = seconds / units[i - 1].seconds;
        if (count >= 1 && count == (double)(long long)count && count < 10000) {
            calendar->unit = units[i - 1].word;
            calendar->every = (int)count;
            return true;
        }
    }
    return false;
}

/* The fifth field of "0 6 * * 1-5"; names of days as well. */
bool calendar_is_weekdays(const char *schedule)
{
    char fields[5][16];
    if (schedule == NULL || sscanf(schedule, "%15s %15s %15s %15s %15s", fields[0],
                                   fields[1], fields[2], fields[3], fields[4]) != 5) {
        return false;
    }
    return string_equal_fold(fields[4], "1-5") || string_equal_fold(fields[4], "MON-FRI");
}

/* How many days from Monday to Friday there were before a day: Julian days whose number
 * divides by seven are Mondays. */
static void append_weekday(struct text *sql, const char *name)
{
    text_printf(sql,
                "(CAST(julianday(%s) + 0.5 AS INTEGER) / 7 * 5 + min(5, "
                "CAST(julianday(%s) + 0.5 AS INTEGER) %% 7))",
                name, name);
}

static void append_missing(struct text *sql, const struct calendar *calendar)
{
    if (calendar->weekdays) {
        text_append(sql, "max(0, ");
        append_weekday(sql, "next");
        text_append(sql, " - ");
        append_weekday(sql, "last");
        text_append(sql, " - 1)");
    } else {
        text_printf(sql, "(date_diff('%s', last, next) - 1)", calendar->unit);
    }
    if (calendar->every > 1) {
        text_printf(sql, " / %d", calendar->every);
    }
}

void calendar_append(struct text *sql, const struct calendar *calendar, bool rows)
{
    text_printf(sql, "WITH period AS (SELECT DISTINCT date_trunc('%s', ", calendar->unit);
    store_quote_name(sql, calendar->column);
    text_append(sql, ") AS last FROM ");
    store_quote_name(sql, calendar->schema);
    text_append_char(sql, '.');
    store_quote_name(sql, calendar->table);
    text_append(sql, " WHERE ");
    store_quote_name(sql, calendar->column);
    text_append(sql,
                " IS NOT NULL), gap AS (SELECT last, lead(last) OVER (ORDER BY last) "
                "AS next FROM period), missed AS (SELECT last, next, ");
    append_missing(sql, calendar);
    text_append(sql, " AS missing FROM gap WHERE next IS NOT NULL) ");
    text_append(sql, rows ? "SELECT last, next, missing FROM missed WHERE missing > 0 "
                            "ORDER BY last"
                          : "SELECT coalesce(sum(missing), 0) FROM missed");
}
