/* keys: entries of an index as bytes that memcmp() puts into SQLite's order.
 *
 * An entry is, for each column,
 *     00                                          NULL
 *     01 real (8 bytes) rest (2 bytes)            a number
 *     02 bytes, each 00 as 00 01, then 00 00      a text
 * then the rowid (8 bytes), then for each column a byte that says how it is stored. That
 * tail is never compared: rowids differ.
 *
 * A number's real is the largest one that is not above it, its rest what a whole number
 * has more (0 to 1023; 0 for reals). So whole numbers and reals compare by value exactly,
 * also beyond 2^53. A real's bits, read as a whole number, have the order of the reals
 * once the sign bit is turned and, for negative ones, all others too; a rowid once its
 * sign bit is turned.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_KEYS_H
#define MWB_PAGES_KEYS_H

#include <endian.h>
#include <string.h>

#include "engine/pages/private.h"
#include "engine/text.h"

enum { KEY_TAIL_NONE, KEY_TAIL_INTEGER, KEY_TAIL_REAL, KEY_TAIL_MINUS_ZERO };

#define KEY_SIGN (UINT64_C(1) << 63)

static inline uint64_t key_of_integer(long long value)
{
    return (uint64_t)value ^ KEY_SIGN;
}
static inline long long key_to_integer(uint64_t key)
{
    return (long long)(key ^ KEY_SIGN);
}
static inline uint64_t key_of_real(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return (bits & KEY_SIGN) != 0 ? ~bits : bits | KEY_SIGN;
}
static inline double key_to_real(uint64_t key)
{
    uint64_t bits = (key & KEY_SIGN) != 0 ? key & ~KEY_SIGN : ~key;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}
static inline void key_put64(unsigned char *to, uint64_t value)
{
    value = htobe64(value);
    memcpy(to, &value, sizeof value);
}
static inline uint64_t key_get64(const unsigned char *from)
{
    uint64_t value;
    memcpy(&value, from, sizeof value);
    return be64toh(value);
}

static inline bool key_is_minus_zero(double value)
{
    return value == 0 && __builtin_signbit(value);
}

/* Append the entry to `out`. */
void key_write(struct text *out, const struct pages_value *values, int columns,
               long long rowid);

/* Append the record (§2.1) the entry stands for: `record` is cleared first; `body` is
 * kept between calls. `ends` gets where each column ends in the entry. */
void key_read(const unsigned char *entry, size_t length, int columns, size_t *ends,
              struct text *record, struct text *body);

/* A whole number's serial type, its bytes put to `to`, which has room for 8. */
static inline size_t key_put_integer(unsigned char *to, long long value,
                                     unsigned char *serial)
{
    static const unsigned char sizes[] = {1, 2, 3, 4, 6, 6, 8, 8};
    static const unsigned char serials[] = {1, 2, 3, 4, 5, 5, 6, 6};
    if ((value & ~1LL) == 0) {
        *serial = (unsigned char)(8 + value);
        return 0;
    }
    uint64_t magnitude = value < 0 ? ~(uint64_t)value : (uint64_t)value;
    unsigned bytes = (unsigned)(64 - __builtin_clzll(magnitude | 1)) / 8;
    *serial = serials[bytes];
    key_put64(to, (uint64_t)value << (64 - 8 * sizes[bytes]));
    return sizes[bytes];
}

#endif
