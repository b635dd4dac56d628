/* grid: the result pane: rows of the last query, any page at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 2048, MEASURED_ROWS = 1000 };

/* ---- Following the workbench ---- */

void grid_forget_search(struct grid *grid)
{
    loop_cancel(grid->pane->workbench->loop, grid->find_timer);
    grid->find_timer = 0;
}

static void start_over(struct grid *grid, struct workbench_result *shown)
{
    grid_forget_search(grid);
    grid->source = shown;
    grid->result = shown->result;
    grid->serial = shown->serial;
    grid->row = grid->top = 0;
    grid->column = grid->left = 0;
    grid->page_wanted = -1;
    grid->was_measured = false;
    array_clear(&grid->marks);
    grid_columns_reset(&grid->columns, grid->result);
}

bool grid_sync(struct grid *grid)
{
    struct workbench_result *shown = grid->pane->workbench->shown;
    bool has_rows =
        shown != NULL && shown->result != NULL && shown->error.kind == ERROR_NONE;
    if (!has_rows) {
        grid->source = NULL;
        grid->result = NULL;
        return false;
    }
    if (grid->serial != shown->serial || grid->result == NULL) {
        start_over(grid, shown);
    }
    return true;
}

long long grid_rows(const struct grid *grid)
{
    return grid->result != NULL ? result_count(grid->result) : 0;
}

static void measure(struct grid *grid, int room)
{
    const char *null_text = options_get(grid->pane->workbench->options, "null_text");
    int null_width = safetext_width(null_text, strlen(null_text));
    if (!grid->was_measured) {
        struct result_page first = {0};
        if (result_page(grid->result, 0, MEASURED_ROWS, 256, &first, NULL)) {
            grid_columns_measure(&grid->columns, grid->result, &first, room, null_width);
            grid->was_measured = first.rows >= MEASURED_ROWS || grid->source->is_over;
        }
        result_page_release(&first);
    }
    grid_columns_measure(&grid->columns, grid->result, &grid->page, room, null_width);
}

void grid_load_page(struct grid *grid, int rows)
{
    if (grid->page_wanted == grid->top && grid->page_count == rows &&
        (grid->page.rows == rows ||
         grid->page.first + grid->page.rows == grid_rows(grid))) {
        return;
    }
    struct error err = {0};
    bool read = result_page(grid->result, grid->top, rows, CELL_BYTES, &grid->page, &err);
    grid->page_error = err;
    if (read) {
        grid->page_wanted = grid->top;
        grid->page_count = rows;
        measure(grid, grid->pane->width > 0 ? grid->pane->width : 80);
    }
}

/* Esc: stop a search, else leave a view for what it was made from. */
static enum reaction act_clear(struct grid *grid)
{
    const struct workbench_result *shown = grid->pane->workbench->shown;
    if (grid->find_timer != 0) {
        grid_forget_search(grid);
        screen_message(grid->pane->screen, ROLE_DIM, "the search is stopped");
        return REACTION_DONE;
    }
    if (shown != NULL && shown->below != NULL) {
        screen_run(grid->pane->screen, "back");
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static enum reaction grid_action(struct pane *pane, const char *action,
                                 const char *argument)
{
    (void)argument;
    struct grid *grid = pane->state;
    grid->pane = pane;
    if (string_equal(action, "clear") || string_equal(action, "back")) {
        return act_clear(grid);
    }
    return grid_act(grid, action) ? REACTION_DONE : REACTION_UNKNOWN;
}

/* ---- The pane ---- */

static void *grid_open(struct screen *screen, const char *argument)
{
    (void)screen;
    (void)argument;
    struct grid *grid = memory_new(sizeof *grid);
    grid->marks = (struct array)ARRAY_OF(long long);
    return grid;
}

static void grid_close(struct pane *pane)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    grid_forget_search(grid);
    grid_columns_release(&grid->columns);
    result_page_release(&grid->page);
    array_release(&grid->marks);
    free(grid->searched);
    free(grid);
}

static void grid_title(struct pane *pane, struct text *left, struct text *right)
{
    struct grid *grid = pane->state;
    const struct workbench_result *shown = pane->workbench->shown;
    grid->pane = pane;
    text_append(left, "Result");
    if (!grid_sync(grid)) {
        return;
    }
    char row[32];
    long long count = grid_rows(grid);
    bool is_view = shown->below != NULL;
    text_printf(left, " %s%s", shown->title, is_view ? " view" : "");
    text_append_count(right, count, "row");
    text_printf(
        right, "%s  row %s  col %zu/%zu %s", shown->is_over ? "" : " so far, running",
        string_of_count(count > 0 ? grid->row + 1 : 0, row, sizeof row), grid->column + 1,
        grid_columns_shown(&grid->columns), grid_column_name(grid));
    if (grid->marks.count > 0) {
        text_printf(right, "  %zu marked", grid->marks.count);
    }
}

static void grid_changed(struct pane *pane, unsigned changes)
{
    if (changes & (WORKBENCH_RESULT | WORKBENCH_OPTIONS)) {
        screen_dirty(pane->screen);
    }
}

static void grid_mouse(struct pane *pane, int x, int y, int button)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    (void)x;
    if (!grid_sync(grid)) {
        return;
    }
    if (button == 4 || button == 5) {
        grid_scroll(grid, button == 4 ? -3 : 3);
    } else if (y >= pane->height - grid->body_rows) {
        grid->row = grid->top + y - (pane->height - grid->body_rows);
    }
    grid_clamp(grid);
    screen_dirty(pane->screen);
}

const struct pane_kind pane_kind_grid = {
    .name = "grid",
    .hints =
        "Enter cell  v record  / find  & filter  [ ] sort  . chart  F freq  E export",
    .open = grid_open,
    .close = grid_close,
    .title = grid_title,
    .draw = grid_draw,
    .action = grid_action,
    .mouse = grid_mouse,
    .changed = grid_changed,
};
