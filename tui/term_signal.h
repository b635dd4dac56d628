/* term_signal: signals as bits to take from the loop, and the last words to a terminal
 * when the program falls. Private to term.
 *
 * Handlers only write to a pipe, or, on a crash, write prepared bytes and settings to the
 * terminal. They act in the process that started them only: a forked child that is told
 * to end neither speaks to its parent's loop nor touches the terminal.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_TERM_SIGNAL_H
#define MWB_TUI_TERM_SIGNAL_H

#include <stdbool.h>
#include <termios.h>

#include "engine/error.h"

enum term_signal {
    TERM_SIGNAL_RESIZE = 1,
    TERM_SIGNAL_CLOSE = 2,
    TERM_SIGNAL_STOP = 4,
    TERM_SIGNAL_CONTINUE = 8,
    TERM_SIGNAL_INTERRUPT = 16,
};

/* What gives the terminal back after a crash. */
struct term_farewell {
    int fd;
    struct termios settings;
    char bytes[512];
    unsigned length;
};

bool term_signal_start(struct error *err);
void term_signal_end(void);
int term_signal_fd(void);
unsigned term_signal_take(void); /* a mask, cleared by taking */

void term_signal_farewell(const struct term_farewell *farewell); /* NULL: none */

/* Stop the whole job as ^Z does in a shell; comes back after `fg`. */
void term_signal_stop(void);

#endif
