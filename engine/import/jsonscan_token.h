/* jsonscan_token: strings, numbers and words of JSON, inlined where rows are read.
 *
 * All take a place and the end, look at most JSONSCAN_SLACK bytes beyond it and believe
 * none of what they see there. They return the place behind, or NULL with the fault.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_JSONSCAN_TOKEN_H
#define MWB_IMPORT_JSONSCAN_TOKEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "engine/import/jsonscan.h"

static inline const char *token_fail(struct jsonscan_fault *fault, const char *at,
                                     enum json_fault why)
{
    *fault = (struct jsonscan_fault){why, at};
    return NULL;
}

/* What is wrong at `at`: nothing at all can stand at the end. */
static inline const char *token_fail_before(struct jsonscan_fault *fault, const char *at,
                                            const char *end, enum json_fault why)
{
    return token_fail(fault, at, at < end ? why : JSON_ENDS_EARLY);
}

/* ---- Blanks ---- */

/* In JSON Lines a line feed is no blank but the end of the row. */
static inline bool token_is_blank(char c, bool lines)
{
    return c == ' ' || c == '\t' || c == '\r' || (c == '\n' && !lines);
}

static inline const char *token_skip_blanks(const char *at, const char *end, bool lines)
{
    while (at < end && token_is_blank(*at, lines)) {
        at++;
    }
    return at;
}

/* ---- Blocks: the first byte of a kind ---- */

#ifdef __SSE2__

/* The first quote, backslash, control sign or byte beyond ASCII at or behind `at`; `end`
 * or anything behind it, when there is none before. */
static inline const char *token_find_stop(const char *at, const char *end)
{
    const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\');
    const __m128i control = _mm_set1_epi8(0x20); /* beyond ASCII is negative */
    for (; at < end; at += 16) {
        __m128i block = _mm_loadu_si128((const __m128i *)(const void *)at);
        __m128i stop = _mm_or_si128(
            _mm_cmplt_epi8(block, control),
            _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        unsigned mask = (unsigned)_mm_movemask_epi8(stop);
        if (mask != 0) {
            return at + __builtin_ctz(mask);
        }
    }
    return at;
}

/* The first byte that is no digit; `end` at most. */
static inline const char *token_skip_digits(const char *at, const char *end)
{
    const __m128i zero = _mm_set1_epi8('0'), nine = _mm_set1_epi8(9);
    for (; at < end; at += 16) {
        __m128i block =
            _mm_sub_epi8(_mm_loadu_si128((const __m128i *)(const void *)at), zero);
        __m128i digit = _mm_cmpeq_epi8(_mm_min_epu8(block, nine), block);
        unsigned mask = (unsigned)_mm_movemask_epi8(digit) ^ 0xFFFF;
        if (mask != 0) {
            at += __builtin_ctz(mask);
            break;
        }
    }
    return at < end ? at : end;
}

#else

static inline uint64_t token_load(const char *at)
{
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return word;
}

/* Has the word a byte below 0x20 or over 0x7F, a quote or a backslash? May say yes
 * wrongly, never no (the usual bit tricks carry from one byte to the next). */
static inline bool token_may_stop(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\';
    return ((word | (word - ones * 0x20) | (quote - ones) | (backslash - ones)) &
            ones * 0x80) != 0;
}

static inline const char *token_find_stop(const char *at, const char *end)
{
    for (; at < end; at++) {
        while (at < end && !token_may_stop(token_load(at))) {
            at += 8;
        }
        unsigned char c = (unsigned char)*at;
        if (c < 0x20 || c > 0x7F || c == '"' || c == '\\') {
            return at;
        }
    }
    return at;
}

static inline const char *token_skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9') {
        at++;
    }
    return at;
}

#endif

/* ---- Values ---- */

/* What token_string() leaves aside: an escape or signs beyond ASCII begin at `at`.
 * Returns behind them. */
const char *jsonscan_string_stop(const char *at, const char *end,
                                 struct jsonscan_fault *fault);

/* The rest of a string, from behind its first quote to behind its last. */
static inline const char *token_string(const char *at, const char *end,
                                       struct jsonscan_cell *cell,
                                       struct jsonscan_fault *fault)
{
    cell->text = at;
    cell->kind = CELL_STRING;
    cell->escaped = false;
    for (;;) {
        at = token_find_stop(at, end);
        if (__builtin_expect(at < end && *at == '"', true)) {
            cell->length = (uint32_t)(at - cell->text);
            return at + 1;
        }
        if (at < end) {
            cell->escaped |= *at == '\\';
            at = jsonscan_string_stop(at, end, fault);
        } else {
            at = token_fail(fault, end, JSON_ENDS_EARLY);
        }
        if (at == NULL) {
            return NULL;
        }
    }
}

/* At least one digit; NULL and the fault if there is none. */
static inline const char *token_digits(const char *at, const char *end,
                                       struct jsonscan_fault *fault)
{
    const char *behind = token_skip_digits(at, end);
    return behind > at ? behind : token_fail_before(fault, at, end, JSON_BAD_NUMBER);
}

/* What follows the whole part: (\.[0-9]+)?([eE][+-]?[0-9]+)? */
static inline const char *token_fraction(const char *at, const char *end,
                                         struct jsonscan_fault *fault)
{
    if (at < end && *at == '.') {
        at = token_digits(at + 1, end, fault);
        if (at == NULL) {
            return NULL;
        }
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        at += at < end && (*at == '+' || *at == '-') ? 1 : 0;
        return token_digits(at, end, fault);
    }
    return at;
}

/* -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)? (RFC 8259 §6) */
static inline const char *token_number(const char *at, const char *end,
                                       struct jsonscan_cell *cell,
                                       struct jsonscan_fault *fault)
{
    cell->text = at;
    cell->kind = CELL_NUMBER;
    cell->escaped = false;
    at += *at == '-' ? 1 : 0;
    const char *digits = at;
    at = token_digits(at, end, fault);
    if (at == NULL) {
        return NULL;
    }
    /* A number that begins with zero ends behind it: the next digit is what is wrong. */
    at = token_fraction(*digits == '0' ? digits + 1 : at, end, fault);
    if (at != NULL) {
        cell->length = (uint32_t)(at - cell->text);
    }
    return at;
}

static inline const char *token_word(const char *at, const char *end,
                                     struct jsonscan_cell *cell,
                                     struct jsonscan_fault *fault)
{
    uint32_t length = *at == 'f' ? 5 : 4;
    const char *word = *at == 'f' ? "false" : *at == 't' ? "true" : "null";
    *cell = (struct jsonscan_cell){
        at, length, false, (unsigned char)(*at == 'n' ? CELL_NULL : CELL_BOOLEAN)};
    if (end - at >= length && memcmp(at, word, length) == 0) {
        return at + length;
    }
    while (at < end && *at == *word) {
        at++;
        word++;
    }
    return token_fail_before(fault, at, end, JSON_BAD_WORD);
}

/* Any value that begins at `at` but objects and arrays. */
static inline const char *token_scalar(const char *at, const char *end,
                                       struct jsonscan_cell *cell,
                                       struct jsonscan_fault *fault)
{
    switch (at < end ? *at : '\0') {
    case '"':
        return token_string(at + 1, end, cell, fault);
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        return token_number(at, end, cell, fault);
    case 't':
    case 'f':
    case 'n':
        return token_word(at, end, cell, fault);
    default:
        return token_fail_before(fault, at, end, JSON_NO_VALUE);
    }
}

/* An object or an array as a whole, in `depth` open ones. */
struct token_nest {
    const char *end;
    bool lines;
    unsigned depth;
};
const char *jsonscan_nested(const char *at, const struct token_nest *nest,
                            struct jsonscan_fault *fault);

/* Any value; objects and arrays are taken as a whole. */
static inline const char *token_value(const char *at, const struct token_nest *nest,
                                      struct jsonscan_cell *cell,
                                      struct jsonscan_fault *fault)
{
    if (at >= nest->end || (*at != '{' && *at != '[')) {
        return token_scalar(at, nest->end, cell, fault);
    }
    *cell = (struct jsonscan_cell){at, 0, false, CELL_NESTED};
    at = jsonscan_nested(at, nest, fault);
    cell->length = at != NULL ? (uint32_t)(at - cell->text) : 0;
    return at;
}

/* ---- Between values ---- */

/* `"name"`, its colon and the blanks around it. */
static inline const char *token_name(const char *at, const char *end, bool lines,
                                     struct jsonscan_cell *name,
                                     struct jsonscan_fault *fault)
{
    if (at >= end || *at != '"') {
        return token_fail_before(fault, at, end, JSON_NO_KEY);
    }
    at = token_string(at + 1, end, name, fault);
    if (at == NULL) {
        return NULL;
    }
    at = token_skip_blanks(at, end, lines);
    if (at >= end || *at != ':') {
        return token_fail_before(fault, at, end, JSON_NO_COLON);
    }
    return token_skip_blanks(at + 1, end, lines);
}

#endif
