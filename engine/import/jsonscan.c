/* jsonscan: what is rare in values (escapes, signs beyond ASCII, nesting), whole texts,
 * and strings without their escapes. Rows are jsonscan_row.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/jsonscan.h"

#include "engine/import/jsonscan_token.h"

/* ---- Strings ---- */

static bool is_between(char c, unsigned char least, unsigned char most)
{
    return (unsigned char)c >= least && (unsigned char)c <= most;
}

/* Bytes of the UTF-8 sequence that begins here (RFC 3629 §4), 0 if it is none. */
static size_t sequence_length(const char *at, const char *end)
{
    unsigned char first = (unsigned char)at[0];
    size_t length = first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (length == 0 || first > 0xF4 || (size_t)(end - at) < length) {
        return 0;
    }
    unsigned char least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    bool good = is_between(at[1], least, most);
    for (size_t i = 2; i < length; i++) {
        good = good && is_between(at[i], 0x80, 0xBF);
    }
    return good ? length : 0;
}

static const char *skip_beyond_ascii(const char *at, const char *end,
                                     struct jsonscan_fault *fault)
{
    while (at < end && (unsigned char)*at >= 0x80) {
        size_t length = sequence_length(at, end);
        if (length == 0) {
            return token_fail(fault, at, JSON_BAD_UTF8);
        }
        at += length;
    }
    return at;
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static const char *skip_escape(const char *at, const char *end,
                               struct jsonscan_fault *fault)
{
    char sign = end - at < 2 ? '\0' : at[1];
    if (sign != 'u') {
        return sign != '\0' && strchr("\"\\/bfnrt", sign) != NULL
                   ? at + 2
                   : token_fail_before(fault, at + 1, end, JSON_BAD_ESCAPE);
    }
    at += 2;
    for (int digits = 0; digits < 4; digits++, at++) {
        if (at >= end || hex_value(*at) < 0) {
            return token_fail_before(fault, at, end, JSON_BAD_ESCAPE);
        }
    }
    return at;
}

const char *jsonscan_string_stop(const char *at, const char *end,
                                 struct jsonscan_fault *fault)
{
    if (*at == '\\') {
        return skip_escape(at, end, fault);
    }
    if ((unsigned char)*at >= 0x80) {
        return skip_beyond_ascii(at, end, fault);
    }
    return token_fail(fault, at, JSON_CONTROL);
}

/* ---- Objects and arrays ---- */

/* A stack of bits says what is open: 1 an object, 0 an array. */
struct nest {
    struct token_nest place;
    struct jsonscan_fault *fault;
    unsigned depth; /* inside of what was to be read */
    uint64_t objects[JSON_DEPTH_MOST / 64];
};

static bool nest_is_object(const struct nest *nest)
{
    unsigned top = nest->depth - 1;
    return (nest->objects[top / 64] >> top % 64 & 1) != 0;
}

static void nest_push(struct nest *nest, bool object)
{
    uint64_t bit = UINT64_C(1) << nest->depth % 64;
    uint64_t *word = &nest->objects[nest->depth++ / 64];
    *word = object ? *word | bit : *word & ~bit;
}

static const char *nest_skip_blanks(const struct nest *nest, const char *at)
{
    return token_skip_blanks(at, nest->place.end, nest->place.lines);
}

static const char *nest_name(const struct nest *nest, const char *at)
{
    struct jsonscan_cell name;
    return token_name(at, nest->place.end, nest->place.lines, &name, nest->fault);
}

/* Behind a value: close what ends here, and go to the next value. `*done`: the outermost
 * is closed. */
static const char *nest_go_on(struct nest *nest, const char *at, bool *done)
{
    const char *end = nest->place.end;
    while (nest->depth > 0) {
        bool object = nest_is_object(nest);
        at = nest_skip_blanks(nest, at);
        if (at < end && *at == ',') {
            at = nest_skip_blanks(nest, at + 1);
            return object ? nest_name(nest, at) : at;
        }
        if (at >= end || *at != (object ? '}' : ']')) {
            return token_fail_before(nest->fault, at, end, JSON_NO_COMMA);
        }
        nest->depth--;
        at++;
    }
    *done = true;
    return at;
}

/* Open an object or array; go to its first value, or behind it when it has none. */
static const char *nest_enter(struct nest *nest, const char *at, bool *empty)
{
    bool object = *at == '{';
    if (nest->place.depth + nest->depth >= JSON_DEPTH_MOST) {
        return token_fail(nest->fault, at, JSON_TOO_DEEP);
    }
    at = nest_skip_blanks(nest, at + 1);
    *empty = at < nest->place.end && *at == (object ? '}' : ']');
    if (*empty) {
        return at + 1;
    }
    nest_push(nest, object);
    return object ? nest_name(nest, at) : at;
}

const char *jsonscan_nested(const char *at, const struct token_nest *place,
                            struct jsonscan_fault *fault)
{
    struct nest nest = {.place = *place, .fault = fault};
    struct jsonscan_cell cell;
    for (bool done = false; at != NULL && !done;) {
        bool behind = true;
        if (at < place->end && (*at == '{' || *at == '[')) {
            at = nest_enter(&nest, at, &behind);
        } else {
            at = token_scalar(at, place->end, &cell, fault);
        }
        if (at != NULL && behind) {
            at = nest_go_on(&nest, at, &done);
        }
    }
    return at;
}

bool jsonscan_check(const char *text, size_t length, struct jsonscan_fault *fault)
{
    struct token_nest nest = {.end = text + length};
    struct jsonscan_cell cell;
    const char *at = token_skip_blanks(text, nest.end, false);
    if (at == nest.end) {
        return token_fail(fault, at, JSON_NO_VALUE) != NULL;
    }
    at = token_value(at, &nest, &cell, fault);
    if (at == NULL) {
        return false;
    }
    at = token_skip_blanks(at, nest.end, false);
    return at == nest.end || token_fail(fault, at, JSON_NO_END) != NULL;
}

/* ---- Without escapes ---- */

static unsigned unescape_unit(const char *digits)
{
    unsigned unit = 0;
    for (int i = 0; i < 4; i++) {
        unit = unit << 4 | (unsigned)hex_value(digits[i]);
    }
    return unit;
}

static size_t put_code_point(char *to, unsigned code)
{
    if (code < 0x80) {
        to[0] = (char)code;
        return 1;
    }
    if (code < 0x800) {
        to[0] = (char)(0xC0 | code >> 6);
        to[1] = (char)(0x80 | (code & 0x3F));
        return 2;
    }
    if (code < 0x10000) {
        to[0] = (char)(0xE0 | code >> 12);
        to[1] = (char)(0x80 | (code >> 6 & 0x3F));
        to[2] = (char)(0x80 | (code & 0x3F));
        return 3;
    }
    to[0] = (char)(0xF0 | code >> 18);
    to[1] = (char)(0x80 | (code >> 12 & 0x3F));
    to[2] = (char)(0x80 | (code >> 6 & 0x3F));
    to[3] = (char)(0x80 | (code & 0x3F));
    return 4;
}

enum { LONE_SURROGATE = 0x110000 };

/* \uXXXX at `from`, two of them for a pair of surrogates (RFC 8259 §7). Returns the bytes
 * used up. */
static size_t unescape_code_point(const char *from, const char *end, unsigned *code)
{
    *code = unescape_unit(from + 2);
    if (*code < 0xD800 || *code > 0xDFFF) {
        return 6;
    }
    if (*code < 0xDC00 && end - from >= 12 && from[6] == '\\' && from[7] == 'u') {
        unsigned low = unescape_unit(from + 8);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *code = 0x10000 + ((*code - 0xD800) << 10) + (low - 0xDC00);
            return 12;
        }
    }
    *code = LONE_SURROGATE;
    return 6;
}

static char unescape_letter(char letter)
{
    switch (letter) {
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case 'n':
        return '\n';
    case 'r':
        return '\r';
    case 't':
        return '\t';
    default:
        return letter; /* " \ / stand for themselves */
    }
}

size_t jsonscan_unescape(char *to, const char *from, size_t length, long long *replaced)
{
    const char *end = from + length;
    char *start = to;
    while (from < end) {
        const char *escape = memchr(from, '\\', (size_t)(end - from));
        size_t plain = (size_t)((escape != NULL ? escape : end) - from);
        memmove(to, from, plain);
        to += plain;
        from += plain;
        if (from == end) {
            break;
        }
        if (from[1] == 'u') {
            unsigned code;
            from += unescape_code_point(from, end, &code);
            *replaced += code == LONE_SURROGATE ? 1 : 0;
            to += put_code_point(to, code == LONE_SURROGATE ? 0xFFFD : code);
        } else {
            *to++ = unescape_letter(from[1]);
            from += 2;
        }
    }
    return (size_t)(to - start);
}
