/* pivot: rows of a result put together, and back to the rows behind.
 *
 * Three sheets, all made by SQL over a finished result (result.h): how often each value
 * or class occurs (a frequency), what groups add up to (totals), and groups down and
 * across with one number where they meet (a pivot). struct pivot says how a sheet is
 * made; it stays with the sheet, so that pivot_drill() can say which rows are behind one
 * of its cells. The SQL runs over the result's file (session_query.on_spool) and reads
 * nothing but the rows and columns that the result shows.
 *
 * A key is a column by its values, by classes of numbers of one width (a class has its
 * lower bound), or by the year, quarter, month, day or hour of ISO 8601 texts; what is no
 * number or no date stays the value it is. Groups are told apart as SQL does: 1 and 1.0
 * are one value, 1 and '1' are two, all NULLs are one group.
 *
 * Across, a pivot has a column for each of the most frequent values, at most
 * PIVOT_HEADS_MOST, and one for all others together; it says so in pivot.others. So it is
 * never wider than SQLite or a person can bear.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PIVOT_H
#define MWB_PIVOT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/result.h"
#include "engine/text.h"

enum {
    PIVOT_HEADS = 50,       /* columns across, if nobody says how many */
    PIVOT_HEADS_MOST = 500, /* SQLite ends at 2000 columns */
    PIVOT_CLASSES = 20,     /* classes of a frequency, about */
};

/* ---- Keys ---- */

enum pivot_step {
    PIVOT_VALUE,
    PIVOT_CLASS,
    PIVOT_YEAR,
    PIVOT_QUARTER,
    PIVOT_MONTH,
    PIVOT_DAY,
    PIVOT_HOUR,
};

struct pivot_key {
    size_t column; /* of the base */
    enum pivot_step step;
    double width; /* of PIVOT_CLASS */
};

const char *pivot_step_name(enum pivot_step step); /* "value", "class", "year" ... */
bool pivot_step_named(const char *name, enum pivot_step *step);

/* Which classes suit a column: SELECTs one row for pivot_choose_step(). */
void pivot_range_sql(const struct result *base, size_t column, struct text *out);
/* From that row's cells as texts: numbers get a width of 1, 2 or 5 times a power of ten
 * that makes about PIVOT_CLASSES classes, dates the step that makes no more than some
 * dozens. False: neither numbers nor dates, so values it is. */
bool pivot_choose_step(struct result *range, struct pivot_key *key, struct error *err);

/* ---- Aggregates ---- */

struct pivot_aggregate {
    const char *name;                    /* "sum" */
    const char *sentence;                /* for help and completion */
    const char *part_x, *part_n, *whole; /* private: SQL of a part, and of parts */
    bool needs_value;
};
const struct pivot_aggregate *pivot_aggregates(size_t *count);
/* NULL and a sentence with the names that there are. */
const struct pivot_aggregate *pivot_aggregate_named(const char *name, struct error *err);

/* ---- Sheets ---- */

enum pivot_kind {
    PIVOT_ROWS, /* the rows behind a cell: they are no groups any more */
    PIVOT_FREQUENCY,
    PIVOT_TOTALS,
    PIVOT_TABLE,
    PIVOT_PROFILE, /* a row for each column of the base */
    PIVOT_COMPARISON,
};

/* A column across. */
struct pivot_head {
    char *literal; /* its value as SQL */
    char *name;
};

struct pivot {
    enum pivot_kind kind;
    unsigned long base; /* of the caller: which result it was made from */
    struct array keys;  /* of struct pivot_key, the outermost first */
    bool has_across;
    struct pivot_key across;
    const struct pivot_aggregate *aggregate; /* NULL: rows are counted */
    struct array values;                     /* of size_t: columns it is taken of */
    struct array heads;                      /* of struct pivot_head */
    long long others;  /* values across that have no column of their own */
    bool ascii;        /* bars of # */
    bool totals_first; /* above their groups */
    bool with_rows;    /* totals among the rows themselves */
};

struct pivot *pivot_new(enum pivot_kind kind);
struct pivot *pivot_copy(const struct pivot *pivot);
void pivot_free(struct pivot *pivot);
void pivot_add_key(struct pivot *pivot, const struct pivot_key *key);
void pivot_add_value(struct pivot *pivot, size_t column);

/* The values across with their counts, the most frequent first, one more than `most`:
 * run it, and give the rows to pivot_take_heads(). */
void pivot_heads_sql(const struct pivot *pivot, const struct result *base, size_t most,
                     struct text *out);
bool pivot_take_heads(struct pivot *pivot, struct result *rows, size_t most,
                      struct error *err);

/* The sheet. A frequency: value (of classes: from and to), count, percent, bar. Totals:
 * keys, count, values, level (of how many keys it is the total; 0: of all). A pivot:
 * keys, a column for each head, others, total, and a last row of totals. */
void pivot_sql(const struct pivot *pivot, const struct result *base, struct text *out);

/* Columns of a result that suit a sum: numbers, unless their names say that they are keys
 * or times. Pushed to the values. */
void pivot_guess_values(struct pivot *pivot, const struct result *base);

/* The rows of the base behind a cell of the sheet, from 0: SQL over the base, and what
 * they have in common ("carrier = DHL, status = open") appended to words, which may be
 * NULL. */
struct pivot_cell {
    long long row;
    size_t column;
};
bool pivot_drill(const struct pivot *pivot, struct result *sheet,
                 const struct pivot_cell *cell, const struct result *base,
                 struct text *sql, struct text *words, struct error *err);

/* A cell of a result as SQL that means exactly its value, appended: numbers with all
 * their digits, texts with NULs. */
bool pivot_literal(struct result *result, const struct pivot_cell *cell, struct text *out,
                   struct error *err);

#endif
