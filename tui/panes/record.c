/* record: one row of the grid, a line for each column with what is known of it; rows
 * before and behind without leaving. The argument is a row from 1, or nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 2048, NAME_MOST = 28, KIND_MOST = 24, FOOT_ROWS = 3, WIDE = 100 };

struct record {
    struct list list; /* of columns, in the order of the result */
    struct result_page page;
    long long row; /* that the page holds; -1: none */
    unsigned long serial;
    char *searched;
};

/* The grid beside it, when it shows rows. */
static struct grid *grid_of(struct pane *pane)
{
    struct pane *rows = screen_pane(pane->screen, "grid");
    struct grid *grid = rows != NULL ? rows->state : NULL;
    return grid != NULL && grid->pane != NULL && grid_sync(grid) ? grid : NULL;
}

static void *open_record(struct screen *screen, const char *argument)
{
    struct record *record = memory_new(sizeof *record);
    struct pane *pane = screen_pane(screen, "grid");
    struct grid *grid = pane != NULL ? pane->state : NULL;
    long long row;
    record->row = -1;
    if (grid != NULL && grid->pane != NULL && grid_sync(grid)) {
        const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
        if (argument != NULL && sscanf(argument, "%lld", &row) == 1 && row > 0) {
            grid->row = row - 1;
            grid_clamp(grid);
        }
        list_set_count(&record->list, (int)result_column_count(grid->result));
        list_select(&record->list, at != NULL ? (int)at->index : 0);
    }
    return record;
}

static void close_record(struct pane *pane)
{
    struct record *record = pane->state;
    result_page_release(&record->page);
    free(record->searched);
    free(record);
}

static bool load(struct pane *pane, struct grid *grid, struct error *err)
{
    struct record *record = pane->state;
    if (record->row == grid->row && record->serial == grid->serial) {
        return true;
    }
    record->row = grid->row;
    record->serial = grid->serial;
    list_set_count(&record->list, (int)result_column_count(grid->result));
    return result_page(grid->result, grid->row, 1, CELL_BYTES, &record->page, err) &&
           record->page.rows == 1;
}

static void title_record(struct pane *pane, struct text *left, struct text *right)
{
    const struct record *record = pane->state;
    const struct grid *grid = grid_of(pane);
    char row[32], rows[32];
    text_append(left, "Row");
    if (grid != NULL) {
        text_printf(left, " %s of %s", string_of_count(grid->row + 1, row, sizeof row),
                    string_of_count(grid_rows(grid), rows, sizeof rows));
        text_printf(right, "column %d/%d", record->list.selected + 1, record->list.count);
    }
}

/* ---- Drawing ---- */

static int name_width(const struct grid *grid)
{
    int width = 4;
    for (size_t i = 0; i < result_column_count(grid->result); i++) {
        const char *name = result_column(grid->result, i)->name;
        int wide = safetext_width_limited(name, strlen(name), NAME_MOST);
        width = wide > width ? wide : width;
    }
    return width < NAME_MOST ? width : NAME_MOST;
}

static void draw_value(const struct pane *pane, struct view view, int x, int y, int width,
                       const struct result_cell *cell, bool is_broken)
{
    enum role role = is_broken                   ? ROLE_WARNING
                     : cell->type == RESULT_NULL ? ROLE_NULL
                     : cell->type == RESULT_TEXT ? ROLE_TEXT
                     : cell->type == RESULT_BLOB ? ROLE_ESCAPED
                                                 : ROLE_NUMBER;
    if (cell->type == RESULT_NULL) {
        view_field(view, x, y, width, style_of(role),
                   options_get(pane->workbench->options, "null_text"), -1, false);
    } else if (cell->type == RESULT_BLOB) {
        char size[32];
        string_of_bytes((long long)cell->length, size, sizeof size);
        view_printf(view, x, y, style_of(role), "%s%s of bytes", cell->cut ? "over " : "",
                    size);
    } else {
        view_field(view, x, y, width, style_of(role), cell->bytes,
                   (ptrdiff_t)cell->length, false);
    }
}

static void draw_line(struct pane *pane, struct grid *grid, struct view view, int y,
                      size_t column)
{
    const struct record *record = pane->state;
    const struct result_cell *cell = result_page_cell(&record->page, 0, column);
    const struct grid_fact *fact =
        grid_facts_of(&grid->facts, pane->workbench, grid->result, column);
    int name = name_width(grid);
    int kind = view.width >= WIDE ? KIND_MOST : 0;
    int x = name + 2;
    view_field(view, 0, y, name, style_of(ROLE_LABEL),
               result_column(grid->result, column)->name, -1, false);
    if (kind > 0) {
        view_field(view, x, y, kind, style_of(ROLE_HEADER_TYPE),
                   fact != NULL && fact->kind != NULL ? fact->kind : "", -1, false);
        x += kind + 1;
    }
    bool is_broken = fact != NULL && cell != NULL && grid_fact_broken(fact, cell) != NULL;
    if (cell != NULL) {
        draw_value(pane, view, x, y, view.width - 1 - x, cell, is_broken);
    }
}

static const char *fact_value(const struct array *facts, const char *name)
{
    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        if (string_equal(fact->group, "column") && string_equal(fact->name, name)) {
            return fact->value;
        }
    }
    return NULL;
}

/* What its contract says of the column. */
static void append_description(const struct workbench *workbench,
                               const struct result_column *column, struct text *out)
{
    static const char *const told[] = {"title", "description", "classification"};
    struct catalog_entry entry = {0};
    struct array facts = ARRAY_OF(struct catalog_fact);
    if (column->product == NULL || column->column == NULL || workbench->catalog == NULL ||
        !catalog_find(workbench->catalog, column->product, &entry, NULL)) {
        return;
    }
    const struct catalog_column_name name = {entry.row, column->table, column->column};
    catalog_column_facts(workbench->catalog, &name, &facts);
    text_printf(out, "; %s.%s", column->product, column->table);
    for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
        const char *value = fact_value(&facts, told[i]);
        if (value != NULL) {
            text_printf(out, "; %s", value);
        }
    }
    catalog_facts_free(&facts);
    catalog_entry_release(&entry);
}

/* All of the selected column that a line has no room for. */
static void draw_foot(struct pane *pane, struct grid *grid, struct view view)
{
    const struct record *record = pane->state;
    size_t at = (size_t)record->list.selected;
    const struct result_column *column = result_column(grid->result, at);
    const struct result_cell *cell = result_page_cell(&record->page, 0, at);
    const struct grid_fact *fact =
        grid_facts_of(&grid->facts, pane->workbench, grid->result, at);
    struct text line = {0};
    if (column == NULL) {
        return;
    }
    text_append(&line, fact != NULL && fact->kind != NULL && *fact->kind != '\0'
                           ? fact->kind
                           : grid_type_name(column));
    append_description(pane->workbench, column, &line);
    const char *broken =
        fact != NULL && cell != NULL ? grid_fact_broken(fact, cell) : NULL;
    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    int rows = 0;
    if (broken != NULL) {
        rows = textview_paragraph(view_inside(view, 0, 1, view.width, view.height - 1),
                                  ROLE_WARNING, broken);
    }
    textview_paragraph(view_inside(view, 0, 1 + rows, view.width, view.height - 1 - rows),
                       ROLE_DIM, text_string(&line));
    text_release(&line);
}

static void draw_record(struct pane *pane, struct view view, bool focused)
{
    struct record *record = pane->state;
    struct grid *grid = grid_of(pane);
    struct error err = {0};
    (void)focused;
    if (grid == NULL || !load(pane, grid, &err)) {
        textview_paragraph(view, ROLE_ERROR,
                           err.kind != ERROR_NONE ? err.message : "no rows are shown");
        return;
    }
    int foot = view.height > 2 * FOOT_ROWS ? FOOT_ROWS : 0;
    struct view body = view_inside(view, 0, 0, view.width, view.height - foot);
    list_show(&record->list, body.height);
    for (int y = 0; y < body.height && record->list.top + y < record->list.count; y++) {
        int line = record->list.top + y;
        draw_line(pane, grid, body, y, (size_t)line);
        if (line == record->list.selected) {
            view_restyle(body, 0, y, body.width - 1, style_of(ROLE_SELECTED));
        }
    }
    list_draw_bar(body, record->list.top, body.height, record->list.count);
    if (foot > 0) {
        draw_foot(pane, grid, view_inside(view, 0, view.height - foot, view.width, foot));
    }
}

static int wanted_height(struct pane *pane, int width, int most)
{
    const struct record *record = pane->state;
    int rows = record->list.count + FOOT_ROWS;
    (void)width;
    rows = rows > 2 * FOOT_ROWS ? rows : 2 * FOOT_ROWS + 1;
    return rows < most ? rows : most;
}

/* ---- Keys ---- */

static void move_row(struct pane *pane, long long by)
{
    struct grid *grid = grid_of(pane);
    if (grid == NULL) {
        return;
    }
    if (grid->row + by < 0 || grid->row + by >= grid_rows(grid)) {
        screen_message(pane->screen, ROLE_DIM,
                       by < 0 ? "This is the first row." : "This is the last row.");
        return;
    }
    grid->row += by;
    grid_clamp(grid);
}

/* The cursor of the grid goes to the column, if it is shown there. */
static void take_cursor(struct pane *pane, struct grid *grid)
{
    const struct record *record = pane->state;
    for (size_t i = 0; i < grid_columns_shown(&grid->columns); i++) {
        if (grid_columns_at(&grid->columns, i)->index == (size_t)record->list.selected) {
            grid->column = i;
        }
    }
}

static void open_field(struct pane *pane)
{
    const struct record *record = pane->state;
    struct grid *grid = grid_of(pane);
    char argument[64];
    if (grid != NULL) {
        take_cursor(pane, grid);
        snprintf(argument, sizeof argument, "%lld %d", grid->row + 1,
                 record->list.selected + 1);
        screen_open_dialog(pane->screen, "cell", argument);
    }
}

static void copy_field(struct pane *pane)
{
    const struct record *record = pane->state;
    struct grid *grid = grid_of(pane);
    if (grid == NULL) {
        return;
    }
    take_cursor(pane, grid);
    if (grid_columns_at(&grid->columns, grid->column)->index ==
        (size_t)record->list.selected) {
        grid_copy(grid, "cell");
    } else {
        screen_message(pane->screen, ROLE_WARNING,
                       "the column is hidden in the grid: = there shows all");
    }
}

static bool has_text(struct pane *pane, const struct grid *grid, size_t column)
{
    const struct record *record = pane->state;
    const struct result_cell *cell = result_page_cell(&record->page, 0, column);
    return string_contains_fold(result_column(grid->result, column)->name,
                                record->searched) ||
           (cell != NULL && cell->type != RESULT_BLOB &&
            string_contains_fold(cell->bytes, record->searched));
}

static void search_on(struct pane *pane, int direction)
{
    struct record *record = pane->state;
    const struct grid *grid = grid_of(pane);
    int count = record->list.count;
    for (int step = 1; grid != NULL && record->searched != NULL && step <= count;
         step++) {
        int line =
            (record->list.selected + (direction > 0 ? step : 2 * count - step)) % count;
        if (has_text(pane, grid, (size_t)line)) {
            list_select(&record->list, line);
            screen_dirty(pane->screen);
            return;
        }
    }
    screen_message(pane->screen, ROLE_WARNING, "No column of this row has that.");
}

static void on_search_line(struct pane *pane, const char *line)
{
    struct record *record = pane->state;
    if (line != NULL && *line != '\0') {
        free(record->searched);
        record->searched = string_copy(line);
        search_on(pane, 1);
    }
}

static enum reaction act_record(struct pane *pane, const char *action,
                                const char *argument)
{
    struct record *record = pane->state;
    (void)argument;
    screen_dirty(pane->screen);
    if (list_act(&record->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "left") || string_equal(action, "right")) {
        move_row(pane, string_equal(action, "left") ? -1 : 1);
    } else if (string_equal(action, "open")) {
        open_field(pane);
    } else if (string_equal(action, "copy")) {
        copy_field(pane);
    } else if (string_equal(action, "search")) {
        screen_ask(pane->screen, "/", record->searched, on_search_line, pane);
    } else if (string_equal(action, "search-next")) {
        search_on(pane, 1);
    } else if (string_equal(action, "search-previous")) {
        search_on(pane, -1);
    } else {
        return REACTION_UNKNOWN;
    }
    return REACTION_DONE;
}

const struct pane_kind pane_kind_record = {
    .name = "record",
    .hints = "Left Right row before, next  Enter cell in full  / search  y copy",
    .is_dialog = true,
    .open = open_record,
    .close = close_record,
    .title = title_record,
    .draw = draw_record,
    .action = act_record,
    .wanted_height = wanted_height,
};
