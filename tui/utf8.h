/* utf8: one character to bytes and back, for keys. Text that is shown goes through
 * engine/safetext.h instead.
 *
 * Source: RFC 3629 (no overlong forms, no surrogates, nothing past U+10FFFF).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_UTF8_H
#define MWB_TUI_UTF8_H

#include <stddef.h>

/* Bytes the character at `bytes` takes (1..4) and its code; 0 when more bytes are needed
 * to tell; a byte that can start nothing counts as 1 with the code -1. */
size_t utf8_decode(const char *bytes, size_t length, int *code);

/* The character as bytes with a NUL; how many bytes without it. */
size_t utf8_encode(int code, char bytes[5]);

#endif
