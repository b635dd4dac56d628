/* A tree of losers (Knuth, The Art of Computer Programming 3, §5.4.1): after the least
 * key is taken, one match on each level finds the next.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/merge.h"

#include <stdlib.h>

static bool entry_less(const struct spill_reader *a, const struct spill_reader *b)
{
    size_t shorter = a->length < b->length ? a->length : b->length;
    return memcmp(a->entry, b->entry, shorter) < 0;
}

/* Keys and values are equal: of pairs only when one reader is over and the other has the
 * pair all of ones; of entries when they differ further behind. */
static bool tie_less(const struct merge *merge, size_t left, size_t right)
{
    const struct spill_reader *a = &merge->readers[left], *b = &merge->readers[right];
    if (a->over || b->over) {
        return !a->over;
    }
    return merge->form == SPILL_ENTRIES && entry_less(a, b);
}

static inline bool player_less(const struct merge *merge, const struct merge_player *a,
                               const struct merge_player *b)
{
    if (a->key != b->key) {
        return a->key < b->key;
    }
    return a->value != b->value ? a->value < b->value
                                : tie_less(merge, a->reader, b->reader);
}

static struct merge_player player(const struct merge *merge, size_t number)
{
    const struct spill_reader *reader = &merge->readers[number];
    if (reader->over) {
        return (struct merge_player){UINT64_MAX, UINT64_MAX, number};
    }
    return (struct merge_player){reader->pair.key, reader->pair.value, number};
}

/* Every match for the first time, from the bottom: reader i plays at leaf count + i. */
static void play_all(struct merge *merge)
{
    size_t count = merge->count;
    struct merge_player *winners = memory_new_many(2 * count, sizeof *winners);
    for (size_t i = 0; i < count; i++) {
        winners[count + i] = player(merge, i);
    }
    for (size_t node = count - 1; node > 0; node--) {
        const struct merge_player *pair = &winners[2 * node];
        bool second = player_less(merge, &pair[1], &pair[0]);
        winners[node] = pair[second ? 1 : 0];
        merge->losers[node] = pair[second ? 0 : 1];
    }
    merge->losers[0] = winners[1];
    free(winners);
}

bool merge_begin(struct merge *merge, const struct spill_run *runs, size_t count,
                 size_t memory, struct error *err)
{
    *merge = (struct merge){.form = runs[0].form, .count = count};
    for (size_t i = 1; i < count; i++) {
        merge->form = runs[i].form == merge->form ? merge->form : SPILL_ENTRIES;
    }
    merge->readers = memory_new_many(count, sizeof *merge->readers);
    merge->losers = memory_new_many(count, sizeof *merge->losers);
    bool good = true;
    for (size_t i = 0; i < count; i++) {
        spill_open(&merge->readers[i], &runs[i], merge->form, memory / count);
        good = good && spill_next(&merge->readers[i], err);
    }
    if (good) {
        play_all(merge);
    }
    return good;
}

void merge_release(struct merge *merge)
{
    for (size_t i = 0; i < merge->count; i++) {
        spill_close(&merge->readers[i]);
    }
    free(merge->readers);
    free(merge->losers);
    *merge = (struct merge){0};
}

/* Who wins a match between sorted runs nobody can predict, the processor's branches least
 * of all: the two are exchanged, or not, by arithmetic. */
static void play(struct merge *merge, struct merge_player winner)
{
    for (size_t node = (merge->count + winner.reader) / 2; node > 0; node /= 2) {
        struct merge_player *other = &merge->losers[node];
        bool same_key = other->key == winner.key;
        bool less =
            (other->key < winner.key) | (same_key & (other->value < winner.value));
        if (__builtin_expect(same_key & (other->value == winner.value), 0)) {
            less = tie_less(merge, other->reader, winner.reader);
        }
        uint64_t mask = -(uint64_t)less;
        uint64_t key = (other->key ^ winner.key) & mask;
        uint64_t value = (other->value ^ winner.value) & mask;
        size_t reader = (other->reader ^ winner.reader) & mask;
        *other = (struct merge_player){other->key ^ key, other->value ^ value,
                                       other->reader ^ reader};
        winner = (struct merge_player){winner.key ^ key, winner.value ^ value,
                                       winner.reader ^ reader};
    }
    merge->losers[0] = winner;
}

bool merge_next(struct merge *merge, struct error *err)
{
    size_t number = merge->losers[0].reader;
    struct spill_reader *reader = &merge->readers[number];
    if (!(merge->form == SPILL_ENTRIES ? spill_next(reader, err)
                                       : spill_next_pair(reader, err))) {
        return false;
    }
    play(merge, player(merge, number));
    return true;
}
