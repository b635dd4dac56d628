/* stats: what is learned of a column while every value is in hand.
 *
 * Rows, nulls, numbers and texts, smallest and largest value, range of lengths, and how
 * many different values there are: counted exactly up to STATS_EXACT_MOST by 64-bit
 * hashes, beyond that estimated with HyperLogLog (Flajolet, Fusy, Gandouet and Meunier,
 * 2007; 2^12 registers, standard error 1.6 %; read out with the estimator of Ertl, "New
 * cardinality estimation algorithms for HyperLogLog sketches", 2017, which has no bias
 * for few values), and told so. Parts that several threads made are merged, and the sum
 * depends neither on which thread saw which row nor on the order.
 *
 * Values are compared as SQLite compares them: NULL apart, numbers by value, text by its
 * bytes. Lengths are characters of text (not bytes). 5 and 5.0 are one value, 5 and '5'
 * two; where a column's smallest number is both 5 and 5.0, the integer is told. NaN is
 * NULL, as SQLite stores it; -0.0 is 0.0.
 *
 * A column takes 1 KiB at first, up to 65 KiB while values are counted exactly, and 5 KiB
 * once they are estimated. One thread at a time may touch a struct stats.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_STATS_H
#define MWB_IMPORT_STATS_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "engine/error.h"

enum {
    STATS_EXACT_MOST = 4096,  /* different values counted exactly */
    STATS_TEXT_MOST = 256,    /* bytes kept of the smallest and largest text */
    STATS_REGISTER_BITS = 12, /* of a hash: its register */
    STATS_REGISTERS = 1 << STATS_REGISTER_BITS
};

/* A text that is the smallest or largest so far. Its first 16 bytes also stand as two
 * numbers, first byte highest and zeros behind a short text, for most values differ from
 * it there. */
struct stats_edge {
    uint64_t first, second;
    long length; /* bytes kept; -1: there is no text yet */
    char bytes[STATS_TEXT_MOST];
};

/* Of one column. Its insides stand here for the functions below only. */
struct stats {
    long long nulls, integers, reals, texts;
    long long least_integer, most_integer;
    double least_real, most_real;
    long long shortest, longest;
    uint64_t *slots; /* hashes of the values so far, 0 = free; NULL: estimating */
    uint64_t salt;   /* where a hash has its slot; see stats.c */
    int shift;       /* 64 - log2 of the number of pairs of slots */
    size_t used;
    unsigned char *registers; /* NULL: counting exactly */
    struct stats_edge least, most;
};

struct stats *stats_new(void);
void stats_free(struct stats *stats); /* NULL is fine */

/* One value each. All are cheap enough for a hundred million calls: 2 to 5 ns for numbers
 * and texts of up to 16 bytes. `text` is UTF-8. */
static inline void stats_null(struct stats *stats);
static inline void stats_integer(struct stats *stats, long long value);
static inline void stats_real(struct stats *stats, double value);
void stats_text(struct stats *stats, const char *text, size_t length);
static inline void stats_nulls(struct stats *stats, long long count);
/* The same as stats_text() for a text behind which 16 bytes can be read. */
static inline void stats_text_padded(struct stats *stats, const char *text,
                                     size_t length);

void stats_merge(struct stats *into, const struct stats *from);

struct stats_summary {
    long long nulls, numbers, texts;
    long long integers, reals; /* of the numbers */
    long long distinct;
    bool distinct_exact;
    long long shortest, longest; /* characters of texts; -1: there are none */
};
void stats_summary(const struct stats *stats, struct stats_summary *summary);
/* Bind the smallest or largest value as the parameter `place`: NULL, integer, real or the
 * first 256 bytes of a text, cut at a character. */
void stats_bind_least(const struct stats *stats, sqlite3_stmt *stmt, int place);
void stats_bind_most(const struct stats *stats, sqlite3_stmt *stmt, int place);

/* ---- Insides ---- */

/* stats_text.c */
void stats_merge_edges(struct stats *into, const struct stats *from);
void stats_bind_edge(const struct stats_edge *edge, sqlite3_stmt *stmt, int place);

bool stats_add_hash(struct stats *stats, uint64_t hash); /* false: it is there */

static inline void stats_raise_register(struct stats *stats, uint64_t hash)
{
    uint64_t rest = hash << STATS_REGISTER_BITS | 1U << (STATS_REGISTER_BITS - 1);
    unsigned char rank = (unsigned char)(__builtin_clzll(rest) + 1);
    unsigned char *place = stats->registers + (hash >> (64 - STATS_REGISTER_BITS));
    if (rank > *place) {
        *place = rank;
    }
}

/* False: exactly this value was there before. */
static inline bool stats_hash(struct stats *stats, uint64_t hash)
{
    hash += hash == 0 ? 1 : 0; /* 0 is a free slot */
    if (stats->registers != NULL) {
        stats_raise_register(stats, hash);
        return true;
    }
    const uint64_t *pair = stats->slots + (hash * stats->salt >> stats->shift) * 2;
    /* Which of the two it is cannot be foreseen: one branch for both. */
    uint64_t one = pair[0] ^ hash, two = pair[1] ^ hash;
    return (one < two ? one : two) != 0 && stats_add_hash(stats, hash);
}

/* Every step can be undone, so different values have different hashes. */
static inline uint64_t stats_mix(uint64_t value)
{
    value = (value ^ value >> 32) * 0xD1342543DE82EF95U;
    value = (value ^ value >> 29) * 0x9E3779B97F4A7C15U;
    return value ^ value >> 32;
}

static inline void stats_hash_integer(struct stats *stats, long long value)
{
    stats_hash(stats, stats_mix((uint64_t)value + 0x2545F4914F6CDD1DU));
}

static inline void stats_null(struct stats *stats)
{
    stats->nulls++;
}

static inline void stats_nulls(struct stats *stats, long long count)
{
    stats->nulls += count;
}

static inline void stats_integer(struct stats *stats, long long value)
{
    stats->integers++;
    stats->least_integer = value < stats->least_integer ? value : stats->least_integer;
    stats->most_integer = value > stats->most_integer ? value : stats->most_integer;
    stats_hash_integer(stats, value);
}

static inline void stats_real(struct stats *stats, double value)
{
    if (value != value) {
        stats->nulls++;
        return;
    }
    stats->reals++;
    stats->least_real = value < stats->least_real ? value : stats->least_real;
    stats->most_real = value > stats->most_real ? value : stats->most_real;
    if (value >= -9223372036854775808.0 && value < 9223372036854775808.0 &&
        (double)(long long)value == value) {
        stats_hash_integer(stats, (long long)value);
    } else {
        uint64_t bits;
        __builtin_memcpy(&bits, &value, sizeof bits);
        stats_hash(stats, stats_mix(bits));
    }
}

/* ---- Short texts ---- */

/* Halves of a product over each other: every bit of both goes everywhere. Where there is
 * no such product the mixing is another one, and with it what an estimate is off by. */
static inline uint64_t stats_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    return stats_mix(stats_mix(a) + b);
#endif
}

/* Odd numbers without a pattern. */
static const uint64_t stats_salt_a = 0xA0761D6478BD642FU,
                      stats_salt_b = 0xE7037ED1A0B428DBU,
                      stats_salt_c = 0x8EBC6AF09C88C6E3U;

/* Of a text of at most 16 bytes: they, first one highest, zeros behind them. */
static inline uint64_t stats_hash_short(uint64_t first, uint64_t second, size_t length)
{
    return stats_fold(stats_fold(first ^ stats_salt_a, second ^ stats_salt_b),
                      length ^ stats_salt_c);
}

/* stats_text.c: what is left when the text is counted. */
void stats_learn_short(struct stats *stats, const char *text, size_t length);

/* 8 bytes of a text, the first one highest, so that order of numbers is order of bytes.
 */
static inline uint64_t stats_load(const char *bytes)
{
    uint64_t word;
    __builtin_memcpy(&word, bytes, sizeof word);
    return be64toh(word);
}

static inline void stats_text_padded(struct stats *stats, const char *text, size_t length)
{
    if (length > 16 || length == 0) {
        stats_text(stats, text, length);
        return;
    }
    uint64_t first = stats_load(text), second = 0;
    if (length > 8) {
        second = stats_load(text + 8) & ~(uint64_t)0 << (8 * (16 - length));
    } else {
        first &= ~(uint64_t)0 << (8 * (8 - length));
    }
    stats->texts++;
    if (!stats_hash(stats, stats_hash_short(first, second, length))) {
        return;
    }
    if (((first | second) & 0x8080808080808080U) != 0 || first <= stats->least.first ||
        first >= stats->most.first) {
        stats_learn_short(stats, text, length);
        return;
    }
    long long characters = (long long)length;
    stats->shortest = characters < stats->shortest ? characters : stats->shortest;
    stats->longest = characters > stats->longest ? characters : stats->longest;
}

#endif
