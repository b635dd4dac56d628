/* input: what a terminal sends, byte by byte, to events.
 *
 * Knows UTF-8, the sequences of this terminal's keys (told by term.c from terminfo) and
 * the ones all emulators share: CSI with modifiers, SS3, CSI-u, bracketed paste, SGR
 * mouse. Whatever else begins with Esc [ or Esc O, an answer to a question nobody asked,
 * or a byte that is no UTF-8 is swallowed, never typed. Bytes may come one at a time: an
 * Esc that stays alone is the key Esc once input_expire() says that its time is over.
 *
 * Source: ECMA-48 (control sequences), xterm's "ctlseqs" (modifiers, paste, SGR mouse).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_INPUT_H
#define MWB_TUI_INPUT_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"
#include "tui/key.h"

enum term_event_kind {
    TERM_NOTHING,
    TERM_KEY,
    TERM_PASTE, /* text between the brackets of a paste: true bytes, lines end in LF */
    TERM_MOUSE,
    TERM_ANSWER, /* of the terminal to a question of ours: its bytes in `paste` */
    TERM_RESIZE,
    TERM_CLOSED, /* hang-up, EIO: leave now */
};

struct term_event {
    enum term_event_kind kind;
    struct key key;
    bool in_burst; /* a key that came with several others at once, from a terminal that
                      puts no brackets around a paste: most likely it is one */
    struct text paste;                  /* yours: text_release */
    int mouse_x, mouse_y, mouse_button; /* from 0; button 1..3; 4, 5 wheel up, down */
};

struct input;

/* A paste longer than this is cut; the rest of it is swallowed. */
enum { INPUT_PASTE_MOST = 16 * 1024 * 1024 };

struct input *input_new(void);
void input_free(struct input *input);

/* This terminal's own bytes for a key; none or the empty string is fine. */
void input_define(struct input *input, const char *bytes, int code);

/* Answers to reports (CPR, DECRPM, DA) are events while they are expected; else they are
 * swallowed. CSI 1;2 R is F3 with Shift, unless an answer is expected. */
void input_expect_answers(struct input *input, bool expected);

void input_feed(struct input *input, const char *bytes, size_t length);

/* The next event, false when the bytes so far make none. */
bool input_next(struct input *input, struct term_event *event);

/* Does an Esc wait for what may follow? If nothing came for the delay, expire it. */
bool input_is_waiting(const struct input *input);
void input_expire(struct input *input);

#endif
