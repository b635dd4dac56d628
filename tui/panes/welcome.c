/* welcome: what to do when there is no mesh yet.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/panes/page.h"

static void *open_welcome(struct screen *screen, const char *argument)
{
    struct page *page = memory_new(sizeof *page);
    struct textview *text;

    (void)screen;
    (void)argument;
    page_init(page, "Welcome to Mesh Workbench");
    text = page->text;
    textview_line(text, ROLE_TEXT, NULL);
    textview_line(
        text, ROLE_TEXT,
        "Find, fetch, query and draw the data products of a data mesh. No mesh is "
        "open yet.");
    textview_line(text, ROLE_TEXT, NULL);
    textview_line(text, ROLE_KEY, "  Enter  ");
    textview_more(text, ROLE_TEXT,
                  "open the sandbox: the mesh of a web shop with eleven "
                  "domains, made here in a few seconds");
    textview_hang(text, 9);
    textview_line(text, ROLE_KEY, "  o      ");
    textview_more(text, ROLE_TEXT,
                  "open a mesh of your own: a folder of descriptors, a data "
                  "package, a CSV or SQLite file");
    textview_hang(text, 9);
    textview_line(text, ROLE_KEY, "  ?      ");
    textview_more(text, ROLE_TEXT, "help: keys and verbs");
    textview_line(text, ROLE_KEY, "  Q      ");
    textview_more(text, ROLE_TEXT, "leave");
    textview_line(text, ROLE_TEXT, NULL);
    textview_line(text, ROLE_DIM, "Next time name it at once: mwb FOLDER");
    textview_line(text, ROLE_TEXT, NULL);
    return page;
}

static void close_welcome(struct pane *pane)
{
    page_release(pane->state);
    free(pane->state);
}

static void open_named(struct pane *pane, const char *line)
{
    struct screen *screen = pane->screen;

    if (line != NULL && *line != '\0') {
        screen_runf(screen, "open \"%s\"", line);
    }
}

static enum reaction act_welcome(struct pane *pane, const char *action,
                                 const char *argument)
{
    if (string_equal(action, "open")) {
        screen_run(pane->screen, "demo");
        return REACTION_DONE;
    }
    if (string_equal(action, "open-mesh")) {
        screen_ask(pane->screen, "Open which folder or file? ", "", open_named, pane);
        return REACTION_DONE;
    }
    return page_action(pane, action, argument);
}

/* A mesh is open: there is nothing left to welcome to. */
static void follow_welcome(struct pane *pane, unsigned changes)
{
    if ((changes & WORKBENCH_CATALOG) != 0 && pane->workbench->catalog != NULL) {
        screen_close_pane(pane->screen, pane);
    }
}

const struct pane_kind pane_kind_welcome = {
    .name = "welcome",
    .hints = "Enter sandbox  o open a mesh  Q quit",
    .is_dialog = true,
    .open = open_welcome,
    .close = close_welcome,
    .title = page_title,
    .draw = page_draw,
    .action = act_welcome,
    .changed = follow_welcome,
    .wanted_height = page_wanted_height,
};
