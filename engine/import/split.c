/* split: chooses the loops for this processor, and has those that need no special
 * instructions.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/split.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import/split_kernels.h"
#include "engine/text.h"

/* ---- Eight bytes in a word ---- */

struct block {
    uint64_t words[8];
};

static const uint64_t ones = 0x0101010101010101u, highs = 0x8080808080808080u;

static inline struct block block_load(const char *bytes)
{
    struct block block;
    memcpy(block.words, bytes, sizeof block.words);
#if defined __BYTE_ORDER__ && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    for (int i = 0; i < 8; i++) {
        block.words[i] = __builtin_bswap64(block.words[i]);
    }
#endif
    return block;
}

/* The highest bit of each byte, gathered in the order of the bytes. */
static inline uint64_t gather_highs(uint64_t word)
{
    return ((word & highs) >> 7) * 0x0102040810204080u >> 56;
}

static inline uint64_t block_high(const struct block *block)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits |= gather_highs(block->words[i]) << (8 * i);
    }
    return bits;
}

static inline uint64_t block_match(const struct block *block, char sign)
{
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        uint64_t different = block->words[i] ^ ones * (unsigned char)sign;
        uint64_t zeros = ~(((different & ~highs) + ~highs) | different | ~highs);
        bits |= gather_highs(zeros) << (8 * i);
    }
    return bits;
}

#define BLOCKS(name) portable_##name
#include "engine/import/split_blocks.h"

const struct split_kernel split_portable = {portable_look, portable_run_plain,
                                            portable_run_quoted};

/* ---- The choice ---- */

static const struct split_kernel *kernel_of(enum split_with with)
{
    const struct split_kernel *kernel = NULL;
    if (with == SPLIT_AVX2 || with == SPLIT_BEST) {
        kernel = split_avx2();
    }
    if (with == SPLIT_SSE2 || (with == SPLIT_BEST && kernel == NULL)) {
        kernel = split_sse2();
    }
    if (with == SPLIT_PORTABLE || (with == SPLIT_BEST && kernel == NULL)) {
        kernel = &split_portable;
    }
    return kernel;
}

bool split_has(enum split_with with)
{
    return kernel_of(with) != NULL;
}

void split_look(const char *bytes, size_t length, struct split_signs signs,
                struct split_census *census)
{
    kernel_of(signs.with)->look(bytes, length, signs.quote, census);
}

size_t split_whole(const char *bytes, size_t length, char quote,
                   const struct split_census *census)
{
    bool quoted = census->quotes % 2 != 0;
    if (census->quotes == 0) {
        const char *feed = memrchr(bytes, '\n', length);
        return feed != NULL ? (size_t)(feed - bytes) + 1 : 0;
    }
    for (size_t i = length; i > 0; i--) {
        if (bytes[i - 1] == quote) {
            quoted = !quoted;
        } else if (bytes[i - 1] == '\n' && !quoted) {
            return i;
        }
    }
    return 0;
}

void split_run(struct split *split, const char *bytes, size_t length,
               struct split_signs signs, const struct split_census *census)
{
    /* An end for each byte at most, and the eight that are written at a time. */
    size_t room = length + SPLIT_BLOCK;
    if (split->room < room) {
        split->room = room;
        free(split->ends);
        split->ends = memory_resize(NULL, room * sizeof *split->ends);
    }
    split->odd = SPLIT_NONE;
    if (census->quotes == 0 && !census->returns) {
        kernel_of(signs.with)->run_plain(split, bytes, length, signs);
    } else {
        kernel_of(signs.with)->run_quoted(split, bytes, length, signs);
    }
}

void split_release(struct split *split)
{
    free(split->ends);
    memset(split, 0, sizeof *split);
}

long long split_lines(const char *bytes, size_t length)
{
    long long lines = 0;
    for (size_t i = 0; i < length; i++) {
        bool pair = bytes[i] == '\r' && i + 1 < length && bytes[i + 1] == '\n';
        lines += bytes[i] == '\n' || (bytes[i] == '\r' && !pair) ? 1 : 0;
    }
    return lines;
}
