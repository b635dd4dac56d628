/* stats: hashes, order and lengths of texts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/stats.h"

#include <endian.h>
#include <string.h>

static uint64_t load_four(const char *bytes)
{
    uint32_t word;
    memcpy(&word, bytes, sizeof word);
    return be32toh(word);
}

/* The first 8 bytes of a text of fewer, zeros behind it: two loads that overlap. */
static uint64_t load_few(const char *text, size_t length)
{
    if (length >= 4) {
        return load_four(text) << 32 | load_four(text + length - 4) << (64 - 8 * length);
    }
    if (length == 0) {
        return 0;
    }
    const unsigned char *bytes = (const unsigned char *)text;
    size_t half = length / 2, last = length - 1;
    return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[half] << (56 - 8 * half) |
           (uint64_t)bytes[last] << (56 - 8 * last);
}

/* How many of 8 bytes go on with a character of UTF-8: those of the form 10xxxxxx. */
static unsigned count_inner(uint64_t word)
{
    uint64_t inner = word >> 7 & ~word >> 6 & 0x0101010101010101U;
    return (unsigned)(inner * 0x0101010101010101U >> 56);
}

static size_t count_characters(const char *text, size_t length)
{
    size_t inner = 0, i = 0;
    for (; i + 8 <= length; i += 8) {
        inner += count_inner(stats_load(text + i));
    }
    return length - inner - count_inner(load_few(text + i, length - i));
}

/* A text as numbers: its first 16 bytes, its hash, all its bytes one over the other. */
struct look {
    uint64_t first, second, hash, seen;
};

static inline void look_short(struct look *look, const char *text, size_t length)
{
    if (length < 8) {
        look->first = load_few(text, length);
        look->second = 0;
    } else {
        look->first = stats_load(text);
        look->second =
            length == 8 ? 0 : stats_load(text + length - 8) << (8 * (16 - length));
    }
    look->hash = stats_hash_short(look->first, look->second, length);
    look->seen = look->first | look->second;
}

/* The last 16 bytes are taken whole, over the ones before them. */
static inline void look_long(struct look *look, const char *text, size_t length)
{
    uint64_t sum = length ^ stats_salt_c, seen = 0;
    look->first = stats_load(text);
    look->second = stats_load(text + 8);
    for (size_t i = 0; i + 16 < length; i += 16) {
        uint64_t left = stats_load(text + i), right = stats_load(text + i + 8);
        seen |= left | right;
        sum = stats_fold(sum ^ left ^ stats_salt_a, right ^ stats_salt_b);
    }
    uint64_t left = stats_load(text + length - 16);
    uint64_t right = stats_load(text + length - 8);
    look->hash = stats_fold(stats_fold(sum ^ left ^ stats_salt_a, right ^ stats_salt_b),
                            length ^ stats_salt_c);
    look->seen = seen | left | right;
}

static void learn_length(struct stats *stats, const struct look *look, const char *text,
                         size_t length)
{
    long long characters = (long long)length;
    if ((look->seen & 0x8080808080808080U) != 0) {
        characters = (long long)count_characters(text, length);
    }
    stats->shortest = characters < stats->shortest ? characters : stats->shortest;
    stats->longest = characters > stats->longest ? characters : stats->longest;
}

/* Below, at or above 0: the order of the text and the edge. Bytes that are not kept do
 * not count. */
static int compare_edge(const char *text, size_t length, const struct stats_edge *edge)
{
    size_t mine = length < STATS_TEXT_MOST ? length : STATS_TEXT_MOST;
    size_t its = (size_t)edge->length;
    int order = memcmp(text, edge->bytes, mine < its ? mine : its);
    return order != 0 ? order : mine < its ? -1 : mine > its ? 1 : 0;
}

static void set_edge(struct stats_edge *edge, const struct look *look, const char *text,
                     size_t length)
{
    edge->first = look->first;
    edge->second = look->second;
    edge->length = (long)(length < STATS_TEXT_MOST ? length : STATS_TEXT_MOST);
    memcpy(edge->bytes, text, (size_t)edge->length);
}

static void compare_least(struct stats *stats, const struct look *look, const char *text,
                          size_t length)
{
    struct stats_edge *edge = &stats->least;
    if (edge->length < 0 || look->first < edge->first || look->second < edge->second ||
        compare_edge(text, length, edge) < 0) {
        set_edge(edge, look, text, length);
    }
}

static void compare_most(struct stats *stats, const struct look *look, const char *text,
                         size_t length)
{
    struct stats_edge *edge = &stats->most;
    if (edge->length < 0 || look->first > edge->first || look->second > edge->second ||
        compare_edge(text, length, edge) > 0) {
        set_edge(edge, look, text, length);
    }
}

static void learn(struct stats *stats, const struct look *look, const char *text,
                  size_t length)
{
    learn_length(stats, look, text, length);
    if (look->first < stats->least.first ||
        (look->first == stats->least.first && look->second <= stats->least.second)) {
        compare_least(stats, look, text, length);
    }
    if (look->first > stats->most.first ||
        (look->first == stats->most.first && look->second >= stats->most.second)) {
        compare_most(stats, look, text, length);
    }
}

void stats_learn_short(struct stats *stats, const char *text, size_t length)
{
    struct look look;
    look_short(&look, text, length);
    learn(stats, &look, text, length);
}

void stats_text(struct stats *stats, const char *text, size_t length)
{
    struct look look;
    if (length <= 16) {
        look_short(&look, text, length);
    } else {
        look_long(&look, text, length);
    }
    stats->texts++;
    if (stats_hash(stats, look.hash)) { /* else nothing new can be learned of it */
        learn(stats, &look, text, length);
    }
}

static bool edge_beats(const struct stats_edge *edge, const struct stats_edge *old,
                       int sign)
{
    return edge->length >= 0 &&
           (old->length < 0 ||
            compare_edge(edge->bytes, (size_t)edge->length, old) * sign > 0);
}

void stats_merge_edges(struct stats *into, const struct stats *from)
{
    if (edge_beats(&from->least, &into->least, -1)) {
        into->least = from->least;
    }
    if (edge_beats(&from->most, &into->most, 1)) {
        into->most = from->most;
    }
}

void stats_bind_edge(const struct stats_edge *edge, sqlite3_stmt *stmt, int place)
{
    size_t length = (size_t)edge->length;
    if (length == STATS_TEXT_MOST) { /* perhaps cut within a character */
        size_t start = length - 1;
        while (start > length - 4 && ((unsigned char)edge->bytes[start] & 0xC0) == 0x80) {
            start--;
        }
        unsigned char lead = (unsigned char)edge->bytes[start];
        size_t whole = lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
        length = start + whole > length ? start : length;
    }
    sqlite3_bind_text(stmt, place, edge->bytes, (int)length, SQLITE_TRANSIENT);
}
