/* child: pseudo-terminal, session leader, program.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/child.h"
#include "tests/screen/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* What the leader tells; shorter than PIPE_BUF, so it comes whole. */
struct report {
    enum { REPORT_STARTED, REPORT_CHANGED, REPORT_NOT_STARTED } kind;
    pid_t pid;
    int status; /* of waitpid(), or errno */
};

static void send_report(int fd, struct report report)
{
    ssize_t ignored = write(fd, &report, sizeof report);
    (void)ignored;
}

/* The program's side of the fork: in a group of its own in the foreground. */
static void become_program(const struct child_spec *spec, int slave, int report_fd)
{
    setpgid(0, 0);
    signal(SIGTTOU, SIG_IGN);
    tcsetpgrp(slave, getpid());
    signal(SIGTTOU, SIG_DFL);
    for (int fd = 0; fd <= 2; fd++) {
        dup2(slave, fd);
    }
    if (chdir(spec->folder) == 0) {
        execvpe(spec->arguments[0], spec->arguments, spec->environment);
    }
    send_report(report_fd, (struct report){REPORT_NOT_STARTED, getpid(), errno});
    _exit(127);
}

/* A harness started by nohup or a test runner may ignore signals; a login shell does not.
 */
static void forget_signals(void)
{
    sigset_t none;
    for (int number = 1; number < NSIG; number++) {
        signal(number, SIG_DFL);
    }
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Tell of stops and of the end. The end is only looked at, not taken: should a hang-up
 * kill us before we have told of it, the harness inherits the program and its status. */
static void report_changes(pid_t program, int report_fd)
{
    for (;;) {
        siginfo_t info = {0};
        int status = 0;
        if (waitid(P_PID, (id_t)program, &info,
                   WEXITED | WSTOPPED | WCONTINUED | WNOWAIT) != 0) {
            _exit(1);
        }
        if (info.si_code == CLD_EXITED || info.si_code == CLD_KILLED ||
            info.si_code == CLD_DUMPED) {
            status = info.si_code == CLD_EXITED ? W_EXITCODE(info.si_status, 0)
                                                : W_EXITCODE(0, info.si_status);
            send_report(report_fd, (struct report){REPORT_CHANGED, program, status});
            return;
        }
        if (waitpid(program, &status, WUNTRACED | WCONTINUED | WNOHANG) == program) {
            send_report(report_fd, (struct report){REPORT_CHANGED, program, status});
        }
    }
}

/* The leader's life: start the program, tell how it fares, stay until killed or hung up.
 */
static void lead(const struct child_spec *spec, int slave, int report_fd)
{
    forget_signals();
    setsid();
    ioctl(slave, TIOCSCTTY, 0);
    pid_t program = fork();
    if (program < 0) {
        send_report(report_fd, (struct report){REPORT_NOT_STARTED, 0, errno});
        _exit(1);
    }
    if (program == 0) {
        become_program(spec, slave, report_fd);
    }
    setpgid(program, program);
    send_report(report_fd, (struct report){REPORT_STARTED, program, 0});
    report_changes(program, report_fd);
    /* A shell outlives its jobs: what the program left behind must not die with us. */
    for (;;) {
        pause();
    }
}

static void set_nonblocking(int fd)
{
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

static void close_fd(int *fd)
{
    if (*fd >= 0) {
        close(*fd);
    }
    *fd = -1;
}

static bool open_terminal(struct child *child, const struct child_spec *spec,
                          struct error *err)
{
    struct winsize size = {.ws_row = (unsigned short)spec->height,
                           .ws_col = (unsigned short)spec->width};
    if (openpty(&child->master, &child->slave, NULL, NULL, &size) != 0) {
        return error_set(err, ERROR_FAILED, "no pseudo-terminal could be opened: %s",
                         strerror(errno));
    }
    fcntl(child->master, F_SETFD, FD_CLOEXEC);
    fcntl(child->slave, F_SETFD, FD_CLOEXEC);
    set_nonblocking(child->master);
    tcgetattr(child->slave, &child->before);
    child->before.c_iflag |= IUTF8;
    tcsetattr(child->slave, TCSANOW, &child->before);
    return true;
}

/* The arguments with --sync-fd N at the end; only the array is the caller's. */
static char **with_sync(char **arguments, char *option, char *number)
{
    size_t count = 0;
    while (arguments[count] != NULL) {
        count++;
    }
    char **all = memory_new_many(count + 3, sizeof *all);
    memcpy(all, arguments, count * sizeof *all);
    all[count] = option;
    all[count + 1] = number;
    return all;
}

bool child_start(struct child *child, const struct child_spec *spec, struct error *err)
{
    *child = (struct child){.master = -1, .slave = -1, .sync_fd = -1, .report_fd = -1};
    int reports[2];
    int sync[2];
    if (!open_terminal(child, spec, err)) {
        return false;
    }
    if (pipe2(reports, O_CLOEXEC) != 0 || pipe2(sync, O_CLOEXEC) != 0) {
        return error_set(err, ERROR_FAILED, "no pipe could be made: %s", strerror(errno));
    }
    /* What the program leaves behind when its leader is gone comes to us to be waited
     * for. */
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    char option[] = "--sync-fd";
    char number[16];
    snprintf(number, sizeof number, "%d", sync[1]);
    struct child_spec with = *spec;
    if (!spec->without_sync) {
        with.arguments = with_sync(spec->arguments, option, number);
    }
    fflush(stdout);
    child->leader = fork();
    if (child->leader == 0) {
        fcntl(sync[1], F_SETFD, spec->without_sync ? FD_CLOEXEC : 0);
        close(child->master);
        close(sync[0]);
        close(reports[0]);
        lead(&with, child->slave, reports[1]);
    }
    if (with.arguments != spec->arguments) {
        free(with.arguments);
    }
    close(reports[1]);
    close(sync[1]);
    child->report_fd = reports[0];
    child->sync_fd = sync[0];
    set_nonblocking(child->report_fd);
    set_nonblocking(child->sync_fd);
    return child->leader > 0 ||
           error_set(err, ERROR_FAILED, "no process could be started: %s",
                     strerror(errno));
}

static void take_status(struct child *child, int status)
{
    if (WIFSTOPPED(status)) {
        child->stopped = true;
    } else if (WIFCONTINUED(status)) {
        child->stopped = false;
    } else {
        child->ended = true;
        child->status = status;
    }
}

static bool take_reports(struct child *child)
{
    struct report report;
    ssize_t got = -1;
    bool any = false;
    while (child->report_fd >= 0 &&
           (got = read(child->report_fd, &report, sizeof report)) == sizeof report) {
        any = true;
        if (report.kind == REPORT_CHANGED) {
            take_status(child, report.status);
        } else if (report.kind == REPORT_NOT_STARTED) {
            child->exec_errno = report.status;
        }
        child->program = report.pid > 0 ? report.pid : child->program;
    }
    if (got == 0) {
        close_fd(&child->report_fd);
    }
    return any;
}

static bool take_sync(struct child *child)
{
    char bytes[256];
    ssize_t got = -1;
    bool any = false;
    while (child->sync_fd >= 0 && (got = read(child->sync_fd, bytes, sizeof bytes)) > 0) {
        any = true;
        for (ssize_t i = 0; i < got; i++) {
            child->frames += bytes[i] == 'r';
            if (child->said_count < sizeof child->said) {
                child->said[child->said_count++] = bytes[i];
            }
        }
        child->idle = bytes[got - 1] == 'i';
    }
    if (got == 0) {
        close_fd(&child->sync_fd);
    }
    return any;
}

/* What the program wrote. It is read after the sync bytes: what was drawn before an 'i'
 * is then surely there, for a read of an empty terminal waits for the kernel's worker. */
static bool take_output(struct child *child, struct text *output)
{
    bool any = false;
    while (child->master >= 0) {
        ssize_t got = read(child->master, text_reserve(output, 65536), 65536);
        if (got <= 0) {
            break;
        }
        text_grow(output, (size_t)got);
        any = true;
    }
    return any;
}

/* The leader is gone before the program (a hang-up): the program is ours to wait for. */
static bool take_over(struct child *child)
{
    int status = 0;
    if (child->report_fd >= 0 || child->ended || child->program <= 0 ||
        waitpid(child->program, &status, WNOHANG) != child->program) {
        return false;
    }
    take_status(child, status);
    return true;
}

bool child_wait(struct child *child, int milliseconds, struct text *output)
{
    enum { TAKE_OVER_TICK = 5 };
    struct pollfd fds[] = {{.fd = child->sync_fd, .events = POLLIN},
                           {.fd = child->report_fd, .events = POLLIN},
                           {.fd = child->master, .events = POLLIN}};
    bool orphaned = child->report_fd < 0 && !child->ended;
    poll(fds, 3,
         orphaned && milliseconds > TAKE_OVER_TICK ? TAKE_OVER_TICK : milliseconds);
    bool synced = take_sync(child);
    bool reported = take_reports(child);
    bool wrote = take_output(child, output);
    return take_over(child) || synced || reported || wrote;
}

bool child_has_unread(const struct child *child)
{
    struct pollfd slave = {.fd = child->slave, .events = POLLIN};
    return child->slave >= 0 && poll(&slave, 1, 0) > 0 && (slave.revents & POLLIN) != 0;
}

/* A program may also sleep because it waits for us to read what it draws. */
static bool has_output(const struct child *child)
{
    struct pollfd master = {.fd = child->master, .events = POLLIN};
    return child->master >= 0 && poll(&master, 1, 0) > 0 &&
           (master.revents & POLLIN) != 0;
}

bool child_is_settled(struct child *child)
{
    return child->idle && !child_has_unread(child) &&
           proc_awaits_events(child->program) && !has_output(child) &&
           !take_sync(child) && child->idle;
}

bool child_type(struct child *child, const char *bytes, size_t length, int milliseconds,
                struct text *output)
{
    take_sync(child);
    child->idle = false;
    child->said_count = 0;
    while (length > 0 && child->master >= 0) {
        ssize_t sent = write(child->master, bytes, length);
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
            continue;
        }
        struct pollfd master = {.fd = child->master, .events = POLLIN | POLLOUT};
        if (poll(&master, 1, milliseconds) <= 0) {
            return false;
        }
        take_output(child, output);
    }
    return true;
}

void child_size(const struct child *child, int *width, int *height)
{
    struct winsize size = {0};
    ioctl(child->master, TIOCGWINSZ, &size);
    *width = size.ws_col;
    *height = size.ws_row;
}

void child_resize(struct child *child, int width, int height)
{
    struct winsize size = {.ws_row = (unsigned short)height,
                           .ws_col = (unsigned short)width};
    take_sync(child);
    child->idle = false;
    ioctl(child->master, TIOCSWINSZ, &size);
}

void child_hang_up(struct child *child)
{
    close_fd(&child->slave);
    close_fd(&child->master);
}

bool child_signal(struct child *child, int signal)
{
    take_sync(child);
    child->idle = false;
    /* The leader may see the next stop first and never tell of the going on. */
    child->stopped = child->stopped && signal != SIGCONT;
    return child->program > 0 && !child->ended && kill(child->program, signal) == 0;
}

void child_termios_left_over(const struct child *child, struct text *out)
{
    struct termios now;
    if (child->master < 0 || tcgetattr(child->master, &now) != 0) {
        return;
    }
    const struct termios *was = &child->before;
    const struct {
        const char *name;
        tcflag_t was, now;
    } words[] = {{"input flags", was->c_iflag, now.c_iflag},
                 {"output flags", was->c_oflag, now.c_oflag},
                 {"control flags", was->c_cflag, now.c_cflag},
                 {"local flags", was->c_lflag, now.c_lflag}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (words[i].was != words[i].now) {
            text_printf(out, "the terminal's %s were %#o and are %#o\n", words[i].name,
                        words[i].was, words[i].now);
        }
    }
    if (memcmp(was->c_cc, now.c_cc, sizeof now.c_cc) != 0) {
        text_append(out, "the terminal's control characters have changed\n");
    }
}

int child_kill_children(const struct child *child)
{
    pid_t pids[256];
    int count = proc_children(child->program, pids, 256);
    for (int i = 0; i < count; i++) {
        kill(pids[i], SIGKILL);
    }
    return count;
}

int child_count_orphans(const struct child *child)
{
    pid_t pids[256];
    int count = proc_children(getpid(), pids, 256);
    int orphans = 0;
    for (int i = 0; i < count; i++) {
        bool ours = pids[i] == child->leader || pids[i] == child->program;
        orphans += !ours;
    }
    return orphans;
}

long child_memory(const struct child *child, const char *name)
{
    return proc_memory(child->program, name);
}

void child_release(struct child *child)
{
    pid_t pids[256];
    if (child->leader <= 0) {
        return;
    }
    kill(child->leader, SIGKILL);
    if (child->program > 0 && !child->ended) {
        kill(-child->program, SIGKILL);
    }
    close_fd(&child->master);
    close_fd(&child->slave);
    close_fd(&child->sync_fd);
    close_fd(&child->report_fd);
    waitpid(child->leader, NULL, 0);
    /* Everything it left behind is our child now. */
    for (int count; (count = proc_children(getpid(), pids, 256)) > 0;) {
        for (int i = 0; i < count; i++) {
            kill(pids[i], SIGKILL);
            waitpid(pids[i], NULL, 0);
        }
    }
    while (waitpid(-1, NULL, WNOHANG) > 0) {
    }
    child->leader = 0;
}
