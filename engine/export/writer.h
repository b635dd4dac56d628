/* export/writer: what a format has to do: three functions and the run they work in.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EXPORT_WRITER_H
#define MWB_EXPORT_WRITER_H

#include "engine/export.h"

/* One export on its way. Formats append to `out`; it leaves for the sink now and then. */
struct export_run {
    struct result *result;
    const struct export_spec *spec;
    struct export_outcome *outcome;
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
    void (*end)(
        struct export_run *run); /* also after a failure: what is written is lost */
};

/* The cell in full, read again when the page cut it. NULL and a sentence on failure. */
const struct result_cell *export_cell(struct export_run *run,
                                      const struct result_page *page, long long row,
                                      size_t column, struct error *err);

extern const struct export_writer export_csv, export_tsv, export_json, export_jsonl,
    export_markdown, export_table;

#endif
