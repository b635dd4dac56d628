/* import: files to typed tables in one SQLite database, losing nothing.
 *
 * CSV and its relatives (RFC 4180 and what people really write), plain or gzip, through
 * libcsv and prepared inserts; an SQLite file is copied whole and checked.
 *
 * What always holds:
 *   - rows read = rows stored + rows rejected; a rejected row is listed with file,
 * physical line (newlines inside quotes count), byte offset, column, reason and the raw
 * line;
 *   - a value is stored as a number only if it prints back the same (007, 1.10, +5,
 * 1e400, 38 digits, NA stay text) unless the contract declares the column a number; a
 * column without declared type becomes INTEGER or REAL only if every value of it
 * round-trips, else TEXT;
 *   - NULL comes from declared markers only: an unquoted empty cell in a column that is
 * not text, and the markers of the contract or the Data Package (`missingValues`, default
 *     ""); in a column without a contract an empty cell of a number column is NULL and an
 *     empty cell of a text column is '';
 *   - rowids are 1..rows in the order of the files.
 * Header names are kept as they are (quoted in SQL); empty ones become column_N,
 * duplicates name_2; more than SQLite's 2,000 columns is a sentence. Encodings: UTF-8
 * with or without BOM; bytes that are no UTF-8: the file is read as Windows-1252 when it
 * is not valid UTF-8 as a whole, and the report says so. UTF-16 is detected by its BOM
 * and converted. Line ends: LF, CRLF, CR.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_H
#define MWB_IMPORT_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"

struct import_spec {
    const char *table;           /* name in the database */
    const struct array *columns; /* of struct catalog_column; NULL or empty: infer */
    const struct catalog_dialect *dialect; /* NULL: sniff everything */
    const struct array *files;             /* of struct access_file, open */
    bool all_text;                         /* store every cell as text */
    bool add_to_existing;   /* the database exists: add a table (must be new) */
    long long reject_limit; /* stop after so many rejects; 0 = keep going */
};

struct import_column_report {
    char *name, *original; /* in the database; in the header when different, else NULL */
    char *declared;        /* type of the contract, or NULL */
    char *stored;          /* TEXT INTEGER REAL, or MIXED: see above */
    long long nulls, misfits; /* misfits: cells that did not fit the declared type */
    char *examples;           /* first three: "line 7: 'abc'; ..." or NULL */
};

struct import_report {
    long long read, stored, rejected, bytes;
    struct array columns; /* of struct import_column_report */
    struct text notes; /* sentences: sniffed delimiter, encoding, renamed headers ... */
    double seconds;
};

/* Import into the database file `path`, which is made new unless add_to_existing. Runs in
 * the caller's process: use a job. On failure or cancel the caller throws the file away.
 */
bool import_table(const char *path, const struct import_spec *spec, struct job_port *port,
                  struct import_report *report, struct error *err);
void import_report_release(struct import_report *report);

/* Copy an SQLite file of somebody else: refused with a -wal or -journal beside it;
 * copied, quick_check under limits, tables listed in mwb_table. */
bool import_sqlite(const char *path, int source_fd, const char *source_name,
                   struct job_port *port, struct error *err);

/* Rejected rows of the database, written as CSV: table, file, line, byte, column, reason,
 * raw. */
bool import_write_rejects(const char *database, const char *csv_path, struct error *err);

#endif
