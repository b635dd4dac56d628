/* What the files of term share. Private to term; knows no curses, so that reading keys
 * does not either.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_TERM_PRIVATE_H
#define MWB_TUI_TERM_PRIVATE_H

#include <stdio.h>
#include <wchar.h>

#include "tui/term.h"

enum {
    TERM_WIDTH_MOST = 1000,
    TERM_HEIGHT_MOST = 500,
    TERM_LOOKS_MOST = 256, /* pairs of colours: themes have far fewer roles */
};

struct term {
    char *name;
    void *screen; /* curses' SCREEN */
    FILE *out, *in;
    int in_fd, out_fd;
    int epoll, timer;
    int colours;
    int escape_delay;
    bool has_unicode, has_paste, mouse;
    bool holds_frames; /* shows a frame when it is whole */
    struct profile profile;
    bool is_closed, is_away;
    bool times_escape; /* the timer runs for an Esc that may begin a key */
    bool in_burst;     /* see struct term_event */
    double burst_last; /* when bytes of one came last */
    unsigned pending;  /* signals that came and wait to be told */
    struct input *input;
    struct canvas *shown; /* what curses was told last; NULL: everything anew */
    int pair_count;
    int32_t pairs[TERM_LOOKS_MOST][2];
    const struct theme *theme; /* that the attributes below were made of */
    unsigned attributes[ROLE_COUNT];
    short role_pairs[ROLE_COUNT];
};

/* term_show.c: a cell as curses takes it. */
enum { TERM_WIDE_MOST = 6 };
void term_wide_of_cell(const struct canvas_cell *cell, wchar_t wide[TERM_WIDE_MOST]);
/* How it looks, colours as this terminal counts them. */
struct look term_look(const struct term *term, const struct canvas_cell *cell);

/* term_signs.c: signs whose width terminals disagree about. Blanks stand for them where
 * curses is told of cells; then, once it has drawn, they are put into changed lines. */
bool term_is_doubtful(const struct canvas_cell *cell);
bool term_has_doubtful(const struct canvas *canvas); /* NULL: no */
void term_show_doubtful(struct term *term, const struct canvas *canvas,
                        const bool *is_changed);

/* term_kind.c: which kind of terminal this is. Its answers come from terminfo. */
char *term_capability(const char *name);                 /* NULL: it has none */
const char *term_choose_name(const char *asked, int fd); /* NULL: it is not known */
bool term_check(const char *asked, const char *name, struct error *err);
bool term_pastes(const char *name); /* with brackets around */
bool term_holds(const char *name);  /* is known to hold frames back */
int term_count_colours(void);       /* once curses has started */
void term_define_keys(struct term *term);

/* term.c */
void term_follow_size(struct term *term);

#endif
