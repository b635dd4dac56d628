/* grid: draw the rows that are on the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/grid.h"
#include "tui/widget/textview.h"

#include <stdio.h>
#include <string.h>

static struct style style(enum role role)
{
    return style_of(role);
}

/* ---- Instead of rows ---- */

static void draw_sentence(struct view view, enum role role, const char *sentence)
{
    textview_paragraph(view_inside(view, 1, 1, view.width - 2, view.height - 2), role,
                       sentence);
}

static void draw_nothing(struct grid *grid, struct view view)
{
    const struct workbench_result *shown = grid->pane->workbench->shown;
    if (shown == NULL) {
        draw_sentence(
            view, ROLE_DIM,
            "No rows yet. Write SQL in the editor and press Ctrl-J (or Esc Enter) "
            "to run it, or press Enter on a table of the catalog.");
    } else if (shown->error.kind != ERROR_NONE) {
        draw_sentence(view, ROLE_ERROR, shown->error.message);
    } else if (shown->getting != NULL) {
        draw_sentence(view, ROLE_DIM, "Fetching what the statement needs ...");
    } else if (!shown->is_over) {
        draw_sentence(view, ROLE_DIM, "Running ... Ctrl-C stops it.");
    } else {
        draw_sentence(view, ROLE_DIM, "Done. The statement gives no rows.");
    }
}

/* ---- Columns on the screen ---- */

struct stripe {
    size_t position;
    int x, width;
};

/* Which columns stand where: the frozen ones, then from `left` on. The last may be cut.
 */
static int lay_out(const struct grid *grid, int width, struct stripe *stripes, int most)
{
    size_t shown = grid_columns_shown(&grid->columns);
    size_t frozen = grid_columns_frozen(&grid->columns);
    int x = 1;
    int count = 0;
    for (size_t i = 0; i < shown && count < most && x < width - 1; i++) {
        if (i >= frozen && i < grid->left) {
            continue;
        }
        int wanted = grid_columns_at(&grid->columns, i)->width;
        int room = width - 1 - x;
        stripes[count++] = (struct stripe){
            .position = i, .x = x, .width = wanted < room ? wanted : room};
        x += wanted + 3;
    }
    return count;
}

static bool is_whole(const struct grid *grid, const struct stripe *stripe)
{
    return stripe->width == grid_columns_at(&grid->columns, stripe->position)->width;
}

enum { STRIPES_MOST = 256 };

/* Scroll sideways until the cursor's column is in sight as a whole, if it can be. */
static int lay_out_cursor(struct grid *grid, int width, struct stripe *stripes)
{
    size_t frozen = grid_columns_frozen(&grid->columns);
    if (grid->left < frozen) {
        grid->left = frozen;
    }
    if (grid->column >= frozen && grid->column < grid->left) {
        grid->left = grid->column;
    }
    for (;;) {
        int count = lay_out(grid, width, stripes, STRIPES_MOST);
        for (int i = 0; i < count; i++) {
            bool is_cursor = stripes[i].position == grid->column;
            bool is_first = stripes[i].position == grid->left;
            if (is_cursor && (is_first || is_whole(grid, &stripes[i]))) {
                return count;
            }
        }
        if (grid->column < frozen || grid->left >= grid->column) {
            return count;
        }
        grid->left++;
    }
}

/* ---- Drawing ---- */

static void draw_separator(struct grid *grid, struct view view,
                           const struct stripe *stripe, int y)
{
    size_t frozen = grid_columns_frozen(&grid->columns);
    bool is_edge = frozen > 0 && stripe->position + 1 == frozen;
    int x = stripe->x + stripe->width + 1;
    if (x < view.width - 1) {
        view_text(view, x, y, style(ROLE_BORDER), is_edge ? "!" : "|", 1);
    }
}

static void draw_header(struct grid *grid, struct view view, const struct stripe *stripes,
                        int count, int rows)
{
    static const enum role roles[] = {ROLE_HEADER, ROLE_HEADER_TYPE};
    for (int y = 0; y < rows; y++) {
        view_fill(view, 0, y, view.width, 1, style(roles[y]));
        for (int i = 0; i < count; i++) {
            const struct grid_column *at =
                grid_columns_at(&grid->columns, stripes[i].position);
            const struct result_column *column = result_column(grid->result, at->index);
            const char *text = y == 0 ? column->name : grid_type_name(column);
            view_field(view, stripes[i].x, y, stripes[i].width, style(roles[y]), text, -1,
                       column->numeric);
            draw_separator(grid, view, &stripes[i], y);
        }
    }
}

static void draw_cell(struct grid *grid, struct view view, const struct stripe *stripe,
                      int y, const struct result_cell *cell)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, stripe->position);
    bool right = result_column(grid->result, at->index)->numeric;
    enum role role = ROLE_TEXT;
    const char *bytes = cell->bytes;
    ptrdiff_t length = (ptrdiff_t)cell->length;
    char blob[64];
    if (cell->type == RESULT_NULL) {
        role = ROLE_NULL;
        bytes = options_get(grid->pane->workbench->options, "null_text");
        length = -1;
    } else if (cell->type == RESULT_INTEGER || cell->type == RESULT_REAL) {
        role = ROLE_NUMBER;
    } else if (cell->type == RESULT_BLOB) {
        role = ROLE_ESCAPED;
        int used = 0;
        for (size_t i = 0; i < cell->length && i < 24; i++) {
            used += snprintf(blob + used, sizeof blob - (size_t)used, "%02x",
                             (unsigned char)cell->bytes[i]);
        }
        blob[used] = '\0';
        bytes = blob;
        length = used;
    }
    view_field(view, stripe->x, y, stripe->width, style(role), bytes, length, right);
}

static void draw_row(struct grid *grid, struct view view, const struct stripe *stripes,
                     int count, int y, long long row)
{
    if (row >= grid->page.first + grid->page.rows) {
        return;
    }
    for (int i = 0; i < count; i++) {
        const struct grid_column *at =
            grid_columns_at(&grid->columns, stripes[i].position);
        const struct result_cell *cell =
            result_page_cell(&grid->page, row - grid->page.first, at->index);
        draw_cell(grid, view, &stripes[i], y, cell);
        draw_separator(grid, view, &stripes[i], y);
    }
    if (grid_is_marked(grid, row)) {
        view_text(view, 0, y, style(ROLE_MATCH), "*", 1);
    }
}

static void draw_cursor(struct grid *grid, struct view view, const struct stripe *stripes,
                        int count, int y, bool focused)
{
    for (int i = 0; i < count; i++) {
        if (stripes[i].position == grid->column) {
            view_restyle(view, stripes[i].x, y, stripes[i].width,
                         style(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    view_text(view, 0, y, style(focused ? ROLE_KEY : ROLE_DIM), ">", 1);
}

void grid_clamp(struct grid *grid)
{
    long long count = grid_rows(grid);
    int rows = grid->body_rows > 0 ? grid->body_rows : 1;
    if (grid->row >= count) {
        grid->row = count > 0 ? count - 1 : 0;
    }
    if (grid->row < grid->top) {
        grid->top = grid->row;
    }
    if (grid->row >= grid->top + rows) {
        grid->top = grid->row - rows + 1;
    }
    if (grid->top + rows > count) {
        grid->top = count > rows ? count - rows : 0;
    }
    size_t shown = grid_columns_shown(&grid->columns);
    if (grid->column >= shown) {
        grid->column = shown > 0 ? shown - 1 : 0;
    }
}

void grid_draw(struct pane *pane, struct view view, bool focused)
{
    struct grid *grid = pane->state;
    grid->pane = pane;
    if (!grid_sync(grid)) {
        draw_nothing(grid, view);
        return;
    }
    struct stripe stripes[STRIPES_MOST];
    int header = view.height >= 8 ? 2 : 1;
    int rows = view.height - header;
    grid->body_rows = rows > 0 ? rows : 1;
    grid_clamp(grid);
    grid_load_page(grid, grid->body_rows);
    int count = lay_out_cursor(grid, view.width, stripes);
    draw_header(grid, view, stripes, count, header);
    if (grid->page_error.kind != ERROR_NONE) {
        draw_sentence(view_inside(view, 0, header, view.width, rows), ROLE_ERROR,
                      grid->page_error.message);
        return;
    }
    for (int y = 0; y < rows && grid->top + y < grid_rows(grid); y++) {
        draw_row(grid, view, stripes, count, header + y, grid->top + y);
    }
    if (grid_rows(grid) > 0) {
        draw_cursor(grid, view, stripes, count, header + (int)(grid->row - grid->top),
                    focused);
    } else {
        view_text(view, 1, header, style(ROLE_DIM),
                  grid->source->is_over ? "no rows" : "running ...", -1);
    }
}
