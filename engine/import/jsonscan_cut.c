/* jsonscan_cut: where the last whole row of a text ends. Nothing is checked here but
 * quotes, escapes and brackets; who scans the rows finds what is wrong.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/import/jsonscan.h"

enum { BLOCK = 64 };

size_t jsonscan_cut_lines(const char *bytes, size_t length)
{
    const char *feed = memrchr(bytes, '\n', length);
    return feed != NULL ? (size_t)(feed - bytes) + 1 : 0;
}

/* A bit for each of 64 bytes. */
struct signs {
    uint64_t quotes, backslashes, opens, closes;
};

#ifdef __SSE2__

static uint64_t mask_of(__m128i block, char sign)
{
    return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8(sign)));
}

/* [ and { differ in one bit only, and so do ] and }. */
static struct signs find_signs(const char *at)
{
    struct signs signs = {0};
    for (int i = 0; i < BLOCK; i += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
        __m128i folded = _mm_or_si128(block, _mm_set1_epi8(0x20));
        signs.quotes |= mask_of(block, '"') << i;
        signs.backslashes |= mask_of(block, '\\') << i;
        signs.opens |= mask_of(folded, '{') << i;
        signs.closes |= mask_of(folded, '}') << i;
    }
    return signs;
}

#else

static struct signs find_signs(const char *at)
{
    struct signs signs = {0};
    for (int i = 0; i < BLOCK; i++) {
        signs.quotes |= (uint64_t)(at[i] == '"') << i;
        signs.backslashes |= (uint64_t)(at[i] == '\\') << i;
        signs.opens |= (uint64_t)((at[i] | 0x20) == '{') << i;
        signs.closes |= (uint64_t)((at[i] | 0x20) == '}') << i;
    }
    return signs;
}

#endif

struct cutter {
    const char *bytes;
    int depth;
    bool closed;     /* the array is */
    uint64_t string; /* all ones: the next block begins in a string */
    bool escaped;    /* its first byte stands behind a backslash */
    size_t rows_end;
};

/* Bytes behind a backslash that is not behind one itself. */
static uint64_t find_escaped(struct cutter *cutter, uint64_t backslashes)
{
    uint64_t escaped = cutter->escaped ? 1 : 0;
    cutter->escaped = false;
    backslashes &= ~escaped;
    while (backslashes != 0) {
        uint64_t first = backslashes & (0 - backslashes);
        uint64_t behind = first << 1;
        cutter->escaped = behind == 0;
        escaped |= behind;
        backslashes &= ~(first | behind);
    }
    return escaped;
}

/* Bits from an odd quote up to the next one: each bit is the sum of all below it. */
static uint64_t find_strings(struct cutter *cutter, uint64_t quotes)
{
    for (int shift = 1; shift < BLOCK; shift *= 2) {
        quotes ^= quotes << shift;
    }
    quotes ^= cutter->string;
    cutter->string = 0 - (quotes >> (BLOCK - 1));
    return quotes;
}

static void count_brackets(struct cutter *cutter, size_t start, uint64_t opens,
                           uint64_t closes)
{
    for (uint64_t all = opens | closes; all != 0 && !cutter->closed; all &= all - 1) {
        int place = __builtin_ctzll(all);
        if ((opens >> place & 1) != 0) {
            cutter->depth++;
            continue;
        }
        cutter->depth--;
        if (cutter->depth == 1 && cutter->bytes[start + (size_t)place] == '}') {
            cutter->rows_end = start + (size_t)place + 1;
        }
        cutter->closed = cutter->depth <= 0;
    }
}

size_t jsonscan_cut_array(const char *bytes, size_t length, bool first)
{
    struct cutter cutter = {.bytes = bytes, .depth = first ? 0 : 1};
    for (size_t start = 0; start < length && !cutter.closed; start += BLOCK) {
        struct signs signs = find_signs(bytes + start);
        if (length - start < BLOCK) {
            uint64_t inside = (UINT64_C(1) << (length - start)) - 1;
            signs.quotes &= inside;
            signs.opens &= inside;
            signs.closes &= inside;
        }
        uint64_t escaped = find_escaped(&cutter, signs.backslashes);
        uint64_t strings = find_strings(&cutter, signs.quotes & ~escaped);
        count_brackets(&cutter, start, signs.opens & ~strings, signs.closes & ~strings);
    }
    return cutter.rows_end;
}
