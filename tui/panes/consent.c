/* consent: new versions that break their contracts wait here for a person: what changed,
 * and whether to take them all the same. The first line of the argument is the ids of the
 * products with tabs between, the rest what changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "tui/layout.h"
#include "tui/panes/page.h"

struct consent {
    struct page page; /* first: page.h works on it */
    char *products;   /* with tabs between */
};

static void *open_consent(struct screen *screen, const char *argument)
{
    struct consent *state = memory_new(sizeof *state);
    const char *text = argument != NULL ? argument : "";
    size_t length = strcspn(text, "\n");

    (void)screen;
    state->products = string_copy_bytes(text, length);
    page_init(&state->page, "A contract is broken");
    textview_lines(state->page.text, ROLE_TEXT,
                   text + length + (text[length] == '\n' ? 1 : 0));
    textview_line(state->page.text, ROLE_TEXT, NULL);
    textview_line(state->page.text, ROLE_WARNING,
                  "Enter keeps the version before; A takes the new one all the same.");
    return state;
}

static void close_consent(struct pane *pane)
{
    struct consent *state = pane->state;

    page_release(&state->page);
    free(state->products);
    free(state);
}

static void accept(struct pane *pane)
{
    const struct consent *state = pane->state;
    struct text line = {0};

    text_append(&line, "get --accept");
    for (const char *at = state->products; *at != '\0';) {
        size_t length = strcspn(at, "\t");
        char *product = string_copy_bytes(at, length);
        command_append_word(&line, product);
        free(product);
        at += length + (at[length] == '\t');
    }
    screen_run(pane->screen, text_string(&line));
    text_release(&line);
}

static enum reaction act_consent(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct screen *screen = pane->screen;

    if (string_equal(action, "accept") || string_equal(action, "open")) {
        if (string_equal(action, "accept")) {
            accept(pane);
        } else {
            screen_message(screen, ROLE_MESSAGE, "The version before stays current.");
        }
        screen_close_pane(screen, pane);
        return REACTION_DONE;
    }
    return page_action(pane, action, argument);
}

const struct pane_kind pane_kind_consent = {
    .name = "consent",
    .hints = "Enter keep the version before  A take the new one  / search",
    .is_dialog = true,
    .open = open_consent,
    .close = close_consent,
    .title = page_title,
    .draw = page_draw,
    .action = act_consent,
    .mouse = page_mouse,
    .wanted_height = page_wanted_height,
};
