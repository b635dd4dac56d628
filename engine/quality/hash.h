/* quality/hash: 64 bits of bytes and numbers. Equal values have equal hashes; nothing
 * here believes the reverse. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_HASH_H
#define MWB_QUALITY_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The finalizer of SplitMix64 (Steele, Lea, Flood 2014): every bit moves every other, and
 * no two numbers share a result. */
static inline uint64_t quality_hash_number(uint64_t x)
{
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ (x >> 31);
}

static inline uint64_t quality_hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash = length * UINT64_C(0x9e3779b97f4a7c15) + 1;
    while (length >= 8) {
        uint64_t word;
        memcpy(&word, bytes, sizeof word);
        hash = quality_hash_number(hash ^ word);
        bytes += 8;
        length -= 8;
    }
    if (length > 0) {
        uint64_t word = 0;
        memcpy(&word, bytes, length);
        hash = quality_hash_number(hash ^ word);
    }
    return hash;
}

#endif
