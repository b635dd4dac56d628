/* sql_history: what the editor remembers is what ran on this mesh in this role.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

void sql_follow_history(struct sql_pane *sql)
{
    const struct workbench *workbench = sql->workbench;
    char *now = string_printf("%s\n%s", workbench->mesh != NULL ? workbench->mesh : "",
                              workbench->role != NULL ? workbench->role : "");
    if (string_equal(now, sql->history_of)) {
        free(now);
        return;
    }
    free(sql->history_of);
    sql->history_of = now;
    struct array statements =
        recall_statements(workbench_recall(sql->workbench), workbench->role);
    lineedit_history_set(sql->edit, &statements);
    array_release(&statements);
}

void sql_forget_history(struct sql_pane *sql)
{
    free(sql->history_of);
    sql->history_of = NULL;
}

/* A statement that is not closed is, or both would be one: behind its last sign, for a
 * comment may follow. */
static void close_last(struct text *text)
{
    struct array spans = sql_split(text_string(text), text->length);
    const struct sql_span *last =
        spans.count > 0 ? array_at(&spans, spans.count - 1) : NULL;
    if (last != NULL && !last->closed) {
        size_t end = last->start + last->length;
        char *rest = string_copy(text->data + end);
        text_truncate(text, end);
        text_append_char(text, ';');
        text_append(text, rest);
        free(rest);
    }
    array_release(&spans);
}

void sql_add_statement(struct sql_pane *sql, const char *statement)
{
    struct text text = {0};
    text_append(&text, lineedit_text(sql->edit));
    while (text.length > 0 && strchr(" \t\n", text.data[text.length - 1]) != NULL) {
        text_truncate(&text, text.length - 1);
    }
    close_last(&text);
    text_append(&text, text.length > 0 ? "\n\n" : "");
    text_append(&text, statement);
    lineedit_set_text(sql->edit, text_string(&text), text.length);
    text_release(&text);
}

bool sql_is_hidden(const char *text, size_t start)
{
    size_t line = sql_line_start(text, start);
    return start > line && strspn(text + line, " \t") >= start - line;
}

/* Those who run it tell the file of it. */
void sql_remember(struct sql_pane *sql, const char *statement)
{
    lineedit_history_add(sql->edit, statement, NULL);
}

/* Of a command nothing is known but when it ran. */
void sql_remember_command(struct sql_pane *sql, const char *line)
{
    char mark[RECALL_MARK];
    sql_remember(sql, line);
    recall_begin(workbench_recall(sql->workbench), line, sql->workbench->role, mark,
                 NULL);
}
