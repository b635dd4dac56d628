/* catalog_line: verbs about the product, table or column of a line.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/panes/catalog_line.h"

#include <stdlib.h>

#include "tui/layout.h"

void line_show_rows(struct pane *pane, const struct tree_line *line)
{
    struct text name = {0};

    tree_sql_name(line, &name);
    screen_runf(pane->screen, "query SELECT * FROM %s", text_string(&name));
    screen_focus(pane->screen, "grid");
    text_release(&name);
}

static void insert_name(struct pane *pane, const struct tree_line *line)
{
    struct text name = {0};

    if (line->kind != TREE_DOMAIN) {
        tree_sql_name(line, &name);
        screen_insert_sql(pane->screen, text_string(&name));
        screen_message(pane->screen, ROLE_MESSAGE, "%s is in the editor.",
                       text_string(&name));
    }
    text_release(&name);
}

static void run_on_product(struct pane *pane, const struct tree_line *line,
                           const char *verb)
{
    if (line->entry != NULL) {
        screen_run_words(pane->screen, verb, line->entry->id, NULL);
    } else {
        screen_message(pane->screen, ROLE_DIM, "Choose a product first.");
    }
}

void line_show_card(struct pane *pane, const struct tree_line *line)
{
    run_on_product(pane, line, "show");
}

/* A column has a page of its own; anything else is described by its product's card. */
void line_describe(struct pane *pane, const struct tree_line *line)
{
    if (line->kind == TREE_COLUMN) {
        screen_run_words(pane->screen, "column", line->entry->id,
                         tree_table(line)->sql_name, tree_column(line)->name, NULL);
    } else {
        line_show_card(pane, line);
    }
}

/* The descriptor, at the line of what is under the cursor. */
static void show_raw(struct pane *pane, const struct tree_line *line)
{
    if (line->kind < TREE_TABLE) {
        run_on_product(pane, line, "raw");
        return;
    }
    screen_run_words(pane->screen, "raw", line->entry->id, tree_table(line)->sql_name,
                     line->kind == TREE_COLUMN ? tree_column(line)->name : NULL, NULL);
}

static void open_dialog(struct pane *pane, const struct tree_line *line, const char *kind)
{
    if (line->entry != NULL) {
        screen_open_dialog(pane->screen, kind, line->entry->id);
    } else {
        screen_message(pane->screen, ROLE_DIM, "Choose a product first.");
    }
}

/* Of a column or table what is under the cursor, by columns. */
static void show_lineage(struct pane *pane, const struct tree_line *line)
{
    char *name = NULL;

    if (line->kind >= TREE_TABLE && line->entry != NULL) {
        bool is_column = line->kind == TREE_COLUMN;
        name = string_printf("--columns %s.%s%s%s", line->entry->id,
                             tree_table(line)->sql_name, is_column ? "." : "",
                             is_column ? tree_column(line)->name : "");
        screen_open_dialog(pane->screen, "lineage", name);
        free(name);
    } else {
        open_dialog(pane, line, "lineage");
    }
}

/* What a key does to a line: a dialog on its product, a verb on it, or more than that. */
static const struct {
    const char *action, *dialog, *verb;
    void (*act)(struct pane *pane, const struct tree_line *line);
} line_actions[] = {
    {"versions", "versions", NULL, NULL},
    {"request", "request", NULL, NULL},
    {"agreements", "agreements", NULL, NULL},
    {"policies", "governance", NULL, NULL},
    {"propose", NULL, "propose", NULL},
    {"insert", NULL, NULL, insert_name},
    {"card", NULL, NULL, line_show_card},
    {"describe", NULL, NULL, line_describe},
    {"raw", NULL, NULL, show_raw},
    {"lineage", NULL, NULL, show_lineage},
};

bool line_act(struct pane *pane, const struct tree_line *line, const char *action)
{
    for (size_t i = 0; i < sizeof line_actions / sizeof *line_actions; i++) {
        if (!string_equal(line_actions[i].action, action)) {
            continue;
        }
        if (line == NULL) {
            screen_message(pane->screen, ROLE_DIM, "Choose a product first.");
        } else if (line_actions[i].dialog != NULL) {
            open_dialog(pane, line, line_actions[i].dialog);
        } else if (line_actions[i].verb != NULL) {
            run_on_product(pane, line, line_actions[i].verb);
        } else {
            line_actions[i].act(pane, line);
        }
        return true;
    }
    return false;
}
