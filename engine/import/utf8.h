/* utf8: is a text UTF-8 (RFC 3629)? For texts that are whole in memory and begin with a
 * character; decode.h has the test for texts that come in pieces.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_UTF8_H
#define MWB_IMPORT_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes at the front are whole characters: `length` when all are. */
size_t utf8_whole(const char *bytes, size_t length);
/* The same a character at a time, for tests to compare with. */
size_t utf8_whole_portable(const char *bytes, size_t length);

/* utf8_avx2.c: are all? Only where utf8_has_avx2(). */
bool utf8_has_avx2(void);
bool utf8_all_avx2(const char *bytes, size_t length);

#endif
