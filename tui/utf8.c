/* utf8: one character to bytes and back. See the header.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/utf8.h"

static size_t length_of_first(unsigned char first)
{
    if (first < 0x80) {
        return 1;
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return 2;
    }
    if (first >= 0xe0 && first <= 0xef) {
        return 3;
    }
    return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

static int is_misformed(int code, size_t length)
{
    return (length == 3 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) ||
           (length == 4 && (code < 0x10000 || code > 0x10ffff));
}

size_t utf8_decode(const char *bytes, size_t length, int *code)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t wanted = length > 0 ? length_of_first((unsigned char)bytes[0]) : 0;
    int value;

    *code = -1;
    if (length == 0) {
        return 0;
    }
    if (wanted == 0) {
        return 1;
    }
    value = (unsigned char)bytes[0] & masks[wanted];
    for (size_t i = 1; i < wanted; i++) {
        if (i >= length) {
            return 0;
        }
        if (((unsigned char)bytes[i] & 0xc0) != 0x80) {
            return 1;
        }
        value = (value << 6) | ((unsigned char)bytes[i] & 0x3f);
    }
    if (is_misformed(value, wanted)) {
        return 1;
    }
    *code = value;
    return wanted;
}

size_t utf8_encode(int code, char bytes[5])
{
    static const unsigned char heads[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t length = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    bytes[length] = '\0';
    for (size_t i = length - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (code & 0x3f));
        code >>= 6;
    }
    bytes[0] = (char)(heads[length] | code);
    return length;
}
