/* journey: how far each domain has come, the facts that say so, and the next step. The
 * argument is the domain to begin with.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/glance.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum { FOOT_ROWS = 3, LEVELS = 5, MOST_NAME = 24, MOST_FACT = 64 };

struct journey_pane {
    struct list domains, facts;
    bool in_facts; /* the cursor is at the right */
    char *wanted;  /* the domain to begin with, until it is known; NULL: none */
};

static const struct glance_journey *journey_of(const struct pane *pane)
{
    const struct journey_pane *state = pane->state;

    return array_at(&pane->workbench->glance.journeys, (size_t)state->domains.selected);
}

/* ---- Life ---- */

static void take_journeys(struct pane *pane)
{
    struct journey_pane *state = pane->state;
    const struct workbench_glance *glance = &pane->workbench->glance;
    size_t domain = glance->domain;

    for (size_t i = 0; state->wanted != NULL && i < glance->journeys.count; i++) {
        const struct glance_journey *one = array_at(&glance->journeys, i);
        if (string_equal(one->domain, state->wanted)) {
            domain = i;
        }
    }
    if (glance->journeys.count > 0) {
        free(state->wanted);
        state->wanted = NULL;
    }
    list_set_count(&state->domains, (int)glance->journeys.count);
    list_select(&state->domains, (int)domain);
    const struct glance_journey *journey = journey_of(pane);
    list_set_count(&state->facts, journey != NULL ? (int)journey->facts.count : 0);
}

static void *open_journey(struct screen *screen, const char *argument)
{
    struct journey_pane *state = memory_new(sizeof *state);

    if (argument != NULL && argument[0] != '\0') {
        state->wanted = string_copy(argument);
    }
    workbench_look_around(screen_workbench(screen));
    return state;
}

static void close_journey(struct pane *pane)
{
    struct journey_pane *state = pane->state;

    free(state->wanted);
    free(state);
}

static void title_journey(struct pane *pane, struct text *left, struct text *right)
{
    const struct glance_journey *journey = journey_of(pane);

    text_append(left, "The way of each domain");
    if (pane->workbench->glance.job != NULL) {
        text_append(right, "looking ...");
    } else if (journey != NULL) {
        text_printf(right, "level %d: %s", journey->level,
                    glance_level_name(journey->level));
    }
}

/* ---- Drawing ---- */

static void draw_domain(struct view line, int name, const struct glance_journey *journey)
{
    view_field(line, 0, 0, name, style_of(ROLE_DOMAIN), journey->domain, -1, false);
    for (int i = 1; i < LEVELS; i++) {
        view_sign(line, name + i, 0,
                  style_of(i <= journey->level ? ROLE_MESSAGE : ROLE_BORDER),
                  i <= journey->level ? "█" : "░");
    }
    view_printf(line, name + LEVELS + 1, 0, style_of(ROLE_NUMBER), "%d", journey->level);
    if (journey->is_cots) {
        view_text(line, name + LEVELS + 3, 0, style_of(ROLE_DIM), "COTS", -1);
    }
}

static int domain_width(const struct pane *pane)
{
    const struct array *journeys = &pane->workbench->glance.journeys;
    int width = 8;

    for (size_t i = 0; i < journeys->count; i++) {
        const struct glance_journey *journey = array_at(journeys, i);
        int own = safetext_width(journey->domain, strlen(journey->domain));
        width = own > width ? own : width;
    }
    return width < MOST_NAME ? width : MOST_NAME;
}

static bool has_cots(const struct pane *pane)
{
    const struct array *journeys = &pane->workbench->glance.journeys;
    bool has = false;

    for (size_t i = 0; i < journeys->count; i++) {
        has = has || ((const struct glance_journey *)array_at(journeys, i))->is_cots;
    }
    return has;
}

static void draw_domains(const struct pane *pane, struct view view, bool focused)
{
    struct journey_pane *state = pane->state;
    const struct array *journeys = &pane->workbench->glance.journeys;

    list_show(&state->domains, view.height);
    for (int y = 0; y < view.height && state->domains.top + y < state->domains.count;
         y++) {
        int index = state->domains.top + y;
        struct view line = view_inside(view, 0, y, view.width - 1, 1);
        draw_domain(line, domain_width(pane), array_at(journeys, (size_t)index));
        if (index == state->domains.selected) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused && !state->in_facts ? ROLE_SELECTED
                                                              : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->domains.top, view.height, state->domains.count);
}

static void draw_fact(struct view line, const struct glance_fact *fact, int level)
{
    bool matters = fact->level > 0 && fact->level <= level + 1;

    view_printf(line, 0, 0, style_of(ROLE_DIM), "%d", fact->level);
    view_sign(line, 2, 0, style_of(fact->holds ? ROLE_MESSAGE : ROLE_WARNING),
              fact->holds ? "✓" : "✗");
    view_field(line, 4, 0, line.width - 11,
               style_of(fact->holds || matters ? ROLE_TEXT : ROLE_DIM), fact->name, -1,
               false);
    if (fact->count > 0) {
        char count[32];
        view_field(line, line.width - 6, 0, 6,
                   style_of(fact->is_lack ? ROLE_WARNING : ROLE_NUMBER),
                   string_of_count(fact->count, count, sizeof count), -1, true);
    }
}

static void draw_facts(const struct pane *pane, struct view view, bool focused)
{
    struct journey_pane *state = pane->state;
    const struct glance_journey *journey = journey_of(pane);

    list_show(&state->facts, view.height);
    for (int y = 0; y < view.height && state->facts.top + y < state->facts.count; y++) {
        int index = state->facts.top + y;
        struct view line = view_inside(view, 0, y, view.width - 1, 1);
        draw_fact(line, array_at(&journey->facts, (size_t)index), journey->level);
        if (index == state->facts.selected && state->in_facts) {
            view_restyle(line, 0, 0, line.width,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->facts.top, view.height, state->facts.count);
}

static void draw_step(const struct pane *pane, struct view view)
{
    const struct glance_journey *journey = journey_of(pane);
    struct text line = {0};

    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    text_printf(&line, "Next: %s", journey->next);
    view_field(view, 0, 1, view.width, style_of(ROLE_TEXT), text_string(&line), -1,
               false);
    if (journey->next_verb != NULL) {
        text_clear(&line);
        text_printf(&line, "n  :%s", journey->next_verb);
        view_field(view, 0, 2, view.width, style_of(ROLE_KEY), text_string(&line), -1,
                   false);
    }
    text_release(&line);
}

static void draw_nothing(const struct pane *pane, struct view view)
{
    const struct workbench_glance *glance = &pane->workbench->glance;
    bool failed = glance->error.kind != ERROR_NONE && glance->job == NULL;

    textview_paragraph(view, failed ? ROLE_ERROR : ROLE_DIM,
                       failed             ? glance->error.message
                       : glance->is_known ? "The mesh has no domains."
                                          : "Looking at the mesh ...");
}

static void draw_journey(struct pane *pane, struct view view, bool focused)
{
    struct view inside = view_inside(view, 1, 0, view.width - 2, view.height);
    int left = domain_width(pane) + LEVELS + 4 + (has_cots(pane) ? 5 : 0);
    int height = inside.height - FOOT_ROWS;

    if (pane->workbench->glance.journeys.count > 0 &&
        ((struct journey_pane *)pane->state)->domains.count == 0) {
        take_journeys(pane); /* it was known before */
    }
    if (journey_of(pane) == NULL) {
        draw_nothing(pane, inside);
        return;
    }
    draw_domains(pane, view_inside(inside, 0, 0, left, height), focused);
    view_vline(inside, left, 0, height, style_of(ROLE_BORDER));
    int right = inside.width - left - 2;
    draw_facts(
        pane,
        view_inside(inside, left + 2, 0, right < MOST_FACT ? right : MOST_FACT, height),
        focused);
    draw_step(pane, view_inside(inside, 0, height, inside.width, FOOT_ROWS));
}

/* ---- Actions ---- */

/* The rows that prove the fact come where results stand. */
static void open_fact(struct pane *pane)
{
    const struct journey_pane *state = pane->state;
    const struct glance_journey *journey = journey_of(pane);
    const struct glance_fact *fact =
        journey != NULL ? array_at(&journey->facts, (size_t)state->facts.selected) : NULL;
    struct screen *screen = pane->screen;

    if (fact == NULL) {
        return;
    }
    const char *key = fact->key;
    char *domain = string_copy(journey->domain);
    screen_close_pane(screen, pane);
    screen_run_words(screen, "journey", domain, key, NULL);
    screen_focus(screen, "grid");
    free(domain);
}

static void on_step(struct pane *pane, const char *line)
{
    struct screen *screen = pane->screen;

    if (line != NULL && line[0] != '\0') {
        screen_close_pane(screen, pane);
        screen_run(screen, line);
    }
}

/* Offered, not done: a person sees the verb before it runs. */
static void take_step(struct pane *pane)
{
    const struct glance_journey *journey = journey_of(pane);

    if (journey != NULL && journey->next_verb != NULL) {
        screen_ask(pane->screen, "next step :", journey->next_verb, on_step, pane);
    } else {
        screen_message(pane->screen, ROLE_DIM, "There is no verb for this step.");
    }
}

static bool act_within(struct pane *pane, const char *action)
{
    struct journey_pane *state = pane->state;

    if (!list_act(state->in_facts ? &state->facts : &state->domains, action)) {
        return false;
    }
    pane->workbench->glance.domain = (size_t)state->domains.selected;
    return true;
}

static enum reaction act_journey(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct journey_pane *state = pane->state;

    (void)argument;
    if (act_within(pane, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "left") || string_equal(action, "right") ||
        string_equal(action, "other-side")) {
        state->in_facts = string_equal(action, "other-side")
                              ? !state->in_facts
                              : string_equal(action, "right");
        return REACTION_DONE;
    }
    if (string_equal(action, "open") && !state->in_facts) {
        state->in_facts = true;
        return REACTION_DONE;
    }
    if (string_equal(action, "open")) {
        open_fact(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "glance")) {
        struct screen *screen = pane->screen;
        screen_close_pane(screen, pane);
        screen_run(screen, "glance");
        return REACTION_DONE;
    }
    if (string_equal(action, "next-step")) {
        take_step(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "again")) {
        workbench_look_around(pane->workbench);
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static void follow_journey(struct pane *pane, unsigned changes)
{
    if ((changes & WORKBENCH_GLANCE) != 0) {
        take_journeys(pane);
        screen_dirty(pane->screen);
    }
    if ((changes & WORKBENCH_CATALOG) != 0) {
        workbench_look_around(pane->workbench);
    }
}

const struct pane_kind pane_kind_journey = {
    .name = "journey",
    .hints = "Enter facts, their rows  n take the next step  M glance",
    .is_dialog = true,
    .is_full = true,
    .open = open_journey,
    .close = close_journey,
    .title = title_journey,
    .draw = draw_journey,
    .action = act_journey,
    .changed = follow_journey,
};
