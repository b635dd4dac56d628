/* utf8_avx2: all characters of a text, 32 bytes at a time.
 *
 * Every mistake in UTF-8 shows in two bytes that follow each other: in the high and the
 * low half of the first and the high half of the second. Three look-ups into tables of 16
 * entries, where a bit stands for a kind of mistake that the half allows, leave the bits
 * of the mistakes that all three allow (Keiser and Lemire, "Validating UTF-8 In Less Than
 * One Instruction Per Byte", 2021, §6). What two bytes do not show, whether a third and
 * fourth byte are there, is told from the leads two and three bytes before.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/utf8.h"

#if defined __x86_64__ && defined __GNUC__

#include <immintrin.h>
#include <string.h>

#define AVX2 __attribute__((target("avx2")))

enum {
    TOO_SHORT = 1,       /* a lead, and no continuation behind it */
    TOO_LONG = 2,        /* a continuation behind ASCII */
    OVERLONG_3 = 4,      /* E0 80..9F */
    TOO_LARGE = 8,       /* F4 90.., F5.. and above */
    SURROGATE = 16,      /* ED A0.. */
    OVERLONG_2 = 32,     /* C0, C1 */
    OVERLONG_4 = 64,     /* F0 80..8F, and F5.. with 80..8F */
    CONTINUATIONS = 128, /* two of them: right only in a longer character */
    WHATEVER_LOW = TOO_SHORT | TOO_LONG | CONTINUATIONS,
    BEYOND = TOO_LARGE | OVERLONG_4,
};

/* By the high half of the first byte. */
static const unsigned char first_high[16] = {
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    TOO_LONG,
    CONTINUATIONS,
    CONTINUATIONS,
    CONTINUATIONS,
    CONTINUATIONS,
    TOO_SHORT | OVERLONG_2,             /* C */
    TOO_SHORT,                          /* D */
    TOO_SHORT | OVERLONG_3 | SURROGATE, /* E */
    TOO_SHORT | BEYOND,                 /* F */
};

/* By its low half. */
static const unsigned char first_low[16] = {
    WHATEVER_LOW | OVERLONG_2 | OVERLONG_3 | OVERLONG_4,
    WHATEVER_LOW | OVERLONG_2,
    WHATEVER_LOW,
    WHATEVER_LOW,
    WHATEVER_LOW | TOO_LARGE,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND | SURROGATE, /* ED, FD */
    WHATEVER_LOW | BEYOND,
    WHATEVER_LOW | BEYOND,
};

/* By the high half of the second byte. */
static const unsigned char second_high[16] = {
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_LONG | CONTINUATIONS | OVERLONG_2 | OVERLONG_3 | OVERLONG_4, /* 8 */
    TOO_LONG | CONTINUATIONS | OVERLONG_2 | OVERLONG_3 | TOO_LARGE,  /* 9 */
    TOO_LONG | CONTINUATIONS | OVERLONG_2 | SURROGATE | TOO_LARGE,   /* A */
    TOO_LONG | CONTINUATIONS | OVERLONG_2 | SURROGATE | TOO_LARGE,   /* B */
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
    TOO_SHORT,
};

AVX2 static inline __m256i both_halves(const unsigned char table[16])
{
    __m128i half = _mm_loadu_si128((const __m128i *)(const void *)table);
    return _mm256_broadcastsi128_si256(half);
}

AVX2 static inline __m256i high_halves(__m256i bytes)
{
    return _mm256_and_si256(_mm256_srli_epi16(bytes, 4), _mm256_set1_epi8(0x0F));
}

/* The mistakes in `block`, of which `last` are the 32 bytes before; 0 where there are
 * none. */
AVX2 static inline __m256i mistakes(__m256i block, __m256i last)
{
    __m256i crossed = _mm256_permute2x128_si256(last, block, 0x21);
    __m256i before = _mm256_alignr_epi8(block, crossed, 15);
    __m256i low = _mm256_and_si256(before, _mm256_set1_epi8(0x0F));
    __m256i found = _mm256_and_si256(
        _mm256_and_si256(
            _mm256_shuffle_epi8(both_halves(first_high), high_halves(before)),
            _mm256_shuffle_epi8(both_halves(first_low), low)),
        _mm256_shuffle_epi8(both_halves(second_high), high_halves(block)));
    /* Two bytes behind E0 and above, three behind F0 and above, two continuations must
     * meet: the highest bit is CONTINUATIONS there. */
    __m256i third = _mm256_subs_epu8(_mm256_alignr_epi8(block, crossed, 14),
                                     _mm256_set1_epi8(0xE0 - 0x80));
    __m256i fourth = _mm256_subs_epu8(_mm256_alignr_epi8(block, crossed, 13),
                                      _mm256_set1_epi8(0xF0 - 0x80));
    __m256i must = _mm256_and_si256(_mm256_or_si256(third, fourth),
                                    _mm256_set1_epi8((char)CONTINUATIONS));
    return _mm256_xor_si256(must, found);
}

bool utf8_has_avx2(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}

AVX2 bool utf8_all_avx2(const char *bytes, size_t length)
{
    __m256i last = _mm256_setzero_si256(), wrong = last;
    size_t i = 0;
    for (; i + sizeof last <= length; i += sizeof last) {
        __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)(bytes + i));
        /* ASCII behind ASCII: nothing can be wrong. */
        if (_mm256_movemask_epi8(_mm256_or_si256(block, last)) != 0) {
            wrong = _mm256_or_si256(wrong, mistakes(block, last));
        }
        last = block;
    }
    /* Zeros behind the end show a character that is left open. */
    char rest[sizeof last] = {0};
    memcpy(rest, bytes + i, length - i);
    __m256i block = _mm256_loadu_si256((const __m256i *)(const void *)rest);
    wrong = _mm256_or_si256(wrong, mistakes(block, last));
    return _mm256_testz_si256(wrong, wrong) != 0;
}

#else

bool utf8_has_avx2(void)
{
    return false;
}

bool utf8_all_avx2(const char *bytes, size_t length)
{
    return utf8_whole_portable(bytes, length) == length;
}

#endif
