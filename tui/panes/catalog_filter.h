/* catalog_filter: what can be typed next in the filter of the catalog. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CATALOG_FILTER_H
#define MWB_TUI_PANES_CATALOG_FILTER_H

#include "tui/pane.h"

/* Names of facets with their meaning; behind the colon their values with counts. For
 * struct screen_question. */
void catalog_complete_filter(struct pane *pane, const char *text, size_t cursor,
                             size_t *word_start, struct array *candidates);

#endif
