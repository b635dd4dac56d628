/* proc: reading /proc/PID.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/screen/proc.h"

#include <ctype.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* State and parent of a process; false when it is gone. The name in front of them may
 * hold anything, brackets too. */
static bool read_stat(pid_t pid, char *state, pid_t *parent)
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
    int ppid = 0;
    if (after == NULL || sscanf(after + 1, " %c %d", state, &ppid) != 2) {
        return false;
    }
    *parent = ppid;
    return true;
}

bool proc_sleeps(pid_t pid)
{
    char state = '?';
    pid_t parent = 0;
    return read_stat(pid, &state, &parent) && state == 'S';
}

int proc_children(pid_t parent, pid_t *pids, int most)
{
    int count = 0;
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    while (folder != NULL && count < most && (entry = readdir(folder)) != NULL) {
        char state = '?';
        pid_t owner = 0;
        pid_t pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
        if (pid > 0 && read_stat(pid, &state, &owner) && owner == parent &&
            state != 'Z') {
            pids[count++] = pid;
        }
    }
    if (folder != NULL) {
        closedir(folder);
    }
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
