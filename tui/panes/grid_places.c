/* grid_places: from one result to another. Views of the same rows keep the columns as
 * they are and share one history of changes; other rows get columns of their own; and
 * whoever goes back finds the cursor, the columns and the marks where they were.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

static void release_place(struct grid_place *place)
{
    grid_columns_release(&place->columns);
    array_release(&place->marks);
}

void grid_places_forget(struct grid *grid)
{
    for (size_t i = 0; i < grid->places.count; i++) {
        release_place(array_at(&grid->places, i));
    }
    array_clear(&grid->places);
}

static void begin_rows(struct grid *grid)
{
    grid->row = grid->top = 0;
    grid->block = (struct grid_block){0};
    grid->marks = (struct array)ARRAY_OF(long long);
}

static void begin_columns(struct grid *grid)
{
    grid->column = grid->left = 0;
    grid->was_measured = false;
    grid_columns_reset(&grid->columns, grid->result);
    grid_facts_reset(&grid->facts, result_column_count(grid->result));
}

/* Down to rows made from those shown so far. */
static void go_on(struct grid *grid, const struct workbench_result *shown)
{
    const struct workbench_result *below = shown->below;
    bool is_same =
        shown->view != NULL && (below == shown->base || below->base == shown->base);
    struct grid_place *place = array_push(&grid->places);
    *place = (struct grid_place){.serial = grid->serial,
                                 .row = grid->row,
                                 .top = grid->top,
                                 .column = grid->column,
                                 .left = grid->left,
                                 .is_same = is_same,
                                 .marks = grid->marks};
    begin_rows(grid);
    if (is_same) {
        grid_columns_rows_changed(&grid->columns, grid->goes_forward);
    } else {
        place->columns = grid->columns;
        grid->columns = (struct grid_columns){0};
        begin_columns(grid);
    }
}

/* Back by one place. */
static void go_back(struct grid *grid)
{
    struct grid_place *place = array_at(&grid->places, grid->places.count - 1);
    array_release(&grid->marks);
    grid->block = (struct grid_block){0};
    grid->marks = place->marks;
    grid->row = place->row;
    grid->top = place->top;
    if (place->is_same) {
        grid_columns_rows_back(&grid->columns);
    } else {
        grid_columns_release(&grid->columns);
        grid_facts_reset(&grid->facts, result_column_count(grid->result));
        grid->columns = place->columns;
        grid->column = place->column;
        grid->left = place->left;
    }
    array_remove(&grid->places, grid->places.count - 1);
}

static bool knows(const struct grid *grid, unsigned long serial)
{
    for (size_t i = 0; i < grid->places.count; i++) {
        const struct grid_place *place = array_at(&grid->places, i);
        if (place->serial == serial) {
            return true;
        }
    }
    return false;
}

static bool is_over_these(const struct grid *grid, const struct workbench_result *shown)
{
    return grid->serial != 0 && shown->below != NULL &&
           shown->below->serial == grid->serial && grid->columns.list.count > 0;
}

void grid_places_follow(struct grid *grid, struct workbench_result *shown)
{
    unsigned long before = grid->serial;
    grid_forget_search(grid);
    grid_sum_forget(grid);
    grid->source = shown;
    grid->result = shown->result;
    grid->page_wanted = -1;
    if (before == shown->serial && grid->columns.list.count > 0) {
        return; /* the rows that could not be shown for a while */
    }
    if (knows(grid, shown->serial)) {
        bool is_there = false;
        while (!is_there) {
            const struct grid_place *top =
                array_at(&grid->places, grid->places.count - 1);
            is_there = top->serial == shown->serial;
            go_back(grid);
        }
    } else if (is_over_these(grid, shown)) {
        go_on(grid, shown);
    } else {
        grid_places_forget(grid);
        array_release(&grid->marks);
        begin_rows(grid);
        begin_columns(grid);
    }
    grid->serial = shown->serial;
}
