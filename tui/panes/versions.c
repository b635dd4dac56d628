/* versions: the versions of a product that are here; Enter makes another one current.
 * The argument is the product's id.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/cache.h"
#include "engine/path.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

struct versions {
    char *product;
    struct array rows; /* of struct cache_version, newest first */
    struct list list;
};

static void read_versions(struct versions *state, const struct workbench *workbench)
{
    struct catalog_entry entry;

    cache_versions_release(&state->rows);
    state->rows = (struct array){0};
    if (workbench->catalog != NULL &&
        catalog_find(workbench->catalog, state->product, &entry, NULL)) {
        const struct cache_product product = {.mesh = workbench->mesh,
                                              .role = workbench->role,
                                              .domain = entry.domain,
                                              .name = entry.name,
                                              .group = -1};
        state->rows = cache_versions(&product);
        catalog_entry_release(&entry);
    }
    list_set_count(&state->list, (int)state->rows.count);
}

static void *open_versions(struct screen *screen, const char *argument)
{
    struct versions *state = memory_new(sizeof *state);

    state->product = string_copy(argument != NULL ? argument : "");
    read_versions(state, screen_workbench(screen));
    return state;
}

static void close_versions(struct pane *pane)
{
    struct versions *state = pane->state;

    cache_versions_release(&state->rows);
    free(state->product);
    free(state);
}

static void title_versions(struct pane *pane, struct text *left, struct text *right)
{
    const struct versions *state = pane->state;

    text_printf(left, "Versions of %s", state->product);
    text_append_count(right, (long long)state->rows.count, "version");
}

/* ---- Drawing ---- */

/* What a narrow line has no room for is left out, the key last of all. */
static void describe_version(const struct cache_version *version, int width,
                             struct text *out)
{
    enum { NARROW = 90 };
    const long long second = 1000000000;
    char made[32], used[32], bytes[32];
    const char *state = version->is_current ? "current" : version->is_open ? "open" : "";

    path_write_instant(version->made_ns / second, made);
    path_write_instant(version->used_ns / second, used);
    text_printf(out, "%-7s %9s", state,
                string_of_bytes(version->bytes, bytes, sizeof bytes));
    text_printf(out, "  made %.10s %.5s", made, made[0] != '\0' ? made + 11 : "");
    if (width >= NARROW) {
        text_printf(out, "  used %.10s", used);
    }
}

static void draw_version(struct view line, const struct cache_version *version)
{
    struct text facts = {0};
    int width, room;

    describe_version(version, line.width, &facts);
    width = safetext_width(text_string(&facts), facts.length);
    room = line.width - width - 2;
    view_field(line, 0, 0, room, style_of(ROLE_PRODUCT), version->key, -1, false);
    view_field(line, room + 2, 0, width,
               style_of(version->is_current ? ROLE_MESSAGE : ROLE_DIM),
               text_string(&facts), -1, false);
    text_release(&facts);
}

static void draw_versions(struct pane *pane, struct view view, bool focused)
{
    struct versions *state = pane->state;

    list_show(&state->list, view.height);
    if (state->rows.count == 0) {
        view_text(view, 1, 0, style_of(ROLE_DIM), "No version is here: a gets one.", -1);
    }
    for (int y = 0; y < view.height && state->list.top + y < state->list.count; y++) {
        int index = state->list.top + y;
        draw_version(view_inside(view, 1, y, view.width - 2, 1),
                     array_at(&state->rows, (size_t)index));
        if (index == state->list.selected) {
            view_restyle(view, 0, y, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, view.height, state->list.count);
}

static int versions_height(struct pane *pane, int width, int most)
{
    const struct versions *state = pane->state;
    int rows = (int)state->rows.count;

    (void)width;
    return rows < 3 ? 3 : rows < most ? rows : most;
}

/* ---- Actions ---- */

static void run_on_version(struct pane *pane, const char *flag)
{
    const struct versions *state = pane->state;
    const struct cache_version *version =
        array_at(&state->rows, (size_t)state->list.selected);

    if (version == NULL) {
        screen_message(pane->screen, ROLE_DIM, "There is no version to choose.");
    } else {
        screen_run_words(pane->screen, "versions", state->product, flag, version->key,
                         NULL);
    }
}

static enum reaction act_versions(struct pane *pane, const char *action,
                                  const char *argument)
{
    struct versions *state = pane->state;

    (void)argument;
    if (list_act(&state->list, action)) {
        return REACTION_DONE;
    }
    if (string_equal(action, "open") || string_equal(action, "remove")) {
        run_on_version(pane, string_equal(action, "open") ? "--use" : "--remove");
        return REACTION_DONE;
    }
    if (string_equal(action, "get")) {
        screen_run_words(pane->screen, "get", state->product, NULL);
        return REACTION_DONE;
    }
    return REACTION_UNKNOWN;
}

static void follow_versions(struct pane *pane, unsigned changes)
{
    if ((changes & (WORKBENCH_CACHE | WORKBENCH_CATALOG)) != 0) {
        read_versions(pane->state, pane->workbench);
    }
}

const struct pane_kind pane_kind_versions = {
    .name = "versions",
    .hints = "Enter make current  x remove  a get",
    .is_dialog = true,
    .open = open_versions,
    .close = close_versions,
    .title = title_versions,
    .draw = draw_versions,
    .action = act_versions,
    .changed = follow_versions,
    .wanted_height = versions_height,
};
