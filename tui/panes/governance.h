/* governance: what the pane knows, for its two files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_GOVERNANCE_H
#define MWB_TUI_PANES_GOVERNANCE_H

#include "engine/governance.h"
#include "tui/pane.h"
#include "tui/widget/list.h"

struct governance_watch;

struct governance_state {
    struct screen *screen;
    struct workbench *workbench;
    char *policy, *product; /* what was asked for; NULL: all */
    struct governance_report report;
    bool has_run;
    struct governance_watch *watch; /* while they run */
    struct job *job;
    struct list policies, violations;
    size_t first;  /* violation of the policy under the cursor, in the report */
    bool is_below; /* among its violations */
};

void governance_title(struct pane *pane, struct text *left, struct text *right);
void governance_draw(struct pane *pane, struct view view, bool focused);

#endif
