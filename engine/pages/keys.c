/* Values to comparable bytes, and those to records.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/keys.h"

#include <stdlib.h>

enum { TAG_NULL, TAG_NUMBER, TAG_TEXT };

enum { NUMBER_LENGTH = 10 };

static unsigned char *reserve(struct text *out, size_t length)
{
    return (unsigned char *)text_reserve(out, length);
}

static void write_number(struct text *out, uint64_t real, unsigned rest)
{
    unsigned char *to = reserve(out, 1 + NUMBER_LENGTH);
    to[0] = TAG_NUMBER;
    key_put64(to + 1, real);
    pages_put16(to + 9, rest);
    text_grow(out, 1 + NUMBER_LENGTH);
}

static void write_integer(struct text *out, long long value)
{
    static const double beyond = 9223372036854775808.0; /* 2^63 */
    double real = (double)value;
    uint64_t key = key_of_real(real);
    if (real >= beyond || (long long)real > value) {
        key--; /* the real before */
        real = key_to_real(key);
    }
    write_number(out, key, (unsigned)(value - (long long)real));
}

static void write_text(struct text *out, const char *text, size_t length)
{
    const char *zero = length > 0 ? memchr(text, 0, length) : NULL;
    text_append_char(out, TAG_TEXT);
    while (zero != NULL) {
        size_t part = (size_t)(zero - text) + 1;
        text_append_bytes(out, text, part);
        text_append_char(out, 1);
        text += part;
        length -= part;
        zero = memchr(text, 0, length);
    }
    unsigned char *to = reserve(out, length + 2);
    if (length > 0) {
        memcpy(to, text, length);
    }
    pages_put16(to + length, 0);
    text_grow(out, length + 2);
}

static char write_value(struct text *out, const struct pages_value *value)
{
    switch (value->kind) {
    case PAGES_INTEGER:
        write_integer(out, value->integer);
        return KEY_TAIL_INTEGER;
    case PAGES_REAL:
        if (value->real != value->real) { /* SQLite has no NaN */
            break;
        }
        write_number(out, key_of_real(value->real == 0 ? 0 : value->real), 0);
        return key_is_minus_zero(value->real) ? KEY_TAIL_MINUS_ZERO : KEY_TAIL_REAL;
    case PAGES_TEXT:
        write_text(out, value->text, value->length);
        return KEY_TAIL_NONE;
    case PAGES_NULL:
        break;
    }
    text_append_char(out, TAG_NULL);
    return KEY_TAIL_NONE;
}

void key_write(struct text *out, const struct pages_value *values, int columns,
               long long rowid)
{
    char few[16];
    char *tail = columns <= (int)sizeof few ? few : memory_new((size_t)columns);
    for (int i = 0; i < columns; i++) {
        tail[i] = write_value(out, &values[i]);
    }
    unsigned char *to = reserve(out, 8 + (size_t)columns);
    key_put64(to, key_of_integer(rowid));
    memcpy(to + 8, tail, (size_t)columns);
    text_grow(out, 8 + (size_t)columns);
    if (tail != few) {
        free(tail);
    }
}

/* ---- Records ---- */

static void put_serial(struct text *header, uint64_t serial)
{
    unsigned char *to = reserve(header, PAGES_VARINT_MOST);
    text_grow(header, pages_put_varint(to, serial));
}

static void put_integer(struct text *header, struct text *body, long long value)
{
    unsigned char serial;
    unsigned char *to = reserve(body, 8);
    text_grow(body, key_put_integer(to, value, &serial));
    put_serial(header, serial);
}

static void put_real(struct text *header, struct text *body, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    key_put64(reserve(body, sizeof bits), bits);
    text_grow(body, sizeof bits);
    put_serial(header, 7);
}

static void read_number(const unsigned char *from, char tail, struct text *header,
                        struct text *body)
{
    double real = key_to_real(key_get64(from));
    if (tail == KEY_TAIL_INTEGER) {
        put_integer(header, body, (long long)real + pages_get16(from + 8));
    } else {
        put_real(header, body, tail == KEY_TAIL_MINUS_ZERO ? -0.0 : real);
    }
}

/* Returns how many bytes of the entry the text takes. */
static size_t read_text(const unsigned char *from, size_t most, struct text *header,
                        struct text *body)
{
    size_t before = body->length;
    size_t at = 0;
    for (;;) {
        const unsigned char *zero = memchr(from + at, 0, most - at);
        size_t part = (size_t)(zero - from) - at;
        text_append_bytes(body, (const char *)from + at, part);
        at += part + 2;
        if (zero[1] == 0) {
            put_serial(header, 2 * (uint64_t)(body->length - before) + 13);
            return at;
        }
        text_append_char(body, '\0');
    }
}

/* The size of the header counts its own bytes. */
static size_t put_header_size(unsigned char *to, size_t types)
{
    size_t length = 1;
    for (;;) {
        size_t wanted = pages_put_varint(to, types + length);
        if (wanted == length) {
            return length;
        }
        length = wanted;
    }
}

void key_read(const unsigned char *entry, size_t length, int columns, size_t *ends,
              struct text *record, struct text *body)
{
    const char *tail = (const char *)entry + length - columns;
    size_t at = 0;
    text_clear(record);
    text_clear(body);
    for (int i = 0; i < columns; i++) {
        unsigned char tag = entry[at++];
        if (tag == TAG_NUMBER) {
            read_number(entry + at, tail[i], record, body);
            at += NUMBER_LENGTH;
        } else if (tag == TAG_TEXT) {
            at += read_text(entry + at, length - at, record, body);
        } else {
            put_serial(record, 0);
        }
        ends[i] = at;
    }
    put_integer(record, body, key_to_integer(key_get64(entry + at)));
    unsigned char size[PAGES_VARINT_MOST];
    size_t types = record->length;
    size_t n = put_header_size(size, types);
    text_reserve(record, n + body->length);
    memmove(record->data + n, record->data, types);
    memcpy(record->data, size, n);
    text_grow(record, n);
    text_append_bytes(record, text_string(body), body->length);
}
