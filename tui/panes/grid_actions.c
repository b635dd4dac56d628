/* grid: what the named actions of keys.default do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Verbs on the column or the rows ---- */

const char *grid_column_name(const struct grid *grid)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    return at != NULL ? result_column(grid->result, at->index)->name : "";
}

/* Columns are named to verbs by number: names may occur twice or hold any sign. */
static size_t column_number(const struct grid *grid)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    return at != NULL ? at->index + 1 : 0;
}

/* Texts are looked for in every column, values compared in the one under the cursor. */
static void on_filter_line(struct pane *pane, const char *line)
{
    struct grid *grid = pane->state;
    struct result_filter filter;
    struct error err = {0};
    if (line == NULL || line[0] == '\0' || !grid_sync(grid)) {
        return;
    }
    size_t column = column_number(grid);
    if (!result_filter_parse(grid->result, line, (int)column - 1, &filter, &err)) {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
        return;
    }
    char number[24];
    snprintf(number, sizeof number, "%zu", column);
    if (filter.column < 0) {
        screen_run_words(pane->screen, "filter", "--", line, (const char *)NULL);
    } else {
        screen_run_words(pane->screen, "filter", "--column", number, "--", line,
                         (const char *)NULL);
    }
    result_filter_release(&filter);
}

static void on_export_line(struct pane *pane, const char *line)
{
    if (line != NULL && line[0] != '\0') {
        screen_runf(pane->screen, "export --out \"%s\"", line);
    }
}

/* ---- Actions ---- */

static void act_up(struct grid *grid)
{
    grid->row -= grid->row > 0;
}

static void act_down(struct grid *grid)
{
    grid->row++;
}

static void act_left(struct grid *grid)
{
    grid->column -= grid->column > 0;
}

static void act_right(struct grid *grid)
{
    grid->column += grid->column + 1 < grid_columns_shown(&grid->columns);
}

void grid_scroll(struct grid *grid, long long by)
{
    grid->row += by;
    grid->top += by;
    grid->row = grid->row < 0 ? 0 : grid->row;
    grid->top = grid->top < 0 ? 0 : grid->top;
}

static void act_page_up(struct grid *grid)
{
    grid_scroll(grid, -grid->body_rows);
}

static void act_page_down(struct grid *grid)
{
    grid_scroll(grid, grid->body_rows);
}

static void act_half_up(struct grid *grid)
{
    grid_scroll(grid, -(grid->body_rows + 1) / 2);
}

static void act_half_down(struct grid *grid)
{
    grid_scroll(grid, (grid->body_rows + 1) / 2);
}

static void act_top(struct grid *grid)
{
    grid->row = grid->top = 0;
}

static void act_bottom(struct grid *grid)
{
    grid->row = grid_rows(grid);
}

static void act_first_column(struct grid *grid)
{
    grid->column = grid->left = 0;
}

static void act_last_column(struct grid *grid)
{
    size_t shown = grid_columns_shown(&grid->columns);
    grid->column = shown > 0 ? shown - 1 : 0;
}

static void act_filter(struct grid *grid)
{
    struct text prompt = {0};
    text_printf(&prompt, "rows with (text, /expression/, or > 5 for %s): ",
                grid_column_name(grid));
    screen_ask(grid->pane->screen, text_string(&prompt), "", on_filter_line, grid->pane);
    text_release(&prompt);
}

static void filter_cell(struct grid *grid, const char *flag)
{
    if (grid_rows(grid) > 0) {
        screen_runf(grid->pane->screen, "filter --cell %lld --column %zu%s",
                    grid->row + 1, column_number(grid), flag);
    }
}

static void act_filter_same(struct grid *grid)
{
    filter_cell(grid, "");
}

static void act_filter_other(struct grid *grid)
{
    filter_cell(grid, " --not");
}

static void act_sort_up(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort %zu", column_number(grid));
}

static void act_sort_down(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort %zu desc", column_number(grid));
}

static void act_sort_up_too(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort --add %zu", column_number(grid));
}

static void act_sort_down_too(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort --add %zu desc", column_number(grid));
}

static void act_frequency(struct grid *grid)
{
    screen_runf(grid->pane->screen, "frequency %zu", column_number(grid));
}

/* Of the column that the cells come from. */
static void act_describe(struct grid *grid)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    const struct result_column *column = result_column(grid->result, at->index);
    if (column->product == NULL || column->table == NULL || column->column == NULL) {
        screen_message(grid->pane->screen, ROLE_DIM,
                       "%s is made by the statement; no descriptor tells of it",
                       column->name);
        return;
    }
    screen_run_words(grid->pane->screen, "column", column->product, column->table,
                     column->column, (const char *)NULL);
}

static void act_export(struct grid *grid)
{
    screen_ask(grid->pane->screen, "export rows to (.csv .xlsx .sqlite .md ...): ", "",
               on_export_line, grid->pane);
}

static void act_edit(struct grid *grid)
{
    screen_focus(grid->pane->screen, "sql");
}

static void act_copy(struct grid *grid)
{
    grid_copy(grid, grid->block.is_set ? "block" : "cell");
}

static void act_copy_row(struct grid *grid)
{
    grid_copy(grid, grid->marks.count > 0 ? "rows" : "row");
}

static void act_unmark(struct grid *grid)
{
    if (!grid_unmark(grid)) {
        screen_message(grid->pane->screen, ROLE_DIM, "nothing is marked");
    }
}

static void act_narrower(struct grid *grid)
{
    grid_columns_widen(&grid->columns, grid->column, -2);
}

static void act_wider(struct grid *grid)
{
    grid_columns_widen(&grid->columns, grid->column, 2);
}

void grid_set_widths(struct grid *grid, const char *widths)
{
    char *end;
    size_t at = 0;
    if (!grid_sync(grid)) {
        return;
    }
    for (long width = strtol(widths, &end, 10); end != widths;
         width = strtol(widths, &end, 10)) {
        const struct grid_column *column = grid_columns_at(&grid->columns, at);
        widths = end;
        if (column == NULL) {
            return;
        }
        if (width != 0 && labs(width) < 500) {
            grid_columns_widen(&grid->columns, at, (int)labs(width) - column->width);
        }
        at++;
    }
}

static void act_fit(struct grid *grid)
{
    grid_columns_fit(&grid->columns, grid->column, grid->result, &grid->page);
}

static void act_hide(struct grid *grid)
{
    grid_columns_hide(&grid->columns, grid->column);
}

static void act_unhide(struct grid *grid)
{
    grid_columns_unhide(&grid->columns);
}

static void act_move_left(struct grid *grid)
{
    grid->column -= grid_columns_move(&grid->columns, grid->column, -1);
}

static void act_move_right(struct grid *grid)
{
    grid->column += grid_columns_move(&grid->columns, grid->column, 1);
}

static void act_freeze(struct grid *grid)
{
    grid_columns_freeze(&grid->columns, grid->column + 1);
}

/* Columns are the grid's, the order and choice of rows the workbench's. */
static void act_undo(struct grid *grid)
{
    enum grid_step step = grid_columns_undo(&grid->columns);
    if (step == GRID_STEP_NONE) {
        screen_message(grid->pane->screen, ROLE_DIM, "nothing to undo");
    } else if (step == GRID_STEP_ROWS) {
        screen_run(grid->pane->screen, "back");
    }
}

static void act_redo(struct grid *grid)
{
    enum grid_step step = grid_columns_redo(&grid->columns);
    if (step == GRID_STEP_NONE) {
        screen_message(grid->pane->screen, ROLE_DIM, "nothing to redo");
    } else if (step == GRID_STEP_ROWS) {
        grid->goes_forward = true;
        screen_run(grid->pane->screen, "forward");
        grid_sync(grid);
        grid->goes_forward = false;
    }
}

struct grid_action {
    const char *name;
    void (*act)(struct grid *grid);
};

static const struct grid_action actions[] = {
    {"up", act_up},
    {"down", act_down},
    {"left", act_left},
    {"right", act_right},
    {"page-up", act_page_up},
    {"page-down", act_page_down},
    {"half-up", act_half_up},
    {"half-down", act_half_down},
    {"top", act_top},
    {"bottom", act_bottom},
    {"first-column", act_first_column},
    {"last-column", act_last_column},
    {"open", grid_open_cell},
    {"record", grid_open_record},
    {"search", grid_ask_search},
    {"search-next", grid_search_next},
    {"search-previous", grid_search_previous},
    {"filter", act_filter},
    {"filter-same", act_filter_same},
    {"filter-other", act_filter_other},
    {"sort-up", act_sort_up},
    {"sort-down", act_sort_down},
    {"sort-up-too", act_sort_up_too},
    {"sort-down-too", act_sort_down_too},
    {"frequency", act_frequency},
    {"pivot", grid_pivot},
    {"totals", grid_totals},
    {"chart", grid_chart_column},
    {"export", act_export},
    {"edit", act_edit},
    {"copy", act_copy},
    {"copy-row", act_copy_row},
    {"copy-as", grid_ask_copy},
    {"describe", act_describe},
    {"mark", grid_toggle_mark},
    {"mark-cells", grid_toggle_block},
    {"unmark", act_unmark},
    {"narrower", act_narrower},
    {"wider", act_wider},
    {"fit", act_fit},
    {"hide", act_hide},
    {"unhide", act_unhide},
    {"move-left", act_move_left},
    {"move-right", act_move_right},
    {"freeze", act_freeze},
    {"undo", act_undo},
    {"redo", act_redo},
};

/* Does this action concern the rows? Then it is done. */
bool grid_act(struct grid *grid, const char *action)
{
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (string_equal(actions[i].name, action)) {
            if (grid_sync(grid)) {
                actions[i].act(grid);
            }
            if (grid_sync(grid)) {
                grid_clamp(grid); /* the title is drawn before the rows */
                grid_sum_follow(grid);
            }
            screen_dirty(grid->pane->screen);
            return true;
        }
    }
    return false;
}
