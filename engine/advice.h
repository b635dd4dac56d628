/* advice: what a statement means before it runs: what is probably wrong with it, how
 * SQLite will go about it, how long it may take.
 *
 * Advice is silent unless it can say why: names that cannot be resolved, tables of which
 * nothing is known and conditions that are not understood end a thought, they start none.
 * Keys are those that contracts declare, and columns whose values are known to differ
 * (mwb_statistic of the version that is here); how often rows are multiplied is rows by
 * different values, counted while the table was imported. What the role may not see is
 * not told: advice tells names, counts and what contracts say, never a value of the data.
 *
 * A plan is SQLite's own (EXPLAIN QUERY PLAN), in words. Estimates are ours, since SQLite
 * tells none: rows of the tables that are scanned, and rows by different values where a
 * key is looked up; conditions that only filter are not counted in, so an estimate is
 * rather too high. Real rows are counted on request, by running the statement with a
 * counter among its conditions. Seconds come from this person's own statements in the
 * ledger, planned and counted the same way.
 *
 * Sources: sqlite.org/eqp.html, sqlite.org/optoverview.html, sqlite.org/nulls.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ADVICE_H
#define MWB_ADVICE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"
#include "engine/workbench.h"

/* ---- What is probably wrong ---- */

struct advice {
    size_t start, length; /* bytes of the text that it is about */
    const char *rule;     /* "cartesian", "is-null" ...: a constant */
    char *sentence;       /* without a capital and a full stop */
    bool is_note;         /* to be known; nothing is wrong */
};

/* Of each statement of the text, in its order: array of struct advice. Nothing is run.
 * Takes some milliseconds: the catalog and the statistics of versions that are here. */
struct array advice_of(const struct workbench *workbench, const char *sql, size_t length);
void advice_release(struct array *advice);
/* All rules with what they say, for help: a constant table. */
struct advice_rule {
    const char *name, *meaning;
};
const struct advice_rule *advice_rules(size_t *count);

/* ---- How it will run ---- */

struct advice_step {
    int depth;         /* 0: a step of the statement itself; steps within it are deeper */
    int loops;         /* how many loops of the same join are around it */
    char *words;       /* "look up customers.customers (c) by customer_id" */
    char *detail;      /* as SQLite says it */
    double estimated;  /* rows it reads in all; below 0: not known */
    long long counted; /* rows it did read; below 0: not counted */
    bool is_read;      /* it reads rows of a table */
    bool is_expensive; /* the step that costs most, where one stands out */
};

struct advice_plan {
    struct array steps; /* of struct advice_step, in SQLite's order */
    double rows;        /* read in all, estimated; below 0: not known */
    double seconds;     /* it may take; below 0: not known */
    size_t past;        /* statements of the ledger that the seconds come from */
    bool is_counted;    /* it was run: what follows holds */
    long long rows_read, rows_told; /* by its loops; of its result */
    double took;                    /* seconds, with the counting */
    char *not_counted;              /* why not, when counting was asked for; or NULL */
};

struct advice_look; /* one on its way */

struct advice_look_spec {
    struct workbench *workbench;
    const char *sql; /* one statement */
    const struct session_parameter *parameters;
    size_t parameter_count;
    const char *purpose;     /* NULL: the setting */
    bool counts;             /* run it and count; only what reads */
    bool only_here;          /* fetch nothing for it */
    double rows_that_matter; /* below, nobody wants to know the seconds */
    /* Once, from loop_step(), unless it is given up. The plan is borrowed; NULL: err says
     * why there is none. */
    void (*finished)(void *owner, const struct advice_plan *plan,
                     const struct error *err);
    void *owner;
};
/* NULL and a sentence when it cannot start. It is over when `finished` was called. */
struct advice_look *advice_look(const struct advice_look_spec *spec, struct error *err);
void advice_look_free(struct advice_look *look); /* gives it up; NULL is fine */

/* The plan as a tree, a line a step, with a head that says what it costs. */
struct advice_style {
    int width; /* cells; 0: 80 */
    bool unicode;
};
void advice_write(const struct advice_plan *plan, const struct advice_style *style,
                  struct text *out);
/* Its parts, for a screen: the head, the line above the steps, one step; without a line
 * break at the end. The words of a step begin in column advice_column(). */
void advice_write_head(const struct advice_plan *plan, struct text *out);
void advice_write_columns(const struct advice_plan *plan, struct text *out);
void advice_write_step(const struct advice_plan *plan, const struct advice_step *step,
                       const struct advice_style *style, struct text *out);
int advice_column(const struct advice_plan *plan, const struct advice_step *step);
/* "about 40 s, 12,000,000 rows to read": what a preview says. Empty when nothing is
 * known. */
void advice_cost(const struct advice_plan *plan, struct text *out);

#endif
