/* direct: files to pages of a table with several threads, without SQLite in between.
 *
 * The text is taken in chunks, in order, by whichever worker is free (one at a time,
 * under a lock); a chunk ends with a row. What follows is done by all workers at once but
 * for two moments that come in the order of chunks:
 *
 *   take   (one at a time)  read, cut behind the last whole row
 *   split                   where the cells end; which rows are none
 *   turn 1 (in order)       rowid and line of the chunk's first row; its rejects
 *   store                   cells to values, statistics, records, leaves (pages.h)
 *   turn 2 (in order)       numbers of its pages; misfits and their examples
 *   write                   pages to the file
 *
 * So rowids, line numbers, rejects, the first error and the bytes of the file do not
 * depend on the number of threads, and memory is that of a few chunks.
 *
 * Types are decided by the first chunk. Every later value is watched; one that does not
 * fit makes the workers go on looking only, and when all has been seen the table is made
 * again with the types that hold.
 *
 * What this way does not take it declines, with the reason: the reference way (load.h)
 * does it then, from the start.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DIRECT_H
#define MWB_IMPORT_DIRECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/import/load.h"
#include "engine/import/split.h"

enum direct_outcome { DIRECT_DONE, DIRECT_DECLINED, DIRECT_FAILED };

/* The table of load->spec, made and filled; load->plan has its files open and columns
 * named. load->db is closed and opened again on the way. Declined: load->db is as before,
 * but for the notes nothing has happened, and report->way_why says why. */
enum direct_outcome direct_store(struct load *load, struct error *err);

/* ---- Formats: how a text is cut ---- */

struct direct_cell {
    const char *text; /* SPLIT_BLOCK bytes behind it can be read */
    uint32_t length;
    bool bare;
    uint8_t kind; /* enum cell_kind */
};

/* A row that is none. */
struct direct_bad {
    uint32_t place, length; /* in the chunk */
    size_t cells;           /* it has so many; or 0 and why it is none: */
    const char *problem;    /* of the chunk, or constant */
};

struct direct_chunk {
    char *bytes; /* whole rows, with SPLIT_BLOCK bytes in front and behind */
    size_t length, room;
    long long number;   /* from 0 */
    size_t file;        /* of the plan */
    bool first, last;   /* of its file */
    long long byte;     /* offset of its first byte in the text */
    long long consumed; /* bytes of the file used up, for progress */
    struct split_census census;
    struct split split;
    /* What splitting found. */
    size_t rows;        /* good ones */
    long long blanks;   /* blank lines */
    size_t first_blank; /* where the first of them stands */
    bool regular;       /* every row has the cells it must have */
    uint32_t *starts;   /* else of each good row: its first end */
    size_t starts_room;
    struct array bad;     /* of struct direct_bad */
    long long lines;      /* physical lines */
    const char *odd;      /* why this way cannot go on, or NULL */
    size_t odd_place;     /* where */
    struct error failure; /* of reading, told when it is this chunk\'s turn */
    char *scratch;        /* for cells that do not stand in the text as they are */
    size_t scratch_used, scratch_room;
    struct direct_json_part *json; /* direct_json.h */
    /* Turn 1. */
    long long line, rowid; /* of its first row */
};

struct direct_file {
    struct split_signs signs;
    size_t cells;     /* a row must have */
    int *from;        /* column -> cell, -1: this file does not have it */
    bool is_straight; /* column and cell have the same numbers */
    struct feed *feed;
    long long skip_bytes, skip_lines; /* in front of the first row */
    long long blanks_before;          /* blank lines among them */
    long long blanks;                 /* all, when the pass is over */
    long long first_blank;            /* the number of the first blank line */
    bool beyond_ascii;
    bool is_array; /* JSON: of objects; else lines */
    const struct direct_json *json;
};

struct direct_format {
    /* Bytes at the front that are whole rows; 0: none ends yet. */
    size_t (*cut)(const struct direct_file *file, struct direct_chunk *chunk, bool last);
    void (*split)(const struct direct_file *file, struct direct_chunk *chunk);
    /* The cells of a good row, one for each column of the table. Called once for each
     * row, in order. */
    void (*row)(const struct direct_file *file, struct direct_chunk *chunk, size_t row,
                size_t columns, struct direct_cell *cells);
    /* Where a good row begins. */
    size_t (*place)(const struct direct_file *file, const struct direct_chunk *chunk,
                    size_t row);
    /* Physical lines that end in a piece of text. */
    long long (*lines)(const char *bytes, size_t length);
};

extern const struct direct_format direct_csv, direct_json_rows;

/* Why CSV written so is not taken, or NULL. */
const char *direct_csv_declines(const struct catalog_dialect *dialect);

/* ---- Values to records ---- */

struct direct_encoder;
struct pages_run;
struct pages_value;

/* A cell that is no value of its column's type. */
struct direct_misfit {
    int column;
    uint32_t row;
    const char *text;
    size_t length;
};

struct direct_encoder *direct_encoder_new(const struct plan *plan);
void direct_encoder_free(struct direct_encoder *encoder);
/* The next chunk: forgets the misfits of the last. */
void direct_encoder_start(struct direct_encoder *encoder);
/* One row: `cells` as many as columns. The record goes to `run`. */
void direct_encode(struct direct_encoder *encoder, size_t row,
                   const struct direct_cell *cells, struct pages_run *run);
/* The key of the row encoded last: its values, borrowed until its chunk goes. */
const struct pages_value *direct_encoder_key(const struct direct_encoder *encoder);
/* Only look at it. */
void direct_watch(struct direct_encoder *encoder, const struct direct_cell *cells);
/* Has a value come that the columns' types do not hold? */
bool direct_is_falsified(const struct direct_encoder *encoder);
/* The misfits of this chunk into the plan: in the order of chunks. */
void direct_encoder_tell(struct direct_encoder *encoder, struct plan *plan,
                         const struct direct_chunk *chunk, const struct direct_file *file,
                         const struct direct_format *format);
/* Into the plan: what kinds of value it has seen; and nulls and statistics. */
void direct_encoder_see(const struct direct_encoder *encoder, struct plan *plan);
void direct_encoder_merge(const struct direct_encoder *encoder, struct plan *plan);

#endif
