/* queries: the saved queries, of the mesh and one's own, with what they answer and the
 * products they read. Enter puts one into the editor. The argument is what to search for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/saved.h"
#include "tui/layout.h"
#include "tui/panes/descriptor.h"
#include "tui/panes/finder.h"
#include "tui/widget/textview.h"

enum {
    LIST_LEAST = 4,
    DETAILS_MOST = 1000,
    LABEL_COLUMN = 10,
    NAME_WIDTH = 30,
    WHERE_WIDTH = 5
};
enum { PRODUCTS_WIDTH = 36, LEAST_FOR_PRODUCTS = 120 };

struct queries {
    struct finder finder;
    struct array all;   /* of struct saved_query */
    struct array found; /* of const struct saved_query * */
    bool is_read;
};

/* ---- Reading ---- */

static bool has_word(const struct saved_query *query, const char *word)
{
    const char *const texts[] = {query->name, query->title, query->description,
                                 query->sql};

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i] != NULL && string_contains_fold(texts[i], word)) {
            return true;
        }
    }
    return false;
}

static bool has_words(const struct saved_query *query, const char *text)
{
    char *words = string_copy(text);
    char *rest = words;
    bool has = true;

    for (char *word = strsep(&rest, " "); word != NULL && has;
         word = strsep(&rest, " ")) {
        has = *word == '\0' || has_word(query, word);
    }
    free(words);
    return has;
}

static void find_queries(struct pane *pane)
{
    struct queries *state = pane->state;

    if (!state->is_read) {
        saved_release(&state->all);
        state->all = saved_list(pane->workbench->catalog);
        state->is_read = true;
    }
    array_clear(&state->found);
    for (size_t i = 0; i < state->all.count; i++) {
        const struct saved_query *query = array_at(&state->all, i);
        if (has_words(query, text_string(&state->finder.filter))) {
            *(const struct saved_query **)array_push(&state->found) = query;
        }
    }
    list_set_count(&state->finder.list, (int)state->found.count);
}

/* Files may have changed. */
static void read_again(struct pane *pane)
{
    struct queries *state = pane->state;

    state->is_read = false;
    state->finder.is_found = false;
}

static const struct saved_query *query_at(struct pane *pane, int index)
{
    const struct queries *state = pane->state;
    const struct saved_query **query;

    finder_find(pane);
    query = array_at(&state->found, (size_t)index);
    return query != NULL ? *query : NULL;
}

static const struct saved_query *selected(struct pane *pane)
{
    const struct queries *state = pane->state;

    finder_find(pane);
    return query_at(pane, state->finder.list.selected);
}

/* ---- Drawing ---- */

static void title_queries(struct pane *pane, struct text *left, struct text *right)
{
    const struct queries *state = pane->state;

    finder_find(pane);
    finder_title(pane, left);
    text_printf(right, "%zu %s", state->found.count,
                state->found.count == 1 ? "query" : "queries");
}

static void draw_line(struct pane *pane, struct view line, int index)
{
    const struct saved_query *query = index >= 0 ? query_at(pane, index) : NULL;
    bool is_title = query == NULL;
    int x = NAME_WIDTH + WHERE_WIDTH + 3;
    bool is_wide = line.width >= LEAST_FOR_PRODUCTS;
    int rest = line.width - x - (is_wide ? PRODUCTS_WIDTH + 2 : 0);
    struct style label = style_of(ROLE_LABEL);

    view_field(line, 0, 0, NAME_WIDTH, is_title ? label : style_of(ROLE_TEXT),
               is_title ? "name" : query->name, -1, false);
    view_field(line, NAME_WIDTH + 1, 0, WHERE_WIDTH,
               is_title ? label : style_of(ROLE_DIM),
               is_title         ? "where"
               : query->is_mine ? "mine"
                                : "mesh",
               -1, false);
    view_field(line, x, 0, rest, is_title ? label : style_of(ROLE_TEXT),
               is_title                     ? "title"
               : query->title != NULL       ? query->title
               : query->description != NULL ? query->description
                                            : "",
               -1, false);
    if (is_wide) {
        struct text products = {0};
        if (!is_title) {
            saved_put_products(query, &products);
        }
        view_field(line, x + rest + 2, 0, PRODUCTS_WIDTH,
                   is_title ? label : style_of(ROLE_PRODUCT),
                   is_title ? "products" : text_string(&products), -1, false);
        text_release(&products);
    }
}

static void add_field(struct textview *text, const char *label, enum role role,
                      const char *value)
{
    if (value != NULL && value[0] != '\0') {
        textview_field(text, LABEL_COLUMN, label, role, value);
    }
}

static void draw_details(struct pane *pane, struct view view)
{
    const struct saved_query *query = selected(pane);
    struct textview *text = textview_new();
    struct text products = {0};

    saved_put_products(query, &products);
    add_field(text, "title", ROLE_TEXT, query->title);
    add_field(text, "answers", ROLE_TEXT, query->description);
    add_field(text, "products", ROLE_PRODUCT, text_string(&products));
    add_field(text, "file", ROLE_DIM, query->path);
    textview_lines(text, ROLE_TEXT, query->sql);
    textview_draw(text, view);
    text_release(&products);
    textview_free(text);
}

static void draw_empty(struct pane *pane, struct view view)
{
    textview_paragraph(view, ROLE_DIM,
                       finder_is_filtered(pane)
                           ? "No saved query has these words. Esc shows all again."
                           : "There is no saved query yet. C-x s in the editor saves "
                             "the statement under the cursor; so does :save NAME.");
}

/* ---- Actions ---- */

/* Into the editor, behind what stands there. The pane is gone afterwards. */
static void take(struct pane *pane, const struct saved_query *query)
{
    struct screen *screen = pane->screen;
    struct pane *sql = screen_pane(screen, "sql");
    char *statement = string_copy(query->sql);

    if (sql != NULL) {
        sql->kind->action(sql, "add-statement", string_trim(statement));
        screen_close_pane(screen, pane);
        screen_focus(screen, "sql");
    }
    free(statement);
}

/* Both places may have a query of a name. */
static char *full_name(const struct saved_query *query)
{
    return string_printf("%s/%s", query->is_mine ? "mine" : "mesh", query->name);
}

static void run_query(struct pane *pane, const struct saved_query *query)
{
    struct screen *screen = pane->screen;
    char *name = full_name(query);

    screen_close_pane(screen, pane);
    screen_run_words(screen, "saved", name, NULL);
    free(name);
}

static void edit_file(struct pane *pane, const struct saved_query *query)
{
    struct error err = {0};

    if (!query->is_mine) {
        descriptor_edit(pane, query->path, 1);
    } else if (!screen_edit_file(pane->screen, query->path, 1, &err)) {
        screen_message(pane->screen, ROLE_ERROR, "%s", err.message);
    }
    read_again(pane);
}

static void remove_answered(struct pane *pane, const char *line)
{
    const struct saved_query *query = selected(pane);

    if (query != NULL && string_equal_fold(line, "y")) {
        char *name = full_name(query);
        screen_run_words(pane->screen, "saved", name, "--remove", NULL);
        free(name);
    }
}

static void ask_remove(struct pane *pane, const struct saved_query *query)
{
    char *question = string_printf("remove %s %s (y/n)? ", query->name,
                                   query->is_mine ? "of your own" : "from the mesh");

    screen_ask(pane->screen, question, "", remove_answered, pane);
    free(question);
}

static bool act_on_query(struct pane *pane, const char *action)
{
    static const struct {
        const char *action;
        void (*act)(struct pane *pane, const struct saved_query *query);
    } acts[] = {
        {"open", take}, {"run", run_query}, {"edit", edit_file}, {"remove", ask_remove}};

    for (size_t i = 0; i < sizeof acts / sizeof *acts; i++) {
        if (string_equal(action, acts[i].action)) {
            const struct saved_query *query = selected(pane);
            if (query != NULL) {
                acts[i].act(pane, query);
            }
            return true;
        }
    }
    return false;
}

static enum reaction act_queries(struct pane *pane, const char *action,
                                 const char *argument)
{
    (void)argument;
    return act_on_query(pane, action) ? REACTION_DONE : finder_action(pane, action);
}

static void follow_queries(struct pane *pane, unsigned changes)
{
    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_SAVED)) != 0) {
        read_again(pane);
    }
}

/* ---- The pane ---- */

static void *open_queries(struct screen *screen, const char *argument)
{
    static const struct finder_kind kind = {
        .name = "Saved queries",
        .prompt = "/",
        .has_titles = true,
        .details_most = DETAILS_MOST,
        .list_least = LIST_LEAST,
        .find = find_queries,
        .draw_line = draw_line,
        .draw_empty = draw_empty,
        .draw_details = draw_details,
    };
    struct queries *state = memory_new(sizeof *state);

    (void)screen;
    finder_init(&state->finder, &kind, argument);
    state->all = (struct array)ARRAY_OF(struct saved_query);
    state->found = (struct array)ARRAY_OF(const struct saved_query *);
    return state;
}

static void close_queries(struct pane *pane)
{
    struct queries *state = pane->state;

    saved_release(&state->all);
    array_release(&state->found);
    finder_release(&state->finder);
    free(state);
}

const struct pane_kind pane_kind_queries = {
    .name = "queries",
    .hints = "Enter to the editor  r run  / search  e edit  x remove",
    .is_dialog = true,
    .is_full = true,
    .open = open_queries,
    .close = close_queries,
    .title = title_queries,
    .draw = finder_draw,
    .action = act_queries,
    .mouse = finder_mouse,
    .changed = follow_queries,
};
