/* sql: the SQL editor's pane: what its keys mean, its menu, its text kept for next time.
 * Editing is lineedit's, drawing sql_draw.c's, running sql_run.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/formatter.h"
#include "engine/sql.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"
#include "tui/panes/sql_rows.h"

static const double save_delay = 1.0; /* seconds from a key to the file */
enum { WHEEL_LINES = 3 };

/* ---- Keeping the text ---- */

static void save_now(struct sql_pane *sql)
{
    struct error err = {0};
    struct text words = {0};
    loop_cancel(sql->workbench->loop, sql->save_timer);
    sql->save_timer = 0;
    screen_layout_words(sql->screen, &words);
    if (!workbench_save_state(sql->workbench, lineedit_text(sql->edit),
                              lineedit_cursor(sql->edit), text_string(&words), &err)) {
        screen_message(sql->screen, ROLE_WARNING, "%s", err.message);
    }
    text_release(&words);
}

static void save_due(void *owner)
{
    struct sql_pane *sql = owner;
    sql->save_timer = 0;
    save_now(sql);
}

static void apply_layout(void *owner)
{
    struct sql_pane *sql = owner;
    sql->layout_timer = 0;
    screen_apply_layout_words(sql->screen, sql->layout);
    free(sql->layout);
    sql->layout = NULL;
    screen_dirty(sql->screen);
}

/* The text of last time. The layout waits until the screen stands. */
static void restore(struct sql_pane *sql)
{
    char *buffer, *layout;
    size_t cursor;
    workbench_load_state(sql->workbench, &buffer, &cursor, &layout);
    sql->tab = workbench_tab_in_front(sql->workbench)->id;
    if (buffer != NULL) {
        lineedit_load(sql->edit, buffer, cursor);
    }
    if (layout != NULL && *layout != '\0' && sql->layout_timer == 0) {
        sql->layout = layout;
        layout = NULL;
        sql->layout_timer = loop_after(sql->workbench->loop, 0, apply_layout, sql);
    }
    free(layout);
    free(buffer);
}

/* Another mesh was opened: what was kept of it takes the place of the texts of the one
 * before, which are kept with that. A mesh that was never open begins with them. */
static void follow_mesh(struct sql_pane *sql)
{
    if (string_equal(sql->index, sql->workbench->index)) {
        return;
    }
    free(sql->index);
    sql->index = string_copy(sql->workbench->index);
    if (workbench_has_state(sql->workbench)) {
        sql_end_snippet(sql);
        workbench_drop_tabs(sql->workbench);
        lineedit_load(sql->edit, "", 0);
        restore(sql);
    }
}

bool sql_look(struct sql_pane *sql)
{
    const char *text = lineedit_text(sql->edit);
    if (!sql_map_update(sql->map, text, strlen(text))) {
        return false;
    }
    sql_forget_run(sql);
    sql_forget_advice(sql); /* its places are those of another text */
    return true;
}

/* After anything that may have changed the text. */
static void look_again(struct sql_pane *sql)
{
    sql_advise(sql, sql_look(sql));
    sql_follow_snippet(sql);
    if (sql->save_timer == 0) { /* not put off by each key: who types on is saved, too */
        sql->save_timer = loop_after(sql->workbench->loop, save_delay, save_due, sql);
    }
    screen_dirty(sql->screen);
}

/* ---- Life ---- */

static void complete(void *owner, const char *text, size_t cursor, size_t *word_start,
                     struct array *candidates)
{
    struct sql_pane *sql = owner;
    completion_find(sql->completion, text, cursor, word_start, candidates);
}

/* What a join does to rows is known now: the menu says so. */
static void measured(void *owner)
{
    struct sql_pane *sql = owner;
    int selected = sql->menu.list.selected;
    if (sql->menu_kind == SQL_MENU_COMPLETION && lineedit_suggest(sql->edit)) {
        list_set_count(&sql->menu.list, (int)lineedit_candidates(sql->edit)->count);
        list_select(&sql->menu.list, selected);
        screen_dirty(sql->screen);
    }
}

static bool is_complete(void *owner, const char *text)
{
    (void)owner;
    return sql_is_complete(text, strlen(text));
}

/* Only the statement is read: what stands before it may be long. */
static size_t indent(void *owner, const char *text, size_t cursor)
{
    struct sql_pane *sql = owner;
    struct sql_span span;
    size_t from = 0;
    sql_look(sql);
    if (sql_map_statement_at(sql->map, cursor, &span) && span.start <= cursor) {
        from = sql_line_start(text, span.start);
    }
    return formatter_indent(text + from, strlen(text + from), cursor - from);
}

static struct lineedit *open_editor(struct sql_pane *sql)
{
    struct error err = {0};
    struct workbench *workbench = sql->workbench;
    struct lineedit_spec spec = {
        .multiline = true,
        .history_size = (int)options_number(workbench->options, "history_size"),
        .complete = complete,
        .is_complete = is_complete,
        .indent = indent,
        .owner = sql,
    };
    struct lineedit *edit = lineedit_new_readline(&spec, &err);
    if (edit == NULL) {
        edit = lineedit_new_plain(&spec);
    }
    if (*lineedit_warning(edit) != '\0') {
        screen_message(sql->screen, ROLE_WARNING, "%s", lineedit_warning(edit));
    }
    return edit;
}

static void *open_pane(struct screen *screen, const char *argument)
{
    struct sql_pane *sql = memory_new(sizeof *sql);
    (void)argument;
    sql->screen = screen;
    sql->workbench = screen_workbench(screen);
    sql->error = SIZE_MAX;
    sql->cursor_x = sql->cursor_y = -1;
    sql->completion = complete_new(sql->workbench, measured, sql);
    sql->map = sql_map_new();
    sql->edit = open_editor(sql);
    sql->index = string_copy(sql->workbench->index);
    restore(sql);
    sql_look(sql);
    sql_follow_history(sql);
    return sql;
}

static void close_pane(struct pane *pane)
{
    struct sql_pane *sql = pane->state;
    save_now(sql); /* also when the terminal has gone */
    loop_cancel(sql->workbench->loop, sql->layout_timer);
    lineedit_free(sql->edit);
    complete_free(sql->completion);
    sql_forget_advice(sql);
    free(sql->layout);
    free(sql->index);
    sql_map_free(sql->map);
    free(sql->ran_text);
    free(sql->history_of);
    sql_forget_save(sql);
    sql_end_snippet(sql);
    free(sql);
}

/* ---- What else keys mean ---- */

static bool is_busy(const struct sql_pane *sql)
{
    return screen_can_cancel(sql->screen) || jobs_running(sql->workbench->jobs) > 0;
}

static void open_menu(struct sql_pane *sql, enum sql_menu kind, size_t count)
{
    sql->menu_kind = count > 0 ? kind : SQL_MENU_NONE;
    sql->menu = (struct menu){0};
    list_set_count(&sql->menu.list, (int)count);
}

static enum reaction cancel(struct sql_pane *sql)
{
    if (is_busy(sql) || *lineedit_text(sql->edit) == '\0') {
        return REACTION_UNKNOWN; /* the screen knows what runs */
    }
    lineedit_set_text(sql->edit, "", 0);
    return REACTION_DONE;
}

static enum reaction answer(struct pane *pane, enum lineedit_answer answer)
{
    struct sql_pane *sql = pane->state;
    switch (answer) {
    case LINEEDIT_EDITED:
        break;
    case LINEEDIT_RUN:
    case LINEEDIT_ACCEPT:
        sql_run(sql);
        break;
    case LINEEDIT_CANCEL:
        return cancel(sql);
    case LINEEDIT_LEAVE:
        screen_focus(sql->screen, "results");
        break;
    case LINEEDIT_END:
        screen_request_quit(sql->screen);
        break;
    case LINEEDIT_COMPLETE:
        open_menu(sql, SQL_MENU_COMPLETION, lineedit_candidates(sql->edit)->count);
        break;
    case LINEEDIT_EXTERNAL:
        sql_edit_external(sql);
        break;
    case LINEEDIT_FORMAT:
        sql_format(sql, false);
        break;
    case LINEEDIT_ZOOM:
        screen_run(sql->screen, "zoom");
        break;
    case LINEEDIT_SNIPPET:
        screen_open_dialog(sql->screen, "snippets", "");
        break;
    case LINEEDIT_SAVE:
        sql_save(pane);
        break;
    case LINEEDIT_TAB_NEW:
        screen_run(sql->screen, "tab new");
        break;
    case LINEEDIT_TAB_NEXT:
        screen_run(sql->screen, "tab next");
        break;
    case LINEEDIT_TAB_PREVIOUS:
        screen_run(sql->screen, "tab previous");
        break;
    case LINEEDIT_TAB_CLOSE:
        screen_run(sql->screen, "tab close");
        break;
    case LINEEDIT_UNKNOWN:
        return REACTION_UNKNOWN;
    }
    return REACTION_DONE;
}

/* ---- The menu ---- */

static void choose(struct sql_pane *sql)
{
    size_t selected = (size_t)sql->menu.list.selected;
    lineedit_choose(sql->edit, selected);
    sql->menu_kind = SQL_MENU_NONE;
}

static int step_of(struct key key)
{
    if (key_is(key, KEY_CODE_TAB) || key_is(key, KEY_CODE_DOWN) ||
        key_is(key, 'N' - '@')) {
        return 1;
    }
    bool back = key_is(key, KEY_CODE_BACKTAB) || key_is(key, KEY_CODE_UP) ||
                key_is(key, 'P' - '@');
    return back ? -1 : 0;
}

static bool is_narrowing(struct key key)
{
    return (key_is_printable(key) && key.code != ' ' && key.code != ';') ||
           key_is(key, KEY_CODE_BACKSPACE) || key_is(key, 'H' - '@');
}

/* False: the key is not the menu's, which is closed. */
static bool menu_key(struct sql_pane *sql, struct key key)
{
    if (step_of(key) != 0) {
        menu_step(&sql->menu, step_of(key));
    } else if (key_is(key, KEY_CODE_ENTER)) {
        choose(sql);
    } else if (key_is(key, KEY_CODE_ESCAPE) || key_is(key, 'G' - '@')) {
        sql->menu_kind = SQL_MENU_NONE;
    } else if (sql->menu_kind == SQL_MENU_COMPLETION && is_narrowing(key)) {
        lineedit_key(sql->edit, key);
        lineedit_suggest(sql->edit);
        open_menu(sql, SQL_MENU_COMPLETION, lineedit_candidates(sql->edit)->count);
    } else {
        sql->menu_kind = SQL_MENU_NONE;
        return false;
    }
    return true;
}

/* ---- In the words of a pane ---- */

static enum reaction press(struct pane *pane, struct key key)
{
    struct sql_pane *sql = pane->state;
    enum reaction reaction = REACTION_DONE;
    /* No statement begins with a colon: on an empty text it starts a verb, as elsewhere.
     */
    if (key_is(key, ':') && *lineedit_text(sql->edit) == '\0' &&
        *lineedit_prompt(sql->edit) == '\0') {
        screen_open_command(sql->screen);
        return REACTION_DONE;
    }
    if ((sql->menu_kind == SQL_MENU_NONE || !menu_key(sql, key)) &&
        !sql_snippet_key(sql, key)) {
        reaction = answer(pane, lineedit_key(sql->edit, key));
    }
    look_again(sql);
    sql_leave_snippet(sql);
    return reaction;
}

static enum reaction act(struct pane *pane, const char *action, const char *argument)
{
    struct sql_pane *sql = pane->state;
    if (string_equal(action, "run")) {
        /* As the key, so that a search that is on ends first. */
        return press(pane, (struct key){.code = KEY_CODE_F1 + 4});
    }
    if (string_equal(action, "edit")) {
        sql_edit_external(sql);
    } else if (string_equal(action, "history")) {
        screen_open_dialog(sql->screen, "history", "");
    } else if (string_equal(action, "write")) {
        sql_save_as(pane, argument);
    } else if (string_equal(action, "insert-snippet")) {
        sql_insert_snippet(sql, argument);
    } else if (string_equal(action, "print")) {
        sql_print(sql);
    } else if (string_equal(action, "reset")) {
        lineedit_set_text(sql->edit, "", 0);
    } else if (string_equal(action, "add-statement")) {
        sql_add_statement(sql, argument);
    } else if (string_equal(action, "format")) {
        sql_format(sql, string_equal(argument, "all"));
    } else if (string_equal(action, "plan")) {
        sql_plan(sql);
    } else {
        return REACTION_UNKNOWN;
    }
    look_again(sql);
    return REACTION_DONE;
}

static void paste(struct pane *pane, const char *bytes, size_t length)
{
    struct sql_pane *sql = pane->state;
    sql->menu_kind = SQL_MENU_NONE;
    lineedit_paste(sql->edit, bytes, length);
    look_again(sql);
}

/* Where a click points. */
static size_t byte_at(const struct sql_pane *sql, int width, int x, int y)
{
    const char *text = lineedit_text(sql->edit);
    int gutter = sql_gutter_width(sql_map_lines(sql->map), width);
    struct array rows = sql_rows(text, sql->top, width - gutter, sql->top, (size_t)y + 1);
    size_t index = sql_row_of(&rows, sql->top) + (size_t)y;
    const struct sql_row *row =
        array_at(&rows, index < rows.count ? index : rows.count - 1);
    size_t at = row->start;
    struct safetext_cluster cluster;
    for (int column = 0; at < row->end; at += cluster.source) {
        column += sql_cluster(text, at, row->end, column, &cluster);
        if (column > x - gutter) {
            break;
        }
    }
    array_release(&rows);
    return at;
}

static void click(struct pane *pane, int x, int y, int button)
{
    struct sql_pane *sql = pane->state;
    int code = button == 4 ? KEY_CODE_UP : KEY_CODE_DOWN;
    if (button == 1) {
        size_t at = byte_at(sql, pane->width, x, y);
        char *text = string_copy(lineedit_text(sql->edit));
        lineedit_set_text(sql->edit, text, at); /* the same text: only the cursor moves */
        free(text);
    }
    for (int i = 0; button >= 4 && i < WHEEL_LINES; i++) {
        lineedit_key(sql->edit, (struct key){.code = code});
    }
    sql->menu_kind = SQL_MENU_NONE;
    look_again(sql);
}

static void changed(struct pane *pane, unsigned changes)
{
    struct sql_pane *sql = pane->state;
    if ((changes & WORKBENCH_LEAVES) != 0) {
        save_now(sql);
    }
    if ((changes & WORKBENCH_TABS) != 0) {
        follow_mesh(sql);
        sql_follow_tab(sql);
        look_again(sql);
    }
    if ((changes & WORKBENCH_BUFFER) != 0 && sql->workbench->buffer != NULL) {
        const char *text = sql->workbench->buffer;
        lineedit_set_text(sql->edit, text, strlen(text));
        look_again(sql);
    }
    if ((changes & WORKBENCH_CATALOG) != 0 && *lineedit_text(sql->edit) == '\0') {
        restore(sql);
        look_again(sql);
    }
    if ((changes & WORKBENCH_HISTORY) != 0) {
        sql_forget_history(sql);
    }
    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE | WORKBENCH_HISTORY)) != 0) {
        sql_follow_history(sql);
    }
    if ((changes & WORKBENCH_RESULT) != 0) {
        sql_mark_error(sql);
    }
}

const struct pane_kind pane_kind_sql = {
    .name = "sql",
    .hints = "F5 run  Tab complete  C-r search  F8 history",
    .takes_text = true,
    .open = open_pane,
    .close = close_pane,
    .title = sql_title,
    .draw = sql_draw,
    .draw_over = sql_draw_over,
    .key = press,
    .action = act,
    .paste = paste,
    .mouse = click,
    .changed = changed,
    .wanted_height = sql_wanted_height,
    .is_busy = sql_is_busy,
};
