/* history: what ran before on this mesh: when, how long, how many rows, of which
 * products, with which error; searched as one types. Enter puts a statement into the
 * editor. The argument is what to search for. SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "engine/path.h"
#include "tui/layout.h"
#include "tui/panes/finder.h"
#include "tui/widget/textview.h"

enum { LIST_LEAST = 5, DETAILS_MOST = 14, LABEL_COLUMN = 10, MOST_LINE = 400 };

struct history {
    struct finder finder;
    bool only_failed, each_once;
    struct array found; /* of const struct recall_entry *, newest first */
};

/* ---- Reading ---- */

static void find_entries(struct pane *pane)
{
    struct history *state = pane->state;
    struct recall_search search = {
        .text = text_string(&state->finder.filter),
        .role = pane->workbench->role,
        .only_failed = state->only_failed,
        .only_distinct = state->each_once,
    };

    array_release(&state->found);
    state->found = recall_find(workbench_recall(pane->workbench), &search);
    list_set_count(&state->finder.list, (int)state->found.count);
}

static const struct recall_entry *entry_at(struct pane *pane, int index)
{
    const struct history *state = pane->state;
    const struct recall_entry **entry;

    finder_find(pane);
    entry = array_at(&state->found, (size_t)index);
    return entry != NULL ? *entry : NULL;
}

static const struct recall_entry *selected(struct pane *pane)
{
    const struct history *state = pane->state;

    finder_find(pane);
    return entry_at(pane, state->finder.list.selected);
}

/* ---- Columns ---- */

enum column { WHEN, TOOK, ROWS, PRODUCTS, ERROR, STATEMENT, COLUMN_COUNT };

/* The day and the minute; today's need no day. */
static void put_when(struct text *out, const struct recall_entry *entry)
{
    char at[32], now[32];

    path_write_instant(entry->at, at);
    path_write_instant(path_now(), now);
    if (strncmp(at, now, 10) == 0) {
        text_printf(out, "today %.8s", at + 11);
    } else {
        text_printf(out, "%.10s %.5s", at, at + 11);
    }
}

static void put_took(struct text *out, const struct recall_entry *entry)
{
    char seconds[32];

    if (entry->outcome != NULL) {
        text_append(out, string_of_seconds(entry->seconds, seconds, sizeof seconds));
    }
}

static void put_rows(struct text *out, const struct recall_entry *entry)
{
    char rows[32];

    if (entry->outcome != NULL && entry->rows >= 0) {
        text_append(out, string_of_count(entry->rows, rows, sizeof rows));
    }
}

static void put_products(struct text *out, const struct recall_entry *entry)
{
    text_append(out, entry->products);
}

static void put_error(struct text *out, const struct recall_entry *entry)
{
    text_append(out, entry->error);
}

static void put_statement(struct text *out, const struct recall_entry *entry)
{
    for (const char *c = entry->sql; *c != '\0' && out->length < MOST_LINE; c++) {
        bool is_blank = *c == ' ' || *c == '\n' || *c == '\t';
        if (!is_blank) {
            text_append_char(out, *c);
        } else if (out->length > 0 && out->data[out->length - 1] != ' ') {
            text_append_char(out, ' ');
        }
    }
}

static const struct {
    const char *title;
    int width; /* 0: a share of what is left */
    int least; /* of the pane, for the column to be shown */
    bool is_right;
    void (*put)(struct text *out, const struct recall_entry *entry);
} columns[COLUMN_COUNT] = {
    [WHEN] = {"when (UTC)", 16, 0, false, put_when},
    [TOOK] = {"took", 8, 0, true, put_took},
    [ROWS] = {"rows", 9, 0, true, put_rows},
    [PRODUCTS] = {"products", 24, 110, false, put_products},
    [ERROR] = {"error", 30, 140, false, put_error},
    [STATEMENT] = {"statement", 0, 0, false, put_statement},
};

static bool is_failure(const struct recall_entry *entry)
{
    return entry->outcome != NULL && strcmp(entry->outcome, "done") != 0;
}

static void draw_line(struct pane *pane, struct view line, int index)
{
    const struct recall_entry *entry = index >= 0 ? entry_at(pane, index) : NULL;
    struct text value = {0};
    int x = 2;

    if (entry != NULL && is_failure(entry)) {
        view_sign(line, 0, 0, style_of(ROLE_ERROR), "✗");
    }
    for (int i = 0; i < COLUMN_COUNT; i++) {
        int width = columns[i].width > 0 ? columns[i].width : line.width - x;
        if (line.width < columns[i].least) {
            continue;
        }
        text_clear(&value);
        if (entry != NULL) {
            columns[i].put(&value, entry);
        } else {
            text_append(&value, columns[i].title);
        }
        view_field(line, x, 0, width,
                   style_of(entry == NULL                         ? ROLE_LABEL
                            : i == ERROR                          ? ROLE_ERROR
                            : i == PRODUCTS                       ? ROLE_PRODUCT
                            : i == STATEMENT && is_failure(entry) ? ROLE_DIM
                                                                  : ROLE_TEXT),
                   text_string(&value), -1, columns[i].is_right);
        x += width + 2;
    }
    text_release(&value);
}

/* ---- The statement in full ---- */

static void add_field(struct textview *text, const char *label, enum role role,
                      const char *value)
{
    if (value != NULL && value[0] != '\0') {
        textview_field(text, LABEL_COLUMN, label, role, value);
    }
}

static void put_outcome(struct text *out, const struct recall_entry *entry)
{
    if (entry->outcome == NULL) {
        text_append(out, "how it ended is not known");
        return;
    }
    text_printf(out, "%s in ", entry->outcome);
    put_took(out, entry);
    if (entry->rows >= 0) {
        text_append(out, ", ");
        text_append_count(out, entry->rows, "row");
    }
}

static void draw_details(struct pane *pane, struct view view)
{
    const struct recall_entry *entry = selected(pane);
    struct textview *text = textview_new();
    struct text line = {0};
    char at[32];

    path_write_instant(entry->at, at);
    if (entry->sql[0] != '\\' && entry->sql[0] != '.') {
        put_outcome(&line, entry);
    } else {
        text_append(&line, "a command");
    }
    text_printf(&line, ", %s", at);
    add_field(text, "outcome", ROLE_TEXT, text_string(&line));
    add_field(text, "products", ROLE_PRODUCT, entry->products);
    add_field(text, "error", ROLE_ERROR, entry->error);
    textview_lines(text, ROLE_TEXT, entry->sql);
    textview_draw(text, view);
    text_release(&line);
    textview_free(text);
}

/* ---- Drawing ---- */

static void title_history(struct pane *pane, struct text *left, struct text *right)
{
    struct history *state = pane->state;

    finder_find(pane);
    finder_title(pane, left);
    text_append_count(right, (long long)state->found.count,
                      state->each_once ? "statement" : "run");
    text_append(right, state->only_failed ? " that failed" : "");
}

static void draw_empty(struct pane *pane, struct view view)
{
    const struct history *state = pane->state;
    bool is_narrowed = finder_is_filtered(pane) || state->only_failed;

    textview_paragraph(view, ROLE_DIM,
                       is_narrowed
                           ? "No statement of before has these words. Esc shows "
                             "all again."
                           : "No statement ran yet on this mesh. What begins with "
                             "a blank is not kept here.");
}

/* ---- Actions ---- */

/* Into the editor, behind what stands there. The pane is gone afterwards. */
static void take(struct pane *pane, const struct recall_entry *entry)
{
    struct screen *screen = pane->screen;
    struct pane *sql = screen_pane(screen, "sql");
    char *statement = string_copy(entry->sql);

    if (sql != NULL) {
        sql->kind->action(sql, "add-statement", statement);
        screen_close_pane(screen, pane);
        screen_focus(screen, "sql");
    }
    free(statement);
}

static void run_again(struct pane *pane, const struct recall_entry *entry)
{
    bool is_command = entry->sql[0] == '\\' || entry->sql[0] == '.';
    char *statement = string_copy(entry->sql);
    struct screen *screen = pane->screen;

    screen_close_pane(screen, pane);
    if (is_command) {
        screen_run(screen, statement);
    } else {
        screen_run_words(screen, "query", statement, NULL);
    }
    free(statement);
}

static void forget(struct pane *pane, const struct recall_entry *entry)
{
    struct history *state = pane->state;
    struct array marks = ARRAY_OF(const char *);
    struct error err = {0};
    int place = state->finder.list.selected;

    *(const char **)array_push(&marks) = entry->mark;
    if (recall_forget(workbench_recall(pane->workbench), &marks, &err)) {
        screen_message(pane->screen, ROLE_MESSAGE, "The statement is forgotten.");
        workbench_changed(pane->workbench, WORKBENCH_HISTORY);
    } else {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
    }
    array_release(&marks);
    state->finder.is_found = false;
    finder_find(pane);
    list_select(&state->finder.list, place);
}

static bool act_on_entry(struct pane *pane, const char *action)
{
    static const struct {
        const char *action;
        void (*act)(struct pane *pane, const struct recall_entry *entry);
    } acts[] = {{"open", take}, {"run", run_again}, {"forget", forget}};

    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (string_equal(action, acts[i].action)) {
            const struct recall_entry *entry = selected(pane);
            if (entry != NULL) {
                acts[i].act(pane, entry);
            }
            return true;
        }
    }
    return false;
}

static bool act_on_list(struct pane *pane, const char *action)
{
    struct history *state = pane->state;

    if (string_equal(action, "failed")) {
        state->only_failed = !state->only_failed;
        finder_anew(pane);
    } else if (string_equal(action, "each-once")) {
        state->each_once = !state->each_once;
        finder_anew(pane);
    } else if (string_equal(action, "clear") && state->only_failed) {
        state->only_failed = false;
        finder_clear(pane);
    } else {
        return false;
    }
    return true;
}

static enum reaction act_history(struct pane *pane, const char *action,
                                 const char *argument)
{
    (void)argument;
    return act_on_entry(pane, action) || act_on_list(pane, action)
               ? REACTION_DONE
               : finder_action(pane, action);
}

/* Another mesh or role, a statement that has ended: what was found may be gone. */
static void follow_history(struct pane *pane, unsigned changes)
{
    struct history *state = pane->state;

    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE | WORKBENCH_RESULT |
                    WORKBENCH_HISTORY)) != 0) {
        state->finder.is_found = false;
    }
}

/* ---- The pane ---- */

static void *open_history(struct screen *screen, const char *argument)
{
    static const struct finder_kind kind = {
        .name = "History",
        .prompt = "/",
        .has_titles = true,
        .details_most = DETAILS_MOST,
        .list_least = LIST_LEAST,
        .find = find_entries,
        .draw_line = draw_line,
        .draw_empty = draw_empty,
        .draw_details = draw_details,
    };
    struct history *state = memory_new(sizeof *state);

    finder_init(&state->finder, &kind, argument);
    state->each_once = true;
    recall_look(workbench_recall(screen_workbench(screen)));
    return state;
}

static void close_history(struct pane *pane)
{
    struct history *state = pane->state;

    array_release(&state->found);
    finder_release(&state->finder);
    free(state);
}

const struct pane_kind pane_kind_history = {
    .name = "history",
    .hints = "Enter to the editor  r run  / search  f failed  d each run  x forget",
    .is_dialog = true,
    .is_full = true,
    .open = open_history,
    .close = close_history,
    .title = title_history,
    .draw = finder_draw,
    .action = act_history,
    .mouse = finder_mouse,
    .changed = follow_history,
};
