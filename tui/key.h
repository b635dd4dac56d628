/* key: what a person pressed, without a word of curses.
 *
 * A printable character is its Unicode code point; everything else is a code of this
 * list. Names are those of the keys file and of help: "a", "Enter", "F5", "C-c",
 * "M-Enter", "S-Tab", "PageDown".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_KEY_H
#define MWB_TUI_KEY_H

#include <stdbool.h>
#include <stddef.h>

enum key_code {
    KEY_CODE_NONE = 0,
    /* 1..0x10FFFF: the character; control keys are 1..31 as ASCII has them */
    KEY_CODE_TAB = 9,
    KEY_CODE_ENTER = 13,
    KEY_CODE_ESCAPE = 27,
    KEY_CODE_BACKSPACE = 127,
    KEY_CODE_FIRST = 0x110000,
    KEY_CODE_UP = KEY_CODE_FIRST,
    KEY_CODE_DOWN,
    KEY_CODE_LEFT,
    KEY_CODE_RIGHT,
    KEY_CODE_HOME,
    KEY_CODE_END,
    KEY_CODE_PAGE_UP,
    KEY_CODE_PAGE_DOWN,
    KEY_CODE_INSERT,
    KEY_CODE_DELETE,
    KEY_CODE_BACKTAB,
    KEY_CODE_F1, /* F2 .. F12 follow */
    KEY_CODE_F12 = KEY_CODE_F1 + 11,
    KEY_CODE_CONTROL_SPACE, /* the byte 0: sets the mark in many editors */
    KEY_CODE_LAST
};

struct key {
    int code;
    bool alt; /* Esc came right before, or Alt was held */
};

/* "C-c" -> the key; false when the name means nothing. */
bool key_of_name(const char *name, struct key *key);
/* The name of a key; the buffer is the caller's, 16 bytes are enough. */
const char *key_label(struct key key, char *buffer, size_t size);
bool key_is(struct key key, int code); /* this code, without Alt */
bool key_is_printable(struct key key);
size_t key_utf8(struct key key, char bytes[5]); /* of a printable key, else 0 bytes */

#endif
