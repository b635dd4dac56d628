/* catalog: domains, products, tables and columns as a tree, or products as a list; a
 * filter that is typed, with results at each key. Lines are catalog_tree's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/panes/catalog_draw.h"
#include "tui/panes/catalog_filter.h"
#include "tui/panes/catalog_marks.h"
#include "tui/panes/catalog_line.h"
#include "tui/panes/catalog_tree.h"
#include "tui/panes/plan.h"
#include "tui/panes/quality.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

struct catalog_state {
    struct catalog_tree tree;
    struct list list;
    struct tree_place place; /* of the cursor, to find it again */
    struct catalog_marks marks;
    size_t findings, unread;
    int above;    /* rows above the lines */
    bool is_read; /* the tree is up to date */
};

static void *open_catalog(struct screen *screen, const char *argument)
{
    struct catalog_state *state = memory_new(sizeof *state);

    (void)argument;
    tree_init(&state->tree, screen_workbench(screen));
    return state;
}

static void close_catalog(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    tree_release(&state->tree);
    tree_place_release(&state->place);
    marks_release(&state->marks);
    free(state);
}

/* ---- Reading ---- */

static void count_lines(struct catalog_state *state)
{
    list_set_count(&state->list, (int)tree_count(&state->tree));
}

static void select_place(struct catalog_state *state)
{
    size_t index = tree_find(&state->tree, &state->place);

    count_lines(state);
    if (index < tree_count(&state->tree)) {
        list_select(&state->list, (int)index);
    }
}

static void keep_place(struct catalog_state *state)
{
    tree_place_of(&state->tree, (size_t)state->list.selected, &state->place);
}

static void read_tree(struct pane *pane)
{
    struct catalog_state *state = pane->state;
    const struct catalog *catalog = pane->workbench->catalog;

    if (!state->is_read) {
        state->is_read = true;
        tree_read(&state->tree);
        state->findings = catalog != NULL ? catalog_problem_count(catalog) : 0;
        state->unread = catalog != NULL ? catalog_unread_count(catalog) : 0;
        select_place(state);
    }
    count_lines(state);
}

/* ---- Drawing ---- */

static const char *why_empty(const struct pane *pane)
{
    const struct catalog_state *state = pane->state;
    const struct workbench *workbench = pane->workbench;

    if (workbench->catalog_is_loading) {
        return "Reading the descriptors ...";
    }
    if (workbench->catalog_error.kind != ERROR_NONE) {
        return workbench->catalog_error.message;
    }
    if (workbench->catalog == NULL) {
        return "No mesh is open.\n:open FOLDER opens one, :demo the sandbox.";
    }
    if (state->tree.error.kind != ERROR_NONE) {
        return state->tree.error.message;
    }
    return state->tree.searched != NULL
               ? "Nothing is found. Esc shows all products again."
               : "This mesh has no products.";
}

static void draw_empty(const struct pane *pane, struct view view)
{
    const struct catalog_state *state = pane->state;
    bool is_error = (pane->workbench->catalog_error.kind != ERROR_NONE ||
                     state->tree.error.kind != ERROR_NONE) &&
                    !pane->workbench->catalog_is_loading;

    textview_paragraph(view_inside(view, 1, 0, view.width - 2, view.height),
                       is_error ? ROLE_ERROR : ROLE_DIM, why_empty(pane));
}

static void title_catalog(struct pane *pane, struct text *left, struct text *right)
{
    const struct catalog_state *state = pane->state;

    read_tree(pane);
    text_append(left, "Catalog");
    if (state->tree.searched != NULL) {
        text_append_count(right, (long long)state->tree.total, "hit");
    } else if (state->tree.total > 0) {
        text_append_count(right, (long long)state->tree.total, "product");
    }
    if (state->marks.ids.count > 0) {
        text_printf(right, ", %zu marked", state->marks.ids.count);
    }
}

static void draw_lines(struct pane *pane, struct view view, bool focused)
{
    struct catalog_state *state = pane->state;
    struct tree_line one;

    list_show(&state->list, view.height);
    for (int y = 0; y < view.height && state->list.top + y < state->list.count; y++) {
        int index = state->list.top + y;
        struct view line = view_inside(view, 0, y, view.width, 1);
        if (!tree_line(&state->tree, (size_t)index, &one)) {
            break;
        }
        one.is_marked = one.kind == TREE_PRODUCT && state->marks.ids.count > 0 &&
                        marks_have(&state->marks, one.entry->id);
        if (state->tree.is_list) {
            catalog_draw_row(view_inside(line, 1, 0, line.width - 2, 1), &state->tree,
                             &one);
        } else {
            catalog_draw_line(line, &state->tree, &one);
        }
        if (index == state->list.selected) {
            view_restyle(line, 0, 0, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
        count_lines(state); /* a page that was read may have shown more that is open */
    }
    list_draw_bar(view, state->list.top, view.height, state->list.count);
}

static void draw_catalog(struct pane *pane, struct view view, bool focused)
{
    struct catalog_state *state = pane->state;
    int above, below;

    read_tree(pane);
    above = catalog_draw_filter(view, state->tree.searched);
    below = catalog_draw_findings(view, state->findings, state->unread);
    view = view_inside(view, 0, above, view.width, view.height - above - below);
    if (state->list.count == 0) {
        draw_empty(pane, view);
        return;
    }
    if (state->tree.is_list) {
        catalog_draw_header(view_inside(view, 1, 0, view.width - 2, 1),
                            state->tree.has_words);
        view = view_inside(view, 0, 1, view.width, view.height - 1);
        above++;
    }
    state->above = above;
    draw_lines(pane, view, focused);
    keep_place(state);
}

/* ---- Actions ---- */

static bool selected_line(struct pane *pane, struct tree_line *line)
{
    struct catalog_state *state = pane->state;

    read_tree(pane);
    return tree_line(&state->tree, (size_t)state->list.selected, line);
}

/* The product under the cursor is the one that the card shows. */
static void select_product(struct pane *pane)
{
    struct workbench *workbench = pane->workbench;
    struct tree_line line;

    if (selected_line(pane, &line) && line.entry != NULL &&
        !string_equal(line.entry->id, workbench->product)) {
        free(workbench->product);
        workbench->product = string_copy(line.entry->id);
        workbench_changed(workbench, WORKBENCH_PRODUCT);
    }
}

static bool set_open(struct pane *pane, bool open)
{
    struct catalog_state *state = pane->state;
    struct error err = {0};
    bool done = tree_set_open(&state->tree, (size_t)state->list.selected, open, &err);

    if (err.kind != ERROR_NONE) {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
    }
    count_lines(state);
    return done;
}

static void collapse(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    if (!set_open(pane, false)) {
        list_select(&state->list,
                    (int)tree_parent(&state->tree, (size_t)state->list.selected));
    }
}

/* Of one product, of those that are marked, or of all of a domain. */
static void take_products(struct pane *pane, const struct tree_line *line,
                          void (*take)(struct pane *pane, const struct array *ids))
{
    struct catalog_state *state = pane->state;
    struct catalog_marks meant = marks_meant(&state->marks, &state->tree, line);

    take(pane, &meant.ids);
    marks_release(&meant);
    marks_clear(&state->marks);
}

static void fetch_products(struct pane *pane, const struct tree_line *line)
{
    take_products(pane, line, plan_get);
}

static void check_products(struct pane *pane, const struct tree_line *line)
{
    take_products(pane, line, quality_open);
}

static void mark(struct pane *pane, const struct tree_line *line)
{
    struct catalog_state *state = pane->state;

    marks_toggle(&state->marks, &state->tree, line);
    list_act(&state->list, "down");
    select_product(pane);
}

static void set_list(struct pane *pane, bool is_list)
{
    struct catalog_state *state = pane->state;

    keep_place(state);
    tree_set_list(&state->tree, is_list);
    select_place(state);
}

static void toggle_list(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    set_list(pane, !state->tree.is_list);
}

/* What was found lies inside of the product: go there, in the tree. */
static bool jump_inside(struct pane *pane, const struct tree_line *line)
{
    struct catalog_state *state = pane->state;

    if (line->kind != TREE_PRODUCT || line->entry->matched_table == NULL ||
        line->is_open) {
        return false;
    }
    keep_place(state);
    state->place.table = string_copy(line->entry->matched_table);
    state->place.column = string_copy(line->entry->matched_column);
    tree_set_list(&state->tree, false);
    select_place(state);
    return true;
}

static void open_line(struct pane *pane)
{
    const struct catalog_state *state = pane->state;
    struct tree_line line;

    if (!selected_line(pane, &line) || jump_inside(pane, &line)) {
        return;
    }
    if (line.kind == TREE_COLUMN) {
        line_describe(pane, &line);
    } else if (line.kind == TREE_TABLE) {
        line_show_rows(pane, &line);
    } else if (state->tree.is_list) {
        line_show_card(pane, &line);
    } else {
        set_open(pane, !line.is_open);
    }
}

static void expand(struct pane *pane)
{
    const struct catalog_state *state = pane->state;

    if (state->tree.is_list) {
        set_list(pane, false);
    }
    set_open(pane, true);
}

/* ---- The filter ---- */

static void filter_changed(struct pane *pane, const char *text)
{
    struct catalog_state *state = pane->state;

    read_tree(pane);
    tree_search(&state->tree, text);
    state->list.top = 0;
    count_lines(state);
    list_select(&state->list, 0);
    select_product(pane);
    screen_dirty(pane->screen);
}

/* Leaving the filter goes back to all, with the cursor on what was found. */
static void end_filter(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    keep_place(state);
    tree_search(&state->tree, NULL);
    select_place(state);
    select_product(pane);
}

static void filter_done(struct pane *pane, const char *text)
{
    const struct catalog_state *state = pane->state;

    if ((text == NULL || *text == '\0') && state->tree.searched != NULL) {
        end_filter(pane);
    }
}

static void filter(struct pane *pane)
{
    const struct catalog_state *state = pane->state;
    struct screen_question question = {
        .prompt = "/",
        .initial = state->tree.searched,
        .changed = filter_changed,
        .done = filter_done,
        .complete = catalog_complete_filter,
    };

    screen_ask_question(pane->screen, &question, pane);
}

static enum reaction clear(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    if (state->marks.ids.count > 0) {
        marks_clear(&state->marks);
        return REACTION_DONE;
    }
    if (state->tree.searched == NULL) {
        return REACTION_UNKNOWN;
    }
    end_filter(pane);
    return REACTION_DONE;
}

struct action_row {
    const char *name;
    void (*act)(struct pane *pane);
};

static const struct action_row actions[] = {
    {"open", open_line},   {"expand", expand}, {"collapse", collapse},
    {"list", toggle_list}, {"search", filter}, {NULL, NULL},
};

/* What is done to the line under the cursor, or to those marked. */
static const struct {
    const char *name;
    void (*act)(struct pane *pane, const struct tree_line *line);
} line_actions[] = {{"get", fetch_products}, {"check", check_products}, {"mark", mark}};

static bool act_on_line(struct pane *pane, const char *action)
{
    struct tree_line line;
    bool is_on_line = selected_line(pane, &line);

    if (line_act(pane, is_on_line ? &line : NULL, action)) {
        return true;
    }
    for (size_t i = 0; i < sizeof line_actions / sizeof *line_actions; i++) {
        if (!string_equal(line_actions[i].name, action)) {
            continue;
        }
        if (is_on_line) {
            line_actions[i].act(pane, &line);
        } else {
            screen_message(pane->screen, ROLE_DIM, "Choose a product first.");
        }
        return true;
    }
    return false;
}

static enum reaction act_catalog(struct pane *pane, const char *action,
                                 const char *argument)
{
    struct catalog_state *state = pane->state;

    (void)argument;
    read_tree(pane);
    if (list_act(&state->list, action)) {
        select_product(pane);
        return REACTION_DONE;
    }
    if (string_equal(action, "clear") || string_equal(action, "back")) {
        return clear(pane);
    }
    for (const struct action_row *row = actions; row->name != NULL; row++) {
        if (string_equal(row->name, action)) {
            row->act(pane);
            return REACTION_DONE;
        }
    }
    return act_on_line(pane, action) ? REACTION_DONE : REACTION_UNKNOWN;
}

static void mouse_catalog(struct pane *pane, int x, int y, int button)
{
    struct catalog_state *state = pane->state;
    int index = state->list.top + y - state->above;

    (void)x;
    if (button >= 4) {
        list_act(&state->list, button == 4 ? "up" : "down");
    } else if (index == state->list.selected) {
        open_line(pane);
    } else if (index >= 0) {
        list_select(&state->list, index);
    }
    select_product(pane);
}

static bool wants_width(const struct pane *pane)
{
    const struct catalog_state *state = pane->state;

    return state->tree.is_list;
}

static void follow_catalog(struct pane *pane, unsigned changes)
{
    struct catalog_state *state = pane->state;

    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE)) != 0) {
        state->is_read = false;
    }
}

const struct pane_kind pane_kind_catalog = {
    .name = "catalog",
    .hints = "Enter open  / filter  a get  m mark  L list  o card  r raw  ! findings",
    .open = open_catalog,
    .close = close_catalog,
    .title = title_catalog,
    .draw = draw_catalog,
    .action = act_catalog,
    .mouse = mouse_catalog,
    .changed = follow_catalog,
    .wants_width = wants_width,
};
