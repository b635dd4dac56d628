/* lineedit_readline: the state of the editor made of readline. Private to
 * lineedit_readline*.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LINEEDIT_READLINE_H
#define MWB_TUI_LINEEDIT_READLINE_H

#include <locale.h>
#include <stdio.h>

#include "tui/lineedit_base.h"

struct readline_edit {
    struct lineedit base; /* first: the door's pointer is this one's */
    struct text queue;    /* bytes that readline is to read, whole characters only */
    size_t taken;
    enum lineedit_answer answer; /* what the key meant, set by our commands */
    char *accepted;              /* a line that readline took; see take_line() */
    bool marked;                 /* rl_mark begins a region */
    bool quoting;                /* C-v came: the next key stands for itself */
    int vi_operator;             /* `d`, `c` or `y` that waits for a motion */
    bool killed_line;            /* `dd` was the last change: what `.` does again */
    FILE *nowhere;
    locale_t utf8;
};

/* A key sequence that does nothing. */
#define READLINE_NOTHING "\033[99~"

struct readline_edit *readline_current(void);
/* Run something that may complain on standard error; what it said is the warning. */
void readline_quietly(struct readline_edit *edit, void (*work)(void));
/* After ~/.inputrc was read: our settings and our commands in all keymaps. */
void readline_adapt(void);
void readline_bind_all(void);
/* The bytes by which a key is bound; NULL: a sign, or no key of ours. */
const char *readline_sequence_of(struct key key);
/* `dd`, `cc` or `yy`: by its letter. readline means the whole text by them. */
void readline_line_operator(int letter);

#endif
