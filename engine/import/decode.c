/* decode: UTF-16, Windows-1252 and whatever iconv knows to UTF-8; and the test whether a
 * file is UTF-8 as a whole. Reading the bytes is source.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/decode.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "engine/text.h"

enum { REPLACEMENT = 0xFFFD };

/* 0x80 to 0x9F of Windows-1252 (unicode.org, VENDORS/MICSFT/WINDOWS/CP1252.TXT). */
static const uint16_t windows_1252[32] = {
    0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
    0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
    0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

static const struct {
    const char *name;
    enum decode_kind kind;
    bool big_endian;
} labels[] = {
    {"utf-8", DECODE_UTF8, false},
    {"utf8", DECODE_UTF8, false},
    {"utf-8-sig", DECODE_UTF8, false},
    {"ascii", DECODE_UTF8, false},
    {"us-ascii", DECODE_UTF8, false},
    {"utf-16le", DECODE_UTF16, false},
    {"utf-16-le", DECODE_UTF16, false},
    {"utf-16", DECODE_UTF16, false},
    {"utf-16be", DECODE_UTF16, true},
    {"utf-16-be", DECODE_UTF16, true},
    {"windows-1252", DECODE_WINDOWS_1252, false},
    {"cp1252", DECODE_WINDOWS_1252, false},
};

bool decoder_init(struct decoder *decoder, const char *encoding, struct error *err)
{
    memset(decoder, 0, sizeof *decoder);
    if (encoding == NULL || encoding[0] == '\0') {
        return true;
    }
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        if (string_equal_fold(encoding, labels[i].name)) {
            decoder->kind = labels[i].kind;
            decoder->big_endian = labels[i].big_endian;
            return true;
        }
    }
    decoder->kind = DECODE_ICONV;
    decoder->iconv = iconv_open("UTF-8", encoding);
    if (decoder->iconv == (iconv_t)-1) {
        return error_set(
            err, ERROR_FAILED,
            "the encoding \"%s\" is not known; known are utf-8, utf-16, windows-1252 and "
            "the names of iconv -l [encoding-error]",
            encoding);
    }
    decoder->iconv_open = true;
    return true;
}

bool decode_extends_ascii(const char *encoding)
{
    static const char *const families[] = {"iso-8859",    "iso8859", "iso_8859", "latin",
                                           "windows-125", "cp125",   "mac",      "koi8"};
    for (size_t i = 0; i < sizeof families / sizeof families[0]; i++) {
        if (strncasecmp(encoding, families[i], strlen(families[i])) == 0) {
            return true;
        }
    }
    return false;
}

void decoder_restart(struct decoder *decoder)
{
    decoder->pending_length = 0;
    decoder->replaced = decoder->mended = 0;
    if (decoder->iconv_open) {
        iconv(decoder->iconv, NULL, NULL, NULL, NULL);
    }
}

void decoder_release(struct decoder *decoder)
{
    if (decoder->iconv_open) {
        iconv_close(decoder->iconv);
    }
    memset(decoder, 0, sizeof *decoder);
}

static char *put_character(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

static char *decode_windows_1252(const unsigned char *in, size_t length, char *out)
{
    for (size_t i = 0; i < length; i++) {
        uint32_t c = in[i];
        out = put_character(out, c >= 0x80 && c < 0xA0 ? windows_1252[c - 0x80] : c);
    }
    return out;
}

static uint32_t utf16_unit(const struct decoder *decoder, const unsigned char *in)
{
    return decoder->big_endian ? (uint32_t)in[0] << 8 | in[1]
                               : (uint32_t)in[1] << 8 | in[0];
}

/* Returns how many bytes were used; a surrogate pair that the block cuts stays for the
 * next. */
static size_t decode_utf16(struct decoder *decoder, const unsigned char *in,
                           size_t length, bool last, char **out)
{
    size_t used = 0;
    while (used + 2 <= length) {
        uint32_t c = utf16_unit(decoder, in + used);
        size_t step = 2;
        if (c >= 0xD800 && c < 0xDC00) {
            if (used + 4 > length && !last) {
                break;
            }
            uint32_t low = used + 4 <= length ? utf16_unit(decoder, in + used + 2) : 0;
            if (low >= 0xDC00 && low < 0xE000) {
                c = 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00);
                step = 4;
            }
        }
        if (c >= 0xD800 && c < 0xE000) {
            c = REPLACEMENT;
            decoder->replaced++;
        }
        *out = put_character(*out, c);
        used += step;
    }
    if (last && used < length) {
        *out = put_character(*out, REPLACEMENT);
        decoder->replaced++;
        used = length;
    }
    return used;
}

static size_t decode_iconv(struct decoder *decoder, const unsigned char *in,
                           size_t length, bool last, char **out, size_t room)
{
    char *from = (char *)(uintptr_t)in;
    size_t left = length;
    while (left > 0 && iconv(decoder->iconv, &from, &left, out, &room) == (size_t)-1) {
        if (errno == EINVAL && !last && left < sizeof decoder->pending) {
            break;
        }
        from++;
        left--;
        if (room >= 3) {
            *out = put_character(*out, REPLACEMENT);
            room -= 3;
        }
        decoder->replaced++;
    }
    return length - left;
}

/* The lead byte's rule: how many bytes follow and between what the first of them lies
 * (RFC 3629 §4: no overlong forms, no surrogates, nothing beyond U+10FFFF). */
static bool utf8_lead(struct utf8_check *check, unsigned char lead)
{
    check->least = 0x80;
    check->most = 0xBF;
    check->taken = 1;
    if (lead >= 0xC2 && lead <= 0xDF) {
        check->need = 1;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        check->need = 2;
        check->least = lead == 0xE0 ? 0xA0 : 0x80;
        check->most = lead == 0xED ? 0x9F : 0xBF;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        check->need = 3;
        check->least = lead == 0xF0 ? 0x90 : 0x80;
        check->most = lead == 0xF4 ? 0x8F : 0xBF;
    } else {
        return false;
    }
    return true;
}

static bool utf8_byte(struct utf8_check *check, unsigned char byte)
{
    if (check->need == 0) {
        return byte < 0x80 || utf8_lead(check, byte);
    }
    if (byte < check->least || byte > check->most) {
        return false;
    }
    check->need--;
    check->taken++;
    check->good += check->need == 0 ? 1 : 0;
    check->least = 0x80;
    check->most = 0xBF;
    return true;
}

/* The bytes from `start` on that are a character, or begin one, are none. */
static void utf8_break(struct utf8_check *check, long long start, long long bytes)
{
    check->byte = check->broken ? check->byte : start;
    check->broken = true;
    check->bad += bytes;
    check->need = 0;
}

static bool is_ascii(const unsigned char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    return (eight & 0x8080808080808080u) == 0;
}

void utf8_check_block(struct utf8_check *check, const unsigned char *bytes, size_t length)
{
    long long start = check->byte; /* of the block, as long as nothing is broken */
    size_t i = 0;
    while (i < length) {
        if (check->need == 0 && i + sizeof(uint64_t) <= length && is_ascii(bytes + i)) {
            i += sizeof(uint64_t);
            continue;
        }
        check->beyond_ascii |= bytes[i] >= 0x80;
        bool inside = check->need > 0;
        if (utf8_byte(check, bytes[i])) {
            i++;
        } else if (inside) { /* this byte may begin the next character */
            utf8_break(check, start + (long long)i - check->taken, check->taken);
        } else {
            utf8_break(check, start + (long long)i, 1);
            i++;
        }
    }
    check->byte += check->broken ? 0 : (long long)length;
}

void utf8_check_end(struct utf8_check *check)
{
    if (check->need > 0) {
        utf8_break(check, check->byte - check->taken, check->taken);
    }
}

bool utf8_check_is_meant(const struct utf8_check *check)
{
    return check->good >= 4 * check->bad;
}

/* The length of the character at `in`, or 0: its first *bad bytes are none, or with *bad
 * 0, it is cut off by the end. */
static size_t utf8_character(const unsigned char *in, size_t length, size_t *bad)
{
    struct utf8_check check = {0};
    *bad = 0;
    for (size_t i = 0; i < length; i++) {
        if (!utf8_byte(&check, in[i])) {
            *bad = i > 0 ? i : 1;
            return 0;
        }
        if (check.need == 0) {
            return i + 1;
        }
    }
    return 0;
}

static size_t decode_mended(struct decoder *decoder, const unsigned char *in,
                            size_t length, bool last, char **out)
{
    size_t used = 0, bad = 0;
    while (used < length) {
        size_t good = utf8_character(in + used, length - used, &bad);
        if (good == 0 && bad == 0 && !last) {
            break;
        }
        bad = good == 0 && bad == 0 ? length - used : bad;
        memcpy(*out, in + used, good);
        *out += good;
        *out = decode_windows_1252(in + used + good, bad, *out);
        used += good + bad;
        decoder->mended += (long long)bad;
    }
    return used;
}

static size_t decode_some(struct decoder *decoder, const unsigned char *in, size_t length,
                          bool last, char **out)
{
    switch (decoder->kind) {
    case DECODE_UTF16:
        return decode_utf16(decoder, in, length, last, out);
    case DECODE_MENDED_UTF8:
        return decode_mended(decoder, in, length, last, out);
    case DECODE_ICONV:
        return decode_iconv(decoder, in, length, last, out, 4 * length);
    case DECODE_WINDOWS_1252:
        *out = decode_windows_1252(in, length, *out);
        return length;
    case DECODE_UTF8:
        break;
    }
    memcpy(*out, in, length);
    *out += length;
    return length;
}

size_t decoder_run(struct decoder *decoder, const unsigned char *in, size_t length,
                   bool last, char *out)
{
    char *end = out;
    /* What the last block left is completed byte by byte: characters are at most 4 long.
     */
    while (decoder->pending_length > 0 && (length > 0 || last)) {
        bool now = last && length == 0;
        if (length > 0) {
            decoder->pending[decoder->pending_length++] = *in++;
            length--;
        }
        bool full = decoder->pending_length == sizeof decoder->pending;
        size_t used = decode_some(decoder, decoder->pending, decoder->pending_length,
                                  now || full, &end);
        decoder->pending_length -= used;
        memmove(decoder->pending, decoder->pending + used, decoder->pending_length);
        if (now) {
            decoder->pending_length = 0;
        }
    }
    size_t used = decode_some(decoder, in, length, last, &end);
    if (!last && length - used < sizeof decoder->pending) {
        memcpy(decoder->pending, in + used, length - used);
        decoder->pending_length = length - used;
    }
    return (size_t)(end - out);
}

void decode_mend_text(struct text *text)
{
    struct utf8_check check = {0};
    const unsigned char *bytes = (const unsigned char *)text_string(text);
    utf8_check_block(&check, bytes, text->length);
    utf8_check_end(&check);
    if (!check.broken) {
        return;
    }
    struct decoder decoder = {.kind = DECODE_MENDED_UTF8};
    struct text mended = {0};
    for (size_t at = 0; at < text->length; at += DECODE_BLOCK) {
        size_t left = text->length - at;
        size_t now = left < DECODE_BLOCK ? left : DECODE_BLOCK;
        text_grow(&mended, decoder_run(&decoder, bytes + at, now, now == left,
                                       text_reserve(&mended, DECODE_MOST)));
    }
    text_release(text);
    *text = mended;
}
