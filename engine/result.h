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

/* The next row at or after `from` (backwards: at or before) with a cell that contains the
 * text (ASCII case folded); -1 when none. Looks at no more than `budget` rows a call and
 * then returns -2 with *reached where it stopped, so that the screen stays alive. */
long long result_find(struct result *result, const char *text, long long from,
                      bool backwards, long long budget, long long *reached);

/* SQL for the views of the grid, appended to out: run it with session_query.on_spool =
 * result_file(). Ties keep the order of the rows; the filter is a part of any cell's text
 * (filter_column -1) or of one column's, ASCII case folded; NULL or "" = no filter. */
struct result_order {
    size_t column;
    bool descending;
};
void result_view_sql(const struct result *result, const struct result_order *orders,
                     size_t order_count, const char *filter_text, int filter_column,
                     struct text *out);
/* Frequencies of a column: value, count, percent. */
void result_frequency_sql(const struct result *result, size_t column, struct text *out);

#endif
