/* peak COMMAND [ARG...]: the most private memory a command and its children ever hold
 * together, in KiB. Its output goes to nowhere; its status is handed on.
 *
 * Samples would miss peaks, and the kernel keeps a high-water mark only of all resident
 * memory, files included. But anonymous memory can only become less in six system calls
 * and at the end of a process: each of them is made to stop the process first (a seccomp
 * filter that asks the tracer), and what is held at these stops has every peak among it.
 * Counted are the proportional shares of anonymous and shared memory of
 * /proc/PID/smaps_rollup: a page that parent and child share counts once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    PROCESSES_MOST = 64,
    EVENTS = PTRACE_O_EXITKILL | PTRACE_O_TRACESECCOMP | PTRACE_O_TRACEFORK |
             PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
             PTRACE_O_TRACEEXIT
};

struct watch {
    pid_t processes[PROCESSES_MOST]; /* those that live; threads are not listed */
    size_t count;
    long peak; /* KiB */
};

static long private_memory(pid_t pid)
{
    char path[64];
    char line[256];
    long sum = 0;
    snprintf(path, sizeof path, "/proc/%d/smaps_rollup", (int)pid);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        return 0; /* it has just ended */
    }
    while (fgets(line, sizeof line, file) != NULL) {
        long value;
        if (sscanf(line, "Pss_Anon: %ld", &value) == 1 ||
            sscanf(line, "Pss_Shmem: %ld", &value) == 1) {
            sum += value;
        }
    }
    fclose(file);
    return sum;
}

static void measure(struct watch *watch)
{
    long sum = 0;
    for (size_t i = 0; i < watch->count; i++) {
        sum += private_memory(watch->processes[i]);
    }
    watch->peak = sum > watch->peak ? sum : watch->peak;
}

static void forget(struct watch *watch, pid_t pid)
{
    for (size_t i = 0; i < watch->count; i++) {
        if (watch->processes[i] == pid) {
            watch->processes[i] = watch->processes[--watch->count];
            return;
        }
    }
}

/* Every call that can make anonymous memory less asks the tracer before it runs. */
static bool ask_before_release(void)
{
    struct sock_filter filter[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_munmap, 6, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mremap, 5, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_brk, 4, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_madvise, 3, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_mmap, 2, 0), /* over what is there */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_execve, 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRACE),
    };
    struct sock_fprog program = {sizeof filter / sizeof filter[0], filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* The command, once the other end of `gate` says that it is watched. */
static void run_command(char **command, int gate)
{
    char go;
    int null = open("/dev/null", O_WRONLY);
    if (read(gate, &go, 1) != 1) {
        _exit(125);
    }
    close(gate);
    if (null < 0 || dup2(null, STDOUT_FILENO) < 0 || !ask_before_release()) {
        perror("peak: could not watch the command");
        _exit(125);
    }
    execvp(command[0], command);
    fprintf(stderr, "peak: %s: %s\n", command[0], strerror(errno));
    _exit(127);
}

static pid_t start_watched(char **command)
{
    int gate[2];
    if (pipe(gate) != 0) {
        return -1;
    }
    pid_t pid = fork();
    if (pid == 0) {
        close(gate[1]);
        run_command(command, gate[0]);
    }
    close(gate[0]);
    bool good = pid > 0 && ptrace(PTRACE_SEIZE, pid, NULL, (void *)(long)EVENTS) == 0 &&
                write(gate[1], "", 1) == 1;
    close(gate[1]);
    return good ? pid : -1;
}

/* A process has stopped: look, remember its children, let it go on. */
static void on_stop(struct watch *watch, pid_t pid, int status)
{
    int event = status >> 16;
    int number = WSTOPSIG(status);
    unsigned long child = 0;
    if (event == PTRACE_EVENT_SECCOMP || event == PTRACE_EVENT_EXIT) {
        measure(watch);
    } else if ((event == PTRACE_EVENT_FORK || event == PTRACE_EVENT_VFORK) &&
               ptrace(PTRACE_GETEVENTMSG, pid, NULL, &child) == 0 &&
               watch->count < PROCESSES_MOST) {
        watch->processes[watch->count++] = (pid_t)child;
    } else if (event == PTRACE_EVENT_STOP && number != SIGTRAP) {
        ptrace(PTRACE_LISTEN, pid, NULL, NULL); /* job control stopped it */
        return;
    }
    ptrace(PTRACE_CONT, pid, NULL, (void *)(long)(event == 0 ? number : 0));
}

int main(int argc, char **argv)
{
    struct watch watch = {0};
    pid_t first = argc > 1 ? start_watched(argv + 1) : -1;
    if (first < 0) {
        fputs(argc > 1 ? "peak: could not trace the command\n"
                       : "usage: peak COMMAND [ARG...]\n",
              stderr);
        return 125;
    }
    watch.processes[watch.count++] = first;
    int result = 125;
    int status;
    pid_t pid;
    while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
        if (pid > 0 && WIFSTOPPED(status)) {
            on_stop(&watch, pid, status);
        } else if (pid > 0) {
            forget(&watch, pid);
            if (pid == first) {
                result = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            }
        }
    }
    printf("%ld\n", watch.peak);
    return result;
}
