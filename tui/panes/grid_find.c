/* grid_find: the next row that keeps what was searched for, or, when nothing was, the
 * next cell that breaks its contract; in slices that are short enough for keys to go on
 * working.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdlib.h>
#include <time.h>

/* Rows of the first slice, and how long one may take. */
enum { ROWS_FIRST = 1000, ROWS_MOST = 1 << 20, SLICE_MICROSECONDS = 4000 };

void grid_forget_search(struct grid *grid)
{
    loop_cancel(grid->pane->workbench->loop, grid->find_timer);
    grid->find_timer = 0;
}

void grid_find_release(struct grid *grid)
{
    grid_forget_search(grid);
    result_filter_release(&grid->searched);
    free(grid->searched_text);
    grid->searched_text = NULL;
}

static long long microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

/* The next slice is as long as this one was too short or too long. */
static void adapt(struct result_search *search, long long taken)
{
    if (taken > SLICE_MICROSECONDS && search->budget > 64) {
        search->budget /= 2;
    } else if (taken < SLICE_MICROSECONDS / 2 && search->budget < ROWS_MOST) {
        search->budget *= 2;
    }
}

static const char *wanted(const struct grid *grid)
{
    return grid->searched_text != NULL ? grid->searched_text : "a broken promise";
}

static void tell_found(struct grid *grid, long long found)
{
    char row[32];
    grid->row = found;
    string_of_count(found + 1, row, sizeof row);
    if (grid->searched_text != NULL) {
        screen_message(grid->pane->screen, ROLE_MESSAGE,
                       "row %s has %s; n next, N previous", row, grid->searched_text);
    } else {
        screen_message(grid->pane->screen, ROLE_MESSAGE,
                       "row %s: %s breaks its contract; n next, N previous", row,
                       grid_column_name(grid));
    }
}

static void tell_progress(struct grid *grid, long long reached)
{
    char row[32];
    long long rows = grid_rows(grid);
    long long done = grid->search.backwards ? rows - reached : reached;
    screen_message(grid->pane->screen, ROLE_DIM,
                   "looking for %s: row %s, %lld %% ... Esc stops", grid->searched_text,
                   string_of_count(reached, row, sizeof row),
                   rows > 0 ? done * 100 / rows : 100);
}

/* ---- Cells that break their contract ---- */

/* The next of the row's cells in the order of the screen, from `position` on. */
static bool find_in_row(struct grid *grid, const struct result_page *page, long long row,
                        size_t *position)
{
    size_t shown = grid_columns_shown(&grid->columns);
    bool backwards = grid->search.backwards;
    for (size_t i = *position; i < shown; i += backwards ? (size_t)-1 : 1) {
        size_t index = grid_columns_at(&grid->columns, i)->index;
        const struct grid_fact *fact =
            grid_facts_of(&grid->facts, grid->pane->workbench, grid->result, index);
        if (grid_fact_broken(fact, result_page_cell(page, row, index)) != NULL) {
            *position = i;
            return true;
        }
    }
    return false;
}

/* As result_find(). The first row goes on behind the cell of the cursor. */
static long long find_broken(struct grid *grid, long long *reached)
{
    enum { ROWS_IN_MEMORY = 4096 };
    struct result_search *search = &grid->search;
    long long rows = grid_rows(grid), step = search->backwards ? -1 : 1;
    search->budget = search->budget > ROWS_IN_MEMORY ? ROWS_IN_MEMORY : search->budget;
    long long first =
        search->backwards ? search->from - search->budget + 1 : search->from;
    first = first < 0 ? 0 : first;
    struct result_page page = {0};
    long long row = search->from, found = -1;
    if (row < 0 || row >= rows ||
        !result_page(grid->result, first, search->budget, 0, &page, NULL)) {
        result_page_release(&page);
        return -1;
    }
    for (; found < 0 && row >= first && row < first + page.rows; row += step) {
        size_t last = grid_columns_shown(&grid->columns) - 1;
        size_t position = grid->find_position;
        grid->find_position = search->backwards ? last : 0;
        if (find_in_row(grid, &page, row - first, &position)) {
            found = row;
            grid->column = position;
        }
    }
    result_page_release(&page);
    *reached = row;
    return found >= 0 ? found : row >= 0 && row < rows ? -2 : -1;
}

static bool has_promises(struct grid *grid)
{
    bool has_some = false;
    for (size_t i = 0; !has_some && i < result_column_count(grid->result); i++) {
        const struct grid_fact *fact =
            grid_facts_of(&grid->facts, grid->pane->workbench, grid->result, i);
        has_some = fact != NULL && fact->promises != NULL;
    }
    return has_some;
}

/* ---- Slices ---- */

static void look(void *owner)
{
    struct grid *grid = owner;
    struct screen *screen = grid->pane->screen;
    long long reached, begun = microseconds_now();
    grid->find_timer = 0;
    if (!grid_sync(grid)) {
        return;
    }
    long long found = grid->searched_text != NULL
                          ? result_find(grid->result, &grid->search, &reached)
                          : find_broken(grid, &reached);
    if (found == -2) {
        grid->search.from = reached;
        adapt(&grid->search, microseconds_now() - begun);
        tell_progress(grid, reached);
        grid->find_timer = loop_after(grid->pane->workbench->loop, 0, look, grid);
    } else if (found >= 0) {
        tell_found(grid, found);
    } else {
        screen_message(screen, ROLE_WARNING, "no %s row has %s",
                       grid->search.backwards ? "earlier" : "further", wanted(grid));
    }
    screen_dirty(screen);
}

static void begin(struct grid *grid, long long from, bool backwards)
{
    grid_forget_search(grid);
    grid->search = (struct result_search){.filter = &grid->searched,
                                          .from = from,
                                          .budget = ROWS_FIRST,
                                          .backwards = backwards};
    look(grid);
}

static void on_search_line(struct pane *pane, const char *line)
{
    struct grid *grid = pane->state;
    struct result_filter filter;
    struct error err = {0};
    if (line == NULL || line[0] == '\0' || !grid_sync(grid)) {
        return;
    }
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    int column = at != NULL ? (int)at->index : -1;
    if (!result_filter_parse(grid->result, line, column, &filter, &err)) {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
        return;
    }
    grid_find_release(grid);
    grid->searched = filter;
    grid->searched_text = string_copy(line);
    begin(grid, grid->row, false);
}

void grid_ask_search(struct grid *grid)
{
    screen_ask(grid->pane->screen, "find (text, /expression/ or > 5): ",
               grid->searched_text != NULL ? grid->searched_text : "", on_search_line,
               grid->pane);
}

/* From the next row on, or without a search from the next cell. */
static void go_on(struct grid *grid, bool backwards)
{
    size_t shown = grid_columns_shown(&grid->columns);
    long long step = backwards ? -1 : 1;
    if (grid->searched_text != NULL) {
        begin(grid, grid->row + step, backwards);
    } else if (!has_promises(grid)) {
        screen_message(grid->pane->screen, ROLE_DIM,
                       "nothing was searched for, and no contract says what these cells "
                       "may be");
    } else {
        bool is_last = backwards ? grid->column == 0 : grid->column + 1 >= shown;
        grid->find_position = is_last ? (backwards ? shown - 1 : 0)
                                      : grid->column + (backwards ? (size_t)-1 : 1);
        begin(grid, grid->row + (is_last ? step : 0), backwards);
    }
}

void grid_search_next(struct grid *grid)
{
    go_on(grid, false);
}

void grid_search_previous(struct grid *grid)
{
    go_on(grid, true);
}
