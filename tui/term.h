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
#include "tui/profile.h"
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
 * there are more than 74,994 bytes, the most that xterm takes. Inside tmux ($TMUX) its
 * own command is run, too. Source: XTerm Control Sequences, "Operating System Commands",
 * Ps = 52. */
bool term_copy(struct term *term, const char *bytes, size_t length);
/* What is written for it, appended: tmux gets it plainly, for it may set the clipboard
 * itself, and wrapped, to be passed on; screen gets it in parts to be passed on. */
enum term_inside { TERM_ALONE, TERM_IN_TMUX, TERM_IN_SCREEN };
void term_copy_sequence(enum term_inside inside, const char *bytes, size_t length,
                        struct text *out);
/* Write to the terminal past curses: for sequences that draw nothing. */
void term_put(struct term *term, const char *bytes);

/* What is known of this kind of terminal (profile.h). It is read at the start, and then
 * followed: frames are held back until they are whole (DEC mode 2026, "Synchronized
 * Output", where the profile says so or the name is known), an Esc waits longer over a
 * slow link, fewer colours are used. */
const struct profile *term_profile(const struct term *term);
/* What was measured anew: followed and written to its file. */
bool term_set_profile(struct term *term, const struct profile *profile,
                      struct error *err);
/* From now on, answers of the terminal are events. */
void term_expect_answers(struct term *term, bool expected);

#endif
