/* sort: pairs in memory.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_SORT_H
#define MWB_PAGES_SORT_H

#include <stddef.h>
#include <stdint.h>

/* A key with the rowid behind it, or the first bytes of an entry with its place. */
struct pair {
    uint64_t key, value;
};

/* By key, then value. `scratch` has room for as many. With `values_ascend` the values
 * already stand in order and equal keys need no look at them. */
void sort_pairs(struct pair *pairs, struct pair *scratch, size_t count,
                bool values_ascend);

/* `value` is the place in `bytes` of an entry: its length (4 bytes, as the machine has
 * them), then its bytes. Sorted by those. */
void sort_entries(struct pair *pairs, struct pair *scratch, size_t count,
                  const unsigned char *bytes);

#endif
