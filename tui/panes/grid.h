/* grid: the state of the result pane, shared by its files: grid.c the pane,
 * grid_places.c the way through views and back, grid_actions.c what keys do, grid_chart.c
 * which chart suits, grid_draw.c drawing, grid_cells.c one cell and one row in full.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_GRID_H
#define MWB_TUI_GRID_H

#include "tui/layout.h"
#include "tui/panes/grid_columns.h"
#include "tui/panes/grid_facts.h"

/* Cells from one corner to the other, both among them; columns are positions. */
struct grid_block {
    bool is_set, is_open; /* open: the cursor moves the second corner */
    long long from_row, to_row;
    size_t from_column, to_column;
};

/* What the marked cells add up to, as far as they were looked at. */
struct grid_sum {
    bool is_asked, is_done;
    struct grid_block region; /* not set: rows are places among the marks */
    long long row, budget;    /* the next */
    size_t column;
    int timer;
    struct result_sum total;
};

struct grid {
    struct pane *pane;
    struct workbench_result
        *source; /* what it is laid out for; never followed when stale */
    struct result *result;
    unsigned long serial; /* of source, to notice another one */
    struct grid_columns columns;
    struct grid_facts facts; /* of the columns of the result */
    struct result_page page; /* rows on the screen */
    struct error page_error;
    long long page_first, page_wanted, page_count; /* what `page` holds */
    long long row, top;            /* cursor and first row on the screen */
    size_t column, left;           /* cursor and first not frozen column: positions */
    int body_rows;                 /* of the last drawing */
    struct result_filter searched; /* what n and N look for */
    char *searched_text;           /* as it was typed; NULL: nothing */
    struct result_search search;   /* one that goes on in slices */
    size_t find_position;          /* where it begins in its first row */
    int find_timer;                /* its next slice; 0: none */
    struct array marks;            /* of long long: marked rows, sorted */
    struct grid_block block;
    struct grid_sum sum;
    unsigned long tab;    /* id of the one whose rows these are; 0: none yet */
    struct array shelves; /* of struct grid_shelf: what it was like in other tabs */
    struct array places;  /* of struct grid_place: where one was in the rows below */
    bool goes_forward;    /* the rows that come next are there again */
    bool was_measured;
    char *copy_asked; /* what is copied once a purpose was said */
};

/* Where one was in rows that others were made from, for the way back. */
struct grid_place {
    unsigned long serial; /* of the rows */
    long long row, top;
    size_t column, left;
    bool is_same; /* the rows above it are a view of them: the columns are shared */
    struct grid_columns columns; /* else these */
    struct array marks;          /* of long long */
};

/* grid_places.c: follow the workbench from one result to another, by way of sorts,
 * filters and counts and back. */
void grid_places_follow(struct grid *grid, struct workbench_result *shown);
void grid_places_forget(struct grid *grid);

/* grid_tabs.c: another tab came to the front. */
void grid_tabs_init(struct grid *grid);
void grid_tabs_follow(struct grid *grid);
void grid_tabs_release(struct grid *grid);

/* The result of the workbench, if there are rows to show; follows a change of result. */
bool grid_sync(struct grid *grid);
long long grid_rows(const struct grid *grid);
void grid_load_page(struct grid *grid, int rows);

/* How the cell under the cursor breaks its contract, borrowed; NULL: it does not. */
const char *grid_broken_here(struct grid *grid);

void grid_draw(struct pane *pane, struct view view, bool focused);

/* grid_marks.c */
bool grid_is_marked(const struct grid *grid, long long row);
void grid_toggle_mark(struct grid *grid);
void grid_toggle_block(struct grid *grid);
bool grid_unmark(struct grid *grid);                      /* false: nothing was */
struct grid_block grid_block_of(const struct grid *grid); /* the first corner first */
bool grid_is_in_block(const struct grid *grid, long long row, size_t column);
void grid_sum_follow(struct grid *grid); /* after whatever changed marks or cursor */
void grid_sum_forget(struct grid *grid);
void grid_sum_describe(const struct grid *grid, int room, struct text *out);

/* grid_copy.c */
/* "cell", "row", "rows" (those marked), "block" or "" for what is marked, else the cell;
 * then a format: text, csv, markdown, sql. */
void grid_copy(struct grid *grid, const char *what);
void grid_ask_copy(struct grid *grid);
/* "12 0 30": of the columns from the left; 0 leaves one as it is. */
void grid_set_widths(struct grid *grid, const char *widths);

/* grid_find.c */
void grid_ask_search(struct grid *grid);
void grid_search_next(struct grid *grid);
void grid_search_previous(struct grid *grid);
void grid_forget_search(struct grid *grid); /* one that is under way */
void grid_find_release(struct grid *grid);

/* grid_actions.c */
bool grid_act(struct grid *grid, const char *action);  /* false: no such action */
const char *grid_column_name(const struct grid *grid); /* under the cursor */
void grid_scroll(struct grid *grid, long long by);
/* Keep the cursor inside the rows and on the screen. */
void grid_clamp(struct grid *grid);

/* grid_chart.c */
void grid_chart_column(struct grid *grid);

/* grid_sheets.c */
void grid_pivot(struct grid *grid);
void grid_totals(struct grid *grid);
/* How a cell of a comparison looks: new, gone, changed; false: as any other. */
bool grid_compared(const struct grid *grid, long long row, size_t column,
                   struct style *look);
bool grid_drill(struct grid *grid); /* false: no groups, nothing is behind them */

/* grid_cells.c */
void grid_open_cell(struct grid *grid);
void grid_open_record(struct grid *grid);

#endif
