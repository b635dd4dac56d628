/* stats: counting the values of a column. What is particular to texts is in
 * stats_text.c.
 *
 * Slots. Hashes are fixed, so that a summary says the same on every machine; their slots
 * are not: a file made to bring all its values to one slot would make every look-up a
 * walk. The pair of slots to look at first is the hash times a random odd number, highest
 * bits (Dietzfelbinger, Hagerup, Katajainen and Penttonen, 1997).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/stats.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <sys/random.h>

#include "engine/text.h"

enum {
    PAIR_BITS_FIRST = 4,
    PAIR_BITS_MOST = 12, /* twice as many slots as STATS_EXACT_MOST */
    ROOM = 4,            /* slots a hash has before there are so many */
    HASH_BITS = 64
};

static uint64_t random_odd(const void *fallback)
{
    uint64_t bits;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != (ssize_t)sizeof bits) {
        bits = stats_mix((uintptr_t)fallback);
    }
    return bits | 1;
}

struct stats *stats_new(void)
{
    struct stats *stats = memory_new(sizeof *stats);
    stats->least_integer = LLONG_MAX;
    stats->most_integer = LLONG_MIN;
    stats->least_real = INFINITY;
    stats->most_real = -INFINITY;
    stats->shortest = LLONG_MAX;
    stats->longest = -1;
    stats->slots = memory_new_many((size_t)2 << PAIR_BITS_FIRST, sizeof *stats->slots);
    stats->shift = HASH_BITS - PAIR_BITS_FIRST;
    stats->salt = random_odd(stats);
    stats->least.first = stats->least.second = UINT64_MAX;
    stats->least.length = stats->most.length = -1;
    return stats;
}

void stats_free(struct stats *stats)
{
    if (stats != NULL) {
        free(stats->slots);
        free(stats->registers);
        free(stats);
    }
}

/* ---- Different values ---- */

static size_t slot_count(const struct stats *stats)
{
    return (size_t)2 << (HASH_BITS - stats->shift);
}

/* The slot that holds the hash or is free for it. */
static uint64_t *find_slot(const struct stats *stats, uint64_t hash)
{
    size_t mask = slot_count(stats) - 1;
    size_t at = (hash * stats->salt >> stats->shift) * 2;
    while (stats->slots[at] != 0 && stats->slots[at] != hash) {
        at = (at + 1) & mask;
    }
    return stats->slots + at;
}

static void grow_slots(struct stats *stats)
{
    uint64_t *old = stats->slots;
    size_t count = slot_count(stats);
    stats->slots = memory_new_many(count * 2, sizeof *stats->slots);
    stats->shift--;
    for (size_t i = 0; i < count; i++) {
        if (old[i] != 0) {
            *find_slot(stats, old[i]) = old[i];
        }
    }
    free(old);
}

/* The registers say the same whenever this happens: they hold the most of all hashes. */
static void begin_estimate(struct stats *stats)
{
    stats->registers = memory_new(STATS_REGISTERS);
    for (size_t i = 0; i < slot_count(stats); i++) {
        if (stats->slots[i] != 0) {
            stats_raise_register(stats, stats->slots[i]);
        }
    }
    free(stats->slots);
    stats->slots = NULL;
}

bool stats_add_hash(struct stats *stats, uint64_t hash)
{
    uint64_t *slot = find_slot(stats, hash);
    if (*slot == hash) {
        return false;
    }
    if (stats->used == STATS_EXACT_MOST) {
        begin_estimate(stats);
        stats_raise_register(stats, hash);
        return true;
    }
    *slot = hash;
    stats->used++;
    if (stats->used * ROOM > slot_count(stats) &&
        stats->shift > HASH_BITS - PAIR_BITS_MOST) {
        grow_slots(stats);
    }
    return true;
}

/* Ertl 2017, section 4: sums over how many registers hold each value. */
static double sigma(double share)
{
    double sum = share, before, factor = 1;
    if (share >= 1) {
        return INFINITY;
    }
    do {
        share *= share;
        before = sum;
        sum += share * factor;
        factor += factor;
    } while (sum > before);
    return sum;
}

static double tau(double share)
{
    if (share <= 0 || share >= 1) {
        return 0;
    }
    double sum = 1 - share, before, factor = 1;
    do {
        share = sqrt(share);
        before = sum;
        factor *= 0.5;
        sum -= (1 - share) * (1 - share) * factor;
    } while (sum < before);
    return sum / 3;
}

static long long estimate(const unsigned char *registers)
{
    enum { RANKS = HASH_BITS - STATS_REGISTER_BITS };
    int counts[RANKS + 2] = {0};
    for (int i = 0; i < STATS_REGISTERS; i++) {
        counts[registers[i]]++;
    }
    const double all = STATS_REGISTERS;
    double sum = all * tau(1 - counts[RANKS + 1] / all);
    for (int rank = RANKS; rank >= 1; rank--) {
        sum = (sum + counts[rank]) * 0.5;
    }
    sum += all * sigma(counts[0] / all);
    return llround(all / (2 * log(2)) * all / sum);
}

static long long count_distinct(const struct stats *stats)
{
    if (stats->registers == NULL) {
        return (long long)stats->used;
    }
    long long values = stats->integers + stats->reals + stats->texts;
    long long guess = estimate(stats->registers);
    guess = guess > STATS_EXACT_MOST ? guess : STATS_EXACT_MOST + 1;
    return guess < values ? guess : values;
}

/* ---- Merging ---- */

static void merge_hashes(struct stats *into, const struct stats *from)
{
    if (from->registers == NULL) {
        for (size_t i = 0; i < slot_count(from); i++) {
            if (from->slots[i] != 0) {
                stats_hash(into, from->slots[i]);
            }
        }
        return;
    }
    if (into->registers == NULL) {
        begin_estimate(into);
    }
    for (int i = 0; i < STATS_REGISTERS; i++) {
        into->registers[i] = into->registers[i] > from->registers[i] ? into->registers[i]
                                                                     : from->registers[i];
    }
}

void stats_merge(struct stats *into, const struct stats *from)
{
    into->nulls += from->nulls;
    into->integers += from->integers;
    into->reals += from->reals;
    into->texts += from->texts;
    if (from->least_integer < into->least_integer) {
        into->least_integer = from->least_integer;
    }
    if (from->most_integer > into->most_integer) {
        into->most_integer = from->most_integer;
    }
    into->least_real = fmin(into->least_real, from->least_real);
    into->most_real = fmax(into->most_real, from->most_real);
    into->shortest = from->shortest < into->shortest ? from->shortest : into->shortest;
    into->longest = from->longest > into->longest ? from->longest : into->longest;
    stats_merge_edges(into, from);
    merge_hashes(into, from);
}

/* ---- Reading out ---- */

void stats_summary(const struct stats *stats, struct stats_summary *summary)
{
    *summary = (struct stats_summary){
        .nulls = stats->nulls,
        .numbers = stats->integers + stats->reals,
        .texts = stats->texts,
        .integers = stats->integers,
        .reals = stats->reals,
        .distinct = count_distinct(stats),
        .distinct_exact = stats->registers == NULL,
        .shortest = stats->texts > 0 ? stats->shortest : -1,
        .longest = stats->longest,
    };
}

static int order(long long integer, long long whole)
{
    return integer < whole ? -1 : integer > whole ? 1 : 0;
}

/* Below, at or above 0. A double cannot hold every integer, an integer no fraction: the
 * whole part decides, then the fraction. */
static int compare_numbers(long long integer, double real)
{
    if (real >= 9223372036854775808.0) {
        return -1;
    }
    if (real < -9223372036854775808.0) {
        return 1;
    }
    double whole = trunc(real);
    int by_whole = order(integer, (long long)whole);
    return by_whole != 0 ? by_whole : real > whole ? -1 : real < whole ? 1 : 0;
}

static void bind_number(bool is_integer, long long integer, double real,
                        sqlite3_stmt *stmt, int place)
{
    if (is_integer) {
        sqlite3_bind_int64(stmt, place, integer);
    } else {
        sqlite3_bind_double(stmt, place, real + 0.0);
    }
}

void stats_bind_least(const struct stats *stats, sqlite3_stmt *stmt, int place)
{
    if (stats->integers + stats->reals > 0) {
        bool is_integer = stats->integers > 0 &&
                          (stats->reals == 0 ||
                           compare_numbers(stats->least_integer, stats->least_real) <= 0);
        bind_number(is_integer, stats->least_integer, stats->least_real, stmt, place);
    } else if (stats->texts > 0) {
        stats_bind_edge(&stats->least, stmt, place);
    } else {
        sqlite3_bind_null(stmt, place);
    }
}

void stats_bind_most(const struct stats *stats, sqlite3_stmt *stmt, int place)
{
    if (stats->texts > 0) {
        stats_bind_edge(&stats->most, stmt, place);
    } else if (stats->integers + stats->reals > 0) {
        bool is_integer = stats->integers > 0 &&
                          (stats->reals == 0 ||
                           compare_numbers(stats->most_integer, stats->most_real) >= 0);
        bind_number(is_integer, stats->most_integer, stats->most_real, stmt, place);
    } else {
        sqlite3_bind_null(stmt, place);
    }
}
