/* plan: what getting products would mean: how much there is to read, how much room, what
 * is here already. Looked at a few at a time, so that the screen goes on. The argument is
 * the ids of the products, a line each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/plan.h"

#include <stdlib.h>
#include <string.h>

#include "engine/command.h"
#include "engine/get.h"
#include "tui/layout.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum {
    AT_ONCE = 8,       /* so many are looked at in one turn of the loop */
    SUMMARY_ROWS = 3,  /* below the products */
    LARGE = 256 << 20, /* bytes that are worth a question */
};

struct planned {
    char *product;
    struct get_plan plan;
    struct error problem;
    bool is_known; /* looked at */
};

struct plan {
    struct screen *screen;
    struct workbench *workbench;
    struct array rows; /* of struct planned */
    struct list list;
    size_t next;
    int timer;
};

/* ---- Looking ---- */

static void look_at(struct planned *row, const struct workbench *workbench)
{
    struct get_spec spec = {
        .index = workbench->index, .product = row->product, .role = workbench->role};

    row->is_known = true;
    get_plan(&spec, &row->plan, &row->problem);
}

static void look_at_some(void *owner)
{
    struct plan *state = owner;

    state->timer = 0;
    for (int i = 0; i < AT_ONCE && state->next < state->rows.count; i++) {
        look_at(array_at(&state->rows, state->next++), state->workbench);
    }
    if (state->next < state->rows.count) {
        state->timer = loop_after(state->workbench->loop, 0, look_at_some, state);
    }
    screen_dirty(state->screen);
}

/* All of those that were looked at. */
struct sum {
    size_t here, unknown, problems;
    long long bytes, room;
};

static struct sum add_up(const struct array *rows)
{
    struct sum sum = {.room = -1};

    for (size_t i = 0; i < rows->count; i++) {
        const struct planned *row = array_at(rows, i);
        if (!row->is_known) {
            continue;
        }
        if (row->problem.kind != ERROR_NONE) {
            sum.problems++;
            continue;
        }
        sum.here += row->plan.is_here;
        sum.unknown += row->plan.bytes < 0;
        sum.bytes += row->plan.bytes > 0 ? row->plan.bytes : 0;
        sum.room = row->plan.room >= 0 ? row->plan.room : sum.room;
    }
    return sum;
}

static bool is_tight(const struct sum *sum)
{
    return sum->room >= 0 && sum->bytes > sum->room / 2;
}

static void release_rows(struct array *rows)
{
    for (size_t i = 0; i < rows->count; i++) {
        struct planned *row = array_at(rows, i);
        get_plan_release(&row->plan);
        free(row->product);
    }
    array_release(rows);
}

/* ---- Getting ---- */

static void run_get(struct screen *screen, const struct array *rows)
{
    struct text line = {0};

    text_append(&line, "get");
    for (size_t i = 0; i < rows->count; i++) {
        const struct planned *row = array_at(rows, i);
        command_append_word(&line, row->product);
    }
    screen_run(screen, text_string(&line));
    text_release(&line);
}

static void open_dialog(struct screen *screen, const struct array *rows)
{
    struct text argument = {0};

    for (size_t i = 0; i < rows->count; i++) {
        const struct planned *row = array_at(rows, i);
        text_printf(&argument, "%s\n", row->product);
    }
    screen_open_dialog(screen, "plan", text_string(&argument));
    text_release(&argument);
}

void plan_get(struct pane *pane, const struct array *products)
{
    struct array rows = ARRAY_OF(struct planned);
    bool is_large = products->count > AT_ONCE;

    for (size_t i = 0; i < products->count; i++) {
        struct planned *row = array_push(&rows);
        row->product = string_copy(*(char **)array_at(products, i));
        if (!is_large) {
            look_at(row, pane->workbench);
        }
    }
    struct sum sum = add_up(&rows);
    if (is_large || sum.bytes >= LARGE || (sum.bytes > 0 && is_tight(&sum))) {
        open_dialog(pane->screen, &rows);
    } else if (rows.count > 0) {
        run_get(pane->screen, &rows);
    }
    release_rows(&rows);
}

/* ---- The pane ---- */

static void *open_plan(struct screen *screen, const char *argument)
{
    struct plan *state = memory_new(sizeof *state);

    state->screen = screen;
    state->workbench = screen_workbench(screen);
    state->rows = (struct array)ARRAY_OF(struct planned);
    for (const char *at = argument != NULL ? argument : ""; *at != '\0';) {
        size_t length = strcspn(at, "\n");
        struct planned *row = array_push(&state->rows);
        row->product = string_copy_bytes(at, length);
        at += length + (at[length] == '\n');
    }
    list_set_count(&state->list, (int)state->rows.count);
    state->timer = loop_after(state->workbench->loop, 0, look_at_some, state);
    return state;
}

static void close_plan(struct pane *pane)
{
    struct plan *state = pane->state;

    loop_cancel(state->workbench->loop, state->timer);
    release_rows(&state->rows);
    free(state);
}

static void title_plan(struct pane *pane, struct text *left, struct text *right)
{
    const struct plan *state = pane->state;

    text_append(left, "Get ");
    text_append_count(left, (long long)state->rows.count, "product");
    if (state->next < state->rows.count) {
        text_printf(right, "looked at %zu", state->next);
    }
}

static void describe_row(const struct planned *row, struct text *out)
{
    char bytes[32];

    if (!row->is_known) {
        text_append(out, "...");
    } else if (row->problem.kind != ERROR_NONE) {
        text_append(out, row->problem.message);
    } else {
        text_printf(out, "%-4s  %10s  %s", row->plan.is_here ? "here" : "new",
                    row->plan.bytes >= 0
                        ? string_of_bytes(row->plan.bytes, bytes, sizeof bytes)
                        : "size ?",
                    row->plan.is_remote ? "elsewhere" : "local");
    }
}

static void draw_row(struct view line, const struct planned *row)
{
    struct text facts = {0};
    int name = line.width * 3 / 5;
    bool failed = row->problem.kind != ERROR_NONE;

    describe_row(row, &facts);
    name = failed ? line.width / 3 : name;
    view_field(line, 0, 0, name, style_of(ROLE_PRODUCT), row->product, -1, false);
    view_field(line, name + 1, 0, line.width - name - 1,
               style_of(failed ? ROLE_ERROR : ROLE_DIM), text_string(&facts), -1, false);
    text_release(&facts);
}

static void draw_summary(struct view view, const struct plan *state)
{
    struct sum sum = add_up(&state->rows);
    char bytes[32], room[32];
    struct text line = {0};

    text_printf(&line, "%s to read", string_of_bytes(sum.bytes, bytes, sizeof bytes));
    if (sum.unknown > 0) {
        text_printf(&line, ", and %zu whose size is not known", sum.unknown);
    }
    if (sum.room >= 0) {
        text_printf(&line, "; %s free", string_of_bytes(sum.room, room, sizeof room));
    }
    view_field(view, 0, 1, view.width, style_of(ROLE_TEXT), text_string(&line), -1,
               false);
    text_clear(&line);
    if (is_tight(&sum)) {
        text_append(&line, "There may not be room for all of it.");
    } else if (sum.here > 0) {
        text_printf(&line, "%zu %s here: read again only if the source has changed.",
                    sum.here, sum.here == 1 ? "is" : "are");
    }
    view_field(view, 0, 2, view.width, style_of(is_tight(&sum) ? ROLE_WARNING : ROLE_DIM),
               text_string(&line), -1, false);
    text_release(&line);
}

static void draw_plan(struct pane *pane, struct view view, bool focused)
{
    struct plan *state = pane->state;
    int height = view.height - SUMMARY_ROWS;

    list_show(&state->list, height);
    for (int y = 0; y < height && state->list.top + y < state->list.count; y++) {
        int index = state->list.top + y;
        draw_row(view_inside(view, 1, y, view.width - 2, 1),
                 array_at(&state->rows, (size_t)index));
        if (index == state->list.selected) {
            view_restyle(view, 0, y, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, height, state->list.count);
    draw_summary(view_inside(view, 1, height, view.width - 2, SUMMARY_ROWS), state);
}

static int plan_height(struct pane *pane, int width, int most)
{
    const struct plan *state = pane->state;
    int rows = (int)state->rows.count + SUMMARY_ROWS;

    (void)width;
    return rows < most ? rows : most;
}

static enum reaction act_plan(struct pane *pane, const char *action, const char *argument)
{
    struct plan *state = pane->state;

    (void)argument;
    if (list_act(&state->list, action)) {
        return REACTION_DONE;
    }
    if (!string_equal(action, "open")) {
        return REACTION_UNKNOWN;
    }
    struct screen *screen = pane->screen;
    run_get(screen, &state->rows);
    screen_close_pane(screen, pane);
    return REACTION_DONE;
}

const struct pane_kind pane_kind_plan = {
    .name = "plan",
    .hints = "Enter get them",
    .is_dialog = true,
    .open = open_plan,
    .close = close_plan,
    .title = title_plan,
    .draw = draw_plan,
    .action = act_plan,
    .wanted_height = plan_height,
};
