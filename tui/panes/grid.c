/* grid: the result pane: rows of the last query, any page at once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdlib.h>
#include <string.h>

enum { CELL_BYTES = 2048, MEASURED_ROWS = 1000, FIND_BUDGET = 20000 };

/* ---- Following the workbench ---- */

static void forget_search(struct grid *grid)
{
    loop_cancel(grid->pane->workbench->loop, grid->find_timer);
    grid->find_timer = 0;
}

static void start_over(struct grid *grid, struct workbench_result *shown)
{
    forget_search(grid);
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
    forget_search(grid);
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

static const char *column_name(const struct grid *grid)
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

/* Does the column hold dates or instants (ISO 8601), judged by a cell on the screen? */
static bool is_time(const struct grid *grid, size_t index)
{
    if (grid->page.rows == 0) {
        return false;
    }
    const struct result_cell *cell = result_page_cell(&grid->page, 0, index);
    static const char shape[] = "dddd-dd";
    for (size_t i = 0; shape[i] != '\0'; i++) {
        bool is_digit =
            i < cell->length && cell->bytes[i] >= '0' && cell->bytes[i] <= '9';
        if (shape[i] == 'd' ? !is_digit : i >= cell->length || cell->bytes[i] != '-') {
            return false;
        }
    }
    return cell->type == RESULT_TEXT;
}

/* What goes along the bottom: the first column of times, else the first that is not
 * drawn. */
static size_t column_for_x(const struct grid *grid, size_t drawn)
{
    size_t count = result_column_count(grid->result);
    for (size_t i = 0; i < count; i++) {
        if (i != drawn && is_time(grid, i)) {
            return i;
        }
    }
    return drawn == 0 && count > 1 ? 1 : 0;
}

/* Do neighbouring rows on the screen share this cell? Then there are several series. */
static bool repeats(const struct grid *grid, size_t index)
{
    for (long long i = 1; i < grid->page.rows; i++) {
        const struct result_cell *a = result_page_cell(&grid->page, i - 1, index);
        const struct result_cell *b = result_page_cell(&grid->page, i, index);
        if (a->length == b->length && memcmp(a->bytes, b->bytes, a->length) == 0) {
            return true;
        }
    }
    return false;
}

/* The first column of texts that tells the series apart; NULL when there is one series.
 */
static const struct result_column *column_for_series(const struct grid *grid, size_t x)
{
    for (size_t i = 0; repeats(grid, x) && i < result_column_count(grid->result); i++) {
        const struct result_column *column = result_column(grid->result, i);
        if (i != x && !column->numeric && !is_time(grid, i)) {
            return column;
        }
    }
    return NULL;
}

static void chart_line(struct grid *grid, size_t x, const struct result_column *y)
{
    const struct result_column *series = column_for_series(grid, x);
    struct text line = {0};
    text_printf(&line, "chart line --x \"%s\" --y \"%s\"",
                result_column(grid->result, x)->name, y->name);
    if (series != NULL) {
        text_printf(&line, " --by \"%s\"", series->name);
    }
    screen_run(grid->pane->screen, text_string(&line));
    text_release(&line);
}

/* Over time as a line, few categories as bars, two columns of numbers as points; else how
 * the numbers are spread. */
static void chart_column(struct grid *grid)
{
    enum { BARS_MOST = 40 };
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    const struct result_column *column = result_column(grid->result, at->index);
    size_t x = column_for_x(grid, at->index);
    const struct result_column *other = result_column(grid->result, x);
    bool is_alone = result_column_count(grid->result) == 1;
    struct screen *screen = grid->pane->screen;
    if (!column->numeric) {
        screen_message(
            screen, ROLE_WARNING,
            "%s holds texts: F counts its values, and . on the counts draws them",
            column->name);
    } else if (!is_alone && is_time(grid, x)) {
        screen_runf(screen, "chart line --x \"%s\" --y \"%s\"", other->name,
                    column->name);
    } else if (!is_alone && !other->numeric && grid_rows(grid) <= BARS_MOST) {
        screen_runf(screen, "chart bar --x \"%s\" --y \"%s\"", other->name, column->name);
    } else {
        screen_runf(screen, "chart histogram --x \"%s\"", column->name);
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

static void scroll(struct grid *grid, long long by)
{
    grid->row += by;
    grid->top += by;
    grid->row = grid->row < 0 ? 0 : grid->row;
    grid->top = grid->top < 0 ? 0 : grid->top;
}

static void act_page_up(struct grid *grid)
{
    scroll(grid, -grid->body_rows);
}

static void act_page_down(struct grid *grid)
{
    scroll(grid, grid->body_rows);
}

static void act_half_up(struct grid *grid)
{
    scroll(grid, -(grid->body_rows + 1) / 2);
}

static void act_half_down(struct grid *grid)
{
    scroll(grid, (grid->body_rows + 1) / 2);
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
    {"chart", chart_column},
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

/* Esc: stop a search, else leave a view for what it was made from. */
static enum reaction act_clear(struct grid *grid)
{
    const struct workbench_result *shown = grid->pane->workbench->shown;
    if (grid->find_timer != 0) {
        forget_search(grid);
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
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++) {
        if (string_equal(actions[i].name, action)) {
            if (grid_sync(grid)) {
                actions[i].act(grid);
            }
            screen_dirty(pane->screen);
            return REACTION_DONE;
        }
    }
    return REACTION_UNKNOWN;
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
    forget_search(grid);
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
    char rows[32];
    char row[32];
    long long count = grid_rows(grid);
    bool is_view = shown->below != NULL;
    text_printf(left, " %s%s", shown->title, is_view ? " (view; Esc goes back)" : "");
    text_printf(right, "%s%s  row %s  col %zu/%zu %s",
                string_of_count(count, rows, sizeof rows),
                shown->is_over ? " rows" : "+ rows, running",
                string_of_count(count > 0 ? grid->row + 1 : 0, row, sizeof row),
                grid->column + 1, grid_columns_shown(&grid->columns), column_name(grid));
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
        scroll(grid, button == 4 ? -3 : 3);
    } else if (y >= pane->height - grid->body_rows) {
        grid->row = grid->top + y - (pane->height - grid->body_rows);
    }
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
