/* program: commands of the person's own configuration, run without a shell.
 *
 * A command is a line of words: blanks part them, quotes '...' and "..." keep them
 * together, `\` takes away the meaning of the sign behind it. Nothing is expanded: no
 * variables, no patterns, no pipes. Only the person's own configuration names commands; a
 * descriptor never does, and what stands in one reaches a command only as what was put
 * into a word by its caller.
 *
 * A program runs in a group of its own, so that all of it can be ended, without a
 * terminal, with a small environment, limited in memory and processor time.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PROGRAM_H
#define MWB_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "engine/array.h"
#include "engine/error.h"

/* The words of a line, appended as char *, yours. False and a sentence when there is none
 * or a quote is not closed. */
bool program_split(const char *line, struct array *words, struct error *err);
void program_words_release(struct array *words);

/* The command for a name in a setting "NAME: COMMAND; NAME: COMMAND"; names fold case.
 * Yours; NULL without a sentence when there is none, with one when the
 * setting, called `option`, cannot be read. */
char *program_choose(const char *setting, const char *option, const char *name,
                     struct error *err);

/* The absolute path of a program, which may be one; it is looked for in the absolute
 * folders of PATH. Yours; NULL: it is in none. */
char *program_find(const char *name);

struct program_spec {
    const struct array *words; /* of char *: the program and its arguments */
    int input;                 /* its standard input; -1: nothing */
    int extra;                 /* what it has open as /proc/self/fd/3; -1: nothing */
    double seconds;            /* of processor time; 0: no limit */
};

struct program {
    pid_t pid;
    int output, errors; /* what it prints, what it complains of; do not block */
};

/* The program is an absolute path, or looked for in the absolute folders of PATH. */
bool program_start(const struct program_spec *spec, struct program *program,
                   struct error *err);
/* Has it not ended yet? */
bool program_runs(const struct program *program);
/* Close its ends and wait; `kill_it`: end all of its group first. 0 when it ended well;
 * else *how says how it ended: "ended with status 1", "was ended by signal 9". */
int program_end(struct program *program, bool kill_it, char how[64]);

#endif
