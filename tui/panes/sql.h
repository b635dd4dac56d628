/* sql: the state of the SQL editor's pane. Private to sql*.c, and to tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_SQL_H
#define MWB_TUI_PANES_SQL_H

#include <stddef.h>

#include "engine/advice.h"
#include "engine/sql.h"
#include "tui/completion.h"
#include "tui/lineedit.h"
#include "tui/pane.h"
#include "tui/widget/menu.h"

/* What the window beside the cursor shows. */
enum sql_menu { SQL_MENU_NONE, SQL_MENU_COMPLETION };

/* A query that is being saved, question by question. */
struct sql_saving {
    char *sql, *name, *title, *description;
    bool is_known, is_mine; /* there is one of this name, one's own */
};

/* The places of a snippet that are still to be filled in. */
struct sql_fill {
    struct array places; /* of struct snippet_place, in the text; empty: none */
    char *text;          /* they lie in */
    size_t at;           /* the one that is filled in */
    bool is_fresh;       /* nothing was typed there yet */
};

struct sql_pane {
    struct screen *screen;
    struct workbench *workbench;
    struct lineedit *edit;
    struct complete *completion;

    char *index;         /* of the mesh whose texts these are */
    unsigned long tab;   /* id of the one whose text stands in the editor */
    size_t top;          /* byte where the first row in sight begins */
    struct sql_map *map; /* of the text, as it was at the last look */
    size_t error;        /* byte of the text that a statement failed at; SIZE_MAX: none */
    size_t ran;          /* byte where the statement that ran last begins */
    char *ran_text;      /* and the statement; NULL: none, or the text changed since */

    struct array advice;     /* of struct advice, at bytes of the text */
    struct sql_span advised; /* the statement that it is about */
    int advice_timer;        /* 0: nothing is to be looked for */
    bool has_said;           /* the message is about advice */

    char *history_of; /* the mesh and role whose statements the editor remembers */

    struct sql_saving saving;
    struct sql_fill fill;

    enum sql_menu menu_kind;
    struct menu menu;
    int cursor_x, cursor_y; /* of the last drawing, on the canvas; -1: not seen */

    int save_timer, layout_timer; /* 0: none */
    char *layout;                 /* words to apply once the screen stands */
};

/* Look at the text: the map is of it. False: it did not change. */
bool sql_look(struct sql_pane *sql);

void sql_draw(struct pane *pane, struct view view, bool focused);
void sql_draw_over(struct pane *pane, struct view screen);
void sql_title(struct pane *pane, struct text *left, struct text *right);
/* sql_tabs.c: the text of the tab in front takes the place of another's. */
void sql_follow_tab(struct sql_pane *sql);
/* The tabs in so many columns, "[1 revenue.sql*] 2"; "SQL" for one alone. */
void sql_append_tabs(const struct sql_pane *sql, int width, struct text *out);
int sql_wanted_height(struct pane *pane, int width, int most);

/* sql_advice.c: look what is wrong with the statement at the cursor, when the keys rest.
 */
void sql_advise(struct sql_pane *sql, bool has_changed);
void sql_forget_advice(struct sql_pane *sql);
const struct advice *sql_advice_at(const struct sql_pane *sql, size_t at);
bool sql_is_busy(const struct pane *pane);
void sql_plan(struct sql_pane *sql); /* how the statement at the cursor will run */
/* Run the command or the statement at the cursor, or what is selected. */
void sql_run(struct sql_pane *sql);
/* The text is another one: nothing of what ran stands in it. */
void sql_forget_run(struct sql_pane *sql);
void sql_mark_error(struct sql_pane *sql);
/* sql_history.c: statements of another mesh or role are not remembered here. */
void sql_follow_history(struct sql_pane *sql);
void sql_forget_history(struct sql_pane *sql); /* until it is followed again */
/* Behind what stands in the editor, as a statement of its own. */
void sql_add_statement(struct sql_pane *sql, const char *statement);
/* Does what starts here begin its line with a blank? Then it is not remembered. */
bool sql_is_hidden(const char *text, size_t start);
void sql_remember(struct sql_pane *sql, const char *statement);
void sql_remember_command(struct sql_pane *sql, const char *line);
/* Lay out the statement at the cursor or what is selected, or all. */
void sql_format(struct sql_pane *sql, bool all);
/* sql_snippet.c: at the cursor. A key is its own, or changes text and cursor, which it is
 * told of. */
void sql_insert_snippet(struct sql_pane *sql, const char *name);
bool sql_snippet_key(struct sql_pane *sql, struct key key);
void sql_follow_snippet(struct sql_pane *sql); /* the text may be another one */
void sql_leave_snippet(struct sql_pane *sql);
void sql_end_snippet(struct sql_pane *sql);
/* sql_save.c: the statement at the cursor under a name: asks for all of it. */
void sql_save(struct pane *pane);
void sql_forget_save(struct sql_pane *sql);
void sql_print(struct sql_pane *sql); /* the text as a page */
void sql_edit_external(struct sql_pane *sql);
void sql_save_as(struct pane *pane, const char *line); /* an answer to screen_ask() */

#endif
