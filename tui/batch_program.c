/* batch: a program that a verb wants to be run on this terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tui/batch_program.h"

#include <errno.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

enum { NOT_FOUND = 127 };

bool batch_run_program(char *const argv[], struct error *err)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        execvp(argv[0], argv);
        _exit(NOT_FOUND);
    }
    while (child > 0 && waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            child = -1;
        }
    }
    if (child < 0 || (WIFEXITED(status) && WEXITSTATUS(status) == NOT_FOUND)) {
        return error_set(err, ERROR_FAILED, "could not start %s: %s", argv[0],
                         child < 0 ? error_of_errno(errno) : "there is no such program");
    }
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(err, ERROR_FAILED, "%s ended without success", argv[0]);
}
