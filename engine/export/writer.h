/* export/writer: what a format has to do: functions and the run they work in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EXPORT_WRITER_H
#define MWB_EXPORT_WRITER_H

#include "engine/export.h"

/* One export on its way. Formats append to `out`; it leaves for the sink now and then. */
struct export_run {
    struct result *result;
    const struct export_spec *spec;
    struct export_outcome *outcome;
    struct job_port *port; /* may be NULL */
    const char *file; /* formats that are files: written here, under this name for now */
    struct text out;
    size_t columns;
    long long rows;    /* to be written */
    void *state;       /* the format's own; freed by its `end`, which is always called */
    struct text whole; /* a cell longer than a page holds */
    struct result_cell full; /* that cell */
};

struct export_writer {
    bool (*begin)(struct export_run *run, struct error *err);
    bool (*row)(struct export_run *run, const struct result_page *page, long long row,
                struct error *err);
    /* After the last row, when all went well; NULL: nothing is left to do. */
    bool (*finish)(struct export_run *run, struct error *err);
    void (*end)(struct export_run *run); /* also after a failure; NULL: nothing to free */
};

/* The cell in full, read again when the page cut it. NULL and a sentence on failure. */
const struct result_cell *export_cell(struct export_run *run,
                                      const struct result_page *page, long long row,
                                      size_t column, struct error *err);

/* Rows from `first` on, as many as are read at once. */
bool export_read_page(struct export_run *run, long long first, struct result_page *page,
                      struct error *err);
/* All of an export whose result, spec, outcome, port and file are set. */
bool export_write(struct export_run *run, const struct export_sink *sink,
                  struct error *err);

/* Length of the UTF-8 character at bytes (Unicode 15, table 3-7), 0 when it is none. */
size_t export_character_length(const unsigned char *bytes, size_t length);

/* The number as SQL prints it, or with as many digits as make the same number again. */
void export_append_real(struct text *out, const struct result_cell *cell);

/* "(3 rows)", below a table. */
void export_append_count(struct export_run *run);

/* The provenance that stands in this file: array of struct provenance_fact, empty when it
 * is told elsewhere. Release with provenance_facts_release(). */
struct array export_facts(const struct export_run *run);
/* The same as lines that begin so: "-- ". */
void export_append_facts(struct export_run *run, const char *begin);

/* Names of columns as keys: the second "a" is "a_2". As many as columns, yours. */
char **export_unique_names(const struct export_run *run, bool fold_case);
void export_names_release(char **names, size_t count);

extern const struct export_writer export_csv, export_tsv, export_json, export_jsonl,
    export_markdown, export_html, export_sql, export_sqlite, export_xlsx, export_table,
    export_record;

#endif
