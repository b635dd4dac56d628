/* lineage: what a product or column is made from and feeds, drawn in layers or as a tree,
 * coloured by quality and freshness, to be walked. The argument is what it is about,
 * perhaps behind --columns; without one the whole mesh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/lineage.h"
#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/panes/lineage_walk.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

enum { FOOT_ROWS = 3 };

/* A reading on its way: it outlives the pane. */
struct lineage_wait {
    struct pane *pane; /* NULL: closed meanwhile */
};

struct lineage_pane {
    char *start; /* NULL: the whole mesh */
    bool columns, is_tree;
    bool is_chosen;      /* the drawing, by the person */
    struct array before; /* of char *: what was in the middle before */
    struct lineage_wait *wait;
    struct job *job;
    struct lineage_graph graph;
    bool has_graph;
    struct error error;
    struct text drawing;
    struct array lines;         /* of size_t: where each line begins, and the end */
    struct array spots;         /* of struct lineage_spot */
    int spot, left, top, width; /* width: of the widest line */
};

/* ---- Drawing as text ---- */

static void forget_drawing(struct lineage_pane *state)
{
    text_clear(&state->drawing);
    array_clear(&state->lines);
    array_clear(&state->spots);
}

static void find_lines(struct lineage_pane *state)
{
    const char *text = text_string(&state->drawing);

    state->width = 0;
    for (size_t i = 0; i < state->drawing.length;) {
        size_t length = strcspn(text + i, "\n");
        int width = safetext_width(text + i, length);
        state->width = width > state->width ? width : state->width;
        *(size_t *)array_push(&state->lines) = i;
        i += length + 1;
    }
    *(size_t *)array_push(&state->lines) = state->drawing.length;
}

static void draw_text(struct pane *pane)
{
    struct lineage_pane *state = pane->state;
    const struct lineage_style style = {
        .format = state->is_tree ? "tree" : "layers",
        .unicode = !screen_is_ascii(pane->screen),
    };
    size_t node = lineage_walk_node(&state->spots, state->spot);

    forget_drawing(state);
    state->error.kind = ERROR_NONE;
    if (!lineage_draw(&state->graph, &style, &state->drawing, &state->spots,
                      &state->error) &&
        !state->is_tree) { /* too many for layers */
        state->is_tree = true;
        draw_text(pane);
        return;
    }
    find_lines(state);
    state->spot = lineage_walk_to(&state->spots, node);
    if (!state->is_tree && !state->is_chosen && state->width > pane->width - 2) {
        state->is_tree = true; /* what is cut off tells nothing */
        draw_text(pane);
        return;
    }
    state->left = state->top = 0;
}

/* ---- Reading ---- */

static void on_graph(void *owner, struct job *job, const struct lineage_graph *graph)
{
    struct lineage_wait *wait = owner;
    struct pane *pane = wait->pane;
    struct text packed = {0};

    free(wait);
    if (pane == NULL) {
        return;
    }
    struct lineage_pane *state = pane->state;
    state->wait = NULL;
    state->job = NULL;
    state->error = *job_error(job);
    if (graph != NULL) {
        lineage_pack(graph, &packed);
        state->has_graph = lineage_unpack(packed.data, packed.length, &state->graph);
        text_release(&packed);
    }
    if (state->has_graph) {
        array_clear(&state->spots);
        state->spot = 0;
        state->is_tree = state->is_tree && state->is_chosen;
        draw_text(pane);
    }
    screen_dirty(pane->screen);
}

static void stop_reading(struct lineage_pane *state)
{
    if (state->wait != NULL) {
        state->wait->pane = NULL;
        state->wait = NULL;
        job_cancel(state->job);
        state->job = NULL;
    }
    if (state->has_graph) {
        lineage_release(&state->graph);
        state->has_graph = false;
    }
    forget_drawing(state);
}

static void read_graph(struct pane *pane)
{
    struct lineage_pane *state = pane->state;
    struct lineage_wait *wait = memory_new(sizeof *wait);

    stop_reading(state);
    state->error = (struct error){0};
    wait->pane = pane;
    const struct workbench_lineage_spec spec = {
        .start = state->start,
        .way = LINEAGE_BOTH,
        .columns = state->columns,
        .finished = on_graph,
        .owner = wait,
    };
    state->job = pane->workbench->catalog != NULL
                     ? workbench_read_lineage(pane->workbench, &spec, &state->error)
                     : NULL;
    if (state->job == NULL) {
        free(wait);
    } else {
        state->wait = wait;
    }
}

/* ---- Life ---- */

static void *open_lineage(struct screen *screen, const char *argument)
{
    static const char flag[] = "--columns ";
    struct lineage_pane *state = memory_new(sizeof *state);

    (void)screen;
    state->before = (struct array)ARRAY_OF(char *);
    state->lines = (struct array)ARRAY_OF(size_t);
    state->spots = (struct array)ARRAY_OF(struct lineage_spot);
    if (argument != NULL && string_starts(argument, flag)) {
        state->columns = true;
        argument += strlen(flag);
    }
    state->start = argument != NULL && *argument != '\0' ? string_copy(argument) : NULL;
    return state;
}

static void close_lineage(struct pane *pane)
{
    struct lineage_pane *state = pane->state;

    stop_reading(state);
    for (size_t i = 0; i < state->before.count; i++) {
        free(*(char **)array_at(&state->before, i));
    }
    array_release(&state->before);
    array_release(&state->lines);
    array_release(&state->spots);
    text_release(&state->drawing);
    free(state->start);
    free(state);
}

static void title_lineage(struct pane *pane, struct text *left, struct text *right)
{
    const struct lineage_pane *state = pane->state;

    text_printf(left, "Lineage%s of %s", state->columns ? " by column" : "",
                state->start != NULL ? state->start : "the mesh");
    if (state->has_graph) {
        text_append_count(right, (long long)state->graph.nodes.count,
                          state->columns ? "node" : "product");
    } else if (state->job != NULL) {
        text_append(right, "reading ...");
    }
}

/* ---- On the screen ---- */

static enum role role_of_node(const struct lineage_node *node)
{
    if (string_equal(node->quality, "failed") || string_equal(node->quality, "error")) {
        return ROLE_ERROR;
    }
    if (string_equal(node->quality, "warning") || string_equal(node->freshness, "late") ||
        string_equal(node->freshness, "due")) {
        return ROLE_WARNING;
    }
    if (node->kind == LINEAGE_OUTSIDE) {
        return ROLE_DIM;
    }
    if (node->kind == LINEAGE_QUERY) {
        return ROLE_TABLE;
    }
    return string_equal(node->quality, "passed") ? ROLE_MESSAGE : ROLE_PRODUCT;
}

static const struct lineage_node *node_of(const struct lineage_pane *state)
{
    return array_at(&state->graph.nodes, lineage_walk_node(&state->spots, state->spot));
}

static void keep_in_sight(struct lineage_pane *state, int width, int height)
{
    const struct lineage_spot *spot = array_at(&state->spots, (size_t)state->spot);

    if (spot == NULL) {
        return;
    }
    if (spot->y < state->top || spot->y + 1 >= state->top + height) {
        state->top = spot->y - height / 2;
    }
    if (spot->x < state->left || spot->x + spot->width > state->left + width) {
        state->left = spot->x + spot->width / 2 - width / 2;
    }
    state->top = state->top < 0 ? 0 : state->top;
    state->left = state->left < 0 ? 0 : state->left;
}

static void draw_lines(const struct lineage_pane *state, struct view view)
{
    for (int y = 0; y < view.height; y++) {
        size_t line = (size_t)state->top + (size_t)y;
        const size_t *start = array_at(&state->lines, line);
        const size_t *end = array_at(&state->lines, line + 1);
        if (start != NULL && end != NULL) {
            view_text(view, -state->left, y, style_of(ROLE_TEXT),
                      text_string(&state->drawing) + *start,
                      (ptrdiff_t)(*end - *start - 1));
        }
    }
}

static void draw_spots(const struct lineage_pane *state, struct view view, bool focused)
{
    for (size_t i = 0; i < state->spots.count; i++) {
        const struct lineage_spot *spot = array_at(&state->spots, i);
        const struct lineage_node *node = array_at(&state->graph.nodes, spot->node);
        bool is_selected = (int)i == state->spot;
        enum role role = is_selected ? focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY
                                     : role_of_node(node);
        int x = spot->x - state->left, width = spot->width + (x < 0 ? x : 0);
        if (width > 0 && spot->y >= state->top) {
            view_restyle(view, x < 0 ? 0 : x, spot->y - state->top, width,
                         style_of(role));
        }
    }
}

static void draw_foot(const struct lineage_pane *state, struct view view)
{
    const struct lineage_node *node = node_of(state);
    struct text says = {0};

    view_hline(view, 0, 0, view.width, style_of(ROLE_BORDER));
    if (node == NULL) {
        return;
    }
    lineage_walk_say(&state->graph, lineage_walk_node(&state->spots, state->spot), &says);
    view_field(view, 0, 1, view.width, style_of(role_of_node(node)), node->name, -1,
               false);
    view_field(view, 0, 2, view.width, style_of(ROLE_DIM), text_string(&says), -1, false);
    text_release(&says);
}

static void draw_lineage(struct pane *pane, struct view view, bool focused)
{
    struct lineage_pane *state = pane->state;
    struct view inside = view_inside(view, 1, 0, view.width - 2, view.height);
    int height = view.height - FOOT_ROWS;

    if (!state->has_graph && state->wait == NULL && state->error.kind == ERROR_NONE) {
        read_graph(pane);
    }
    if (!state->has_graph) {
        bool is_error = state->error.kind != ERROR_NONE;
        textview_paragraph(inside, is_error ? ROLE_ERROR : ROLE_DIM,
                           is_error ? state->error.message
                                    : "Reading what is made from what ...");
        return;
    }
    keep_in_sight(state, inside.width, height);
    struct view body = view_inside(inside, 0, 0, inside.width, height);
    draw_lines(state, body);
    draw_spots(state, body, focused);
    draw_foot(state, view_inside(inside, 0, height, inside.width, FOOT_ROWS));
    list_draw_bar(view_inside(view, 0, 0, view.width, height), state->top, height,
                  (int)state->lines.count - 1);
}

/* ---- Actions ---- */

static void look_at(struct pane *pane, char *start)
{
    struct lineage_pane *state = pane->state;

    free(state->start);
    state->start = start;
    read_graph(pane);
}

/* The node under the cursor becomes the middle. */
static void centre(struct pane *pane)
{
    struct lineage_pane *state = pane->state;
    const struct lineage_node *node = node_of(state);

    if (node == NULL || node->product == NULL || string_equal(node->name, state->start)) {
        screen_message(pane->screen, ROLE_DIM,
                       node != NULL && node->product == NULL
                           ? "It lies outside of the mesh: nothing is known beyond it."
                           : "It is in the middle already.");
        return;
    }
    *(char **)array_push(&state->before) = state->start;
    state->start = NULL;
    look_at(pane, string_copy(node->name));
}

static bool go_back(struct pane *pane)
{
    struct lineage_pane *state = pane->state;

    if (state->before.count == 0) {
        return false;
    }
    char *start = *(char **)array_at(&state->before, state->before.count - 1);
    state->before.count--;
    look_at(pane, start);
    return true;
}

/* To the product itself: its card. */
static void go_to(struct pane *pane)
{
    struct lineage_pane *state = pane->state;
    const struct lineage_node *node = node_of(state);
    struct screen *screen = pane->screen;

    if (node == NULL) {
        return;
    }
    if (node->kind == LINEAGE_QUERY && node->table != NULL) {
        char *query = string_copy(node->table);
        screen_close_pane(screen, pane);
        screen_run_words(screen, "saved", query, NULL);
        free(query);
    } else if (node->product != NULL) {
        char *product = string_copy(node->product);
        screen_close_pane(screen, pane);
        screen_run_words(screen, "show", product, NULL);
        free(product);
    } else {
        screen_message(pane->screen, ROLE_DIM, "It lies outside of the mesh.");
    }
}

static void show_impact(struct pane *pane)
{
    const struct lineage_node *node = node_of(pane->state);
    struct screen *screen = pane->screen;

    if (node != NULL && node->product != NULL) {
        char *name = string_copy(node->name);
        screen_close_pane(screen, pane);
        screen_run_words(screen, "impact", name, NULL);
        screen_focus(screen, "grid");
        free(name);
    }
}

static bool act_otherwise(struct pane *pane, const char *action)
{
    struct lineage_pane *state = pane->state;

    if (string_equal(action, "columns")) {
        state->columns = !state->columns;
        read_graph(pane);
    } else if (string_equal(action, "drawing") && state->has_graph) {
        state->is_tree = !state->is_tree;
        state->is_chosen = true;
        draw_text(pane);
    } else if (string_equal(action, "centre")) {
        centre(pane);
    } else if (string_equal(action, "impact")) {
        show_impact(pane);
    } else if (string_equal(action, "open")) {
        go_to(pane);
    } else if (string_equal(action, "before")) {
        if (!go_back(pane)) {
            screen_message(pane->screen, ROLE_DIM, "There was nothing before.");
        }
    } else {
        return false;
    }
    return true;
}

static enum reaction act_lineage(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct lineage_pane *state = pane->state;

    (void)argument;
    if (state->has_graph &&
        lineage_walk(&(struct lineage_walking){&state->graph, &state->spots,
                                               state->is_tree, pane->height - FOOT_ROWS},
                     action, &state->spot)) {
        return REACTION_DONE;
    }
    return act_otherwise(pane, action) ? REACTION_DONE : REACTION_UNKNOWN;
}

static void mouse_lineage(struct pane *pane, int x, int y, int button)
{
    struct lineage_pane *state = pane->state;

    if (button >= 4) {
        act_lineage(pane, button == 4 ? "up" : "down", NULL);
        return;
    }
    for (size_t i = 0; i < state->spots.count; i++) {
        const struct lineage_spot *spot = array_at(&state->spots, i);
        int at = x - 1 + state->left;
        if (spot->y == y + state->top && at >= spot->x && at < spot->x + spot->width) {
            state->spot = (int)i;
        }
    }
}

static void follow_lineage(struct pane *pane, unsigned changes)
{
    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE)) != 0) {
        stop_reading(pane->state);
        ((struct lineage_pane *)pane->state)->error = (struct error){0};
    }
}

const struct pane_kind pane_kind_lineage = {
    .name = "lineage",
    .hints = "arrows walk  Enter go there  f from here  c columns  w drawing  i impact",
    .is_dialog = true,
    .is_full = true,
    .open = open_lineage,
    .close = close_lineage,
    .title = title_lineage,
    .draw = draw_lineage,
    .action = act_lineage,
    .mouse = mouse_lineage,
    .changed = follow_lineage,
};
