/* catalog: the tree of domains, products, tables and columns; search as one types.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tui/layout.h"
#include "tui/pane.h"
#include "tui/panes/catalog_tree.h"
#include "tui/widget/list.h"
#include "tui/widget/textview.h"

struct catalog_state {
    struct catalog_tree tree;
    struct list list;
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
    free(state);
}

/* ---- Drawing ---- */

/* Text at the right edge; returns the columns left of it that remain. */
static int draw_right(struct view line, int room, enum role role, const char *text)
{
    int width = text != NULL ? safetext_width(text, strlen(text)) : 0;

    if (width == 0 || width + 8 > room) {
        return room;
    }
    view_field(line, room - width, 0, width, style_of(role), text, -1, true);
    return room - width - 1;
}

static void draw_domain(struct view line, const struct tree_line *one)
{
    char count[24];
    int room = draw_right(line, line.width, ROLE_DIM,
                          string_of_count(one->count, count, sizeof count));

    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    view_field(line, 2, 0, room - 2, style_of(ROLE_DOMAIN), one->domain, -1, false);
}

/* The words that are searched, where the name has them. */
static void mark_words(struct view line, int x, const char *name, const char *searched)
{
    while (*searched != '\0') {
        size_t length = strcspn(searched, " ");
        for (const char *at = name; length > 0 && *at != '\0'; at++) {
            if (strncasecmp(at, searched, length) == 0) {
                view_restyle(line, x + safetext_width(name, (size_t)(at - name)), 0,
                             safetext_width(at, length), style_of(ROLE_MATCH));
            }
        }
        searched += length + strspn(searched + length, " ");
    }
}

static void draw_product(struct view line, const struct tree_line *one,
                         const char *searched)
{
    bool found = searched != NULL;
    const struct catalog_entry *entry = one->entry;
    const char *right = found ? entry->domain : entry->version;
    int room = draw_right(line, line.width, ROLE_DIM, right);
    int used;

    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    view_sign(line, 2, 0, style_of(one->is_here ? ROLE_MESSAGE : ROLE_DIM),
              one->is_here ? "●" : "○");
    used = safetext_width_limited(entry->name, strlen(entry->name), room - 4);
    view_field(line, 4, 0, used < room - 4 ? used : room - 4, style_of(ROLE_PRODUCT),
               entry->name, -1, false);
    if (found) {
        mark_words(view_inside(line, 0, 0, room, 1), 4, entry->name, searched);
    }
    if (found && entry->why != NULL && used + 8 < room) {
        view_field(line, 5 + used, 0, room - 5 - used, style_of(ROLE_DIM), entry->why, -1,
                   false);
    }
}

static void draw_table(struct view line, const struct tree_line *one)
{
    long long rows = one->product->rows[one->table];
    char count[32];
    int room = rows >= 0 ? draw_right(line, line.width, ROLE_NUMBER,
                                      string_of_count(rows, count, sizeof count))
                         : line.width;

    view_sign(line, 0, 0, style_of(ROLE_DIM), one->is_open ? "▾" : "▸");
    view_field(line, 2, 0, room - 2, style_of(ROLE_TABLE), tree_table(one)->sql_name, -1,
               false);
}

static bool is_private(const struct catalog_column *column)
{
    const char *class = column->classification;

    return class != NULL && *class != '\0' && !string_equal_fold(class, "public") &&
           !string_equal_fold(class, "internal");
}

static void draw_column(struct view line, const struct tree_line *one)
{
    const struct catalog_column *column = tree_column(one);
    int room = line.width, used;

    if (is_private(column)) {
        room = draw_right(line, room, ROLE_PRIVATE, column->classification);
    }
    if (column->key_position > 0) {
        room = draw_right(line, room, ROLE_KEY, "key");
    }
    used = safetext_width_limited(column->name, strlen(column->name), room - 2);
    used = used < room - 2 ? used : room - 2;
    view_field(line, 2, 0, used,
               style_of(is_private(column) ? ROLE_PRIVATE : ROLE_COLUMN), column->name,
               -1, false);
    if (column->type != NULL) {
        view_field(line, 3 + used, 0, room - 3 - used, style_of(ROLE_DIM), column->type,
                   -1, false);
    }
}

static void draw_line(struct view line, const struct tree_line *one, const char *searched)
{
    struct view inner =
        view_inside(line, 1 + 2 * one->depth, 0, line.width - 2 - 2 * one->depth, 1);

    switch (one->kind) {
    case TREE_DOMAIN:
        draw_domain(inner, one);
        break;
    case TREE_PRODUCT:
        draw_product(inner, one, searched);
        break;
    case TREE_TABLE:
        draw_table(inner, one);
        break;
    case TREE_COLUMN:
        draw_column(inner, one);
        break;
    }
}

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
    return state->tree.searched != NULL
               ? "Nothing is found. Esc shows all products again."
               : "This mesh has no products.";
}

static void draw_empty(const struct pane *pane, struct view view)
{
    bool is_error = pane->workbench->catalog_error.kind != ERROR_NONE &&
                    !pane->workbench->catalog_is_loading;

    textview_paragraph(view_inside(view, 1, 0, view.width - 2, view.height),
                       is_error ? ROLE_ERROR : ROLE_DIM, why_empty(pane));
}

static void read_tree(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    if (!state->is_read) {
        tree_read(&state->tree);
        state->is_read = true;
    }
    list_set_count(&state->list, (int)tree_count(&state->tree));
}

static void describe_problems(const struct workbench *workbench, struct text *out)
{
    size_t count =
        workbench->catalog != NULL ? catalog_problem_count(workbench->catalog) : 0;

    if (count > 0) {
        text_printf(out, ", %zu problem%s", count, count == 1 ? "" : "s");
    }
}

static void title_catalog(struct pane *pane, struct text *left, struct text *right)
{
    const struct catalog_state *state = pane->state;
    size_t count;

    read_tree(pane);
    count = state->tree.entries.count;
    text_append(left, "Catalog");
    if (state->tree.searched != NULL) {
        text_printf(left, " /%s", state->tree.searched);
        text_printf(right, "%zu found", count);
    } else if (count > 0) {
        text_printf(right, "%zu product%s", count, count == 1 ? "" : "s");
        describe_problems(pane->workbench, right);
    }
}

static void draw_catalog(struct pane *pane, struct view view, bool focused)
{
    struct catalog_state *state = pane->state;
    int count;

    read_tree(pane);
    count = state->list.count;
    list_show(&state->list, view.height);
    if (count == 0) {
        draw_empty(pane, view);
    }
    for (int y = 0; y < view.height && state->list.top + y < count; y++) {
        int index = state->list.top + y;
        struct view line = view_inside(view, 0, y, view.width, 1);
        draw_line(line, tree_line(&state->tree, (size_t)index), state->tree.searched);
        if (index == state->list.selected) {
            view_restyle(line, 0, 0, view.width - 1,
                         style_of(focused ? ROLE_SELECTED : ROLE_SELECTED_AWAY));
        }
    }
    list_draw_bar(view, state->list.top, view.height, count);
}

/* ---- Actions ---- */

static const struct tree_line *selected_line(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    read_tree(pane);
    return tree_line(&state->tree, (size_t)state->list.selected);
}

/* The product under the cursor is the one that the card shows. */
static void select_product(struct pane *pane)
{
    struct workbench *workbench = pane->workbench;
    const struct tree_line *line = selected_line(pane);

    if (line != NULL && line->entry != NULL &&
        !string_equal(line->entry->id, workbench->product)) {
        free(workbench->product);
        workbench->product = string_copy(line->entry->id);
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
    list_set_count(&state->list, (int)tree_count(&state->tree));
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

static void show_rows(struct pane *pane, const struct tree_line *line)
{
    struct tree_line table = *line;
    struct text name = {0};

    table.kind = TREE_TABLE;
    tree_sql_name(&table, &name);
    screen_runf(pane->screen, "query SELECT * FROM %s", text_string(&name));
    screen_focus(pane->screen, "grid");
    text_release(&name);
}

static void open_line(struct pane *pane)
{
    const struct tree_line *line = selected_line(pane);

    if (line == NULL) {
        return;
    }
    if (line->kind == TREE_TABLE || line->kind == TREE_COLUMN) {
        show_rows(pane, line);
    } else {
        set_open(pane, !line->is_open);
    }
}

static void insert_name(struct pane *pane)
{
    const struct tree_line *line = selected_line(pane);
    struct text name = {0};

    if (line != NULL && line->kind != TREE_DOMAIN) {
        tree_sql_name(line, &name);
        screen_insert_sql(pane->screen, text_string(&name));
        screen_message(pane->screen, ROLE_MESSAGE, "%s is in the editor.",
                       text_string(&name));
    }
    text_release(&name);
}

static void run_on_product(struct pane *pane, const char *verb)
{
    const struct tree_line *line = selected_line(pane);

    if (line != NULL && line->entry != NULL) {
        screen_runf(pane->screen, "%s \"%s\"", verb, line->entry->id);
    } else {
        screen_message(pane->screen, ROLE_DIM, "Choose a product first.");
    }
}

static void show_card(struct pane *pane)
{
    run_on_product(pane, "show");
}

static void fetch_product(struct pane *pane)
{
    run_on_product(pane, "get");
}

static void expand(struct pane *pane)
{
    set_open(pane, true);
}

/* ---- Search as one types ---- */

static void search_changed(struct pane *pane, const char *text)
{
    struct catalog_state *state = pane->state;

    tree_search(&state->tree, text);
    state->list.top = 0;
    list_set_count(&state->list, (int)tree_count(&state->tree));
    list_select(&state->list, 0);
    select_product(pane);
    screen_dirty(pane->screen);
}

/* Leaving the search goes back to the tree, with the cursor on what was found. */
static void end_search(struct pane *pane)
{
    struct catalog_state *state = pane->state;
    const struct tree_line *line = selected_line(pane);
    char *id = line != NULL && line->entry != NULL ? string_copy(line->entry->id) : NULL;

    tree_search(&state->tree, NULL);
    tree_reveal(&state->tree, id);
    list_set_count(&state->list, (int)tree_count(&state->tree));
    if (id != NULL) {
        list_select(&state->list, (int)tree_find_product(&state->tree, id));
    }
    free(id);
}

static void search_done(struct pane *pane, const char *text)
{
    if (text == NULL || *text == '\0') {
        end_search(pane);
    }
}

static void search(struct pane *pane)
{
    struct catalog_state *state = pane->state;

    screen_ask_live(pane->screen, "/", state->tree.searched, search_changed, search_done,
                    pane);
}

static enum reaction clear(struct pane *pane)
{
    const struct catalog_state *state = pane->state;

    if (state->tree.searched == NULL) {
        return REACTION_UNKNOWN;
    }
    end_search(pane);
    return REACTION_DONE;
}

struct action_row {
    const char *name;
    void (*act)(struct pane *pane);
};

static const struct action_row actions[] = {
    {"open", open_line},     {"expand", expand},  {"collapse", collapse},
    {"insert", insert_name}, {"card", show_card}, {"describe", show_card},
    {"get", fetch_product},  {"search", search},  {NULL, NULL},
};

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
    return REACTION_UNKNOWN;
}

static void mouse_catalog(struct pane *pane, int x, int y, int button)
{
    struct catalog_state *state = pane->state;

    (void)x;
    if (button >= 4) {
        list_act(&state->list, button == 4 ? "up" : "down");
    } else if (state->list.top + y == state->list.selected) {
        open_line(pane);
    } else {
        list_select(&state->list, state->list.top + y);
    }
    select_product(pane);
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
    .hints = "Enter open  / search  i insert  o card  a get",
    .open = open_catalog,
    .close = close_catalog,
    .title = title_catalog,
    .draw = draw_catalog,
    .action = act_catalog,
    .mouse = mouse_catalog,
    .changed = follow_catalog,
};
