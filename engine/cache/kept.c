/* cache: the versions of a product that are here: listed, removed, made current again.
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
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

/* ---- The list ---- */

static long long bytes_below(int parent, const char *name, int depth)
{
    enum { DEEPEST = 64 };
    int fd = depth < DEEPEST
                 ? openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
                 : -1;
    DIR *listing = fd >= 0 ? fdopendir(fd) : NULL;
    long long bytes = 0;
    struct dirent *entry;
    if (listing == NULL && fd >= 0) {
        close(fd);
    }
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        struct stat info;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(fd, entry->d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
            continue;
        }
        bytes += S_ISDIR(info.st_mode) ? bytes_below(fd, entry->d_name, depth + 1)
                                       : (long long)info.st_size;
    }
    if (listing != NULL) {
        closedir(listing);
    }
    return bytes;
}

static long long nanoseconds_of(struct timespec time)
{
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void add_version(const char *folder, const char *name, const char *current,
                        struct array *versions)
{
    struct stat info, used;
    char *file = path_join(folder, name);
    if (lstat(file, &info) != 0 || !S_ISREG(info.st_mode)) {
        free(file);
        return;
    }
    char *mark = cache_beside(file, ".used"), *files = cache_beside(file, ".files");
    if (lstat(mark, &used) != 0) {
        used = info;
    }
    int alone = cache_hold_alone(file);
    bool is_open = alone < 0 && errno == EWOULDBLOCK;
    struct cache_version *version = array_push(versions);
    version->key = string_copy_bytes(name, strlen(name) - strlen(".db"));
    version->file = file;
    version->made_ns = nanoseconds_of(info.st_mtim);
    version->used_ns = nanoseconds_of(used.st_mtim);
    version->bytes = (long long)info.st_size + bytes_below(AT_FDCWD, files, 0);
    version->is_current = string_equal(file, current);
    version->is_open = is_open;
    if (alone >= 0) {
        close(alone);
    }
    free(mark);
    free(files);
}

static int by_age(const void *a, const void *b)
{
    const struct cache_version *one = a, *other = b;
    return one->made_ns != other->made_ns ? (one->made_ns > other->made_ns ? -1 : 1)
                                          : strcmp(one->key, other->key);
}

struct array cache_versions_in(const char *folder)
{
    struct array versions = ARRAY_OF(struct cache_version);
    char *current = cache_current_in(folder);
    DIR *listing = opendir(folder);
    for (struct dirent *entry; listing != NULL && (entry = readdir(listing)) != NULL;) {
        if (entry->d_name[0] != '.' && string_ends(entry->d_name, ".db") &&
            strlen(entry->d_name) > strlen(".db")) {
            add_version(folder, entry->d_name, current, &versions);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(current);
    if (versions.count > 1) {
        qsort(versions.items, versions.count, sizeof(struct cache_version), by_age);
    }
    return versions;
}

/* The folder of a product and its home; NULL when it may not be believed. */
static char *open_product(const struct cache_product *product, struct cache_home *home,
                          struct error *err)
{
    if (!cache_home_of(product, home, err)) {
        return NULL;
    }
    char *folder = cache_folder_below(home, product);
    if (path_is_folder(folder) && cache_is_believed(home, folder)) {
        return folder;
    }
    error_set(err, ERROR_FAILED, "no version of %s is here; get %s fetches one",
              product->name, product->name);
    free(folder);
    cache_home_close(home);
    return NULL;
}

struct array cache_versions(const struct cache_product *product)
{
    struct array versions = ARRAY_OF(struct cache_version);
    struct cache_home home;
    char *folder = open_product(product, &home, NULL);
    if (folder != NULL) {
        versions = cache_versions_in(folder);
        cache_home_close(&home);
    }
    free(folder);
    return versions;
}

void cache_versions_release(struct array *versions)
{
    for (size_t i = 0; i < versions->count; i++) {
        struct cache_version *version = array_at(versions, i);
        free(version->key);
        free(version->file);
    }
    array_release(versions);
}

/* ---- Removing ---- */

static bool move_into(const struct cache_stage *stage, const char *file,
                      const char *suffix)
{
    char *from = cache_beside(file, suffix);
    char *name = string_printf("gone%s", suffix);
    char *to = path_join(cache_stage_folder(stage), name);
    bool good = rename(from, to) == 0 || errno == ENOENT;
    free(to);
    free(name);
    free(from);
    return good;
}

/* One rename takes it away: into a stage, which goes as a whole, now or with a sweep. */
static bool take_away(struct cache_stage *stage, const char *folder, const char *file,
                      bool is_current, struct error *err)
{
    static const char *const suffixes[] = {".db", ".sha256", ".files", ".used"};
    char *pointer = path_join(folder, "current");
    bool good = cache_stage_note(stage, folder, err) &&
                (!is_current || unlink(pointer) == 0 || errno == ENOENT);
    for (size_t i = 0; good && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        good = move_into(stage, file, suffixes[i]);
    }
    if (!good) {
        error_set(err, ERROR_FAILED, "could not remove the version %s: %s", file,
                  error_of_errno(errno));
    }
    free(pointer);
    good = good && path_sync_folder(folder, err);
    if (good) {
        cache_stage_forget(stage);
    }
    return good;
}

bool cache_remove_in(const struct cache_home *home, const char *folder,
                     const char *version_key, bool even_current, struct error *err)
{
    struct cache_lock lock;
    if (!cache_lock_folder(folder, &lock, err)) {
        return false;
    }
    char *file = cache_version_file(folder, version_key);
    char *current = cache_current_in(folder);
    bool is_current = string_equal(file, current), good = false;
    struct cache_stage *stage = NULL;
    int alone = cache_hold_alone(file);
    if (alone < 0) {
        error_set(err, ERROR_FAILED, "could not remove the version %s: %s", version_key,
                  errno == EWOULDBLOCK ? "somebody reads it; close what shows it first"
                  : errno == ENOENT    ? "there is no such version here"
                                       : error_of_errno(errno));
    } else if (is_current && !even_current) {
        error_set(err, ERROR_FAILED,
                  "could not remove the version %s: it is the current one; make another "
                  "one current first (--use)",
                  version_key);
    } else {
        stage = cache_stage_in(home, err);
        good = stage != NULL && take_away(stage, folder, file, is_current, err);
    }
    if (alone >= 0) {
        close(alone);
    }
    free(current);
    free(file);
    cache_lock_end(&lock);
    cache_stage_free(stage); /* after the lock, which it may want */
    return good;
}

bool cache_version_remove(const struct cache_product *product, const char *version_key,
                          struct error *err)
{
    struct cache_home home;
    if (!cache_key_is_safe(version_key)) {
        return error_set(err, ERROR_FAILED, "there is no version \"%s\" here",
                         version_key);
    }
    char *folder = open_product(product, &home, err);
    if (folder == NULL) {
        return false;
    }
    bool good = cache_remove_in(&home, folder, version_key, false, err);
    free(folder);
    cache_home_close(&home);
    return good;
}

int cache_keep(const struct cache_product *product, int most)
{
    struct cache_home home;
    int removed = 0, kept = 0;
    char *folder = most > 0 ? open_product(product, &home, NULL) : NULL;
    if (folder == NULL) {
        return 0;
    }
    struct array versions = cache_versions_in(folder);
    for (size_t i = 0; i < versions.count; i++) {
        kept += ((const struct cache_version *)array_at(&versions, i))->is_current;
    }
    for (size_t i = 0; i < versions.count; i++) {
        const struct cache_version *version = array_at(&versions, i);
        if (!version->is_current && kept++ >= most && !version->is_open &&
            cache_remove_in(&home, folder, version->key, false, NULL)) {
            removed++;
        }
    }
    cache_versions_release(&versions);
    free(folder);
    cache_home_close(&home);
    return removed;
}

/* ---- Going back ---- */

bool cache_version_use(const struct cache_product *product, const char *version_key,
                       struct error *err)
{
    struct cache_home home;
    struct cache_lock lock;
    char *folder = open_product(product, &home, err);
    if (folder == NULL) {
        return false;
    }
    struct cache_stage *stage = cache_stage_in(&home, err);
    bool good = stage != NULL && cache_lock_folder(folder, &lock, err);
    if (good) {
        char *file = cache_version(product, version_key);
        good = file != NULL ? cache_point_to(stage, &home, folder, version_key, err)
                            : error_set(err, ERROR_FAILED,
                                        "could not use the version %s: there is none "
                                        "such here, or it is damaged",
                                        version_key);
        free(file);
        cache_lock_end(&lock);
    }
    cache_stage_free(stage);
    free(folder);
    cache_home_close(&home);
    return good;
}
