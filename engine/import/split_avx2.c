/* split_avx2: the loops with 32 bytes in a register, where the processor has AVX2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/split_kernels.h"

#if defined __x86_64__ && defined __GNUC__

#include <immintrin.h>

#ifdef __clang__
#pragma clang attribute push(__attribute__((target("avx2,bmi,popcnt"))),                 \
                             apply_to = function)
#else
#pragma GCC push_options
#pragma GCC target("avx2,bmi,popcnt")
#endif

struct block {
    __m256i half[2];
};

static inline struct block block_load(const char *bytes)
{
    return (struct block){
        {_mm256_loadu_si256((const __m256i *)(const void *)bytes),
         _mm256_loadu_si256((const __m256i *)(const void *)(bytes + 32))}};
}

static inline uint64_t block_bits(__m256i low, __m256i high)
{
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(low) |
           (uint64_t)(uint32_t)_mm256_movemask_epi8(high) << 32;
}

static inline uint64_t block_match(const struct block *block, char sign)
{
    __m256i all = _mm256_set1_epi8(sign);
    return block_bits(_mm256_cmpeq_epi8(block->half[0], all),
                      _mm256_cmpeq_epi8(block->half[1], all));
}

static inline uint64_t block_high(const struct block *block)
{
    return block_bits(block->half[0], block->half[1]);
}

#define BLOCKS(name) avx2_##name
#include "engine/import/split_blocks.h"

#ifdef __clang__
#pragma clang attribute pop
#else
#pragma GCC pop_options
#endif

static const struct split_kernel kernel = {avx2_look, avx2_run_plain, avx2_run_quoted};

const struct split_kernel *split_avx2(void)
{
    bool here = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                __builtin_cpu_supports("popcnt");
    return here ? &kernel : NULL;
}

#else

const struct split_kernel *split_avx2(void)
{
    return NULL;
}

#endif
