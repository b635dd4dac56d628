/* sql_rows: the editor's text cut into rows of a width. Bytes are offsets into the text;
 * columns are cells of the screen. Private to sql*.c, and to tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_SQL_ROWS_H
#define MWB_TUI_PANES_SQL_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/safetext.h"

/* A line of the text, or a part of one too long for the width. */
struct sql_row {
    size_t start, end; /* without the line break */
    size_t line;       /* from 1, which is the line of the first row */
    bool continues;    /* not the first row of its line */
};

/* Rows from the line of `from` on, until `most` of them begin behind `until`: array of
 * struct sql_row, one at least. The width is 1 at least. */
struct array sql_rows(const char *text, size_t from, int width, size_t until,
                      size_t most);
/* The index of the row that the byte stands in. */
size_t sql_row_of(const struct array *rows, size_t at);

size_t sql_line_start(const char *text, size_t at);
size_t sql_line_end(const char *text, size_t at);

/* The cluster at `at` of a line that ends at `end`; how many columns it takes when it is
 * drawn at column `x` of its row. */
int sql_cluster(const char *text, size_t at, size_t end, int x,
                struct safetext_cluster *cluster);
/* Columns from the start of a row up to the byte `to`. */
int sql_columns(const char *text, size_t start, size_t to);
/* Of mark, line number and blank; 0 where the view is too narrow for them. */
int sql_gutter_width(size_t lines, int width);

#endif
