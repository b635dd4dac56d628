/* compare_sides: the two sides of a comparison and how each becomes rows: a statement
 * that runs aside, a table of a version, what is shown or was shown before. Private to
 * compare. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_COMPARE_SIDES_H
#define MWB_COMMAND_COMPARE_SIDES_H

#include "engine/cache.h"
#include "engine/command/private.h"

/* One side: rows of a run of ours, of one that the workbench holds, or of a version. */
struct side {
    char *word;                   /* as typed */
    struct workbench_result *ran; /* ours, ran aside */
    struct result *opened;        /* ours, of a version or of what is shown */
    struct cache_lease *lease;
    const struct result *rows; /* any of these */
    char *classification, *products;
};

struct comparison {
    struct side sides[2];
    int ready;                 /* sides that are */
    struct array keys, likely; /* of char * */
    char *file;
};

/* For struct command_call, whose `own` is a comparison. */
void comparison_free(void *own);
void comparison_release_names(struct array *names);
/* Make a side ready; *waits: its statement runs, and comparison_go_on() comes later. */
bool comparison_take_side(struct command_call *call, struct side *side, bool *waits,
                          struct error *err);
/* verbs_compare.c: what is not ready yet, then the merge. */
bool comparison_make_ready(struct command_call *call, struct error *err);

#endif
