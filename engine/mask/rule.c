/* rule: the words of a masking rule, and what it makes of a value.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/mask/private.h"

enum { COUNT_MOST = 1000000000 };

static const struct word {
    const char *word;
    enum mask_kind kind;
    int most; /* of the number behind it; 0: there is none */
    const char *sentence;
} words[] = {
    {"drop", MASK_DROP, 0, "left out"},
    {"null", MASK_NULL, 0, "shown as NULL"},
    {"token", MASK_TOKEN, 0, "shown as a token"},
    {"first", MASK_FIRST, 1000, NULL},
    {"year", MASK_YEAR, 0, "only its year"},
    {"month", MASK_MONTH, 0, "only its year and month"},
    {"round", MASK_ROUND, COUNT_MOST, NULL},
};
enum { WORDS = sizeof words / sizeof words[0] };

/* ---- Words ---- */

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t");
}

/* The number behind a word: 1 to `most`, and nothing behind it. */
static bool read_count(const char *at, int most, int *count)
{
    char *end;
    if (most == 0) {
        return *skip_blanks(at) == '\0';
    }
    const char *digits = skip_blanks(at);
    if (digits == at || strspn(digits, "0123456789") == 0) {
        return false;
    }
    long number = strtol(digits, &end, 10);
    *count = number >= 1 && number <= most ? (int)number : 0;
    return *count > 0 && *skip_blanks(end) == '\0';
}

bool mask_parse(const char *text, struct mask_rule *rule, struct error *err)
{
    const char *start = skip_blanks(text != NULL ? text : "");
    size_t length = strcspn(start, " \t");
    for (size_t i = 0; i < WORDS; i++) {
        const struct word *word = &words[i];
        int count = 0;
        if (strlen(word->word) == length && memcmp(word->word, start, length) == 0 &&
            read_count(start + length, word->most, &count)) {
            *rule = (struct mask_rule){word->kind, count};
            return true;
        }
    }
    *rule = (struct mask_rule){MASK_DROP, 0}; /* who goes on all the same shows nothing */
    return error_set(err, ERROR_USAGE,
                     "'%.60s' is no masking rule; there are drop, null, token, first N "
                     "(characters, up to 1000), year, month and round N",
                     start);
}

void mask_describe(const struct mask_rule *rule, struct text *out)
{
    if (rule->kind == MASK_FIRST && rule->count == 1) {
        text_append(out, "only its first character");
    } else if (rule->kind == MASK_FIRST) {
        text_printf(out, "only its first %d characters", rule->count);
    } else if (rule->kind == MASK_ROUND) {
        text_printf(out, "rounded down to a multiple of %d", rule->count);
    } else {
        const char *sentence = "shown as it is";
        for (size_t i = 0; i < WORDS; i++) {
            sentence = words[i].kind == rule->kind ? words[i].sentence : sentence;
        }
        text_append(out, sentence);
    }
}

void mask_name(const struct mask_rule *rule, struct text *out)
{
    for (size_t i = 0; i < WORDS; i++) {
        if (words[i].kind == rule->kind) {
            text_append(out, words[i].word);
            if (words[i].most > 0) {
                text_printf(out, " %d", rule->count);
            }
        }
    }
}

bool mask_equal(const struct mask_rule *a, const struct mask_rule *b)
{
    bool counts = a->kind == MASK_FIRST || a->kind == MASK_ROUND;
    return a->kind == b->kind && (!counts || a->count == b->count);
}

/* ---- Values ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A character of UTF-8; a byte that begins none counts as one, so that broken text cannot
 * slip through as a single endless character. */
static size_t character_length(const char *at, size_t left)
{
    unsigned char lead = (unsigned char)at[0];
    size_t length = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    for (size_t i = 1; i < length; i++) {
        if (i >= left || ((unsigned char)at[i] & 0xC0) != 0x80) {
            return 1;
        }
    }
    return length;
}

static long first_characters(int count, const char *value, size_t length)
{
    size_t end = 0;
    for (int i = 0; i < count && end < length; i++) {
        end += character_length(value + end, length - end);
    }
    return (long)end;
}

/* YYYY or YYYY-MM, and behind it the end, a dash, or what separates a time. */
static long start_of_date(const char *value, size_t length, size_t wanted)
{
    for (size_t i = 0; i < wanted; i++) {
        if (i >= length || (i == 4 ? value[i] != '-' : !is_digit(value[i]))) {
            return -1;
        }
    }
    if (wanted == 7 && (value[5] > '1' || (value[5] == '1' && value[6] > '2') ||
                        memcmp(value + 5, "00", 2) == 0)) {
        return -1;
    }
    return length == wanted || strchr("-T ", value[wanted]) != NULL ? (long)wanted : -1;
}

/* A number as decimal digits, as SQLite prints numbers: -12.5, 1.0e-05, 1.0e+20. */
struct figure {
    bool negative;
    char digits[64];
    size_t count;
    long point; /* digits in front of it; may be beyond all or negative */
};

static bool take_digits(struct figure *figure, const char *text, size_t length,
                        size_t *at)
{
    size_t start = *at;
    for (; *at < length && is_digit(text[*at]); ++*at) {
        if (figure->count == sizeof figure->digits) {
            return false;
        }
        figure->digits[figure->count++] = text[*at];
    }
    return *at > start;
}

static bool take_exponent(struct figure *figure, const char *text, size_t length,
                          size_t *at)
{
    long exponent = 0;
    size_t i = *at + 1;
    bool negative = i < length && text[i] == '-';
    i += i < length && (text[i] == '-' || text[i] == '+') ? 1 : 0;
    size_t start = i;
    for (; i < length && is_digit(text[i]) && i < start + 4; i++) {
        exponent = exponent * 10 + (text[i] - '0');
    }
    figure->point += negative ? -exponent : exponent;
    *at = i;
    return i > start;
}

static bool read_figure(const char *text, size_t length, struct figure *figure)
{
    size_t at = length > 0 && (text[0] == '-' || text[0] == '+') ? 1 : 0;
    figure->negative = at > 0 && text[0] == '-';
    bool any = take_digits(figure, text, length, &at);
    figure->point = (long)figure->count;
    if (at < length && text[at] == '.') {
        at++;
        any |= take_digits(figure, text, length, &at);
    }
    if (any && at < length && (text[at] == 'e' || text[at] == 'E')) {
        any = take_exponent(figure, text, length, &at);
    }
    return any && at == length;
}

/* Down to a multiple, also below zero: -3 by tens is -10. */
static long round_down(int count, const char *value, size_t length, char *out,
                       size_t room)
{
    struct figure figure = {0};
    long long whole = 0, step = count;
    bool rest = false;
    if (!read_figure(value, length, &figure)) {
        return -1;
    }
    for (long i = 0; i < figure.point || i < (long)figure.count; i++) {
        int digit = i < (long)figure.count ? figure.digits[i] - '0' : 0;
        if (i >= figure.point) {
            rest |= digit != 0;
        } else if (whole > (LLONG_MAX - step - 9) / 10) {
            return -1;
        } else {
            whole = whole * 10 + digit;
        }
    }
    rest |= whole % step != 0;
    whole -= whole % step;
    whole = figure.negative ? -whole - (rest ? step : 0) : whole;
    return snprintf(out, room, "%lld", whole);
}

long mask_kept(const struct mask_rule *rule, const char *value, size_t length)
{
    switch (rule->kind) {
    case MASK_NONE:
        return (long)length;
    case MASK_FIRST:
        return first_characters(rule->count, value, length);
    case MASK_YEAR:
        return start_of_date(value, length, 4);
    case MASK_MONTH:
        return start_of_date(value, length, 7);
    case MASK_DROP:
    case MASK_NULL:
    case MASK_TOKEN:
    case MASK_ROUND:
        break;
    }
    return -1;
}

long mask_apply(const struct mask_rule *rule, const struct mask_key *key,
                const char *value, size_t length, char *out, size_t room)
{
    if (value == NULL || room < MASK_ROOM) {
        return -1;
    }
    if (rule->kind == MASK_ROUND) {
        return round_down(rule->count, value, length, out, room);
    }
    if (rule->kind == MASK_TOKEN) {
        /* Without a key nobody may see it, and nobody can make a token. */
        bool made = key != NULL && mask_key_token(key, value, length, out);
        return made ? MASK_TOKEN_SIGNS : -1;
    }
    long kept = mask_kept(rule, value, length);
    if (kept > (long)room) {
        return -1;
    }
    if (kept > 0) {
        memmove(out, value, (size_t)kept);
    }
    return kept;
}

size_t mask_print_real(double value, char out[MASK_ROOM])
{
    const double exact = 9007199254740992.0; /* every integer up to here is a double */
    if (value > -exact && value < exact && value == (double)(long long)value) {
        return (size_t)snprintf(out, MASK_ROOM, "%lld", (long long)value);
    }
    sqlite3_snprintf(MASK_ROOM, out, "%!.15g", value);
    return strlen(out);
}
