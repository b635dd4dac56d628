/* quality/count: one pass over a table for all that is counted row by row, in threads,
 * and the keys that are seen meanwhile. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_COUNT_H
#define MWB_QUALITY_COUNT_H

#include <stdatomic.h>
#include <stdint.h>

#include "engine/quality/private.h"
#include "engine/quality/test.h"

/* ---- What kind of count a check needs ---- */

bool quality_counts_keys(const struct quality_check *check); /* unique, duplicateValues */
bool quality_counts_json(const struct quality_check *check); /* by its own statement */
/* The columns of a key: appends const struct quality_column *; false when one of them is
 * not there: *missing (may be NULL) is its name, yours. */
bool quality_key_columns(const struct quality_table *table,
                         const struct quality_check *check, struct array *columns,
                         char **missing);

/* ---- Keys, seen as hashes (keys.c) ---- */

struct quality_hashes {
    uint64_t *items;
    size_t count, capacity;
    long long nulls; /* rows in which a part of the key was NULL */
    bool has_other;  /* something else than whole numbers: equal hashes prove nothing */
};
void quality_hashes_add(struct quality_hashes *hashes, uint64_t hash);
void quality_hashes_release(struct quality_hashes *hashes);

/* The hash of a value, of whole numbers one of their own each; false: it is NULL. */
bool quality_hash_value(const struct quality_value *value, uint64_t *hash,
                        bool *is_whole);
static inline uint64_t quality_hash_pair(uint64_t before, uint64_t next)
{
    return (before ^ (before >> 29)) * UINT64_C(0x9e3779b97f4a7c15) + next;
}

struct quality_repeats {
    long long keys;    /* that occur more than once */
    long long surplus; /* rows beyond the first of each */
};

/* ---- One pass ---- */

/* SQLite's functions take 127 arguments: a pass is full at so many columns, and a key of
 * more than the rest is left to its own statement, as is one whose hashes take too much.
 */
enum { PASS_COLUMNS = 96, PASS_KEY_COLUMNS = 30 };
#define PASS_HASH_BYTES (1LL << 30)

struct pass_column {
    const struct quality_column *column;
    bool is_in_key;
};

struct pass_counter {
    struct quality_check *check;
    size_t column;
};

struct pass_key {
    struct array checks; /* of struct quality_check *: all that are about these columns */
    size_t *columns;
    size_t count;
};

struct pass {
    struct quality_session *session;
    const struct quality_table *table;
    struct array columns;  /* of struct pass_column */
    struct array counters; /* of struct pass_counter, in the order of columns */
    struct array keys;     /* of struct pass_key */
    long long chunk;       /* rowids that a thread takes at a time */
    atomic_llong next;     /* first rowid of the next chunk */
    atomic_llong rows;     /* seen so far */
    atomic_int running;
    atomic_bool stop; /* cancelled, or one thread failed */
};

struct worker {
    struct pass *pass;
    sqlite3 *db;
    struct quality_test **tests; /* one a counter */
    long long *counts;           /* the same */
    struct quality_hashes *seen; /* one a key */
    uint64_t *hashes;            /* of the row's columns */
    bool *nulls, *wholes;
    long long rows;
    struct error err;
    bool failed;
};

/* pass.c: go over the table once. The workers hold what they saw: release them. False
 * with a sentence; ERROR_CANCELLED when it was stopped. */
bool quality_pass_run(struct pass *pass, struct array *workers, struct error *err);
void quality_workers_release(struct array *workers);

/* judge.c: outcomes of the counters (gives the number of rows) and of the keys. */
long long quality_judge_counters(struct pass *pass, const struct array *workers);
bool quality_judge_keys(struct pass *pass, struct array *workers, long long total,
                        struct error *err);

/* keys.c: what occurs more than once, exactly. Empties the workers' hashes of this key.
 */
bool quality_find_repeats(struct pass *pass, size_t key, struct array *workers,
                          struct quality_repeats *repeats, struct error *err);

#endif
