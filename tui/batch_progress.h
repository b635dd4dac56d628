/* batch_progress: what jobs do, as one line on a terminal that is written over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_BATCH_PROGRESS_H
#define MWB_TUI_BATCH_PROGRESS_H

#include <stdbool.h>

#include "engine/job.h"

/* Work that takes less is not worth a line. */
#define BATCH_PROGRESS_SECONDS 0.5

struct batch_progress {
    bool is_shown;
};

/* The oldest of the jobs that take a while, and how many more there are, on stderr. */
void batch_progress_show(struct batch_progress *progress, const struct jobs *jobs);
void batch_progress_clear(struct batch_progress *progress);

#endif
