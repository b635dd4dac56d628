/* import: files to typed tables in one SQLite database, losing nothing.
 *
 * CSV and its relatives (RFC 4180 and what people really write), JSON and JSON Lines (RFC
 * 8259), plain, packed (gzip, zstd) or from a pipe; an SQLite file is copied whole and
 * checked.
 *
 * What always holds:
 *   - rows read = rows stored + rows rejected. A row is rejected when it cannot be one:
 * more or fewer cells than columns, text behind a closing quote, a quote never closed. It
 * is listed with file, physical line (newlines inside quotes count), byte offset in the
 *     text, column, reason and the first 4 KiB of the raw row. Blank lines are no rows:
 * they are left out and counted in the notes;
 *   - a value is stored as a number only if it prints back the same (007, 1.10, +5,
 * 1e400, 38 digits, NA stay text) unless the contract declares the column a number. A
 * column without declared type becomes INTEGER or REAL only if every value of it does so,
 * else TEXT. Whole numbers among fractions are REAL and print with .0, but only where all
 *     whole ones are written the same way, all 5 or all 5.0;
 *   - a cell that does not fit its declared type is kept as it is written, and counted
 * with its column (a misfit). Where SQLite would bend such a text (99999999999999999999
 * in an integer column), the column gets no type at all: stored says MIXED;
 *   - booleans of a contract are stored as 0 and 1; dates and times that a contract
 *     declares become ISO 8601, read by the format it tells, and instants written with an
 *     offset become UTC (dates.h); all other dates stay the text they are;
 *   - NULL comes from declared markers only (`missingValues`), else: with a declared type
 *     from a bare empty cell, and in number columns from any empty cell; without a
 * declared type an empty cell is NULL among numbers and '' among texts;
 *   - rowids are 1..rows in the order of the files;
 *   - a column with a masking rule (mask.h) is stored masked from the first byte written:
 *     tokens and starts of texts are TEXT, years INTEGER, rounded numbers stay numbers,
 *     whatever was declared; dates are read as declared before they are shortened. A
 *     dropped column is not in the table, nor in anything told of it; a key that lost a
 *     column is none. What may hold masked values under another name is left out as well,
 *     and told: every column that the contract does not know when a masked one is
 * missing, and in JSON what lies within a masked member or around it. Header names are
 * kept as they are (quoted in SQL); empty ones become column_N, duplicates name_2; more
 * than SQLite's 2,000 columns is a sentence. Columns are matched with the contract's by
 * name or physical name and then carry the contract's name. Dialect: what is declared
 * holds; the rest is found out from the first rows, and told with how sure it is
 * (import/sniff.h). Encodings: as declared, or by byte order mark, or UTF-8. A file that
 * is UTF-8 but for a few bytes is read as such and these bytes as Windows-1252; any other
 * as Windows-1252 as a whole; the report says so, and where. Line ends: LF, CRLF, CR,
 * mixed. Limits: 16 MiB a cell, 64 MiB a row.
 *
 * JSON: an array of objects or of arrays, JSON Lines, objects one after another, one
 * object with one array of objects in it, or one object alone (engine/import/json.h says
 * it in full):
 *   - members are columns, also those that come late; members of nested objects are
 *     columns a.b; arrays, and with keep_nested objects, are JSON text as written;
 *   - a number is stored as INTEGER or REAL if that is exactly the number written, else
 *     (38 digits, 1e400) as its text, a misfit; booleans are 1 and 0 in a column of their
 *     own; no member and null are NULL, an empty string is not; a column of different
 *     kinds is MIXED;
 *   - a line that is no JSON, an object with a member twice, and a value of another kind
 *     than the rows are rejected; a fault in an array ends the import with its line,
 *     column and byte, for nobody can tell where the next row begins;
 *   - 512 levels of nesting, 16 MiB a string or number, 32 MiB a row.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_H
#define MWB_IMPORT_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/mask.h"
#include "engine/policy.h"

enum import_format {
    IMPORT_CSV,
    IMPORT_JSON,      /* an array, or lines */
    IMPORT_BY_CONTENT /* as the first bytes of the text tell, also of a packed one */
};

/* The format of a file: by the end of its name (.csv .tsv .json .jsonl .ndjson .geojson,
 * .gz or .zst behind it), else a plain file whose first bytes can only be objects or
 * arrays of JSON is JSON, and everything else CSV. */
enum import_format import_format_of(const char *name, int fd);
/* Is it an SQLite database, plain or packed? Files and pipes are looked at and not used
 * up; what cannot be looked at is none. */
bool import_is_sqlite(int fd);

/* How rows reach the file. The direct way splits, types and writes pages with several
 * threads (pages.h) and declines what it does not take; the reference way is a parser
 * library and prepared inserts. Both give the same tables; the report says which it was
 * and why. */
enum import_way { IMPORT_ANY, IMPORT_DIRECT, IMPORT_REFERENCE };

/* Columns that the contract does not know: their rule by name, asked once for each.
 * Without a function they are shown, where no masked column is missing. */
struct import_strangers {
    struct mask_rule (*rule)(const void *context, const char *column);
    const void *context;
};

struct import_spec {
    const char *table; /* name in the database */
    enum import_format format;
    const struct array *columns; /* of struct catalog_column; NULL or empty: infer */
    const struct catalog_dialect *dialect; /* NULL: sniff everything */
    const struct array *files;             /* of struct access_file, open */
    const struct array *masks; /* of struct policy_mask; NULL: everything is shown */
    const struct mask_key *mask_key;   /* of tokens; without it they are NULL */
    struct import_strangers strangers; /* columns that the contract does not know */
    bool all_text;                     /* store every cell as text */
    bool add_to_existing;   /* the database exists: add a table (must be new) */
    bool lines;             /* JSON: declared as lines, whatever the file is called */
    bool keep_nested;       /* JSON: nested objects stay JSON text, else become a.b */
    long long reject_limit; /* stop after so many rejects; 0 = keep going */
    enum import_way way;    /* IMPORT_DIRECT: fails when it declines */
    int threads;            /* 0: one for each processor, at most 8 */
    int page_size;          /* of a new database; 0: 16384 */
    int chunk_size;         /* bytes the direct way takes at a time; 0: 512 KiB */
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
    struct text notes;    /* sentences: encoding, renamed headers, lines left out ... */
    struct text sniffed;  /* what was found out of ordinary files, and how sure it is */
    enum import_way way;  /* IMPORT_DIRECT or IMPORT_REFERENCE */
    struct text way_why;  /* "8 threads", or why the direct way declined */
    double seconds;
};

/* Import into the database file `path`, which is made new unless add_to_existing. Runs in
 * the caller's process: use a job. On failure or cancel the caller throws the file away.
 */
bool import_table(const char *path, const struct import_spec *spec, struct job_port *port,
                  struct import_report *report, struct error *err);
void import_report_release(struct import_report *report);

/* Copy an SQLite file of somebody else, also a packed one and from a pipe: refused with a
 * -wal or -journal beside it; copied, quick_check under limits, tables listed in
 * mwb_table. */
bool import_sqlite(const char *path, int source_fd, const char *source_name,
                   struct job_port *port, struct error *err);

/* The same for a role that may not see all of it. The file is not the version: its tables
 * are made anew, row by row, through the masks, so that no old page comes along. A table
 * is left out, and told, that the contract does not know; so are views, triggers, virtual
 * tables, generated columns, and indexes over columns that are not as they were. Rowids
 * are new. A blob has a token as a text has, and no first characters. */
struct import_masked_table {
    const char *name; /* of the contract, and in the file, where physical_name: */
    const char *physical_name;   /* is NULL */
    const struct array *columns; /* of struct catalog_column */
    const struct array *masks;   /* of struct policy_mask; may be empty */
    struct import_strangers strangers;
};
struct import_masked_spec {
    const char *path; /* of the new database */
    int source_fd;
    const char *source_name;
    const struct array *tables;      /* of struct import_masked_table */
    const struct mask_key *mask_key; /* of tokens; without it they are NULL */
};
bool import_sqlite_masked(const struct import_masked_spec *spec, struct job_port *port,
                          struct text *notes, struct error *err);

/* Personal data in the columns of a database that was just made (infotype.h): a sample of
 * 10,000 rows a table, spread over all of them, for a second at most. What is found
 * stands in the table mwb_infotype(table_name, column_name, infotype, seen, matched) of
 * the database and in `found`, an array of struct import_personal, yours; never a value.
 */
struct import_personal {
    char *table, *column;
    const char *infotype;    /* "email", "phone", "card", "ip", "iban" */
    long long seen, matched; /* values looked at, and those that are such */
};
bool import_find_personal(const char *database, struct array *found,
                          struct job_port *port, struct error *err);
void import_personal_release(struct array *found);
/* Other findings in place of those that stand in that table: of the columns that were
 * masked since, what was found before. */
bool import_keep_personal(const char *database, const struct array *found,
                          struct error *err);
/* "orders.contact: 12 of 200 values looked at (6 %) are e-mail addresses
 * [personal-data].", appended. */
void import_note_personal(const struct import_personal *personal, struct text *notes);

/* Rejected rows of the database, written as CSV: table, file, line, byte, column, defect,
 * reason, raw. */
bool import_write_rejects(const char *database, const char *csv_path, struct error *err);

#endif
