/* sorter: one thread's keys, in memory until they are too many.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_SORTER_H
#define MWB_PAGES_SORTER_H

#include "engine/array.h"
#include "engine/pages/spill.h"

struct pages_sorter {
    const struct pages_index *index;
    enum spill_form form; /* of what is in memory */
    bool has_number;      /* a pair that is not NULL: the form is decided */
    struct pair *pairs;
    size_t count, capacity;
    struct text entries; /* of SPILL_ENTRIES: what the pairs point to */
    size_t longest;      /* entry */
    bool sorted, rowids_ascend;
    struct spill spill;
    struct array runs; /* of struct spill_run: in the file */
};

struct pages_index {
    char *folder;
    int columns;
    size_t memory, share; /* of all, of a sorter */
    int count;
    struct pages_sorter *sorters;
};

void sorter_begin(struct pages_sorter *sorter, const struct pages_index *index);
void sorter_release(struct pages_sorter *sorter);
/* Sort what is in memory; and put it into the file, as a run. */
void sorter_sort(struct pages_sorter *sorter);
bool sorter_spill(struct pages_sorter *sorter, struct error *err);
/* What is in memory, sorted. */
struct spill_run sorter_run(const struct pages_sorter *sorter);
void sorter_forget(struct pages_sorter *sorter); /* what is in memory */

#endif
