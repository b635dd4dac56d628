/* export: the table of formats, and the way from pages of a result to a sink.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/path.h"

#include <poll.h>
#include <string.h>

enum {
    ROWS_AT_ONCE = 64,
    CELL_LIMIT = 65536, /* longer cells are read one by one */
    BUFFER_LIMIT = 65536,
    READ_TRIES = 200,
};

static const struct export_format formats[] = {
    {"csv", ".csv", "comma-separated values with a header (RFC 4180)", &export_csv},
    {"tsv", ".tsv", "tab-separated values with a header", &export_tsv},
    {"json", ".json", "one array of objects", &export_json},
    {"jsonl", ".jsonl", "one JSON object a line", &export_jsonl},
    {"markdown", ".md", "a table for GitHub and the like", &export_markdown},
    {"table", ".txt", "an aligned table for people", &export_table},
};

const struct export_format *export_formats(size_t *count)
{
    *count = sizeof formats / sizeof formats[0];
    return formats;
}

const struct export_format *export_format_named(const char *name)
{
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (string_equal_fold(formats[i].name, name)) {
            return &formats[i];
        }
    }
    return NULL;
}

const struct export_format *export_format_of(const char *path)
{
    const char *dot = strrchr(path_base(path), '.');
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        if (string_equal_fold(formats[i].suffix, dot)) {
            return &formats[i];
        }
    }
    return NULL;
}

const struct result_cell *export_cell(struct export_run *run,
                                      const struct result_page *page, long long row,
                                      size_t column, struct error *err)
{
    const struct result_cell *cell = result_page_cell(page, row, column);
    if (!cell->cut) {
        return cell;
    }
    text_clear(&run->whole);
    run->full = *cell;
    if (!result_cell(run->result, page->first + row, column, &run->whole, &run->full.type,
                     err)) {
        return NULL;
    }
    run->full.bytes = text_string(&run->whole);
    run->full.length = run->whole.length;
    run->full.cut = false;
    return &run->full;
}

static bool flush(struct export_run *run, const struct export_sink *sink, size_t limit,
                  struct error *err)
{
    if (run->out.length <= limit) {
        return true;
    }
    run->outcome->bytes += (long long)run->out.length;
    bool done = sink->write(sink->to, run->out.data, run->out.length, err);
    text_clear(&run->out);
    return done;
}

/* The writer of a spool may be in the way for a moment. */
static bool read_page(struct export_run *run, long long first, struct result_page *page,
                      struct error *err)
{
    long long left = run->rows - first;
    for (int i = 0; i < READ_TRIES; i++) {
        *err = (struct error){0};
        if (result_page(run->result, first, left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE,
                        CELL_LIMIT, page, err)) {
            return true;
        }
        if (err->kind != ERROR_NONE) {
            return false;
        }
        poll(NULL, 0, 10);
    }
    return error_set(
        err, ERROR_FAILED,
        "the rows are still being written; try again when the query is done");
}

static bool write_rows(struct export_run *run, const struct result_page *page,
                       struct error *err)
{
    const struct export_writer *writer = run->spec->format->writer;
    for (long long row = 0; row < page->rows; row++) {
        if (!writer->row(run, page, row, err)) {
            return false;
        }
        run->outcome->rows++;
    }
    return true;
}

static bool write_pages(struct export_run *run, const struct export_sink *sink,
                        struct job_port *port, struct error *err)
{
    struct result_page page = {0};
    bool going = true;
    while (going && run->outcome->rows < run->rows) {
        struct job_progress progress = {.done = run->outcome->rows,
                                        .total = run->rows,
                                        .unit = JOB_THINGS,
                                        .rows = run->outcome->rows,
                                        .note = "rows written"};
        job_report(port, &progress);
        if (job_cancelled(port)) {
            going = error_set(err, ERROR_CANCELLED, "the export was cancelled");
        } else {
            going = read_page(run, run->outcome->rows, &page, err) &&
                    write_rows(run, &page, err) && flush(run, sink, BUFFER_LIMIT, err);
        }
        if (going && page.rows == 0) {
            going = error_set(err, ERROR_FAILED,
                              "only %lld of %lld rows could be read from %s; run the "
                              "statement again",
                              run->outcome->rows, run->rows, result_file(run->result));
        }
    }
    result_page_release(&page);
    return going;
}

bool export_result(struct result *result, const struct export_spec *spec,
                   const struct export_sink *sink, struct job_port *port,
                   struct export_outcome *outcome, struct error *err)
{
    struct export_outcome ignored = {0};
    struct error own = {0};
    struct export_run run = {.result = result,
                             .spec = spec,
                             .outcome = outcome != NULL ? outcome : &ignored,
                             .columns = result_column_count(result),
                             .rows = result_count(result)};
    const struct export_writer *writer = spec->format->writer;
    err = err != NULL ? err : &own;
    *run.outcome = (struct export_outcome){0};
    if (writer == &export_table && spec->row_limit > 0 && run.rows > spec->row_limit) {
        run.rows = spec->row_limit;
    }
    bool done = writer->begin(&run, err) && write_pages(&run, sink, port, err);
    writer->end(&run);
    done = done && flush(&run, sink, 0, err);
    text_release(&run.out);
    text_release(&run.whole);
    return done;
}
