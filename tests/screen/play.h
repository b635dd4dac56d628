/* play: the state of a play that is being performed, and what its commands share.
 *
 * A play is a text file of commands, one a line; `play --help` lists them. Each `expect`
 * is a test point (TAP). Waiting is never for a time but for a fact; the deadline (20 s,
 * MWB_PLAY_DEADLINE) ends a play that waits for what does not come.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_PLAY_H
#define MWB_TESTS_SCREEN_PLAY_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/text.h"
#include "tests/screen/child.h"
#include "tests/screen/emulator.h"
#include "tests/screen/escapes.h"
#include "tests/screen/words.h"

struct play {
    const char *path;         /* of the script */
    char *folder;             /* of the script: golden files lie there */
    int line;                 /* being performed, from 1 */
    struct names environment; /* of the program */
    struct names variables;   /* what $NAME may also mean: TMP, loop names */
    char *scratch;            /* a folder of this play's own, removed at the end */
    int width, height;
    char **program; /* what was run last, to start it again; ends with NULL */
    bool without_sync;
    bool running; /* child and emulator are there */
    struct child child;
    struct emulator *emulator;
    struct escapes *escapes;
    struct text raw;        /* all bytes of the program so far */
    size_t raw_before_keys; /* how many there were when keys were last sent */
    double typed_at;        /* when that was, or when the program was started */
    long frames_before_keys;
    double first_frame_at; /* of the first frame after that; 0: none yet */
    struct array allowed;  /* of char *: sequences this play permits */
    struct array masks;    /* of regex_t */
    int points, failures;
    bool over;       /* nothing more can be learned: stop */
    double deadline; /* seconds a wait may take */
};

/* What a command gets: its words after the name, and the rest of the line as written. */
struct call {
    struct play *play;
    size_t count;
    char *arguments[64];      /* names and escapes replaced */
    const struct word *words; /* the same as written */
    const char *rest;
};

struct play_command {
    const char *name;
    size_t least, most; /* arguments */
    const char *usage, *sentence;
    bool (*run)(struct call *call, struct error *err); /* false: the play ends here */
};

extern const struct play_command play_steps[];   /* steps.c; ends with a NULL name */
extern const struct play_command play_expects[]; /* expect.c */

/* Test points. A failed one prints what follows, the screen, and where raw bytes went. */
bool play_point(struct play *play, bool good, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void play_skip(struct play *play, const char *reason);
void play_note(const char *text); /* `# ` before each line */
void play_show_screen(struct play *play);

/* The number of a signal by its short name, or 0. */
int play_signal_number(const char *name);

double play_clock(void); /* seconds, monotonic */

/* Bring bytes of the program to the emulator, and its answers to the program. */
void play_show_output(struct play *play, const struct text *output);
/* Take in what has come, waiting at most so long for something. */
bool play_take_in(struct play *play, int milliseconds);
/* Wait until the fact holds. False: the deadline passed, or the program has ended and
 * the fact does not hold. */
bool play_wait(struct play *play, bool (*fact)(struct play *play, const char *what),
               const char *what);
void play_describe_state(struct play *play,
                         struct text *out); /* "the program has ended ..." */

/* The screen as lines, blanks at the ends cut, masks applied. */
void play_screen_text(struct play *play, bool masked, struct text *out);
bool play_shows(struct play *play, const char *text);

#endif
