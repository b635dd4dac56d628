/* strike: run a program, wait for a fact, send a signal to it or to its newest child, and
 * tell how it ended and what it left running.
 *
 *   strike [--signal NAME] [--at FACT] [--child] [--freeze] [--own-output] -- PROGRAM...
 *
 *   --at child         it has a child process (which does its work)
 *   --at jobs:N        it has N of them
 *   --at file:PATTERN  a file that matches (glob(7)) is there
 *   --at quiet         it and its children have slept for a while: they wait for somebody
 *   --at NANOSECONDS   so long after its start: a kill at a random time is no wait
 *   --child            the newest child gets the signal, not the program itself
 *   --freeze           the newest child is stopped first, so that it cannot end by itself
 *   --own-output       what the program prints is shown (else it goes nowhere)
 *
 * It prints one line, "status 130", "signal 9" or "it ended before the fact", and one
 * more for each thing that must not be: processes that outlive it, an end that is late.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/screen/proc.h"

enum { CHILDREN_MOST = 64, LOOK_EVERY = 1 /* ms */, QUIET_LOOKS = 50 };

struct strike {
    int number; /* of the signal */
    bool at_child, shows, freezes;
    bool at_quiet;
    int quiet;           /* looks in a row at which all slept */
    int jobs;            /* wait for so many children; 0: not for them */
    const char *pattern; /* wait for such a file; NULL: not for one */
    long long delay;     /* nanoseconds */
    char **program;
    double patience; /* seconds */
};

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int signal_of(const char *name)
{
    static const struct {
        const char *name;
        int number;
    } rows[] = {{"KILL", SIGKILL}, {"TERM", SIGTERM}, {"HUP", SIGHUP},
                {"INT", SIGINT},   {"SEGV", SIGSEGV}, {"QUIT", SIGQUIT}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].name, name) == 0) {
            return rows[i].number;
        }
    }
    return atoi(name);
}

static bool take_fact(struct strike *strike, const char *fact)
{
    if (strcmp(fact, "child") == 0) {
        strike->jobs = 1;
    } else if (strcmp(fact, "quiet") == 0) {
        strike->at_quiet = true;
    } else if (strncmp(fact, "jobs:", 5) == 0) {
        strike->jobs = atoi(fact + 5);
    } else if (strncmp(fact, "file:", 5) == 0) {
        strike->pattern = fact + 5;
    } else {
        strike->delay = atoll(fact);
    }
    return strike->jobs <= CHILDREN_MOST;
}

static bool take_words(struct strike *strike, char **words)
{
    for (; *words != NULL && strcmp(*words, "--") != 0; words++) {
        bool has_value = words[1] != NULL;
        if (strcmp(*words, "--signal") == 0 && has_value) {
            strike->number = signal_of(*++words);
        } else if (strcmp(*words, "--at") == 0 && has_value) {
            if (!take_fact(strike, *++words)) {
                return false;
            }
        } else if (strcmp(*words, "--child") == 0) {
            strike->at_child = true;
        } else if (strcmp(*words, "--freeze") == 0) {
            strike->freezes = true;
        } else if (strcmp(*words, "--own-output") == 0) {
            strike->shows = true;
        } else {
            return false;
        }
    }
    strike->program = *words != NULL ? words + 1 : words;
    return *strike->program != NULL && strike->number > 0;
}

static pid_t start(const struct strike *strike)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (!strike->shows) {
            int null = open("/dev/null", O_RDWR);
            dup2(null, STDOUT_FILENO);
            dup2(null, STDERR_FILENO);
        }
        execvp(strike->program[0], strike->program);
        _exit(127);
    }
    return pid;
}

/* ---- The fact ---- */

static bool has_file(const char *pattern)
{
    glob_t found;
    bool has = glob(pattern, GLOB_NOSORT, NULL, &found) == 0;
    if (has) {
        globfree(&found);
    }
    return has;
}

/* The newest child, when there are enough; 0: not yet. */
static pid_t newest_child(pid_t parent, int least)
{
    pid_t pids[CHILDREN_MOST];
    int count = proc_children(parent, pids, CHILDREN_MOST);
    return count >= least && count > 0 ? pids[count - 1] : 0;
}

static bool is_quiet(struct strike *strike, pid_t pid)
{
    pid_t pids[CHILDREN_MOST];
    int count = proc_children(pid, pids, CHILDREN_MOST);
    bool all_sleep = proc_sleeps(pid);
    for (int i = 0; i < count; i++) {
        all_sleep = all_sleep && proc_sleeps(pids[i]);
    }
    strike->quiet = all_sleep ? strike->quiet + 1 : 0;
    return strike->quiet >= QUIET_LOOKS;
}

static bool holds(struct strike *strike, pid_t pid, double started)
{
    return (!strike->at_quiet || is_quiet(strike, pid)) &&
           (strike->jobs == 0 || newest_child(pid, strike->jobs) > 0) &&
           (strike->pattern == NULL || has_file(strike->pattern)) &&
           (now() - started) * 1e9 >= (double)strike->delay;
}

static void wait_a_little(const struct strike *strike, double started)
{
    double left = (double)strike->delay / 1e9 - (now() - started);
    if (left > 0 && left < LOOK_EVERY / 1e3) {
        struct timespec rest = {.tv_nsec = (long)(left * 1e9)};
        nanosleep(&rest, NULL);
    } else {
        /* Who freezes has to be faster than what the child does. */
        poll(NULL, 0, strike->freezes ? 0 : LOOK_EVERY);
    }
}

/* False: it has ended before; its status is in *status. */
static bool wait_for_fact(struct strike *strike, pid_t pid, int *status)
{
    double started = now();
    while (!holds(strike, pid, started)) {
        if (waitpid(pid, status, WNOHANG) == pid) {
            return false;
        }
        wait_a_little(strike, started);
    }
    return true;
}

/* ---- The end ---- */

static void tell_end(int status)
{
    if (WIFSIGNALED(status)) {
        printf("signal %d\n", WTERMSIG(status));
    } else {
        printf("status %d\n", WEXITSTATUS(status));
    }
}

static void wait_for_end(const struct strike *strike, pid_t pid)
{
    double struck = now();
    int status = 0;
    pid_t ended;
    bool is_late = false;
    while ((ended = waitpid(pid, &status, WNOHANG)) == 0) {
        if (!is_late && now() - struck > strike->patience && !strike->at_child) {
            printf("it still runs %.0f s after the signal\n", strike->patience);
            is_late = true;
        }
        if (is_late && now() - struck > 10 * strike->patience) {
            kill(pid, SIGKILL);
        }
        poll(NULL, 0, LOOK_EVERY);
    }
    tell_end(status);
}

/* Orphans become our children (PR_SET_CHILD_SUBREAPER): the last one's end is ECHILD. */
static int wait_for_orphans(const struct strike *strike)
{
    double until = now() + strike->patience;
    for (;;) {
        pid_t gone = waitpid(-1, NULL, WNOHANG);
        if (gone < 0 && errno == ECHILD) {
            return 0;
        }
        if (gone == 0 && now() > until) {
            pid_t pids[CHILDREN_MOST];
            int left = proc_children(getpid(), pids, CHILDREN_MOST);
            for (int i = 0; i < left; i++) {
                kill(pids[i], SIGKILL);
            }
            return left;
        }
        if (gone == 0) {
            poll(NULL, 0, LOOK_EVERY);
        }
    }
}

int main(int argc, char **argv)
{
    struct strike strike = {.number = SIGKILL,
                            .patience = getenv("MWB_SLOW") != NULL ? 10 : 2};
    if (argc < 2 || !take_words(&strike, argv + 1)) {
        fprintf(
            stderr,
            "strike [--signal NAME] [--at FACT] [--child] [--freeze] [--own-output] -- "
            "PROGRAM...\n");
        return 2;
    }
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    int status = 0;
    pid_t pid = start(&strike);
    if (!wait_for_fact(&strike, pid, &status)) {
        printf("it ended before the fact\n");
        tell_end(status);
    } else {
        /* Asked once: a child that is gone would be 0, which is our own group. */
        pid_t child = newest_child(pid, 1);
        pid_t target = strike.at_child ? child : pid;
        if (strike.freezes && child > 0) {
            kill(child, SIGSTOP);
        }
        if (target > 0) {
            kill(target, strike.number);
        }
        wait_for_end(&strike, pid);
    }
    int left = wait_for_orphans(&strike);
    if (left > 0) {
        printf("%d processes outlive it\n", left);
    }
    return 0;
}
