/* functions/moment: dates, times and intervals as texts and as numbers.
 *
 * Days and months by the algorithm for the Gregorian calendar with years that begin in
 * March. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/functions/private.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- The calendar ---- */

enum { DAYS_OF_400_YEARS = 146097, DAYS_FROM_MARCH_0_TO_1970 = 719468 };

long long days_of_civil(long long year, int month, int day)
{
    long long from_march = year - (month <= 2);
    long long era = floor_divide(from_march, 400);
    long long of_era = from_march - era * 400;
    long long of_year = (153LL * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * DAYS_OF_400_YEARS + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
           DAYS_FROM_MARCH_0_TO_1970;
}

struct civil civil_of_days(long long days)
{
    days += DAYS_FROM_MARCH_0_TO_1970;
    long long era = floor_divide(days, DAYS_OF_400_YEARS);
    long long of_era = days - era * DAYS_OF_400_YEARS;
    long long year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    long long of_year = of_era - (365 * year + year / 4 - year / 100);
    int from_march = (int)((5 * of_year + 2) / 153);
    int month = from_march + (from_march < 10 ? 3 : -9);
    return (struct civil){year + era * 400 + (month <= 2), month,
                          (int)(of_year - (153 * from_march + 2) / 5 + 1)};
}

int days_of_month(long long year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && leap);
}

long long moment_days(const struct moment *moment)
{
    return floor_divide(moment->micros, MICROS_A_DAY);
}

/* ---- Reading ---- */

/* Exactly so many digits, no greater than `most`. */
static bool take_digits(const char **at, int count, int most, int *out)
{
    *out = 0;
    for (; count > 0; count--, (*at)++) {
        if (!isdigit((unsigned char)**at)) {
            return false;
        }
        *out = *out * 10 + (**at - '0');
    }
    return *out <= most;
}

static bool take_char(const char **at, const char *any)
{
    bool is = **at != '\0' && strchr(any, **at) != NULL;
    *at += is;
    return is;
}

/* Digits behind the sixth are less than a microsecond. */
static long long take_fraction(const char **at)
{
    long long micros = 0, weight = MICROS_A_SECOND / 10;
    for (; isdigit((unsigned char)**at); (*at)++, weight /= 10) {
        micros += (**at - '0') * weight;
    }
    return micros;
}

static bool take_time(const char **at, long long *micros)
{
    int hour, minute, second = 0;
    if (!take_digits(at, 2, 24, &hour) || !take_char(at, ":") ||
        !take_digits(at, 2, 59, &minute)) {
        return false;
    }
    if (take_char(at, ":") && !take_digits(at, 2, 60, &second)) {
        return false;
    }
    *micros = (hour * 3600LL + minute * 60LL + second) * MICROS_A_SECOND;
    if (take_char(at, ".,")) {
        if (!isdigit((unsigned char)**at)) {
            return false;
        }
        *micros += take_fraction(at);
    }
    return *micros <= MICROS_A_DAY;
}

static bool take_offset(const char **at, long long *micros)
{
    int hours, minutes = 0;
    if (**at == '\0' || take_char(at, "Zz")) {
        return true;
    }
    int sign = **at == '-' ? -1 : 1;
    if (!take_char(at, "+-") || !take_digits(at, 2, 15, &hours)) {
        return false;
    }
    bool signs = take_char(at, ":");
    if ((signs || **at != '\0') && !take_digits(at, 2, 59, &minutes)) {
        return false;
    }
    *micros -= sign * (hours * 3600LL + minutes * 60LL) * MICROS_A_SECOND;
    return true;
}

bool moment_parse(const char *text, struct moment *out)
{
    const char *at = text;
    int year, month, day;
    long long micros = 0;
    while (*at == ' ') {
        at++;
    }
    if (!take_digits(&at, 4, 9999, &year) || !take_char(&at, "-") ||
        !take_digits(&at, 2, 12, &month) || !take_char(&at, "-") ||
        !take_digits(&at, 2, 31, &day) || month == 0 || day == 0 ||
        day > days_of_month(year, month)) {
        return false;
    }
    out->is_day = *at == '\0';
    if (take_char(&at, "Tt ") && !take_time(&at, &micros)) {
        return false;
    }
    while (*at == ' ') {
        at++;
    }
    if (!take_offset(&at, &micros) || *at != '\0') {
        return false;
    }
    out->micros = days_of_civil(year, month, day) * MICROS_A_DAY + micros;
    return true;
}

/* ---- Writing ---- */

void moment_print(const struct moment *moment, char out[MOMENT_SIZE])
{
    long long days = moment_days(moment);
    long long rest = moment->micros - days * MICROS_A_DAY;
    struct civil civil = civil_of_days(days);
    int length = snprintf(out, MOMENT_SIZE, "%04lld-%02d-%02d", civil.year, civil.month,
                          civil.day);
    if (moment->is_day) {
        return;
    }
    int seconds = (int)(rest / MICROS_A_SECOND), micros = (int)(rest % MICROS_A_SECOND);
    length += snprintf(out + length, (size_t)(MOMENT_SIZE - length), " %02d:%02d:%02d",
                       seconds / 3600, seconds / 60 % 60, seconds % 60);
    if (micros != 0) {
        snprintf(out + length, (size_t)(MOMENT_SIZE - length), ".%0*d",
                 micros % 1000 == 0 ? 3 : 6, micros % 1000 == 0 ? micros / 1000 : micros);
    }
}

/* ---- Intervals ---- */

static const struct {
    const char *name; /* with or without an s */
    int months, days;
    long long micros;
} interval_units[] = {
    {"year", 12, 0, 0},
    {"quarter", 3, 0, 0},
    {"month", 1, 0, 0},
    {"week", 0, 7, 0},
    {"day", 0, 1, 0},
    {"hour", 0, 0, 3600LL * MICROS_A_SECOND},
    {"minute", 0, 0, 60LL * MICROS_A_SECOND},
    {"second", 0, 0, MICROS_A_SECOND},
    {"millisecond", 0, 0, 1000},
    {"microsecond", 0, 0, 1},
    {"min", 0, 0, 60LL * MICROS_A_SECOND},
    {"sec", 0, 0, MICROS_A_SECOND},
};

static bool is_unit(const char *word, size_t length, const char *name)
{
    size_t wanted = strlen(name);
    bool plural = length == wanted + 1 && tolower((unsigned char)word[wanted]) == 's';
    return (length == wanted || plural) && strncasecmp(word, name, wanted) == 0;
}

/* While it is read: doubles do not overflow. */
struct sums {
    double months, days, micros;
};

/* A number and its unit. Fractions of months and days are not the same everywhere. */
static bool add_part(struct sums *sums, double number, const char *word, size_t length)
{
    for (size_t i = 0; i < sizeof interval_units / sizeof *interval_units; i++) {
        if (!is_unit(word, length, interval_units[i].name)) {
            continue;
        }
        sums->months += number * interval_units[i].months;
        sums->days += number * interval_units[i].days;
        sums->micros += number * (double)interval_units[i].micros;
        return interval_units[i].micros != 0 || number == floor(number);
    }
    return false;
}

/* Also "01:30:00". */
static bool take_clock(const char **at, struct sums *sums)
{
    const char *start = *at;
    long long micros;
    int sign = *start == '-' ? -1 : 1;
    start += *start == '-';
    if (!take_time(&start, &micros)) {
        return false;
    }
    sums->micros += sign * (double)micros;
    *at = start;
    return true;
}

static bool take_amount(const char **at, struct sums *sums)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    char *end;
    if (strchr("+-.0123456789", **at) == NULL || (*at)[1] == 'x') {
        return false;
    }
    double number = strtod(*at, &end);
    if (end == *at) {
        return false;
    }
    while (*end == ' ') {
        end++;
    }
    size_t length = strspn(end, letters);
    if (!add_part(sums, number, end, length)) {
        return false;
    }
    *at = end + length;
    return true;
}

/* Ten thousand years are all there are. */
static bool take_sums(const struct sums *sums, struct interval *out)
{
    static const double most = 10000;
    *out = (struct interval){0};
    if (!(fabs(sums->months) <= most * 12 && fabs(sums->days) <= most * 366 &&
          fabs(sums->micros) <= most * 366 * (double)MICROS_A_DAY)) {
        return false;
    }
    *out = (struct interval){(long long)sums->months, (long long)sums->days,
                             llround(sums->micros)};
    return true;
}

bool interval_parse(const char *text, struct interval *out)
{
    struct sums sums = {0};
    bool any = false;
    for (;; any = true) {
        while (*text == ' ') {
            text++;
        }
        if (*text == '\0') {
            return any && take_sums(&sums, out);
        }
        if (!take_clock(&text, &sums) && !take_amount(&text, &sums)) {
            return false;
        }
    }
}

void moment_shift(struct moment *moment, const struct interval *interval, int sign)
{
    long long days = moment_days(moment);
    long long rest = moment->micros - days * MICROS_A_DAY;
    if (interval->months != 0) {
        struct civil civil = civil_of_days(days);
        long long months = civil.year * 12 + civil.month - 1 + sign * interval->months;
        long long year = floor_divide(months, 12);
        int month = (int)(months - year * 12) + 1;
        int last = days_of_month(year, month);
        days = days_of_civil(year, month, civil.day < last ? civil.day : last);
    }
    days += sign * interval->days;
    moment->micros = days * MICROS_A_DAY + rest + sign * interval->micros;
    moment->is_day = moment->is_day && interval->micros == 0;
}
