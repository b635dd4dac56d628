/* asks: what a verb needs from the person first: a purpose, a yes, values of parameters.
 * Its line waits here and runs again with the answer.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdlib.h>
#include <string.h>

static void keep_line(struct screen *screen, const char *line)
{
    free(screen->line_again);
    screen->line_again = string_copy(line);
}

static void run_again(struct screen *screen)
{
    char *line = screen->line_again;

    screen->line_again = NULL;
    if (line != NULL) {
        screen_run(screen, line);
    }
    free(line);
}

/* ---- A purpose: its reason stands in the result pane ---- */

static void take_purpose(struct pane *pane, const char *purpose)
{
    struct screen *screen = pane->screen;

    if (purpose != NULL && *purpose != '\0') {
        screen_run_words(screen, "purpose", purpose, (const char *)NULL);
        run_again(screen);
    } else {
        keep_line(screen, NULL);
    }
}

/* A line break, LINE */
static void ask_purpose(struct screen *screen, const char *argument)
{
    struct pane *pane = focused_pane(screen);

    if (pane != NULL) {
        screen_ask(screen, "What is it read for? ", "", take_purpose, pane);
        keep_line(screen, argument + (*argument == '\n'));
    }
}

/* ---- A yes ---- */

/* QUESTION, a line break, LINE. One that does not fit stands in the result pane. */
static void ask_yes(struct screen *screen, const char *argument)
{
    size_t length = strcspn(argument, "\n");
    struct text question = {0};

    text_append_bytes(&question, argument, length);
    text_append(&question, ". Run it? (y/n) ");
    if (safetext_width(text_string(&question), question.length) >=
        canvas_width(screen->canvas)) {
        text_clear(&question);
        text_append(&question, "Something would be lost, as the result says. Run "
                               "it? (y/n) ");
    }
    prompt_confirm(screen, text_string(&question), run_again);
    keep_line(screen, argument + length + (argument[length] == '\n'));
    text_release(&question);
}

/* ---- What it may cost ---- */

static void take_long(struct pane *pane, const char *line)
{
    if (line != NULL) {
        run_again(pane->screen);
    } else {
        keep_line(pane->screen, NULL);
        screen_focus(pane->screen, "sql");
    }
}

/* COST, a line break, LINE */
static void ask_long(struct screen *screen, const char *argument)
{
    struct pane *pane = focused_pane(screen);
    size_t length = strcspn(argument, "\n");

    if (pane != NULL) {
        char *question =
            string_printf("%.*s: Enter runs, Esc edits ", (int)length, argument);
        screen_ask(screen, question, "", take_long, pane);
        keep_line(screen, argument + length + (argument[length] == '\n'));
        free(question);
    }
}

/* ---- Values of parameters, one after the other ---- */

static const char *remembered(const struct workbench *workbench, const char *name)
{
    for (size_t i = 0; i < workbench->parameters.count; i++) {
        const struct workbench_parameter *one = array_at(&workbench->parameters, i);
        if (string_equal(one->name, name)) {
            return one->value;
        }
    }
    return "";
}

/* The first of the names that wait; yours, NULL: none. */
static char *next_name(const struct screen *screen)
{
    const char *names = screen->names != NULL ? screen->names : "";
    size_t length = strcspn(names, " ");
    return length > 0 ? string_copy_bytes(names, length) : NULL;
}

static void drop_name(struct screen *screen)
{
    const char *rest = screen->names + strcspn(screen->names, " ");
    char *names = string_copy(rest + strspn(rest, " "));

    free(screen->names);
    screen->names = names;
}

static void ask_next(struct screen *screen, struct pane *pane);

static void take_value(struct pane *pane, const char *value)
{
    struct screen *screen = pane->screen;
    char *name = next_name(screen);

    if (value == NULL || name == NULL) {
        keep_line(screen, NULL);
        screen_message(screen, ROLE_DIM, "Nothing ran: :%s has no value.",
                       name != NULL ? name : "");
    } else {
        screen_run_words(screen, "param", name, value, (const char *)NULL);
        drop_name(screen);
        ask_next(screen, pane);
    }
    free(name);
}

static void ask_next(struct screen *screen, struct pane *pane)
{
    char *name = next_name(screen);

    if (name == NULL) {
        run_again(screen);
        return;
    }
    char *label = string_printf(":%s = ", name);
    screen_ask(screen, label, remembered(screen->workbench, name), take_value, pane);
    free(label);
    free(name);
}

/* NAME..., a line break, LINE */
static void ask_parameters(struct screen *screen, const char *argument)
{
    struct pane *pane = focused_pane(screen);
    size_t length = strcspn(argument, "\n");

    if (pane != NULL) {
        free(screen->names);
        screen->names = string_copy_bytes(argument, length);
        keep_line(screen, argument + length + (argument[length] == '\n'));
        ask_next(screen, pane);
    }
}

/* ---- ---- */

static const struct {
    const char *action;
    void (*ask)(struct screen *screen, const char *argument);
} asks[] = {
    {"ask-purpose", ask_purpose},
    {"ask-yes", ask_yes},
    {"ask-long", ask_long},
    {"ask-parameters", ask_parameters},
};

bool asks_carry_out(struct screen *screen, const char *action, const char *argument)
{
    for (size_t i = 0; i < sizeof asks / sizeof *asks; i++) {
        if (string_equal(asks[i].action, action)) {
            asks[i].ask(screen, argument);
            return true;
        }
    }
    return false;
}

void asks_release(struct screen *screen)
{
    free(screen->line_again);
    free(screen->names);
}
