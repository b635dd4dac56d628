/* split_blocks: the loops of split.c, written once and compiled for each instruction set.
 * The file that includes it has defined `struct block`, block_load(), block_match() and
 * block_high() for its instructions, and BLOCKS(name), the name a function gets.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */

/* All bits from each set bit to the next one, first in, last out: what is in quotes. */
static inline uint64_t BLOCKS(fill)(uint64_t bits)
{
    for (int shift = 1; shift < 64; shift *= 2) {
        bits ^= bits << shift;
    }
    return bits;
}

/* The places of the set bits. Eight are written at a time, needed or not: a branch for
 * each would be guessed wrong once a block. There is room for a block's worth more. */
static inline uint32_t *BLOCKS(place)(uint32_t *to, uint32_t base, uint64_t bits)
{
    uint32_t *end = to + __builtin_popcountll(bits);
    while (to < end) {
        for (int i = 0; i < 8; i++) {
            to[i] = base + (uint32_t)__builtin_ctzll(bits | (uint64_t)1 << 63);
            bits &= bits - 1;
        }
        to += 8;
    }
    return end;
}

static void BLOCKS(look)(const char *bytes, size_t length, char quote,
                         struct split_census *census)
{
    size_t quotes = 0;
    uint64_t returns = 0, high = 0;
    for (size_t i = 0; i < length; i += SPLIT_BLOCK) {
        struct block block = block_load(bytes + i);
        uint64_t within =
            length - i >= SPLIT_BLOCK ? ~(uint64_t)0 : ((uint64_t)1 << (length - i)) - 1;
        quotes += (size_t)__builtin_popcountll(block_match(&block, quote) & within);
        returns |= block_match(&block, '\r') & within;
        high |= block_high(&block) & within;
    }
    *census = (struct split_census){quotes, returns != 0, high != 0};
}

/* Without quotes and carriage returns every delimiter and line feed is an end. */
static void BLOCKS(run_plain)(struct split *split, const char *bytes, size_t length,
                              struct split_signs signs)
{
    uint32_t *to = split->ends;
    size_t rows = 0;
    for (size_t i = 0; i < length; i += SPLIT_BLOCK) {
        struct block block = block_load(bytes + i);
        uint64_t within =
            length - i >= SPLIT_BLOCK ? ~(uint64_t)0 : ((uint64_t)1 << (length - i)) - 1;
        uint64_t feeds = block_match(&block, '\n') & within;
        uint64_t ends = (block_match(&block, signs.delimiter) & within) | feeds;
        rows += (size_t)__builtin_popcountll(feeds);
        to = BLOCKS(place)(to, (uint32_t)i, ends);
    }
    split->count = (size_t)(to - split->ends);
    split->rows = split->lines = rows;
}

/* What one block hands to the next: a bit each, or all bits. */
struct BLOCKS(carry) {
    uint64_t quoted;           /* all bits: the block begins within quotes */
    uint64_t opens;            /* the sign before lets a quote open here */
    uint64_t closed, returned; /* the sign before was a closing quote; a return */
    uint64_t bare_returned;    /* a return outside quotes */
};

static void BLOCKS(run_quoted)(struct split *split, const char *bytes, size_t length,
                               struct split_signs signs)
{
    uint32_t *to = split->ends;
    struct BLOCKS(carry) carry = {.opens = 1};
    split->rows = split->lines = 0;
    for (size_t i = 0; i < length; i += SPLIT_BLOCK) {
        struct block block = block_load(bytes + i);
        uint64_t within =
            length - i >= SPLIT_BLOCK ? ~(uint64_t)0 : ((uint64_t)1 << (length - i)) - 1;
        uint64_t quotes = block_match(&block, signs.quote) & within;
        uint64_t feeds = block_match(&block, '\n') & within;
        uint64_t returns = block_match(&block, '\r') & within;
        uint64_t quoted = BLOCKS(fill)(quotes) ^ carry.quoted;
        uint64_t opening = quotes & quoted, closing = quotes & ~quoted;
        uint64_t ends =
            ((block_match(&block, signs.delimiter) & within) | feeds) & ~quoted;
        uint64_t bare = returns & ~quoted;
        uint64_t odd = opening & ~((ends | closing) << 1 | carry.opens);
        odd |= (closing << 1 | carry.closed) & ~(ends | opening | bare);
        odd |= (bare << 1 | carry.bare_returned) & ~feeds;
        /* Behind the piece's last byte, a line feed, nothing follows. */
        if ((odd & within) != 0 && split->odd == SPLIT_NONE) {
            split->odd = (long)i;
        }
        uint64_t lone = (returns << 1 | carry.returned) & ~feeds & within;
        split->rows += (size_t)__builtin_popcountll(feeds & ~quoted);
        split->lines +=
            (size_t)__builtin_popcountll(feeds) + (size_t)__builtin_popcountll(lone);
        carry = (struct BLOCKS(carry)){quoted >> 63 != 0 ? ~(uint64_t)0 : 0,
                                       (ends | closing) >> 63, closing >> 63,
                                       returns >> 63, bare >> 63};
        to = BLOCKS(place)(to, (uint32_t)i, ends);
    }
    if (carry.quoted != 0 && split->odd == SPLIT_NONE) {
        split->odd = (long)length;
    }
    split->count = (size_t)(to - split->ends);
}
