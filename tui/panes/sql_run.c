/* sql_run: what the editor's text is for: its statements run as verbs, a failed one is
 * marked, the whole goes to another editor or to a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/formatter.h"
#include "engine/path.h"
#include "engine/sql.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

enum { EXTERNAL_LARGEST = 16 << 20 };

void sql_forget_run(struct sql_pane *sql)
{
    sql->error = SIZE_MAX;
    free(sql->ran_text);
    sql->ran_text = NULL;
}

/* In quotes, so that whatever was typed is one word of the verb. */
static void run_sql(struct sql_pane *sql, size_t start, size_t length)
{
    struct text line = {0};
    const char *text = lineedit_text(sql->edit);
    text_append(&line, sql_is_hidden(text, start) ? " query \"" : "query \"");
    for (size_t i = start; i < start + length; i++) {
        if (text[i] == '"' || text[i] == '\\') {
            text_append_char(&line, '\\');
        }
        text_append_char(&line, text[i]);
    }
    text_append_char(&line, '"');
    sql_forget_run(sql);
    sql->ran = start;
    sql->ran_text = string_copy_bytes(text + start, length);
    screen_run(sql->screen, text_string(&line));
    text_release(&line);
}

/* `\` and `.` lines before a statement are not part of it. */
static void skip_commands(const char *text, struct sql_span *span)
{
    while (span->length > 0 && (text[span->start] == '\\' || text[span->start] == '.')) {
        size_t end = span->start + span->length;
        size_t next = sql_line_end(text, span->start);
        next = next < end ? next : end;
        while (next < end && strchr(" \t\n", text[next]) != NULL) {
            next++;
        }
        *span = (struct sql_span){next, end - next, span->closed};
    }
}

static void run_statement(struct sql_pane *sql)
{
    const char *text = lineedit_text(sql->edit);
    size_t start, end;
    struct sql_span span;
    if (lineedit_selection(sql->edit, &start, &end)) {
        span = (struct sql_span){start, end - start, false};
    } else if (!sql_statement_at(text, strlen(text), lineedit_cursor(sql->edit), &span)) {
        screen_message(sql->screen, ROLE_DIM, "There is no statement to run.");
        return;
    }
    skip_commands(text, &span);
    char *statement = string_copy_bytes(text + span.start, span.length + span.closed);
    if (!sql_is_hidden(text, span.start)) {
        sql_remember(sql, statement);
    }
    free(statement);
    run_sql(sql, span.start, span.length);
}

static void run_command(struct sql_pane *sql)
{
    const char *text = lineedit_text(sql->edit);
    size_t start = sql_line_start(text, lineedit_cursor(sql->edit));
    size_t end = sql_line_end(text, start);
    start += strspn(text + start, " \t");
    char *line = string_copy_bytes(text + start, end - start);
    if (!sql_is_hidden(text, start)) {
        sql_remember_command(sql, line);
    }
    if (strspn(text, " \t\n") == start &&
        text[end + strspn(text + end, " \t\n")] == '\0') {
        lineedit_set_text(sql->edit, "", 0); /* it was all there is */
    }
    screen_run(sql->screen, line);
    free(line);
}

void sql_run(struct sql_pane *sql)
{
    if (lineedit_on_command(sql->edit)) {
        run_command(sql);
    } else {
        run_statement(sql);
    }
}

void sql_mark_error(struct sql_pane *sql)
{
    const struct workbench_result *shown = sql->workbench->shown;
    sql->error = SIZE_MAX;
    if (shown != NULL && shown->is_over && sql->ran_text != NULL &&
        shown->error.kind != ERROR_NONE && shown->error_offset != SIZE_MAX &&
        string_equal(shown->sql, sql->ran_text)) {
        size_t length = strlen(sql->ran_text);
        sql->error =
            sql->ran + (shown->error_offset < length ? shown->error_offset : length);
    }
}

/* ---- Elsewhere ---- */

/* What is selected, else the statement at the cursor; with the blanks before it when it
 * begins its line. */
static bool span_to_format(const struct sql_pane *sql, struct sql_span *span)
{
    const char *text = lineedit_text(sql->edit);
    size_t start, end;
    if (lineedit_selection(sql->edit, &start, &end)) {
        *span = (struct sql_span){start, end - start, false};
        return true;
    }
    if (!sql_statement_at(text, strlen(text), lineedit_cursor(sql->edit), span)) {
        return false;
    }
    skip_commands(text, span);
    size_t line = sql_line_start(text, span->start);
    if (strspn(text + line, " \t") == span->start - line) {
        span->length += span->start - line;
        span->start = line;
    }
    return span->length > 0;
}

/* As one step that can be undone; the cursor stays where it was among the signs. */
static void put_formatted(struct sql_pane *sql, const struct sql_span *span,
                          const char *laid_out)
{
    const char *text = lineedit_text(sql->edit);
    size_t cursor = lineedit_cursor(sql->edit);
    bool shares_line = span->start > 0 && text[span->start - 1] != '\n';
    struct text made = {0};
    text_append_bytes(&made, text, span->start);
    text_append(&made, shares_line && strchr(laid_out, '\n') != NULL ? "\n" : "");
    text_append(&made, laid_out);
    text_append(&made, text + span->start + span->length);
    lineedit_set_text(sql->edit, text_string(&made),
                      formatter_cursor(text, cursor, text_string(&made)));
    text_release(&made);
}

void sql_format(struct sql_pane *sql, bool all)
{
    struct error err = {0};
    struct sql_span span;
    struct text made = {0};
    if (all) {
        span = (struct sql_span){0, strlen(lineedit_text(sql->edit)), false};
    }
    if (!all && !span_to_format(sql, &span)) {
        screen_message(sql->screen, ROLE_DIM, "There is no statement to format.");
    } else if (formatter_format(lineedit_text(sql->edit) + span.start, span.length, 0,
                                &made, &err)) {
        put_formatted(sql, &span, text_string(&made));
    } else {
        screen_message(sql->screen, ROLE_ERROR, "%s", err.message);
    }
    text_release(&made);
}

/* The cursor stays before what did not change behind it, else where it was. */
static size_t cursor_in(const char *now, const char *before, size_t cursor)
{
    size_t length = strlen(now), from_end = strlen(before) - cursor;
    bool kept =
        from_end <= length && string_equal(before + cursor, now + length - from_end);
    return kept ? length - from_end : cursor < length ? cursor : length;
}

static bool edit_external(struct sql_pane *sql, const char *file, struct error *err)
{
    char *bytes = NULL;
    size_t length;
    const char *text = lineedit_text(sql->edit);
    size_t cursor = lineedit_cursor(sql->edit);
    char *lines = string_printf("%s\n", text); /* editors end each line, also the last */
    int line = (int)sql_map_line(sql->map, cursor);
    bool edited = path_write_file(file, lines, strlen(lines), 0600, err) &&
                  screen_edit_file(sql->screen, file, line, err) &&
                  path_read_file(file, EXTERNAL_LARGEST, &bytes, &length, err);
    free(lines);
    if (!edited) {
        return false;
    }
    if (length > 0 && bytes[length - 1] == '\n') {
        bytes[length - 1] = '\0';
    }
    if (!string_equal(bytes, lineedit_text(sql->edit))) {
        cursor = cursor_in(bytes, lineedit_text(sql->edit), cursor);
        lineedit_set_text(sql->edit, bytes, cursor);
    }
    free(bytes);
    return true;
}

void sql_edit_external(struct sql_pane *sql)
{
    struct error err = {0};
    char *file =
        string_printf("%s/edit-%d.sql", sql->workbench->spool_folder, (int)getpid());
    if (!edit_external(sql, file, &err)) {
        screen_message(sql->screen, ROLE_ERROR, "%s", err.message);
    }
    unlink(file);
    free(file);
}

void sql_save_as(struct pane *pane, const char *line)
{
    struct sql_pane *sql = pane->state;
    struct error err = {0};
    const char *text = lineedit_text(sql->edit);
    if (line == NULL || *line == '\0') {
        return;
    }
    if (path_exists(line)) {
        screen_message(sql->screen, ROLE_ERROR,
                       "%s is there already; nothing was written. Give another name.",
                       line);
    } else if (path_write_file(line, text, strlen(text), 0600, &err)) {
        screen_message(sql->screen, ROLE_MESSAGE, "The text is in %s.", line);
    } else {
        screen_message(sql->screen, ROLE_ERROR, "%s", err.message);
    }
}
