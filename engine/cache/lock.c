/* cache: one at a time. flock(2), which ends with its process; where it does not work
 * (network file systems), a name made with link(2) that tells who holds it, for link(2)
 * is one step everywhere.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum {
    LOOK_AGAIN_NS = 5 * 1000 * 1000,
    FOLDER_SECONDS = 10,      /* how long a change to a product's folder may take */
    FOREIGN_SECONDS = 86400L, /* a lock of another host that is older counts as left */
};

/* ---- Who ---- */

/* The first word of a file of /proc, without what is unfit for a name. */
static void read_word(const char *path, char *word, size_t size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, word, size - 1) : 0;
    if (fd >= 0) {
        close(fd);
    }
    word[length > 0 ? length : 0] = '\0';
    word[strcspn(word, "\n -/")] = '\0';
}

/* When a process began, in ticks since the boot: field 22, counted behind the name, which
 * may hold anything (proc_pid_stat(5)). */
static long long start_of(long pid)
{
    char path[64];
    char stat_line[1024];
    long long start = 0;
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd >= 0 ? read(fd, stat_line, sizeof stat_line - 1) : 0;
    if (fd >= 0) {
        close(fd);
    }
    stat_line[length > 0 ? length : 0] = '\0';
    const char *field = strrchr(stat_line, ')');
    for (int i = 2; field != NULL && i < 22; i++) {
        field = strchr(field + 1, ' ');
    }
    if (field != NULL) {
        start = strtoll(field + 1, NULL, 10);
    }
    return start;
}

/* Host, boot and name space of process numbers: where a number means the same. */
static void tell_host(char host[CACHE_WHO_SIZE])
{
    char name[65] = "";
    char boot[16];
    struct stat space;
    gethostname(name, sizeof name - 1);
    name[strcspn(name, "/,")] = '\0';
    read_word("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    if (stat("/proc/self/ns/pid", &space) != 0) {
        space.st_ino = 0;
    }
    snprintf(host, CACHE_WHO_SIZE, "%s,%.8s,%lu", name, boot,
             (unsigned long)space.st_ino);
}

void cache_who(char who[CACHE_WHO_SIZE])
{
    char host[CACHE_WHO_SIZE];
    tell_host(host);
    snprintf(who, CACHE_WHO_SIZE, "%.110s,%ld,%lld", host, (long)getpid(),
             start_of(getpid()));
}

bool cache_who_is_gone(const char *who)
{
    char host[CACHE_WHO_SIZE];
    tell_host(host);
    host[110] = '\0';
    size_t length = strlen(host);
    if (strncmp(who, host, length) != 0 || who[length] != ',') {
        return false;
    }
    char *end;
    long pid = strtol(who + length + 1, &end, 10);
    long long start = *end == ',' ? strtoll(end + 1, NULL, 10) : 0;
    return (kill((pid_t)pid, 0) != 0 && errno == ESRCH) ||
           (start != 0 && start_of(pid) != start);
}

/* ---- Names as locks ---- */

bool cache_lacks_locks(const char *folder)
{
    static const unsigned magics[] = {0x6969u /* NFS */, 0x517Bu /* SMB */,
                                      0xFF534D42u /* CIFS */, 0xFE534D42u /* SMB2 */};
    struct statfs info;
    if (statfs(folder, &info) != 0) {
        return false;
    }
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++) {
        if ((unsigned)info.f_type == magics[i]) {
            return true;
        }
    }
    return false;
}

/* A lock whose holder is gone is moved aside before it is removed: who was quicker may
 * have made a new one meanwhile, and gets it back. True: it went. */
static bool break_lock(const char *dot, const char *aside)
{
    char *who = NULL, *moved = NULL;
    size_t length;
    struct stat info;
    bool went = false;
    if (!path_read_file(dot, CACHE_WHO_SIZE, &who, &length, NULL) ||
        stat(dot, &info) != 0 ||
        !(cache_who_is_gone(who) || info.st_mtime < time(NULL) - FOREIGN_SECONDS)) {
        free(who);
        return false;
    }
    if (rename(dot, aside) == 0) {
        went = path_read_file(aside, CACHE_WHO_SIZE, &moved, &length, NULL) &&
               string_equal(who, moved);
        if (!went && link(aside, dot) != 0) {
            went = true; /* a third one holds it: nothing can be given back */
        }
        unlink(aside);
    }
    free(who);
    free(moved);
    return went;
}

static bool write_who(const char *path, const char *who)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
    bool good =
        fd >= 0 && fchmod(fd, 0440) == 0 && path_write_bytes(fd, who, strlen(who));
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static enum cache_answer try_dot(const char *dot, struct cache_lock *lock)
{
    char who[CACHE_WHO_SIZE];
    struct stat info;
    cache_who(who);
    char *own = string_printf("%s.%s", dot, who);
    char *aside = string_printf("%s.gone", own);
    enum cache_answer answer = CACHE_FAILED;
    unlink(own); /* an earlier process of this name is gone */
    if (write_who(own, who)) {
        bool taken = link(own, dot) == 0;
        taken =
            taken || (errno == EEXIST && break_lock(dot, aside) && link(own, dot) == 0);
        /* The answer of link(2) may be lost on the way, its effect is not. */
        taken = taken || (stat(own, &info) == 0 && info.st_nlink == 2);
        answer = taken ? CACHE_LOCKED : errno == EEXIST ? CACHE_BUSY : CACHE_FAILED;
    }
    int number = errno;
    unlink(own);
    free(own);
    free(aside);
    lock->dot = answer == CACHE_LOCKED ? string_copy(dot) : NULL;
    errno = number;
    return answer;
}

/* ---- Locks ---- */

static int open_lock(const char *path, bool is_folder)
{
    if (is_folder) {
        return open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    }
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 && errno == ENOENT) {
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd < 0 && errno == EEXIST) {
            errno = EWOULDBLOCK; /* made just now: the next look finds it */
        } else if (fd >= 0) {
            char *folder = path_folder(path);
            struct stat info;
            if (stat(folder, &info) == 0 && (info.st_mode & S_IWGRP) != 0) {
                fchmod(fd, 0660); /* whatever the umask */
            }
            free(folder);
        }
    }
    return fd;
}

static char *dot_name(const char *path, bool is_folder)
{
    return is_folder ? path_join(path, ".held") : string_printf("%s.held", path);
}

enum cache_answer cache_lock_try(const char *path, bool is_folder,
                                 struct cache_lock *lock)
{
    *lock = (struct cache_lock){.fd = -1};
    char *folder = is_folder ? string_copy(path) : path_folder(path);
    char *dot = dot_name(path, is_folder);
    bool with_dot = cache_lacks_locks(folder);
    enum cache_answer answer = CACHE_FAILED;
    int fd = with_dot ? -1 : open_lock(path, is_folder);
    if (!with_dot && fd >= 0) {
        answer = flock(fd, LOCK_EX | LOCK_NB) == 0        ? CACHE_LOCKED
                 : errno == EWOULDBLOCK || errno == EINTR ? CACHE_BUSY
                                                          : CACHE_FAILED;
        with_dot = answer == CACHE_FAILED;
    } else if (!with_dot && (errno == EWOULDBLOCK || (errno == EACCES && !is_folder))) {
        answer = CACHE_BUSY; /* the one who makes it is about to give it its mode */
    }
    if (answer == CACHE_LOCKED) {
        lock->fd = fd;
    } else if (fd >= 0) {
        int number = errno;
        close(fd);
        errno = number;
    }
    if (with_dot) {
        answer = try_dot(dot, lock);
    }
    free(dot);
    free(folder);
    return answer;
}

void cache_lock_end(struct cache_lock *lock)
{
    if (lock->dot != NULL) {
        unlink(lock->dot);
        free(lock->dot);
    }
    if (lock->fd >= 0) {
        close(lock->fd);
    }
    *lock = (struct cache_lock){.fd = -1};
}

bool cache_lock_folder(const char *folder, struct cache_lock *lock, struct error *err)
{
    double until = path_monotonic() + FOLDER_SECONDS;
    enum cache_answer answer;
    while ((answer = cache_lock_try(folder, true, lock)) == CACHE_BUSY &&
           path_monotonic() < until) {
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
    }
    return answer == CACHE_LOCKED ||
           error_set(err, ERROR_FAILED, "could not change what is in %s: %s", folder,
                     answer == CACHE_BUSY
                         ? "another process holds it for a long time; end that one"
                         : error_of_errno(errno));
}
