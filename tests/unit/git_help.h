/* Makes git repositories for tests, the same on every host.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_GIT_HELP_H
#define MWB_TESTS_GIT_HELP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "engine/text.h"

/* Run a script of the shell in a folder. */
static inline bool sh_in(const char *folder, const char *script)
{
    char *command = string_printf(
        "cd '%s' && export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null "
        "GIT_AUTHOR_NAME='Team Checkout' GIT_AUTHOR_EMAIL=checkout@example.org "
        "GIT_COMMITTER_NAME='Team Checkout' GIT_COMMITTER_EMAIL=checkout@example.org "
        "GIT_AUTHOR_DATE='2026-01-02T03:04:05Z' GIT_COMMITTER_DATE='2026-01-02T03:04:05Z'"
        " && { %s\n} >/dev/null 2>&1",
        folder, script);
    int status = system(command);
    free(command);
    if (status != 0) {
        printf("# failed with %d: %s\n", status, script);
    }
    return status == 0;
}

static inline bool git_is_here(void)
{
    return system("git --version >/dev/null 2>&1") == 0;
}

#endif
