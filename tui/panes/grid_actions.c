/* grid: what the named actions of keys.default do.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdlib.h>
#include <string.h>

enum { FIND_BUDGET = 20000 };

/* ---- Marks ---- */

static size_t mark_place(const struct grid *grid, long long row)
{
    size_t at = 0;
    while (at < grid->marks.count && *(long long *)array_at(&grid->marks, at) < row) {
        at++;
    }
    return at;
}

bool grid_is_marked(const struct grid *grid, long long row)
{
    const long long *mark = array_at(&grid->marks, mark_place(grid, row));
    return mark != NULL && *mark == row;
}

static void toggle_mark(struct grid *grid)
{
    size_t at = mark_place(grid, grid->row);
    if (grid_is_marked(grid, grid->row)) {
        array_remove(&grid->marks, at);
    } else {
        array_push(&grid->marks);
        long long *marks = grid->marks.items;
        memmove(marks + at + 1, marks + at, (grid->marks.count - 1 - at) * sizeof *marks);
        marks[at] = grid->row;
    }
    grid->row++;
}

/* ---- Search: in slices, so that keys go on working ---- */

static void find_slice(void *owner)
{
    struct grid *grid = owner;
    struct screen *screen = grid->pane->screen;
    long long reached;
    grid->find_timer = 0;
    if (!grid_sync(grid) || grid->searched == NULL) {
        return;
    }
    long long found = result_find(grid->result, grid->searched, grid->find_from,
                                  grid->find_backwards, FIND_BUDGET, &reached);
    if (found == -2) {
        char row[32];
        grid->find_from = grid->find_backwards ? reached - 1 : reached + 1;
        screen_message(screen, ROLE_DIM, "looking for \"%s\": row %s ... Esc stops",
                       grid->searched, string_of_count(reached, row, sizeof row));
        grid->find_timer = loop_after(grid->pane->workbench->loop, 0, find_slice, grid);
    } else if (found >= 0) {
        grid->row = found;
        screen_message(screen, ROLE_MESSAGE, "row %lld has \"%s\"; n next, N previous",
                       found + 1, grid->searched);
    } else {
        screen_message(screen, ROLE_WARNING, "no %s row has \"%s\"",
                       grid->find_backwards ? "earlier" : "further", grid->searched);
    }
    screen_dirty(screen);
}

static void find(struct grid *grid, long long from, bool backwards)
{
    grid_forget_search(grid);
    grid->find_from = from;
    grid->find_backwards = backwards;
    find_slice(grid);
}

static void on_search_line(struct pane *pane, const char *line)
{
    struct grid *grid = pane->state;
    if (line != NULL && line[0] != '\0') {
        free(grid->searched);
        grid->searched = string_copy(line);
        find(grid, grid->row, false);
    }
}

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

static void on_filter_line(struct pane *pane, const char *line)
{
    if (line == NULL || line[0] == '\0') {
        return;
    }
    struct text quoted = {0};
    for (const char *p = line; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\') {
            text_append_char(&quoted, '\\');
        }
        text_append_char(&quoted, *p);
    }
    screen_runf(pane->screen, "filter \"%s\"", text_string(&quoted));
    text_release(&quoted);
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

static void act_search(struct grid *grid)
{
    screen_ask(grid->pane->screen, "find: ", grid->searched, on_search_line, grid->pane);
}

static void act_search_next(struct grid *grid)
{
    find(grid, grid->row + 1, false);
}

static void act_search_previous(struct grid *grid)
{
    find(grid, grid->row - 1, true);
}

static void act_filter(struct grid *grid)
{
    screen_ask(grid->pane->screen, "rows that contain: ", "", on_filter_line, grid->pane);
}

static void act_sort_up(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort %zu", column_number(grid));
}

static void act_sort_down(struct grid *grid)
{
    screen_runf(grid->pane->screen, "sort %zu desc", column_number(grid));
}

static void act_frequency(struct grid *grid)
{
    screen_runf(grid->pane->screen, "frequency %zu", column_number(grid));
}

static void act_export(struct grid *grid)
{
    screen_ask(grid->pane->screen, "export rows to (.csv .tsv .json .jsonl .md): ", "",
               on_export_line, grid->pane);
}

static void act_edit(struct grid *grid)
{
    screen_focus(grid->pane->screen, "sql");
}

static void act_copy(struct grid *grid)
{
    grid_copy(grid, false);
}

static void act_copy_row(struct grid *grid)
{
    grid_copy(grid, true);
}

static void act_narrower(struct grid *grid)
{
    grid_columns_widen(&grid->columns, grid->column, -2);
}

static void act_wider(struct grid *grid)
{
    grid_columns_widen(&grid->columns, grid->column, 2);
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

static void act_undo(struct grid *grid)
{
    if (!grid_columns_undo(&grid->columns)) {
        screen_message(grid->pane->screen, ROLE_DIM, "nothing to undo");
    }
}

static void act_redo(struct grid *grid)
{
    if (!grid_columns_redo(&grid->columns)) {
        screen_message(grid->pane->screen, ROLE_DIM, "nothing to redo");
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
    {"search", act_search},
    {"search-next", act_search_next},
    {"search-previous", act_search_previous},
    {"filter", act_filter},
    {"sort-up", act_sort_up},
    {"sort-down", act_sort_down},
    {"frequency", act_frequency},
    {"chart", grid_chart_column},
    {"export", act_export},
    {"edit", act_edit},
    {"copy", act_copy},
    {"copy-row", act_copy_row},
    {"mark", toggle_mark},
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
            }
            screen_dirty(grid->pane->screen);
            return true;
        }
    }
    return false;
}
