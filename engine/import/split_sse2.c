/* split_sse2: the loops with 16 bytes in a register, as every x86-64 has them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/split_kernels.h"

#ifdef __SSE2__

#include <emmintrin.h>

struct block {
    __m128i part[4];
};

static inline struct block block_load(const char *bytes)
{
    struct block block;
    for (int i = 0; i < 4; i++) {
        block.part[i] = _mm_loadu_si128((const __m128i *)(const void *)(bytes + 16 * i));
    }
    return block;
}

static inline uint64_t block_match(const struct block *block, char sign)
{
    __m128i all = _mm_set1_epi8(sign);
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(block->part[i], all))
                << (16 * i);
    }
    return bits;
}

static inline uint64_t block_high(const struct block *block)
{
    uint64_t bits = 0;
    for (int i = 0; i < 4; i++) {
        bits |= (uint64_t)(unsigned)_mm_movemask_epi8(block->part[i]) << (16 * i);
    }
    return bits;
}

#define BLOCKS(name) sse2_##name
#include "engine/import/split_blocks.h"

static const struct split_kernel kernel = {sse2_look, sse2_run_plain, sse2_run_quoted};

const struct split_kernel *split_sse2(void)
{
    return &kernel;
}

#else

const struct split_kernel *split_sse2(void)
{
    return NULL;
}

#endif
