/* sql_save: the statement at the cursor becomes a saved query: its name, title, what it
 * answers and where it is kept are asked for, one after the other. Saving is the verb's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/saved.h"
#include "engine/sql.h"
#include "tui/layout.h"
#include "tui/panes/sql.h"

void sql_forget_save(struct sql_pane *sql)
{
    struct sql_saving *saving = &sql->saving;
    free(saving->sql);
    free(saving->name);
    free(saving->title);
    free(saving->description);
    *saving = (struct sql_saving){0};
}

/* ---- The questions, from the last to the first ---- */

static void take_place(struct pane *pane, const char *line)
{
    struct sql_pane *sql = pane->state;
    const struct sql_saving *saving = &sql->saving;
    if (line != NULL) {
        bool is_mine = !string_equal(line, "mesh");
        bool replaces = saving->is_known && saving->is_mine == is_mine;
        screen_run_words(pane->screen, replaces ? "save --replace" : "save", "--title",
                         saving->title, "--description", saving->description, "--in",
                         line[0] != '\0' ? line : "mine", "--", saving->name, saving->sql,
                         NULL);
    }
    sql_forget_save(sql);
}

static void take_description(struct pane *pane, const char *line)
{
    struct sql_pane *sql = pane->state;
    struct sql_saving *saving = &sql->saving;
    if (line == NULL) {
        sql_forget_save(sql);
        return;
    }
    free(saving->description);
    saving->description = string_copy(line);
    screen_ask(pane->screen, "kept where (mine or mesh): ",
               saving->is_known && !saving->is_mine ? "mesh" : "mine", take_place, pane);
}

static void take_title(struct pane *pane, const char *line)
{
    struct sql_pane *sql = pane->state;
    struct sql_saving *saving = &sql->saving;
    if (line == NULL) {
        sql_forget_save(sql);
        return;
    }
    free(saving->title);
    saving->title = string_copy(line);
    screen_ask(pane->screen, "what does it answer: ",
               saving->description != NULL ? saving->description : "", take_description,
               pane);
}

/* A query of this name tells what the next questions begin with. */
static void look_up(struct sql_pane *sql)
{
    struct sql_saving *saving = &sql->saving;
    struct array queries = saved_list(sql->workbench->catalog);
    const struct saved_query *known = saved_named(&queries, saving->name, NULL);
    if (known != NULL) {
        saving->is_known = true;
        saving->is_mine = known->is_mine;
        saving->title = string_copy(known->title);
        saving->description = string_copy(known->description);
    }
    saved_release(&queries);
}

static void take_name(struct pane *pane, const char *line)
{
    struct sql_pane *sql = pane->state;
    struct sql_saving *saving = &sql->saving;
    if (line == NULL || line[0] == '\0') {
        sql_forget_save(sql);
        return;
    }
    saving->name = string_copy(line);
    look_up(sql);
    screen_ask(pane->screen,
               saving->is_known ? "replaces the query of this name; title: " : "title: ",
               saving->title != NULL ? saving->title : "", take_title, pane);
}

void sql_save(struct pane *pane)
{
    struct sql_pane *sql = pane->state;
    const char *text = lineedit_text(sql->edit);
    struct sql_span span;
    if (!sql_statement_at(text, strlen(text), lineedit_cursor(sql->edit), &span)) {
        screen_message(sql->screen, ROLE_DIM, "There is no statement to save.");
        return;
    }
    sql_forget_save(sql);
    sql->saving.sql = string_copy_bytes(text + span.start, span.length);
    screen_ask(pane->screen, "save the statement as: ", "", take_name, pane);
}

void sql_print(struct sql_pane *sql)
{
    struct text page = {0};
    text_append(&page, "SQL\n");
    text_append(&page, lineedit_text(sql->edit));
    screen_open_dialog(sql->screen, "text", text_string(&page));
    text_release(&page);
}
