/* clock [-n RUNS] [-c] COMMAND [ARG...]: how long a command takes: one line with the
 * medians of wall time and CPU time (its own and its children's), the least wall time,
 * and the largest resident memory of any process in KiB. Standard output of the command
 * goes to nowhere unless -c. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/numbers.h"

enum { MOST_RUNS = 1000 };

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec / 1e6;
}

/* The status of the command; wall seconds and the use of CPU and memory go out. */
static int run_once(char **command, bool with_output, double *wall, struct rusage *used)
{
    double started = numbers_clock();
    pid_t pid = fork();
    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);
        if (null >= 0 && !with_output) {
            dup2(null, STDOUT_FILENO);
        }
        execvp(command[0], command);
        fprintf(stderr, "clock: %s: %s\n", command[0], strerror(errno));
        _exit(127);
    }
    int status = -1;
    while (wait4(pid, &status, 0, used) < 0 && errno == EINTR) {
    }
    *wall = numbers_clock() - started;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
    static double walls[MOST_RUNS];
    static double cpus[MOST_RUNS];
    size_t runs = 1;
    long memory = 0;
    bool with_output = false;
    int option;
    while ((option = getopt(argc, argv, "+n:c")) != -1) {
        if (option == 'n') {
            runs = (size_t)strtoul(optarg, NULL, 10);
        } else if (option == 'c') {
            with_output = true;
        } else {
            return 2;
        }
    }
    if (optind >= argc || runs < 1 || runs > MOST_RUNS) {
        fputs("usage: clock [-n RUNS] [-c] COMMAND [ARG...]\n", stderr);
        return 2;
    }
    for (size_t i = 0; i < runs; i++) {
        struct rusage used = {0};
        int status = run_once(argv + optind, with_output, &walls[i], &used);
        if (status != 0) {
            fprintf(stderr, "clock: %s ended with status %d\n", argv[optind], status);
            return status;
        }
        cpus[i] = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
        memory = used.ru_maxrss > memory ? used.ru_maxrss : memory;
    }
    double wall = numbers_quantile(walls, runs, 0.5);
    FILE *out = with_output ? stderr : stdout;
    fprintf(out, "%.4f %.4f %.4f %ld\n", wall, numbers_quantile(cpus, runs, 0.5),
            numbers_quantile(walls, runs, 0), memory);
    return 0;
}
