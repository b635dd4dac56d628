/* grid: which chart suits the column under the cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <string.h>

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
void grid_chart_column(struct grid *grid)
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
        chart_line(grid, x, column);
    } else if (!is_alone && !other->numeric && grid_rows(grid) <= BARS_MOST) {
        screen_runf(screen, "chart bar --x \"%s\" --y \"%s\"", other->name, column->name);
    } else {
        screen_runf(screen, "chart histogram --x \"%s\"", column->name);
    }
}
