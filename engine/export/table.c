/* export/table: an aligned table for people: header, rule, rows, and the count below.
 * Widths come from the header and the first rows; what is wider later is cut.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/safetext.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROWS_MEASURED = 1000,
    WIDEST = 1000, /* columns for a cell when the terminal sets no limit */
    NARROWEST = 6, /* a column is not made narrower than this to fit more of them */
    SEPARATOR_WIDTH = 3,
};

struct table {
    int *widths;
    size_t shown; /* columns; the others did not fit */
};

static const char *null_text(const struct export_run *run)
{
    return run->spec->null_text != NULL ? run->spec->null_text : "NULL";
}

static int cell_width(const struct export_run *run, const struct result_cell *cell)
{
    if (cell->type == RESULT_NULL) {
        return safetext_width(null_text(run), strlen(null_text(run)));
    }
    return safetext_width_limited(cell->bytes, cell->length, WIDEST);
}

static void widen(int *width, int needed)
{
    needed = needed < WIDEST ? needed : WIDEST;
    *width = *width > needed ? *width : needed;
}

static bool measure(struct export_run *run, struct table *table, struct error *err)
{
    struct result_page page = {0};
    for (size_t i = 0; i < run->columns; i++) {
        const char *name = result_column(run->result, i)->name;
        widen(&table->widths[i], safetext_width_limited(name, strlen(name), WIDEST));
        widen(&table->widths[i], 1);
    }
    long long rows = run->rows < ROWS_MEASURED ? run->rows : ROWS_MEASURED;
    bool done = true;
    for (long long first = 0; done && first < rows; first += page.rows) {
        done = result_page(run->result, run->spec->first_row + first,
                           rows - first < 100 ? rows - first : 100, 4 * WIDEST, &page,
                           err) &&
               page.rows > 0;
        for (long long row = 0; done && row < page.rows; row++) {
            for (size_t i = 0; i < run->columns; i++) {
                widen(&table->widths[i],
                      cell_width(run, result_page_cell(&page, row, i)));
            }
        }
    }
    result_page_release(&page);
    return done || err->kind == ERROR_NONE;
}

static int total_width(const struct table *table, size_t columns)
{
    int total = columns > 0 ? (int)(columns - 1) * SEPARATOR_WIDTH : 0;
    for (size_t i = 0; i < columns; i++) {
        total += table->widths[i];
    }
    return total;
}

static size_t widest_column(const struct table *table)
{
    size_t widest = 0;
    for (size_t i = 1; i < table->shown; i++) {
        widest = table->widths[i] > table->widths[widest] ? i : widest;
    }
    return widest;
}

/* The widest column gives first; when all are narrow, the last ones are left out. */
static void fit(struct table *table, int width)
{
    while (width > 0 && total_width(table, table->shown) > width) {
        int excess = total_width(table, table->shown) - width;
        int *widest = &table->widths[widest_column(table)];
        if (*widest > NARROWEST) {
            int step = excess / 16 + 1;
            *widest = *widest - step > NARROWEST ? *widest - step : NARROWEST;
        } else if (table->shown > 1) {
            table->shown--;
        } else {
            *widest = width;
        }
    }
}

static void append_aligned(struct export_run *run, size_t column, const char *bytes,
                           size_t length, bool right)
{
    const struct table *table = run->state;
    struct text cell = {0};
    int width = table->widths[column];
    int used = safetext_append_cut(&cell, bytes, length, width);
    size_t blanks = used < width ? (size_t)(width - used) : 0;
    bool last = column + 1 == table->shown;
    text_append_repeated(&run->out, ' ', right ? blanks : 0);
    text_append_bytes(&run->out, text_string(&cell), cell.length);
    text_append_repeated(&run->out, ' ', right ? 0 : blanks);
    if (!last) {
        text_append(&run->out, run->spec->unicode ? " \xE2\x94\x82 " : " | ");
    }
    text_release(&cell);
}

static void end_line(struct export_run *run)
{
    size_t length = run->out.length;
    while (length > 0 && run->out.data[length - 1] == ' ') {
        length--;
    }
    text_truncate(&run->out, length);
    text_append_char(&run->out, '\n');
}

static void append_rule(struct export_run *run)
{
    const struct table *table = run->state;
    const char *line = run->spec->unicode ? "\xE2\x94\x80" : "-";
    const char *cross =
        run->spec->unicode ? "\xE2\x94\x80\xE2\x94\xBC\xE2\x94\x80" : "-+-";
    for (size_t i = 0; i < table->shown; i++) {
        text_append(&run->out, i > 0 ? cross : "");
        for (int j = 0; j < table->widths[i]; j++) {
            text_append(&run->out, line);
        }
    }
    text_append_char(&run->out, '\n');
}

static bool begin(struct export_run *run, struct error *err)
{
    struct table *table = memory_new(sizeof *table);
    run->state = table;
    table->widths = memory_new_many(run->columns, sizeof *table->widths);
    table->shown = run->columns;
    if (!measure(run, table, err)) {
        return false;
    }
    fit(table, run->spec->width);
    for (size_t i = 0; i < table->shown; i++) {
        const struct result_column *column = result_column(run->result, i);
        append_aligned(run, i, column->name, strlen(column->name), column->numeric);
    }
    end_line(run);
    append_rule(run);
    return true;
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    const struct table *table = run->state;
    (void)err;
    for (size_t i = 0; i < table->shown; i++) {
        const struct result_cell *cell = result_page_cell(page, row, i);
        bool null = cell->type == RESULT_NULL;
        bool right = cell->type == RESULT_INTEGER || cell->type == RESULT_REAL ||
                     (null && result_column(run->result, i)->numeric);
        append_aligned(run, i, null ? null_text(run) : cell->bytes,
                       null ? strlen(null_text(run)) : cell->length, right);
    }
    end_line(run);
    return true;
}

void export_append_count(struct export_run *run)
{
    char first[32], last[32], all[32];
    long long rows = run->outcome->rows, count = result_count(run->result);
    string_of_count(run->spec->first_row + 1, first, sizeof first);
    string_of_count(run->spec->first_row + rows, last, sizeof last);
    string_of_count(count, all, sizeof all);
    if (run->spec->first_row > 0) {
        text_printf(&run->out, "(rows %s to %s of %s", first, last, all);
    } else if (rows < count) {
        text_printf(&run->out, "(the first %s of %s rows", last, all);
    } else {
        text_printf(&run->out, "(%s %s", all, count == 1 ? "row" : "rows");
    }
    size_t hidden = run->outcome->hidden;
    if (hidden > 0) {
        text_printf(&run->out, "; %zu more %s did not fit", hidden,
                    hidden == 1 ? "column" : "columns");
    }
    text_append(&run->out, ")\n");
}

static bool finish(struct export_run *run, struct error *err)
{
    const struct table *table = run->state;
    (void)err;
    run->outcome->hidden = run->columns - table->shown;
    export_append_count(run);
    export_append_facts(run, "");
    return true;
}

static void end(struct export_run *run)
{
    struct table *table = run->state;
    free(table != NULL ? table->widths : NULL);
    free(table);
}

const struct export_writer export_table = {begin, write_row, finish, end};
