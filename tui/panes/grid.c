/* grid: the result pane: rows of the last query, any page at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 2048, MEASURED_ROWS = 1000 };

/* ---- Following the workbench ---- */

/* Until the first row of a view is there, the rows it is made from stay. */
static struct workbench_result *result_to_show(const struct grid *grid)
{
    struct workbench_result *shown = grid->pane->workbench->shown;
    bool is_empty_yet = shown != NULL && !shown->is_over && shown->below != NULL &&
                        workbench_result_rows(shown) == 0;
    return is_empty_yet ? shown->below : shown;
}

bool grid_sync(struct grid *grid)
{
    grid_tabs_follow(grid);
    struct workbench_result *shown = result_to_show(grid);
    bool has_rows =
        shown != NULL && shown->result != NULL && shown->error.kind == ERROR_NONE;
    if (!has_rows) {
        grid->source = NULL;
        grid->result = NULL;
        return false;
    }
    if (grid->serial != shown->serial || grid->result == NULL) {
        grid_places_follow(grid, shown);
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

/* Esc: stop a search, else forget the block, else leave a view for what it was made from,
 * else forget what was searched for. */
static enum reaction act_clear(struct grid *grid)
{
    const struct workbench_result *shown = grid->pane->workbench->shown;
    if (grid->find_timer != 0) {
        grid_forget_search(grid);
        screen_message(grid->pane->screen, ROLE_DIM, "the search is stopped");
        return REACTION_DONE;
    }
    if (grid->block.is_set) {
        grid->block = (struct grid_block){0};
        grid_sum_follow(grid);
        screen_dirty(grid->pane->screen);
        return REACTION_DONE;
    }
    if (shown != NULL && shown->below != NULL) {
        screen_run(grid->pane->screen, "back");
        return REACTION_DONE;
    }
    if (grid->searched_text != NULL) {
        grid_find_release(grid);
        screen_message(grid->pane->screen, ROLE_DIM, "nothing is searched for any more");
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static enum reaction grid_action(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    if (string_equal(action, "copy-these")) {
        if (grid_sync(grid)) {
            grid_copy(grid, argument);
        }
        return REACTION_DONE;
    }
    if (string_equal(action, "widths")) {
        grid_set_widths(grid, argument);
        return REACTION_DONE;
    }
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
    grid->places = (struct array)ARRAY_OF(struct grid_place);
    grid_tabs_init(grid);
    return grid;
}

static void grid_close(struct pane *pane)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    grid_find_release(grid);
    grid_sum_forget(grid);
    free(grid->copy_asked);
    grid_tabs_release(grid);
    grid_places_forget(grid);
    array_release(&grid->places);
    grid_facts_release(&grid->facts);
    grid_columns_release(&grid->columns);
    result_page_release(&grid->page);
    array_release(&grid->marks);
    free(grid);
}

/* How the rows are sorted and filtered, as much of it as leaves room for the counts. */
static void describe_view(struct pane *pane, const struct workbench_result *shown,
                          struct text *left)
{
    struct text view = {0};
    int room = pane->width > 60 ? pane->width - 60 : 10;
    result_view_describe(shown->result, shown->view, &view);
    text_append_char(left, ' ');
    safetext_append_cut(left, text_string(&view), view.length, room);
    text_release(&view);
}

/* What is marked adds up to, else how the cell breaks its contract, else where one is. */
static void describe_place(struct grid *grid, int room, struct text *out)
{
    const struct workbench_result *shown = grid->source;
    const char *broken = grid_broken_here(grid);
    char row[32];
    long long count = grid_rows(grid);
    if (shown->classification != NULL) {
        text_printf(out, "%s  ", shown->classification);
    }
    if (grid->sum.is_asked) {
        grid_sum_describe(grid, room - (int)out->length, out);
        return;
    }
    string_of_count(count > 0 ? grid->row + 1 : 0, row, sizeof row);
    if (broken != NULL) {
        text_printf(out, "row %s  %s: ", row, grid_column_name(grid));
        safetext_append_cut(out, broken, strlen(broken), room - (int)out->length);
        return;
    }
    text_append_count(out, count, "row");
    text_printf(out, "%s  row %s  col %zu/%zu %s",
                shown->is_over ? "" : " so far, running", row, grid->column + 1,
                grid_columns_shown(&grid->columns), grid_column_name(grid));
}

static void grid_title(struct pane *pane, struct text *left, struct text *right)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    text_append(left, "Result");
    if (!grid_sync(grid)) {
        return;
    }
    const struct workbench_result *shown = grid->source;
    grid_clamp(grid);
    grid_load_page(grid, grid->body_rows);
    bool is_view = shown->below != NULL;
    text_printf(left, " %s", shown->title);
    if (shown->view != NULL) {
        describe_view(pane, shown, left);
    } else if (is_view) {
        text_append(left, " view");
    }
    if (shown != pane->workbench->shown) {
        text_append(left, " (another view is being made)");
    }
    describe_place(grid, pane->width - 10 - (int)left->length, right);
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
