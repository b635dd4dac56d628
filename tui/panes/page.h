/* page: what panes of text have in common: a textview, scrolling, searching with `/`.
 * Private to panes. A state that begins with a struct page can use all of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_PAGE_H
#define MWB_TUI_PANES_PAGE_H

#include "tui/pane.h"
#include "tui/widget/textview.h"

struct page {
    struct textview *text;
    char *title;
};

void page_init(struct page *page, const char *title);
void page_release(struct page *page);

/* For struct pane_kind. */
void page_title(struct pane *pane, struct text *left, struct text *right);
void page_draw(struct pane *pane, struct view view, bool focused);
enum reaction page_action(struct pane *pane, const char *action, const char *argument);
void page_mouse(struct pane *pane, int x, int y, int button);
int page_wanted_height(struct pane *pane, int width, int most);

#endif
