/* decode: bytes of a file to UTF-8, one block at a time.
 *
 * Labels follow the WHATWG Encoding Standard (§4.2) as far as Windows-1252 goes: its five
 * undefined bytes become the C1 controls of the same number, so no byte is lost. Other
 * encodings a descriptor may declare go through iconv(3). What cannot be decoded becomes
 * U+FFFD and is counted.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DECODE_H
#define MWB_IMPORT_DECODE_H

#include <iconv.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

enum decode_kind {
    DECODE_UTF8,
    DECODE_UTF16,
    DECODE_WINDOWS_1252,
    DECODE_MENDED_UTF8, /* bytes that are no UTF-8 are Windows-1252 */
    DECODE_ICONV
};

struct decoder {
    enum decode_kind kind;
    bool big_endian; /* of UTF-16 */
    bool iconv_open;
    iconv_t iconv;
    unsigned char pending[16]; /* the start of a character that the next block ends */
    size_t pending_length;
    long long replaced; /* characters that could not be decoded */
    long long mended;   /* bytes that were no UTF-8 */
};

/* By the name a descriptor gives; a NULL name is UTF-8. Unknown names are a sentence. */
bool decoder_init(struct decoder *decoder, const char *encoding, struct error *err);
/* Is text in this encoding ASCII wherever its bytes are below 0x80? Then a file that is
 * UTF-8 as a whole, though declared so, is UTF-8. */
bool decode_extends_ascii(const char *encoding);
void decoder_restart(struct decoder *decoder);
void decoder_release(struct decoder *decoder);

/* A block is at most DECODE_BLOCK bytes and becomes at most DECODE_MOST. */
enum { DECODE_BLOCK = 64 * 1024, DECODE_MOST = 4 * (DECODE_BLOCK + 16) };
size_t decoder_run(struct decoder *decoder, const unsigned char *in, size_t length,
                   bool last, char *out);

/* Make a text UTF-8: bytes that are none are Windows-1252. */
void decode_mend_text(struct text *text);

/* Is this stream of blocks UTF-8 (RFC 3629 §4), and if not, how far from it? Start with
 * {0}. */
struct utf8_check {
    unsigned char need, least, most; /* continuation bytes to come, bounds of the next */
    unsigned char taken;             /* bytes of the character that is open */
    bool broken;
    bool beyond_ascii;   /* there was a byte above 0x7F */
    long long byte;      /* offset of the first character that is wrong, when broken */
    long long good, bad; /* characters of several bytes; bytes that are of none */
};
void utf8_check_block(struct utf8_check *check, const unsigned char *bytes,
                      size_t length);
/* The text ends here: a character that is still open is broken. */
void utf8_check_end(struct utf8_check *check);
/* Is a text that is broken meant as UTF-8? Texts in Windows-1252 hold hardly any
 * character of several bytes by chance, so four of them for every bad byte decide. */
bool utf8_check_is_meant(const struct utf8_check *check);

#endif
