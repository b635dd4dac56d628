/* cache: leases: a version that somebody reads stays.
 *
 * A shared flock(2) on the version itself, which needs no right but to read it and ends
 * with the process. Where flock(2) does not work: a file beside it whose name tells who.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { LOOK_AGAIN_NS = 2 * 1000 * 1000, LOOKS = 1000 };

struct cache_lease {
    int fd;
    char *name; /* of the file that is the lease, where flock(2) does not work */
};

/* Is what is open still what has this name? */
static bool is_still_there(int fd, const char *file)
{
    struct stat open_one, named;
    return fstat(fd, &open_one) == 0 && stat(file, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/* Who removes a version holds it alone for a moment. */
static bool hold_shared(int fd)
{
    for (int i = 0; i < LOOKS; i++) {
        if (flock(fd, LOCK_SH | LOCK_NB) == 0) {
            return true;
        }
        if (errno != EWOULDBLOCK && errno != EINTR) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
    }
    return false;
}

static char *lease_prefix(const char *file)
{
    return cache_beside(file, ".lease,");
}

static char *make_lease_file(const char *file, int fd)
{
    char who[CACHE_WHO_SIZE];
    cache_who(who);
    char *prefix = lease_prefix(file);
    char *name = string_printf("%s%s,%d", prefix, who, fd);
    int made = open(name, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    free(prefix);
    if (made < 0) {
        free(name);
        return NULL;
    }
    close(made);
    return name;
}

/* When it was opened last, as the time of a file beside it: cheap, and for all who read.
 * In a place that cannot be written nobody evicts either. */
static void note_use(const char *file)
{
    char *used = cache_beside(file, ".used");
    int fd = open(used, O_WRONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0 && errno == ENOENT) {
        char *folder = path_folder(file);
        struct stat info;
        bool is_shared = stat(folder, &info) == 0 && (info.st_mode & S_IWGRP) != 0;
        fd = open(used, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd >= 0 && is_shared) {
            fchmod(fd, 0660);
        }
        free(folder);
    }
    if (fd >= 0) {
        futimens(fd, NULL);
        close(fd);
    }
    free(used);
}

static void let_go(struct cache_lease *lease)
{
    if (lease->name != NULL) {
        unlink(lease->name);
    }
    if (lease->fd >= 0) {
        close(lease->fd);
    }
    free(lease->name);
    *lease = (struct cache_lease){.fd = -1};
}

/* One attempt. */
static bool hold(const char *file, struct cache_lease *lease)
{
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    *lease = (struct cache_lease){.fd = fd};
    if (fd < 0) {
        return false;
    }
    char *folder = path_folder(file);
    bool held = !cache_lacks_locks(folder) && hold_shared(fd);
    if (!held) {
        lease->name = make_lease_file(file, fd);
        held = lease->name != NULL || access(folder, W_OK) != 0; /* nobody removes it */
    }
    free(folder);
    if (!held || !is_still_there(fd, file)) {
        let_go(lease);
        return false;
    }
    return true;
}

struct cache_lease *cache_lease_take(const char *file, struct error *err)
{
    enum { TRIES = 20 };
    struct cache_lease lease;
    bool held = hold(file, &lease);
    /* It may just have been made again under its key. */
    for (int i = 1; i < TRIES && !held && path_exists(file); i++) {
        held = hold(file, &lease);
    }
    if (!held) {
        error_set(err, ERROR_FAILED, "the version %s is gone from the cache; try again",
                  file);
        return NULL;
    }
    note_use(file);
    struct cache_lease *taken = memory_new(sizeof *taken);
    *taken = lease;
    return taken;
}

void cache_lease_release(struct cache_lease *lease)
{
    if (lease != NULL) {
        let_go(lease);
        free(lease);
    }
}

char *cache_current_leased(const struct cache_product *product,
                           struct cache_lease **lease)
{
    enum { TRIES = 100 };
    char *file = NULL;
    *lease = NULL;
    for (int i = 0; i < TRIES && *lease == NULL; i++) {
        free(file);
        file = cache_current(product);
        if (file == NULL) {
            return NULL;
        }
        *lease = cache_lease_take(file, NULL);
    }
    if (*lease == NULL) {
        free(file);
        file = NULL;
    }
    return file;
}

/* ---- Is there a lease? ---- */

/* Files of leases: those of processes that are gone go with the question. */
static bool has_lease_file(const char *file)
{
    char *prefix = lease_prefix(file), *folder = path_folder(file);
    const char *base = path_base(prefix);
    DIR *listing = opendir(folder);
    bool found = false;
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (!string_starts(entry->d_name, base)) {
            continue;
        }
        if (cache_who_is_gone(entry->d_name + strlen(base))) {
            unlinkat(dirfd(listing), entry->d_name, 0);
        } else {
            found = true;
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
    free(prefix);
    return found;
}

/* Others who only ask hold it for a moment too: a few looks tell them from readers. */
static bool is_held(int fd)
{
    enum { ASKS = 4 };
    for (int i = 0; i < ASKS; i++) {
        if (flock(fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) {
            return false;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS / 8}, NULL);
    }
    return true;
}

int cache_hold_alone(const char *file)
{
    int fd = open(file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) {
        return -1;
    }
    if (is_held(fd) || has_lease_file(file)) {
        close(fd);
        errno = EWOULDBLOCK;
        return -1;
    }
    return fd;
}
