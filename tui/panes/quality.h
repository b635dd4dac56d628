/* quality: what the files of the quality pane share: products being checked, and the
 * lines they make.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_QUALITY_H
#define MWB_TUI_PANES_QUALITY_H

#include "engine/quality.h"
#include "tui/pane.h"
#include "tui/widget/list.h"

/* One product, and after its run what became of its checks. */
struct quality_product {
    char *id;
    bool is_done;
    double seconds;
    struct error err;    /* why nothing of it could be run */
    struct array checks; /* of struct quality_check */
    struct array trends; /* of struct quality_trend */
    struct quality_totals totals;
};

/* A line of the list: a product, or one of its checks. */
struct quality_line {
    struct quality_product *product;
    const struct quality_check *check; /* NULL: the product itself */
};

struct quality_state {
    struct screen *screen;
    struct workbench *workbench;
    struct array products; /* of struct quality_product */
    struct array lines;    /* of struct quality_line */
    struct list list;
    struct quality_run_in_pane *run; /* NULL: nothing runs */
    struct job *job;
    struct quality_totals totals; /* of all that is done */
    size_t done;
    bool only_bad; /* passed ones are left out */
    bool is_cancelled;
};

/* Check products: array of char *, their ids. */
void quality_open(struct pane *pane, const struct array *products);

const struct quality_line *quality_line_at(const struct quality_state *state, int index);
const struct quality_trend *quality_trend_of(const struct quality_line *line);

/* quality_draw.c: a line of totals, or of progress, and below it the list */
enum { QUALITY_SUMMARY = 1 };
void quality_draw_pane(struct quality_state *state, struct view view, bool focused);

/* quality_pages.c: a check in words, its past, its cause: pages of text. */
void quality_show_sql(struct quality_state *state, const struct quality_line *line);
void quality_show_trend(struct quality_state *state, const struct quality_line *line);
void quality_show_cause(struct quality_state *state, const struct quality_line *line);

#endif
