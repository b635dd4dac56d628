/* access: local files below a product's folder, one by one or by a glob.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/git.h"
#include "engine/path.h"

enum { GLOB_FILES_MOST = 10000 };

/* Anything but a URL: letters, then "://"; and git:PATH is none. */
bool local_takes(const char *location)
{
    if (git_location_is(location)) {
        return false;
    }
    size_t letters =
        strspn(location, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                         "0123456789+.-");
    return letters == 0 || strncmp(location + letters, "://", 3) != 0;
}

static long long nanoseconds(struct timespec time)
{
    return (long long)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool add_file(const char *folder, const char *relative, bool open,
                     struct array *files, struct error *err)
{
    struct stat info;
    int fd = path_open_beneath(folder, relative, err);
    if (fd < 0) {
        return false;
    }
    if (fstat(fd, &info) != 0) {
        close(fd);
        return error_set(err, ERROR_FAILED, "could not look at %s: %s", relative,
                         error_of_errno(errno));
    }
    if (!pointer_check(fd, relative, (long long)info.st_size, err)) {
        close(fd);
        return false;
    }
    struct access_file *file = array_push(files);
    file->path = string_copy(relative);
    file->fd = open ? fd : -1;
    file->bytes = (long long)info.st_size;
    file->modified_ns = nanoseconds(info.st_mtim);
    file->changed_ns = nanoseconds(info.st_ctim);
    if (!open) {
        close(fd);
    }
    return true;
}

/* ---- Globs: fnmatch part by part; hidden names and links to folders are not entered.
 * ---- */

struct glob {
    const char *folder;
    struct array found; /* of char *, relative paths */
};

static void glob_part(struct glob *glob, const char *done, const char *pattern);

static void glob_entry(struct glob *glob, const char *done, const char *name,
                       const char *rest)
{
    char *relative = done[0] != '\0' ? path_join(done, name) : string_copy(name);
    char *full = path_join(glob->folder, relative);
    struct stat info;
    bool there = lstat(full, &info) == 0;
    if (there && rest[0] == '\0' && !S_ISDIR(info.st_mode)) {
        if (glob->found.count < GLOB_FILES_MOST) {
            *(char **)array_push(&glob->found) = string_copy(relative);
        }
    } else if (there && rest[0] != '\0' && S_ISDIR(info.st_mode)) {
        glob_part(glob, relative, rest);
    }
    free(full);
    free(relative);
}

static void glob_part(struct glob *glob, const char *done, const char *pattern)
{
    size_t length = strcspn(pattern, "/");
    char *part = string_copy_bytes(pattern, length);
    const char *rest = pattern + length + (pattern[length] == '/' ? 1 : 0);
    char *full = path_join(glob->folder, done);
    DIR *listing = opendir(full);
    struct dirent *entry;
    while (listing != NULL && (entry = readdir(listing)) != NULL) {
        if (fnmatch(part, entry->d_name, FNM_PERIOD | FNM_NOESCAPE) == 0 &&
            entry->d_name[0] != '.') {
            glob_entry(glob, done, entry->d_name, rest);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(full);
    free(part);
}

static int compare_paths(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool glob_files(const char *folder, const char *pattern, bool open,
                       struct array *files, struct error *err)
{
    struct glob glob = {.folder = folder, .found = ARRAY_OF(char *)};
    glob_part(&glob, "", pattern);
    bool good = glob.found.count > 0 && glob.found.count < GLOB_FILES_MOST;
    if (!good) {
        error_set(err, ERROR_FAILED,
                  glob.found.count == 0
                      ? "no file below %s matches %s"
                      : "more files below %s match %s than can be one table",
                  folder, pattern);
    }
    if (glob.found.count > 1) {
        qsort(glob.found.items, glob.found.count, sizeof(char *), compare_paths);
    }
    for (size_t i = 0; i < glob.found.count; i++) {
        char *relative = *(char **)array_at(&glob.found, i);
        good = good && add_file(folder, relative, open, files, err);
        free(relative);
    }
    array_release(&glob.found);
    return good;
}

static bool is_there(const char *folder, const char *between, const char *location)
{
    char *full = string_printf("%s/%s%s", folder, between, location);
    bool there = path_exists(full);
    free(full);
    return there;
}

bool local_files(const char *folder, const char *location, bool open, struct array *files,
                 struct error *err)
{
    while (strncmp(location, "./", 2) == 0) {
        location += 2;
    }
    if (!path_is_safe(location)) {
        return error_set(
            err, ERROR_FAILED,
            "could not read \"%s\": a data file must lie in its product's folder, "
            "so its path may not be absolute, hidden or climb with ..",
            location);
    }
    /* A file may well be called "[table].csv": what is there is no pattern. */
    if (is_there(folder, "", location)) {
        return add_file(folder, location, open, files, err);
    }
    if (is_there(folder, "data/", location)) {
        char *below = string_printf("data/%s", location);
        bool good = add_file(folder, below, open, files, err);
        free(below);
        return good;
    }
    return strpbrk(location, "*?[") == NULL
               ? add_file(folder, location, open, files, err)
               : glob_files(folder, location, open, files, err);
}
