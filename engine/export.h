/* export: a result written as csv, tsv, json, jsonl, markdown, html, sql, sqlite, xlsx,
 * table or record.
 *
 * csv is RFC 4180 with a header, LF line ends, NULL as nothing and the empty text as "";
 * tsv the same with TAB. json is an array of objects (RFC 8259), jsonl an object a line:
 * numbers as SQLite prints them, NULL as null, blobs as base64 text, text that is no
 * UTF-8 replaced (and counted), a name that comes twice numbered (a, a_2). markdown is a
 * GitHub table with `|` and newlines escaped. html is one page that needs nothing else
 * (WHATWG HTML, "The table element"), all text escaped. sql is a CREATE TABLE and INSERTs
 * that give the same rows in SQLite; sqlite is a database with the table itself, values
 * of their own storage class. xlsx is Office Open XML (ECMA-376) for spreadsheets: whole
 * and real numbers that it can hold exactly as numbers, everything else as text, never as
 * a formula; real numbers have 16 digits and the empty text is no cell, as NULL is none;
 * a sheet takes 1,048,576 lines and 16,384 columns, more rows go on the next sheet, and
 * text beyond 32,767 characters is refused. `table` is for people: aligned, sanitised
 * (safetext.h), cut to the width of the terminal, with the row count below; `record` is
 * the same with a line for each column, for rows that are wide and for whoever hears them
 * read. All but these two carry the true bytes. A file is written beside, fsynced and
 * renamed.
 *
 * OpenDocument (ods) is not written: Debian has no library in C for it, and spreadsheets
 * that read it read xlsx.
 *
 * Provenance (provenance.h) goes into the file where the format has a place for it (html,
 * sql, sqlite, xlsx), else into NAME.datapackage.json beside it, or as asked for: csv and
 * tsv take comment lines at their start (`#`, which readers have to be told of), markdown
 * and table lines below; json and jsonl have no place. A pipe has nothing beside it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EXPORT_H
#define MWB_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/job.h"
#include "engine/provenance.h"
#include "engine/result.h"

struct export_format {
    const char *name;   /* "csv" */
    const char *suffix; /* ".csv" */
    const char *sentence;
    const char *mediatype;              /* IANA; NULL: none that programs read */
    bool has_place;                     /* for provenance, of its own */
    bool takes_lines;                   /* provenance as lines, when asked for */
    bool is_file;                       /* cannot go through a pipe */
    const struct export_writer *writer; /* how it is written: private to the room */
};
const struct export_format *export_formats(size_t *count);
const struct export_format *export_format_named(const char *name); /* NULL: unknown */
const struct export_format *export_format_of(const char *path);    /* by suffix; NULL */

/* Where bytes go: false from the sink stops the export with its error. */
struct export_sink {
    bool (*write)(void *to, const char *bytes, size_t length, struct error *err);
    void *to;
};

enum export_place { EXPORT_NOWHERE, EXPORT_WHERE_FIT, EXPORT_INSIDE, EXPORT_BESIDE };

struct export_spec {
    const struct export_format *format;
    bool spreadsheet; /* csv, tsv: put ' before cells that start with = + - @ TAB CR */
    int width;        /* table: columns of the terminal, 0 = no limit */
    bool unicode;     /* table: draw lines and ellipsis with Unicode signs */
    const char *null_text;               /* table: how NULL is shown; NULL = "NULL" */
    long long first_row;                 /* from 0: rows before it are left out */
    long long row_limit;                 /* table, record: 0 = all */
    const char *table;                   /* sql, sqlite, xlsx: its name; NULL = "rows" */
    enum export_place place;             /* of the provenance */
    const struct provenance *provenance; /* NULL: nowhere */
};

struct export_outcome {
    long long rows, bytes;
    long long guarded;  /* cells that got a ' */
    long long replaced; /* json: cells with bytes that are no UTF-8, now U+FFFD */
    long long rounded;  /* xlsx: real numbers cut to 16 digits */
    long long as_text;  /* xlsx: numbers that it cannot hold exactly, written as text */
    size_t hidden;      /* table: columns that did not fit */
    long long sheets;   /* xlsx: of rows */
    bool is_beside;     /* the provenance is in export_beside_name() */
};

/* Rows result_count() of the result. port (may be NULL) hears of progress and may cancel.
 * export_result() does not do formats that are files only. export_to_file() replaces
 * regular files only; on failure the old file stays. */

bool export_result(struct result *result, const struct export_spec *spec,
                   const struct export_sink *sink, struct job_port *port,
                   struct export_outcome *outcome, struct error *err);
bool export_to_file(struct result *result, const struct export_spec *spec,
                    const char *path, struct job_port *port,
                    struct export_outcome *outcome, struct error *err);
/* Into the standard input of a command of the person's own, without a shell (program.h).
 * What it prints is appended to `printed`, at most 1 MiB of it. */
bool export_through(struct result *result, const struct export_spec *spec,
                    const char *command, struct text *printed, struct job_port *port,
                    struct export_outcome *outcome, struct error *err);
/* "out.csv.datapackage.json". Yours. */
char *export_beside_name(const char *path);

/* One cell as it stands in SQL (for copy): NULL, 12, 'it''s', x'00'. */
void export_append_sql(struct text *out, const struct result_cell *cell);

#endif
