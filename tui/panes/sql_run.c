/* sql_run: what the editor's text is for: its statements run as verbs, a failed one is
 * marked, the whole goes to another editor or to a file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

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

static void remember(struct sql_pane *sql, const char *statement)
{
    struct error err = {0};
    lineedit_history_add(sql->edit, statement, &err);
    if (err.kind != ERROR_NONE) {
        screen_message(sql->screen, ROLE_WARNING, "%s", err.message);
    }
}

/* In quotes, so that whatever was typed is one word of the verb. */
static void run_sql(struct sql_pane *sql, size_t start, size_t length)
{
    struct text line = {0};
    const char *text = lineedit_text(sql->edit);
    text_append(&line, "query \"");
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
    remember(sql, statement);
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
    remember(sql, line);
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

/* Keywords of the statement at the cursor in capitals. */
void sql_format(struct sql_pane *sql)
{
    struct sql_span span;
    struct sql_token token = {0};
    char *text = string_copy(lineedit_text(sql->edit));
    size_t cursor = lineedit_cursor(sql->edit);
    if (sql_statement_at(text, strlen(text), cursor, &span)) {
        size_t end = span.start + span.length;
        for (size_t at = span.start; sql_next(text, end, at, &token);
             at = token.start + token.length) {
            for (size_t i = 0; token.kind == SQL_KEYWORD && i < token.length; i++) {
                char *c = &text[token.start + i];
                *c &= *c >= 'a' && *c <= 'z' ? ~0x20 : ~0;
            }
        }
        lineedit_set_text(sql->edit, text, cursor);
    }
    free(text);
}

/* The file in $VISUAL or $EDITOR, which may hold arguments: the shell cuts them. */
static bool shell_out(struct sql_pane *sql, const char *file, struct error *err)
{
    char shell[] = "/bin/sh", flag[] = "-c", name[] = "sh";
    char script[] = "exec ${VISUAL:-${EDITOR:-vi}} \"$1\"";
    char *path = string_copy(file);
    char *const argv[] = {shell, flag, script, name, path, NULL};
    bool done = screen_shell_out(sql->screen, argv, err);
    free(path);
    return done;
}

static bool edit_external(struct sql_pane *sql, const char *file, struct error *err)
{
    char *bytes = NULL;
    size_t length;
    const char *text = lineedit_text(sql->edit);
    if (!path_write_file(file, text, strlen(text), 0600, err) ||
        !shell_out(sql, file, err) ||
        !path_read_file(file, EXTERNAL_LARGEST, &bytes, &length, err)) {
        return false;
    }
    if (length > 0 && bytes[length - 1] == '\n') {
        bytes[length - 1] = '\0'; /* editors end each line; ours has none at the end */
    }
    if (!string_equal(bytes, lineedit_text(sql->edit))) {
        lineedit_set_text(sql->edit, bytes, strlen(bytes));
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
