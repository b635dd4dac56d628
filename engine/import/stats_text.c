/* stats: hashes, order and lengths of texts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/stats.h"

#include <endian.h>
#include <string.h>

/* 8 bytes of a text, the first one highest, so that order of numbers is order of bytes.
 */
static uint64_t load_eight(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return be64toh(word);
}

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
        inner += count_inner(load_eight(text + i));
    }
    return length - inner - count_inner(load_few(text + i, length - i));
}

/* A text as numbers: its first 16 bytes, its hash, all its bytes one over the other. */
struct look {
    uint64_t first, second, hash, seen;
};

/* Halves of a product over each other: every bit of both goes everywhere. Where there is
 * no such product the mixing is another one, and with it what an estimate is off by. */
static inline uint64_t fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
    unsigned __int128 product = (unsigned __int128)a * b;
    return (uint64_t)(product >> 64) ^ (uint64_t)product;
#else
    return stats_mix(stats_mix(a) + b);
#endif
}

/* Odd numbers without a pattern. */
static const uint64_t salt_a = 0xA0761D6478BD642FU, salt_b = 0xE7037ED1A0B428DBU,
                      salt_c = 0x8EBC6AF09C88C6E3U;

static inline void look_short(struct look *look, const char *text, size_t length)
{
    if (length < 8) {
        look->first = load_few(text, length);
        look->second = 0;
    } else {
        look->first = load_eight(text);
        look->second =
            length == 8 ? 0 : load_eight(text + length - 8) << (8 * (16 - length));
    }
    look->hash = fold(fold(look->first ^ salt_a, look->second ^ salt_b), length ^ salt_c);
    look->seen = look->first | look->second;
}

/* The last 16 bytes are taken whole, over the ones before them. */
static inline void look_long(struct look *look, const char *text, size_t length)
{
    uint64_t sum = length ^ salt_c, seen = 0;
    look->first = load_eight(text);
    look->second = load_eight(text + 8);
    for (size_t i = 0; i + 16 < length; i += 16) {
        uint64_t left = load_eight(text + i), right = load_eight(text + i + 8);
        seen |= left | right;
        sum = fold(sum ^ left ^ salt_a, right ^ salt_b);
    }
    uint64_t left = load_eight(text + length - 16);
    uint64_t right = load_eight(text + length - 8);
    look->hash = fold(fold(sum ^ left ^ salt_a, right ^ salt_b), length ^ salt_c);
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

void stats_text(struct stats *stats, const char *text, size_t length)
{
    struct look look;
    if (length <= 16) {
        look_short(&look, text, length);
    } else {
        look_long(&look, text, length);
    }
    stats->texts++;
    if (!stats_hash(stats, look.hash)) {
        return; /* nothing new can be learned of it */
    }
    learn_length(stats, &look, text, length);
    if (look.first < stats->least.first ||
        (look.first == stats->least.first && look.second <= stats->least.second)) {
        compare_least(stats, &look, text, length);
    }
    if (look.first > stats->most.first ||
        (look.first == stats->most.first && look.second >= stats->most.second)) {
        compare_most(stats, &look, text, length);
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
