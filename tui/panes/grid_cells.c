/* grid: one cell and one row in full.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

/* In a sheet the rows behind the cell say more than the cell. */
void grid_open_cell(struct grid *grid)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    if (at != NULL && grid_rows(grid) > 0 && !grid_drill(grid)) {
        screen_runf(grid->pane->screen, "cell %lld %zu", grid->row + 1, at->index + 1);
    }
}

void grid_open_record(struct grid *grid)
{
    if (grid_rows(grid) > 0) {
        screen_runf(grid->pane->screen, "record %lld", grid->row + 1);
    }
}
