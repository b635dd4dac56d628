/* catalog/period: how long a promised period is, in whatever form a descriptor writes it:
 * "1 d", "PT6H", "R/P1M", "daily", "every 15 minutes", "0 6 * * 1-5", addresses of
 * vocabularies of frequencies. What is no period is 0.
 *
 * Sources: ISO 8601 (durations), dublincore.org/specifications/dublin-core/cld-freq,
 * the EU vocabulary of frequencies, crontab(5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/text.h"

#define MINUTE 60.0
#define HOUR 3600.0
#define DAY 86400.0
#define WEEK 604800.0
#define MONTH 2629800.0
#define YEAR 31557600.0

/* Longer promises than a thousand years are none. */
static const double longest = 1000 * YEAR;

struct word {
    const char *word;
    double seconds;
};

static const struct word units[] = {
    {"s", 1},       {"sec", 1},       {"second", 1},          {"seconds", 1},
    {"m", MINUTE},  {"min", MINUTE},  {"minute", MINUTE},     {"minutes", MINUTE},
    {"h", HOUR},    {"hr", HOUR},     {"hour", HOUR},         {"hours", HOUR},
    {"d", DAY},     {"day", DAY},     {"days", DAY},          {"w", WEEK},
    {"week", WEEK}, {"weeks", WEEK},  {"month", MONTH},       {"months", MONTH},
    {"mo", MONTH},  {"q", 3 * MONTH}, {"quarter", 3 * MONTH}, {"quarters", 3 * MONTH},
    {"y", YEAR},    {"yr", YEAR},     {"year", YEAR},         {"years", YEAR},
};

/* Signs and capitals do not count: "Bi-weekly" is biweekly. */
static const struct word names[] = {
    {"continuous", MINUTE},
    {"continuously", MINUTE},
    {"updatecont", MINUTE},
    {"cont", MINUTE},
    {"streaming", MINUTE},
    {"realtime", MINUTE},
    {"hourly", HOUR},
    {"bihourly", 2 * HOUR},
    {"trihourly", 3 * HOUR},
    {"12hrs", 12 * HOUR},
    {"twiceaday", DAY / 2},
    {"dailytwice", DAY / 2},
    {"dailytwotimes", DAY / 2},
    {"daily2", DAY / 2},
    {"daily", DAY},
    {"nightly", DAY},
    {"weekdays", 3 * DAY},
    {"threetimesaweek", WEEK / 3},
    {"weekly3", WEEK / 3},
    {"semiweekly", WEEK / 2},
    {"weekly2", WEEK / 2},
    {"weekly", WEEK},
    {"threetimesamonth", MONTH / 3},
    {"monthly3", MONTH / 3},
    {"fortnightly", 2 * WEEK},
    {"biweekly", 2 * WEEK},
    {"semimonthly", MONTH / 2},
    {"monthly2", MONTH / 2},
    {"monthly", MONTH},
    {"bimonthly", 2 * MONTH},
    {"quarterly", 3 * MONTH},
    {"threetimesayear", 4 * MONTH},
    {"annual3", 4 * MONTH},
    {"semiannual", 6 * MONTH},
    {"annual2", 6 * MONTH},
    {"halfyearly", 6 * MONTH},
    {"biannual", 6 * MONTH},
    {"annual", YEAR},
    {"annually", YEAR},
    {"yearly", YEAR},
    {"biennial", 2 * YEAR},
    {"triennial", 3 * YEAR},
    {"quadrennial", 4 * YEAR},
    {"quinquennial", 5 * YEAR},
    {"decennial", 10 * YEAR},
};

static double find_word(const struct word *words, size_t count, const char *word)
{
    for (size_t i = 0; i < count; i++) {
        if (string_equal_fold(word, words[i].word)) {
            return words[i].seconds;
        }
    }
    return 0;
}

/* ---- Durations: P1Y2M10DT2H30M, each number maybe with a fraction ---- */

static double unit_of_letter(char letter, bool is_time)
{
    static const struct {
        char letter;
        bool is_time;
        double seconds;
    } letters[] = {{'Y', false, YEAR}, {'M', false, MONTH}, {'W', false, WEEK},
                   {'D', false, DAY},  {'H', true, HOUR},   {'M', true, MINUTE},
                   {'S', true, 1}};
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        if (letters[i].letter == letter && letters[i].is_time == is_time) {
            return letters[i].seconds;
        }
    }
    return 0;
}

static bool read_amount(const char **text, double *amount)
{
    size_t length = strspn(*text, "0123456789.,");
    char digits[32];
    char *end;
    if (length == 0 || length >= sizeof digits) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        digits[i] = (char)((*text)[i] == ',' ? '.' : (*text)[i]);
    }
    digits[length] = '\0';
    *amount = strtod(digits, &end);
    *text += length;
    return *end == '\0';
}

static double duration_of(const char *text)
{
    double seconds = 0;
    bool is_time = false;
    if (*text++ != 'P') {
        return 0;
    }
    while (*text != '\0') {
        double amount, unit;
        if (*text == 'T' && !is_time) {
            is_time = true;
            text++;
        }
        if (!read_amount(&text, &amount) ||
            (unit = unit_of_letter(*text, is_time)) == 0) {
            return 0;
        }
        seconds += amount * unit;
        text++;
    }
    return seconds;
}

/* ---- Schedules: five fields of cron; the longest wait they allow, roughly ---- */

static long value_within(const char *text, int most)
{
    long value = strtol(text, NULL, 10);
    return value < 0 ? 0 : value > most ? most : value;
}

/* How many of `most` values a field names; 0: it is none. */
static int field_count(const char *field, size_t length, int most)
{
    int count = 0;
    for (size_t i = 0; i < length;) {
        size_t part = i;
        while (i < length && field[i] != ',') {
            i++;
        }
        char text[32];
        long first = 0, last = most - 1, step = 1;
        size_t size = i - part;
        if (size == 0 || size >= sizeof text) {
            return 0;
        }
        memcpy(text, field + part, size);
        text[size] = '\0';
        char *slash = strchr(text, '/');
        if (slash != NULL) {
            *slash = '\0';
            step = strtol(slash + 1, NULL, 10);
        }
        char *dash = strchr(text, '-');
        if (text[0] != '*' && dash != NULL) {
            first = value_within(text, most);
            last = value_within(dash + 1, most);
        } else if (text[0] != '*') {
            first = last = value_within(text, most);
            last = slash != NULL ? most - 1 : last;
        }
        count += step > 0 && last >= first ? (int)((last - first) / step) + 1 : 0;
        i++;
    }
    return count < most ? count : most;
}

static double schedule_of(const char *text)
{
    /* minute, hour, day of month, month, day of week */
    static const int most[] = {60, 24, 31, 12, 7};
    int counts[5];
    for (int i = 0; i < 5; i++) {
        size_t length = strspn(text, "0123456789*/,-");
        if (length == 0) {
            return 0;
        }
        counts[i] = field_count(text, length, most[i]);
        text += length;
        if (counts[i] == 0 || (*text != ' ' && *text != '\t' && i < 4)) {
            return 0;
        }
        text += strspn(text, " \t");
    }
    if (*text != '\0') {
        return 0;
    }
    if (counts[3] < 12) {
        return YEAR / counts[3];
    }
    if (counts[2] < 31) {
        return MONTH / counts[2];
    }
    if (counts[4] < 7) {
        return counts[4] == 5 ? 3 * DAY : WEEK / counts[4];
    }
    return counts[1] < 24 ? DAY / counts[1] : HOUR / counts[0];
}

/* ---- Words ---- */

/* Only letters and digits, of what stands behind the last slash or sharp sign. */
static void bare_word(const char *text, char word[32])
{
    const char *slash = strrchr(text, '/'), *sharp = strrchr(text, '#');
    const char *start = slash != NULL ? slash + 1 : text;
    size_t length = 0;
    start = sharp != NULL && sharp + 1 > start ? sharp + 1 : start;
    for (const char *p = start; *p != '\0' && length < 31; p++) {
        if (isalnum((unsigned char)*p)) {
            word[length++] = *p;
        }
    }
    word[length] = '\0';
}

static double amount_of(const char *text)
{
    char unit[32], *end;
    double number = strtod(text, &end);
    number = end == text ? 1 : number;
    end += strspn(end, " \t");
    size_t length = strcspn(end, " \t");
    if (length >= sizeof unit || end[length + strspn(end + length, " \t")] != '\0') {
        return 0;
    }
    memcpy(unit, end, length);
    unit[length] = '\0';
    return number * find_word(units, sizeof units / sizeof *units, unit);
}

double catalog_period(const char *period)
{
    char word[32];
    const char *text = period + strspn(period, " \t");
    static const char *const leading[] = {"every ", "each ", "once a ", "once per ",
                                          "R/"};
    double seconds = schedule_of(text);
    bare_word(text, word);
    if (seconds == 0) {
        seconds = find_word(names, sizeof names / sizeof *names, word);
    }
    for (size_t i = 0; i < sizeof leading / sizeof *leading && seconds == 0; i++) {
        size_t length = strlen(leading[i]);
        text += strncasecmp(text, leading[i], length) == 0 ? length : 0;
    }
    if (seconds == 0) {
        seconds = duration_of(text);
    }
    if (seconds == 0) {
        seconds = amount_of(text);
    }
    return isfinite(seconds) && seconds > 0 && seconds <= longest ? seconds : 0;
}
