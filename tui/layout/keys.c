/* keys: from a key to who handles it: the pane, its context of the key map, the list
 * keys, the global keys. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdlib.h>

struct action_row {
    const char *name;
    void (*act)(struct screen *screen, const char *argument);
};

static void act_help(struct screen *screen, const char *argument)
{
    (void)argument;
    if (!dialog_is_open(screen, "help")) {
        char *context = string_copy(screen_focused(screen));
        screen_open_dialog(screen, "help", context);
        free(context);
    }
}

static void act_focus(struct screen *screen, const char *argument)
{
    bool leave = string_equal(argument, "catalog") && screen->focus == PLACE_CATALOG &&
                 screen->dialog_count == 0;
    /* F2 opens the drawer and closes it again. */
    screen_focus(screen, leave ? "sql" : argument);
}

static void act_next_pane(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->dialog_count == 0) {
        place_step(screen, 1);
    }
}

static void act_previous_pane(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->dialog_count == 0) {
        place_step(screen, -1);
    }
}

static void act_redraw(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->term != NULL) {
        term_redraw(screen->term);
    }
}

static void act_suspend(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->term != NULL) {
        term_stop(screen->term);
    }
}

static void act_cancel(struct screen *screen, const char *argument)
{
    (void)argument;
    if (!calls_cancel(screen)) {
        screen_message(screen, ROLE_DIM, "Nothing is running. Q leaves the program.");
    }
}

static void act_command(struct screen *screen, const char *argument)
{
    prompt_open_command(screen, argument != NULL ? argument : "");
}

/* Close what lies on top; else go from a view of a result to what it was made from. */
static void act_back(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->dialog_count > 0) {
        screen_close_dialog(screen);
    } else if (screen->zoom) {
        screen->zoom = false;
    } else if (screen->focus == PLACE_CATALOG &&
               screen->arrangement.kind == ARRANGE_STACK) {
        place_focus(screen, PLACE_SQL);
    } else if (screen->focus == PLACE_CHART && screen->arrangement.kind != ARRANGE_WIDE) {
        place_focus(screen, PLACE_GRID);
    } else if (screen->workbench->shown != NULL &&
               screen->workbench->shown->below != NULL) {
        workbench_back(screen->workbench);
    } else {
        screen_request_quit(screen);
    }
}

static void act_clear(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->dialog_count > 0) {
        screen_close_dialog(screen);
    } else if (screen->focus == PLACE_CATALOG &&
               screen->arrangement.kind == ARRANGE_STACK) {
        place_focus(screen, PLACE_SQL);
    }
}

static void act_quit(struct screen *screen, const char *argument)
{
    (void)argument;
    screen_request_quit(screen);
}

static void act_zoom(struct screen *screen, const char *argument)
{
    (void)argument;
    if (screen->dialog_count == 0) {
        screen->zoom = !screen->zoom;
    }
}

static void act_view(struct screen *screen, const char *argument)
{
    screen_focus(screen, string_equal(argument, "chart") ? "chart" : "grid");
}

static const struct action_row actions[] = {
    {"back", act_back},           {"cancel", act_cancel},
    {"clear", act_clear},         {"command", act_command},
    {"focus", act_focus},         {"help", act_help},
    {"next-pane", act_next_pane}, {"previous-pane", act_previous_pane},
    {"quit", act_quit},           {"redraw", act_redraw},
    {"suspend", act_suspend},     {"view", act_view},
    {"zoom", act_zoom},           {NULL, NULL},
};

enum reaction keys_act(struct screen *screen, const char *action, const char *argument)
{
    struct pane *pane = focused_pane(screen);

    screen_dirty(screen);
    if (action[0] == ':') {
        screen_run(screen, action + 1);
        return REACTION_DONE;
    }
    if (pane != NULL && pane->kind->action != NULL &&
        pane->kind->action(pane, action, argument) == REACTION_DONE) {
        return REACTION_DONE;
    }
    for (const struct action_row *row = actions; row->name != NULL; row++) {
        if (string_equal(row->name, action)) {
            row->act(screen, argument);
            return REACTION_DONE;
        }
    }
    return REACTION_UNKNOWN;
}

static enum reaction try_context(struct screen *screen, const char *context,
                                 struct key key)
{
    const struct key_binding *binding = keymap_find(screen->keymap, context, key);

    return binding != NULL ? keys_act(screen, binding->action, binding->argument)
                           : REACTION_UNKNOWN;
}

void keys_take(struct screen *screen, struct key key)
{
    struct pane *pane = focused_pane(screen);
    bool takes_text = pane != NULL && pane->kind->takes_text;

    screen_dirty(screen);
    if (key_is(key, KEY_CODE_ESCAPE) && screen->dialog_count == 0 &&
        calls_stop_watching(screen)) {
        return;
    }
    if (screen->arrangement.is_too_small && screen->term != NULL &&
        (key_is(key, 'q') || key_is(key, 'Q'))) {
        screen->wants_quit = true;
        return;
    }
    if (!takes_text || !key_is_printable(key)) {
        if (try_context(screen, screen_focused(screen), key) == REACTION_DONE) {
            return;
        }
    }
    /* The pane may be gone by what its key did: look again before each step. */
    if (pane != NULL && pane->kind->key != NULL &&
        pane->kind->key(pane, key) == REACTION_DONE) {
        return;
    }
    if (!takes_text && try_context(screen, "list", key) == REACTION_DONE) {
        return;
    }
    if (!takes_text || !key_is_printable(key)) {
        try_context(screen, "global", key);
    }
}
