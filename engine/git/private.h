/* One process of git, as its starter sees it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GIT_PRIVATE_H
#define MWB_GIT_PRIVATE_H

#include <sys/types.h>

#include "engine/array.h"
#include "engine/git.h"

struct git_process {
    pid_t pid;
    int input;     /* a socket to its standard input, -1 when it has none */
    int output;    /* what it prints */
    int errors;    /* what it complains of */
    bool is_group; /* it starts others, which are stopped with it */
};

bool git_start(const struct git_spec *spec, bool has_input, struct git_process *process,
               struct error *err);
/* Close what is open, wait; its exit status, -1 when a signal ended it. */
int git_wait(struct git_process *process, bool kill_it);
/* Wait until one of two files can be read; false after `seconds`. */
bool git_wait_readable(int first, int second, double seconds);
double git_patience(const struct git_spec *spec);

/* git_commit_of() where and as `base` says. */
bool git_commit_in(const struct git_spec *base, const char *ref,
                   struct git_commit *commit, struct error *err);

/* own.c: an empty repository of our own in the folder for copies; `wide`: of SHA-256.
 * Yours. */
char *git_own_empty(const char *copies, bool wide, struct error *err);
/* A bare one at this path, made where it is missing. */
bool git_own_make(const char *path, bool wide, struct error *err);

/* local.c, remote.c: the two ways of git_reach(). */
bool git_reach_local(const struct git_reach_spec *spec, struct git_reached *reached,
                     struct error *err);
bool git_reach_remote(const struct git_reach_spec *spec, struct git_reached *reached,
                      struct error *err);
/* refs.c: what a ref names, read from the files of a repository without git: HEAD~2
 * becomes ID~2. Yours; NULL and a sentence. */
char *git_ref_read(const char *folder, const char *common, const char *ref,
                   struct error *err);
/* How much of a ref is a name: up to a `~` or `^`. */
size_t git_ref_name(const char *ref);

#endif
