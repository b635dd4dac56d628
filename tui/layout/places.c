/* places: the panes of the layout, which are seen, which has the focus.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdio.h>
#include <string.h>

const char *const place_names[PLACE_COUNT] = {
    [PLACE_CATALOG] = "catalog", [PLACE_CARD] = "card",   [PLACE_SQL] = "sql",
    [PLACE_GRID] = "grid",       [PLACE_CHART] = "chart", [PLACE_JOBS] = "jobs",
};

void places_open(struct screen *screen)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        const struct pane_kind *kind = pane_kind_named(place_names[i]);
        if (kind != NULL) {
            screen->panes[i] = pane_new(screen, screen->workbench, kind, NULL);
        }
    }
}

void places_close(struct screen *screen)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        pane_free(screen->panes[i]);
        screen->panes[i] = NULL;
    }
}

static bool is_result(enum place place)
{
    return place == PLACE_GRID || place == PLACE_CHART;
}

static enum arrangement_kind asked_kind(const struct screen *screen)
{
    static const char *const names[] = {"auto", "stack", "columns", "wide"};
    const char *asked = options_get(screen->workbench->options, "layout");

    for (int i = ARRANGE_STACK; i <= ARRANGE_WIDE; i++) {
        if (string_equal(names[i], asked)) {
            return (enum arrangement_kind)i;
        }
    }
    return ARRANGE_AUTO;
}

static int wanted_sql_rows(const struct screen *screen, int most)
{
    struct pane *pane = screen->panes[PLACE_SQL];

    if (pane == NULL || pane->kind->wanted_height == NULL) {
        return 4;
    }
    return pane->kind->wanted_height(pane, canvas_width(screen->canvas), most);
}

static bool wants_width(const struct screen *screen)
{
    const struct pane *pane = screen->panes[PLACE_CATALOG];

    return screen->focus == PLACE_CATALOG && pane != NULL &&
           pane->kind->wants_width != NULL && pane->kind->wants_width(pane);
}

void places_arrange(struct screen *screen)
{
    struct arrange_spec spec = {
        .width = canvas_width(screen->canvas),
        .height = canvas_height(screen->canvas),
        .asked = asked_kind(screen),
        .focus = screen->focus,
        .results = is_result(screen->focus) ? screen->focus : screen->results,
        .zoom = screen->zoom,
        .wide_catalog = wants_width(screen),
        .drawer = screen->drawer || screen->focus == PLACE_CATALOG,
        .hints = options_flag(screen->workbench->options, "hints"),
        .sql_rows = wanted_sql_rows(screen, canvas_height(screen->canvas) / 2),
    };
    arrange(&spec, &screen->arrangement);
}

bool place_is_seen(const struct screen *screen, enum place place)
{
    return screen->arrangement.places[place].height > 0;
}

struct pane *focused_pane(const struct screen *screen)
{
    return screen->dialog_count > 0 ? screen->dialogs[screen->dialog_count - 1]
                                    : screen->panes[screen->focus];
}

void place_focus(struct screen *screen, enum place place)
{
    if (screen->focus == PLACE_CATALOG && place != PLACE_CATALOG) {
        screen->drawer = false;
    }
    screen->focus = place;
    if (is_result(place)) {
        screen->results = place;
    }
    screen->drawer = screen->drawer || place == PLACE_CATALOG;
    places_arrange(screen);
    screen_dirty(screen);
}

/* The places Tab goes through: those that could be seen without zoom. */
static bool is_on_the_way(struct screen *screen, enum place place)
{
    struct screen probe = *screen;

    probe.zoom = false;
    places_arrange(&probe);
    return place_is_seen(&probe, place) || place == PLACE_CATALOG;
}

void place_step(struct screen *screen, int direction)
{
    int place = screen->focus;

    do {
        place = (place + direction + PLACE_COUNT) % PLACE_COUNT;
    } while (!is_on_the_way(screen, (enum place)place) && place != (int)screen->focus);
    place_focus(screen, (enum place)place);
}

/* Show the grid or the chart. The focus goes along when it is on the other one and they
 * share a place. */
void place_show_results(struct screen *screen, enum place place)
{
    places_arrange(screen);
    if (is_result(screen->focus) &&
        (screen->zoom || screen->arrangement.kind != ARRANGE_WIDE)) {
        place_focus(screen, place);
    }
    screen->results = place;
    places_arrange(screen);
    screen_dirty(screen);
}

static int place_of_name(const char *name)
{
    for (int i = 0; i < PLACE_COUNT; i++) {
        if (string_equal(place_names[i], name)) {
            return i;
        }
    }
    return -1;
}

void screen_focus(struct screen *screen, const char *name)
{
    int place =
        string_equal(name, "results") ? (int)screen->results : place_of_name(name);

    if (place < 0) {
        return;
    }
    while (screen->dialog_count > 0) {
        screen_close_dialog(screen);
    }
    places_arrange(screen);
    /* Where there is no room for it beside the others it lies over them. */
    if ((place == PLACE_CARD || place == PLACE_JOBS) &&
        screen->arrangement.kind != ARRANGE_WIDE) {
        screen_open_dialog(screen, place_names[place], NULL);
        return;
    }
    place_focus(screen, (enum place)place);
}

const char *screen_focused(const struct screen *screen)
{
    const struct pane *pane = focused_pane(screen);
    return pane != NULL ? pane->kind->name : place_names[screen->focus];
}

struct pane *screen_pane(struct screen *screen, const char *name)
{
    int place = place_of_name(name);

    for (int i = screen->dialog_count; i-- > 0;) {
        if (string_equal(screen->dialogs[i]->kind->name, name)) {
            return screen->dialogs[i];
        }
    }
    return place >= 0 ? screen->panes[place] : NULL;
}

/* ---- What is kept for next time ---- */

void screen_layout_words(const struct screen *screen, struct text *words)
{
    text_printf(words, "focus=%s results=%s zoom=%d", place_names[screen->focus],
                place_names[screen->results], screen->zoom ? 1 : 0);
}

void screen_apply_layout_words(struct screen *screen, const char *words)
{
    char name[16];
    int zoom;

    while (words != NULL && *words != '\0') {
        if (sscanf(words, "focus=%15s", name) == 1 && place_of_name(name) >= 0) {
            place_focus(screen, (enum place)place_of_name(name));
        } else if (sscanf(words, "results=%15s", name) == 1) {
            screen->results = string_equal(name, "chart") ? PLACE_CHART : PLACE_GRID;
        } else if (sscanf(words, "zoom=%d", &zoom) == 1) {
            screen->zoom = zoom == 1;
        }
        words += strcspn(words, " ");
        words += strspn(words, " ");
    }
    /* Charts are not kept, and dialogs are not opened again. */
    if (screen->workbench->chart == NULL && screen->focus != PLACE_CHART) {
        screen->results = PLACE_GRID;
    }
    places_arrange(screen);
    if (!place_is_seen(screen, screen->focus) ||
        (screen->focus == PLACE_CHART && screen->workbench->chart == NULL)) {
        screen->zoom = false;
        place_focus(screen, PLACE_SQL);
        screen->results = PLACE_GRID;
    }
    screen_dirty(screen);
}
