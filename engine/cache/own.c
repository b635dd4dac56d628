/* cache: folders of one process (stages and spools), and the broom for those whose
 * process is gone.
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
#include <time.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { A_MINUTE = 60, PARTIAL_SECONDS = 7 * 86400 };

static const char lock_name[] = "lock";

/* ---- Making ---- */

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

/* A lock that lasts as long as the process, and says who that is for file systems where
 * locks tell nothing. */
static int make_lock(const char *folder)
{
    char who[CACHE_WHO_SIZE];
    char *path = path_join(folder, lock_name);
    cache_who(who);
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool is_told = fd >= 0 && path_write_bytes(fd, who, strlen(who));
    /* On a full disk the lock itself is enough. */
    bool good = fd >= 0 &&
                (flock(fd, LOCK_EX | LOCK_NB) == 0 || (is_told && errno != EWOULDBLOCK));
    if (!good && fd >= 0) {
        int number = errno;
        close(fd);
        errno = number;
        fd = -1;
    }
    free(path);
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
    return fd;
}

/* Where folders of this kind lie below ROOT, and which folder is held while one is made:
 * in a shared cache one of the person's own, which nobody else can hold for ever. */
static bool open_parent(const struct cache_home *shared, const char *kind, char **parent,
                        char **held, struct error *err)
{
    char *root = cache_root(err);
    *held = root != NULL ? path_join(root, kind) : NULL;
    *parent = NULL;
    free(root);
    if (*held == NULL || !path_make_folders(*held, err)) {
        return false;
    }
    *parent = shared != NULL ? path_join(shared->root, kind) : string_copy(*held);
    return shared == NULL ||
           cache_make_shared_folder(*parent, shared->group, CACHE_STICKY_FOLDER, err);
}

char *cache_make_own(const struct cache_home *shared, const char *kind, int *lock,
                     struct error *err)
{
    char *parent, *held;
    char boot[9];
    *lock = -1;
    if (!open_parent(shared, kind, &parent, &held, err)) {
        free(parent);
        free(held);
        return NULL;
    }
    read_boot(boot);
    int hold = hold_parent(held, LOCK_SH);
    char *folder = string_printf("%s/%ld-%s-XXXXXX", parent, (long)getpid(), boot);
    if (hold >= 0 && mkdtemp(folder) != NULL && chmod(folder, 0700) == 0) {
        *lock = make_lock(folder);
    }
    if (*lock < 0) {
        error_set(err, ERROR_FAILED, "could not make the folder %s in the cache: %s",
                  folder, error_of_errno(errno));
        path_remove_tree(folder, NULL);
        free(folder);
        folder = NULL;
    }
    if (hold >= 0) {
        close(hold);
    }
    free(parent);
    free(held);
    return folder;
}

/* The lock lives as long as the process: nothing closes it. */
char *cache_spool_folder(struct error *err)
{
    int lock;
    return cache_make_own(NULL, "spool", &lock, err);
}

void cache_spools_end(const char *folder)
{
    if (folder != NULL) {
        path_remove_tree(folder, NULL);
    }
}

/* ---- The broom ---- */

/* Does the process that made this folder live? If not, *lock is taken, so that two brooms
 * do not meet; -1 where that is not possible. */
static bool has_owner(const char *folder, bool with_locks, int *lock)
{
    char *path = path_join(folder, lock_name), *who = NULL;
    size_t length;
    struct stat info;
    *lock = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    bool lives = *lock < 0 && errno != ENOENT;
    if (*lock < 0 && !lives && !with_locks) {
        lives = stat(folder, &info) == 0 && info.st_mtime > time(NULL) - A_MINUTE;
    } else if (*lock >= 0 && with_locks) {
        lives = flock(*lock, LOCK_EX | LOCK_NB) != 0;
    } else if (*lock >= 0) {
        lives = !path_read_file(path, CACHE_WHO_SIZE, &who, &length, NULL) ||
                !cache_who_is_gone(who);
    }
    free(who);
    free(path);
    return lives;
}

static void sweep_folder(const char *folder, bool with_locks)
{
    int lock;
    struct stat info;
    if (lstat(folder, &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != geteuid()) {
        return; /* another person sweeps it */
    }
    if (!has_owner(folder, with_locks, &lock)) {
        cache_stage_clean(folder);
        path_remove_tree(folder, NULL);
    }
    if (lock >= 0) {
        close(lock);
    }
}

/* `held` is locked meanwhile; it is `parent` itself, or the person's own one. */
static void sweep_kind(const char *parent, const char *held)
{
    int hold = hold_parent(held, LOCK_EX);
    bool with_locks = !cache_lacks_locks(parent);
    DIR *listing = hold >= 0 ? opendir(parent) : NULL;
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') {
            char *folder = path_join(parent, entry->d_name);
            sweep_folder(folder, with_locks);
            free(folder);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    if (hold >= 0) {
        close(hold);
    }
}

/* What arrived and nobody came back for. */
static void sweep_partial(const char *root)
{
    char *parent = path_join(root, "partial");
    DIR *listing = opendir(parent);
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        struct stat info;
        char *folder = path_join(parent, entry->d_name);
        if (entry->d_name[0] != '.' && lstat(folder, &info) == 0 &&
            info.st_mtime < time(NULL) - PARTIAL_SECONDS) {
            path_remove_tree(folder, NULL);
        }
        free(folder);
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(parent);
}

void cache_sweep(void)
{
    struct cache_home shared;
    char *root = cache_root(NULL);
    if (root == NULL) {
        return;
    }
    char *stages = path_join(root, "stage"), *spools = path_join(root, "spool");
    sweep_kind(stages, stages);
    sweep_kind(spools, spools);
    sweep_partial(root);
    if (cache_home_shared(&shared, NULL)) {
        char *theirs = path_join(shared.root, "stage");
        sweep_kind(theirs, stages);
        free(theirs);
        cache_home_close(&shared);
    }
    free(stages);
    free(spools);
    free(root);
}
