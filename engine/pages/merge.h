/* merge: many sorted runs as one.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_MERGE_H
#define MWB_PAGES_MERGE_H

#include "engine/pages/spill.h"

struct merge_player {
    uint64_t key, value; /* the reader's pair, of an entry the first 16 bytes; all ones
                            when it is over */
    size_t reader;
};

struct merge {
    enum spill_form form; /* entries when the runs have different forms */
    size_t count;
    struct spill_reader *readers;
    struct merge_player *losers; /* a tree of matches: [0] has won, [i] has lost at i */
};

/* `memory` for the windows of runs in a file. */
bool merge_begin(struct merge *merge, const struct spill_run *runs, size_t count,
                 size_t memory, struct error *err);
void merge_release(struct merge *merge);

/* The least one left, or NULL when there is none. Look at pair (forms of pairs) or entry
 * and length. */
static inline const struct spill_reader *merge_least(const struct merge *merge)
{
    const struct spill_reader *least = &merge->readers[merge->losers[0].reader];
    return least->over ? NULL : least;
}
bool merge_next(struct merge *merge, struct error *err);

#endif
