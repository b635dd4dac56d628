/* Sorting by digits: a pass over each byte that is not the same everywhere. Long entries
 * are sorted eight bytes at a time, behind what all of a group have in common.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdbool.h>
#include <string.h>

#include "engine/pages/sort.h"

#include "engine/pages/keys.h"

enum {
    FEW = 24,         /* so many are sorted by comparing */
    ROUNDS_MOST = 40, /* of eight bytes; deeper groups are sorted by comparing */
    DIGITS = 8,
};

static bool pair_less(const struct pair *a, const struct pair *b)
{
    return a->key != b->key ? a->key < b->key : a->value < b->value;
}

static void sort_few(struct pair *pairs, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct pair moving = pairs[i];
        size_t j = i;
        for (; j > 0 && pair_less(&moving, &pairs[j - 1]); j--) {
            pairs[j] = pairs[j - 1];
        }
        pairs[j] = moving;
    }
}

static inline uint64_t field(const struct pair *pair, bool by_value)
{
    return by_value ? pair->value : pair->key;
}

static inline size_t digit(uint64_t field, int number)
{
    return field >> (8 * number) & 0xFF;
}

static void count_digits(const struct pair *pairs, size_t count, bool by_value,
                         size_t places[DIGITS][256])
{
    memset(places, 0, sizeof(size_t[DIGITS][256]));
    for (size_t i = 0; i < count; i++) {
        uint64_t bits = field(&pairs[i], by_value);
        for (int d = 0; d < DIGITS; d++) {
            places[d][digit(bits, d)]++;
        }
    }
}

/* Stable. Returns where the sorted pairs are, `from` or `to`; the other is overwritten.
 */
static struct pair *sort_field(struct pair *from, struct pair *to, size_t count,
                               bool by_value)
{
    size_t places[DIGITS][256];
    count_digits(from, count, by_value, places);
    for (int d = 0; d < DIGITS; d++) {
        size_t *place = places[d];
        if (place[digit(field(from, by_value), d)] == count) {
            continue;
        }
        for (size_t i = 0, sum = 0; i < 256; i++) {
            size_t here = place[i];
            place[i] = sum;
            sum += here;
        }
        for (size_t i = 0; i < count; i++) {
            to[place[digit(field(&from[i], by_value), d)]++] = from[i];
        }
        struct pair *other = from;
        from = to;
        to = other;
    }
    return from;
}

void sort_pairs(struct pair *pairs, struct pair *scratch, size_t count,
                bool values_ascend)
{
    if (count <= FEW) {
        sort_few(pairs, count);
        return;
    }
    struct pair *sorted = pairs;
    if (!values_ascend) {
        sorted = sort_field(sorted, scratch, count, true);
    }
    sorted = sort_field(sorted, sorted == pairs ? scratch : pairs, count, false);
    if (sorted != pairs) {
        memcpy(pairs, sorted, count * sizeof *pairs);
    }
}

/* ---- Entries ---- */

static const unsigned char *entry_at(const unsigned char *bytes, uint64_t place,
                                     size_t *length)
{
    uint32_t stored;
    memcpy(&stored, bytes + place, sizeof stored);
    *length = stored;
    return bytes + place + sizeof stored;
}

static size_t common_length(const unsigned char *bytes, const struct pair *pairs,
                            size_t count, size_t depth)
{
    size_t length;
    const unsigned char *first = entry_at(bytes, pairs[0].value, &length);
    for (size_t i = 1; i < count && length > depth; i++) {
        size_t other_length;
        const unsigned char *other = entry_at(bytes, pairs[i].value, &other_length);
        size_t same = depth;
        length = length < other_length ? length : other_length;
        while (same < length && first[same] == other[same]) {
            same++;
        }
        length = same;
    }
    return length;
}

static int compare_from(const unsigned char *bytes, uint64_t a, uint64_t b, size_t depth)
{
    size_t a_length, b_length;
    const unsigned char *left = entry_at(bytes, a, &a_length);
    const unsigned char *right = entry_at(bytes, b, &b_length);
    size_t shorter = a_length < b_length ? a_length : b_length;
    return shorter > depth ? memcmp(left + depth, right + depth, shorter - depth) : 0;
}

/* Binary insertion: entries are looked up far away, pairs are moved near by. */
static void compare_few(struct pair *pairs, size_t count, const unsigned char *bytes,
                        size_t depth)
{
    for (size_t i = 1; i < count; i++) {
        struct pair moving = pairs[i];
        size_t low = 0, high = i;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (compare_from(bytes, moving.value, pairs[middle].value, depth) < 0) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        memmove(pairs + low + 1, pairs + low, (i - low) * sizeof *pairs);
        pairs[low] = moving;
    }
}

static void compare_many(struct pair *pairs, struct pair *scratch, size_t count,
                         const unsigned char *bytes, size_t depth)
{
    if (count <= FEW) {
        compare_few(pairs, count, bytes, depth);
        return;
    }
    size_t half = count / 2;
    compare_many(pairs, scratch, half, bytes, depth);
    compare_many(pairs + half, scratch, count - half, bytes, depth);
    memcpy(scratch, pairs, half * sizeof *pairs);
    size_t left = 0, right = half, to = 0;
    while (left < half && right < count) {
        bool second =
            compare_from(bytes, pairs[right].value, scratch[left].value, depth) < 0;
        pairs[to++] = second ? pairs[right++] : scratch[left++];
    }
    memcpy(pairs + to, scratch + left, (half - left) * sizeof *pairs);
}

static uint64_t eight_bytes(const unsigned char *bytes, uint64_t place, size_t depth)
{
    size_t length;
    const unsigned char *entry = entry_at(bytes, place, &length);
    if (length >= depth + 8) {
        return key_get64(entry + depth);
    }
    unsigned char last[8] = {0};
    if (length > depth) {
        memcpy(last, entry + depth, length - depth);
    }
    return key_get64(last);
}

/* No entry is the beginning of another (keys.h), so none of a group that differs behind
 * `depth` ends before it, and a group of equal eight bytes goes on behind them. */
static void sort_group(struct pair *pairs, struct pair *scratch, size_t count,
                       const unsigned char *bytes, size_t depth, int rounds)
{
    if (count <= FEW) {
        compare_few(pairs, count, bytes, depth);
        return;
    }
    if (rounds == 0) {
        compare_many(pairs, scratch, count, bytes, depth);
        return;
    }
    depth = common_length(bytes, pairs, count, depth);
    for (size_t i = 0; i < count; i++) {
        pairs[i].key = eight_bytes(bytes, pairs[i].value, depth);
    }
    sort_pairs(pairs, scratch, count, true);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && pairs[end].key == pairs[i].key; end++) {
        }
        if (end - i > 1) {
            sort_group(pairs + i, scratch, end - i, bytes, depth + 8, rounds - 1);
        }
    }
}

void sort_entries(struct pair *pairs, struct pair *scratch, size_t count,
                  const unsigned char *bytes)
{
    sort_group(pairs, scratch, count, bytes, 0, ROUNDS_MOST);
}
