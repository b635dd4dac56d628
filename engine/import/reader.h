/* reader: the rows of a CSV file, each with the place where it stands.
 *
 * libcsv (RFC 4180) cuts the cells; it is fed one physical line at a time, so that the
 * line and byte of every row are known, which libcsv itself does not tell. Its traps and
 * what is done about them:
 *   - it trims blanks around unquoted cells: its space function says no;
 *   - it drops empty lines without a word: they are counted here before it sees them;
 *   - after text behind a closing quote it would swallow the next cells: it runs in
 * strict mode; a quote inside an unquoted cell is an ordinary sign, blanks between a
 * closing quote and the delimiter are dropped and counted, anything else rejects the row;
 *   - "" and nothing look the same: CSV_EMPTY_IS_NULL tells them apart.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_READER_H
#define MWB_IMPORT_READER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/import/source.h"

enum {
    READER_CELL_MOST = 16 * 1024 * 1024, /* bytes of one cell */
    READER_ROW_MOST = 64 * 1024 * 1024,  /* bytes of one row */
    READER_COLUMNS_MOST = 2000,          /* SQLite's own limit (sqlite.org/limits.html) */
    READER_CELLS_MOST = 32768,           /* cells kept of one row; more are counted */
    READER_RAW_MOST = 4096,              /* bytes kept of a row for its reject */
};

/* What the file itself says a cell is: CSV says nothing, JSON does. */
enum cell_kind {
    CELL_TEXT,
    CELL_STRING,
    CELL_NUMBER,
    CELL_BOOLEAN,
    CELL_NULL,
    CELL_NESTED
};

struct reader_cell {
    size_t offset, length; /* in the row's bytes */
    bool bare;             /* nothing between two delimiters, not even quotes */
    enum cell_kind kind;
};

struct reader_row {
    const char *bytes;
    const struct reader_cell *cells;
    size_t count;    /* all cells, also those beyond READER_CELLS_MOST */
    long long line;  /* physical line it begins on, from 1 */
    long long byte;  /* offset of its first byte */
    const char *raw; /* the row as it stands in the file, its first bytes */
    size_t raw_length;
    const char *problem; /* READER_BAD: why it is no row */
};

enum reader_state { READER_ROW, READER_BAD, READER_END, READER_FAILED };

/* What all readers share: the reader of CSV here, that of JSON in json_reader.h. */
struct reader;

struct reader_kind {
    enum reader_state (*next)(struct reader *reader, struct reader_row *row,
                              struct error *err);
    bool (*skip_lines)(struct reader *reader, long long lines, struct error *err);
    void (*free)(struct reader *reader);
};

struct reader {
    const struct reader_kind *kind;
    long long line;           /* of what is read next */
    long long blank_lines;    /* left out */
    long long first_blank;    /* the number of the first of them */
    long long dropped_blanks; /* of CSV, cells: see above */
    long long replaced;       /* of JSON, surrogates alone: see json.h */
};

/* A reader of CSV, from where the source stands; the source stays the caller's. Of the
 * dialect the delimiter must be set. */
struct reader *reader_new(struct source *source, const struct catalog_dialect *dialect);

static inline void reader_free(struct reader *reader)
{
    if (reader != NULL) {
        reader->kind->free(reader);
    }
}

/* The next row; it is valid until the next call. READER_BAD: not a row, but reading can
 * go on; row->problem says why and row->raw shows it. */
static inline enum reader_state reader_next(struct reader *reader, struct reader_row *row,
                                            struct error *err)
{
    return reader->kind->next(reader, row, err);
}

/* Leave out physical lines before the first row. */
static inline bool reader_skip_lines(struct reader *reader, long long lines,
                                     struct error *err)
{
    return reader->kind->skip_lines(reader, lines, err);
}

static inline long long reader_line(const struct reader *reader) /* of the next row */
{
    return reader->line;
}

static inline long long reader_blank_lines(const struct reader *reader)
{
    return reader->blank_lines;
}

static inline long long reader_dropped_blanks(const struct reader *reader)
{
    return reader->dropped_blanks;
}

static inline const char *reader_cell_text(const struct reader_row *row, size_t cell)
{
    return row->bytes + row->cells[cell].offset;
}

#endif
