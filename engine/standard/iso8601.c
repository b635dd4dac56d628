/* standard/iso8601: dates, durations and spans of ISO 8601.
 * Every skip_...() takes where something should begin and gives where it ends, or NULL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/iso8601.h"

#include <stddef.h>
#include <string.h>

static size_t digits_at(const char *text)
{
    return strspn(text, "0123456789");
}

/* The number of `count` digits, when it lies between the bounds; else -1. */
static int number_at(const char *text, size_t count, int low, int high)
{
    int number = 0;
    if (digits_at(text) < count) {
        return -1;
    }
    for (size_t i = 0; i < count; i++) {
        number = 10 * number + (text[i] - '0');
    }
    return number >= low && number <= high ? number : -1;
}

static const char *skip_fraction(const char *text)
{
    size_t digits = *text == '.' || *text == ',' ? digits_at(text + 1) : 0;
    return digits > 0 ? text + 1 + digits : text;
}

/* ---- Dates ---- */

/* Behind the year: month and day, week, or day of the year. */
static const char *skip_day(const char *text)
{
    bool dashed = *text == '-';
    text += dashed;
    if (*text == 'W') {
        if (number_at(text + 1, 2, 0, 52) < 0) {
            return NULL;
        }
        text += 3;
        const char *day = text + (*text == '-');
        return *day >= '1' && *day <= '7' ? day + 1 : text;
    }
    if (digits_at(text) == 3) {
        return number_at(text, 3, 1, 366) >= 0 ? text + 3 : NULL;
    }
    if (number_at(text, 2, 1, 12) < 0) {
        return NULL;
    }
    text += 2;
    if (dashed ? *text == '-' : digits_at(text) > 0) {
        text += dashed;
        return number_at(text, 2, 1, 31) >= 0 ? text + 2 : NULL;
    }
    return text;
}

static const char *skip_zone(const char *text)
{
    if (*text == 'z' || *text == 'Z') {
        return text + 1;
    }
    if (*text != '+' && *text != '-') {
        return text;
    }
    if (number_at(text + 1, 2, 0, 23) < 0) {
        return NULL;
    }
    text += 3;
    text += *text == ':';
    return number_at(text, 2, 0, 59) >= 0 ? text + 2 : text;
}

static const char *skip_time(const char *text)
{
    if (number_at(text, 2, 0, 24) < 0) {
        return text;
    }
    text += 2;
    bool colon = *text == ':';
    if (number_at(text + colon, 2, 0, 59) >= 0) {
        text = skip_fraction(text + colon + 2);
        bool seconds = (*text == ':') == colon;
        if (seconds && number_at(text + colon, 2, 0, 59) >= 0) {
            text = skip_fraction(text + colon + 2);
        }
    }
    return skip_zone(skip_fraction(text));
}

static const char *skip_date(const char *text)
{
    text += *text == '+' || *text == '-';
    size_t digits = digits_at(text);
    if (digits < 4 || digits == 6) { /* 202603 could be a day of this century, too */
        return NULL;
    }
    text += 4;
    if (*text != '-' && *text != 'W' && digits == 4) {
        return text;
    }
    text = skip_day(text);
    if (text != NULL && (*text == 'T' || *text == ' ')) {
        text = skip_time(text + 1);
    }
    return text;
}

/* ---- Durations ---- */

/* "1Y2M3D": numbers, each with one of the units, which come in this order. */
static const char *skip_parts(const char *text, const char *units)
{
    while (digits_at(text) > 0) {
        const char *end = text + digits_at(text);
        if (*end == '.' && digits_at(end + 1) > 0) {
            end += 1 + digits_at(end + 1);
        }
        const char *unit = *end != '\0' ? strchr(units, *end) : NULL;
        if (unit == NULL) {
            return NULL;
        }
        units = unit + 1;
        text = end + 1;
    }
    return text;
}

static const char *skip_duration(const char *text)
{
    if (*text != 'P') {
        return NULL;
    }
    text = skip_parts(text + 1, "YMWD");
    return text != NULL && *text == 'T' ? skip_parts(text + 1, "HMS") : text;
}

static const char *skip_repeat(const char *text)
{
    if (*text != 'R') {
        return text;
    }
    text += 1 + digits_at(text + 1);
    return *text == '/' ? text + 1 : NULL;
}

/* ---- Whole texts ---- */

typedef const char *skip_function(const char *text);

static bool is_pair(const char *text, skip_function *first, skip_function *second)
{
    text = text != NULL ? first(text) : NULL;
    text = text != NULL && *text == '/' ? second(text + 1) : NULL;
    return text != NULL && *text == '\0';
}

bool iso8601_is_date(const char *text)
{
    const char *end = skip_date(text);
    return end != NULL && *end == '\0';
}

bool iso8601_is_interval(const char *text)
{
    return is_pair(text, skip_date, skip_date);
}

bool iso8601_is_repeated_duration(const char *text)
{
    const char *from = skip_repeat(text);
    const char *end = from != NULL ? skip_duration(from) : NULL;
    return end != NULL && *end == '\0';
}

bool iso8601_is_repeated_date_and_duration(const char *text)
{
    return is_pair(skip_repeat(text), skip_date, skip_duration);
}

bool iso8601_is_repeated_duration_and_date(const char *text)
{
    return is_pair(skip_repeat(text), skip_duration, skip_date);
}
