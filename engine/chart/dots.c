/* Dots of a scatter plot. While they are few, each is kept; then one for each square of a
 * fine grid, whose squares double when even those are too many. The first point
 * of a square stands for all of them, with their number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FINEST = 13 /* the grid starts with 2^13 squares a side */ };

void dots_release(struct dots *dots)
{
    array_release(&dots->items);
    free(dots->places);
    *dots = (struct dots){0};
}

struct square {
    double column, row;
    uint32_t slot;
};

static struct square square_of(const struct dots *dots, const struct dot *dot)
{
    /* Adding zero makes -0 the same as 0, as the bits are compared. */
    return (struct square){floor(ldexp(dot->x, -dots->x_exponent)) + 0.0,
                           floor(ldexp(dot->y, -dots->y_exponent)) + 0.0, dot->slot};
}

static uint64_t mix(uint64_t bits)
{
    bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9u;
    bits = (bits ^ bits >> 27) * 0x94d049bb133111ebu;
    return bits ^ bits >> 31;
}

static size_t hash_of(const struct square *square, size_t mask)
{
    uint64_t column;
    uint64_t row;
    memcpy(&column, &square->column, sizeof column);
    memcpy(&row, &square->row, sizeof row);
    return (size_t)mix(mix(column) ^ row ^ (uint64_t)square->slot << 56) & mask;
}

static bool same_square(const struct dots *dots, const struct dot *dot,
                        const struct square *square)
{
    struct square other = square_of(dots, dot);
    return other.column == square->column && other.row == square->row &&
           other.slot == square->slot;
}

/* The place of the dot's square: taken by a dot of that square, or free. */
static uint32_t *find_place(struct dots *dots, const struct dot *dot)
{
    struct square square = square_of(dots, dot);
    const struct dot *items = dots->items.items;
    size_t mask = dots->place_count - 1;
    size_t at = hash_of(&square, mask);
    while (dots->places[at] != 0 &&
           !same_square(dots, &items[dots->places[at] - 1], &square)) {
        at = (at + 1) & mask;
    }
    return &dots->places[at];
}

static void keep_or_count(struct dots *dots, const struct dot *dot)
{
    uint32_t *place = find_place(dots, dot);
    if (*place != 0) {
        struct dot *kept = array_at(&dots->items, *place - 1);
        kept->count += kept->count < UINT32_MAX - dot->count ? dot->count : 0;
        return;
    }
    *(struct dot *)array_push(&dots->items) = *dot;
    *place = (uint32_t)dots->items.count;
}

static void regrid(struct dots *dots)
{
    struct array old = dots->items;
    const struct dot *items = old.items;
    dots->items = (struct array)ARRAY_OF(struct dot);
    memset(dots->places, 0, dots->place_count * sizeof *dots->places);
    for (size_t i = 0; i < old.count; i++) {
        keep_or_count(dots, &items[i]);
    }
    array_release(&old);
}

static int fine_exponent(double range)
{
    return range > 0 && isfinite(range) ? ilogb(range) - FINEST
           : range > 0                  ? 1023 - FINEST
                                        : -52;
}

void dots_thin(struct dots *dots, double x_range, double y_range)
{
    if (dots->items.item_size == 0) {
        dots->items = (struct array)ARRAY_OF(struct dot);
    }
    dots->place_count = (size_t)DOTS_MOST * 4;
    dots->places = memory_new_many(dots->place_count, sizeof *dots->places);
    dots->x_exponent = fine_exponent(x_range);
    dots->y_exponent = fine_exponent(y_range);
    regrid(dots);
}

void dots_add(struct dots *dots, const struct dot *dot)
{
    if (dots->items.item_size == 0) {
        dots->items = (struct array)ARRAY_OF(struct dot);
    }
    if (dots->places == NULL) {
        *(struct dot *)array_push(&dots->items) = *dot;
        return;
    }
    keep_or_count(dots, dot);
    struct square square = square_of(dots, dot);
    while (dots->items.count > DOTS_MOST || !isfinite(square.column) ||
           !isfinite(square.row)) {
        dots->x_exponent++;
        dots->y_exponent++;
        regrid(dots);
        square = square_of(dots, dot);
    }
}
