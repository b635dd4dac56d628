/* catalog_draw: one line of the catalog pane, as a tree or as a list. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_DRAW_H
#define MWB_TUI_PANES_CATALOG_DRAW_H

#include "tui/canvas.h"
#include "tui/panes/catalog_tree.h"

void catalog_draw_line(struct view line, const struct catalog_tree *tree,
                       const struct tree_line *one);

/* What is filtered, above the lines; what is wrong in the mesh, below them. Both give the
 * rows they take. */
int catalog_draw_filter(struct view view, const char *searched);
int catalog_draw_findings(struct view view, size_t findings, size_t unread);

/* The list: names of its columns, and a product as a row of it. */
void catalog_draw_header(struct view line, bool has_words);
void catalog_draw_row(struct view line, const struct catalog_tree *tree,
                      const struct tree_line *one);

#endif
