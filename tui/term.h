/* term: the terminal. The only file that includes curses.
 *
 * newterm() with raw(), nonl(), noecho(), keypad on; bracketed paste on where the
 * terminal has it; mouse only when asked. An unknown TERM is tried as xterm-256color when
 * the terminal's name suggests it, else refused with a sentence (status 2), and so is one
 * that cannot move its cursor (dumb). Signals only write to a pipe that the loop watches.
 *
 * Whatever happens (exit, SIGTERM, SIGHUP, abort), term_close() gives the terminal back:
 * cursor, alternate screen, paste and mouse modes, termios.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_TERM_H
#define MWB_TUI_TERM_H

#include <stdbool.h>

#include "engine/error.h"
#include "tui/canvas.h"
#include "tui/key.h"
#include "tui/theme.h"

enum term_event_kind {
    TERM_NOTHING,
    TERM_KEY,
    TERM_PASTE, /* text between the brackets of a paste, true bytes */
    TERM_MOUSE,
    TERM_RESIZE,
    TERM_CLOSED, /* hang-up, EIO: leave now */
};

struct term_event {
    enum term_event_kind kind;
    struct key key;
    struct text paste;                  /* yours: text_release */
    int mouse_x, mouse_y, mouse_button; /* button 1..3; 4, 5 wheel up, down */
};

struct term;

struct term_spec {
    bool mouse;
    int escape_delay; /* milliseconds; 0 = 50 */
};

struct term *term_open(const struct term_spec *spec, struct error *err);
void term_close(struct term *term);
int term_fd(const struct term *term); /* readable when term_read has something */
bool term_read(struct term *term, struct term_event *event); /* false: nothing waits */
void term_size(struct term *term, int *width, int *height);
int term_colours(const struct term *term); /* 0, 8, 16, 256, 1<<24; NO_COLOR gives 0 */
bool term_has_unicode(const struct term *term); /* the locale is UTF-8 */
void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme);
void term_redraw(struct term *term); /* next show draws everything (^L) */
/* Give the terminal to somebody else for a while (an editor, ^Z) and take it back. */
void term_suspend(struct term *term);
void term_resume(struct term *term);
void term_bell(struct term *term);

#endif
