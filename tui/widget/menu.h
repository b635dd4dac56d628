/* menu: a small window of choices beside the place where one types. Below the choices
 * stands all that is said of the selected one, when a row has not room for it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_WIDGET_MENU_H
#define MWB_TUI_WIDGET_MENU_H

#include <stdbool.h>

#include "tui/canvas.h"
#include "tui/widget/list.h"

struct menu_item {
    const char *text;   /* what is chosen */
    const char *detail; /* dim, behind it; behind a tab in it a sentence. May be NULL */
};

struct menu {
    struct list list;
};

/* Draw it with its left edge near (x, y): below that line where there is room, else
 * above. At most `most` items are in sight. `word`: as typed so far, whose letters are
 * marked in the items; may be NULL. */
struct menu_place {
    int x, y, most;
    const char *word;
};

void menu_draw(struct menu *menu, struct view view, const struct menu_place *place,
               const struct menu_item *items, size_t count);

/* Tab, Down and Up, S-Tab: true when the key moved the choice (around the ends). */
bool menu_step(struct menu *menu, int direction);

#endif
