/* What the parent's and the child's half of a job share (private to the room).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_JOB_PRIVATE_H
#define MWB_JOB_PRIVATE_H

#include "engine/job.h"
#include "engine/text.h"

struct job_port {
    int fd;
    double last_report;
    struct job_progress progress; /* the newest; sent at the end if it was held back */
    bool progress_waits;
    struct text buffer; /* bytes of the parent that are not whole messages yet */
};

/* In the fork's child: become a job and never return. */
_Noreturn void job_become_child(const struct job_spec *spec, pid_t parent, int fd);

#endif
