/* finder: what panes that look for something in a list have in common: lines, perhaps
 * below titles, a filter typed as one looks on, and below them, where there is room, what
 * is under the cursor in full. Private to panes. A state that begins with a struct
 * finder can use all of it. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_FINDER_H
#define MWB_TUI_PANES_FINDER_H

#include "tui/pane.h"
#include "tui/widget/list.h"

struct finder_kind {
    const char *name;   /* in the title */
    const char *prompt; /* of the filter */
    bool has_titles;
    int details_most; /* lines for what is under the cursor, at most half of all */
    int list_least;   /* lines that must be left for the list */
    /* Find what the filter keeps and tell the list how many they are. */
    void (*find)(struct pane *pane);
    /* A line of the list; the index -1: its titles. */
    void (*draw_line)(struct pane *pane, struct view line, int index);
    void (*draw_empty)(struct pane *pane, struct view view);
    void (*draw_details)(struct pane *pane, struct view view);
};

struct finder {
    const struct finder_kind *kind;
    struct list list;
    struct text filter;
    bool is_found; /* else what there is has changed since it was looked for */
};

/* `filter` NULL: none. */
void finder_init(struct finder *finder, const struct finder_kind *kind,
                 const char *filter);
void finder_release(struct finder *finder);

void finder_find(struct pane *pane);  /* unless it is found */
void finder_anew(struct pane *pane);  /* look again, from the top */
void finder_clear(struct pane *pane); /* the same without a filter */
bool finder_is_filtered(const struct pane *pane);

/* The name and the filter, for the left of the title. */
void finder_title(const struct pane *pane, struct text *left);

/* For struct pane_kind. */
void finder_draw(struct pane *pane, struct view view, bool focused);
/* Moving, "search" and "clear"; REACTION_UNKNOWN: another action. */
enum reaction finder_action(struct pane *pane, const char *action);
void finder_mouse(struct pane *pane, int x, int y, int button);

#endif
