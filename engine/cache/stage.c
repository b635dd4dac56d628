/* cache: stages that become versions, folders of one process, and the broom.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

static const char lock_name[] = "lock";

/* ---- Folders of one process: stages and spools ---- */

struct cache_stage {
    char *folder, *file;
    int lock;
};

/* Eight signs of the boot's id, so that a person sees whether the number is of this boot.
 */
static void read_boot(char boot[9])
{
    memcpy(boot, "00000000", 9);
    int fd = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (fd >= 0) {
        char id[8];
        if (read(fd, id, sizeof id) == (ssize_t)sizeof id) {
            memcpy(boot, id, sizeof id);
        }
        close(fd);
    }
}

/* Take the lock of a folder. Below 0 and errno on failure; EWOULDBLOCK: its owner lives.
 */
static int lock_folder(const char *folder, int flags)
{
    char *path = path_join(folder, lock_name);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
    free(path);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        int number = errno;
        close(fd);
        errno = number;
        return -1;
    }
    return fd;
}

/* Folders are made while the parent is held shared and swept while it is held alone, so a
 * folder that has no lock yet belongs to nobody but a dead process. */
static int hold_parent(const char *parent, int how)
{
    int fd = open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int status;
    do {
        status = fd >= 0 ? flock(fd, how) : -1;
    } while (status != 0 && fd >= 0 && errno == EINTR);
    if (fd >= 0 && status != 0) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* A new folder below CACHE/kind, locked by this process. */
static char *make_own_folder(const char *kind, int *lock, struct error *err)
{
    char *root = cache_root(err);
    char *parent = root != NULL ? path_join(root, kind) : NULL;
    free(root);
    if (parent == NULL || !path_make_folders(parent, err)) {
        free(parent);
        return NULL;
    }
    char boot[9];
    read_boot(boot);
    int held = hold_parent(parent, LOCK_SH);
    char *folder = string_printf("%s/%ld-%s-XXXXXX", parent, (long)getpid(), boot);
    free(parent);
    *lock = -1;
    if (held >= 0 && mkdtemp(folder) != NULL) {
        *lock = lock_folder(folder, O_CREAT | O_EXCL);
    }
    if (*lock < 0) {
        error_set(err, ERROR_FAILED, "could not make the folder %s in the cache: %s",
                  folder, error_of_errno(errno));
        rmdir(folder);
        free(folder);
        folder = NULL;
    }
    if (held >= 0) {
        close(held);
    }
    return folder;
}

struct cache_stage *cache_stage_new(struct error *err)
{
    int lock;
    char *folder = make_own_folder("stage", &lock, err);
    if (folder == NULL) {
        return NULL;
    }
    struct cache_stage *stage = memory_new(sizeof *stage);
    stage->folder = folder;
    stage->file = path_join(folder, "version.db");
    stage->lock = lock;
    return stage;
}

const char *cache_stage_file(const struct cache_stage *stage)
{
    return stage->file;
}

const char *cache_stage_folder(const struct cache_stage *stage)
{
    return stage->folder;
}

void cache_stage_free(struct cache_stage *stage)
{
    if (stage == NULL) {
        return;
    }
    path_remove_tree(stage->folder, NULL);
    close(stage->lock);
    free(stage->folder);
    free(stage->file);
    free(stage);
}

/* The lock lives as long as the process: nothing closes it. */
char *cache_spool_folder(struct error *err)
{
    int lock;
    return make_own_folder("spool", &lock, err);
}

void cache_spools_end(const char *folder)
{
    if (folder != NULL) {
        path_remove_tree(folder, NULL);
    }
}

/* ---- Publishing ---- */

static bool seal_file(const char *path, struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 && fchmod(fd, 0440) == 0 && fsync(fd) == 0;
    if (!good) {
        error_set(err, ERROR_FAILED, "could not write %s to the disk: %s", path,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

static bool move(const char *from, const char *to, struct error *err)
{
    if (path_is_folder(to)) { /* nothing of ours, and in the way */
        path_remove_tree(to, NULL);
    }
    return rename(from, to) == 0 ||
           error_set(err, ERROR_FAILED,
                     "could not put the new version in place as %s: %s", to,
                     error_of_errno(errno));
}

bool cache_stage_publish(struct cache_stage *stage, const char *mesh, const char *domain,
                         const char *name, const char *version_key, struct error *err)
{
    if (!path_is_safe(version_key) || strchr(version_key, '/') != NULL) {
        return error_set(err, ERROR_FAILED, "could not keep a version named \"%s\"",
                         version_key);
    }
    char *folder = cache_product_folder(mesh, domain, name, err);
    if (folder == NULL || !path_make_folders(folder, err) ||
        !seal_file(stage->file, err)) {
        free(folder);
        return false;
    }
    char *file = cache_version_file(folder, version_key);
    char *pointer = path_join(folder, "current");
    char *content = string_printf("%s.db\n", version_key);
    char *staged = path_join(stage->folder, "current");
    /* Everything is made in the stage, so that a kill leaves nothing outside of it. */
    bool good = path_write_file(staged, content, strlen(content), 0600, err) &&
                move(stage->file, file, err) && path_sync_folder(folder, err) &&
                move(staged, pointer, err) && path_sync_folder(folder, err);
    free(staged);
    free(content);
    free(pointer);
    free(file);
    free(folder);
    return good;
}

/* ---- The broom ---- */

/* The lock is taken before and held while the folder goes, so two brooms do not meet. */
static void sweep_folder(const char *folder)
{
    int lock = lock_folder(folder, 0);
    if (lock < 0) {
        if (errno == ENOENT) {
            path_remove_tree(folder, NULL);
        }
        return;
    }
    path_remove_tree(folder, NULL);
    close(lock);
}

static void sweep_kind(const char *root, const char *kind)
{
    char *parent = path_join(root, kind);
    int held = hold_parent(parent, LOCK_EX);
    DIR *listing = held >= 0 ? opendir(parent) : NULL;
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') {
            char *folder = path_join(parent, entry->d_name);
            sweep_folder(folder);
            free(folder);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    if (held >= 0) {
        close(held);
    }
    free(parent);
}

void cache_sweep(void)
{
    char *root = cache_root(NULL);
    if (root != NULL) {
        sweep_kind(root, "stage");
        sweep_kind(root, "spool");
    }
    free(root);
}
