/* sql_tabs: the tabs of the editor as its title: the one in front in brackets, a star
 * where the text is not its file's, and what became of the statement of one behind.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/safetext.h"
#include "tui/panes/sql.h"

/* Another tab came to the front: its text stands in the editor from now on. That of a tab
 * that was closed is remembered. */
void sql_follow_tab(struct sql_pane *sql)
{
    struct workbench_tab *front = workbench_tab_in_front(sql->workbench);
    struct workbench_tab *old = workbench_tab_of(sql->workbench, sql->tab);
    const char *text = lineedit_text(sql->edit);
    if (front->id == sql->tab) {
        return;
    }
    if (old != NULL) {
        free(old->text);
        old->text = string_copy(text);
        old->cursor = lineedit_cursor(sql->edit);
    } else if (text[strspn(text, " \t\n")] != '\0') {
        lineedit_history_add(sql->edit, text, NULL);
    }
    sql_end_snippet(sql);
    sql_end_snippet(sql);
    sql->tab = front->id;
    sql->menu_kind = SQL_MENU_NONE;
    sql->top = 0;
    lineedit_load(sql->edit, front->text != NULL ? front->text : "", front->cursor);
    free(front->text);
    front->text = NULL;
}

/* What is to be known of a tab that is behind. */
static const char *state_of(const struct workbench *workbench,
                            const struct workbench_tab *tab)
{
    const struct workbench_result *shown = workbench_tab_shown(workbench, tab);
    if (shown != NULL && !shown->is_over) {
        return " runs";
    }
    if (workbench_tab_transaction(workbench, tab) >= 0) {
        return " uncommitted";
    }
    if (tab->has_news && shown != NULL) {
        return shown->error.kind != ERROR_NONE ? " failed" : " done";
    }
    return "";
}

static char *describe(const struct sql_pane *sql, size_t index)
{
    const struct workbench *workbench = sql->workbench;
    const struct workbench_tab *tab = workbench_tab_at(workbench, index);
    bool is_front = index == workbench->tab;
    const char *text = is_front            ? lineedit_text(sql->edit)
                       : tab->text != NULL ? tab->text
                                           : "";
    struct text out = {0};
    text_append(&out, is_front ? "[" : "");
    workbench_tab_describe(workbench, index, &out);
    text_append(&out, workbench_tab_is_changed(tab, text) ? "*" : "");
    text_append(&out, is_front ? "]" : state_of(workbench, tab));
    return text_take(&out);
}

/* As many around the one in front as fit; what is left out is told by < and >. */
static void append_some(char *const *items, size_t count, size_t front, int width,
                        struct text *out)
{
    size_t first = front, last = front;
    int room = width - 4 - safetext_width(items[front], strlen(items[front]));
    bool grew = true;
    while (grew) {
        grew = false;
        int right = last + 1 < count
                        ? 1 + safetext_width(items[last + 1], strlen(items[last + 1]))
                        : room + 1;
        if (right <= room) {
            room -= right;
            last++;
            grew = true;
        }
        int left = first > 0
                       ? 1 + safetext_width(items[first - 1], strlen(items[first - 1]))
                       : room + 1;
        if (left <= room) {
            room -= left;
            first--;
            grew = true;
        }
    }
    text_append(out, first > 0 ? "< " : "");
    for (size_t i = first; i <= last; i++) {
        text_printf(out, "%s%s", i > first ? " " : "", items[i]);
    }
    text_append(out, last + 1 < count ? " >" : "");
}

void sql_append_tabs(const struct sql_pane *sql, int width, struct text *out)
{
    const struct workbench *workbench = sql->workbench;
    const struct workbench_tab *front = workbench_tab_in_front(workbench);
    size_t count = workbench->tabs.count;
    text_append(out, "SQL");
    if (count == 1 && front->name == NULL && front->file == NULL) {
        return;
    }
    char **items = memory_new_many(count, sizeof *items);
    for (size_t i = 0; i < count; i++) {
        items[i] = describe(sql, i);
    }
    text_append_char(out, ' ');
    append_some(items, count, workbench->tab, width - (int)strlen("SQL "), out);
    for (size_t i = 0; i < count; i++) {
        free(items[i]);
    }
    free(items);
}
