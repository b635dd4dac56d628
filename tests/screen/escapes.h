/* escapes: what a program tells its terminal to do, apart from the text.
 *
 * Reads every byte the program writes, keeps the modes it switches, and remembers each
 * control sequence that is neither in the terminal's terminfo entry nor on a short list
 * of our own (bracketed paste, mouse, synchronized output, cursor report). Such a
 * sequence came from data: nothing but the program's own drawing may ever reach a
 * terminal. OSC 0, 2, 8 and 52 and every DCS are foreign even when terminfo names them,
 * and so are characters that turn or hide text (C1, bidi controls, zero-width, tags).
 *
 * Source: ECMA-48 (1991) section 5.4; xterm control sequences; terminfo(5).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_ESCAPES_H
#define MWB_TESTS_SCREEN_ESCAPES_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"

struct escapes;

/* For the terminal that terminfo_choose() chose. */
struct escapes *escapes_new(void);
void escapes_free(struct escapes *escapes);

/* Look at bytes, and append to `shown` what a terminal emulator of the xterm kind is to
 * get: all of them but the palette sequences of the Linux console, which have no end. */
void escapes_feed(struct escapes *escapes, const char *bytes, size_t length,
                  struct text *shown);

/* A key as escapes_foreign() prints it ("OSC 52") that this play permits. */
void escapes_allow(struct escapes *escapes, const char *key);
/* What the program last gave to the clipboard (OSC 52), decoded; NULL: nothing. */
const char *escapes_clipboard(const struct escapes *escapes);

/* Did the program switch the mode on ("CSI ?2026h")? */
bool escapes_was_set(const struct escapes *escapes, const char *key);

/* Modes that are not as a shell wants them, one a line; empty when all is well. */
void escapes_left_over(const struct escapes *escapes, struct text *out);

/* Sequences that belong to no known set, each once, one a line; empty when all is well.
 */
const char *escapes_foreign(const struct escapes *escapes);

#endif
