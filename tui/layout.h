/* layout: where panes stand, which has the focus, what lies over them.
 *
 * Layouts follow the size: A below 120 columns (a stack: editor above results; the
 * catalog is a drawer), B from 120x24 (catalog beside editor above results), D from
 * 160x40 (catalog over product card, editor over grid beside chart over jobs). `z` zooms
 * the focused pane on any layout. Below 60x16 a plain message says what size is needed.
 * Hints go first when height is short.
 *
 * struct screen is all state of the face: term, theme, keymap, panes, focus, dialog
 * stack, command line, message.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_LAYOUT_H
#define MWB_TUI_LAYOUT_H

#include <stdbool.h>

#include "engine/workbench.h"
#include "tui/canvas.h"
#include "tui/pane.h"
#include "tui/term.h"
#include "tui/theme.h"

struct screen;
struct keymap;

struct screen_spec {
    struct workbench *workbench;
    struct term *term; /* NULL: no terminal (tests draw into the canvas) */
    int width, height; /* when there is no terminal */
};

struct screen *screen_new(const struct screen_spec *spec, struct error *err);
void screen_free(struct screen *screen);

/* The loop calls these. */
void screen_event(struct screen *screen, const struct term_event *event);
void screen_changed(struct screen *screen, unsigned changes);
bool screen_needs_draw(const struct screen *screen);
void screen_draw(struct screen *screen); /* draw all, show on the term */
bool screen_can_cancel(
    const struct screen *screen); /* in the tab in front, or no tab's */
bool screen_wants_quit(const struct screen *screen);
bool screen_is_idle(const struct screen *screen); /* no verb is on its way */
void screen_request_quit(struct screen *screen);
struct canvas *screen_canvas(struct screen *screen);
/* Without a terminal: another size, for tests. */
void screen_resize(struct screen *screen, int width, int height);
/* Focus, zoom and view as words, for workbench_save_state(), and back. */
void screen_layout_words(const struct screen *screen, struct text *words);
void screen_apply_layout_words(struct screen *screen, const char *words);
struct workbench *screen_workbench(struct screen *screen);

/* For panes. */
/* Run a verb line as if typed after `:`; its reply is shown when it comes. */
void screen_run(struct screen *screen, const char *line);
void screen_runf(struct screen *screen, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* VERB and words that may hold anything, up to a NULL. */
void screen_run_words(struct screen *screen, const char *verb, ...)
    __attribute__((sentinel));
void screen_message(struct screen *screen, enum role role, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void screen_focus(struct screen *screen,
                  const char *pane_name); /* opens a drawer if need be */
const char *screen_focused(const struct screen *screen);
struct pane *screen_pane(struct screen *screen, const char *name); /* NULL: not there */
void screen_open_dialog(struct screen *screen, const char *kind, const char *argument);
void screen_close_dialog(struct screen *screen);                  /* the one on top */
void screen_close_pane(struct screen *screen, struct pane *pane); /* this one, a dialog */
void screen_open_command(struct screen *screen);                  /* the `:` line */
/* Ask for one line ("filter: "); `done` gets it, or NULL when the person left. */
void screen_ask(struct screen *screen, const char *prompt, const char *initial,
                void (*done)(struct pane *pane, const char *line), struct pane *pane);
/* The same, told about every change of the line (search as you type). */
void screen_ask_live(struct screen *screen, const char *prompt, const char *initial,
                     void (*changed)(struct pane *pane, const char *line),
                     void (*done)(struct pane *pane, const char *line),
                     struct pane *pane);
/* The same with completion on Tab: `complete` fills in struct lineedit_candidate, as that
 * of struct lineedit_spec does. */
struct screen_question {
    const char *prompt, *initial;
    void (*changed)(struct pane *pane, const char *line);
    void (*done)(struct pane *pane, const char *line);
    void (*complete)(struct pane *pane, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates);
};
void screen_ask_question(struct screen *screen, const struct screen_question *question,
                         struct pane *pane);
/* Copy to the clipboard of the terminal, where it takes OSC 52; the size is told. */
void screen_copy(struct screen *screen, const char *bytes, size_t length);
/* The terminal itself, for what measures it; NULL in tests. */
struct term *screen_term(struct screen *screen);
void screen_dirty(struct screen *screen); /* draw again in this turn of the loop */
bool screen_is_ascii(const struct screen *screen);
struct keymap *screen_keymap(struct screen *screen);
void screen_insert_sql(struct screen *screen,
                       const char *text); /* into the editor, at its cursor */
/* Leave the screen for a program (an editor) and come back. */
bool screen_shell_out(struct screen *screen, char *const argv[], struct error *err);
/* The same for a file in $VISUAL or $EDITOR, which may hold arguments; vi without them.
 * `line`: where to begin, for editors known to take it; 0: at the start. */
bool screen_edit_file(struct screen *screen, const char *file, int line,
                      struct error *err);

#endif
