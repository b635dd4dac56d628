/* lineedit_actions: what keys do that think in lines of a longer text, in the words of a
 * maker: move, kill, Enter, the way into the history and back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tui/lineedit_base.h"

enum { PAGE_LINES = 10 };

static const char *text_of(const struct lineedit *edit)
{
    return edit->maker->text(edit);
}

static size_t cursor_of(const struct lineedit *edit)
{
    return edit->maker->cursor(edit);
}

/* ---- Moving ---- */

enum lineedit_answer lineedit_go_line_start(struct lineedit *edit)
{
    edit->maker->move(edit, lineedit_line_start(text_of(edit), cursor_of(edit)));
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_go_line_end(struct lineedit *edit)
{
    edit->maker->move(edit, lineedit_line_end(text_of(edit), cursor_of(edit)));
    return LINEEDIT_EDITED;
}

static size_t column_of(const char *text, size_t at)
{
    size_t column = 0;
    for (size_t i = lineedit_line_start(text, at); i < at; i = lineedit_after(text, i)) {
        column++;
    }
    return column;
}

static size_t at_column(const char *text, size_t line, size_t column)
{
    while (column > 0 && text[line] != '\0' && text[line] != '\n') {
        line = lineedit_after(text, line);
        column--;
    }
    return line;
}

/* One line up (-1) or down (1); false at the edge. */
static bool move_line(struct lineedit *edit, int direction)
{
    const char *text = text_of(edit);
    size_t cursor = cursor_of(edit);
    size_t start = lineedit_line_start(text, cursor);
    size_t end = lineedit_line_end(text, cursor);
    edit->vertical = true;
    if (edit->goal == SIZE_MAX) {
        edit->goal = column_of(text, cursor);
    }
    if (direction < 0 ? start == 0 : text[end] == '\0') {
        return false;
    }
    size_t line = direction < 0 ? lineedit_line_start(text, start - 1) : end + 1;
    edit->maker->move(edit, at_column(text, line, edit->goal));
    return true;
}

enum lineedit_answer lineedit_go_up(struct lineedit *edit)
{
    return move_line(edit, -1) ? LINEEDIT_EDITED : lineedit_older(edit);
}

enum lineedit_answer lineedit_go_down(struct lineedit *edit)
{
    return move_line(edit, 1) ? LINEEDIT_EDITED : lineedit_newer(edit);
}

enum lineedit_answer lineedit_go_page_up(struct lineedit *edit)
{
    for (int i = 0; i < PAGE_LINES && move_line(edit, -1); i++) {
    }
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_go_page_down(struct lineedit *edit)
{
    for (int i = 0; i < PAGE_LINES && move_line(edit, 1); i++) {
    }
    return LINEEDIT_EDITED;
}

/* ---- History ---- */

static void show_position(struct lineedit *edit, size_t position)
{
    if (edit->position == edit->history.entries.count) {
        free(edit->draft);
        edit->draft = string_copy(text_of(edit));
    }
    edit->position = position;
    const char *line = lineedit_history_at(edit, position);
    if (line == NULL) {
        line = edit->draft != NULL ? edit->draft : "";
    }
    edit->maker->replace(edit, 0, strlen(text_of(edit)), line);
    edit->goal = SIZE_MAX;
    edit->vertical = false;
}

enum lineedit_answer lineedit_older(struct lineedit *edit)
{
    if (edit->position > 0) {
        show_position(edit, edit->position - 1);
    }
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_newer(struct lineedit *edit)
{
    if (edit->position < edit->history.entries.count) {
        show_position(edit, edit->position + 1);
    }
    return LINEEDIT_EDITED;
}

/* To the first byte of a text of several lines; with one line, to the oldest statement.
 */
enum lineedit_answer lineedit_go_first(struct lineedit *edit)
{
    if (strchr(text_of(edit), '\n') != NULL) {
        edit->maker->move(edit, 0);
    } else if (edit->position > 0) {
        show_position(edit, 0);
    }
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_go_last(struct lineedit *edit)
{
    if (strchr(text_of(edit), '\n') != NULL) {
        edit->maker->move(edit, strlen(text_of(edit)));
    } else if (edit->position < edit->history.entries.count) {
        show_position(edit, edit->history.entries.count);
    }
    return LINEEDIT_EDITED;
}

/* ---- Killing ---- */

/* Up to the end of the line; at the end, the line break. */
enum lineedit_answer lineedit_kill_line_end(struct lineedit *edit)
{
    size_t cursor = cursor_of(edit);
    size_t end = lineedit_line_end(text_of(edit), cursor);
    if (end == cursor && text_of(edit)[end] == '\n') {
        end++;
    }
    edit->maker->kill(edit, cursor, end);
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_kill_line_start(struct lineedit *edit)
{
    size_t cursor = cursor_of(edit);
    size_t start = lineedit_line_start(text_of(edit), cursor);
    if (start == cursor && start > 0) {
        start--; /* at the start of a line: its break, so that the key goes on working */
    }
    edit->maker->kill(edit, cursor, start);
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_kill_line(struct lineedit *edit)
{
    const char *text = text_of(edit);
    size_t start = lineedit_line_start(text, cursor_of(edit));
    size_t end = lineedit_line_end(text, start);
    if (text[end] == '\n') {
        end++;
    } else if (start > 0) {
        start--;
    }
    edit->maker->kill(edit, start, end);
    return LINEEDIT_EDITED;
}

/* ---- Enter ---- */

static bool ends_complete(const struct lineedit *edit, const char *text)
{
    if (edit->spec.is_complete != NULL) {
        return edit->spec.is_complete(edit->spec.owner, text);
    }
    size_t length = strlen(text);
    while (length > 0 && strchr(" \t\n", text[length - 1]) != NULL) {
        length--;
    }
    return length > 0 && text[length - 1] == ';';
}

static bool is_blank(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

static bool line_is_command(const char *text, size_t line)
{
    const char *first = text + line + strspn(text + line, " \t");
    return *first == '\\' || *first == '.';
}

/* A line that begins with `\` or `.` where a statement could begin. `.5` as the go-on of
 * an expression is none. */
static bool is_command_line(const struct lineedit *edit, const char *text, size_t line)
{
    if (!line_is_command(text, line)) {
        return false;
    }
    while (line > 0) {
        char *before = string_copy_bytes(text, line);
        bool at_start = is_blank(before) || ends_complete(edit, before);
        free(before);
        if (at_start) {
            return true;
        }
        line = lineedit_line_start(text, line - 1);
        if (!line_is_command(text, line)) {
            return false;
        }
    }
    return true;
}

bool lineedit_on_command(const struct lineedit *edit)
{
    const char *text = text_of(edit);
    return edit->spec.multiline &&
           is_command_line(edit, text, lineedit_line_start(text, cursor_of(edit)));
}

static void break_line(struct lineedit *edit, const char *text, size_t cursor)
{
    size_t line = lineedit_line_start(text, cursor);
    size_t indent = strspn(text + line, " \t");
    struct text added = {0};
    text_append_char(&added, '\n');
    if (edit->spec.indent != NULL) {
        size_t columns = edit->spec.indent(edit->spec.owner, text, cursor);
        text_append_repeated(&added, ' ', columns);
    } else {
        indent = indent < cursor - line ? indent : cursor - line;
        text_append_bytes(&added, text + line, indent);
    }
    edit->maker->replace(edit, cursor, cursor, text_string(&added));
    text_release(&added);
}

enum lineedit_answer lineedit_enter(struct lineedit *edit)
{
    const char *text = text_of(edit);
    size_t cursor = cursor_of(edit);
    if (!edit->spec.multiline || lineedit_on_command(edit) ||
        (is_blank(text + cursor) && ends_complete(edit, text))) {
        return LINEEDIT_ACCEPT;
    }
    break_line(edit, text, cursor);
    return LINEEDIT_EDITED;
}

enum lineedit_answer lineedit_run(struct lineedit *edit)
{
    return edit->spec.multiline ? LINEEDIT_RUN : LINEEDIT_ACCEPT;
}

/* Comment the line out, or in again. */
enum lineedit_answer lineedit_comment(struct lineedit *edit)
{
    const char *text = text_of(edit);
    size_t cursor = cursor_of(edit);
    size_t line = lineedit_line_start(text, cursor);
    size_t old = 0;
    if (strncmp(text + line, "--", 2) == 0) {
        old = text[line + 2] == ' ' ? 3 : 2;
    }
    size_t behind = cursor - line > old ? cursor - line - old : 0;
    edit->maker->replace(edit, line, line + old, old > 0 ? "" : "-- ");
    edit->maker->move(edit, line + behind + (old > 0 ? 0 : 3));
    return LINEEDIT_EDITED;
}
