/* path: files that are made beside their place and renamed when they are whole.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char part_suffix[] = ".part";

/* What SQLite keeps beside a database while it writes. */
static const char *const companions[] = {"-journal", "-wal", "-shm"};
enum { COMPANIONS = sizeof companions / sizeof companions[0] };

/* The process that `.NAME.123.part` belongs to; 0: this is no part of NAME. *companion
 * becomes what stands behind it, "" or one of the companions. */
static long maker_of(const char *entry, const char *name, const char **companion)
{
    size_t length = strlen(name);
    if (entry[0] != '.' || strncmp(entry + 1, name, length) != 0 ||
        entry[length + 1] != '.') {
        return 0;
    }
    char *end;
    long pid = strtol(entry + length + 2, &end, 10);
    if (!string_starts(end, part_suffix)) {
        return 0;
    }
    *companion = end + strlen(part_suffix);
    for (size_t i = 0; i < COMPANIONS; i++) {
        if (string_equal(*companion, companions[i])) {
            return pid;
        }
    }
    return **companion == '\0' ? pid : 0;
}

/* Two signs of life: the lock, which a maker takes right after it made the file, and its
 * number, which covers that moment. */
static bool is_left_over(int folder, const char *entry, long maker)
{
    if (maker != (long)getpid() && (kill((pid_t)maker, 0) == 0 || errno != ESRCH)) {
        return false;
    }
    int fd = openat(folder, entry, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool is_free = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0) {
        close(fd);
    }
    return is_free;
}

static void remove_part(int folder, const char *entry)
{
    unlinkat(folder, entry, 0);
    for (size_t i = 0; i < COMPANIONS; i++) {
        char *companion = string_printf("%s%s", entry, companions[i]);
        unlinkat(folder, companion, 0);
        free(companion);
    }
}

/* A companion goes with its part; one that was left without is nobody's. */
static void sweep_entry(int folder, const char *entry, long maker, const char *companion)
{
    char *part = string_copy_bytes(entry, (size_t)(companion - entry));
    struct stat info;
    bool is_alone = *companion != '\0' &&
                    fstatat(folder, part, &info, AT_SYMLINK_NOFOLLOW) != 0 &&
                    errno == ENOENT;
    if (is_alone || is_left_over(folder, part, maker)) {
        remove_part(folder, part);
    }
    free(part);
}

void path_part_sweep(const char *path)
{
    char *folder = path_folder(path);
    DIR *listing = opendir(folder);
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        const char *companion = NULL;
        long maker = maker_of(entry->d_name, path_base(path), &companion);
        if (maker > 0) {
            sweep_entry(dirfd(listing), entry->d_name, maker, companion);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
}

int path_part_open(const char *path, mode_t mode, char **part, struct error *err)
{
    path_part_sweep(path);
    char *folder = path_folder(path);
    char *name = string_printf(".%s.%ld%s", path_base(path), (long)getpid(), part_suffix);
    *part = path_join(folder, name);
    int fd = open(*part, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        error_set(err, ERROR_FAILED,
                  "could not write %s: %s; see that its folder is there and may be "
                  "written",
                  path, error_of_errno(errno));
        free(*part);
        *part = NULL;
    } else {
        flock(fd, LOCK_EX | LOCK_NB); /* where there are no locks, the number has to do */
    }
    free(name);
    free(folder);
    return fd;
}

bool path_part_finish(int fd, const char *part, const char *path, struct error *err)
{
    bool done = fsync(fd) == 0 && rename(part, path) == 0;
    return done || error_set(err, ERROR_FAILED, "could not write %s: %s", path,
                             error_of_errno(errno));
}

void path_part_close(int fd, char *part, bool finished)
{
    if (part != NULL && !finished) {
        remove_part(AT_FDCWD, part);
    }
    if (fd >= 0) {
        close(fd);
    }
    free(part);
}

mode_t path_usual_mode(void)
{
    mode_t mask = umask(077);
    umask(mask);
    return 0666 & ~mask;
}

bool path_write_file(const char *path, const void *bytes, size_t length, mode_t mode,
                     struct error *err)
{
    char *part;
    int fd = path_part_open(path, 0600, &part, err);
    if (fd < 0) {
        return false;
    }
    bool done = path_write_bytes(fd, bytes, length) && fchmod(fd, mode) == 0;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not write %s: %s", path,
                  error_of_errno(errno));
    }
    done = done && path_part_finish(fd, part, path, err);
    path_part_close(fd, part, done);
    return done;
}
