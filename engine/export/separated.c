/* export/separated: csv (RFC 4180) and tsv.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"

#include <string.h>

/* A spreadsheet takes such text for a formula (CWE-1236). */
static bool is_formula(const char *bytes, size_t length)
{
    return length > 0 && memchr("=+-@\t\r", bytes[0], 6) != NULL;
}

static bool needs_quotes(const char *bytes, size_t length, char separator)
{
    for (size_t i = 0; i < length; i++) {
        char c = bytes[i];
        if (c == separator || c == '"' || c == '\n' || c == '\r') {
            return true;
        }
    }
    return length == 0 || bytes[0] == ' ' || bytes[length - 1] == ' ';
}

static void append_field(struct export_run *run, const char *bytes, size_t length,
                         char separator, bool guard)
{
    bool quotes = needs_quotes(bytes, length, separator);
    text_append(&run->out, quotes ? "\"" : "");
    if (guard && run->spec->spreadsheet && is_formula(bytes, length)) {
        text_append_char(&run->out, '\'');
        run->outcome->guarded++;
    }
    if (!quotes || memchr(bytes, '"', length) == NULL) {
        text_append_bytes(&run->out, bytes, length);
    } else {
        for (size_t i = 0; i < length; i++) {
            text_append_repeated(&run->out, bytes[i], bytes[i] == '"' ? 2 : 1);
        }
    }
    text_append(&run->out, quotes ? "\"" : "");
}

static bool write_header(struct export_run *run, char separator)
{
    export_append_facts(run, "# ");
    for (size_t i = 0; i < run->columns; i++) {
        const char *name = result_column(run->result, i)->name;
        if (i > 0) {
            text_append_char(&run->out, separator);
        }
        append_field(run, name, strlen(name), separator, true);
    }
    text_append_char(&run->out, '\n');
    return true;
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, char separator, struct error *err)
{
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        if (i > 0) {
            text_append_char(&run->out, separator);
        }
        /* A NULL alone on its line would be an empty line, which readers skip. */
        if (cell->type == RESULT_REAL) {
            export_append_real(&run->out, cell);
        } else if (cell->type != RESULT_NULL || run->columns == 1) {
            append_field(run, cell->bytes, cell->length, separator,
                         cell->type == RESULT_TEXT || cell->type == RESULT_BLOB);
        }
    }
    text_append_char(&run->out, '\n');
    return true;
}

static bool begin_csv(struct export_run *run, struct error *err)
{
    (void)err;
    return write_header(run, ',');
}

static bool row_csv(struct export_run *run, const struct result_page *page, long long row,
                    struct error *err)
{
    return write_row(run, page, row, ',', err);
}

static bool begin_tsv(struct export_run *run, struct error *err)
{
    (void)err;
    return write_header(run, '\t');
}

static bool row_tsv(struct export_run *run, const struct result_page *page, long long row,
                    struct error *err)
{
    return write_row(run, page, row, '\t', err);
}

const struct export_writer export_csv = {begin_csv, row_csv, NULL, NULL};
const struct export_writer export_tsv = {begin_tsv, row_tsv, NULL, NULL};
