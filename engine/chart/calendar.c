/* Calendar for charts: ISO 8601 texts to seconds since 1970 UTC, and back to words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const char *const MONTHS[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

const char *month_name(int month)
{
    return month >= 1 && month <= 12 ? MONTHS[month - 1] : "";
}

/* Years are counted from March, so that the leap day is the last day of its year. */
long long civil_days(long long year, int month, int day)
{
    long long y = month <= 2 ? year - 1 : year;
    long long m = month <= 2 ? month + 9 : month - 3;
    long long leap_days =
        floor_divide(y, 4) - floor_divide(y, 100) + floor_divide(y, 400);
    return y * 365 + leap_days + (153 * m + 2) / 5 + day - 1 - 719468;
}

struct civil civil_of(double seconds)
{
    double day_start = floor(seconds / 86400);
    double rest = seconds - day_start * 86400;
    long long days = (long long)day_start;
    struct civil civil = {.hour = (int)(rest / 3600)};
    /* An estimate of the year that is off by at most one, then mended. */
    civil.year = 1970 + floor_divide(days * 400, 146097);
    while (civil_days(civil.year + 1, 1, 1) <= days) {
        civil.year++;
    }
    while (civil_days(civil.year, 1, 1) > days) {
        civil.year--;
    }
    civil.month = 1;
    while (civil.month < 12 && civil_days(civil.year, civil.month + 1, 1) <= days) {
        civil.month++;
    }
    civil.day = 1 + (int)(days - civil_days(civil.year, civil.month, 1));
    rest -= civil.hour * 3600.0;
    civil.minute = (int)(rest / 60);
    civil.second = rest - civil.minute * 60.0;
    return civil;
}

struct reader {
    const char *at, *end;
};

/* Exactly `count` digits, or -1. */
static int read_digits(struct reader *reader, int count)
{
    int value = 0;
    if (reader->end - reader->at < count) {
        return -1;
    }
    for (int i = 0; i < count; i++, reader->at++) {
        if (*reader->at < '0' || *reader->at > '9') {
            return -1;
        }
        value = value * 10 + (*reader->at - '0');
    }
    return value;
}

static bool read_one_of(struct reader *reader, const char *signs)
{
    if (reader->at < reader->end && *reader->at != '\0' &&
        strchr(signs, *reader->at) != NULL) {
        reader->at++;
        return true;
    }
    return false;
}

static bool read_fraction(struct reader *reader, double *seconds)
{
    double place = 0.1;
    const char *start = reader->at;
    for (; reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9';
         reader->at++, place /= 10) {
        *seconds += (*reader->at - '0') * place;
    }
    return reader->at > start;
}

static bool read_clock(struct reader *reader, double *seconds)
{
    int hour = read_digits(reader, 2);
    bool colon = read_one_of(reader, ":");
    int minute = colon ? read_digits(reader, 2) : -1;
    double second = 0;
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return false;
    }
    if (read_one_of(reader, ":")) {
        second = read_digits(reader, 2);
        if (second < 0 || second > 60) {
            return false;
        }
        if (read_one_of(reader, ".,") && !read_fraction(reader, &second)) {
            return false;
        }
    }
    *seconds += hour * 3600.0 + minute * 60.0 + second;
    return true;
}

static bool read_offset(struct reader *reader, double *seconds)
{
    if (reader->at == reader->end || read_one_of(reader, "Zz")) {
        return true;
    }
    bool minus = *reader->at == '-';
    if (!read_one_of(reader, "+-")) {
        return false;
    }
    int hour = read_digits(reader, 2);
    int minute = 0;
    if (read_one_of(reader, ":") || reader->at < reader->end) {
        minute = read_digits(reader, 2);
    }
    if (hour < 0 || hour > 23 || minute < 0 || minute > 59) {
        return false;
    }
    *seconds -= (minus ? -1 : 1) * (hour * 3600.0 + minute * 60.0);
    return true;
}

static int month_length(int year, int month)
{
    return (int)(month == 12
                     ? 31
                     : civil_days(year, month + 1, 1) - civil_days(year, month, 1));
}

bool time_parse(const char *text, size_t length, double *seconds, bool *clock)
{
    struct reader reader = {text, text + length};
    int year = read_digits(&reader, 4);
    if (year < 0 || !read_one_of(&reader, "-")) {
        return false;
    }
    int month = read_digits(&reader, 2);
    int day = 1;
    if (month < 1 || month > 12) {
        return false;
    }
    bool whole_date = read_one_of(&reader, "-");
    if (whole_date) {
        day = read_digits(&reader, 2);
        if (day < 1 || day > month_length(year, month)) {
            return false;
        }
    }
    *seconds = (double)civil_days(year, month, day) * 86400;
    *clock = whole_date && read_one_of(&reader, "Tt ");
    if (*clock && !(read_clock(&reader, seconds) && read_offset(&reader, seconds))) {
        return false;
    }
    return reader.at == reader.end;
}

const char *time_spoken(double seconds, bool clock, char *buffer, size_t size)
{
    struct civil civil = civil_of(seconds);
    int used = snprintf(buffer, size, "%d %s %lld", civil.day, month_name(civil.month),
                        civil.year);
    if (clock && used > 0 && (size_t)used < size) {
        size_t left = size - (size_t)used;
        snprintf(buffer + used, left,
                 civil.second >= 1 ? " %02d:%02d:%02d UTC" : " %02d:%02d UTC", civil.hour,
                 civil.minute, (int)civil.second);
    }
    return buffer;
}
