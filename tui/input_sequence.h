/* input_sequence: one key at the start of some bytes. Private to input.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_INPUT_SEQUENCE_H
#define MWB_TUI_INPUT_SEQUENCE_H

#include "tui/input.h"

/* What lies at the start of the bytes. */
struct found {
    size_t length; /* bytes it takes; 0: more are needed to tell */
    struct term_event event;
    bool is_paste_start;
    bool is_answer; /* it may be one to a question of ours */
};

/* Bytes that do not begin with Esc. */
struct found sequence_character(const char *bytes, size_t length);
/* Bytes that begin with Esc and something more, none of this terminal's own keys. */
struct found sequence_after_escape(const char *bytes, size_t length);
/* The same when nothing more will come: always takes at least one byte. */
struct found sequence_expired(const char *bytes, size_t length);
/* A key that takes this many bytes. */
struct found sequence_key(size_t length, int code, bool alt);

#endif
