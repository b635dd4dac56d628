/* grid_marks: marked rows, a marked block of cells, and what the numbers in them add up
 * to: in slices, since a block may be millions of rows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { ROWS_FIRST = 4096, ROWS_MOST = 1 << 18, SLICE_MICROSECONDS = 4000 };

/* ---- Rows ---- */

/* The place of the first mark at or behind the row. */
static size_t mark_place(const struct grid *grid, long long row)
{
    size_t low = 0, high = grid->marks.count;
    const long long *marks = grid->marks.items;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (marks[middle] < row) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

bool grid_is_marked(const struct grid *grid, long long row)
{
    const long long *mark = array_at(&grid->marks, mark_place(grid, row));
    return mark != NULL && *mark == row;
}

void grid_toggle_mark(struct grid *grid)
{
    size_t at = mark_place(grid, grid->row);
    if (grid_rows(grid) == 0) {
        return;
    }
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

/* ---- A block of cells ---- */

/* Opens one at the cursor; the cursor moves its other corner, until it is closed. */
void grid_toggle_block(struct grid *grid)
{
    struct grid_block *block = &grid->block;
    if (block->is_open) {
        block->is_open = false;
    } else if (grid_rows(grid) > 0) {
        *block = (struct grid_block){.is_set = true,
                                     .is_open = true,
                                     .from_row = grid->row,
                                     .to_row = grid->row,
                                     .from_column = grid->column,
                                     .to_column = grid->column};
    }
}

bool grid_unmark(struct grid *grid)
{
    bool had_some = grid->block.is_set || grid->marks.count > 0;
    grid->block = (struct grid_block){0};
    array_clear(&grid->marks);
    return had_some;
}

struct grid_block grid_block_of(const struct grid *grid)
{
    struct grid_block block = grid->block;
    if (block.from_row > block.to_row) {
        long long row = block.from_row;
        block.from_row = block.to_row;
        block.to_row = row;
    }
    if (block.from_column > block.to_column) {
        size_t column = block.from_column;
        block.from_column = block.to_column;
        block.to_column = column;
    }
    return block;
}

bool grid_is_in_block(const struct grid *grid, long long row, size_t column)
{
    const struct grid_block block = grid_block_of(grid);
    return block.is_set && row >= block.from_row && row <= block.to_row &&
           column >= block.from_column && column <= block.to_column;
}

/* ---- What they add up to ---- */

/* The cells: of the block, else of the column of the cursor in the marked rows. */
static struct grid_block region_of(const struct grid *grid)
{
    if (grid->block.is_set) {
        return grid_block_of(grid);
    }
    return (struct grid_block){.to_row = (long long)grid->marks.count - 1,
                               .from_column = grid->column,
                               .to_column = grid->column};
}

static bool is_same_region(const struct grid_block *a, const struct grid_block *b)
{
    return a->is_set == b->is_set && a->from_row == b->from_row &&
           a->to_row == b->to_row && a->from_column == b->from_column &&
           a->to_column == b->to_column;
}

/* A marked row counts by its place among the marks. */
static bool add_part(struct grid *grid, size_t index, long long count)
{
    struct grid_sum *sum = &grid->sum;
    bool done = true;
    if (sum->region.is_set) {
        return result_add(grid->result, sum->row, count, index, &sum->total, NULL);
    }
    for (long long i = 0; done && i < count; i++) {
        const long long *mark = array_at(&grid->marks, (size_t)(sum->row + i));
        done = result_add(grid->result, *mark, 1, index, &sum->total, NULL);
    }
    return done;
}

static long long microseconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void add_slice(void *owner)
{
    struct grid *grid = owner;
    struct grid_sum *sum = &grid->sum;
    long long begun = microseconds_now();
    sum->timer = 0;
    while (!sum->is_done && microseconds_now() - begun < SLICE_MICROSECONDS) {
        const struct grid_column *at = grid_columns_at(&grid->columns, sum->column);
        long long left = sum->region.to_row - sum->row + 1;
        long long count = left < sum->budget ? left : sum->budget;
        if (at == NULL || !add_part(grid, at->index, count)) {
            sum->is_done = true;
            break;
        }
        sum->row += count;
        sum->budget = sum->budget * 2 > ROWS_MOST ? ROWS_MOST : sum->budget * 2;
        if (sum->row > sum->region.to_row) {
            sum->row = sum->region.from_row;
            sum->column++;
            sum->is_done = sum->column > sum->region.to_column;
        }
        if (microseconds_now() - begun > SLICE_MICROSECONDS && sum->budget > ROWS_FIRST) {
            sum->budget /= 4;
        }
    }
    if (!sum->is_done) {
        sum->timer = loop_after(grid->pane->workbench->loop, 0, add_slice, grid);
    }
    screen_dirty(grid->pane->screen);
}

void grid_sum_forget(struct grid *grid)
{
    loop_cancel(grid->pane->workbench->loop, grid->sum.timer);
    grid->sum = (struct grid_sum){0};
}

void grid_sum_follow(struct grid *grid)
{
    if (grid->block.is_open) {
        grid->block.to_row = grid->row;
        grid->block.to_column = grid->column;
    }
    bool has_some = grid->block.is_set || grid->marks.count > 0;
    struct grid_block region = region_of(grid);
    region.is_open = false;
    if (!has_some) {
        grid_sum_forget(grid);
        return;
    }
    if (grid->sum.is_asked && is_same_region(&grid->sum.region, &region)) {
        return;
    }
    grid_sum_forget(grid);
    grid->sum = (struct grid_sum){.is_asked = true,
                                  .region = region,
                                  .row = region.from_row,
                                  .column = region.from_column,
                                  .budget = ROWS_FIRST};
    add_slice(grid);
}

static void append_number(struct text *out, double number)
{
    char buffer[40];
    if (number == (double)(long long)number && number < 1e15 && number > -1e15) {
        text_append(out, string_of_count((long long)number, buffer, sizeof buffer));
    } else {
        text_printf(out, "%.12g", number);
    }
}

void grid_sum_describe(const struct grid *grid, int room, struct text *out)
{
    const struct result_sum *total = &grid->sum.total;
    char buffer[40];
    struct text more = {0};
    size_t start = out->length;
    if (grid->marks.count > 0) {
        text_append_count(out, (long long)grid->marks.count, "row");
        text_append(out, " marked  ");
    }
    text_append_count(out, total->cells, "cell");
    text_append(out, grid->sum.is_done ? "" : " so far");
    if (total->numbers > 0) {
        text_append(out, "  sum ");
        if (total->is_broken) {
            append_number(out, result_sum_total(total));
        } else {
            text_append(out, string_of_count(total->whole, buffer, sizeof buffer));
        }
        text_append(&more, "  avg ");
        append_number(&more, result_sum_total(total) / (double)total->numbers);
        text_append(&more, "  min ");
        append_number(&more, total->low);
        text_append(&more, "  max ");
        append_number(&more, total->high);
    }
    if (total->empty > 0) {
        text_printf(&more, "  %s NULL",
                    string_of_count(total->empty, buffer, sizeof buffer));
    }
    if ((int)(out->length - start + more.length) <= room) {
        text_append(out, text_string(&more));
    }
    text_release(&more);
}
