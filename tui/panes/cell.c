/* cell: one value in full: long text wrapped, JSON as a tree, bytes as hexadecimal
 * digits, instants in words. The argument is row and column from 1, or nothing: the cell
 * under the cursor of the grid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/cell_tree.h"
#include "tui/panes/cell_words.h"
#include "tui/panes/grid.h"
#include "tui/panes/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { CELL_MOST = 4 << 20, HEX_MOST = 1 << 18 };

enum shape { SHAPE_TREE, SHAPE_TEXT, SHAPE_BYTES };

struct cell_pane {
    struct page page; /* first: page.h works on it; text and bytes */
    struct cell_tree tree;
    bool has_tree;
    enum shape shape;
    struct text value;
    enum result_type type;
    size_t length; /* of the whole value */
    struct text head, words;
    char *column;
    unsigned long serial; /* of the rows it is one of */
    long long row;
    size_t index; /* of its column */
    struct error error;
};

/* ---- What is told of it ---- */

static void describe(struct cell_pane *cell, const struct workbench *workbench)
{
    static const char *const types[] = {[RESULT_NULL] = "no value (NULL)",
                                        [RESULT_INTEGER] = "integer",
                                        [RESULT_REAL] = "number",
                                        [RESULT_TEXT] = "text",
                                        [RESULT_BLOB] = "bytes"};
    char size[32];
    long long now =
        workbench->catalog != NULL ? catalog_now(workbench->catalog) : path_now();
    text_append(&cell->head, types[cell->type]);
    if (cell->type == RESULT_TEXT) {
        long long characters = 0;
        for (size_t i = 0; i < cell->value.length; i++) {
            characters += ((unsigned char)cell->value.data[i] & 0xC0) != 0x80;
        }
        text_append(&cell->head,
                    cell->length > cell->value.length ? ", more than " : ", ");
        text_append_count(&cell->head, characters, "character");
    }
    if (cell->length >= 1024 || cell->type == RESULT_BLOB) {
        string_of_bytes((long long)cell->length, size, sizeof size);
        text_printf(&cell->head, ", %s", size);
    }
    if (cell->length > cell->value.length) {
        text_append(&cell->head, ": the first 4 MiB; export has them all");
    }
    cell_instant_words(text_string(&cell->value), cell->value.length, now, &cell->words);
}

/* ---- As text and as bytes ---- */

static void append_hex_line(struct text *out, const struct text *bytes, size_t from)
{
    text_printf(out, "%08zx ", from);
    for (size_t i = from; i < from + 16; i++) {
        text_append(out, i == from + 8 ? " " : "");
        if (i < bytes->length) {
            text_printf(out, " %02x", (unsigned char)bytes->data[i]);
        } else {
            text_append(out, "   ");
        }
    }
    text_append(out, "  ");
    for (size_t i = from; i < from + 16 && i < bytes->length; i++) {
        unsigned char c = (unsigned char)bytes->data[i];
        text_append_char(out, c >= 32 && c < 127 ? (char)c : '.');
    }
}

static void fill_bytes(struct cell_pane *cell)
{
    struct text line = {0};
    for (size_t i = 0; i < cell->value.length && i < HEX_MOST; i += 16) {
        text_clear(&line);
        append_hex_line(&line, &cell->value, i);
        textview_line(cell->page.text, ROLE_TEXT, text_string(&line));
    }
    if (cell->value.length > HEX_MOST) {
        textview_line(cell->page.text, ROLE_DIM, "and more bytes; export has them all");
    }
    text_release(&line);
}

/* A NUL would end the text for those who draw it. */
static void fill_text(struct cell_pane *cell)
{
    struct text text = {0};
    for (size_t i = 0; i < cell->value.length; i++) {
        char c = cell->value.data[i];
        if (c == '\0') {
            text_append(&text, "\xE2\x90\x80");
        } else {
            text_append_char(&text, c);
        }
    }
    textview_lines(cell->page.text, cell->type == RESULT_TEXT ? ROLE_TEXT : ROLE_NUMBER,
                   text_string(&text));
    text_release(&text);
}

static void fill_page(struct cell_pane *cell)
{
    textview_clear(cell->page.text);
    if (cell->shape == SHAPE_BYTES) {
        fill_bytes(cell);
    } else if (cell->type == RESULT_NULL) {
        textview_line(cell->page.text, ROLE_NULL, "(null)");
    } else if (cell->shape == SHAPE_TEXT) {
        fill_text(cell);
    }
}

/* ---- Life ---- */

/* The value that the argument names; the cursor of the grid goes along. */
static bool find_cell(struct cell_pane *cell, struct grid *grid, const char *argument)
{
    long long row = 0;
    size_t column = 0;
    const struct grid_column *at = grid_columns_at(&grid->columns, grid->column);
    cell->row = grid->row;
    cell->index = at != NULL ? at->index : 0;
    if (argument != NULL && sscanf(argument, "%lld %zu", &row, &column) >= 1) {
        cell->row = row - 1;
        cell->index = column > 0 ? column - 1 : cell->index;
    }
    if (cell->row < 0 || cell->row >= grid_rows(grid) ||
        cell->index >= result_column_count(grid->result)) {
        return error_set(&cell->error, ERROR_USAGE,
                         "there is no such cell: cell ROW COLUMN, from 1");
    }
    cell->serial = grid->serial;
    cell->column = string_copy(result_column(grid->result, cell->index)->name);
    return result_cell(grid->result, cell->row, cell->index, &cell->value, &cell->type,
                       &cell->error);
}

static void *open_cell(struct screen *screen, const char *argument)
{
    struct cell_pane *cell = memory_new(sizeof *cell);
    struct pane *pane = screen_pane(screen, "grid");
    struct grid *grid = pane != NULL ? pane->state : NULL;
    page_init(&cell->page, "Cell");
    if (grid == NULL || grid->pane == NULL || !grid_sync(grid)) {
        error_set(&cell->error, ERROR_FAILED, "no rows are shown");
    } else if (find_cell(cell, grid, argument)) {
        cell->length = cell->value.length;
        if (cell->value.length > CELL_MOST) {
            text_truncate(&cell->value, CELL_MOST);
        }
        describe(cell, screen_workbench(screen));
        cell->has_tree =
            cell->type == RESULT_TEXT &&
            cell_tree_read(&cell->tree, text_string(&cell->value), cell->value.length);
        cell->shape = cell->has_tree              ? SHAPE_TREE
                      : cell->type == RESULT_BLOB ? SHAPE_BYTES
                                                  : SHAPE_TEXT;
        fill_page(cell);
    }
    if (cell->error.kind != ERROR_NONE) {
        textview_lines(cell->page.text, ROLE_ERROR, cell->error.message);
    }
    return cell;
}

static void close_cell(struct pane *pane)
{
    struct cell_pane *cell = pane->state;
    page_release(&cell->page);
    if (cell->has_tree) {
        cell_tree_release(&cell->tree);
    }
    text_release(&cell->value);
    text_release(&cell->head);
    text_release(&cell->words);
    free(cell->column);
    free(cell);
}

static void title_cell(struct pane *pane, struct text *left, struct text *right)
{
    static const char *const shapes[] = {"as a tree", "as text", "as bytes"};
    const struct cell_pane *cell = pane->state;
    if (cell->error.kind != ERROR_NONE) {
        text_append(left, "Cell");
        return;
    }
    char row[32];
    text_printf(left, "%s, row %s", cell->column,
                string_of_count(cell->row + 1, row, sizeof row));
    if (cell->shape == SHAPE_TREE) {
        cell_tree_path(&cell->tree, right);
        text_append(right, right->length > 0 ? "  " : "");
    }
    text_append(right, shapes[cell->shape]);
}

/* ---- Drawing ---- */

static int head_rows(const struct cell_pane *cell)
{
    return cell->error.kind != ERROR_NONE ? 0 : 1 + (cell->words.length > 0) + 1;
}

static void draw_cell(struct pane *pane, struct view view, bool focused)
{
    struct cell_pane *cell = pane->state;
    int y = 0, head = head_rows(cell);
    if (view.height <= head) {
        head = 0;
    }
    if (head > 0) {
        view_field(view, 0, y++, view.width, style_of(ROLE_DIM), text_string(&cell->head),
                   -1, false);
        if (cell->words.length > 0) {
            view_field(view, 0, y++, view.width, style_of(ROLE_MESSAGE),
                       text_string(&cell->words), -1, false);
        }
    }
    struct view body = view_inside(view, 0, head, view.width, view.height - head);
    if (cell->shape == SHAPE_TREE && cell->error.kind == ERROR_NONE) {
        cell_tree_draw(&cell->tree, body, screen_is_ascii(pane->screen));
    } else {
        page_draw(pane, body, focused);
    }
}

static int wanted_height(struct pane *pane, int width, int most)
{
    const struct cell_pane *cell = pane->state;
    int rows = cell->shape == SHAPE_TREE ? (int)cell->tree.seen.count
                                         : textview_rows(cell->page.text, width - 1);
    rows += head_rows(cell);
    return rows < most ? rows : most;
}

/* ---- Keys ---- */

static void search_tree(struct pane *pane, int direction)
{
    struct cell_pane *cell = pane->state;
    const char *searched = cell->tree.searched;
    if (searched == NULL) {
        screen_message(pane->screen, ROLE_WARNING, "Nothing is searched: / starts one.");
    } else if (!cell_tree_find(&cell->tree, searched, direction)) {
        screen_message(pane->screen, ROLE_WARNING, "\"%s\" does not occur here.",
                       searched);
    }
    screen_dirty(pane->screen);
}

static void on_search_line(struct pane *pane, const char *line)
{
    struct cell_pane *cell = pane->state;
    if (line != NULL && *line != '\0') {
        free(cell->tree.searched);
        cell->tree.searched = string_copy(line);
        search_tree(pane, 1);
    }
}

static bool act_tree(struct pane *pane, const char *action)
{
    struct cell_pane *cell = pane->state;
    struct cell_tree *tree = &cell->tree;
    if (list_act(&tree->list, action)) {
        return true;
    }
    if (string_equal(action, "open")) {
        cell_tree_toggle(tree);
    } else if (string_equal(action, "right") || string_equal(action, "left")) {
        cell_tree_open(tree, string_equal(action, "right"));
    } else if (string_equal(action, "open-all") || string_equal(action, "close-all")) {
        cell_tree_open_all(tree, string_equal(action, "open-all"));
    } else if (string_equal(action, "search")) {
        screen_ask(pane->screen, "/", tree->searched, on_search_line, pane);
    } else if (string_equal(action, "search-next") ||
               string_equal(action, "search-previous")) {
        search_tree(pane, string_equal(action, "search-next") ? 1 : -1);
    } else {
        return false;
    }
    return true;
}

/* The grid copies: it asks whether the cell may leave. */
static void copy(struct pane *pane)
{
    const struct cell_pane *cell = pane->state;
    struct pane *rows = screen_pane(pane->screen, "grid");
    struct grid *grid = rows->state;
    const struct grid_column *at =
        grid_sync(grid) ? grid_columns_at(&grid->columns, grid->column) : NULL;
    if (at != NULL && grid->serial == cell->serial && grid->row == cell->row &&
        at->index == cell->index) {
        grid_copy(grid, "cell");
    } else {
        screen_message(pane->screen, ROLE_WARNING,
                       "the cell is not under the cursor of the grid any more; go there "
                       "to copy it");
    }
}

static void next_shape(struct pane *pane)
{
    struct cell_pane *cell = pane->state;
    cell->shape = (enum shape)((cell->shape + 1) % 3);
    if (cell->shape == SHAPE_TREE && !cell->has_tree) {
        cell->shape = SHAPE_TEXT;
    }
    fill_page(cell);
    screen_dirty(pane->screen);
}

static enum reaction act_cell(struct pane *pane, const char *action, const char *argument)
{
    const struct cell_pane *cell = pane->state;
    bool is_tree = cell->shape == SHAPE_TREE && cell->error.kind == ERROR_NONE;
    if (string_equal(action, "way") && cell->error.kind == ERROR_NONE) {
        next_shape(pane);
    } else if (string_equal(action, "copy")) {
        copy(pane);
    } else if (!is_tree || !act_tree(pane, action)) {
        return page_action(pane, action, argument);
    }
    screen_dirty(pane->screen);
    return REACTION_DONE;
}

const struct pane_kind pane_kind_cell = {
    .name = "cell",
    .hints = "/ search  n next  w way: tree, text, bytes  y copy  + - open, close all",
    .is_dialog = true,
    .open = open_cell,
    .close = close_cell,
    .title = title_cell,
    .draw = draw_cell,
    .action = act_cell,
    .mouse = page_mouse,
    .wanted_height = wanted_height,
};
