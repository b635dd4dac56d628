/* term_signal: signals to a pipe, and the terminal's settings back after a crash. The
 * only state of the screen that is not passed in: a handler has no other place to look.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/term_signal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

enum { WATCHED_COUNT = 6, FATAL_COUNT = 5 };

struct watched {
    int number;
    unsigned char bit;
};

static const struct watched watched[WATCHED_COUNT] = {
    {SIGWINCH, TERM_SIGNAL_RESIZE},  {SIGTERM, TERM_SIGNAL_CLOSE},
    {SIGHUP, TERM_SIGNAL_CLOSE},     {SIGTSTP, TERM_SIGNAL_STOP},
    {SIGCONT, TERM_SIGNAL_CONTINUE}, {SIGINT, TERM_SIGNAL_INTERRUPT},
};

static const int fatal[FATAL_COUNT] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL};

static struct {
    int pipe[2];
    pid_t owner;
    struct sigaction before[WATCHED_COUNT];
    struct sigaction fatal_before[FATAL_COUNT];
    struct term_farewell farewell;
    volatile sig_atomic_t has_farewell;
    bool has_exit_hook;
} state = {.pipe = {-1, -1}};

static void die_of(int number)
{
    signal(number, SIG_DFL);
    raise(number);
}

static void note_signal(int number)
{
    int saved = errno;
    unsigned char bit = 0;

    if (getpid() != state.owner) {
        /* A child that has not left this handler behind: it dies as it would have. */
        if (number != SIGWINCH && number != SIGCONT) {
            die_of(number);
        }
        errno = saved;
        return;
    }
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        bit = watched[i].number == number ? watched[i].bit : bit;
    }
    /* A full pipe already says that there is something to look at. */
    if (write(state.pipe[1], &bit, 1) < 0) {
        errno = saved;
    }
    errno = saved;
}

static void say_farewell(void)
{
    if (state.has_farewell && getpid() == state.owner) {
        state.has_farewell = 0;
        if (write(state.farewell.fd, state.farewell.bytes, state.farewell.length) < 0) {
            /* The terminal is gone: there is nobody left to tell. */
        }
        tcsetattr(state.farewell.fd, TCSANOW, &state.farewell.settings);
    }
}

static void fall(int number)
{
    say_farewell();
    die_of(number);
}

static void install(int number, void (*handler)(int), int flags, struct sigaction *before)
{
    struct sigaction action = {.sa_handler = handler, .sa_flags = flags};

    sigemptyset(&action.sa_mask);
    sigaction(number, &action, before);
}

/* A sanitizer's own handler for crashes stays: it reports, and ends by abort. */
static void install_fatal(void)
{
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        sigaction(fatal[i], NULL, &state.fatal_before[i]);
        if (state.fatal_before[i].sa_handler == SIG_DFL) {
            install(fatal[i], fall, (int)SA_RESETHAND, NULL);
        }
    }
}

bool term_signal_start(struct error *err)
{
    if (pipe2(state.pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return error_set(err, ERROR_FAILED, "could not watch for signals: %s",
                         error_of_errno(errno));
    }
    state.owner = getpid();
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        install(watched[i].number, note_signal, SA_RESTART, &state.before[i]);
    }
    install_fatal();
    if (!state.has_exit_hook) {
        state.has_exit_hook = atexit(say_farewell) == 0;
    }
    return true;
}

void term_signal_end(void)
{
    if (state.pipe[0] < 0) {
        return;
    }
    state.has_farewell = 0;
    for (size_t i = 0; i < WATCHED_COUNT; i++) {
        sigaction(watched[i].number, &state.before[i], NULL);
    }
    for (size_t i = 0; i < FATAL_COUNT; i++) {
        sigaction(fatal[i], &state.fatal_before[i], NULL);
    }
    close(state.pipe[0]);
    close(state.pipe[1]);
    state.pipe[0] = state.pipe[1] = -1;
}

int term_signal_fd(void)
{
    return state.pipe[0];
}

unsigned term_signal_take(void)
{
    unsigned char bits[64];
    unsigned mask = 0;
    ssize_t count;

    while ((count = read(state.pipe[0], bits, sizeof bits)) > 0) {
        for (ssize_t i = 0; i < count; i++) {
            mask |= bits[i];
        }
    }
    return mask;
}

void term_signal_farewell(const struct term_farewell *farewell)
{
    state.has_farewell = 0;
    if (farewell != NULL) {
        state.farewell = *farewell;
        state.has_farewell = 1;
    }
}

void term_signal_stop(void)
{
    struct sigaction ours;

    /* SIGTSTP and not SIGSTOP: where nobody could say `fg`, the kernel drops it. */
    install(SIGTSTP, SIG_DFL, 0, &ours);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &ours, NULL);
}
