/* pages_draw: values of every kind, near the places where their order may go wrong.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_PAGES_DRAW_H
#define MWB_TESTS_PAGES_DRAW_H

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "engine/pages.h"

enum { COLUMNS = 2, TEXT_MOST = 40000 };

static uint64_t seed; /* the same seed draws the same values */

static inline uint64_t draw(uint64_t below)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed % below;
}

static char words[COLUMNS][TEXT_MOST];

static inline struct pages_value null_value(void)
{
    return (struct pages_value){.kind = PAGES_NULL};
}

static inline struct pages_value integer_value(long long integer)
{
    return (struct pages_value){.kind = PAGES_INTEGER, .integer = integer};
}

static inline struct pages_value real_value(double real)
{
    return (struct pages_value){.kind = PAGES_REAL, .real = real};
}

static inline struct pages_value text_value(int column, size_t length)
{
    return (struct pages_value){
        .kind = PAGES_TEXT, .text = words[column], .length = length};
}

/* Whole numbers and reals that lie as close as they can. */
static inline struct pages_value near_value(void)
{
    static const double around[] = {0,
                                    1,
                                    127,
                                    32767,
                                    8388607,
                                    2147483647,
                                    140737488355327.0,
                                    9007199254740992.0,
                                    4611686018427387904.0,
                                    9223372036854775807.0};
    double real = around[draw(sizeof around / sizeof *around)];
    real = draw(2) == 0 ? real : -real;
    if (draw(2) == 0) {
        real = draw(3) == 0 ? nextafter(real, -INFINITY) : real;
        return real_value(draw(3) == 0 ? nextafter(real, INFINITY) : real);
    }
    long long limit = real >= 9223372036854775807.0    ? INT64_MAX
                      : real <= -9223372036854775807.0 ? INT64_MIN
                                                       : (long long)real;
    long long step = (long long)draw(5) - 2;
    bool over =
        (limit > INT64_MAX - 3 && step > 0) || (limit < INT64_MIN + 3 && step < 0);
    return integer_value(limit + (over ? -step : step));
}

/* Texts that are the beginnings of each other, with NULs, and equal in eight bytes. */
static inline struct pages_value text_draw(int column)
{
    static const char letters[] = {0, 1, 2, 'a', 'b', (char)0xFF};
    char *word = words[column];
    size_t length = draw(4) == 0 ? 8 : 0;
    memset(word, 'p', length);
    for (size_t more = draw(6); more > 0; more--) {
        word[length++] = letters[draw(sizeof letters)];
    }
    return text_value(column, length);
}

static inline struct pages_value draw_integer(int column)
{
    (void)column;
    return draw(50) == 0 ? null_value() : integer_value((long long)draw(900) - 450);
}

static inline struct pages_value draw_real(int column)
{
    (void)column;
    return draw(50) == 0 ? null_value() : real_value((double)draw(100000) / 100 - 300);
}

static inline struct pages_value draw_null(int column)
{
    (void)column;
    return null_value();
}

static inline struct pages_value draw_near(int column)
{
    (void)column;
    switch (draw(20)) {
    case 0:
        return real_value(INFINITY);
    case 1:
        return real_value(-INFINITY);
    case 2:
        return real_value(-0.0);
    case 3:
        return integer_value(INT64_MIN);
    default:
        return near_value();
    }
}

static inline struct pages_value draw_mixed(int column)
{
    switch (draw(4)) {
    case 0:
        return draw_integer(column);
    case 1:
        return draw_near(column);
    case 2:
        return draw_real(column);
    default:
        return text_draw(column);
    }
}

static inline struct pages_value draw_long(int column)
{
    size_t length = draw(3) == 0 ? draw(TEXT_MOST) : draw(300);
    memset(words[column], 'x', length);
    if (length > 0) {
        words[column][draw(length)] = 'y';
    }
    return text_value(column, length);
}

static long long ascending; /* a key in the order of the rows */

static inline struct pages_value draw_ascending(int column)
{
    (void)column;
    return integer_value(ascending += (long long)draw(3));
}

static inline struct pages_value draw_label(int column)
{
    int length = snprintf(words[column], TEXT_MOST, "https://data.example.org/%06d",
                          (int)draw(700));
    return text_value(column, (size_t)length);
}

#endif
