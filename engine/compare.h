/* compare: what differs between two sets of rows, by key.
 *
 * Both sides are results (result.h) whose rows are all there: two runs of a statement,
 * two versions of a product, any two tables. Columns of the same name (ASCII case folded)
 * are compared; what one side has alone is told, and makes no row different. Rows are
 * sorted by key on both sides (SQLite's sorter, which spills to disk) and merged, so any
 * size takes bounded memory, one pass, and the answer is in the order of the key.
 *
 * The key is what the caller names; else the contract's key where both sides have it and
 * it holds; else the first column, then pair of columns, in which no value occurs twice
 * on either side: proved by the merge itself, which sees every row. Reals and NULLs make
 * no key, and numbers that are not called like one come last. Where there is none, whole
 * rows are compared: then a row is there or not, as often as it occurs, and nothing is
 * "changed".
 *
 * Values are the same as SQLite's IS says, without affinity or collation: 1 and 1.0 are
 * the same, 1 and '1' are not, NULL is NULL.
 *
 * The answer is a file with table `rows`: mark (+ only after, - only before, ~ changed),
 * the key, `changes` in words ("amount: 10 -> 12"), then the other columns as they are
 * after (of - before); with spec.both also each compared column as it was before, for ~.
 * compare_read() tells the rest from the same file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMPARE_H
#define MWB_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/result.h"

struct compare_spec {
    struct result *before, *after;
    const struct array *keys;   /* of char *: as asked for; NULL or empty: find one */
    const struct array *likely; /* of char *: the contract's key, to try first; or NULL */
    const char *file;           /* an empty file, or none yet: the answer */
    bool both;                  /* values before in columns of their own, too */
    bool same;                  /* also rows that are the same; their mark is a blank */
};

/* Runs in a job: port may be NULL. False and a sentence when it was cancelled, the disk
 * is full, a key is not there or not unique. */
bool compare_write(const struct compare_spec *spec, struct job_port *port,
                   struct error *err);

enum compare_way {
    COMPARE_ASKED,  /* by the key that was named */
    COMPARE_LIKELY, /* by the contract's key */
    COMPARE_PROVED, /* by columns that turned out to be unique */
    COMPARE_WHOLE,  /* by whole rows */
};

struct compare_column {
    char *name;
    bool is_key, only_before, only_after;
    long long changed; /* rows in which it differs */
};

struct compare_outcome {
    enum compare_way way;
    struct array names;   /* of char *: what the columns of `rows` are called */
    struct array columns; /* of struct compare_column: what was compared */
    long long before, after, added, gone, changed, same; /* rows */
    long long rows;                                      /* of the answer */
};
bool compare_read(const char *file, struct compare_outcome *outcome, struct error *err);
void compare_outcome_release(struct compare_outcome *outcome);
/* "12 added, 3 gone, 40 changed, 9,918 the same, by order_id (of the contract)" and, per
 * column, where values differ: "amount 30, status 12", appended. */
void compare_describe(const struct compare_outcome *outcome, struct text *out);

#endif
