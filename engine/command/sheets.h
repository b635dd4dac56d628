/* sheets: what the verbs that make views from rows, and the one that goes back to the
 * rows behind them, share. Private to command. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef MWB_COMMAND_SHEETS_H
#define MWB_COMMAND_SHEETS_H

#include "engine/pivot.h"
#include "engine/workbench.h"

/* The result with this serial among those that are shown and below; NULL: it is gone. */
struct workbench_result *sheet_base(const struct workbench *workbench,
                                    unsigned long serial);
/* What the result is a sheet of, also when it was sorted or filtered; NULL: none. */
const struct pivot *sheet_of(const struct workbench_result *result);

#endif
