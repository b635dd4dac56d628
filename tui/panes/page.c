/* page: scrolling and searching for every pane that shows text.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/page.h"

#include <stdlib.h>

#include "tui/layout.h"

void page_init(struct page *page, const char *title)
{
    page->text = textview_new();
    page->title = string_copy(title);
}

void page_release(struct page *page)
{
    textview_free(page->text);
    free(page->title);
}

void page_title(struct pane *pane, struct text *left, struct text *right)
{
    const struct page *page = pane->state;

    text_append(left, page->title != NULL ? page->title : "");
    if (*textview_searched(page->text) != '\0') {
        text_printf(right, "/%s", textview_searched(page->text));
    }
}

void page_draw(struct pane *pane, struct view view, bool focused)
{
    const struct page *page = pane->state;

    (void)focused;
    textview_draw(page->text, view);
}

static void search_changed(struct pane *pane, const char *line)
{
    const struct page *page = pane->state;

    textview_search(page->text, line);
    screen_dirty(pane->screen);
}

static void search_done(struct pane *pane, const char *line)
{
    const struct page *page = pane->state;

    if (line == NULL) {
        textview_search(page->text, "");
    } else if (*line != '\0' && !textview_search(page->text, line)) {
        screen_message(pane->screen, ROLE_WARNING, "\"%s\" does not occur here.", line);
    }
}

static void search_on(struct pane *pane, int direction)
{
    const struct page *page = pane->state;

    if (!textview_search_next(page->text, direction)) {
        screen_message(pane->screen, ROLE_WARNING,
                       *textview_searched(page->text) == '\0'
                           ? "Nothing is searched: / starts a search."
                           : "It does not occur here.");
    }
}

enum reaction page_action(struct pane *pane, const char *action, const char *argument)
{
    const struct page *page = pane->state;

    (void)argument;
    if (textview_act(page->text, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "search")) {
        screen_ask_live(pane->screen, "/", "", search_changed, search_done, pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "search-next") || string_equal(action, "search-previous")) {
        search_on(pane, string_equal(action, "search-next") ? 1 : -1);
        return REACTION_DONE;
    }
    if (string_equal(action, "clear") && *textview_searched(page->text) != '\0') {
        textview_search(page->text, "");
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

void page_mouse(struct pane *pane, int x, int y, int button)
{
    const struct page *page = pane->state;

    (void)x;
    (void)y;
    for (int i = 0; i < 3 && button >= 4; i++) {
        textview_act(page->text, button == 4 ? "up" : "down");
    }
}

int page_wanted_height(struct pane *pane, int width, int most)
{
    const struct page *page = pane->state;
    int rows = textview_rows(page->text, width - 1);

    return rows < most ? rows : most;
}
