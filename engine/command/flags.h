/* command: the flags of verbs that have any, each list ends with a NULL name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_FLAGS_H
#define MWB_COMMAND_FLAGS_H

#include "engine/command.h"

extern const struct command_flag products_flags[], lint_flags[], glance_flags[],
    check_flags[], changes_flags[], policies_flags[], waive_flags[], versions_flags[],
    get_flags[], import_flags[], query_flags[], saved_flags[], chart_flags[],
    fetches_flags[], usage_flags[], export_flags[], propose_flags[], request_flags[],
    agreements_flags[], approve_flags[], reject_flags[], end_flags[], reassess_flags[],
    filter_flags[], frequency_flags[], pivot_flags[], compare_flags[], profile_flags[],
    totals_flags[], sort_flags[], lineage_flags[], demo_flags[], help_flags[],
    format_flags[];

extern const struct command_flag history_flags[], save_flags[];
extern const struct command_flag param_flags[], tab_flags[], watch_flags[];

extern const struct command_flag plan_flags[], advise_flags[];

extern const struct command_flag complete_flags[];

#endif
