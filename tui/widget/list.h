/* list: which line of many is selected and which are in sight. Draws only the bar.
 * `{0}` is an empty list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_WIDGET_LIST_H
#define MWB_TUI_WIDGET_LIST_H

#include <stdbool.h>

#include "tui/canvas.h"

struct list {
    int count;
    int selected; /* 0 .. count-1; 0 when empty */
    int top;      /* the first line in sight */
    int height;   /* lines in sight, told by list_show() */
};

void list_set_count(struct list *list, int count);
void list_select(struct list *list, int index);
/* The lines that can be seen: keeps the selected one among them. */
void list_show(struct list *list, int height);
/* "up" "down" "page-up" "page-down" "half-up" "half-down" "top" "bottom"; false: another
 * action. */
bool list_act(struct list *list, const char *action);

/* How far `action` goes, in lines, from `position` of `count`; false: another action. */
bool list_step(const char *action, int position, int count, int height, int *to);

/* A bar in the last column of the view that shows where one is; none when all is seen. */
void list_draw_bar(struct view view, int top, int height, int count);

#endif
