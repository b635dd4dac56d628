/* grid: one cell or one row in full, and copying.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"
#include "tui/panes/grid.h"

#include <stdio.h>
#include <string.h>

enum { CELL_MOST = 4 << 20, CELL_OF_RECORD = 4096 };

static const struct result_column *column_at(const struct grid *grid, size_t position)
{
    return result_column(grid->result, grid_columns_at(&grid->columns, position)->index);
}

static void append_hex(struct text *out, const struct text *blob)
{
    for (size_t i = 0; i < blob->length; i += 16) {
        text_printf(out, "%08zx ", i);
        for (size_t j = i; j < i + 16; j++) {
            if (j < blob->length) {
                text_printf(out, " %02x", (unsigned char)blob->data[j]);
            } else {
                text_append(out, "   ");
            }
        }
        text_append(out, "  ");
        for (size_t j = i; j < i + 16 && j < blob->length; j++) {
            unsigned char c = (unsigned char)blob->data[j];
            text_append_char(out, c >= 32 && c < 127 ? (char)c : '.');
        }
        text_append_char(out, '\n');
    }
}

static void append_value(struct grid *grid, struct text *out, const struct text *value,
                         enum result_type type)
{
    if (type == RESULT_NULL) {
        text_append(out, options_get(grid->pane->workbench->options, "null_text"));
    } else if (type == RESULT_BLOB) {
        append_hex(out, value);
    } else {
        text_append_bytes(out, value->data != NULL ? value->data : "", value->length);
    }
}

void grid_open_cell(struct grid *grid)
{
    struct text value = {0};
    struct text page = {0};
    enum result_type type;
    struct error err = {0};
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    if (at == NULL || grid_rows(grid) == 0) {
        return;
    }
    if (!result_cell(grid->result, grid->row, at->index, &value, &type, &err)) {
        screen_message(grid->pane->screen, ROLE_ERROR, "%s", err.message);
    } else {
        size_t whole = value.length;
        text_printf(&page, "%s, row %lld\n", column_at(grid, grid->column)->name,
                    grid->row + 1);
        if (value.length > CELL_MOST) {
            text_truncate(&value, CELL_MOST);
        }
        append_value(grid, &page, &value, type);
        if (whole > CELL_MOST) {
            text_printf(&page, "\n(the first %d of %zu bytes; export has them all)",
                        CELL_MOST, whole);
        }
        screen_open_dialog(grid->pane->screen, "text", text_string(&page));
    }
    text_release(&value);
    text_release(&page);
}

static bool append_field(struct grid *grid, size_t position, int width, struct text *page,
                         struct error *err)
{
    struct text value = {0};
    enum result_type type;
    const struct result_column *column = column_at(grid, position);
    size_t index = grid_columns_at(&grid->columns, position)->index;
    bool done = result_cell(grid->result, grid->row, index, &value, &type, err);
    int name = safetext_width(column->name, strlen(column->name));
    text_append(page, column->name);
    text_append_repeated(page, ' ', (size_t)(name < width ? width - name : 0) + 2);
    if (value.length > CELL_OF_RECORD) {
        text_truncate(&value, CELL_OF_RECORD);
        text_append(&value, " ...");
    }
    append_value(grid, page, &value, type);
    text_append_char(page, '\n');
    text_release(&value);
    return done;
}

void grid_open_record(struct grid *grid)
{
    struct text page = {0};
    struct error err = {0};
    size_t shown = grid_columns_shown(&grid->columns);
    int width = 0;
    if (grid_rows(grid) == 0) {
        return;
    }
    for (size_t i = 0; i < shown; i++) {
        const char *name = column_at(grid, i)->name;
        int columns = safetext_width_limited(name, strlen(name), 32);
        width = columns > width && columns <= 32 ? columns : width;
    }
    text_printf(&page, "Row %lld\n", grid->row + 1);
    bool done = true;
    for (size_t i = 0; done && i < shown; i++) {
        done = append_field(grid, i, width, &page, &err);
    }
    if (done) {
        screen_open_dialog(grid->pane->screen, "text", text_string(&page));
    } else {
        screen_message(grid->pane->screen, ROLE_ERROR, "%s", err.message);
    }
    text_release(&page);
}

/* The true bytes: a cell as it is, a row as tab-separated cells. */
void grid_copy(struct grid *grid, bool whole_row)
{
    struct text copy = {0};
    struct error err = {0};
    size_t shown = grid_columns_shown(&grid->columns);
    size_t first = whole_row ? 0 : grid->column;
    size_t last = whole_row ? shown : grid->column + 1;
    bool done = grid_rows(grid) > 0;
    for (size_t i = first; done && i < last; i++) {
        enum result_type type;
        text_append(&copy, i > first ? "\t" : "");
        done = result_cell(grid->result, grid->row,
                           grid_columns_at(&grid->columns, i)->index, &copy, &type, &err);
    }
    if (!done) {
        screen_message(grid->pane->screen, ROLE_ERROR, "%s", err.message);
    } else {
        screen_copy(grid->pane->screen, copy.data != NULL ? copy.data : "", copy.length);
    }
    text_release(&copy);
}
