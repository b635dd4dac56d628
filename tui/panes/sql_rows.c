/* sql_rows: the editor's text cut into rows of a width, TABs and wide signs in mind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/safetext.h"
#include "tui/panes/sql_rows.h"

enum { TAB_WIDTH = 4, GUTTER_LEAST_VIEW = 24 };

/* Plain ASCII before plain ASCII: most of SQL. What combines is none. */
static bool is_plain(const char *text, size_t at, size_t end)
{
    return text[at] >= ' ' && text[at] < 0x7F &&
           (at + 1 == end || (text[at + 1] >= 0 && text[at + 1] < 0x7F));
}

int sql_cluster(const char *text, size_t at, size_t end, int x,
                struct safetext_cluster *cluster)
{
    if (is_plain(text, at, end)) {
        cluster->source = 1;
        cluster->width = 1;
        return 1;
    }
    safetext_next(text + at, end - at, cluster);
    if (text[at] == '\t') {
        cluster->source = 1;
        return TAB_WIDTH - x % TAB_WIDTH;
    }
    return cluster->width;
}

size_t sql_line_end(const char *text, size_t at)
{
    return at + strcspn(text + at, "\n");
}

size_t sql_line_start(const char *text, size_t at)
{
    const char *last = memrchr(text, '\n', at);
    return last != NULL ? (size_t)(last - text) + 1 : 0;
}

/* Where a row that starts at `start` ends. A row holds one sign at least. */
static size_t row_end(const char *text, size_t start, size_t end, int width)
{
    struct safetext_cluster cluster;
    size_t at = start;
    for (int x = 0; at < end; at += cluster.source) {
        int columns = sql_cluster(text, at, end, x, &cluster);
        if (x + columns > width && at > start) {
            break;
        }
        x += columns;
    }
    return at;
}

struct array sql_rows(const char *text, size_t from, int width, size_t until, size_t most)
{
    struct array rows = ARRAY_OF(struct sql_row);
    size_t at = sql_line_start(text, from);
    size_t line = 1;
    size_t end = sql_line_end(text, at);
    bool continues = false;
    for (size_t behind = 0; behind<most; behind += at> until) {
        struct sql_row *row = array_push(&rows);
        *row = (struct sql_row){at, row_end(text, at, end, width), line, continues};
        at = row->end;
        continues = at < end;
        if (!continues && text[end] == '\0') {
            break;
        }
        if (!continues) {
            at = end + 1;
            end = sql_line_end(text, at);
            line++;
        }
    }
    return rows;
}

int sql_gutter_width(size_t lines, int width)
{
    int digits = 2;
    if (width < GUTTER_LEAST_VIEW) {
        return 0;
    }
    for (; lines >= 100; lines /= 10) {
        digits++;
    }
    return digits + 2; /* a mark before, a blank behind */
}

int sql_columns(const char *text, size_t start, size_t to)
{
    struct safetext_cluster cluster;
    size_t end = sql_line_end(text, start);
    int x = 0;
    for (size_t at = start; at < to && at < end; at += cluster.source) {
        x += sql_cluster(text, at, end, x, &cluster);
    }
    return x;
}

/* The last row that begins at or before the byte: at a break of a long line, the next. */
size_t sql_row_of(const struct array *rows, size_t at)
{
    size_t found = 0;
    for (size_t i = 0; i < rows->count; i++) {
        const struct sql_row *row = array_at(rows, i);
        if (row->start <= at) {
            found = i;
        }
    }
    return found;
}
