/* utf8: a character at a time, and the choice of what this processor does faster.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/utf8.h"

#include <stdint.h>
#include <string.h>

static inline bool is_inner(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The length of the character beyond ASCII at the front, 0 when there is none (the table
 * of RFC 3629 §4). */
static size_t character_of(const unsigned char *bytes, size_t length)
{
    unsigned char lead = bytes[0], next = length > 1 ? bytes[1] : 0;
    if (lead >= 0xC2 && lead <= 0xDF) {
        return is_inner(next) ? 2 : 0;
    }
    if (lead >= 0xE0 && lead <= 0xEF) {
        bool good = length > 2 && is_inner(next) && is_inner(bytes[2]) &&
                    (lead != 0xE0 || next >= 0xA0) && (lead != 0xED || next < 0xA0);
        return good ? 3 : 0;
    }
    if (lead >= 0xF0 && lead <= 0xF4) {
        bool good = length > 3 && is_inner(next) && is_inner(bytes[2]) &&
                    is_inner(bytes[3]) && (lead != 0xF0 || next >= 0x90) &&
                    (lead != 0xF4 || next < 0x90);
        return good ? 4 : 0;
    }
    return 0;
}

size_t utf8_whole_portable(const char *text, size_t length)
{
    const unsigned char *bytes = (const unsigned char *)text;
    size_t i = 0;
    while (i < length) {
        uint64_t eight;
        if (i + sizeof eight <= length) {
            memcpy(&eight, bytes + i, sizeof eight);
            if ((eight & 0x8080808080808080u) == 0) {
                i += sizeof eight;
                continue;
            }
        }
        while (i < length && bytes[i] < 0x80) {
            i++;
        }
        while (i < length && bytes[i] >= 0x80) {
            size_t step = character_of(bytes + i, length - i);
            if (step == 0) {
                return i;
            }
            i += step;
        }
    }
    return length;
}

size_t utf8_whole(const char *bytes, size_t length)
{
    return utf8_has_avx2() && utf8_all_avx2(bytes, length)
               ? length
               : utf8_whole_portable(bytes, length);
}
