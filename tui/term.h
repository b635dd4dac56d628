/* term: the terminal. Nothing else includes curses.
 *
 * newterm() with raw(), nonl(), noecho(), keypad on; bracketed paste on where the
 * terminal has it; mouse only when asked. An unknown TERM is tried as xterm-256color when
 * the terminal's name suggests it, else refused with a sentence (status 2), and so is one
 * that cannot move its cursor (dumb). Signals only write to a pipe that the loop watches.
 *
 * Keys are read from the terminal's bytes (input.h), not by curses: curses would leak
 * unknown sequences as text. An Esc that stays alone becomes a key after the delay by a
 * timer that term_fd() covers, so nothing ever waits. A screen is at most 1000x500 cells.
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
#include "tui/input.h"
#include "tui/theme.h"

struct term;

struct term_spec {
    bool mouse;
    int escape_delay; /* milliseconds an Esc waits for what may follow; 0 = 50 */
};

struct term *term_open(const struct term_spec *spec, struct error *err);
void term_close(struct term *term);
int term_fd(const struct term *term); /* readable when term_read has something */
bool term_read(struct term *term, struct term_event *event); /* false: nothing waits */
bool term_is_waiting(const struct term *term); /* an Esc may yet become another key */
void term_size(struct term *term, int *width, int *height);
int term_colours(const struct term *term); /* 0, 8, 16, 256, 1<<24; NO_COLOR gives 0 */
bool term_has_unicode(const struct term *term); /* the locale is UTF-8 */
const char *term_name(const struct term *term); /* as which kind it is driven */
void term_show(struct term *term, const struct canvas *canvas, const struct theme *theme);
void term_forget_theme(struct term *term); /* the next show gets another one */
void term_redraw(struct term *term);       /* next show draws everything (^L) */
void term_stop(struct term *term); /* ^Z: hand the terminal back and stop until `fg` */
/* Give the terminal to somebody else for a while (an editor, ^Z) and take it back. */
void term_suspend(struct term *term);
void term_resume(struct term *term);
void term_bell(struct term *term);

/* Put bytes on the clipboard of the person's own terminal (OSC 52, base64). Only ever on
 * a key press. False where the terminal is not known to take it (linux, vt*), or when
 * there are more than 74,994 bytes, the most that xterm takes. Source: XTerm Control
 * Sequences, "Operating System Commands", Ps = 52. */
bool term_copy(struct term *term, const char *bytes, size_t length);
/* Write to the terminal past curses: for sequences that draw nothing. */
void term_put(struct term *term, const char *bytes);

#endif
