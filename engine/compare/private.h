/* compare: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMPARE_PRIVATE_H
#define MWB_COMPARE_PRIVATE_H

#include <sqlite3.h>

#include "engine/compare.h"

/* A column of either side; -1: that side has none of its name. */
struct compare_pair {
    char *name;
    int before, after;       /* in the result */
    int at_before, at_after; /* in the statement */
    bool is_key;
    long long changed;
};

/* Rows of one side in the order of the key. */
struct compare_side {
    const char *word; /* "before" or "after" */
    sqlite3 *db;
    sqlite3_stmt *stmt;
    size_t keys;
    sqlite3_value **last;   /* key of the row before; NULL until there was one */
    bool has_row, is_twice; /* this row's key is that of the row before */
    long long rows;
};

/* Pairs of all columns: those of `after` in their order, then those of `before` alone. */
struct array compare_pairs(const struct result *before, const struct result *after);
void compare_pairs_release(struct array *pairs);

/* ---- side.c ---- */

bool compare_side_open(struct compare_side *side, const struct result *result,
                       struct error *err);
/* The keys first, then the other columns: sets at_before or at_after. */
bool compare_side_start(struct compare_side *side, const struct result *result,
                        struct array *pairs, bool is_after, struct error *err);
bool compare_side_step(struct compare_side *side, struct error *err);
void compare_side_stop(struct compare_side *side);
void compare_side_close(struct compare_side *side);
/* As SQLite sorts: NULL, numbers, texts by their bytes, blobs. */
int compare_values(sqlite3_value *one, sqlite3_value *other);
int compare_keys(const struct compare_side *one, const struct compare_side *other);

/* ---- keys.c ---- */

/* Sets of columns that may be a key, the best first: array of struct compare_try. */
struct compare_try {
    enum compare_way way;
    size_t columns[16]; /* pairs */
    size_t count;
};
enum { COMPARE_KEYS_MOST = 16 };
bool compare_tries(const struct compare_spec *spec, const struct array *pairs,
                   struct array *tries, struct error *err);

/* ---- answer.c ---- */

struct compare_answer;
struct compare_answer *compare_answer_new(const struct compare_spec *spec,
                                          const struct array *pairs, struct error *err);
void compare_answer_free(struct compare_answer *answer);
bool compare_answer_add(struct compare_answer *answer, const char *mark,
                        const struct compare_side *before,
                        const struct compare_side *after, struct error *err);
bool compare_answer_finish(struct compare_answer *answer,
                           const struct compare_outcome *outcome, struct error *err);

#endif
