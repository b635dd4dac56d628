/* profile: what one kind of terminal was found to do, measured by the doctor and kept.
 *
 * Terminfo tells what a kind of terminal should do. Fonts, multiplexers and links between
 * decide what it does: whether a sign takes the columns it should, whether frames can be
 * held back until they are whole, whether the clipboard is reached, how long an answer
 * takes. A profile is a text file of lines `name = value` in terminals/ below the
 * configuration, one for each value of TERM, 0600; removing it forgets it. What is not
 * there or cannot be read is not known, and then nothing changes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PROFILE_H
#define MWB_TUI_PROFILE_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

enum profile_answer { PROFILE_UNKNOWN, PROFILE_NO, PROFILE_YES };

/* Signs that are drawn, by what they need: see profile_signs(). */
enum profile_sign {
    PROFILE_LINES,   /* rules and frames */
    PROFILE_BLOCKS,  /* bars */
    PROFILE_BRAILLE, /* curves */
    PROFILE_ACCENTS, /* a letter with a mark */
    PROFILE_WIDE,    /* East Asian: two columns */
    PROFILE_EMOJI,   /* two columns */
    PROFILE_SIGN_COUNT,
};

struct profile {
    bool is_known; /* there is a file */
    char measured[32];
    double round_trip; /* seconds; 0: not known */
    int colours;       /* that can be told apart; -1: not known */
    enum profile_answer synchronized, clipboard, signs[PROFILE_SIGN_COUNT];
    struct text missing; /* names of keys that do not arrive, a blank between */
};

/* A sign of each kind and the columns that it has to take. */
struct profile_sample {
    const char *name, *bytes;
    int width;
    const char *sentence; /* what is drawn with it */
};
const struct profile_sample *profile_samples(void); /* PROFILE_SIGN_COUNT of them */

/* For a value of TERM. Reading never fails: what is not understood is left out. */
void profile_read(const char *terminal, struct profile *profile);
bool profile_write(const char *terminal, const struct profile *profile,
                   struct error *err);
/* Not profile_release(): libkrb5, which comes with libpq, has one and would call ours. */
void profile_let_go(struct profile *profile);
/* Where it lies; NULL: there is no place. Yours. */
char *profile_path(const char *terminal);

#endif
