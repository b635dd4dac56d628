/* command/policies: what a run of the policies found, as people and programs read it
 * (private to the room). SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_POLICIES_H
#define MWB_COMMAND_POLICIES_H

#include "engine/command/private.h"
#include "engine/governance.h"

/* "40 policies: 35 hold ..."; false when one of severity error is violated, or one could
 * not be run. */
bool policies_summary(const struct governance_report *report, struct text *out);
/* A line a policy, and a line a violation: path:line: severity: sentence [id]. With
 * `in_full` what the policy is, too, and all its violations. */
void policies_text(const struct governance_report *report, bool in_full,
                   struct text *out);
void policies_junit(const struct governance_report *report, struct text *out);
/* A row a policy; a row a violation. In a file in `folder`. */
struct result *policies_rows(const struct governance_report *report, const char *folder,
                             struct error *err);
struct result *policies_violation_rows(const struct governance_report *report,
                                       const char *folder, struct error *err);

/* Answers of the verb: adoption as the ledger has it, and the rows of a policy's SQL. */
bool policies_adoption(struct command_call *call, struct error *err);
bool policies_raw_rows(struct command_call *call, struct error *err);

#endif
