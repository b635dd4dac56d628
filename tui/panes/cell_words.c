/* cell_words: instants in words. Days are counted from 1970-01-01 in the proleptic
 * Gregorian calendar, as ISO 8601 has it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/cell_words.h"

#include <stdlib.h>

struct instant {
    int year, month, day, hour, minute, second;
    int offset; /* minutes east of UTC */
    bool has_time, has_seconds, has_offset;
};

/* ---- Reading ---- */

struct cursor {
    const char *at;
    size_t left;
};

static bool take_number(struct cursor *cursor, size_t digits, int *number)
{
    *number = 0;
    if (cursor->left < digits) {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        char c = cursor->at[i];
        if (c < '0' || c > '9') {
            return false;
        }
        *number = *number * 10 + (c - '0');
    }
    cursor->at += digits;
    cursor->left -= digits;
    return true;
}

static bool take_sign(struct cursor *cursor, char sign)
{
    if (cursor->left == 0 || *cursor->at != sign) {
        return false;
    }
    cursor->at++;
    cursor->left--;
    return true;
}

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_of_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year));
}

static bool take_day(struct cursor *cursor, struct instant *instant)
{
    return take_number(cursor, 4, &instant->year) && take_sign(cursor, '-') &&
           take_number(cursor, 2, &instant->month) && take_sign(cursor, '-') &&
           take_number(cursor, 2, &instant->day) && instant->month >= 1 &&
           instant->month <= 12 && instant->day >= 1 &&
           instant->day <= days_of_month(instant->year, instant->month);
}

static bool take_offset(struct cursor *cursor, struct instant *instant)
{
    int hours, minutes = 0;
    if (cursor->left == 0) {
        return true;
    }
    instant->has_offset = true;
    if (take_sign(cursor, 'Z') || take_sign(cursor, 'z')) {
        return cursor->left == 0;
    }
    bool west = take_sign(cursor, '-');
    if ((!west && !take_sign(cursor, '+')) || !take_number(cursor, 2, &hours)) {
        return false;
    }
    if (cursor->left > 0) {
        take_sign(cursor, ':');
        if (!take_number(cursor, 2, &minutes)) {
            return false;
        }
    }
    instant->offset = (west ? -1 : 1) * (hours * 60 + minutes);
    return cursor->left == 0 && hours <= 24 && minutes < 60;
}

static bool take_time(struct cursor *cursor, struct instant *instant)
{
    int digit;
    if (cursor->left == 0) {
        return true;
    }
    instant->has_time = true;
    if ((!take_sign(cursor, 'T') && !take_sign(cursor, ' ')) ||
        !take_number(cursor, 2, &instant->hour) || !take_sign(cursor, ':') ||
        !take_number(cursor, 2, &instant->minute)) {
        return false;
    }
    if (take_sign(cursor, ':')) {
        instant->has_seconds = true;
        if (!take_number(cursor, 2, &instant->second)) {
            return false;
        }
        if (take_sign(cursor, '.') || take_sign(cursor, ',')) {
            while (take_number(cursor, 1, &digit)) {
            }
        }
    }
    return instant->hour < 24 && instant->minute < 60 && instant->second <= 60 &&
           take_offset(cursor, instant);
}

/* ---- Counting ---- */

static long long days_since_1970(const struct instant *instant)
{
    long long year = instant->year - 1;
    long long days = year * 365 + year / 4 - year / 100 + year / 400 - 719162;
    for (int month = 1; month < instant->month; month++) {
        days += days_of_month(instant->year, month);
    }
    return days + instant->day - 1;
}

/* From when on a unit is said: 8 weeks are 2 months, but 10 days are no week. */
static const struct {
    long long seconds, least;
    const char *name;
} units[] = {
    {31556952, 2, "year"}, {2629746, 2, "month"}, {604800, 3, "week"},
    {86400, 1, "day"},     {3600, 1, "hour"},     {60, 1, "minute"},
};

static void append_distance(long long seconds, bool has_time, struct text *out)
{
    long long length = llabs(seconds);
    size_t last = has_time ? sizeof units / sizeof *units : 4; /* a day has no hours */
    for (size_t i = 0; i < last; i++) {
        long long count = length / units[i].seconds;
        if (count >= units[i].least) {
            char number[32];
            text_printf(out, ", %s%s %s%s%s", seconds > 0 ? "" : "in ",
                        string_of_count(count, number, sizeof number), units[i].name,
                        count == 1 ? "" : "s", seconds > 0 ? " ago" : "");
            return;
        }
    }
    text_append(out, has_time ? ", now" : ", today");
}

bool cell_instant_words(const char *bytes, size_t length, long long now, struct text *out)
{
    static const char *const weekdays[] = {"Thursday", "Friday",  "Saturday", "Sunday",
                                           "Monday",   "Tuesday", "Wednesday"};
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    struct cursor cursor = {bytes, length};
    struct instant instant = {0};
    if (!take_day(&cursor, &instant) || !take_time(&cursor, &instant)) {
        return false;
    }
    long long days = days_since_1970(&instant);
    text_printf(out, "%s %d %s %d", weekdays[((days % 7) + 7) % 7], instant.day,
                months[instant.month - 1], instant.year);
    if (instant.has_time) {
        text_printf(out, ", %02d:%02d", instant.hour, instant.minute);
        if (instant.has_seconds && instant.second != 0) {
            text_printf(out, ":%02d", instant.second);
        }
    }
    if (instant.has_offset) {
        int minutes = abs(instant.offset);
        text_append(out, " UTC");
        if (minutes != 0) {
            text_printf(out, "%c%d", instant.offset < 0 ? '-' : '+', minutes / 60);
            if (minutes % 60 != 0) {
                text_printf(out, ":%02d", minutes % 60);
            }
        }
    } else if (instant.has_time) {
        text_append(out, " (no time zone is said)");
    }
    long long seconds = days * 86400 + instant.hour * 3600LL + instant.minute * 60LL +
                        instant.second - instant.offset * 60LL;
    long long ago = instant.has_time
                        ? now - seconds
                        : (now - (((now % 86400) + 86400) % 86400)) - seconds;
    append_distance(ago, instant.has_time, out);
    return true;
}
