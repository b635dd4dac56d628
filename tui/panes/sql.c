/* sql: the SQL editor's pane: its text runs as verbs, is kept for next time, and shows
 * where a statement failed. Editing is lineedit's, drawing sql_draw.c's.
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

static const double save_delay = 1.0; /* seconds without typing */
enum { EXTERNAL_LARGEST = 16 << 20, WHEEL_LINES = 3 };

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
    if (buffer != NULL) {
        lineedit_set_text(sql->edit, buffer, cursor);
    }
    if (layout != NULL && *layout != '\0' && sql->layout_timer == 0) {
        sql->layout = layout;
        layout = NULL;
        sql->layout_timer = loop_after(sql->workbench->loop, 0, apply_layout, sql);
    }
    free(layout);
    free(buffer);
}

static void forget_run(struct sql_pane *sql)
{
    sql->error = SIZE_MAX;
    free(sql->ran_text);
    sql->ran_text = NULL;
}

/* After anything that may have changed the text. */
static void look_again(struct sql_pane *sql)
{
    if (!string_equal(sql->shown, lineedit_text(sql->edit))) {
        free(sql->shown);
        sql->shown = string_copy(lineedit_text(sql->edit));
        forget_run(sql);
    }
    loop_cancel(sql->workbench->loop, sql->save_timer);
    sql->save_timer = loop_after(sql->workbench->loop, save_delay, save_due, sql);
    screen_dirty(sql->screen);
}

/* ---- Life ---- */

static void complete(void *owner, const char *text, size_t cursor, size_t *word_start,
                     struct array *candidates)
{
    struct sql_pane *sql = owner;
    completion_find(sql->completion, text, cursor, word_start, candidates);
}

static bool is_complete(void *owner, const char *text)
{
    (void)owner;
    return sql_is_complete(text, strlen(text));
}

static struct lineedit *open_editor(struct sql_pane *sql)
{
    struct error err = {0};
    struct workbench *workbench = sql->workbench;
    char *history = workbench_history_file(workbench);
    struct lineedit_spec spec = {
        .multiline = true,
        .history_file = history,
        .history_size = (int)options_number(workbench->options, "history_size"),
        .complete = complete,
        .is_complete = is_complete,
        .owner = sql,
    };
    struct lineedit *edit = lineedit_new_readline(&spec, &err);
    if (edit == NULL) {
        edit = lineedit_new_plain(&spec);
    }
    if (*lineedit_warning(edit) != '\0') {
        screen_message(sql->screen, ROLE_WARNING, "%s", lineedit_warning(edit));
    }
    free(history);
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
    sql->completion = completion_new(sql->workbench);
    sql->edit = open_editor(sql);
    restore(sql);
    sql->shown = string_copy(lineedit_text(sql->edit));
    return sql;
}

static void close_pane(struct pane *pane)
{
    struct sql_pane *sql = pane->state;
    save_now(sql); /* also when the terminal has gone */
    loop_cancel(sql->workbench->loop, sql->layout_timer);
    lineedit_free(sql->edit);
    completion_free(sql->completion);
    free(sql->layout);
    free(sql->shown);
    free(sql->ran_text);
    free(sql);
}

/* ---- Running ---- */

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
    forget_run(sql);
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

static void run(struct sql_pane *sql)
{
    if (lineedit_on_command(sql->edit)) {
        run_command(sql);
    } else {
        run_statement(sql);
    }
}

/* ---- What else keys mean ---- */

static bool is_busy(const struct sql_pane *sql)
{
    const struct workbench *workbench = sql->workbench;
    return (workbench->shown != NULL && !workbench->shown->is_over) ||
           jobs_running(workbench->jobs) > 0;
}

/* Keywords of the statement at the cursor in capitals. */
static void format(struct sql_pane *sql)
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

static void external(struct sql_pane *sql)
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

static void save_as(struct pane *pane, const char *line)
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

static void open_menu(struct sql_pane *sql, enum sql_menu kind, size_t count)
{
    sql->menu_kind = count > 0 ? kind : SQL_MENU_NONE;
    sql->menu = (struct menu){0};
    list_set_count(&sql->menu.list, (int)count);
}

static void open_history(struct sql_pane *sql)
{
    if (lineedit_history_count(sql->edit) == 0) {
        screen_message(sql->screen, ROLE_DIM, "No statement ran yet.");
    }
    open_menu(sql, SQL_MENU_HISTORY, lineedit_history_count(sql->edit));
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
        run(sql);
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
        external(sql);
        break;
    case LINEEDIT_FORMAT:
        format(sql);
        break;
    case LINEEDIT_ZOOM:
        screen_run(sql->screen, "zoom");
        break;
    case LINEEDIT_SAVE:
        screen_ask(sql->screen, "write the text to the file: ", "", save_as, pane);
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
    if (sql->menu_kind == SQL_MENU_COMPLETION) {
        lineedit_choose(sql->edit, selected);
    } else {
        size_t count = lineedit_history_count(sql->edit);
        const char *statement = lineedit_history_at(sql->edit, count - 1 - selected);
        lineedit_set_text(sql->edit, statement, strlen(statement));
    }
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
    if (sql->menu_kind == SQL_MENU_NONE || !menu_key(sql, key)) {
        reaction = answer(pane, lineedit_key(sql->edit, key));
    }
    look_again(sql);
    return reaction;
}

static enum reaction act(struct pane *pane, const char *action, const char *argument)
{
    struct sql_pane *sql = pane->state;
    (void)argument;
    if (string_equal(action, "run")) {
        /* As the key, so that a search that is on ends first. */
        return press(pane, (struct key){.code = KEY_CODE_F1 + 4});
    }
    if (string_equal(action, "edit")) {
        external(sql);
    } else if (string_equal(action, "history")) {
        open_history(sql);
    } else if (string_equal(action, "format")) {
        format(sql);
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
    int gutter = sql_gutter_width(text, width);
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

static void mark_error(struct sql_pane *sql)
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

static void changed(struct pane *pane, unsigned changes)
{
    struct sql_pane *sql = pane->state;
    if ((changes & WORKBENCH_BUFFER) != 0 && sql->workbench->buffer != NULL) {
        const char *text = sql->workbench->buffer;
        lineedit_set_text(sql->edit, text, strlen(text));
        look_again(sql);
    }
    if ((changes & WORKBENCH_CATALOG) != 0 && *lineedit_text(sql->edit) == '\0') {
        restore(sql);
        look_again(sql);
    }
    if ((changes & WORKBENCH_RESULT) != 0) {
        mark_error(sql);
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
};
