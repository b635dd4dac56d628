/* The servers of httpd.py and gitd.py as children of a test.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_HTTPD_HELP_H
#define MWB_TESTS_HTTPD_HELP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/text.h"

struct httpd {
    pid_t pid;
    int input; /* it ends when this is closed */
    int port;
};

static inline void httpd_run(const char *name, const char *folder, int input, int output)
{
    const char *tests = getenv("TESTS_SRCDIR");
    char *script = string_printf("%s/unit/%s", tests != NULL ? tests : "tests", name);
    dup2(input, 0);
    dup2(output, 1);
    for (int fd = 3; fd < 64; fd++) {
        close(fd);
    }
    execlp("python3", "python3", script, folder, (char *)NULL);
    _exit(127);
}

/* False where there is no python3. The port is there as soon as its line is. */
static inline bool httpd_start_script(struct httpd *httpd, const char *name,
                                      const char *folder)
{
    int in[2], out[2];
    char line[32] = "";
    if (pipe(in) != 0 || pipe(out) != 0) {
        return false;
    }
    httpd->pid = fork();
    if (httpd->pid == 0) {
        httpd_run(name, folder, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    httpd->input = in[1];
    FILE *lines = fdopen(out[0], "r");
    bool started = lines != NULL && fgets(line, sizeof line, lines) != NULL;
    if (lines != NULL) {
        fclose(lines);
    }
    httpd->port = atoi(line);
    return started && httpd->port > 0;
}

static inline bool httpd_start(struct httpd *httpd, const char *folder)
{
    return httpd_start_script(httpd, "httpd.py", folder);
}

static inline void httpd_stop(struct httpd *httpd)
{
    close(httpd->input);
    waitpid(httpd->pid, NULL, 0);
}

#endif
