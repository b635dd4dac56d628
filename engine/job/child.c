/* job: the child's half: set up after the fork, report, listen, end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/job/private.h"
#include "engine/job/wire.h"
#include "engine/path.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef HAVE_SYS_PRCTL_H
#include <sys/prctl.h>
#endif

static const double seconds_between_reports = 0.05;

/* A signal handler has no argument: the one place where a child keeps global state. */
static volatile sig_atomic_t was_interrupted;
static sqlite3 *volatile guarded;

static void on_interrupt(int number)
{
    (void)number;
    was_interrupted = 1;
    if (guarded != NULL) {
        sqlite3_interrupt(guarded);
    }
}

static void set_signals(void)
{
    static const int to_default[] = {SIGHUP,  SIGTERM, SIGQUIT, SIGWINCH,
                                     SIGTSTP, SIGCHLD, SIGCONT};
    for (size_t i = 0; i < sizeof to_default / sizeof *to_default; i++) {
        signal(to_default[i], SIG_DFL);
    }
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write past the limit fails with EFBIG instead */
    struct sigaction action = {.sa_handler = on_interrupt};
    sigaction(SIGINT, &action, NULL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Close all files from `first` to `last`. One call where the kernel has it; else one by
 * one, as many as a process of ours may have. */
static void close_files(unsigned first, unsigned last)
{
#ifdef HAVE_CLOSE_RANGE
    if (first > last || close_range(first, last, 0) == 0) {
        return;
    }
#endif
    enum { MOST_FILES = 4096 };
    for (unsigned fd = first; fd <= last && fd < MOST_FILES; fd++) {
        close((int)fd);
    }
}

/* No file of the parent stays open here, least of all its terminal. */
static void close_other_files(int keep, bool keeps_input)
{
    int null = open("/dev/null", O_RDWR);
#ifdef MWB_ASAN
    int last = STDOUT_FILENO; /* a sanitizer's report must be seen */
#else
    int last = STDERR_FILENO;
#endif
    for (int fd = keeps_input ? 1 : 0; null >= 0 && fd <= last; fd++) {
        dup2(null, fd);
    }
    close_files(STDERR_FILENO + 1, (unsigned)keep - 1);
    close_files((unsigned)keep + 1, ~0U);
}

static void set_limits(const struct job_spec *spec)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
#ifndef MWB_ASAN
    if (spec->memory_limit > 0) {
        struct rlimit space;
        long long own = 256LL << 20; /* libraries and the parent's own pages */
        if (getrlimit(RLIMIT_AS, &space) == 0) {
            space.rlim_cur = (rlim_t)(spec->memory_limit + own);
            setrlimit(RLIMIT_AS, &space);
        }
    }
#else
    (void)spec;
#endif
}

static void send_end(struct job_port *port, bool done, const struct error *err)
{
    if (port->progress_waits) {
        wire_write(port->fd, WIRE_PROGRESS, &port->progress, sizeof port->progress, -1);
    }
    struct error end = *err;
    if (done) {
        end.kind = ERROR_NONE;
    } else if (end.kind == ERROR_NONE) {
        error_set(&end, ERROR_FAILED, "it failed without a reason");
    }
    wire_write(port->fd, WIRE_END, &end, sizeof end, -1);
}

_Noreturn void job_become_child(const struct job_spec *spec, pid_t parent, int fd)
{
#ifdef HAVE_SYS_PRCTL_H
    prctl(PR_SET_PDEATHSIG, SIGKILL);
#endif
    if (getppid() != parent) {
        _exit(1); /* the parent died before we asked to be told */
    }
    setpgid(0, 0); /* the terminal's signals are the parent's business */
    was_interrupted = 0;
    guarded = NULL;
    set_signals();
    close_other_files(fd, spec->keeps_input);
    set_limits(spec);
    struct job_port port = {.fd = fd};
    struct error err = {0};
    bool done = spec->run(&port, spec->argument, &err);
    send_end(&port, done, &err);
    _exit(0);
}

void job_report(struct job_port *port, const struct job_progress *progress)
{
    if (port == NULL) {
        return;
    }
    double now = path_monotonic();
    port->progress = *progress;
    port->progress_waits = now - port->last_report < seconds_between_reports;
    if (!port->progress_waits) {
        port->last_report = now;
        wire_write(port->fd, WIRE_PROGRESS, progress, sizeof *progress, -1);
    }
}

bool job_tell(struct job_port *port, int type, const void *bytes, size_t length)
{
    return port == NULL || wire_write(port->fd, type, bytes, length, -1);
}

bool job_cancelled(const struct job_port *port)
{
    return port != NULL && was_interrupted;
}

void job_reset_cancelled(struct job_port *port)
{
    if (port != NULL) {
        was_interrupted = 0;
    }
}

void job_guard(struct job_port *port, sqlite3 *db)
{
    if (port != NULL) {
        guarded = db;
    }
}

/* 1: bytes came, 0: the parent closed, -1: interrupted or too late. */
static int read_more(struct job_port *port, double until)
{
    struct pollfd poll_fd = {.fd = port->fd, .events = POLLIN};
    int milliseconds = -1;
    if (until >= 0) {
        double left = until - path_monotonic();
        if (left <= 0) {
            return -1;
        }
        milliseconds = (int)(left * 1000) + 1;
    }
    if (poll(&poll_fd, 1, milliseconds) <= 0) {
        return -1;
    }
    ssize_t n = recv(port->fd, text_reserve(&port->buffer, 65536), 65536, 0);
    if (n < 0) {
        return errno == EINTR ? -1 : 0;
    }
    text_grow(&port->buffer, (size_t)n);
    return n > 0 ? 1 : 0;
}

int job_listen(struct job_port *port, double seconds, int *type, void **bytes,
               size_t *length)
{
    double until = seconds < 0 ? -1 : path_monotonic() + seconds;
    struct wire_head head;
    bool broken;
    while (!wire_peek(&port->buffer, &head, &broken)) {
        int got = broken ? 0 : read_more(port, until);
        if (got <= 0) {
            return got;
        }
    }
    *type = head.type;
    *length = head.length;
    *bytes = string_copy_bytes(port->buffer.data + sizeof head, head.length);
    wire_drop(&port->buffer, &head);
    return 1;
}
