/* grid_columns: which columns a grid shows, in what order, how wide; with undo.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_GRID_COLUMNS_H
#define MWB_TUI_GRID_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/result.h"

struct grid_column {
    size_t index; /* in the result */
    int width;    /* columns of the screen */
    bool hidden;
    bool is_fixed; /* the person set the width: it no longer grows */
};

struct grid_columns {
    struct array list;         /* of struct grid_column, in the order of the screen */
    size_t frozen;             /* so many at the left stay in sight */
    struct array past, future; /* of struct grid_snapshot: undo and redo */
};

void grid_columns_release(struct grid_columns *columns);
/* As the result has them; forgets what was changed. */
void grid_columns_reset(struct grid_columns *columns, const struct result *result);
/* Widen by header, type and the cells of this page; never narrower than before. A cell is
 * as wide as 95 of 100 cells need, at most 40 % of `room`. */
void grid_columns_measure(struct grid_columns *columns, const struct result *result,
                          const struct result_page *page, int room, int null_width);

/* Positions count shown columns only. NULL and -1 when there is none. */
size_t grid_columns_shown(const struct grid_columns *columns);
struct grid_column *grid_columns_at(const struct grid_columns *columns, size_t position);
size_t grid_columns_frozen(const struct grid_columns *columns);

/* What stands in the header needs so much: false when the column is as wide already. */
bool grid_columns_make_room(struct grid_columns *columns, size_t position, int width);

/* Changes that can be undone. False when there was nothing to change. */
bool grid_columns_widen(struct grid_columns *columns, size_t position, int by);
bool grid_columns_fit(struct grid_columns *columns, size_t position,
                      const struct result *result, const struct result_page *page);
bool grid_columns_hide(struct grid_columns *columns, size_t position);
bool grid_columns_unhide(struct grid_columns *columns);
bool grid_columns_move(struct grid_columns *columns, size_t position, int by);
bool grid_columns_freeze(struct grid_columns *columns, size_t count);

/* Undo and redo are one history of columns and of rows: a sort or a filter leaves a mark
 * in it, which the workbench has to undo or redo instead. */
enum grid_step { GRID_STEP_NONE, GRID_STEP_DONE, GRID_STEP_ROWS };
enum grid_step grid_columns_undo(struct grid_columns *columns);
enum grid_step grid_columns_redo(struct grid_columns *columns);
/* Other rows came (again: by a redo), or those before them came back. */
void grid_columns_rows_changed(struct grid_columns *columns, bool is_again);
void grid_columns_rows_back(struct grid_columns *columns);

/* "integer", "text" ...: what stands in the second header row. */
const char *grid_type_name(const struct result_column *column);

#endif
