/* json_value: strings, numbers and booleans to values of SQLite.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/json_value.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Numbers ---- */

enum {
    DIGITS_MOST = 400,   /* a number with more is text */
    POWER_MOST = 100000, /* exponents beyond are all alike */
    EXACT_POWER = 22     /* 10^22 is the last power of ten that is a double */
};

/* Significant digits d.ddd times ten to the power. */
struct decimal {
    char digits[DIGITS_MOST + 1];
    size_t count; /* 0: the number is zero */
    long power;
    bool negative, whole; /* written without fraction and exponent */
};

static long read_power(const char *text, size_t length)
{
    bool negative = length > 0 && text[0] == '-';
    long power = 0;
    for (size_t i = length > 0 && (negative || text[0] == '+') ? 1 : 0; i < length; i++) {
        power = power < POWER_MOST ? power * 10 + (text[i] - '0') : POWER_MOST;
    }
    return negative ? -power : power;
}

/* False: it has too many digits to be told exactly. */
static bool read_decimal(const char *text, size_t length, struct decimal *decimal)
{
    long before = 0, leading = 0; /* digits before the point; zeros in front */
    bool point = false;
    decimal->negative = length > 0 && text[0] == '-';
    decimal->count = 0;
    size_t i = decimal->negative ? 1 : 0;
    for (; i < length && text[i] != 'e' && text[i] != 'E'; i++) {
        if (text[i] == '.') {
            point = true;
            continue;
        }
        before += point ? 0 : 1;
        if (decimal->count == 0 && text[i] == '0') {
            leading++;
        } else if (decimal->count == DIGITS_MOST) {
            return false;
        } else {
            decimal->digits[decimal->count++] = text[i];
        }
    }
    decimal->whole = !point && i == length;
    decimal->power = before - leading - 1;
    if (i < length) {
        decimal->power += read_power(text + i + 1, length - i - 1);
    }
    while (decimal->count > 0 && decimal->digits[decimal->count - 1] == '0') {
        decimal->count--;
    }
    decimal->digits[decimal->count] = '\0';
    return true;
}

static uint64_t whole_digits(const struct decimal *decimal)
{
    uint64_t digits = 0;
    for (size_t i = 0; i < decimal->count; i++) {
        digits = digits * 10 + (uint64_t)(decimal->digits[i] - '0');
    }
    return digits;
}

/* Both the digits and the power of ten are doubles: the quotient or product is rounded
 * once, and so is the nearest double (Clinger, "How to read floating point numbers
 * accurately", 1990). */
static bool quick_double(const struct decimal *decimal, double *value)
{
    static const double tens[EXACT_POWER + 1] = {
        1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
        1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    long power = decimal->power - (long)decimal->count + 1;
    if (decimal->count > DBL_DIG || power < -EXACT_POWER || power > EXACT_POWER) {
        return false;
    }
    double digits = (double)whole_digits(decimal);
    *value = power < 0 ? digits / tens[-power] : digits * tens[power];
    *value = decimal->negative ? -*value : *value;
    return true;
}

/* 16 or 17 digits are what programs write for a double that shorter ones do not tell:
 * digits / 10^places, divided with 70 bits more, and all that is left over decides how to
 * round. The double is mantissa / 2^bits then, and tells the digits if it is nearer to
 * them than half of the last one, which is looked at in whole numbers as well. False: not
 * decided here. */
static bool divide_double(const struct decimal *decimal, double *value, bool *same)
{
#ifdef __SIZEOF_INT128__
    __extension__ typedef unsigned __int128 wide;
    enum { MORE_BITS = 70, DIGITS_MOST_HERE = 17, PLACES_MOST = 19 };
    long places = (long)decimal->count - 1 - decimal->power;
    if (decimal->count <= DBL_DIG || decimal->count > DIGITS_MOST_HERE || places < 1 ||
        places > PLACES_MOST) {
        return false;
    }
    uint64_t digits = whole_digits(decimal), ten = 1;
    for (long i = 0; i < places; i++) {
        ten *= 10;
    }
    wide all = (wide)digits << MORE_BITS;
    wide quotient = all / ten;
    bool rest = quotient * ten != all;
    uint64_t high = (uint64_t)(quotient >> 64);
    int length = high != 0 ? 128 - __builtin_clzll(high)
                           : 64 - __builtin_clzll((uint64_t)quotient);
    int drop = length - DBL_MANT_DIG; /* at least 3: digits * 2^70 / 10^19 is 2^56 */
    wide half = (wide)1 << (drop - 1), dropped = quotient & (half * 2 - 1);
    uint64_t mantissa = (uint64_t)(quotient >> drop);
    mantissa +=
        dropped > half || (dropped == half && (rest || mantissa % 2 == 1)) ? 1 : 0;
    int bits = MORE_BITS - drop;
    if (bits < 1) {
        return false;
    }
    wide told = (wide)mantissa * ten, written = (wide)digits << bits;
    wide apart = told > written ? told - written : written - told;
    *same = apart < (wide)1 << (bits - 1);
    *value = ldexp((double)mantissa, -bits);
    *value = decimal->negative ? -*value : *value;
    return apart != (wide)1 << (bits - 1);
#else
    (void)decimal;
    (void)value;
    (void)same;
    return false;
#endif
}

/* Is the double, printed with as many digits, the same number? The sign of the decimal
 * point may be the user's: only digits are compared. */
static bool tells_the_same(double value, const struct decimal *decimal)
{
    char printed[DIGITS_MOST + 32];
    snprintf(printed, sizeof printed, "%.*e", (int)decimal->count - 1, value);
    size_t same = 0;
    const char *at = printed;
    for (; *at != '\0' && *at != 'e'; at++) {
        if (*at >= '0' && *at <= '9' && *at != decimal->digits[same++]) {
            return false;
        }
    }
    return same == decimal->count && *at == 'e' &&
           strtol(at + 1, NULL, 10) == decimal->power;
}

static bool slow_double(const struct decimal *decimal, locale_t numbers, double *value)
{
    bool same;
    if (divide_double(decimal, value, &same)) {
        return same;
    }
    char text[DIGITS_MOST + 48];
    snprintf(text, sizeof text, "%s%se%ld", decimal->negative ? "-" : "", decimal->digits,
             decimal->power - (long)decimal->count + 1);
    *value = strtod_l(text, NULL, numbers);
    return isfinite(*value) && fabs(*value) >= DBL_MIN &&
           (decimal->count <= DBL_DIG || tells_the_same(*value, decimal));
}

void json_number(const char *text, size_t length, locale_t numbers,
                 struct typing_value *value)
{
    struct decimal decimal;
    value->type = VALUE_TEXT;
    if (typing_is_integer(text, length, &value->integer)) {
        value->type = VALUE_INTEGER;
        return;
    }
    if (!read_decimal(text, length, &decimal) || decimal.whole) {
        return;
    }
    value->real = 0;
    bool exact = decimal.count == 0 ? !decimal.negative
                                    : quick_double(&decimal, &value->real) ||
                                          slow_double(&decimal, numbers, &value->real);
    value->type = exact ? VALUE_REAL : VALUE_TEXT;
}

/* ---- Columns ---- */

static enum typing_fit parse_declared(const struct plan_column *column, const char *text,
                                      const struct reader_cell *cell,
                                      struct typing_value *value)
{
    struct typing_rules rules = column->rules;
    if (cell->kind == CELL_NUMBER) {
        rules.decimal = rules.group = NULL;
    }
    return column->kind->parse(&rules, text, cell->length, value);
}

static void see_number(struct plan_column *column, const char *text, size_t length)
{
    struct typing_value value;
    json_number(text, length, column->rules.numbers, &value);
    column->saw_integer |= value.type == VALUE_INTEGER;
    column->saw_real |= value.type == VALUE_REAL;
    column->saw_bent |= value.type == VALUE_TEXT;
    column->saw_big |= value.type == VALUE_INTEGER &&
                       (value.integer > (1LL << 53) || value.integer < -(1LL << 53));
}

void json_see(struct plan_column *column, const char *text,
              const struct reader_cell *cell)
{
    struct typing_value value;
    if (!column->inferred) {
        if (column->kind->storage != STORAGE_TEXT && !column->saw_bent) {
            column->saw_bent = parse_declared(column, text, cell, &value) == FIT_NO_BENT;
        }
    } else if (cell->kind == CELL_NUMBER) {
        see_number(column, text, cell->length);
    } else if (cell->kind == CELL_BOOLEAN) {
        column->saw_boolean = true;
    } else {
        column->saw_text = true;
    }
}

static bool saw_number(const struct plan_column *column)
{
    return column->saw_integer || column->saw_real || column->saw_bent;
}

bool json_is_mixed(const struct plan_column *column)
{
    return column->inferred &&
           column->saw_text + column->saw_boolean + saw_number(column) > 1;
}

enum typing_storage json_storage(const struct plan_column *column)
{
    if (json_is_mixed(column)) {
        return STORAGE_MIXED;
    }
    if (!saw_number(column)) {
        return column->saw_boolean ? STORAGE_INTEGER : STORAGE_TEXT;
    }
    if (column->saw_bent || (column->saw_real && column->saw_big)) {
        return STORAGE_MIXED;
    }
    return column->saw_real ? STORAGE_REAL : STORAGE_INTEGER;
}

enum typing_fit json_value(const struct plan_column *column, const char *text,
                           const struct reader_cell *cell, struct typing_value *value)
{
    if (!column->inferred) {
        return parse_declared(column, text, cell, value);
    }
    value->type = VALUE_TEXT;
    if (column->storage == STORAGE_TEXT) {
        return cell->kind == CELL_NUMBER || cell->kind == CELL_BOOLEAN ? FIT_NO : FIT_YES;
    }
    if (cell->kind == CELL_NUMBER) {
        json_number(text, cell->length, column->rules.numbers, value);
        return value->type == VALUE_TEXT ? FIT_NO_BENT : FIT_YES;
    }
    if (cell->kind == CELL_BOOLEAN && column->storage == STORAGE_INTEGER) {
        value->type = VALUE_INTEGER;
        value->integer = text[0] == 't' ? 1 : 0;
        return FIT_YES;
    }
    return column->storage == STORAGE_MIXED ? FIT_YES : FIT_NO;
}
