/* command: drill: from a group, a total or a cell of a sheet to the rows behind it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/command/private.h"
#include "engine/command/sheets.h"

#include <stdlib.h>

struct workbench_result *sheet_base(const struct workbench *workbench,
                                    unsigned long serial)
{
    struct workbench_result *result = workbench->shown;
    while (result != NULL && result->serial != serial) {
        result = result->below;
    }
    return result;
}

const struct pivot *sheet_of(const struct workbench_result *result)
{
    return result->view != NULL ? result->base->sheet : result->sheet;
}

static bool read_cell(const struct command_call *call,
                      const struct workbench_result *shown, struct pivot_cell *cell,
                      struct error *err)
{
    char *end;
    const char *word = call_word(call, 0);
    long long row = word != NULL ? strtoll(word, &end, 10) : 0;
    cell->column = 0;
    if (row < 1 || *end != '\0' || row > result_count(shown->result)) {
        return error_set(err, ERROR_USAGE,
                         "drill needs the number of a row from 1 to %lld",
                         result_count(shown->result));
    }
    cell->row = row - 1;
    return call_word(call, 1) == NULL ||
           call_find_column(shown, call_word(call, 1), &cell->column, err);
}

static bool drill_rows(struct command_call *call, const struct workbench_result *shown,
                       const struct pivot *sheet, const struct pivot_cell *cell,
                       struct workbench_result *base, struct error *err)
{
    struct text sql = {0};
    struct pivot *rows = pivot_new(PIVOT_ROWS);
    bool done = pivot_drill(sheet, shown->result, cell, base->result, &sql,
                            &call->reply.notes, err);
    struct workbench_query query = {
        .sql = text_string(&sql), .over = base, .sheet = rows};
    done = done && call_run_query(call, &query, err);
    if (!done) {
        pivot_free(rows);
    }
    text_release(&sql);
    return done;
}

/* A row of a profile is about a column: behind it is how often its values occur. */
static bool drill_column(struct command_call *call, const struct workbench_result *shown,
                         long long row, struct workbench_result *base, struct error *err)
{
    struct text number = {0}, sql = {0};
    enum result_type type;
    struct pivot *pivot = pivot_new(PIVOT_FREQUENCY);
    bool done = result_cell(shown->result, row, 0, &number, &type, err);
    struct pivot_key key = {.column = strtoul(text_string(&number), NULL, 10) - 1};
    pivot->base = base->serial;
    pivot->ascii = !call->spec.unicode;
    if (done && key.column < result_column_count(base->result)) {
        pivot_add_key(pivot, &key);
        pivot_sql(pivot, base->result, &sql);
        struct workbench_query query = {
            .sql = text_string(&sql), .over = base, .sheet = pivot};
        done = call_run_query(call, &query, err);
        pivot = done ? NULL : pivot;
    }
    pivot_free(pivot);
    text_release(&number);
    text_release(&sql);
    return done;
}

bool verb_drill(struct command_call *call, struct error *err)
{
    struct workbench_result *shown = call_whole_result(call, err);
    struct pivot_cell cell = {0};
    if (shown == NULL || !read_cell(call, shown, &cell, err)) {
        return false;
    }
    const struct pivot *sheet = sheet_of(shown);
    struct workbench_result *base =
        sheet != NULL ? sheet_base(call->workbench, sheet->base) : NULL;
    if (base == NULL || base == shown) {
        return error_set(err, ERROR_FAILED,
                         "nothing is behind these rows: drill goes from a frequency, a "
                         "total or a pivot to what it was made from");
    }
    return sheet->kind == PIVOT_PROFILE
               ? drill_column(call, shown, cell.row, base, err)
               : drill_rows(call, shown, sheet, &cell, base, err);
}
