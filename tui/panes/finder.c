/* finder: a list, its titles, its filter, and the details below it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/finder.h"

#include <string.h>

#include "tui/layout.h"

void finder_init(struct finder *finder, const struct finder_kind *kind,
                 const char *filter)
{
    *finder = (struct finder){.kind = kind};
    text_append(&finder->filter, filter != NULL ? filter : "");
}

void finder_release(struct finder *finder)
{
    text_release(&finder->filter);
}

/* ---- Finding ---- */

void finder_find(struct pane *pane)
{
    struct finder *finder = pane->state;

    if (!finder->is_found) {
        finder->is_found = true;
        finder->kind->find(pane);
    }
}

void finder_anew(struct pane *pane)
{
    struct finder *finder = pane->state;

    finder->is_found = false;
    finder->list.top = 0;
    list_select(&finder->list, 0);
    screen_dirty(pane->screen);
}

static void filter_changed(struct pane *pane, const char *line)
{
    struct finder *finder = pane->state;

    text_clear(&finder->filter);
    text_append(&finder->filter, line != NULL ? line : "");
    finder_anew(pane);
}

static void filter_done(struct pane *pane, const char *line)
{
    if (line == NULL) {
        filter_changed(pane, "");
    }
}

void finder_clear(struct pane *pane)
{
    filter_changed(pane, "");
}

bool finder_is_filtered(const struct pane *pane)
{
    const struct finder *finder = pane->state;

    return finder->filter.length > 0;
}

/* ---- Drawing ---- */

void finder_title(const struct pane *pane, struct text *left)
{
    const struct finder *finder = pane->state;

    text_append(left, finder->kind->name);
    if (finder->filter.length > 0) {
        text_printf(left, " %s%s", finder->kind->prompt, text_string(&finder->filter));
    }
}

static void draw_list(struct pane *pane, struct view view, bool focused)
{
    struct finder *finder = pane->state;
    struct list *list = &finder->list;
    int titles = finder->kind->has_titles ? 1 : 0;
    int height = view.height - titles;

    list_show(list, height);
    if (titles > 0) {
        finder->kind->draw_line(pane, view_inside(view, 0, 0, view.width - 1, 1), -1);
    }
    for (int y = 0; y < height && list->top + y < list->count; y++) {
        int index = list->top + y;
        struct view line = view_inside(view, 0, titles + y, view.width - 1, 1);
        finder->kind->draw_line(pane, line, index);
        if (index == list->selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view_inside(view, 0, titles, view.width, height), list->top, height,
                  list->count);
}

void finder_draw(struct pane *pane, struct view view, bool focused)
{
    const struct finder *finder = pane->state;
    const struct finder_kind *kind = finder->kind;
    int details =
        view.height / 2 < kind->details_most ? view.height / 2 : kind->details_most;
    int height = view.height - details;

    finder_find(pane);
    if (finder->list.count == 0) {
        kind->draw_empty(pane, view);
        return;
    }
    if (height < kind->list_least) {
        height = view.height;
    }
    draw_list(pane, view_inside(view, 0, 0, view.width, height), focused);
    if (height < view.height) {
        struct view below = view_inside(view, 0, height, view.width, details);
        view_hline(below, 0, 0, below.width, style_of(ROLE_BORDER));
        kind->draw_details(pane, view_inside(below, 0, 1, below.width, below.height - 1));
    }
}

/* ---- Actions ---- */

enum reaction finder_action(struct pane *pane, const char *action)
{
    struct finder *finder = pane->state;

    finder_find(pane);
    if (list_act(&finder->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "search")) {
        screen_ask_live(pane->screen, finder->kind->prompt, text_string(&finder->filter),
                        filter_changed, filter_done, pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "clear") && finder->filter.length > 0) {
        finder_clear(pane);
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

void finder_mouse(struct pane *pane, int x, int y, int button)
{
    struct finder *finder = pane->state;
    int line = y - (finder->kind->has_titles ? 1 : 0);

    (void)x;
    if (button >= 4) {
        list_act(&finder->list, button == 4 ? "up" : "down");
    } else if (line >= 0) {
        list_select(&finder->list, finder->list.top + line);
    }
}
