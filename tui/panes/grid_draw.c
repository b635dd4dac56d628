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

/* The sign of a column that rows are sorted by, with its rank when there are several. */
static void append_order(const struct grid *grid, size_t column, struct text *out)
{
    bool descending = false;
    const struct result_view *view = grid->source->view;
    size_t place = result_view_order(view, column, &descending);
    if (place > 0) {
        text_append(out, descending ? " ↓" : " ↑");
        if (view->orders.count > 1) {
            text_printf(out, "%zu", place);
        }
    }
}

/* What stands in the two rows above a column. */
struct heading {
    const char *name, *kind;
    struct text order; /* the sign behind the name, which is never cut */
    bool right;
};

static struct heading heading_of(struct grid *grid, size_t position)
{
    size_t index = grid_columns_at(&grid->columns, position)->index;
    const struct result_column *column = result_column(grid->result, index);
    const struct grid_fact *fact =
        grid_facts_of(&grid->facts, grid->pane->workbench, grid->result, index);
    struct heading heading = {
        .name = column->name,
        .kind = fact != NULL && fact->kind != NULL ? fact->kind : grid_type_name(column),
        .right = column->numeric};
    append_order(grid, index, &heading.order);
    return heading;
}

/* A column is as wide as its heading, if that is not all too long; true when one became
 * wider and all have to be laid out again. */
static bool make_room(struct grid *grid, const struct stripe *stripes, int count)
{
    enum { KIND_MOST = 24, NAME_MOST = 60 };
    bool is_wider = false;
    for (int i = 0; i < count; i++) {
        struct heading heading = heading_of(grid, stripes[i].position);
        int kind = safetext_width_limited(heading.kind, strlen(heading.kind), KIND_MOST);
        int name = safetext_width_limited(heading.name, strlen(heading.name), NAME_MOST) +
                   safetext_width(text_string(&heading.order), heading.order.length);
        kind = kind > KIND_MOST ? KIND_MOST : kind;
        name = name > NAME_MOST ? NAME_MOST : name;
        is_wider = grid_columns_make_room(&grid->columns, stripes[i].position,
                                          kind > name ? kind : name) ||
                   is_wider;
        text_release(&heading.order);
    }
    return is_wider;
}

static void draw_heading(struct grid *grid, struct view view, const struct stripe *stripe,
                         int y)
{
    struct heading heading = heading_of(grid, stripe->position);
    struct style look = style(y == 0 ? ROLE_HEADER : ROLE_HEADER_TYPE);
    int order =
        y > 0 ? 0 : safetext_width(text_string(&heading.order), heading.order.length);
    order = order < stripe->width ? order : 0;
    view_field(view, stripe->x, y, stripe->width - order, look,
               y == 0 ? heading.name : heading.kind, -1, heading.right);
    if (order > 0) {
        int name = safetext_width_limited(heading.name, strlen(heading.name),
                                          stripe->width - order);
        bool is_short = !heading.right && name < stripe->width - order;
        view_text(view, stripe->x + (is_short ? name : stripe->width - order), y, look,
                  text_string(&heading.order), -1);
    }
    text_release(&heading.order);
}

static void draw_header(struct grid *grid, struct view view, const struct stripe *stripes,
                        int count, int rows)
{
    for (int y = 0; y < rows; y++) {
        view_fill(view, 0, y, view.width, 1,
                  style(y == 0 ? ROLE_HEADER : ROLE_HEADER_TYPE));
        for (int i = 0; i < count; i++) {
            draw_heading(grid, view, &stripes[i], y);
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
    const struct grid_fact *fact = array_at(&grid->facts.columns, at->index);
    if (grid_fact_broken(fact, cell) != NULL) {
        role = ROLE_WARNING;
        view_sign(view, stripe->x - 1, y, style(role), "✗");
    }
    view_field(view, stripe->x, y, stripe->width, style(role), bytes, length, right);
}

const char *grid_broken_here(struct grid *grid)
{
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    if (at == NULL || grid->row < grid->page.first) {
        return NULL;
    }
    const struct result_cell *cell =
        result_page_cell(&grid->page, grid->row - grid->page.first, at->index);
    return grid_fact_broken(array_at(&grid->facts.columns, at->index), cell);
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
    for (int i = 0; i < count; i++) {
        struct style look;
        if (grid_compared(grid, row,
                          grid_columns_at(&grid->columns, stripes[i].position)->index,
                          &look)) {
            view_restyle(view, stripes[i].x, y, stripes[i].width, look);
        }
    }
    for (int i = 0; grid->block.is_set && i < count; i++) {
        if (grid_is_in_block(grid, row, stripes[i].position)) {
            view_restyle(view, stripes[i].x, y, stripes[i].width, style(ROLE_MATCH));
        }
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
    while (make_room(grid, stripes, count)) {
        count = lay_out_cursor(grid, view.width, stripes);
    }
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
