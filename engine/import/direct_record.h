/* direct_record: numbers from text to a record, as they are usually written. The rest is
 * typing.h's and plan.h's.
 *
 * Texts have at least 8 readable bytes behind their start.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DIRECT_RECORD_H
#define MWB_IMPORT_DIRECT_RECORD_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* ---- A record: sqlite.org/fileformat2.html §2.1 ---- */

/* Where the next type and the next value go. It travels by value, so that the two places
 * stay in registers. */
struct record {
    unsigned char *type, *body;
};

static inline void put_big_endian(unsigned char *to, uint64_t word)
{
#if !defined __BYTE_ORDER__ || __BYTE_ORDER__ != __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    memcpy(to, &word, sizeof word);
}

/* Serial types 8 and 9 are 0 and 1, 1 to 6 whole numbers of 1, 2, 3, 4, 6, 8 bytes. By
 * the number of bits it takes without its sign. */
static inline struct record put_integer(struct record record, long long value)
{
    static const unsigned char sizes[65] = {
        1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3,
        3, 3, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6,
        6, 6, 6, 6, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 8};
    static const unsigned char types[9] = {0, 1, 2, 3, 4, 0, 5, 0, 6};
    if (value == 0 || value == 1) {
        *record.type++ = (unsigned char)(8 + value);
        return record;
    }
    uint64_t bits = (uint64_t)(value < 0 ? ~value : value);
    unsigned size = sizes[64 - __builtin_clzll(bits | 1)];
    *record.type++ = types[size];
    put_big_endian(record.body, (uint64_t)value << (64 - 8 * size));
    record.body += size;
    return record;
}

/* A column with real affinity keeps whole numbers short, -0.0 as 0: SQLite makes them
 * real again (sqlite.org/datatype3.html §2, "as an internal optimization"). */
static inline struct record put_real(struct record record, double value, bool affinity)
{
    if (affinity && fabs(value) < (double)(1LL << 47) &&
        value == (double)(long long)value) {
        return put_integer(record, (long long)value);
    }
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    *record.type++ = 7;
    put_big_endian(record.body, bits);
    record.body += sizeof bits;
    return record;
}

/* ---- Numbers ---- */

enum { SHORT_INTEGER = 15 }; /* digits that a double holds */

/* Up to eight digits at once: each byte minus '0', then pairs, fours and eight are added
 * up with their weights (Lemire, "Quickly parsing eight digits", 2018). */
static inline bool parse_digits(const char *text, size_t length, uint64_t *value)
{
    uint64_t word;
    memcpy(&word, text, sizeof word);
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    word = (word ^ 0x3030303030303030u) << (64 - 8 * length); /* zeros go in front */
    if (((word | (word + 0x7676767676767676u)) & 0x8080808080808080u) != 0) {
        return false;
    }
    word = word * 10 + (word >> 8);
    *value = (((word & 0x000000FF000000FFu) * 0x000F424000000064u) +
              ((word >> 16 & 0x000000FF000000FFu) * 0x0000271000000001u)) >>
             32;
    return true;
}

/* Whole numbers of up to 15 digits without sign and needless zeros. */
__attribute__((always_inline)) static inline bool parse_short(const char *text,
                                                              size_t length,
                                                              uint64_t *value)
{
    if (length - 1 > SHORT_INTEGER - 1 || (text[0] == '0' && length > 1)) {
        return false;
    }
    if (length <= 8) {
        return parse_digits(text, length, value);
    }
    uint64_t high, low;
    if (!parse_digits(text, length - 8, &high) ||
        !parse_digits(text + length - 8, 8, &low)) {
        return false;
    }
    *value = high * 100000000u + low;
    return true;
}

/* digits.digits, at most 15 and no needless zero at either end: what typing_is_real()
 * takes without asking SQLite, but for whole ones. */
static inline bool parse_fraction(const char *text, size_t length, double *value)
{
    static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    const char *point = memchr(text, '.', length <= 16 ? length : 0);
    size_t before = point != NULL ? (size_t)(point - text) : 0;
    size_t after = length - before - 1;
    uint64_t whole, fraction;
    if (before == 0 || before > 7 || after == 0 || after > 8 || text[length - 1] == '0' ||
        (text[0] == '0' && before > 1) || !parse_digits(text, before, &whole) ||
        !parse_digits(point + 1, after, &fraction)) {
        return false;
    }
    if (whole == 0 && fraction * 10000 < (uint64_t)tens[after]) {
        return false; /* SQLite prints it with an exponent */
    }
    *value = (double)(whole * (uint64_t)tens[after] + fraction) / tens[after];
    return true;
}

/* A number by declaration, of a contract or of JSON, in a column of fractions: at most 15
 * digits without exponent, and not -0.0. A quotient of two whole numbers that doubles
 * hold is the nearest double. */
static inline bool parse_number(const char *text, size_t length, double *value)
{
    static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8};
    size_t sign = text[0] == '-' ? 1 : 0;
    text += sign;
    length -= sign;
    const char *point = memchr(text, '.', length <= 16 ? length : 0);
    uint64_t whole, fraction = 0;
    size_t before = point != NULL ? (size_t)(point - text) : length, after = 0;
    if (point != NULL) {
        after = length - before - 1;
        if (before == 0 || before > 7 || after == 0 || after > 8 ||
            !parse_digits(text, before, &whole) ||
            !parse_digits(point + 1, after, &fraction)) {
            return false;
        }
    } else if (!parse_short(text, length, &whole)) {
        return false;
    }
    whole = whole * (uint64_t)tens[after] + fraction;
    *value = (double)whole / tens[after];
    *value = sign > 0 ? -*value : *value;
    return whole > 0 || sign == 0;
}

#endif
