/* reader: lines of a source to rows of cells, through libcsv. What a cell means is left
 * to the caller.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/reader.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "engine/import/rewrite.h"
#include "engine/text.h"

struct csv_reader {
    struct reader base;
    struct source *source;
    struct catalog_dialect dialect;
    bool rewrites; /* the dialect has signs libcsv does not know */
    struct csv_parser parser;
    struct text bytes; /* of the cells of this row, unless they stand in the window */
    struct reader_cell *cells;
    size_t cell_count, cells_room;
    bool in_row;   /* a row has begun and not ended */
    bool row_done; /* libcsv has just ended one */
    long long row_line, row_byte;
    bool line_begins;
    size_t cells_before; /* of the row when this line began */
    long long open_line; /* line on which the cell that is still open began */
    struct text raw;     /* the row's earlier pieces, when it has more than one */
    struct rewrite rewrite;
    int recoveries;
    struct text problem;
};

enum { RECOVERIES_MOST = 20 };

static const struct reader_kind csv_kind;

static int never_blank(unsigned char c)
{
    (void)c;
    return 0;
}

/* The next cell of the row, or NULL when it has more than are kept. */
static struct reader_cell *next_cell(struct csv_reader *reader)
{
    size_t place = reader->cell_count++;
    if (place >= reader->cells_room) {
        if (place >= READER_CELLS_MOST) {
            return NULL;
        }
        reader->cells_room = 2 * reader->cells_room + 64;
        reader->cells =
            memory_resize(reader->cells, reader->cells_room * sizeof *reader->cells);
    }
    return &reader->cells[place];
}

static void take_cell(void *data, size_t length, void *owner)
{
    struct csv_reader *reader = owner;
    struct reader_cell *cell = next_cell(reader);
    if (cell == NULL) {
        return;
    }
    cell->offset = reader->bytes.length;
    cell->length = length;
    cell->bare = data == NULL;
    cell->kind = CELL_TEXT;
    if (length > 0) {
        text_append_bytes(&reader->bytes, data, length);
        if (reader->rewrites) {
            rewrite_restore(&reader->rewrite, reader->bytes.data + cell->offset, length);
        }
    }
}

static void take_row(int sign, void *owner)
{
    (void)sign;
    ((struct csv_reader *)owner)->row_done = true;
}

enum {
    LENIENT = CSV_EMPTY_IS_NULL,
    STRICT = CSV_EMPTY_IS_NULL | CSV_STRICT | CSV_STRICT_FINI
};

struct reader *reader_new(struct source *source, const struct catalog_dialect *dialect)
{
    struct csv_reader *reader = memory_new(sizeof *reader);
    reader->base.kind = &csv_kind;
    reader->source = source;
    reader->dialect = *dialect;
    reader->base.line = 1;
    reader->line_begins = true;
    reader->rewrites = rewrite_is_needed(dialect);
    rewrite_start(&reader->rewrite, dialect);
    csv_init(&reader->parser, STRICT);
    csv_set_delim(&reader->parser, (unsigned char)dialect->delimiter);
    csv_set_quote(&reader->parser,
                  (unsigned char)(dialect->quote != 0 ? dialect->quote : '"'));
    csv_set_space_func(&reader->parser, never_blank);
    csv_set_blk_size(&reader->parser, 4096);
    csv_set_realloc_func(&reader->parser, memory_resize);
    return &reader->base;
}

static void csv_reader_free(struct reader *base)
{
    struct csv_reader *reader = (struct csv_reader *)base;
    csv_free(&reader->parser);
    text_release(&reader->bytes);
    text_release(&reader->raw);
    text_release(&reader->rewrite.out);
    text_release(&reader->problem);
    free(reader->cells);
    free(reader);
}

/* ---- Feeding ---- */

static void forget_row(struct csv_reader *reader)
{
    csv_set_opts(&reader->parser, LENIENT);
    csv_fini(&reader->parser, NULL, NULL, NULL);
    csv_set_opts(&reader->parser, STRICT);
    reader->in_row = false;
    rewrite_start(&reader->rewrite, &reader->dialect);
}

/* How many blanks stand between a closing quote and the end of its cell; 0 when something
 * else follows. */
static size_t blanks_before_end(const struct csv_reader *reader, const char *data,
                                size_t length)
{
    size_t blanks = 0;
    while (blanks < length && (data[blanks] == ' ' || data[blanks] == '\t')) {
        blanks++;
    }
    bool ends = blanks == length || data[blanks] == reader->dialect.delimiter ||
                data[blanks] == '\n' || data[blanks] == '\r';
    return ends ? blanks : 0;
}

/* Feed a piece. False when the row is broken: text behind a closing quote. */
static bool feed(struct csv_reader *reader, const char *data, size_t length)
{
    while (length > 0) {
        size_t used =
            csv_parse(&reader->parser, data, length, take_cell, take_row, reader);
        data += used;
        length -= used;
        if (length == 0) {
            return true;
        }
        size_t step;
        if (reader->parser.quoted) {
            step = blanks_before_end(reader, data, length);
            if (step == 0) {
                return false;
            }
            reader->base.dropped_blanks++;
        } else {
            step = 1;
            csv_set_opts(&reader->parser, LENIENT);
            csv_parse(&reader->parser, data, 1, take_cell, take_row, reader);
            csv_set_opts(&reader->parser, STRICT);
        }
        data += step;
        length -= step;
    }
    return true;
}

static bool is_blank_line(const struct source_piece *piece)
{
    return piece->length <= 2 && (piece->data[0] == '\n' || piece->data[0] == '\r');
}

static bool is_comment(const struct csv_reader *reader, const struct source_piece *piece)
{
    const char sign = reader->dialect.comment;
    if (sign != '\0' && piece->data[0] == sign) {
        return true;
    }
    for (const char *at = reader->dialect.comment_rows; at != NULL && *at != '\0';) {
        char *end;
        if (strtoll(at, &end, 10) == reader->base.line || end == at) {
            return end != at;
        }
        at = end + strspn(end, " ");
    }
    return false;
}

static void begin_row(struct csv_reader *reader, const struct source_piece *piece)
{
    reader->in_row = true;
    reader->row_done = false;
    reader->row_line = reader->base.line;
    reader->row_byte = piece->byte;
    reader->cell_count = reader->cells_before = 0;
    reader->open_line = reader->base.line;
    text_clear(&reader->bytes);
    text_clear(&reader->raw);
}

static void keep_raw(struct csv_reader *reader, const struct source_piece *piece)
{
    size_t room = READER_RAW_MOST - reader->raw.length;
    text_append_bytes(&reader->raw, piece->data,
                      piece->length < room ? piece->length : room);
}

/* A whole line without any quote is cut where its delimiters stand; its cells are used
 * where they lie. Most lines are such, and libcsv, which looks at every byte through a
 * function, would cost as much as storing them. */
static bool split_plain(struct csv_reader *reader, const struct source_piece *piece)
{
    const char delimiter = reader->dialect.delimiter;
    const char quote = (char)csv_get_quote(&reader->parser);
    const char *data = piece->data;
    size_t end = piece->length, start = 0;
    if (!piece->ends_line || reader->rewrites || memchr(data, quote, end) != NULL) {
        return false;
    }
    while (end > 0 && (data[end - 1] == '\n' || data[end - 1] == '\r')) {
        end--;
    }
    for (;;) {
        size_t at = start;
        while (at < end && data[at] != delimiter) {
            at++;
        }
        struct reader_cell *cell = next_cell(reader);
        if (cell != NULL) {
            *cell = (struct reader_cell){start, at - start, at == start, CELL_TEXT};
        }
        if (at >= end) {
            return true;
        }
        start = at + 1;
    }
}

static void fill_row(struct csv_reader *reader, struct reader_row *row,
                     const struct source_piece *last)
{
    row->bytes = text_string(&reader->bytes);
    row->cells = reader->cells;
    row->count = reader->cell_count;
    row->line = reader->row_line;
    row->byte = reader->row_byte;
    row->problem = NULL;
    if (reader->raw.length > 0) {
        if (last != NULL) {
            keep_raw(reader, last);
        }
        row->raw = text_string(&reader->raw);
        row->raw_length = reader->raw.length;
    } else {
        row->raw = last != NULL ? last->data : "";
        row->raw_length = last != NULL ? last->length : 0;
    }
    row->raw_length =
        row->raw_length < READER_RAW_MOST ? row->raw_length : READER_RAW_MOST;
    while (row->raw_length > 0 && (row->raw[row->raw_length - 1] == '\n' ||
                                   row->raw[row->raw_length - 1] == '\r')) {
        row->raw_length--;
    }
}

/* Read to the end of the line that `piece` belongs to. */
static bool finish_line(struct csv_reader *reader, struct source_piece piece,
                        struct error *err)
{
    while (!piece.ends_line) {
        enum source_state state = source_next(reader->source, &piece, err);
        if (state != SOURCE_PIECE) {
            return state == SOURCE_END;
        }
    }
    reader->base.line++;
    reader->line_begins = true;
    return true;
}

/* Leave out physical lines. */
static bool skip_lines(struct csv_reader *reader, long long lines, struct error *err)
{
    for (long long i = 0; i < lines; i++) {
        struct source_piece piece;
        enum source_state state = source_next(reader->source, &piece, err);
        if (state != SOURCE_PIECE) {
            return state == SOURCE_END;
        }
        if (!finish_line(reader, piece, err)) {
            return false;
        }
    }
    return true;
}

static enum reader_state bad_row(struct csv_reader *reader, struct reader_row *row,
                                 const struct source_piece *piece, struct error *err)
{
    fill_row(reader, row, piece);
    if (reader->raw.length == 0) { /* finish_line() moves the window */
        text_append_bytes(&reader->raw, row->raw, row->raw_length);
        row->raw = text_string(&reader->raw);
    }
    text_clear(&reader->problem);
    text_printf(
        &reader->problem,
        "text follows a closing quote on line %lld: a quote inside a quoted cell must "
        "be doubled",
        reader->base.line);
    row->problem = text_string(&reader->problem);
    forget_row(reader);
    return finish_line(reader, *piece, err) ? READER_BAD : READER_FAILED;
}

/* The raw row up to the line on which the open cell began: the rest is read again. */
static void cut_raw(const struct csv_reader *reader, struct reader_row *row)
{
    long long lines = reader->open_line - reader->row_line + 1;
    for (size_t i = 0; i < row->raw_length; i++) {
        bool pair =
            row->raw[i] == '\r' && i + 1 < row->raw_length && row->raw[i + 1] == '\n';
        if (((row->raw[i] == '\n' || row->raw[i] == '\r') && !pair && --lines == 0) ||
            (pair && lines == 1)) {
            row->raw_length = i;
        }
    }
}

/* A quote that is never closed has taken rows that are none of its own. Its row is
 * rejected, and reading goes on behind the line on which it was opened. Going back costs
 * a pass over the file, so it is done a few times only. */
static enum reader_state reject_open_quote(struct csv_reader *reader,
                                           struct reader_row *row, struct error *err)
{
    if (++reader->recoveries > RECOVERIES_MOST) {
        error_set(
            err, ERROR_FAILED,
            "could not import %s: more than %d quotes are opened and never closed, the "
            "last one on line %lld; perhaps its quote is another sign",
            source_name(reader->source), RECOVERIES_MOST, reader->open_line);
        return READER_FAILED;
    }
    fill_row(reader, row, NULL);
    cut_raw(reader, row);
    text_clear(&reader->problem);
    text_printf(&reader->problem, "the quote opened on line %lld is never closed",
                reader->open_line);
    row->problem = text_string(&reader->problem);
    forget_row(reader);
    reader->base.line = 1;
    bool good =
        source_rewind(reader->source, err) && skip_lines(reader, reader->open_line, err);
    return good ? READER_BAD : READER_FAILED;
}

static enum reader_state last_row(struct csv_reader *reader, struct reader_row *row,
                                  struct error *err)
{
    if (!reader->in_row) {
        return READER_END;
    }
    if (reader->rewrite.escaped) { /* nothing came behind it */
        feed(reader, &reader->rewrite.escape, 1);
    }
    if (csv_fini(&reader->parser, take_cell, take_row, reader) != 0) {
        return reject_open_quote(reader, row, err);
    }
    reader->in_row = false;
    fill_row(reader, row, NULL);
    return READER_ROW;
}

static bool is_too_long(const struct csv_reader *reader, long long end)
{
    return reader->parser.entry_pos > READER_CELL_MOST ||
           end - reader->row_byte > READER_ROW_MOST;
}

/* Over the limits: within quotes these were never meant to be one cell; a row without is
 * refused as a whole, there is nothing to go on with. */
static enum reader_state reject_long(struct csv_reader *reader, struct reader_row *row,
                                     bool ended, struct error *err)
{
    if (reader->parser.quoted || ended) {
        return reject_open_quote(reader, row, err);
    }
    bool cell = reader->parser.entry_pos > READER_CELL_MOST;
    error_set(err, ERROR_FAILED,
              "could not import %s: the %s that begins on line %lld is longer "
              "than %d MiB",
              source_name(reader->source), cell ? "cell" : "row", reader->open_line,
              (cell ? READER_CELL_MOST : READER_ROW_MOST) / 1024 / 1024);
    return READER_FAILED;
}

/* Count the line that has ended and note where an open cell began. */
static void end_piece(struct csv_reader *reader, const struct source_piece *piece)
{
    if (reader->in_row && reader->cell_count != reader->cells_before) {
        reader->open_line = reader->base.line;
        reader->cells_before = reader->cell_count;
    }
    reader->base.line += piece->ends_line ? 1 : 0;
    reader->line_begins = piece->ends_line;
}

static enum reader_state csv_reader_next(struct reader *base, struct reader_row *row,
                                         struct error *err)
{
    struct csv_reader *reader = (struct csv_reader *)base;
    struct source_piece piece;
    for (;;) {
        enum source_state state = source_next(reader->source, &piece, err);
        if (state != SOURCE_PIECE) {
            return state == SOURCE_END ? last_row(reader, row, err) : READER_FAILED;
        }
        if (!reader->in_row) {
            if (is_blank_line(&piece)) {
                if (reader->base.blank_lines++ == 0) {
                    reader->base.first_blank = reader->base.line;
                }
                end_piece(reader, &piece);
                continue;
            }
            if (is_comment(reader, &piece)) {
                if (!finish_line(reader, piece, err)) {
                    return READER_FAILED;
                }
                continue;
            }
            begin_row(reader, &piece);
            if (split_plain(reader, &piece)) {
                reader->in_row = false;
                fill_row(reader, row, &piece);
                row->bytes = piece.data;
                end_piece(reader, &piece);
                return READER_ROW;
            }
        }
        struct source_piece fed = piece;
        if (reader->rewrites) {
            rewrite_piece(&reader->rewrite, &fed);
        }
        if (!feed(reader, fed.data, fed.length)) {
            return bad_row(reader, row, &piece, err);
        }
        if (reader->row_done) {
            reader->in_row = false;
            fill_row(reader, row, &piece);
            end_piece(reader, &piece);
            return READER_ROW;
        }
        keep_raw(reader, &piece);
        end_piece(reader, &piece);
        if (is_too_long(reader, piece.byte + (long long)piece.length)) {
            return reject_long(reader, row, piece.ends_line, err);
        }
    }
}

static bool csv_skip_lines(struct reader *base, long long lines, struct error *err)
{
    return skip_lines((struct csv_reader *)base, lines, err);
}

static const struct reader_kind csv_kind = {csv_reader_next, csv_skip_lines,
                                            csv_reader_free};
