/* export: a result written as csv, tsv, json, jsonl, markdown or table.
 *
 * csv is RFC 4180 with a header, LF line ends, NULL as nothing and the empty text as "";
 * tsv the same with TAB. json is an array of objects (RFC 8259), jsonl an object a line:
 * numbers as SQLite prints them, NULL as null, blobs as base64 text, text that is no
 * UTF-8 replaced (and counted), a name that comes twice numbered (a, a_2). markdown is a
 * GitHub table with `|` and newlines escaped. `table` is for people: aligned, sanitised
 * (safetext.h), cut to the width of the terminal, with the row count below. All but
 * `table` carry the true bytes. A file is written beside, fsynced and renamed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EXPORT_H
#define MWB_EXPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/job.h"
#include "engine/result.h"

struct export_format {
    const char *name;   /* "csv" */
    const char *suffix; /* ".csv" */
    const char *sentence;
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

struct export_spec {
    const struct export_format *format;
    bool spreadsheet; /* csv, tsv: put ' before cells that start with = + - @ TAB CR */
    int width;        /* table: columns of the terminal, 0 = no limit */
    bool unicode;     /* table: draw lines and ellipsis with Unicode signs */
    const char *null_text; /* table: how NULL is shown; NULL = "NULL" */
    long long row_limit;   /* table: 0 = all */
};

struct export_outcome {
    long long rows, bytes;
    long long guarded;  /* cells that got a ' */
    long long replaced; /* json: cells with bytes that are no UTF-8, now U+FFFD */
};

/* Rows result_count() of the result. port (may be NULL) hears of progress and may cancel.
 * export_to_file() replaces regular files only; on failure the old file stays. */

bool export_result(struct result *result, const struct export_spec *spec,
                   const struct export_sink *sink, struct job_port *port,
                   struct export_outcome *outcome, struct error *err);
bool export_to_file(struct result *result, const struct export_spec *spec,
                    const char *path, struct job_port *port,
                    struct export_outcome *outcome, struct error *err);

/* One cell as it stands in SQL (for copy): NULL, 12, 'it''s', x'00'. */
void export_append_sql(struct text *out, const struct result_cell *cell);

#endif
