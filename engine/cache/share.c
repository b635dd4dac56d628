/* cache: folders that several people write, and what each believes of what lies there.
 *
 * Modes and groups are set in so many words, whatever the umask. A version is believed by
 * its SHA-256, which lies beside it: each person reads it through once, and keeps a mark
 * of the file (device, inode, size, time of its last change) in a place of one's own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/cache/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/text.h"

enum { SUM_LENGTH = DIGEST_SIZE - 1 };

/* ---- Folders ---- */

static bool fail_folder(const char *folder, const char *why, struct error *err)
{
    return error_set(
        err, ERROR_FAILED,
        "could not use %s of the shared cache: %s; ask who runs it to remove "
        "it",
        folder, why);
}

static bool check_folder(const char *folder, gid_t group, struct error *err)
{
    struct stat info;
    if (lstat(folder, &info) != 0) {
        return fail_folder(folder, error_of_errno(errno), err);
    }
    return S_ISDIR(info.st_mode)
               ? info.st_gid != group
                     ? fail_folder(folder, "it belongs to another group", err)
                     : (info.st_mode & S_IRWXO) == 0 ||
                           fail_folder(folder, "it is open to everybody", err)
               : fail_folder(folder, "it is no folder", err);
}

/* Made beside and renamed: nobody sees it with other modes. */
bool cache_make_shared_folder(const char *folder, gid_t group, mode_t mode,
                              struct error *err)
{
    struct stat info;
    if (lstat(folder, &info) == 0) {
        return check_folder(folder, group, err);
    }
    char *beside = string_printf("%s.new-XXXXXX", folder);
    bool made = mkdtemp(beside) != NULL;
    bool good = made && chown(beside, (uid_t)-1, group) == 0 &&
                chmod(beside, mode) == 0 && rename(beside, folder) == 0;
    int number = errno;
    if (made && !good) {
        rmdir(beside);
    }
    free(beside);
    if (good) {
        return true;
    }
    return lstat(folder, &info) == 0 ? check_folder(folder, group, err)
                                     : fail_folder(folder, error_of_errno(number), err);
}

/* The folders of a product below a shared root: products, mesh, role, domain, name. From
 * the role on they are of its group. */
bool cache_make_folder(const struct cache_home *home, const struct cache_product *product,
                       const char *folder, struct error *err)
{
    enum { ROLE_STEP = 3 };
    if (!home->is_shared) {
        return path_make_folders(folder, err);
    }
    char *path = string_copy(folder);
    bool good = true;
    int step = 0;
    for (char *p = path + strlen(home->root) + 1; good; p++) {
        if (*p != '/' && *p != '\0') {
            continue;
        }
        char kept = *p;
        *p = '\0';
        step++;
        bool is_of_role = step >= ROLE_STEP && product->group > 0;
        gid_t group = is_of_role ? (gid_t)product->group : home->group;
        good = cache_make_shared_folder(path, group, CACHE_SHARED_FOLDER, err);
        *p = kept;
        if (kept == '\0') {
            break;
        }
    }
    free(path);
    return good;
}

/* A folder that cannot be entered counts as empty; one that others may have put there is
 * not believed. */
bool cache_is_believed(const struct cache_home *home, const char *folder)
{
    if (!home->is_shared) {
        return true;
    }
    char *path = string_copy(folder);
    bool good = true;
    struct stat info;
    for (char *p = path + strlen(home->root) + 1; good; p++) {
        if (*p != '/' && *p != '\0') {
            continue;
        }
        char kept = *p;
        *p = '\0';
        good = lstat(path, &info) == 0 && S_ISDIR(info.st_mode) &&
               (info.st_mode & S_IRWXO) == 0 && (info.st_mode & S_ISGID) != 0;
        *p = kept;
        if (kept == '\0') {
            break;
        }
    }
    free(path);
    return good;
}

/* ---- Sums ---- */

static bool sum_of_file(const char *path, char hex[SUM_LENGTH + 1])
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    bool done = fd >= 0 && digest_file(fd, hex);
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

bool cache_write_sum(const char *file, const char *sum, struct error *err)
{
    char hex[SUM_LENGTH + 2];
    if (!sum_of_file(file, hex)) {
        return error_set(err, ERROR_FAILED, "could not read %s again: %s", file,
                         error_of_errno(errno));
    }
    hex[SUM_LENGTH] = '\n';
    return path_write_file(sum, hex, sizeof hex - 1, 0600, err);
}

/* Alone, its own and closed to changes: what a publisher leaves. */
static bool is_sealed(const char *file, struct stat *info)
{
    struct stat folder;
    char *around = path_folder(file);
    bool good = lstat(file, info) == 0 && S_ISREG(info->st_mode) && info->st_nlink == 1 &&
                (info->st_mode & (S_IWUSR | S_IWGRP | S_IRWXO)) == 0 &&
                stat(around, &folder) == 0 && folder.st_gid == info->st_gid;
    free(around);
    return good;
}

static char *mark_path(const char *file)
{
    char *root = cache_root(NULL);
    char digest[DIGEST_SIZE];
    struct text path = {0};
    if (root == NULL) {
        return NULL;
    }
    digest_bytes(file, strlen(file), digest);
    text_printf(&path, "%s/verified", root);
    free(root);
    if (!path_make_folders(text_string(&path), NULL)) {
        text_release(&path);
        return NULL;
    }
    text_printf(&path, "/%.32s", digest);
    return text_take(&path);
}

static char *mark_of(const struct stat *info)
{
    return string_printf("%llu %llu %lld %lld.%09ld\n", (unsigned long long)info->st_dev,
                         (unsigned long long)info->st_ino, (long long)info->st_size,
                         (long long)info->st_ctim.tv_sec, info->st_ctim.tv_nsec);
}

static bool matches_sum(const char *file)
{
    char *sum = cache_beside(file, ".sha256");
    char *told = NULL;
    char hex[SUM_LENGTH + 1];
    size_t length;
    struct stat info;
    bool good = is_sealed(sum, &info) &&
                path_read_file(sum, SUM_LENGTH + 1, &told, &length, NULL) &&
                length >= SUM_LENGTH && sum_of_file(file, hex) &&
                memcmp(told, hex, SUM_LENGTH) == 0;
    free(told);
    free(sum);
    return good;
}

/* While a version is published again under its key, sum and file do not agree for a
 * moment: then it is looked at again when the publisher has done. */
static bool matches_at_rest(const char *file)
{
    if (matches_sum(file)) {
        return true;
    }
    char *folder = path_folder(file);
    struct cache_lock lock;
    bool good = cache_lock_folder(folder, &lock, NULL);
    if (good) {
        good = matches_sum(file);
        cache_lock_end(&lock);
    }
    free(folder);
    return good;
}

/* Believe this file from now on, as long as it stays what it is. */
static void set_mark(const char *file, const struct stat *info)
{
    char *path = mark_path(file), *mark = mark_of(info);
    if (path != NULL) {
        path_write_file(path, mark, strlen(mark), 0600, NULL);
    }
    free(mark);
    free(path);
}

void cache_note_verified(const struct cache_home *home, const char *file)
{
    struct stat info;
    if (home->is_shared && is_sealed(file, &info)) {
        set_mark(file, &info);
    }
}

static bool has_mark(const char *file, const struct stat *info)
{
    char *path = mark_path(file), *mark = mark_of(info), *known = NULL;
    size_t length;
    bool has = path != NULL && path_read_file(path, 256, &known, &length, NULL) &&
               string_equal(mark, known);
    free(known);
    free(mark);
    free(path);
    return has;
}

bool cache_is_verified(const struct cache_home *home, const char *file)
{
    struct stat info;
    if (!home->is_shared) {
        return true;
    }
    bool good = is_sealed(file, &info);
    if (good && !has_mark(file, &info)) {
        good = matches_at_rest(file);
        if (good) {
            set_mark(file, &info);
        }
    }
    return good;
}

/* ---- Sealing ---- */

bool cache_seal_file(const struct cache_home *home, const char *path, const char *folder,
                     struct error *err)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool good = fd >= 0 &&
                (!home->is_shared ||
                 (stat(folder, &info) == 0 && fchown(fd, (uid_t)-1, info.st_gid) == 0));
    good = good && fchmod(fd, 0440) == 0 && fsync(fd) == 0;
    if (!good) {
        error_set(err, ERROR_FAILED, "could not write %s to the disk: %s", path,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return good;
}

bool cache_seal_folder(const struct cache_home *home, const char *path,
                       const char *folder, struct error *err)
{
    struct stat info;
    bool good = home->is_shared ? stat(folder, &info) == 0 &&
                                      chown(path, (uid_t)-1, info.st_gid) == 0 &&
                                      chmod(path, CACHE_SHARED_FOLDER) == 0
                                : chmod(path, 0700) == 0;
    return good || error_set(err, ERROR_FAILED, "could not set the mode of %s: %s", path,
                             error_of_errno(errno));
}
