/* explain: how a statement will run, as a tree in words. The argument is the statement.
 * Counting runs it; until then the rows are estimates.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/advice.h"
#include "tui/layout.h"
#include "tui/panes/page.h"

struct explain {
    struct page page; /* first: it is a page */
    struct screen *screen;
    char *sql;
    struct advice_look *look;
    bool is_looking; /* it is on its way */
};

/* ---- The page ---- */

static void add_statement(struct textview *text, const char *sql)
{
    textview_line(text, ROLE_TEXT, NULL);
    textview_line(text, ROLE_HEADER, "statement");
    textview_lines(text, ROLE_TEXT, sql);
}

static void add_steps(struct textview *text, const struct advice_plan *plan, bool ascii)
{
    const struct advice_style style = {.unicode = !ascii};
    struct text line = {0};
    textview_line(text, ROLE_TEXT, NULL);
    advice_write_columns(plan, &line);
    textview_line(text, ROLE_HEADER, text_string(&line));
    for (size_t i = 0; i < plan->steps.count; i++) {
        const struct advice_step *step = array_at(&plan->steps, i);
        text_clear(&line);
        advice_write_step(plan, step, &style, &line);
        textview_line(text, step->is_expensive ? ROLE_WARNING : ROLE_TEXT,
                      text_string(&line));
        textview_hang(text, advice_column(plan, step));
    }
    text_release(&line);
}

static void show_plan(struct explain *explain, const struct advice_plan *plan)
{
    struct textview *text = explain->page.text;
    struct text head = {0};
    textview_clear(text);
    advice_write_head(plan, &head);
    textview_lines(text, ROLE_TEXT, text_string(&head));
    if (plan->steps.count > 0) {
        add_steps(text, plan, canvas_is_ascii(screen_canvas(explain->screen)));
    }
    add_statement(text, explain->sql);
    text_release(&head);
}

static void show_error(struct explain *explain, const struct error *err)
{
    textview_clear(explain->page.text);
    textview_line(explain->page.text, ROLE_ERROR, err->message);
    add_statement(explain->page.text, explain->sql);
}

static void on_plan(void *owner, const struct advice_plan *plan, const struct error *err)
{
    struct explain *explain = owner;
    explain->is_looking = false;
    if (plan != NULL) {
        show_plan(explain, plan);
    } else {
        show_error(explain, err);
    }
    screen_dirty(explain->screen);
}

static void look(struct explain *explain, bool counts)
{
    struct error err = {0};
    const struct advice_look_spec spec = {.workbench = screen_workbench(explain->screen),
                                          .sql = explain->sql,
                                          .counts = counts,
                                          .finished = on_plan,
                                          .owner = explain};
    advice_look_free(explain->look);
    explain->look = advice_look(&spec, &err);
    explain->is_looking = explain->look != NULL;
    textview_clear(explain->page.text);
    textview_line(explain->page.text, ROLE_DIM,
                  counts ? "It runs, and its rows are counted; q stops it ..."
                         : "Looking how it will run ...");
    if (explain->look == NULL) {
        show_error(explain, &err);
    }
}

/* ---- Life ---- */

static void *open_explain(struct screen *screen, const char *argument)
{
    struct explain *explain = memory_new(sizeof *explain);
    explain->screen = screen;
    explain->sql = string_copy(argument != NULL ? argument : "");
    page_init(&explain->page, "Plan");
    look(explain, false);
    return explain;
}

static void close_explain(struct pane *pane)
{
    struct explain *explain = pane->state;
    advice_look_free(explain->look);
    page_release(&explain->page);
    free(explain->sql);
    free(explain);
}

static bool is_busy(const struct pane *pane)
{
    const struct explain *explain = pane->state;
    return explain->is_looking;
}

static enum reaction act(struct pane *pane, const char *action, const char *argument)
{
    if (string_equal(action, "count")) {
        look(pane->state, true);
        screen_dirty(pane->screen);
        return REACTION_DONE;
    }
    return page_action(pane, action, argument);
}

const struct pane_kind pane_kind_explain = {
    .name = "explain",
    .hints = "c run and count rows  / search  q close",
    .is_dialog = true,
    .open = open_explain,
    .close = close_explain,
    .title = page_title,
    .draw = page_draw,
    .action = act,
    .mouse = page_mouse,
    .wanted_height = page_wanted_height,
    .is_busy = is_busy,
};
