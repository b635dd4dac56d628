/* plan: what getting products would mean, shown before much is fetched. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_PLAN_H
#define MWB_TUI_PANES_PLAN_H

#include "tui/pane.h"

/* Get these products (array of char *): one that is not large at once, else the plan is
 * shown first. */
void plan_get(struct pane *pane, const struct array *products);

#endif
