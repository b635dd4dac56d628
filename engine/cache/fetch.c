/* cache: one fetch of a product at a time, the folder it arrives in, and room for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <time.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/text.h"

enum { LOOK_AGAIN_NS = 20 * 1000 * 1000 };

struct cache_fetch {
    struct cache_lock lock;
};

/* What "current" is: replaced by rename, so another file whenever it was published. */
static struct stat look_at_current(const char *folder)
{
    struct stat info = {0};
    char *pointer = path_join(folder, "current");
    if (stat(pointer, &info) != 0) {
        info = (struct stat){0};
    }
    free(pointer);
    return info;
}

static bool is_another(const struct stat *a, const struct stat *b)
{
    return a->st_ino != b->st_ino || a->st_dev != b->st_dev ||
           a->st_mtim.tv_sec != b->st_mtim.tv_sec ||
           a->st_mtim.tv_nsec != b->st_mtim.tv_nsec;
}

static void tell_waiting(struct job_port *port)
{
    if (port != NULL) {
        struct job_progress progress = {.rows = -1,
                                        .note = "waiting: another process fetches it"};
        job_report(port, &progress);
    }
}

static bool wait_for_lock(const char *path, struct job_port *port,
                          struct cache_lock *lock, struct error *err)
{
    enum cache_answer answer;
    bool has_told = false;
    while ((answer = cache_lock_try(path, false, lock)) == CACHE_BUSY) {
        if (port != NULL && job_cancelled(port)) {
            return error_set(err, ERROR_CANCELLED,
                             "waiting for another process that fetches the same product "
                             "was cancelled");
        }
        if (!has_told) {
            tell_waiting(port);
            has_told = true;
        }
        nanosleep(&(struct timespec){.tv_nsec = LOOK_AGAIN_NS}, NULL);
    }
    return answer == CACHE_LOCKED ||
           error_set(err, ERROR_FAILED, "could not take the lock %s: %s", path,
                     error_of_errno(errno));
}

struct cache_fetch *cache_fetch_lock(const struct cache_product *product,
                                     struct job_port *port, bool *published,
                                     struct error *err)
{
    struct cache_home home;
    struct cache_fetch *fetch = NULL;
    *published = false;
    if (!cache_home_of(product, &home, err)) {
        return NULL;
    }
    char *folder = cache_folder_below(&home, product);
    char *path = path_join(folder, "fetch");
    struct cache_lock lock;
    if (cache_make_folder(&home, product, folder, err)) {
        struct stat before = look_at_current(folder);
        if (wait_for_lock(path, port, &lock, err)) {
            struct stat after = look_at_current(folder);
            *published = after.st_ino != 0 && is_another(&before, &after);
            fetch = memory_new(sizeof *fetch);
            fetch->lock = lock;
        }
    }
    free(path);
    free(folder);
    cache_home_close(&home);
    return fetch;
}

void cache_fetch_unlock(struct cache_fetch *fetch)
{
    if (fetch != NULL) {
        cache_lock_end(&fetch->lock);
        free(fetch);
    }
}

char *cache_partial_folder(const struct cache_product *product, struct error *err)
{
    char *root = cache_root(err);
    if (root == NULL) {
        return NULL;
    }
    const struct cache_home own = {.root = root};
    char *versions = cache_folder_below(&own, product);
    char digest[DIGEST_SIZE];
    struct text path = {0};
    digest_bytes(versions, strlen(versions), digest);
    text_printf(&path, "%s/partial/%.32s", root, digest);
    free(versions);
    free(root);
    char *folder = text_take(&path);
    if (!path_make_folders(folder, err)) {
        free(folder);
        folder = NULL;
    }
    return folder;
}

static long long room_in(const char *folder)
{
    struct statvfs info;
    if (statvfs(folder, &info) != 0) {
        return -1;
    }
    return (long long)info.f_bavail * (long long)info.f_frsize;
}

long long cache_room(void)
{
    struct cache_home shared;
    char *root = cache_root(NULL);
    long long room = root != NULL ? room_in(root) : -1;
    free(root);
    if (cache_home_shared(&shared, NULL)) {
        long long there = room_in(shared.root);
        room = room < 0 || (there >= 0 && there < room) ? there : room;
        cache_home_close(&shared);
    }
    return room;
}
