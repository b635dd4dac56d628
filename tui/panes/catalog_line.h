/* catalog_line: what keys do to a line of the catalog, by running verbs. Private to
 * panes. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_LINE_H
#define MWB_TUI_PANES_CATALOG_LINE_H

#include "tui/pane.h"
#include "tui/panes/catalog_tree.h"

void line_show_rows(struct pane *pane, const struct tree_line *line); /* of a table */
void line_show_card(struct pane *pane, const struct tree_line *line);
void line_describe(struct pane *pane, const struct tree_line *line);
/* The action of a key on a line; false: another one. NULL: there is no line. */
bool line_act(struct pane *pane, const struct tree_line *line, const char *action);

#endif
