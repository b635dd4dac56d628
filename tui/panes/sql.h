/* sql: the state of the SQL editor's pane. Private to sql*.c, and to tests.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_SQL_H
#define MWB_TUI_PANES_SQL_H

#include <stddef.h>

#include "tui/completion.h"
#include "tui/lineedit.h"
#include "tui/pane.h"
#include "tui/widget/menu.h"

/* What the window beside the cursor shows. */
enum sql_menu { SQL_MENU_NONE, SQL_MENU_COMPLETION, SQL_MENU_HISTORY };

struct sql_pane {
    struct screen *screen;
    struct workbench *workbench;
    struct lineedit *edit;
    struct completion *completion;

    size_t top;     /* byte where the first row in sight begins */
    char *shown;    /* the text at the last look, to know that it changed */
    size_t error;   /* byte of the text that a statement failed at; SIZE_MAX: none */
    size_t ran;     /* byte where the statement that ran last begins */
    char *ran_text; /* and the statement; NULL: none, or the text changed since */

    enum sql_menu menu_kind;
    struct menu menu;
    int cursor_x, cursor_y; /* of the last drawing, on the canvas; -1: not seen */

    int save_timer, layout_timer; /* 0: none */
    char *layout;                 /* words to apply once the screen stands */
};

void sql_draw(struct pane *pane, struct view view, bool focused);
void sql_draw_over(struct pane *pane, struct view screen);
void sql_title(struct pane *pane, struct text *left, struct text *right);
int sql_wanted_height(struct pane *pane, int width, int most);

/* Run the command or the statement at the cursor, or what is selected. */
void sql_run(struct sql_pane *sql);
/* The text is another one: nothing of what ran stands in it. */
void sql_forget_run(struct sql_pane *sql);
void sql_mark_error(struct sql_pane *sql);
void sql_format(struct sql_pane *sql); /* keywords of the statement in capitals */
void sql_edit_external(struct sql_pane *sql);
void sql_save_as(struct pane *pane, const char *line); /* an answer to screen_ask() */

#endif
