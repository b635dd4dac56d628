/* stats: what is learned of a column while every value is in hand.
 *
 * Rows, nulls, numbers and texts, smallest and largest value, range of lengths, and how
 * many different values there are: counted exactly up to STATS_EXACT_MOST by 64-bit
 * hashes, beyond that estimated with HyperLogLog (Flajolet, Fusy, Gandouet and Meunier,
 * 2007; 2^12 registers, standard error 1.6 %), and told so. Parts that several threads
 * made are merged, and the sum does not depend on which thread saw which row.
 *
 * Values are compared as SQLite compares them: NULL apart, numbers by value, text by its
 * bytes. Lengths are characters of text (not bytes). 5 and 5.0 are one value, 5 and '5'
 * two.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_STATS_H
#define MWB_IMPORT_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sqlite3.h>

#include "engine/error.h"

enum { STATS_EXACT_MOST = 4096 };

struct stats; /* of one column */

struct stats *stats_new(void);
void stats_free(struct stats *stats);

/* One value each. All are cheap enough for a hundred million calls. `text` is UTF-8. */
void stats_null(struct stats *stats);
void stats_integer(struct stats *stats, long long value);
void stats_real(struct stats *stats, double value);
void stats_text(struct stats *stats, const char *text, size_t length);
void stats_nulls(struct stats *stats, long long count);

void stats_merge(struct stats *into, const struct stats *from);

struct stats_summary {
    long long nulls, numbers, texts;
    long long distinct;
    bool distinct_exact;
    long long shortest, longest; /* characters of texts; -1: there are none */
};
void stats_summary(const struct stats *stats, struct stats_summary *summary);
/* Bind the smallest or largest value as the parameter `place`: NULL, integer, real or the
 * first 256 bytes of a text, cut at a character. */
void stats_bind_least(const struct stats *stats, sqlite3_stmt *stmt, int place);
void stats_bind_most(const struct stats *stats, sqlite3_stmt *stmt, int place);

#endif
