/* direct_csv: CSV with plain quoting for the direct way.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/direct.h"
#include "engine/text.h"

const char *direct_csv_declines(const struct catalog_dialect *dialect)
{
    char quote = dialect->quote != 0 ? dialect->quote : '"';
    if (dialect->comment != 0 || dialect->comment_rows != NULL) {
        return "comment lines are declared";
    }
    if ((dialect->escape != 0 && dialect->escape != quote) || dialect->no_double_quote) {
        return "an escape sign is declared";
    }
    if (dialect->skip_initial_space) {
        return "blanks behind delimiters are to be skipped";
    }
    if (dialect->delimiter == quote || strchr("\r\n", dialect->delimiter) != NULL ||
        strchr("\r\n", quote) != NULL) {
        return "delimiter and quote are no signs of their own";
    }
    return NULL;
}

static size_t csv_cut(const struct direct_file *file, struct direct_chunk *chunk,
                      bool last)
{
    split_look(chunk->bytes, chunk->length, file->signs, &chunk->census);
    if (last) {
        if (chunk->length > 0 && chunk->bytes[chunk->length - 1] != '\n') {
            chunk->bytes[chunk->length++] = '\n';
        }
        return chunk->length;
    }
    return split_whole(chunk->bytes, chunk->length, file->signs.quote, &chunk->census);
}

/* Every row has the cells it must have: the usual case, seen from the places of its ends
 * alone. In a table of one column a blank line looks like a row. */
static bool is_regular(const struct direct_file *file, const struct direct_chunk *chunk)
{
    const struct split *split = &chunk->split;
    if (file->cells < 2 || split->count != split->rows * file->cells) {
        return false;
    }
    for (size_t i = file->cells - 1; i < split->count; i += file->cells) {
        if (chunk->bytes[split->ends[i]] != '\n') {
            return false;
        }
    }
    return true;
}

static void take_bad(struct direct_chunk *chunk, size_t start, size_t end, size_t cells)
{
    while (end > start &&
           (chunk->bytes[end - 1] == '\r' || chunk->bytes[end - 1] == '\n')) {
        end--;
    }
    struct direct_bad *bad = array_push(&chunk->bad);
    bad->place = (uint32_t)start;
    bad->length = (uint32_t)(end - start);
    bad->cells = cells;
}

static bool is_blank(const struct direct_chunk *chunk, size_t start, size_t end)
{
    return end == start || (end == start + 1 && chunk->bytes[start] == '\r');
}

/* Row by row: which are good, blank, or have other cells than they must. */
static void find_rows(const struct direct_file *file, struct direct_chunk *chunk)
{
    const struct split *split = &chunk->split;
    if (chunk->starts_room < split->rows) {
        chunk->starts_room = split->rows;
        free(chunk->starts);
        chunk->starts = memory_new_many(split->rows, sizeof *chunk->starts);
    }
    chunk->rows = 0;
    size_t start = 0;
    for (size_t i = 0; i < split->count;) {
        size_t last = i;
        while (chunk->bytes[split->ends[last]] != '\n') {
            last++;
        }
        size_t cells = last - i + 1, end = split->ends[last];
        if (cells == 1 && is_blank(chunk, start, end)) {
            chunk->first_blank = chunk->blanks++ == 0 ? start : chunk->first_blank;
        } else if (cells == file->cells) {
            chunk->starts[chunk->rows++] = (uint32_t)i;
        } else {
            take_bad(chunk, start, end, cells);
        }
        start = end + 1;
        i = last + 1;
    }
}

static void csv_split(const struct direct_file *file, struct direct_chunk *chunk)
{
    split_run(&chunk->split, chunk->bytes, chunk->length, file->signs, &chunk->census);
    chunk->lines = (long long)chunk->split.lines;
    if (chunk->split.odd != SPLIT_NONE) {
        chunk->odd =
            "a quote stands within a cell, or a carriage return alone ends a row";
        chunk->odd_place = (size_t)chunk->split.odd;
        return;
    }
    chunk->regular = is_regular(file, chunk);
    if (chunk->regular) {
        chunk->rows = chunk->split.rows;
    } else {
        find_rows(file, chunk);
    }
}

static size_t first_end(const struct direct_chunk *chunk, size_t cells, size_t row)
{
    return chunk->regular ? row * cells : chunk->starts[row];
}

static size_t place_behind(const struct direct_chunk *chunk, size_t end)
{
    return end == 0 ? 0 : (size_t)chunk->split.ends[end - 1] + 1;
}

static size_t csv_place(const struct direct_file *file, const struct direct_chunk *chunk,
                        size_t row)
{
    return place_behind(chunk, first_end(chunk, file->cells, row));
}

/* What stands between two quotes, with doubled ones made one. */
static void unquote(struct direct_chunk *chunk, char quote, struct direct_cell *cell)
{
    const char *from = cell->text + 1, *end = cell->text + cell->length - 1;
    const char *doubled = memchr(from, quote, (size_t)(end - from));
    cell->text = from;
    cell->length -= 2;
    if (doubled == NULL) {
        return;
    }
    if (chunk->scratch_room < chunk->length + SPLIT_BLOCK) {
        free(chunk->scratch);
        chunk->scratch_room = chunk->length + SPLIT_BLOCK;
        chunk->scratch = memory_resize(NULL, chunk->scratch_room);
    }
    char *to = chunk->scratch + chunk->scratch_used;
    cell->text = to;
    for (; doubled != NULL; doubled = memchr(from, quote, (size_t)(end - from))) {
        size_t length = (size_t)(doubled + 1 - from);
        memcpy(to, from, length);
        to += length;
        from = doubled + 2;
    }
    memcpy(to, from, (size_t)(end - from));
    to += end - from;
    cell->length = (uint32_t)(to - cell->text);
    chunk->scratch_used += cell->length;
}

/* A cell from `start` to `end`, whatever it is in. */
static inline void take_cell_of(const struct direct_file *file,
                                struct direct_chunk *chunk, size_t start, size_t end,
                                bool last, struct direct_cell *cell)
{
    if (last && chunk->census.returns && end > start && chunk->bytes[end - 1] == '\r') {
        end--;
    }
    *cell = (struct direct_cell){chunk->bytes + start, (uint32_t)(end - start),
                                 end == start, CELL_TEXT};
    if (chunk->census.quotes > 0 && end > start &&
        chunk->bytes[start] == file->signs.quote) {
        unquote(chunk, file->signs.quote, cell);
    }
}

/* Columns in the order of the file: the end of one cell is the start of the next. */
static void row_straight(const struct direct_file *file, struct direct_chunk *chunk,
                         size_t first, size_t columns, struct direct_cell *cells)
{
    const uint32_t *ends = chunk->split.ends + first;
    size_t start = place_behind(chunk, first);
    for (size_t i = 0; i + 1 < columns; i++) {
        take_cell_of(file, chunk, start, ends[i], false, &cells[i]);
        start = (size_t)ends[i] + 1;
    }
    take_cell_of(file, chunk, start, ends[columns - 1], true, &cells[columns - 1]);
}

/* And without quotes and carriage returns there is nothing to look at. */
static void row_plain(const struct direct_chunk *chunk, size_t first, size_t columns,
                      struct direct_cell *cells)
{
    const uint32_t *ends = chunk->split.ends + first;
    size_t start = place_behind(chunk, first);
    for (size_t i = 0; i < columns; i++) {
        cells[i].text = chunk->bytes + start;
        cells[i].length = (uint32_t)(ends[i] - start);
        cells[i].bare = ends[i] == start;
        cells[i].kind = CELL_TEXT;
        start = (size_t)ends[i] + 1;
    }
}

static void csv_row(const struct direct_file *file, struct direct_chunk *chunk,
                    size_t row, size_t columns, struct direct_cell *cells)
{
    const size_t first = first_end(chunk, file->cells, row);
    if (file->is_straight && chunk->census.quotes == 0 && !chunk->census.returns) {
        row_plain(chunk, first, columns, cells);
        return;
    }
    if (file->is_straight) {
        row_straight(file, chunk, first, columns, cells);
        return;
    }
    for (size_t i = 0; i < columns; i++) {
        if (file->from[i] < 0) {
            cells[i] = (struct direct_cell){"", 0, true, CELL_NULL};
            continue;
        }
        size_t at = first + (size_t)file->from[i];
        take_cell_of(file, chunk, place_behind(chunk, at), chunk->split.ends[at],
                     (size_t)file->from[i] + 1 == file->cells, &cells[i]);
    }
}

const struct direct_format direct_csv = {csv_cut, csv_split, csv_row, csv_place,
                                         split_lines};
