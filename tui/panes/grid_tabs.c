/* grid_tabs: from one tab to another. What the grid was like in each is put on a shelf,
 * so that whoever comes back finds the cursor, the columns and the marks where they were.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

struct grid_shelf {
    unsigned long tab, serial; /* the tab's id; of its rows then */
    long long row, top;
    size_t column, left;
    bool was_measured;
    struct grid_columns columns;
    struct grid_facts facts;
    struct grid_block block;
    struct array marks, places;
};

void grid_tabs_init(struct grid *grid)
{
    grid->shelves = (struct array)ARRAY_OF(struct grid_shelf);
}

/* Whatever of the grid is about rows; it holds nothing afterwards. */
static void release_rows(struct grid *grid)
{
    grid_places_forget(grid);
    grid_columns_release(&grid->columns);
    grid_facts_release(&grid->facts);
    array_release(&grid->marks);
}

static void put_on_shelf(struct grid *grid)
{
    *(struct grid_shelf *)array_push(&grid->shelves) = (struct grid_shelf){
        .tab = grid->tab,
        .serial = grid->serial,
        .row = grid->row,
        .top = grid->top,
        .column = grid->column,
        .left = grid->left,
        .was_measured = grid->was_measured,
        .columns = grid->columns,
        .facts = grid->facts,
        .block = grid->block,
        .marks = grid->marks,
        .places = grid->places,
    };
}

static void take(struct grid *grid, const struct grid_shelf *shelf)
{
    grid->serial = shelf->serial;
    grid->row = shelf->row;
    grid->top = shelf->top;
    grid->column = shelf->column;
    grid->left = shelf->left;
    grid->was_measured = shelf->was_measured;
    grid->columns = shelf->columns;
    grid->facts = shelf->facts;
    grid->block = shelf->block;
    grid->marks = shelf->marks;
    grid->places = shelf->places;
}

/* From the shelf of the tab; a tab that has none begins anew. */
static void take_from_shelf(struct grid *grid, unsigned long tab)
{
    struct grid_shelf found = {.marks = ARRAY_OF(long long),
                               .places = ARRAY_OF(struct grid_place)};
    for (size_t i = grid->shelves.count; i-- > 0;) {
        struct grid_shelf *shelf = array_at(&grid->shelves, i);
        if (shelf->tab == tab) {
            found = *shelf;
            array_remove(&grid->shelves, i);
        }
    }
    take(grid, &found);
}

static void forget_closed(struct grid *grid)
{
    for (size_t i = grid->shelves.count; i-- > 0;) {
        struct grid_shelf *shelf = array_at(&grid->shelves, i);
        if (workbench_tab_of(grid->pane->workbench, shelf->tab) == NULL) {
            struct grid closed = {0};
            take(&closed, shelf);
            release_rows(&closed);
            array_release(&closed.places);
            array_remove(&grid->shelves, i);
        }
    }
}

void grid_tabs_follow(struct grid *grid)
{
    unsigned long front = workbench_tab_in_front(grid->pane->workbench)->id;
    if (front == grid->tab) {
        return;
    }
    grid_forget_search(grid);
    grid_sum_forget(grid);
    put_on_shelf(grid);
    forget_closed(grid);
    take_from_shelf(grid, front);
    grid->tab = front;
    grid->source = NULL;
    grid->result = NULL;
    grid->page_wanted = -1;
}

void grid_tabs_release(struct grid *grid)
{
    for (size_t i = 0; i < grid->shelves.count; i++) {
        struct grid kept = {0};
        take(&kept, array_at(&grid->shelves, i));
        release_rows(&kept);
        array_release(&kept.places);
    }
    array_release(&grid->shelves);
}
