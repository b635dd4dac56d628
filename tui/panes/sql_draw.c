/* sql_draw: the SQL editor on the screen: rows with line numbers, colours by token, the
 * statement at the cursor, the place of an error, the menu beside the cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

enum {
    MENU_ROWS = 10,
    TITLE_RIGHT = 24, /* columns of a title's right end and its frame */
};

/* ---- What is in sight ---- */

/* `count` lines up from the line of the byte. */
static size_t lines_up(const char *text, size_t at, int count)
{
    at = sql_line_start(text, at);
    while (count-- > 0 && at > 0) {
        at = sql_line_start(text, at - 1);
    }
    return at;
}

/* The rows from the first in sight on: it stays where it was, moved as little as shows
 * the cursor. *first is its index. */
static struct array rows_in_sight(struct sql_pane *sql, const struct view *area,
                                  size_t *first)
{
    const char *text = lineedit_text(sql->edit);
    size_t cursor = lineedit_cursor(sql->edit);
    size_t height = (size_t)area->height;
    size_t top = sql->top < cursor ? sql->top : cursor;
    size_t far = lines_up(text, cursor, area->height);
    size_t from = sql_line_start(text, top > far ? top : far);
    struct array rows = sql_rows(text, from, area->width, cursor, height);
    size_t at_cursor = sql_row_of(&rows, cursor);
    *first = sql->top <= cursor ? sql_row_of(&rows, top) : at_cursor;
    if (at_cursor >= *first + height) {
        *first = at_cursor - height + 1;
    }
    sql->top = ((const struct sql_row *)array_at(&rows, *first))->start;
    return rows;
}

/* ---- Colours ---- */

static const enum role token_roles[] = {
    [SQL_SPACE] = ROLE_TEXT,
    [SQL_COMMENT] = ROLE_SQL_COMMENT,
    [SQL_KEYWORD] = ROLE_SQL_KEYWORD,
    [SQL_NAME] = ROLE_SQL_NAME,
    [SQL_STRING] = ROLE_SQL_STRING,
    [SQL_BLOB] = ROLE_SQL_STRING,
    [SQL_NUMBER] = ROLE_SQL_NUMBER,
    [SQL_PARAMETER] = ROLE_SQL_PARAMETER,
    [SQL_OPERATOR] = ROLE_SQL_OPERATOR,
    [SQL_SEMICOLON] = ROLE_SQL_OPERATOR,
    [SQL_BROKEN] = ROLE_SQL_BROKEN,
};

struct painter {
    const struct sql_pane *sql;
    const char *text;
    size_t length;
    struct sql_token token; /* at the place being drawn */
    bool has_token;
    struct sql_span statement; /* at the cursor; length 0: none */
    bool many;                 /* statements: then the one at the cursor is marked */
    size_t selected_start, selected_end;
    size_t bracket, partner; /* the parenthesis at the cursor; SIZE_MAX: none */
    size_t line;             /* of the first row */
    int gutter;
};

static void start_painting(struct painter *painter, const struct sql_pane *sql)
{
    size_t cursor = lineedit_cursor(sql->edit);
    painter->sql = sql;
    painter->text = sql_map_text(sql->map);
    painter->length = sql_map_length(sql->map);
    painter->has_token = sql_map_token_at(sql->map, sql->top, &painter->token);
    painter->many = sql_map_statements(sql->map) > 1;
    sql_map_statement_at(sql->map, cursor, &painter->statement);
    if (!sql_map_parentheses(sql->map, cursor, &painter->bracket, &painter->partner)) {
        painter->bracket = painter->partner = SIZE_MAX;
    }
    if (!lineedit_selection(sql->edit, &painter->selected_start,
                            &painter->selected_end)) {
        painter->selected_start = painter->selected_end = 0;
    }
}

/* Called from left to right: the token moves along. */
static struct style style_at(struct painter *painter, size_t at)
{
    while (painter->has_token && painter->token.start + painter->token.length <= at) {
        size_t next = painter->token.start + painter->token.length;
        painter->has_token =
            sql_next(painter->text, painter->length, next, &painter->token);
    }
    size_t error = painter->sql->error;
    if (at >= painter->selected_start && at < painter->selected_end) {
        return style_of(ROLE_SELECTED);
    }
    if (!painter->has_token) {
        return style_of(ROLE_TEXT);
    }
    if (error >= painter->token.start &&
        error < painter->token.start + painter->token.length) {
        return (struct style){ROLE_ERROR, STYLE_UNDERLINE};
    }
    if (at == painter->bracket || at == painter->partner) {
        bool alone = painter->partner == SIZE_MAX;
        return (struct style){alone ? ROLE_SQL_BROKEN : ROLE_MATCH, STYLE_BOLD};
    }
    const struct advice *advice = sql_advice_at(painter->sql, at);
    struct style style = style_of(token_roles[painter->token.kind]);
    if (advice != NULL && !advice->is_note) {
        style.flags |= STYLE_UNDERLINE;
    }
    return style;
}

/* ---- Drawing ---- */

static void draw_gutter(const struct painter *painter, const struct sql_row *row,
                        struct view line)
{
    const struct sql_span *statement = &painter->statement;
    size_t end = sql_line_end(painter->text, row->start);
    size_t error = painter->sql->error;
    bool inside = painter->many && statement->length > 0 && end >= statement->start &&
                  row->start < statement->start + statement->length;
    if (!row->continues) {
        view_printf(line, 1, 0, style_of(inside ? ROLE_KEY : ROLE_DIM), "%*zu",
                    painter->gutter - 2, painter->line + row->line - 1);
    }
    if (error != SIZE_MAX && error >= row->start && error <= row->end) {
        view_text(line, 0, 0, style_of(ROLE_ERROR), "!", 1);
    } else if (inside) {
        view_sign(line, 0, 0, style_of(ROLE_KEY),
                  canvas_is_ascii(line.canvas) ? "|" : "\u2502");
    }
}

static void draw_row(struct painter *painter, const struct sql_row *row, struct view line)
{
    struct safetext_cluster cluster;
    int x = 0;
    for (size_t at = row->start; at < row->end; at += cluster.source) {
        int columns = sql_cluster(painter->text, at, row->end, x, &cluster);
        struct style style = style_at(painter, at);
        if (painter->text[at] == '\t') {
            view_fill(line, x, 0, columns, 1, style);
        } else {
            view_text(line, x, 0, style, painter->text + at, (ptrdiff_t)cluster.source);
        }
        x += columns;
    }
    if (painter->sql->error == row->end && painter->text[row->end] == '\0') {
        struct style mark = {ROLE_ERROR,
                             STYLE_UNDERLINE}; /* nothing there to underline */
        view_fill(line, x, 0, 1, 1, mark);
    }
}

static void set_cursor(struct sql_pane *sql, struct view area, const struct sql_row *row,
                       int y)
{
    int x = sql_columns(lineedit_text(sql->edit), row->start, lineedit_cursor(sql->edit));
    x = x < area.width ? x : area.width - 1;
    view_set_cursor(area, x, y);
    sql->cursor_x = area.x + x;
    sql->cursor_y = area.y + y;
}

void sql_draw(struct pane *pane, struct view view, bool focused)
{
    struct sql_pane *sql = pane->state;
    struct painter painter = {0};
    size_t first;
    sql_look(sql);
    painter.gutter = sql_gutter_width(sql_map_lines(sql->map), view.width);
    struct view area =
        view_inside(view, painter.gutter, 0, view.width - painter.gutter, view.height);
    sql->cursor_x = sql->cursor_y = -1;
    if (area.width < 1 || area.height < 1) {
        return;
    }
    struct array rows = rows_in_sight(sql, &area, &first);
    size_t at_cursor = sql_row_of(&rows, lineedit_cursor(sql->edit));
    start_painting(&painter, sql);
    painter.line =
        sql_map_line(sql->map, ((const struct sql_row *)array_at(&rows, 0))->start);
    for (int y = 0; y < area.height && first + (size_t)y < rows.count; y++) {
        const struct sql_row *row = array_at(&rows, first + (size_t)y);
        draw_gutter(&painter, row, view_inside(view, 0, y, painter.gutter, 1));
        draw_row(&painter, row, view_inside(area, 0, y, area.width, 1));
        if (first + (size_t)y == at_cursor && focused) {
            set_cursor(sql, area, row, y);
        }
    }
    array_release(&rows);
}

int sql_wanted_height(struct pane *pane, int width, int most)
{
    struct sql_pane *sql = pane->state;
    const char *text = lineedit_text(sql->edit);
    sql_look(sql);
    int room = width - sql_gutter_width(sql_map_lines(sql->map), width);
    if (most <= 2 || room < 1) {
        return most < 2 ? most : 2;
    }
    struct array rows = sql_rows(text, 0, room, 0, (size_t)most);
    int wanted = (int)rows.count;
    array_release(&rows);
    return wanted < 2 ? 2 : wanted > most ? most : wanted;
}

void sql_title(struct pane *pane, struct text *left, struct text *right)
{
    struct sql_pane *sql = pane->state;
    const char *text = lineedit_text(sql->edit);
    const char *prompt = lineedit_prompt(sql->edit);
    size_t cursor = lineedit_cursor(sql->edit);
    if (*prompt != '\0') {
        text_append(left, prompt);
    } else {
        sql_append_tabs(sql, pane->width - TITLE_RIGHT, left);
    }
    text_printf(right, "%s  %zu:%d", lineedit_mode(sql->edit),
                sql_map_line(sql->map, cursor),
                sql_columns(text, sql_line_start(text, cursor), cursor) + 1);
}

/* ---- The menu ---- */

static void draw_completions(struct sql_pane *sql, struct view screen,
                             const struct menu_place *place)
{
    const struct array *found = lineedit_candidates(sql->edit);
    struct menu_item *items = memory_new_many(found->count, sizeof *items);
    for (size_t i = 0; i < found->count; i++) {
        const struct lineedit_candidate *candidate = array_at(found, i);
        items[i] = (struct menu_item){candidate->text, candidate->detail};
    }
    size_t start = lineedit_word_start(sql->edit);
    size_t cursor = lineedit_cursor(sql->edit);
    size_t length = cursor > start ? cursor - start : 0;
    char *word = string_copy_bytes(lineedit_text(sql->edit) + start, length);
    struct menu_place marked = *place;
    marked.word = word;
    menu_draw(&sql->menu, screen, &marked, items, found->count);
    free(word);
    free(items);
}

void sql_draw_over(struct pane *pane, struct view screen)
{
    struct sql_pane *sql = pane->state;
    struct menu_place place = {sql->cursor_x, sql->cursor_y, MENU_ROWS, NULL};
    if (sql->cursor_x < 0) {
        return;
    }
    if (sql->menu_kind == SQL_MENU_COMPLETION) {
        int back = sql_columns(lineedit_text(sql->edit), lineedit_word_start(sql->edit),
                               lineedit_cursor(sql->edit));
        place.x = place.x > back + 1 ? place.x - back - 1 : 0;
        draw_completions(sql, screen, &place);
    }
}
