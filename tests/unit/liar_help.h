/* The server of tests/servers/liar.py as a child of a test, and what its file holds.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_LIAR_HELP_H
#define MWB_TESTS_LIAR_HELP_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/text.h"

/* The servers, in the order of their ports. */
enum liar_server {
    LIAR_A,
    LIAR_B,
    LIAR_TLS,
    LIAR_SELF_SIGNED,
    LIAR_EXPIRED,
    LIAR_OTHER_NAME,
    LIAR_NO_TLS,
    LIAR_SERVERS
};

struct liar {
    pid_t pid;
    int input; /* it ends when this is closed */
    int ports[LIAR_SERVERS];
};

static inline void liar_run(const char *certificates, int input, int output)
{
    const char *tests = getenv("TESTS_SRCDIR");
    char *script = string_printf("%s/servers/liar.py", tests != NULL ? tests : "tests");
    dup2(input, 0);
    dup2(output, 1);
    for (int fd = 3; fd < 64; fd++) {
        close(fd);
    }
    execlp("python3", "python3", script, certificates, (char *)NULL);
    _exit(127);
}

/* `certificates` NULL: none by TLS. False where there is no python3. */
static inline bool liar_start(struct liar *liar, const char *certificates)
{
    int in[2], out[2];
    char line[256] = "";
    if (pipe(in) != 0 || pipe(out) != 0) {
        return false;
    }
    liar->pid = fork();
    if (liar->pid == 0) {
        liar_run(certificates, in[0], out[1]);
    }
    close(in[0]);
    close(out[1]);
    liar->input = in[1];
    FILE *lines = fdopen(out[0], "r");
    bool started = lines != NULL && fgets(line, sizeof line, lines) != NULL;
    if (lines != NULL) {
        fclose(lines);
    }
    char *at = line;
    for (int i = 0; i < LIAR_SERVERS; i++) {
        liar->ports[i] = (int)strtol(at, &at, 10);
    }
    return started && liar->ports[LIAR_A] > 0;
}

static inline void liar_stop(struct liar *liar)
{
    close(liar->input);
    waitpid(liar->pid, NULL, 0);
}

/* The file that it has: "row", or "new" in the one that takes its place. */
static inline void liar_rows(const char *word, struct text *out)
{
    text_append(out, "id,name,amount\n");
    for (int i = 0; i < 3000; i++) {
        text_printf(out, "%d,%s %d,%d.50\n", i, word, i, i * 3);
    }
}

#endif
