/* typing: texts to integers, reals, truth values and dates. Which kind a column gets is
 * plan.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/typing.h"

#include <math.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { NUMBER_MOST = 400 }; /* longer texts are no numbers */

static const double tens[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
enum { EXACT_DIGITS = 15 }; /* DBL_DIG: so many always come back */
static const long long exact_integer = 1LL
                                       << 53; /* every integer up to here is a double */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- Lossless ---- */

bool typing_is_integer(const char *text, size_t length, long long *value)
{
    bool negative = length > 0 && text[0] == '-';
    size_t i = negative ? 1 : 0;
    if (i >= length || length - i > 19 || !is_digit(text[i]) ||
        (text[i] == '0' && (negative || length > 1))) {
        return false;
    }
    uint64_t number = 0;
    for (; i < length; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
        number = number * 10 + (uint64_t)(text[i] - '0');
    }
    if (number > (uint64_t)INT64_MAX + (negative ? 1 : 0)) {
        return false;
    }
    *value = negative ? (long long)(0 - number) : (long long)number;
    return true;
}

/* The rare forms, by asking SQLite itself. */
static bool prints_the_same(const char *text, size_t length, locale_t numbers,
                            double *value)
{
    char copy[32], printed[48];
    if (length >= sizeof copy) {
        return false;
    }
    memcpy(copy, text, length);
    copy[length] = '\0';
    char *end;
    *value = strtod_l(copy, &end, numbers);
    sqlite3_snprintf(sizeof printed, printed, "%!.15g", *value);
    return end == copy + length && isfinite(*value) && strcmp(copy, printed) == 0;
}

/* digits.digits without needless zeros and at most 15 digits is printed as it stands
 * between 1e-4 and 1e15: decided by looking, for printing costs more than storing. */
bool typing_is_real(const char *text, size_t length, locale_t numbers, double *value,
                    bool *whole)
{
    size_t i = length > 0 && text[0] == '-' ? 1 : 0;
    if (i >= length || !is_digit(text[i]) || length > 30) {
        return false;
    }
    bool leading_zero = text[i] == '0';
    uint64_t mantissa = 0;
    size_t before = 0, after = 0;
    for (; i < length && is_digit(text[i]) && before <= EXACT_DIGITS; i++, before++) {
        mantissa = mantissa * 10 + (uint64_t)(text[i] - '0');
    }
    if ((leading_zero && before > 1) || i >= length || text[i] != '.') {
        return false;
    }
    for (i++; i < length && is_digit(text[i]) && after <= EXACT_DIGITS; i++, after++) {
        mantissa = mantissa * 10 + (uint64_t)(text[i] - '0');
    }
    *whole = after == 1 && text[i - 1] == '0';
    bool plain = i == length && after > 0 && before + after <= EXACT_DIGITS &&
                 mantissa > 0 && (*whole || text[length - 1] != '0');
    if (plain && (double)mantissa >= tens[after] * 1e-4) {
        *value = (double)mantissa / tens[after];
        *value = text[0] == '-' ? -*value : *value;
        return true;
    }
    return prints_the_same(text, length, numbers, value);
}

static enum typing_fit parse_text(const struct typing_rules *rules, const char *text,
                                  size_t length, struct typing_value *value)
{
    (void)rules;
    (void)text;
    (void)length;
    value->type = VALUE_TEXT;
    return FIT_YES;
}

/* The length of `sign` when it stands at `text`, else 0. */
static size_t sign_at(const char *text, size_t length, const char *sign)
{
    size_t bytes = sign != NULL ? strlen(sign) : 0;
    return bytes > 0 && bytes <= length && memcmp(text, sign, bytes) == 0 ? bytes : 0;
}

bool typing_unmark(const struct typing_rules *rules, const char *text, size_t length,
                   char *plain, size_t *plain_length)
{
    const char *decimal = rules->decimal != NULL ? rules->decimal : ".";
    size_t used = 0, digits = 0; /* since the start or the last sign */
    bool grouped = false, fraction = false;
    for (size_t i = 0; i < length && used + 1 < TYPING_PLAIN;) {
        size_t group = fraction ? 0 : sign_at(text + i, length - i, rules->group);
        size_t point = group > 0 ? 0 : sign_at(text + i, length - i, decimal);
        if (group == 0 && point == 0) {
            bool is_good = is_digit(text[i]) || (text[i] == '-' && i == 0);
            if (!is_good) {
                return false;
            }
            digits += is_digit(text[i]) ? 1 : 0;
            plain[used++] = text[i++];
            continue;
        }
        if (fraction ||
            (grouped ? digits != 3 : group > 0 && (digits < 1 || digits > 3))) {
            return false;
        }
        grouped = group > 0;
        fraction = point > 0;
        if (fraction) {
            plain[used++] = '.';
        }
        digits = 0;
        i += group + point;
    }
    *plain_length = used;
    return used + 1 < TYPING_PLAIN && (!grouped || digits == 3);
}

static enum typing_fit parse_integer(const struct typing_rules *rules, const char *text,
                                     size_t length, struct typing_value *value)
{
    char plain[TYPING_PLAIN];
    bool fits =
        !typing_has_marks(rules) || typing_unmark(rules, text, length, plain, &length);
    fits = fits && typing_is_integer(typing_has_marks(rules) ? plain : text, length,
                                     &value->integer);
    value->type = fits ? VALUE_INTEGER : VALUE_TEXT;
    return fits ? FIT_YES : FIT_NO_BENT;
}

/* A real column may hold whole numbers written without ".0"; the plan saw to it that it
 * then holds none written with it. */
static enum typing_fit parse_real(const struct typing_rules *rules, const char *text,
                                  size_t length, struct typing_value *value)
{
    bool whole;
    char plain[TYPING_PLAIN];
    value->type = VALUE_REAL;
    if (typing_has_marks(rules)) {
        if (!typing_unmark(rules, text, length, plain, &length)) {
            value->type = VALUE_TEXT;
            return FIT_NO_BENT;
        }
        text = plain;
    }
    if (typing_is_real(text, length, rules->numbers, &value->real, &whole)) {
        return FIT_YES;
    }
    if (typing_is_integer(text, length, &value->integer)) {
        value->real = (double)value->integer;
        return FIT_YES;
    }
    value->type = VALUE_TEXT;
    return FIT_NO_BENT;
}

/* ---- Declared ---- */

struct number {
    char text[NUMBER_MOST + 1]; /* sign, digits, '.', digits, exponent; nothing else */
    bool is_integer;
    size_t digits; /* significant ones */
};

/* Where the digits from `at` end; counts the significant ones. */
static size_t skip_digits(struct number *number, size_t at, bool *any)
{
    for (; is_digit(number->text[at]); at++) {
        *any = true;
        number->digits += number->digits > 0 || number->text[at] != '0' ? 1 : 0;
    }
    return at;
}

/* [+-] digits [. digits] [e [+-] digits], at least one digit. */
static bool number_is_whole_text(struct number *number)
{
    bool any = false, any_exponent = false;
    size_t i = number->text[0] == '+' || number->text[0] == '-' ? 1 : 0;
    i = skip_digits(number, i, &any);
    number->is_integer = number->text[i] == '\0';
    if (number->text[i] == '.') {
        i = skip_digits(number, i + 1, &any);
    }
    if (any && (number->text[i] == 'e' || number->text[i] == 'E')) {
        size_t digits = number->digits;
        i++;
        i += number->text[i] == '+' || number->text[i] == '-' ? 1 : 0;
        i = skip_digits(number, i, &any_exponent);
        number->digits = digits;
        any = any_exponent;
    }
    return any && number->text[i] == '\0';
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

/* What stands around a number and is no part of it: blanks, and where the column says so,
 * anything but digits and their signs. */
static void trim_number(const struct typing_rules *rules, const char **text,
                        size_t *length)
{
    const char *start = *text, *end = *text + *length;
    const char *decimal = rules->decimal != NULL ? rules->decimal : ".";
    while (start < end &&
           (is_blank(*start) ||
            (rules->not_bare && !is_digit(*start) && *start != '-' && *start != '+' &&
             sign_at(start, (size_t)(end - start), decimal) == 0))) {
        start++;
    }
    while (end > start &&
           (is_blank(end[-1]) || (rules->not_bare && !is_digit(end[-1])))) {
        end--;
    }
    *text = start;
    *length = (size_t)(end - start);
}

/* Bring a declared number to plain form: without blanks around it and group signs. */
static bool number_read(const struct typing_rules *rules, const char *text, size_t length,
                        struct number *number)
{
    size_t used = 0;
    const char *decimal = rules->decimal != NULL ? rules->decimal : ".";
    trim_number(rules, &text, &length);
    if (length > NUMBER_MOST) {
        return false;
    }
    for (size_t i = 0; i < length;) {
        size_t group = sign_at(text + i, length - i, rules->group);
        size_t point = group > 0 ? 0 : sign_at(text + i, length - i, decimal);
        if (group == 0 && point == 0 && (text[i] == '\0' || text[i] == '.')) {
            return false;
        }
        if (group == 0) {
            number->text[used++] = point > 0 ? '.' : text[i];
        }
        i += group + point > 0 ? group + point : 1;
    }
    number->text[used] = '\0';
    number->digits = 0;
    return number_is_whole_text(number);
}

/* An integer of SQLite, else the nearest double. False when neither holds it: an integer
 * that no double is equal to, or one beyond all doubles. */
static bool number_value(const struct number *number, const struct typing_rules *rules,
                         struct typing_value *value)
{
    const char *digits = number->text + (number->text[0] == '+' ? 1 : 0);
    if (number->is_integer && number->digits <= 19) {
        bool negative = digits[0] == '-';
        uint64_t sum = 0;
        for (const char *c = digits + (negative ? 1 : 0); *c != '\0'; c++) {
            sum = sum * 10 + (uint64_t)(*c - '0');
        }
        if (sum <= (uint64_t)INT64_MAX) {
            value->type = VALUE_INTEGER;
            value->integer = negative ? -(long long)sum : (long long)sum;
            return true;
        }
    }
    if (number->is_integer && number->digits > EXACT_DIGITS) {
        return false;
    }
    value->type = VALUE_REAL;
    value->real = strtod_l(digits, NULL, rules->numbers);
    return isfinite(value->real) && (value->real != 0 || number->digits == 0);
}

/* White space as SQLite has it, which looks through it for a number. */
static bool is_bent_blank(char c)
{
    return c == '\n' || c == '\v' || c == '\f' || c == '\r';
}

/* A number only because SQLite looks through line ends around it. */
static bool is_bent_around(const struct typing_rules *plain, const char *text,
                           size_t length)
{
    struct number number = {0};
    bool any = false;
    for (; length > 0 && (is_bent_blank(text[0]) || is_blank(text[0])); text++) {
        any |= is_bent_blank(text[0]);
        length--;
    }
    for (;
         length > 0 && (is_bent_blank(text[length - 1]) || is_blank(text[length - 1]));) {
        any |= is_bent_blank(text[--length]);
    }
    return any && number_read(plain, text, length, &number);
}

/* A text that a number column holds although it is no value of the declared type. */
static enum typing_fit misfit(const struct typing_rules *rules, const char *text,
                              size_t length, struct typing_value *value)
{
    struct number number = {0};
    struct typing_rules plain = {.numbers = rules->numbers};
    if (!number_read(&plain, text, length, &number)) {
        value->type = VALUE_TEXT;
        return is_bent_around(&plain, text, length) ? FIT_NO_BENT : FIT_NO;
    }
    if (number.digits <= EXACT_DIGITS && number_value(&number, &plain, value)) {
        return FIT_NO;
    }
    value->type = VALUE_TEXT;
    return FIT_NO_BENT;
}

static enum typing_fit parse_declared_integer(const struct typing_rules *rules,
                                              const char *text, size_t length,
                                              struct typing_value *value)
{
    struct number number = {0};
    value->type = VALUE_INTEGER;
    if (typing_is_integer(text, length, &value->integer)) {
        return FIT_YES;
    }
    if (number_read(rules, text, length, &number) && number.is_integer &&
        number_value(&number, rules, value) && value->type == VALUE_INTEGER) {
        return FIT_YES;
    }
    return misfit(rules, text, length, value);
}

static enum typing_fit parse_declared_number(const struct typing_rules *rules,
                                             const char *text, size_t length,
                                             struct typing_value *value)
{
    struct number number = {0};
    bool whole;
    value->type = VALUE_REAL;
    if (!typing_has_marks(rules) &&
        typing_is_real(text, length, rules->numbers, &value->real, &whole)) {
        return FIT_YES;
    }
    if (!number_read(rules, text, length, &number) ||
        !number_value(&number, rules, value)) {
        return misfit(rules, text, length, value);
    }
    if (value->type == VALUE_INTEGER &&
        (value->integer > exact_integer || value->integer < -exact_integer)) {
        value->type = VALUE_TEXT;
        return FIT_NO_BENT;
    }
    return FIT_YES;
}

static enum typing_fit parse_declared_boolean(const struct typing_rules *rules,
                                              const char *text, size_t length,
                                              struct typing_value *value)
{
    const char *yes = rules->true_values, *no = rules->false_values;
    yes = yes != NULL ? yes : "true\nTRUE\nTrue\n1";
    no = no != NULL ? no : "false\nFALSE\nFalse\n0";
    value->integer = typing_list_has(yes, text, length) ? 1 : 0;
    if (value->integer == 1 || typing_list_has(no, text, length)) {
        value->type = VALUE_INTEGER;
        return FIT_YES;
    }
    return misfit(rules, text, length, value);
}

/* A format that cannot be followed lets any text through: its author knows better. */
static enum typing_fit parse_moment(enum dates_kind kind,
                                    const struct typing_rules *rules, const char *text,
                                    size_t length, struct typing_value *value)
{
    value->type = VALUE_TEXT;
    if (rules->any_format) {
        return FIT_YES;
    }
    return dates_read(kind, rules->format, text, length, value->made, &value->made_length)
               ? FIT_YES
               : FIT_NO;
}

static enum typing_fit parse_date(const struct typing_rules *rules, const char *text,
                                  size_t length, struct typing_value *value)
{
    return parse_moment(DATES_DATE, rules, text, length, value);
}

static enum typing_fit parse_time(const struct typing_rules *rules, const char *text,
                                  size_t length, struct typing_value *value)
{
    return parse_moment(DATES_TIME, rules, text, length, value);
}

static enum typing_fit parse_timestamp(const struct typing_rules *rules, const char *text,
                                       size_t length, struct typing_value *value)
{
    return parse_moment(DATES_TIMESTAMP, rules, text, length, value);
}

static const struct typing_kind declared_kinds[] = {
    {"string text varchar char uuid object array list geopoint geojson yearmonth "
     "duration map",
     STORAGE_TEXT, parse_text},
    {"integer int bigint smallint long year", STORAGE_INTEGER, parse_declared_integer},
    {"number numeric decimal double float real", STORAGE_REAL, parse_declared_number},
    {"boolean bool", STORAGE_INTEGER, parse_declared_boolean},
    {"date", STORAGE_TEXT, parse_date},
    {"timestamp datetime", STORAGE_TEXT, parse_timestamp},
    {"time", STORAGE_TEXT, parse_time},
};

static const struct typing_kind inferred_kinds[] = {
    [STORAGE_TEXT] = {"", STORAGE_TEXT, parse_text},
    [STORAGE_INTEGER] = {"", STORAGE_INTEGER, parse_integer},
    [STORAGE_REAL] = {"", STORAGE_REAL, parse_real},
};

static bool words_have(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; *at != '\0';) {
        size_t here = strcspn(at, " ");
        if (here == length && sqlite3_strnicmp(at, word, (int)length) == 0) {
            return true;
        }
        at += here + (at[here] == ' ' ? 1 : 0);
    }
    return false;
}

const struct typing_kind *typing_declared(const char *type)
{
    size_t count = sizeof declared_kinds / sizeof declared_kinds[0];
    for (size_t i = 0; type != NULL && i < count; i++) {
        if (words_have(declared_kinds[i].names, type)) {
            return &declared_kinds[i];
        }
    }
    return NULL;
}

const struct typing_kind *typing_inferred(enum typing_storage storage)
{
    return &inferred_kinds[storage == STORAGE_MIXED ? STORAGE_TEXT : storage];
}

bool typing_list_has(const char *list, const char *text, size_t length)
{
    for (const char *at = list; at != NULL;) {
        const char *end = strchr(at, '\n');
        size_t here = end != NULL ? (size_t)(end - at) : strlen(at);
        if (here == length && memcmp(at, text, length) == 0) {
            return true;
        }
        at = end != NULL ? end + 1 : NULL;
    }
    return false;
}
