/* export: the table of formats, and the way from pages of a result to a sink.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/path.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

enum {
    ROWS_AT_ONCE = 64,
    CELL_LIMIT = 65536, /* longer cells are read one by one */
    BUFFER_LIMIT = 65536,
    READ_TRIES = 200,
};

static const struct export_format formats[] = {
    {"csv", ".csv", "comma-separated values with a header (RFC 4180)", "text/csv", false,
     true, false, &export_csv},
    {"tsv", ".tsv", "tab-separated values with a header", "text/tab-separated-values",
     false, true, false, &export_tsv},
    {"json", ".json", "one array of objects", "application/json", false, false, false,
     &export_json},
    {"jsonl", ".jsonl", "one JSON object a line", "application/jsonl", false, false,
     false, &export_jsonl},
    {"markdown", ".md", "a table for GitHub and the like", NULL, false, true, false,
     &export_markdown},
    {"html", ".html", "a page with the table", NULL, true, true, false, &export_html},
    {"sql", ".sql", "CREATE TABLE and INSERTs for SQLite", NULL, true, true, false,
     &export_sql},
    {"sqlite", ".sqlite", "an SQLite database with the table", NULL, true, true, true,
     &export_sqlite},
    {"xlsx", ".xlsx", "a workbook for spreadsheets", NULL, true, true, true,
     &export_xlsx},
    {"table", ".txt", "an aligned table for people", NULL, false, true, false,
     &export_table},
    {"record", ".rec", "a line for each column of a row, for people", NULL, false, true,
     false, &export_record},
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
    return dot != NULL && string_equal_fold(dot, ".db") ? export_format_named("sqlite")
                                                        : NULL;
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
bool export_read_page(struct export_run *run, long long first, struct result_page *page,
                      struct error *err)
{
    long long left = run->spec->first_row + run->rows - first;
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
                        struct error *err)
{
    struct result_page page = {0};
    bool going = true;
    while (going && run->outcome->rows < run->rows) {
        struct job_progress progress = {.done = run->outcome->rows,
                                        .total = run->rows,
                                        .unit = JOB_THINGS,
                                        .rows = run->outcome->rows,
                                        .note = "rows written"};
        job_report(run->port, &progress);
        if (job_cancelled(run->port)) {
            going = error_set(err, ERROR_CANCELLED, "the export was cancelled");
        } else {
            going = export_read_page(run, run->spec->first_row + run->outcome->rows,
                                     &page, err) &&
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

/* ---- Names and provenance, for the formats ---- */

static bool is_taken(char *const *names, size_t count, const char *name, bool fold_case)
{
    for (size_t i = 0; i < count; i++) {
        if (fold_case ? string_equal_fold(names[i], name)
                      : string_equal(names[i], name)) {
            return true;
        }
    }
    return false;
}

char **export_unique_names(const struct export_run *run, bool fold_case)
{
    char **names = memory_new_many(run->columns, sizeof *names);
    for (size_t i = 0; i < run->columns; i++) {
        const char *given = result_column(run->result, i)->name;
        char *name = string_copy(given);
        for (int number = 2; is_taken(names, i, name, fold_case); number++) {
            free(name);
            name = string_printf("%s_%d", given, number);
        }
        names[i] = name;
    }
    return names;
}

void export_names_release(char **names, size_t count)
{
    for (size_t i = 0; names != NULL && i < count; i++) {
        free(names[i]);
    }
    free(names);
}

static bool is_inside(const struct export_spec *spec)
{
    return spec->provenance != NULL &&
           (spec->place == EXPORT_INSIDE ||
            (spec->place == EXPORT_WHERE_FIT && spec->format->has_place));
}

struct array export_facts(const struct export_run *run)
{
    struct array none = ARRAY_OF(struct provenance_fact);
    return is_inside(run->spec) ? provenance_facts(run->spec->provenance) : none;
}

/* A value of several lines goes on below its name. */
void export_append_facts(struct export_run *run, const char *begin)
{
    struct array facts = export_facts(run);
    for (size_t i = 0; i < facts.count; i++) {
        const struct provenance_fact *fact = array_at(&facts, i);
        text_printf(&run->out, "%s%s: ", begin, fact->name);
        for (const char *at = fact->value; *at != '\0'; at++) {
            bool breaks = *at == '\n' || *at == '\r';
            if (!breaks) {
                text_append_char(&run->out, *at);
            } else if (at[1] != '\0') {
                text_printf(&run->out, "\n%s  ", begin);
            }
        }
        text_append_char(&run->out, '\n');
    }
    provenance_facts_release(&facts);
}

static bool is_possible(const struct export_spec *spec, struct error *err)
{
    if (is_inside(spec) && !spec->format->takes_lines) {
        return error_set(err, ERROR_USAGE,
                         "%s has no place for provenance; leave it beside the file",
                         spec->format->name);
    }
    return true;
}

/* ---- The whole ---- */

bool export_write(struct export_run *run, const struct export_sink *sink,
                  struct error *err)
{
    const struct export_writer *writer = run->spec->format->writer;
    run->columns = result_column_count(run->result);
    run->rows = result_count(run->result) - run->spec->first_row;
    run->rows = run->rows > 0 ? run->rows : 0;
    bool is_limited = writer == &export_table || writer == &export_record;
    if (is_limited && run->spec->row_limit > 0 && run->rows > run->spec->row_limit) {
        run->rows = run->spec->row_limit;
    }
    bool done = is_possible(run->spec, err) && writer->begin(run, err) &&
                write_pages(run, sink, err) &&
                (writer->finish == NULL || writer->finish(run, err));
    if (writer->end != NULL) {
        writer->end(run);
    }
    done = done && flush(run, sink, 0, err);
    text_release(&run->out);
    text_release(&run->whole);
    return done;
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
                             .port = port};
    err = err != NULL ? err : &own;
    *run.outcome = (struct export_outcome){0};
    if (spec->format->is_file) {
        return error_set(err, ERROR_USAGE,
                         "%s is a file and cannot be printed; write it with --out FILE",
                         spec->format->name);
    }
    return export_write(&run, sink, err);
}
