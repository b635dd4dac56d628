/* proc: reading /proc/PID.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>

struct stat_line {
    char state;
    int parent;
    unsigned long long started; /* in ticks since the machine did */
};

/* False when the process is gone. The name in front of all may hold anything, brackets
 * too (proc(5)). */
static bool read_stat(pid_t pid, struct stat_line *stat)
{
    char path[64];
    char line[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", (long)pid);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    size_t length = fread(line, 1, sizeof line - 1, file);
    fclose(file);
    line[length] = '\0';
    const char *after = strrchr(line, ')');
    return after != NULL && sscanf(after + 1,
                                   " %c %d %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s "
                                   "%*s %*s %*s %*s %*s %*s %llu",
                                   &stat->state, &stat->parent, &stat->started) == 3;
}

/* Which system call it is in; -1: none, or we may not know. */
static long current_call(pid_t pid)
{
    char path[64], line[64] = "";
    snprintf(path, sizeof path, "/proc/%ld/syscall", (long)pid);
    FILE *file = fopen(path, "re");
    char *got = file != NULL ? fgets(line, sizeof line, file) : NULL;
    if (file != NULL) {
        fclose(file);
    }
    return got != NULL && line[0] >= '0' && line[0] <= '9' ? strtol(line, NULL, 10) : -1;
}

bool proc_sleeps(pid_t pid)
{
    struct stat_line stat;
    return read_stat(pid, &stat) && stat.state == 'S';
}

bool proc_awaits_events(pid_t pid)
{
    static const long not_done[] = {SYS_flock, SYS_wait4, SYS_waitid, SYS_fcntl,
                                    SYS_futex, SYS_fsync, SYS_write};
    if (!proc_sleeps(pid)) {
        return false;
    }
    long call = current_call(pid);
    for (size_t i = 0; i < sizeof not_done / sizeof *not_done; i++) {
        if (call == not_done[i]) {
            return false;
        }
    }
    return true;
}

struct child {
    pid_t pid;
    unsigned long long started;
};

static int by_start(const void *a, const void *b)
{
    const struct child *one = a, *other = b;
    return one->started != other->started
               ? (one->started > other->started ? 1 : -1)
               : (one->pid > other->pid) - (one->pid < other->pid);
}

int proc_children(pid_t parent, pid_t *pids, int most)
{
    struct child *children = calloc((size_t)most, sizeof *children);
    int count = 0;
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    while (folder != NULL && count < most && (entry = readdir(folder)) != NULL) {
        struct stat_line stat;
        pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
        if (pid > 0 && read_stat(pid, &stat) && stat.parent == parent &&
            stat.state != 'Z') {
            children[count++] = (struct child){pid, stat.started};
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
    qsort(children, (size_t)count, sizeof *children, by_start);
    for (int i = 0; i < count; i++) {
        pids[i] = children[i].pid;
    }
    free(children);
    return count;
}

long proc_memory(pid_t pid, const char *name)
{
    char path[64];
    char line[256];
    long kib = -1;
    size_t length = strlen(name);
    snprintf(path, sizeof path, "/proc/%ld/status", (long)pid);
    FILE *file = fopen(path, "re");
    while (file != NULL && kib < 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, name, length) == 0 && line[length] == ':') {
            kib = strtol(line + length + 1, NULL, 10);
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return kib;
}
