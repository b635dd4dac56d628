/* Bins of a histogram. Values are counted in up to 16,384 fine bins while they come; when
 * the range outgrows them, ten become one (times: the next calendar unit). The drawn bins
 * are whole multiples of fine ones, so their counts are exact and their edges are round.
 *
 * Levels: 10^level wide; for times a row of TIME_LEVELS.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

struct time_level {
    long long factor; /* fine bins of this level in one of the next; 0: by the calendar */
    double seconds;   /* about how long one is */
    int multiples[6]; /* by which drawn bins may be wider, ending in 0 */
};

static const struct time_level TIME_LEVELS[] = {
    {60, 1, {1, 2, 5, 10, 30, 0}},
    {60, 60, {1, 2, 5, 10, 30, 0}},
    {24, 3600, {1, 3, 6, 12, 0}},
    {0, 86400, {1, 7, 0}},
    {12, 30.436875 * 86400, {1, 3, 6, 0}},
    {10, 365.2425 * 86400, {1, 2, 5, 0}},
    {10, 3652.425 * 86400, {1, 2, 5, 10, 50, 0}},
};

enum { LEVEL_DAY = 3, LEVEL_MONTH = 4, TIME_LEVEL_COUNT = 7, WEEK = 7, MONDAY = 3 };

/* Bins are counted singly in doubles up to 2^53. */
static const double NUMBERS_MOST = 9007199254740992.0;

static long long month_of_day(long long day)
{
    struct civil civil = civil_of((double)day * 86400);
    return civil.year * 12 + civil.month - 1;
}

/* The number of the bin of the next coarser level that holds this one. */
static long long coarser(bool time, int level, long long number)
{
    if (!time) {
        return floor_divide(number, 10);
    }
    return level == LEVEL_DAY ? month_of_day(number)
                              : floor_divide(number, TIME_LEVELS[level].factor);
}

static double start_of_time(int level, long long number)
{
    for (; level > LEVEL_MONTH; level--) {
        number *= TIME_LEVELS[level - 1].factor;
    }
    if (level == LEVEL_MONTH) {
        long long year = floor_divide(number, 12);
        number = civil_days(year, (int)(number - year * 12) + 1, 1);
        level = LEVEL_DAY;
    }
    return (double)number * TIME_LEVELS[level].seconds;
}

static double start_of_decimal(int level, double power, double number)
{
    double start = level >= 0 ? number * power : number / power;
    return fmax(fmin(start, DBL_MAX), -DBL_MAX);
}

static double start_of(const struct bins *bins, int level, long long number)
{
    return bins->time ? start_of_time(level, number)
                      : start_of_decimal(level, pow(10, abs(level)), (double)number);
}

/* The number of the fine bin; false when it is beyond counting. Compared with the edges
 * as they are written: 0.3 belongs to the bin that starts at 0.3, though 0.3 / 0.1 is
 * less than 3. */
static bool number_of(const struct bins *bins, double value, long long *number)
{
    if (bins->time) {
        long long n = (long long)floor(value);
        for (int level = 0; level < bins->level; level++) {
            n = coarser(true, level, n);
        }
        *number = n;
        return true;
    }
    double place = floor(bins->level >= 0 ? value / bins->power : value * bins->power);
    if (!(fabs(place) < NUMBERS_MOST)) {
        return false;
    }
    place -= start_of_decimal(bins->level, bins->power, place) > value;
    place += start_of_decimal(bins->level, bins->power, place + 1) <= value;
    *number = (long long)place;
    return true;
}

static size_t place_of(long long number)
{
    return (size_t)(number & (BINS_FINE - 1));
}

static void set_level(struct bins *bins, int level)
{
    bins->level = level;
    bins->power = pow(10, abs(level));
}

static void coarsen(struct bins *bins)
{
    long long *counts = memory_new_many(BINS_FINE, sizeof *counts);
    for (long long n = bins->first; bins->any && n <= bins->last; n++) {
        counts[place_of(coarser(bins->time, bins->level, n))] +=
            bins->counts[place_of(n)];
    }
    if (bins->any) {
        bins->first = coarser(bins->time, bins->level, bins->first);
        bins->last = coarser(bins->time, bins->level, bins->last);
    }
    free(bins->counts);
    bins->counts = counts;
    set_level(bins, bins->level + 1);
}

void bins_start(struct bins *bins, bool time, bool clock, double lo, double hi)
{
    *bins = (struct bins){.time = time, .whole = true, .level = clock ? 0 : LEVEL_DAY};
    bins->counts = memory_new_many(BINS_FINE, sizeof *bins->counts);
    if (!time) {
        double range = hi / 2 - lo / 2 > 0 ? hi / 2 - lo / 2 : fmax(fabs(lo), fabs(hi));
        set_level(bins, range > 0 ? (int)fmax(floor(log10(range)) - 3, -300) : -3);
    }
}

void bins_release(struct bins *bins)
{
    free(bins->counts);
}

void bins_add(struct bins *bins, double value)
{
    long long number = 0;
    while (!number_of(bins, value, &number) ||
           (bins->any &&
            (number - bins->first >= BINS_FINE || bins->last - number >= BINS_FINE))) {
        coarsen(bins);
    }
    if (!bins->any || number < bins->first) {
        bins->first = number;
    }
    if (!bins->any || number > bins->last) {
        bins->last = number;
    }
    bins->any = true;
    bins->whole = bins->whole && value == floor(value);
    bins->counts[place_of(number)]++;
    bins->total++;
}

double bins_quantile(const struct bins *bins, double share)
{
    double wanted = share * (double)bins->total;
    double seen = 0;
    for (long long n = bins->first; n <= bins->last; n++) {
        double count = (double)bins->counts[place_of(n)];
        if (count > 0 && seen + count >= wanted) {
            double from = start_of(bins, bins->level, n);
            double to = start_of(bins, bins->level, n + 1);
            return bins->whole && to - from <= 1
                       ? from
                       : from + (to - from) * (wanted - seen) / count;
        }
        seen += count;
    }
    return start_of(bins, bins->level, bins->last + 1);
}

/* Freedman and Diaconis; Sturges where half of the values are the same. */
static double wanted_width(const struct bins *bins)
{
    double n = (double)bins->total;
    double spread = bins_quantile(bins, 0.75) - bins_quantile(bins, 0.25);
    double range = fmin(start_of(bins, bins->level, bins->last + 1) -
                            start_of(bins, bins->level, bins->first),
                        DBL_MAX);
    double width = 2 * spread / cbrt(n);
    double fine = start_of(bins, bins->level, bins->first + 1) -
                  start_of(bins, bins->level, bins->first);
    if (bins->first == bins->last) {
        return bins->time ? fine : fine * 100;
    }
    return width > fine ? width : range / (log2(n) + 1);
}

/* How wide drawn bins are: so many bins of a level. */
struct width {
    int level, multiple;
};

static double size_of(const struct bins *bins, const struct width *width)
{
    double one = bins->time ? TIME_LEVELS[width->level].seconds : pow(10, width->level);
    return one * width->multiple;
}

static bool wider(const struct bins *bins, struct width *width)
{
    if (!bins->time) {
        width->multiple = width->multiple == 1 ? 2 : width->multiple == 2 ? 5 : 1;
        width->level += width->multiple == 1;
        return width->level < 309;
    }
    const int *multiples = TIME_LEVELS[width->level].multiples;
    for (; *multiples != 0; multiples++) {
        if (*multiples > width->multiple) {
            width->multiple = *multiples;
            return true;
        }
    }
    width->multiple = 1;
    return ++width->level < TIME_LEVEL_COUNT;
}

static long long drawn_number(const struct bins *bins, const struct width *width,
                              long long fine)
{
    for (int level = bins->level; level < width->level; level++) {
        fine = coarser(bins->time, level, fine);
    }
    bool weeks = bins->time && width->level == LEVEL_DAY && width->multiple == WEEK;
    return floor_divide(fine + (weeks ? MONDAY : 0), width->multiple);
}

static double drawn_start(const struct bins *bins, const struct width *width,
                          long long number)
{
    bool weeks = bins->time && width->level == LEVEL_DAY && width->multiple == WEEK;
    return start_of(bins, width->level, number * width->multiple - (weeks ? MONDAY : 0));
}

static struct width choose_width(const struct bins *bins, size_t most)
{
    struct width width = {bins->level, 1};
    double wanted = wanted_width(bins);
    for (;;) {
        long long count = drawn_number(bins, &width, bins->last) -
                          drawn_number(bins, &width, bins->first) + 1;
        double size = size_of(bins, &width);
        bool whole = !bins->whole || bins->time || size >= 1;
        /* A width somewhat narrower than wanted is as good. */
        if (count <= (long long)most && whole && size >= wanted * 0.7) {
            return width;
        }
        struct width next = width;
        if (!wider(bins, &next)) {
            return width;
        }
        width = next;
    }
}

void bins_make(const struct bins *bins, size_t most, struct array *out)
{
    if (bins->total == 0) {
        return;
    }
    struct width width = choose_width(bins, most > 0 ? most : 1);
    long long first = drawn_number(bins, &width, bins->first);
    long long last = drawn_number(bins, &width, bins->last);
    for (long long n = first; n <= last && out->count < BINS_FINE; n++) {
        struct bin *bin = array_push(out);
        bin->from = drawn_start(bins, &width, n);
        bin->to = drawn_start(bins, &width, n + 1);
    }
    for (long long n = bins->first; n <= bins->last; n++) {
        struct bin *bin = array_at(out, (size_t)(drawn_number(bins, &width, n) - first));
        if (bin != NULL) {
            bin->count += bins->counts[place_of(n)];
        }
    }
}
