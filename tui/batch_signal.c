/* batch_signal: count the requests to end, and wake the loop.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/batch_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <unistd.h>

enum { PATIENCE = 2 }; /* requests that are answered in good order */

/* A signal handler has no argument. */
static struct {
    int pipe[2];
    volatile sig_atomic_t count;
    volatile sig_atomic_t ended; /* asked to end, not only to stop */
} state = {.pipe = {-1, -1}};

static void on_signal(int number)
{
    int saved = errno;
    state.ended |= number != SIGINT;
    if (++state.count > PATIENCE) {
        _exit(ERROR_CANCELLED);
    }
    if (write(state.pipe[1], "", 1) < 0) {
        /* A full pipe already says that there is something to look at. */
    }
    errno = saved;
}

bool batch_signal_watch(struct error *err)
{
    static const int watched[] = {SIGINT, SIGTERM, SIGHUP};
    if (pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return error_set(err, ERROR_FAILED, "could not watch for signals: %s",
                         error_of_errno(errno));
    }
    for (size_t i = 0; i < sizeof watched / sizeof watched[0]; i++) {
        struct sigaction action = {.sa_handler = on_signal};
        struct sigaction before;
        sigemptyset(&action.sa_mask);
        sigaction(watched[i], &action, &before);
        if (before.sa_handler == SIG_IGN) { /* nohup(1), a shell's background job */
            sigaction(watched[i], &before, NULL);
        }
    }
    signal(SIGPIPE, SIG_IGN);
    return true;
}

int batch_signal_fd(void)
{
    return state.pipe[0];
}

void batch_signal_take(void)
{
    char bytes[64];
    while (read(state.pipe[0], bytes, sizeof bytes) > 0) {
    }
}

int batch_signal_count(void)
{
    return state.count;
}

void batch_signal_answered(void)
{
    state.count = 0;
}

bool batch_signal_ended(void)
{
    return state.ended != 0;
}
