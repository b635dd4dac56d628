/* grid_columns: the columns of a grid and what a person changed about them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid_columns.h"
#include "engine/safetext.h"

#include <stdlib.h>
#include <string.h>

enum { NARROWEST = 3, SNAPSHOTS_MOST = 100 };

struct grid_snapshot {
    struct grid_column *columns;
    size_t count, frozen;
};

/* ---- Snapshots ---- */

static void drop_snapshots(struct array *snapshots)
{
    for (size_t i = 0; i < snapshots->count; i++) {
        free(((struct grid_snapshot *)array_at(snapshots, i))->columns);
    }
    array_clear(snapshots);
}

static void push_snapshot(const struct grid_columns *columns, struct array *to)
{
    size_t bytes = columns->list.count * sizeof(struct grid_column);
    struct grid_snapshot *snapshot = array_push(to);
    snapshot->columns = memory_new(bytes);
    memcpy(snapshot->columns, columns->list.items, bytes);
    snapshot->count = columns->list.count;
    snapshot->frozen = columns->frozen;
    if (to->count > SNAPSHOTS_MOST) {
        free(((struct grid_snapshot *)array_at(to, 0))->columns);
        array_remove(to, 0);
    }
}

static void before_change(struct grid_columns *columns)
{
    push_snapshot(columns, &columns->past);
    drop_snapshots(&columns->future);
}

static bool is_of_rows(const struct grid_snapshot *snapshot)
{
    return snapshot->columns == NULL;
}

static enum grid_step step_through(struct grid_columns *columns, struct array *from,
                                   struct array *to)
{
    struct grid_snapshot *snapshot =
        from->count > 0 ? array_at(from, from->count - 1) : NULL;
    if (snapshot == NULL || is_of_rows(snapshot)) {
        return snapshot == NULL ? GRID_STEP_NONE : GRID_STEP_ROWS;
    }
    push_snapshot(columns, to);
    memcpy(columns->list.items, snapshot->columns,
           snapshot->count * sizeof(struct grid_column));
    columns->frozen = snapshot->frozen;
    free(snapshot->columns);
    array_remove(from, from->count - 1);
    return GRID_STEP_DONE;
}

enum grid_step grid_columns_undo(struct grid_columns *columns)
{
    return step_through(columns, &columns->past, &columns->future);
}

enum grid_step grid_columns_redo(struct grid_columns *columns)
{
    return step_through(columns, &columns->future, &columns->past);
}

/* Take the newest mark of rows out of a history. */
static void take_mark(struct array *snapshots)
{
    for (size_t i = snapshots->count; i > 0; i--) {
        if (is_of_rows(array_at(snapshots, i - 1))) {
            array_remove(snapshots, i - 1);
            return;
        }
    }
}

void grid_columns_rows_changed(struct grid_columns *columns, bool is_again)
{
    if (is_again) {
        take_mark(&columns->future);
    } else {
        drop_snapshots(&columns->future);
    }
    array_push(&columns->past);
}

void grid_columns_rows_back(struct grid_columns *columns)
{
    take_mark(&columns->past);
    array_push(&columns->future);
}

/* ---- Life ---- */

void grid_columns_release(struct grid_columns *columns)
{
    drop_snapshots(&columns->past);
    drop_snapshots(&columns->future);
    array_release(&columns->past);
    array_release(&columns->future);
    array_release(&columns->list);
}

void grid_columns_reset(struct grid_columns *columns, const struct result *result)
{
    grid_columns_release(columns);
    *columns = (struct grid_columns){
        .list = ARRAY_OF(struct grid_column),
        .past = ARRAY_OF(struct grid_snapshot),
        .future = ARRAY_OF(struct grid_snapshot),
    };
    for (size_t i = 0; i < result_column_count(result); i++) {
        struct grid_column *column = array_push(&columns->list);
        column->index = i;
        column->width = NARROWEST;
    }
}

/* ---- Widths ---- */

const char *grid_type_name(const struct result_column *column)
{
    if (column->declared != NULL && column->declared[0] != '\0') {
        return column->declared;
    }
    return column->numeric ? "number" : "text";
}

static int header_width(const struct result_column *column)
{
    int name = safetext_width(column->name, strlen(column->name));
    const char *type = grid_type_name(column);
    int type_width = safetext_width(type, strlen(type));
    return name > type_width ? name : type_width;
}

static int compare_widths(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

/* The width that `percent` of 100 cells of the page need. */
static int cells_width(const struct result_page *page, size_t column, int limit,
                       int null_width, int percent)
{
    if (page->rows == 0) {
        return 0;
    }
    int *widths = memory_new_many((size_t)page->rows, sizeof *widths);
    for (long long i = 0; i < page->rows; i++) {
        const struct result_cell *cell = result_page_cell(page, i, column);
        widths[i] = cell->type == RESULT_NULL
                        ? null_width
                        : safetext_width_limited(cell->bytes, cell->length, limit);
    }
    qsort(widths, (size_t)page->rows, sizeof *widths, compare_widths);
    int width = widths[(page->rows * percent + 99) / 100 - 1];
    free(widths);
    return width;
}

static int clamp(int value, int least, int most)
{
    return value < least ? least : value > most ? most : value;
}

void grid_columns_measure(struct grid_columns *columns, const struct result *result,
                          const struct result_page *page, int room, int null_width)
{
    int most = clamp(room * 2 / 5, 12, 60);
    for (size_t i = 0; i < columns->list.count; i++) {
        struct grid_column *column = array_at(&columns->list, i);
        if (column->is_fixed) {
            continue;
        }
        int header = header_width(result_column(result, column->index));
        int cells = cells_width(page, column->index, most, null_width, 95);
        int width = clamp(header > cells ? header : cells, NARROWEST, most);
        column->width = width > column->width ? width : column->width;
    }
}

/* ---- Positions ---- */

size_t grid_columns_shown(const struct grid_columns *columns)
{
    size_t shown = 0;
    for (size_t i = 0; i < columns->list.count; i++) {
        shown += !((struct grid_column *)array_at(&columns->list, i))->hidden;
    }
    return shown;
}

/* The place in the list of a shown position; SIZE_MAX when there is none. */
static size_t place_of(const struct grid_columns *columns, size_t position)
{
    for (size_t i = 0; i < columns->list.count; i++) {
        const struct grid_column *column = array_at(&columns->list, i);
        if (!column->hidden && position-- == 0) {
            return i;
        }
    }
    return (size_t)-1;
}

struct grid_column *grid_columns_at(const struct grid_columns *columns, size_t position)
{
    return array_at(&columns->list, place_of(columns, position));
}

size_t grid_columns_frozen(const struct grid_columns *columns)
{
    size_t shown = grid_columns_shown(columns);
    return columns->frozen < shown ? columns->frozen : shown;
}

bool grid_columns_make_room(struct grid_columns *columns, size_t position, int width)
{
    struct grid_column *column = grid_columns_at(columns, position);
    if (column == NULL || column->is_fixed || column->width >= width) {
        return false;
    }
    column->width = width;
    return true;
}

/* ---- Changes ---- */

bool grid_columns_widen(struct grid_columns *columns, size_t position, int by)
{
    struct grid_column *column = grid_columns_at(columns, position);
    if (column == NULL || column->width + by < NARROWEST || column->width + by > 500) {
        return false;
    }
    before_change(columns);
    column->width += by;
    column->is_fixed = true;
    return true;
}

bool grid_columns_fit(struct grid_columns *columns, size_t position,
                      const struct result *result, const struct result_page *page)
{
    struct grid_column *column = grid_columns_at(columns, position);
    if (column == NULL) {
        return false;
    }
    before_change(columns);
    int header = header_width(result_column(result, column->index));
    int cells = cells_width(page, column->index, 500, 4, 100);
    column->width = clamp(header > cells ? header : cells, NARROWEST, 500);
    column->is_fixed = true;
    return true;
}

bool grid_columns_hide(struct grid_columns *columns, size_t position)
{
    struct grid_column *column = grid_columns_at(columns, position);
    if (column == NULL || grid_columns_shown(columns) == 1) {
        return false;
    }
    before_change(columns);
    column->hidden = true;
    return true;
}

bool grid_columns_unhide(struct grid_columns *columns)
{
    if (grid_columns_shown(columns) == columns->list.count) {
        return false;
    }
    before_change(columns);
    for (size_t i = 0; i < columns->list.count; i++) {
        ((struct grid_column *)array_at(&columns->list, i))->hidden = false;
    }
    return true;
}

bool grid_columns_move(struct grid_columns *columns, size_t position, int by)
{
    if (by < 0 && position == 0) {
        return false;
    }
    size_t from = place_of(columns, position);
    size_t to = place_of(columns, by < 0 ? position - 1 : position + 1);
    struct grid_column *a = array_at(&columns->list, from);
    struct grid_column *b = array_at(&columns->list, to);
    if (a == NULL || b == NULL) {
        return false;
    }
    before_change(columns);
    struct grid_column kept = *a;
    *a = *b;
    *b = kept;
    return true;
}

bool grid_columns_freeze(struct grid_columns *columns, size_t count)
{
    before_change(columns);
    columns->frozen = columns->frozen == count ? 0 : count;
    return true;
}
