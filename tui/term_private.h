/* What the files of term share. Private to term; knows no curses, so that reading keys
 * does not either.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_TERM_PRIVATE_H
#define MWB_TUI_TERM_PRIVATE_H

#include <stdio.h>

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
    bool is_closed, is_away;
    unsigned pending; /* signals that came and wait to be told */
    struct input *input;
    struct canvas *shown; /* what curses was told last; NULL: everything anew */
    int pair_count;
    int32_t pairs[TERM_LOOKS_MOST][2];
    const struct theme *theme; /* that the attributes below were made of */
    unsigned attributes[ROLE_COUNT];
    short role_pairs[ROLE_COUNT];
};

/* term_kind.c: which kind of terminal this is. Its answers come from terminfo. */
char *term_capability(const char *name);                 /* NULL: it has none */
const char *term_choose_name(const char *asked, int fd); /* NULL: it is not known */
bool term_check(const char *asked, const char *name, struct error *err);
bool term_pastes(const char *name); /* with brackets around */
int term_count_colours(void);       /* once curses has started */
void term_define_keys(struct term *term);

/* term.c */
void term_follow_size(struct term *term);

#endif
