/* screen: the life of the face, its events, and the settings it follows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/layout/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

/* How often time that passes is shown while something runs, in seconds. */
static const double tick = 0.25;

static int colours_of(const struct screen *screen)
{
    return screen->term != NULL ? term_colours(screen->term) : 256;
}

/* A theme that cannot be read is told, and the one before stays. */
static void load_theme(struct screen *screen)
{
    const char *name = options_get(screen->workbench->options, "theme");
    struct error err = {0};
    struct theme *theme = theme_load(name, colours_of(screen), &err);

    if (theme == NULL) {
        screen_message(screen, ROLE_ERROR, "%s", err.message);
        options_set(screen->workbench->options, "theme",
                    screen->theme != NULL ? theme_name(screen->theme) : "dark", NULL);
        theme =
            screen->theme == NULL ? theme_load("dark", colours_of(screen), NULL) : NULL;
    }
    if (theme != NULL) {
        theme_free(screen->theme);
        screen->theme = theme;
        if (screen->term != NULL) {
            term_forget_theme(screen->term);
        }
    }
}

static void load_keys(struct screen *screen)
{
    char *path = path_of_place(PLACE_CONFIG, "keys", NULL);
    struct text problems = {0};

    screen->keymap = keymap_new();
    if (path != NULL && screen->workbench->with_state &&
        !keymap_load(screen->keymap, path, &problems)) {
        screen_message(screen, ROLE_WARNING, "%s", text_string(&problems));
    }
    text_release(&problems);
    free(path);
}

static void follow_options(struct screen *screen)
{
    const char *glyphs = options_get(screen->workbench->options, "glyphs");
    bool ascii = screen->term != NULL &&
                 (!term_has_unicode(screen->term) ||
                  term_profile(screen->term)->signs[PROFILE_LINES] == PROFILE_NO);

    canvas_set_ascii(screen->canvas, ascii || string_equal(glyphs, "ascii"));
    if (screen->theme == NULL ||
        !string_equal(theme_name(screen->theme),
                      options_get(screen->workbench->options, "theme"))) {
        load_theme(screen);
    }
}

static void tell_start_problems(struct screen *screen)
{
    if (screen->workbench->start_problems.length > 0) {
        screen_message(screen, ROLE_WARNING, "%s",
                       text_string(&screen->workbench->start_problems));
    }
}

struct screen *screen_new(const struct screen_spec *spec, struct error *err)
{
    struct screen *screen = memory_new(sizeof *screen);
    int width = spec->width, height = spec->height;

    (void)err;
    screen->workbench = spec->workbench;
    screen->term = spec->term;
    screen->calls = (struct array)ARRAY_OF(struct command_call *);
    screen->results = PLACE_GRID;
    screen->focus = PLACE_CATALOG;
    if (screen->term != NULL) {
        term_size(screen->term, &width, &height);
    }
    screen->canvas = canvas_new(width, height);
    follow_options(screen);
    load_keys(screen);
    tell_start_problems(screen);
    prompt_init(screen);
    places_open(screen);
    places_arrange(screen);
    if (screen->workbench->mesh == NULL) {
        screen_open_dialog(screen, "welcome", NULL);
    }
    screen_dirty(screen);
    return screen;
}

void screen_free(struct screen *screen)
{
    if (screen == NULL) {
        return;
    }
    loop_cancel(screen->workbench->loop, screen->timer);
    while (screen->dialog_count > 0) {
        screen_close_dialog(screen);
    }
    places_close(screen);
    prompt_release(screen);
    calls_release(screen);
    keymap_free(screen->keymap);
    theme_free(screen->theme);
    canvas_free(screen->canvas);
    text_release(&screen->message);
    free(screen);
}

/* ---- Events ---- */

static void take_paste(struct screen *screen, const struct text *paste)
{
    struct pane *pane = focused_pane(screen);

    if (screen->prompt.kind != PROMPT_NONE) {
        prompt_paste(screen, text_string(paste), paste->length);
    } else if (pane != NULL && pane->kind->paste != NULL) {
        pane->kind->paste(pane, text_string(paste), paste->length);
    }
}

/* A sign of a paste without brackets, for a pane that is written in: text, whatever the
 * key would do. */
static bool take_burst(struct screen *screen, const struct term_event *event)
{
    struct pane *pane = focused_pane(screen);
    bool breaks = key_is(event->key, KEY_CODE_ENTER) || key_is(event->key, '\n');
    bool text =
        breaks || key_is(event->key, KEY_CODE_TAB) || key_is_printable(event->key);
    char bytes[5] = "\n";
    if (!event->in_burst || !text || screen->prompt.kind != PROMPT_NONE || pane == NULL ||
        !pane->kind->takes_text || pane->kind->paste == NULL) {
        return false;
    }
    size_t length = breaks ? 1 : key_utf8(event->key, bytes);
    if (key_is(event->key, KEY_CODE_TAB)) {
        bytes[0] = '\t';
        length = 1;
    }
    pane->kind->paste(pane, bytes, length);
    return true;
}

static bool is_inside(struct rectangle place, int x, int y)
{
    return x >= place.x && x < place.x + place.width && y >= place.y &&
           y < place.y + place.height;
}

static void take_mouse(struct screen *screen, const struct term_event *event)
{
    for (int i = 0; i < PLACE_COUNT && screen->dialog_count == 0; i++) {
        struct rectangle place = screen->arrangement.places[i];
        struct pane *pane = screen->panes[i];
        if (!is_inside(place, event->mouse_x, event->mouse_y)) {
            continue;
        }
        place_focus(screen, (enum place)i);
        if (pane != NULL && pane->kind->mouse != NULL && event->mouse_y > place.y) {
            pane->kind->mouse(pane, event->mouse_x - place.x,
                              event->mouse_y - place.y - 1, event->mouse_button);
        }
        return;
    }
}

static void take_resize(struct screen *screen)
{
    int width, height;

    term_size(screen->term, &width, &height);
    canvas_resize(screen->canvas, width, height);
}

static void take_answer(struct screen *screen, const struct text *bytes)
{
    struct pane *pane = focused_pane(screen);
    if (pane != NULL && pane->kind->answer != NULL) {
        pane->kind->answer(pane, text_string(bytes), bytes->length);
    }
}

struct term *screen_term(struct screen *screen)
{
    return screen->term;
}

void screen_event(struct screen *screen, const struct term_event *event)
{
    screen_dirty(screen);
    switch (event->kind) {
    case TERM_KEY:
        if (screen->prompt.kind != PROMPT_NONE) {
            prompt_key(screen, event->key);
        } else if (!take_burst(screen, event)) {
            keys_take(screen, event->key);
        }
        break;
    case TERM_PASTE:
        take_paste(screen, &event->paste);
        break;
    case TERM_MOUSE:
        take_mouse(screen, event);
        break;
    case TERM_ANSWER:
        take_answer(screen, &event->paste);
        break;
    case TERM_RESIZE:
        if (screen->term != NULL) {
            take_resize(screen);
        }
        break;
    case TERM_CLOSED:
        screen->wants_quit = true;
        break;
    case TERM_NOTHING:
        break;
    }
}

void screen_resize(struct screen *screen, int width, int height)
{
    canvas_resize(screen->canvas, width, height);
    screen_dirty(screen);
}

/* ---- What the workbench tells ---- */

static bool is_busy(const struct screen *screen)
{
    const struct workbench *workbench = screen->workbench;

    return workbench->catalog_is_loading || jobs_running(workbench->jobs) > 0 ||
           workbench_is_running(workbench);
}

static void time_passed(void *owner)
{
    struct screen *screen = owner;

    screen->timer = 0;
    screen_dirty(screen);
    if (is_busy(screen)) {
        screen->timer = loop_after(screen->workbench->loop, tick, time_passed, screen);
    }
}

void screen_changed(struct screen *screen, unsigned changes)
{
    if ((changes & WORKBENCH_OPTIONS) != 0) {
        follow_options(screen);
    }
    for (int i = 0; i < PLACE_COUNT; i++) {
        struct pane *pane = screen->panes[i];
        if (pane != NULL && pane->kind->changed != NULL) {
            pane->kind->changed(pane, changes);
        }
    }
    for (int i = 0; i < screen->dialog_count; i++) {
        struct pane *pane = screen->dialogs[i];
        if (pane->kind->changed != NULL) {
            pane->kind->changed(pane, changes);
        }
    }
    if (screen->timer == 0 && is_busy(screen)) {
        screen->timer = loop_after(screen->workbench->loop, tick, time_passed, screen);
    }
    screen_dirty(screen);
}

/* ---- Small doors ---- */

bool screen_needs_draw(const struct screen *screen)
{
    return screen->is_dirty;
}

void screen_dirty(struct screen *screen)
{
    screen->is_dirty = true;
}

bool screen_wants_quit(const struct screen *screen)
{
    return screen->wants_quit;
}

static void quit_now(struct screen *screen)
{
    screen->wants_quit = true;
}

void screen_request_quit(struct screen *screen)
{
    size_t running = jobs_running(screen->workbench->jobs);
    struct text question = {0}, open = {0};

    text_append(&question, "Leave Mesh Workbench?");
    if (running > 0) {
        text_printf(&question, " %zu running job%s will be stopped.", running,
                    running == 1 ? "" : "s");
    }
    if (workbench_open_transactions(screen->workbench, &open)) {
        text_printf(&question, " The open transaction of %s will be rolled back.",
                    text_string(&open));
    }
    text_append(&question, " (y/n) ");
    prompt_confirm(screen, text_string(&question), quit_now);
    text_release(&question);
    text_release(&open);
}

struct canvas *screen_canvas(struct screen *screen)
{
    return screen->canvas;
}

struct workbench *screen_workbench(struct screen *screen)
{
    return screen->workbench;
}

struct keymap *screen_keymap(struct screen *screen)
{
    return screen->keymap;
}

bool screen_is_ascii(const struct screen *screen)
{
    return canvas_is_ascii(screen->canvas);
}

void screen_insert_sql(struct screen *screen, const char *text)
{
    struct pane *pane = screen->panes[PLACE_SQL];

    if (pane != NULL && pane->kind->paste != NULL) {
        pane->kind->paste(pane, text, strlen(text));
        screen_dirty(screen);
    }
}
