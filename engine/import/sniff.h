/* sniff: what nobody declared about a file, found out from its first rows, and how sure
 * that is.
 *
 * A delimiter wins by the share of rows that have as many cells as the first one, at
 * least two; between equals the order of the list decides (that of the file's suffix,
 * then comma, tab, semicolon, bar; colon and blank only where every row agrees). A file
 * that no sign cuts is one column. A first line `sep=;`, as spreadsheets write it, is
 * obeyed. Lines of one cell, or that begin with #, before rows that all have the same
 * cells and a first row that could be a header, stand before the table: they are left
 * out, and told with their numbers. Nothing else is ever left out; whether the first row
 * is a header, comments and decimal commas are only told.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SNIFF_H
#define MWB_IMPORT_SNIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/catalog.h"
#include "engine/text.h"

enum { SNIFF_BYTES = 64 * 1024, SNIFF_ROWS = 200, SNIFF_COLUMNS = 256 };

enum sniff_trust { SNIFF_GUESS, SNIFF_LIKELY, SNIFF_SURE };

enum sniff_header {
    SNIFF_HEADER_DECLARED, /* not judged */
    SNIFF_HEADER_SEEN,     /* names over columns of figures */
    SNIFF_HEADER_ASSUMED,  /* nothing tells it from the rows below */
    SNIFF_HEADER_DOUBTED   /* it looks like the rows below */
};

struct sniff_report {
    bool found_delimiter, found_quote; /* nobody declared it */
    char delimiter, quote;
    size_t rows, regular, cells; /* rows looked at, and how many have `cells` cells */
    enum sniff_trust trust;      /* in all of it */
    int left_out;                /* lines before the table */
    enum sniff_header header;
    long long header_line;
    size_t header_for, header_against; /* columns that speak for it, and against */
    size_t comments;                   /* lines in the table that begin with # */
    long long first_comment;
    size_t decimal_commas;   /* columns that look like numbers with one */
    char decimal_column[64]; /* the first of them */
};

struct sniff_spec {
    const char *name; /* of the file: its suffix helps (.tsv) */
    const char *bytes;
    size_t length;
    bool judge_header; /* nobody declared the columns */
};

/* Fill what the dialect leaves open: delimiter, quote, skip_rows. */
void sniff_dialect(const struct sniff_spec *spec, struct catalog_dialect *dialect,
                   struct sniff_report *report);

/* A comma-separated file with a header, as most are: not worth a note. */
bool sniff_is_usual(const struct sniff_report *report);
/* What was found, as a sentence; "" when everything was declared. */
void sniff_tell(const struct sniff_report *report, const char *name, struct text *out);
/* What the reader should know in any case: lines left out, comments, decimal commas. */
void sniff_warn(const struct sniff_report *report, const char *name, struct text *out);

/* ---- Between the files of sniff ---- */

struct sniff_row {
    size_t start, end; /* in the bytes; without the line's end */
    long long line;
    size_t cells;
};

struct sniff_sample {
    const char *bytes;
    size_t length;
    bool whole; /* the file ends where the bytes do */
    char delimiter, quote, comment;
    size_t first; /* byte of the first line that counts */
    long long first_line;
    struct sniff_row rows[SNIFF_ROWS];
    size_t count;
};

/* The cells of a row, one after the other; false behind the last. */
struct sniff_cell {
    const char *text;
    size_t length; /* without quotes around it */
    size_t next;   /* where the next one begins; start with the row's start */
    bool over;
};
bool sniff_next_cell(const struct sniff_sample *sample, const struct sniff_row *row,
                     struct sniff_cell *cell);
/* Only digits and the signs of numbers, dates and times. */
bool sniff_is_figure(const struct sniff_cell *cell);
/* Header, comments, decimal commas (sniff_columns.c). */
void sniff_columns(const struct sniff_sample *sample, bool judge_header,
                   struct sniff_report *report);

#endif
