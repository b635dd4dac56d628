/* grid: the state of the result pane, shared by its files: grid.c the pane,
 * grid_actions.c what keys do, grid_chart.c which chart suits, grid_draw.c drawing,
 * grid_cells.c one cell and one row in full. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_GRID_H
#define MWB_TUI_GRID_H

#include "tui/layout.h"
#include "tui/panes/grid_columns.h"

struct grid {
    struct pane *pane;
    struct workbench_result
        *source; /* what it is laid out for; never followed when stale */
    struct result *result;
    unsigned long serial; /* of source, to notice another one */
    struct grid_columns columns;
    struct result_page page; /* rows on the screen */
    struct error page_error;
    long long page_first, page_wanted, page_count; /* what `page` holds */
    long long row, top;  /* cursor and first row on the screen */
    size_t column, left; /* cursor and first not frozen column: positions */
    int body_rows;       /* of the last drawing */
    char *searched;
    int find_timer; /* a search that goes on in slices */
    long long find_from, find_seen;
    bool find_backwards;
    struct array marks; /* of long long: marked rows, sorted */
    bool was_measured;
};

/* The result of the workbench, if there are rows to show; follows a change of result. */
bool grid_sync(struct grid *grid);
long long grid_rows(const struct grid *grid);
void grid_load_page(struct grid *grid, int rows);
void grid_forget_search(struct grid *grid);
bool grid_is_marked(const struct grid *grid, long long row);

void grid_draw(struct pane *pane, struct view view, bool focused);

/* grid_actions.c */
bool grid_act(struct grid *grid, const char *action);  /* false: no such action */
const char *grid_column_name(const struct grid *grid); /* under the cursor */
void grid_scroll(struct grid *grid, long long by);
/* Keep the cursor inside the rows and on the screen. */
void grid_clamp(struct grid *grid);

/* grid_chart.c */
void grid_chart_column(struct grid *grid);

/* grid_cells.c */
void grid_open_cell(struct grid *grid);
void grid_open_record(struct grid *grid);
void grid_copy(struct grid *grid, bool whole_row);

#endif
