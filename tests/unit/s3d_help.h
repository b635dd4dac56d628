/* A store of objects as a child of a test: s3d.py, or motod.py.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_S3D_HELP_H
#define MWB_TESTS_S3D_HELP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/text.h"

struct s3d {
    pid_t pid;
    int input;      /* it ends when this is closed */
    char line[256]; /* what it prints first: its port, and what else to know */
    int port;
};

static inline void s3d_run(char *const words[], int input, int output)
{
    dup2(input, 0);
    dup2(output, 1);
    for (int fd = 3; fd < 64; fd++) {
        close(fd);
    }
    execvp(words[0], words);
    _exit(127);
}

/* Run a script of tests/unit. False where there is no such python, or it cannot run. The
 * port is there as soon as its line is. */
static inline bool s3d_start(struct s3d *s3d, const char *python, const char *script,
                             const char *argument)
{
    int in[2], out[2];
    const char *tests = getenv("TESTS_SRCDIR");
    if (pipe(in) != 0 || pipe(out) != 0) {
        return false;
    }
    char *path = string_printf("%s/unit/%s", tests != NULL ? tests : "tests", script);
    char *program = string_copy(python), *last = string_copy(argument);
    s3d->pid = fork();
    if (s3d->pid == 0) {
        s3d_run((char *const[]){program, path, last, NULL}, in[0], out[1]);
    }
    free(path);
    free(program);
    free(last);
    close(in[0]);
    close(out[1]);
    s3d->input = in[1];
    FILE *lines = fdopen(out[0], "r");
    bool started = lines != NULL && fgets(s3d->line, sizeof s3d->line, lines) != NULL;
    if (lines != NULL) {
        fclose(lines);
    }
    s3d->line[strcspn(s3d->line, "\n")] = '\0';
    s3d->port = atoi(s3d->line);
    if (!started || s3d->port <= 0) {
        close(s3d->input);
        waitpid(s3d->pid, NULL, 0);
        return false;
    }
    return true;
}

static inline void s3d_stop(struct s3d *s3d)
{
    close(s3d->input);
    waitpid(s3d->pid, NULL, 0);
}

#endif
