/* snippets: pieces of SQL to choose from, with what they become; Enter puts one into the
 * editor. The argument is what to search for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/snippet.h"
#include "tui/layout.h"
#include "tui/panes/finder.h"
#include "tui/widget/textview.h"

enum { LIST_LEAST = 4, DETAILS_MOST = 1000, NAME_WIDTH = 12, WHERE_WIDTH = 8 };

struct snippets {
    struct finder finder;
    struct text problems;
    struct array all;   /* of struct snippet */
    struct array found; /* of const struct snippet * */
};

static void find_snippets(struct pane *pane)
{
    struct snippets *state = pane->state;
    const char *wanted = text_string(&state->finder.filter);

    array_clear(&state->found);
    for (size_t i = 0; i < state->all.count; i++) {
        const struct snippet *snippet = array_at(&state->all, i);
        if (string_contains_fold(snippet->name, wanted) ||
            string_contains_fold(snippet->title, wanted) ||
            string_contains_fold(snippet->body, wanted)) {
            *(const struct snippet **)array_push(&state->found) = snippet;
        }
    }
    list_set_count(&state->finder.list, (int)state->found.count);
}

static const struct snippet *snippet_at(struct pane *pane, int index)
{
    const struct snippets *state = pane->state;
    const struct snippet **snippet;

    finder_find(pane);
    snippet = array_at(&state->found, (size_t)index);
    return snippet != NULL ? *snippet : NULL;
}

static const struct snippet *selected(struct pane *pane)
{
    const struct snippets *state = pane->state;

    finder_find(pane);
    return snippet_at(pane, state->finder.list.selected);
}

/* ---- Drawing ---- */

static void title_snippets(struct pane *pane, struct text *left, struct text *right)
{
    const struct snippets *state = pane->state;

    finder_find(pane);
    finder_title(pane, left);
    text_append_count(right, (long long)state->found.count, "snippet");
}

static void draw_line(struct pane *pane, struct view line, int index)
{
    const struct snippet *snippet = snippet_at(pane, index);
    int x = NAME_WIDTH + WHERE_WIDTH + 2;

    view_field(line, 0, 0, NAME_WIDTH, style_of(ROLE_TEXT), snippet->name, -1, false);
    view_field(line, NAME_WIDTH + 1, 0, WHERE_WIDTH, style_of(ROLE_DIM),
               snippet->is_mine ? "mine" : "builtin", -1, false);
    view_field(line, x, 0, line.width - x, style_of(ROLE_TEXT), snippet->title, -1,
               false);
}

static void draw_details(struct pane *pane, struct view view)
{
    const struct snippets *state = pane->state;
    struct textview *text = textview_new();
    struct text sql = {0};
    struct array places = ARRAY_OF(struct snippet_place);

    snippet_expand(selected(pane)->body, "", &sql, &places);
    textview_lines(text, ROLE_TEXT, text_string(&sql));
    textview_line(text, ROLE_DIM, NULL);
    textview_line(
        text, ROLE_DIM,
        "Tab goes on to the next place, S-Tab back, M-? completes. At the start "
        "of a statement its name and Tab do the same. Your own: "
        "~/.config/mwb/snippets.");
    if (state->problems.length > 0) {
        textview_lines(text, ROLE_WARNING, text_string(&state->problems));
    }
    textview_draw(text, view);
    array_release(&places);
    text_release(&sql);
    textview_free(text);
}

static void draw_empty(struct pane *pane, struct view view)
{
    (void)pane;
    textview_paragraph(view, ROLE_DIM,
                       "No snippet has these words. Esc shows all again.");
}

/* ---- Actions ---- */

/* The pane is gone afterwards. */
static void take(struct pane *pane)
{
    struct screen *screen = pane->screen;
    const struct snippet *snippet = selected(pane);
    char *name = snippet != NULL ? string_copy(snippet->name) : NULL;

    if (name != NULL) {
        screen_close_pane(screen, pane);
        screen_run_words(screen, "snippet", name, NULL);
    }
    free(name);
}

static enum reaction act_snippets(struct pane *pane, const char *action,
                                  const char *argument)
{
    (void)argument;
    if (string_equal(action, "open")) {
        take(pane);
        return REACTION_DONE;
    }
    return finder_action(pane, action);
}

/* ---- The pane ---- */

static void *open_snippets(struct screen *screen, const char *argument)
{
    static const struct finder_kind kind = {
        .name = "Snippets",
        .prompt = "/",
        .details_most = DETAILS_MOST,
        .list_least = LIST_LEAST,
        .find = find_snippets,
        .draw_line = draw_line,
        .draw_empty = draw_empty,
        .draw_details = draw_details,
    };
    struct snippets *state = memory_new(sizeof *state);

    (void)screen;
    finder_init(&state->finder, &kind, argument);
    state->all = snippets_list(&state->problems);
    state->found = (struct array)ARRAY_OF(const struct snippet *);
    return state;
}

static void close_snippets(struct pane *pane)
{
    struct snippets *state = pane->state;

    snippets_release(&state->all);
    array_release(&state->found);
    finder_release(&state->finder);
    text_release(&state->problems);
    free(state);
}

const struct pane_kind pane_kind_snippets = {
    .name = "snippets",
    .hints = "Enter to the editor  / search",
    .is_dialog = true,
    .is_full = true,
    .open = open_snippets,
    .close = close_snippets,
    .title = title_snippets,
    .draw = finder_draw,
    .action = act_snippets,
    .mouse = finder_mouse,
};
