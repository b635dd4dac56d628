/* split: where the cells and rows of a piece of CSV end.
 *
 * Sixty-four bytes at a time: each sign that matters becomes a mask of 64 bits, a running
 * exclusive or over the mask of quotes says what stands within quotes, and what is left
 * of the masks of delimiters and line feeds are the ends (the idea: Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second", 2019, §3.1). With SSE2 on every x86-64, AVX2
 * where the processor has it, and eight bytes in a word elsewhere; all three find the
 * same.
 *
 * Only plain quoting (RFC 4180 §2) is taken: an opening quote begins a cell, a closing
 * one is followed by a delimiter, a line end or, doubled, by another quote. Anything else
 * is odd, and so is a carriage return outside quotes that no line feed follows: what to
 * do about it is not decided here.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SPLIT_H
#define MWB_IMPORT_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SPLIT_BLOCK = 64, /* so many bytes behind a piece must be readable, and in front */
    SPLIT_NONE = -1
};

/* Which loops; all find the same, so only tests choose. */
enum split_with { SPLIT_BEST, SPLIT_PORTABLE, SPLIT_SSE2, SPLIT_AVX2 };
bool split_has(enum split_with with); /* does this processor? */

struct split_signs {
    char delimiter, quote;
    enum split_with with;
};

/* What a piece contains at all: found in one quick look, for the piece's end must be
 * known before its cells are. */
struct split_census {
    size_t quotes;
    bool returns;      /* a carriage return */
    bool beyond_ascii; /* a byte over 0x7F */
};
void split_look(const char *bytes, size_t length, struct split_signs signs,
                struct split_census *census);

/* How many bytes at the front are whole rows, when the piece begins with one: up to and
 * with the last line feed outside quotes; 0: there is none. */
size_t split_whole(const char *bytes, size_t length, char quote,
                   const struct split_census *census);

struct split {
    uint32_t *ends; /* places of the delimiters and line feeds that end cells */
    size_t count, room;
    size_t rows;  /* line feeds among them */
    size_t lines; /* all line ends, also within quotes; a lone carriage return is one */
    long odd;     /* place of the block where quoting is not plain, or SPLIT_NONE */
};

/* The piece must end with a line feed. `split` keeps its memory from call to call. */
void split_run(struct split *split, const char *bytes, size_t length,
               struct split_signs signs, const struct split_census *census);
void split_release(struct split *split);

/* Line ends (LF, CRLF, CR) in a piece. */
long long split_lines(const char *bytes, size_t length);

#endif
