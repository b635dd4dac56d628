/* dates: a format is followed sign by sign into the parts of a moment, which are written
 * as ISO 8601.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/dates.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

struct moment {
    int year, month, day, day_of_year; /* 0: not given */
    int hour, minute, second;          /* -1: not given */
    char fraction[10];                 /* digits, or "" */
    int half;                          /* of the day: -1 not given, 0 am, 1 pm */
    bool has_offset;
    int offset; /* minutes east of UTC */
};

/* What is left of a text. */
struct rest {
    const char *at, *end;
};

static const struct moment nothing = {.hour = -1, .minute = -1, .second = -1, .half = -1};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- Parts ---- */

/* A number of at least `least` and at most `most` digits. */
static bool read_number(struct rest *rest, int least, int most, int *value)
{
    int digits = 0;
    *value = 0;
    while (digits < most && rest->at < rest->end && is_digit(*rest->at)) {
        *value = *value * 10 + (*rest->at++ - '0');
        digits++;
    }
    return digits >= least;
}

static bool read_sign(struct rest *rest, char sign)
{
    bool is = rest->at < rest->end && *rest->at == sign;
    rest->at += is ? 1 : 0;
    return is;
}

static const char *const months[] = {"January",   "February", "March",    "April",
                                     "May",       "June",     "July",     "August",
                                     "September", "October",  "November", "December"};

/* Long names before short ones, for May is both. */
static bool read_month_name(struct rest *rest, int *month)
{
    size_t left = (size_t)(rest->end - rest->at);
    for (size_t i = 0; i < 12; i++) {
        size_t lengths[] = {strlen(months[i]), 3};
        for (size_t j = 0; j < 2; j++) {
            if (left >= lengths[j] && strncasecmp(rest->at, months[i], lengths[j]) == 0) {
                rest->at += lengths[j];
                *month = (int)i + 1;
                return true;
            }
        }
    }
    return false;
}

static bool read_half(struct rest *rest, int *half)
{
    if (rest->end - rest->at < 2 || strncasecmp(rest->at + 1, "m", 1) != 0) {
        return false;
    }
    *half = strncasecmp(rest->at, "a", 1) == 0 ? 0 : strncasecmp(rest->at, "p", 1) == 0;
    bool is = *half == 1 || strncasecmp(rest->at, "a", 1) == 0;
    rest->at += 2;
    return is;
}

/* The first nine digits of a second are kept, more than any clock gives. */
static bool read_fraction(struct rest *rest, char fraction[10])
{
    size_t digits = 0;
    while (rest->at < rest->end && is_digit(*rest->at) && digits < 9) {
        fraction[digits++] = *rest->at++;
    }
    fraction[digits] = '\0';
    return digits > 0;
}

/* Z, +hh, +hhmm or +hh:mm. */
static bool read_offset(struct rest *rest, struct moment *moment)
{
    int hours, minutes = 0;
    moment->has_offset = true;
    if (rest->at < rest->end && (*rest->at == 'Z' || *rest->at == 'z')) {
        rest->at++;
        return true;
    }
    bool west = rest->at < rest->end && *rest->at == '-';
    if ((!west && !read_sign(rest, '+')) || (west && !read_sign(rest, '-')) ||
        !read_number(rest, 2, 2, &hours)) {
        return false;
    }
    bool colon = read_sign(rest, ':');
    if ((colon || (rest->at < rest->end && is_digit(*rest->at))) &&
        !read_number(rest, 2, 2, &minutes)) {
        return false;
    }
    moment->offset = (hours * 60 + minutes) * (west ? -1 : 1);
    return hours < 24 && minutes < 60;
}

/* ---- ISO 8601 ---- */

static bool read_iso_date(struct rest *rest, struct moment *moment)
{
    return read_number(rest, 4, 4, &moment->year) && read_sign(rest, '-') &&
           read_number(rest, 2, 2, &moment->month) && read_sign(rest, '-') &&
           read_number(rest, 2, 2, &moment->day);
}

static bool read_iso_time(struct rest *rest, struct moment *moment)
{
    if (!read_number(rest, 2, 2, &moment->hour) || !read_sign(rest, ':') ||
        !read_number(rest, 2, 2, &moment->minute)) {
        return false;
    }
    if (read_sign(rest, ':') && !read_number(rest, 2, 2, &moment->second)) {
        return false;
    }
    if (moment->second >= 0 && read_sign(rest, '.') &&
        !read_fraction(rest, moment->fraction)) {
        return false;
    }
    while (moment->fraction[0] != '\0' && rest->at < rest->end && is_digit(*rest->at)) {
        rest->at++;
    }
    return rest->at == rest->end || read_offset(rest, moment);
}

static bool read_iso(enum dates_kind kind, struct rest *rest, struct moment *moment)
{
    if (kind != DATES_TIME && !read_iso_date(rest, moment)) {
        return false;
    }
    if (kind == DATES_TIMESTAMP && !read_sign(rest, 'T') && !read_sign(rest, 't') &&
        !read_sign(rest, ' ')) {
        return false;
    }
    return kind == DATES_DATE || read_iso_time(rest, moment);
}

/* ---- Formats ---- */

/* What one directive reads, whatever language it is written in. */
enum part {
    PART_NONE,
    PART_YEAR,
    PART_SHORT_YEAR,      /* 1969 to 2068 */
    PART_SHORT_YEAR_2000, /* 2000 to 2099 */
    PART_MONTH,
    PART_MONTH_NAME,
    PART_DAY,
    PART_DAY_OF_YEAR,
    PART_HOUR,
    PART_MINUTE,
    PART_SECOND,
    PART_FRACTION,
    PART_HALF,
    PART_OFFSET,
    PART_ISO_DATE,
    PART_ISO_TIME,
};

static bool read_part(enum part part, int least, int most, struct rest *rest,
                      struct moment *moment)
{
    switch (part) {
    case PART_YEAR:
        return read_number(rest, least, most, &moment->year);
    case PART_SHORT_YEAR:
    case PART_SHORT_YEAR_2000:
        if (!read_number(rest, 2, 2, &moment->year)) {
            return false;
        }
        moment->year += part == PART_SHORT_YEAR_2000 || moment->year < 69 ? 2000 : 1900;
        return true;
    case PART_MONTH:
        return read_number(rest, least, most, &moment->month);
    case PART_MONTH_NAME:
        return read_month_name(rest, &moment->month);
    case PART_DAY:
        return read_number(rest, least, most, &moment->day);
    case PART_DAY_OF_YEAR:
        return read_number(rest, least, most, &moment->day_of_year);
    case PART_HOUR:
        return read_number(rest, least, most, &moment->hour);
    case PART_MINUTE:
        return read_number(rest, least, most, &moment->minute);
    case PART_SECOND:
        return read_number(rest, least, most, &moment->second);
    case PART_FRACTION:
        return read_fraction(rest, moment->fraction);
    case PART_HALF:
        return read_half(rest, &moment->half);
    case PART_OFFSET:
        return read_offset(rest, moment);
    case PART_ISO_DATE:
        return read_iso_date(rest, moment);
    case PART_ISO_TIME:
        return read_iso_time(rest, moment);
    case PART_NONE:
        break;
    }
    return false;
}

static const struct {
    char letter;
    enum part part;
    int least, most;
} directives[] = {
    {'Y', PART_YEAR, 4, 4},        {'y', PART_SHORT_YEAR, 2, 2},
    {'m', PART_MONTH, 1, 2},       {'d', PART_DAY, 1, 2},
    {'e', PART_DAY, 1, 2},         {'b', PART_MONTH_NAME, 0, 0},
    {'h', PART_MONTH_NAME, 0, 0},  {'B', PART_MONTH_NAME, 0, 0},
    {'j', PART_DAY_OF_YEAR, 1, 3}, {'H', PART_HOUR, 1, 2},
    {'I', PART_HOUR, 1, 2},        {'p', PART_HALF, 0, 0},
    {'M', PART_MINUTE, 1, 2},      {'S', PART_SECOND, 1, 2},
    {'f', PART_FRACTION, 0, 0},    {'z', PART_OFFSET, 0, 0},
    {'F', PART_ISO_DATE, 0, 0},    {'T', PART_ISO_TIME, 0, 0},
};

/* The next step of a format of strptime: a part, or a sign that must stand there. NULL:
 * it cannot be followed. */
struct step {
    enum part part; /* PART_NONE: `sign` */
    int least, most;
    char sign;
};

static const char *next_directive(const char *format, struct step *step)
{
    *step = (struct step){.sign = format[0]};
    if (format[0] != '%' || format[1] == '%') {
        return format + (format[0] == '%' ? 2 : 1);
    }
    for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++) {
        if (directives[i].letter == format[1]) {
            *step = (struct step){directives[i].part, directives[i].least,
                                  directives[i].most, '\0'};
            return format + 2;
        }
    }
    return NULL;
}

/* Letters of the JDK; how often one stands tells how many digits there are. */
static enum part letters_part(char letter, int count)
{
    switch (letter) {
    case 'y':
    case 'u':
        return count == 2 ? PART_SHORT_YEAR_2000 : PART_YEAR;
    case 'M':
    case 'L':
        return count > 2 ? PART_MONTH_NAME : PART_MONTH;
    case 'd':
        return PART_DAY;
    case 'D':
        return PART_DAY_OF_YEAR;
    case 'H':
    case 'h':
        return PART_HOUR;
    case 'm':
        return PART_MINUTE;
    case 's':
        return PART_SECOND;
    case 'S':
        return PART_FRACTION;
    case 'a':
        return PART_HALF;
    case 'X':
    case 'x':
    case 'Z':
        return PART_OFFSET;
    default:
        return PART_NONE;
    }
}

/* '' is a quote; 'text' is text, given sign by sign: *quoted is kept between the steps.
 */
static const char *next_letters(const char *format, bool *quoted, struct step *step)
{
    if (format[0] == '\'' && format[1] != '\'') {
        *quoted = !*quoted;
        *step = (struct step){.part = PART_NONE, .sign = '\0'};
        return format + 1;
    }
    bool letter =
        (format[0] >= 'a' && format[0] <= 'z') || (format[0] >= 'A' && format[0] <= 'Z');
    if (*quoted || !letter) {
        *step = (struct step){.sign = format[0]};
        return format + (format[0] == '\'' ? 2 : 1);
    }
    int count = 1;
    while (format[count] == format[0]) {
        count++;
    }
    step->part = letters_part(format[0], count);
    step->least = step->part == PART_YEAR && count < 4 ? 4 : count;
    step->most = step->part == PART_YEAR ? 4 : count == 1 ? 2 : count;
    step->sign = '\0';
    return step->part != PART_NONE ? format + count : NULL;
}

/* Follow the format: with `rest` NULL only whether it can be. */
static bool follow(const char *format, struct rest *rest, struct moment *moment)
{
    bool strptime = strchr(format, '%') != NULL, quoted = false;
    while (*format != '\0') {
        struct step step;
        format = strptime ? next_directive(format, &step)
                          : next_letters(format, &quoted, &step);
        if (format == NULL) {
            return false;
        }
        if (rest == NULL) {
            continue;
        }
        bool good = step.part != PART_NONE
                        ? read_part(step.part, step.least, step.most, rest, moment)
                        : step.sign == '\0' || read_sign(rest, step.sign);
        if (!good) {
            return false;
        }
    }
    return true;
}

/* Older Data Packages write fmt: in front. */
static const char *without_prefix(const char *format)
{
    return strncmp(format, "fmt:", 4) == 0 ? format + 4 : format;
}

bool dates_follows(const char *format)
{
    return follow(without_prefix(format), NULL, NULL);
}

/* ---- Calendar ---- */

static bool is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int year, int month)
{
    static const char days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return days[month - 1] + (month == 2 && is_leap(year) ? 1 : 0);
}

static void use_day_of_year(struct moment *moment)
{
    int day = moment->day_of_year;
    if (moment->month != 0 || day < 1 || day > 365 + (is_leap(moment->year) ? 1 : 0)) {
        return;
    }
    for (moment->month = 1; day > days_in(moment->year, moment->month); moment->month++) {
        day -= days_in(moment->year, moment->month);
    }
    moment->day = day;
}

static void use_half(struct moment *moment)
{
    if (moment->half >= 0 && moment->hour >= 1 && moment->hour <= 12) {
        moment->hour = moment->hour % 12 + 12 * moment->half;
    }
}

static bool is_day(const struct moment *moment)
{
    return moment->month >= 1 && moment->month <= 12 && moment->day >= 1 &&
           moment->day <= days_in(moment->year, moment->month);
}

/* 24:00 is the end of a day, 60 a leap second (ISO 8601-1 §4.3.8). */
static bool is_clock(const struct moment *moment)
{
    return moment->hour >= 0 && moment->hour <= 24 && moment->minute <= 59 &&
           moment->second <= 60;
}

/* To UTC: the minutes are moved, the day with them. */
static void use_offset(struct moment *moment)
{
    int minutes =
        moment->hour * 60 + (moment->minute > 0 ? moment->minute : 0) - moment->offset;
    moment->offset = 0;
    moment->day += minutes < 0 ? -1 : minutes >= 24 * 60 ? minutes / (24 * 60) : 0;
    minutes = (minutes + 24 * 60) % (24 * 60);
    moment->hour = minutes / 60;
    moment->minute = minutes % 60;
    if (moment->day < 1) {
        moment->month--;
        moment->year -= moment->month < 1 ? 1 : 0;
        moment->month = moment->month < 1 ? 12 : moment->month;
        moment->day = days_in(moment->year, moment->month);
    } else if (moment->day > days_in(moment->year, moment->month)) {
        moment->day -= days_in(moment->year, moment->month);
        moment->month++;
        moment->year += moment->month > 12 ? 1 : 0;
        moment->month = moment->month > 12 ? 1 : moment->month;
    }
}

/* ---- Writing ---- */

static size_t write_moment(enum dates_kind kind, const struct moment *moment,
                           char out[DATES_MOST])
{
    size_t length = 0;
    if (kind != DATES_TIME) {
        length = (size_t)snprintf(out, DATES_MOST, "%04d-%02d-%02d", moment->year % 10000,
                                  moment->month % 100, moment->day % 100);
    }
    if (kind == DATES_DATE || (kind == DATES_TIMESTAMP && moment->hour < 0)) {
        return length;
    }
    length += (size_t)snprintf(out + length, DATES_MOST - length, "%s%02d:%02d",
                               length > 0 ? "T" : "", moment->hour % 100,
                               moment->minute > 0 ? moment->minute % 100 : 0);
    if (moment->second >= 0) {
        length += (size_t)snprintf(
            out + length, DATES_MOST - length, ":%02d%s%s", moment->second % 100,
            moment->fraction[0] != '\0' ? "." : "", moment->fraction);
    }
    if (moment->has_offset) {
        out[length++] = 'Z';
    }
    return length;
}

bool dates_read(enum dates_kind kind, const char *format, const char *text, size_t length,
                char out[DATES_MOST], size_t *made)
{
    struct rest rest = {text, text + length};
    struct moment moment = nothing;
    *made = 0;
    bool read = format != NULL ? follow(without_prefix(format), &rest, &moment)
                               : read_iso(kind, &rest, &moment);
    if (!read || rest.at != rest.end) {
        return false;
    }
    use_day_of_year(&moment);
    use_half(&moment);
    bool needs_clock = kind == DATES_TIME || moment.hour >= 0;
    if ((kind != DATES_TIME && !is_day(&moment)) || (needs_clock && !is_clock(&moment))) {
        return false;
    }
    bool moved = kind == DATES_TIMESTAMP && moment.has_offset && text[length - 1] != 'Z';
    if (moved) {
        use_offset(&moment);
    }
    if (format != NULL || moved) {
        *made = write_moment(kind, &moment, out);
    }
    return true;
}
