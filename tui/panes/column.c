/* column: all that is known of one column. The argument is product, table and column, a
 * line each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "tui/layout.h"
#include "tui/panes/page.h"

enum { LABEL_COLUMN = 18 };

struct column_pane {
    struct page page; /* first: page.h works on it */
    struct text argument;
    char *product, *table, *column; /* within the argument */
    bool is_made;
};

static char *next_line(char *line)
{
    size_t length = strcspn(line, "\n");

    if (line[length] == '\0') {
        return line + length;
    }
    line[length] = '\0';
    return line + length + 1;
}

static void *open_column(struct screen *screen, const char *argument)
{
    struct column_pane *pane = memory_new(sizeof *pane);
    char *title;

    (void)screen;
    text_append(&pane->argument, argument != NULL ? argument : "");
    text_append_char(&pane->argument, '\0');
    pane->product = pane->argument.data;
    pane->table = next_line(pane->product);
    pane->column = next_line(pane->table);
    title = string_printf("Column %s.%s", pane->table, pane->column);
    page_init(&pane->page, title);
    free(title);
    return pane;
}

static void close_column(struct pane *pane)
{
    struct column_pane *column = pane->state;

    page_release(&column->page);
    text_release(&column->argument);
    free(column);
}

/* ---- The page ---- */

static bool is_private_class(const char *class)
{
    return !string_equal_fold(class, "public") && !string_equal_fold(class, "internal");
}

static enum role role_of_fact(const struct catalog_fact *fact)
{
    if (string_equal(fact->name, "classification") && is_private_class(fact->value)) {
        return ROLE_PRIVATE;
    }
    if (string_equal(fact->name, "deprecated")) {
        return ROLE_WARNING;
    }
    return string_equal(fact->name, "key") ? ROLE_KEY : ROLE_TEXT;
}

static void add_facts(struct textview *text, const struct array *facts)
{
    const char *group = "column";

    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        if (!string_equal(fact->group, group)) {
            group = fact->group;
            textview_line(text, ROLE_TEXT, NULL);
            textview_line(text, ROLE_HEADER, group);
        }
        if (*fact->name != '\0') {
            textview_field(text, LABEL_COLUMN, fact->name, role_of_fact(fact),
                           fact->value);
        } else {
            textview_lines(text, ROLE_TEXT, fact->value);
        }
    }
}

static void make_page(struct pane *pane)
{
    struct column_pane *column = pane->state;
    struct textview *text = column->page.text;
    const struct workbench *workbench = pane->workbench;
    struct array facts = ARRAY_OF(struct catalog_fact);
    struct catalog_entry entry = {0};
    struct error err = {0};

    column->is_made = true;
    textview_clear(text);
    textview_line(text, ROLE_COLUMN, column->column);
    textview_more(text, ROLE_DIM, "  of table ");
    textview_more(text, ROLE_TABLE, column->table);
    textview_more(text, ROLE_DIM, " in ");
    textview_more(text, ROLE_PRODUCT, column->product);
    textview_line(text, ROLE_TEXT, NULL);
    if (workbench->catalog != NULL &&
        catalog_find(workbench->catalog, column->product, &entry, &err) &&
        workbench_column_facts(workbench, &entry, column->table, column->column, &facts,
                               &err)) {
        add_facts(text, &facts);
    } else {
        textview_lines(text, ROLE_ERROR, err.message);
    }
    catalog_facts_free(&facts);
    catalog_entry_release(&entry);
}

static void draw_column(struct pane *pane, struct view view, bool focused)
{
    const struct column_pane *column = pane->state;

    if (!column->is_made) {
        make_page(pane);
    }
    page_draw(pane, view, focused);
}

static int wanted_height(struct pane *pane, int width, int most)
{
    const struct column_pane *column = pane->state;

    if (!column->is_made) {
        make_page(pane);
    }
    return page_wanted_height(pane, width, most);
}

static void follow_column(struct pane *pane, unsigned changes)
{
    struct column_pane *column = pane->state;

    if ((changes & (WORKBENCH_CATALOG | WORKBENCH_CACHE)) != 0) {
        column->is_made = false;
    }
}

static enum reaction act_column(struct pane *pane, const char *action,
                                const char *argument)
{
    const struct column_pane *column = pane->state;

    if (string_equal(action, "raw")) {
        screen_run_words(pane->screen, "raw", column->product, column->table,
                         column->column, NULL);
        return REACTION_DONE;
    }
    if (string_equal(action, "get")) {
        screen_run_words(pane->screen, "get", column->product, NULL);
        return REACTION_DONE;
    }
    return page_action(pane, action, argument);
}

const struct pane_kind pane_kind_column = {
    .name = "column",
    .hints = "r its descriptor  / search  a get the product",
    .is_dialog = true,
    .open = open_column,
    .close = close_column,
    .title = page_title,
    .draw = draw_column,
    .action = act_column,
    .changed = follow_column,
    .mouse = page_mouse,
    .wanted_height = wanted_height,
};
