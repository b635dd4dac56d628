/* lineage/sets: sets of small numbers.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

enum { BITS = 64 };

static void set_reach(struct set *set, size_t words)
{
    if (words > set->count) {
        set->words = memory_resize(set->words, words * sizeof *set->words);
        memset(set->words + set->count, 0, (words - set->count) * sizeof *set->words);
        set->count = words;
    }
}

void set_add(struct set *set, size_t number)
{
    set_reach(set, number / BITS + 1);
    set->words[number / BITS] |= (uint64_t)1 << (number % BITS);
}

void set_remove(struct set *set, size_t number)
{
    if (number / BITS < set->count) {
        set->words[number / BITS] &= ~((uint64_t)1 << (number % BITS));
    }
}

bool set_has(const struct set *set, size_t number)
{
    return number / BITS < set->count &&
           (set->words[number / BITS] >> (number % BITS) & 1) != 0;
}

bool set_join(struct set *into, const struct set *from)
{
    bool is_new = false;
    set_reach(into, from->count);
    for (size_t i = 0; i < from->count; i++) {
        is_new = is_new || (from->words[i] & ~into->words[i]) != 0;
        into->words[i] |= from->words[i];
    }
    return is_new;
}

void set_release(struct set *set)
{
    free(set->words);
    *set = (struct set){0};
}
