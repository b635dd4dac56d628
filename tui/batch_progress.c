/* batch_progress: what jobs do, as one line on a terminal that is written over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/batch_progress.h"

#include <stdio.h>
#include <string.h>

#include "engine/safetext.h"
#include "engine/text.h"
#include "tui/batch_output.h"

enum { TITLE_MOST = 40 };

/* Not the last column: some terminals begin a new line there. */
static void describe(const struct job *job, size_t more, int width, struct text *out)
{
    const struct job_progress *progress = job_progress(job);
    struct text line = {0}, pace = {0};
    safetext_append_cut(&line, job_title(job), strlen(job_title(job)), TITLE_MOST);
    if (progress->total > 0) {
        text_printf(&line, ": %d %%", job_percent(progress));
    }
    job_pace_describe(job_pace(job), &pace);
    if (pace.length > 0) {
        text_printf(&line, "%s%s", progress->total > 0 ? ", " : ": ", text_string(&pace));
    }
    if (progress->note[0] != '\0') {
        text_printf(&line, ", %s", progress->note);
    }
    if (more > 0) {
        text_printf(&line, "; %zu more at work", more);
    }
    safetext_append_cut(out, text_string(&line), line.length, width - 1);
    text_release(&line);
    text_release(&pace);
}

void batch_progress_show(struct batch_progress *progress, const struct jobs *jobs)
{
    const struct job *oldest = NULL;
    size_t running = 0;
    for (size_t i = 0; i < jobs_count(jobs); i++) {
        const struct job *job = jobs_at(jobs, i); /* newest first */
        if (!job_is_over(job)) {
            oldest = job;
            running++;
        }
    }
    if (oldest == NULL || job_seconds(oldest) < BATCH_PROGRESS_SECONDS) {
        return;
    }
    struct text line = {0};
    describe(oldest, running - 1, output_progress_width(), &line);
    fprintf(stderr, "\r%s\033[K", text_string(&line));
    text_release(&line);
    progress->is_shown = true;
}

void batch_progress_clear(struct batch_progress *progress)
{
    if (progress->is_shown) {
        fputs("\r\033[K", stderr);
        progress->is_shown = false;
    }
}
