/* result: rows on disk, any page of them at once.
 *
 * A result reads a spool (table `rows` of a private SQLite file, columns c0, c1 ...,
 * rowid 1..n) or a product's table in place when its rowids are 1..n; both are sought by
 * rowid, so the last page of ten million rows costs what the first does. Only what is
 * asked for is read: memory does not grow with the result.
 *
 * Values keep their SQLite storage class; text and blobs may be long: a page cuts cells
 * at `cell_limit` bytes and says so, result_cell() gives one whole.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_RESULT_H
#define MWB_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"

enum result_type { RESULT_NULL, RESULT_INTEGER, RESULT_REAL, RESULT_TEXT, RESULT_BLOB };

struct result_column {
    char *name;
    char *declared;                 /* type declared in SQL, or NULL */
    char *product, *table, *column; /* origin, or NULL */
    bool numeric;                   /* align right: by declared type or by first page */
};

struct result_cell {
    enum result_type type;
    const char
        *bytes;    /* numbers printed as SQL does, blobs raw; never NULL, ends in NUL */
    size_t length; /* of bytes here */
    double number; /* of a real number: exactly, while bytes have 15 digits */
    bool cut;      /* there is more */
};

/* A window of rows; cells lie row by row. Owned by the page; reused by the next call. */
struct result_page {
    long long first; /* row number from 0 */
    long long rows;
    size_t columns;
    struct result_cell *cells;
    struct text bytes; /* private storage */
};

struct result;

/* A finished or growing spool, or a product's table in place. Columns are called as in
 * the table until result_set_column() says better (a spool's are c0, c1 ...). Counts
 * itself when opened; while the spool grows, tell the count with result_set_count() as
 * the run reports it. */
struct result *result_open(const char *file, const char *table, struct error *err);
/* The same of a file that nobody writes any more, without locks: for a child process
 * whose parent may have the file open (SQLite's list of open files goes through the
 * fork). */
struct result *result_open_finished(const char *file, const char *table,
                                    struct error *err);
void result_free(struct result *result);
void result_set_count(struct result *result, long long rows, bool complete);
long long result_count(const struct result *result);
bool result_is_complete(const struct result *result);
size_t result_column_count(const struct result *result);
const struct result_column *result_column(const struct result *result, size_t index);
void result_set_column(struct result *result, size_t index, const char *name,
                       const char *declared, const char *product, const char *table,
                       const char *column);
const char *result_file(const struct result *result);
const char *result_table(const struct result *result);

/* Rows first .. first+count-1, as many as there are; cells cut at `cell_limit` bytes (0 =
 * never), text at a whole character. False with a sentence on a read error (also when the
 * writer is just in the way: kind ERROR_NONE, ask again). `page` is {0} at first. */
bool result_page(struct result *result, long long first, long long count,
                 size_t cell_limit, struct result_page *page, struct error *err);
void result_page_release(struct result_page *page);
const struct result_cell *result_page_cell(const struct result_page *page, long long row,
                                           size_t column);
/* One cell in full, appended; its type. */
bool result_cell(struct result *result, long long row, size_t column, struct text *out,
                 enum result_type *type, struct error *err);

/* ---- Views: the rows of a result, sorted and filtered ---- */

enum result_test {
    RESULT_HAS,     /* the text is a part of the cell, ASCII case folded */
    RESULT_MATCHES, /* the cell matches a regular expression (pattern.h) */
    RESULT_IS,
    RESULT_LESS,
    RESULT_AT_MOST,
    RESULT_GREATER,
    RESULT_AT_LEAST,
};

/* What rows have to keep. A number that was typed is compared with numbers as a number
 * and with texts as a text, so that `> 2025` works on ISO dates; another text with texts
 * only. */
struct result_filter {
    int column; /* -1: any; only of RESULT_HAS and RESULT_MATCHES */
    enum result_test test;
    bool is_not;           /* rows that do not keep it, those with NULL among them */
    bool is_exact;         /* RESULT_IS: the same as a cell, of the same kind */
    enum result_type type; /* RESULT_NULL: is NULL; else of the cell, or RESULT_TEXT */
    struct text operand;
};

struct result_order {
    size_t column;
    bool descending;
};

/* Filters all hold; ties keep the order of the rows. {0} shows the rows as they are. */
struct result_view {
    struct array orders;  /* of struct result_order, the most important first */
    struct array filters; /* of struct result_filter */
};

/* What people type:
 *     text   /expression/   > 5   <= 2025-01-01   = EMEA   != null   COLUMN > 5
 *     COLUMN: text   COLUMN ~ expression   !text   !/expression/   \text, taken as it is
 * Comparisons that name no column are about `column`, unless it is -1; the others about
 * any column: then filter->column is -1. False with a sentence when it makes no sense. */
bool result_filter_parse(const struct result *result, const char *typed, int column,
                         struct result_filter *filter, struct error *err);
/* The cell of this row is what the others must be like (or not). */
bool result_filter_cell(struct result *result, long long row, size_t column,
                        struct result_filter *filter, struct error *err);
void result_filter_release(struct result_filter *filter);
/* "amount > 5", appended. */
void result_filter_describe(const struct result *result,
                            const struct result_filter *filter, struct text *out);

struct result_view *result_view_new(void);
struct result_view *result_view_copy(const struct result_view *view); /* of NULL: new */
void result_view_free(struct result_view *view);
/* The filter becomes the view's. */
void result_view_filter(struct result_view *view, struct result_filter *filter);
/* Sort by this column, then by what it was sorted by so far when it is `added`; one that
 * is sorted by already changes its direction only. */
void result_view_sort(struct result_view *view, struct result_order order, bool is_added);
/* The place of a column among the orders from 1; 0: it is none. */
size_t result_view_order(const struct result_view *view, size_t column, bool *descending);
/* "by region, amount desc; amount > 5", appended. */
void result_view_describe(const struct result *result, const struct result_view *view,
                          struct text *out);
/* SQL for it, appended: run it with session_query.on_spool = result_file(). */
void result_view_sql(const struct result *result, const struct result_view *view,
                     struct text *out);

/* The next row at or after `from` (backwards: at or before) that keeps the filter; -1
 * when there is none. Looks at no more than `budget` rows a call and then returns -2 with
 * *reached where it stopped, so that the screen stays alive. */
struct result_search {
    const struct result_filter *filter;
    long long from, budget;
    bool backwards;
};
long long result_find(struct result *result, const struct result_search *search,
                      long long *reached);

/* What the cells of a block add up to; {0} at first. */
struct result_sum {
    long long cells, empty, numbers; /* empty: NULL; numbers: of cells */
    long long whole;                 /* the sum, exactly, unless is_broken */
    bool is_broken;                  /* not all numbers are whole, or it is too large */
    double low, high;
    double sum, lost; /* private: and what was lost in adding up */
};
static inline double result_sum_total(const struct result_sum *sum)
{
    return sum->sum + sum->lost;
}
/* Add `count` rows from `first` of one column. */
bool result_add(struct result *result, long long first, long long count, size_t column,
                struct result_sum *sum, struct error *err);

/* Is it called as keys and codes are ("order_id", "zipCode")? Then its numbers are no
 * amounts. */
bool result_names_key(const char *name);

/* A column as SQL over the result names it, and `FROM ... WHERE` with the condition that
 * keeps to its rows: a table read in place may have more than the result shows. */
void result_append_column(const struct result *result, size_t column, struct text *out);
void result_append_from(const struct result *result, struct text *out);
/* The name of the rowid, with its table. */
void result_append_rowid(const struct result *result, struct text *out);

#endif
