/* child: the program under test on a pseudo-terminal, as a job of a small shell.
 *
 * Between the harness and the program stands a process that plays the login shell: leader
 * of the session, parent of the program's process group. Without it the group would be
 * orphaned and Ctrl-Z could not stop it (POSIX.1-2017, General Terminal
 * Interface 11.1.4). A hang-up goes where it goes at home: to the leader, and when that
 * dies, to the program.
 *
 * The program tells by `--sync-fd N` when it has drawn ('r'), when it is idle ('i') and,
 * before it reads what was typed, that it is busy ('b'). An 'i' counts only when it is
 * the last word, nothing typed waits in the terminal and the program sleeps, so that one
 * from before the key cannot be taken for the answer to it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_CHILD_H
#define MWB_TESTS_SCREEN_CHILD_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

#include "engine/error.h"
#include "engine/text.h"

struct child {
    pid_t leader, program;
    int master, slave; /* both ends of the terminal; -1 after a hang-up */
    int sync_fd;       /* read end; -1 when the program ended or never had one */
    int report_fd;     /* from the leader */
    bool stopped, ended;
    int status;     /* as waitpid() gave it, when ended */
    int exec_errno; /* why the program could not be started, or 0 */
    bool idle;      /* an 'i' was the last word, not yet checked */
    long frames;    /* 'r's since the start */
    char said[32];  /* the first that came since something was typed */
    size_t said_count;
    struct termios before; /* of the terminal, before the program */
};

struct child_spec {
    char **arguments; /* of the program, without --sync-fd; ends with NULL */
    char **environment;
    const char *folder;
    int width, height;
    bool without_sync;
};

bool child_start(struct child *child, const struct child_spec *spec, struct error *err);
/* Kill what is left and close everything. */
void child_release(struct child *child);

/* Wait at most `milliseconds` for something to happen, take it in, and append what the
 * program wrote. True when something did happen. */
bool child_wait(struct child *child, int milliseconds, struct text *output);
/* Write to the terminal what a person types; takes in output so that neither side blocks.
 * False when the program takes nothing for `milliseconds`. */
bool child_type(struct child *child, const char *bytes, size_t length, int milliseconds,
                struct text *output);
bool child_is_settled(struct child *child); /* idle, truly */
bool child_has_unread(
    const struct child *child); /* typed, and not yet read by the program */
void child_size(const struct child *child, int *width, int *height);
void child_resize(struct child *child, int width, int height);
void child_hang_up(struct child *child);
bool child_signal(struct child *child, int signal);

/* Differences between the terminal's settings now and before, as sentences. */
void child_termios_left_over(const struct child *child, struct text *out);
/* SIGKILL to all children of the program; how many there were. */
int child_kill_children(const struct child *child);
/* Descendants of an ended program that still run. They come to the harness to be waited
 * for. */
int child_count_orphans(const struct child *child);
/* A line of /proc/PID/status in KiB ("VmRSS"), or -1. */
long child_memory(const struct child *child, const char *name);

#endif
