/* export/record: rows one after the other, a line for each column: name and value.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/safetext.h"

#include <string.h>

enum { VALUE_COLUMNS = 2000 };

static bool begin(struct export_run *run, struct error *err)
{
    (void)run;
    (void)err;
    return true;
}

static void append_line(struct export_run *run, size_t column,
                        const struct result_cell *cell)
{
    const char *name = result_column(run->result, column)->name;
    const char *null = run->spec->null_text != NULL ? run->spec->null_text : "NULL";
    bool is_null = cell->type == RESULT_NULL;
    safetext_append(&run->out, name, strlen(name));
    text_append(&run->out, ": ");
    safetext_append_cut(&run->out, is_null ? null : cell->bytes,
                        is_null ? strlen(null) : cell->length, VALUE_COLUMNS);
    text_append_char(&run->out, '\n');
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    char number[32];
    (void)err;
    string_of_count(page->first + row + 1, number, sizeof number);
    text_printf(&run->out, "%srow %s\n", run->outcome->rows > 0 ? "\n" : "", number);
    for (size_t i = 0; i < run->columns; i++) {
        append_line(run, i, result_page_cell(page, row, i));
    }
    return true;
}

static bool finish(struct export_run *run, struct error *err)
{
    (void)err;
    text_append(&run->out, run->outcome->rows > 0 ? "\n" : "");
    export_append_count(run);
    export_append_facts(run, "");
    return true;
}

const struct export_writer export_record = {begin, write_row, finish, NULL};
