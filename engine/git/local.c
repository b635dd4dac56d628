/* git: finds the repository on this host that a descriptor may name, and takes its
 * objects without its configuration.
 * Source: gitrepository-layout(5).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"

enum { MOST_POINTER = 4096, MOST_DEEP_IN_OBJECTS = 3 };

struct found {
    char *folder;  /* with HEAD */
    char *common;  /* with objects and refs: another one in a linked work tree */
    char *prefix;  /* where the named folder lies in it */
    bool is_above; /* it is the repository that the product itself lies in, or one that a
                      person named */
};

static void found_release(struct found *found)
{
    free(found->folder);
    free(found->common);
    free(found->prefix);
}

static bool is_within(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return strncmp(path, folder, length) == 0 &&
           (path[length] == '/' || path[length] == '\0' || length == 1);
}

/* ---- Which folder is meant ---- */

static bool is_allowed(const char *path, const char *places)
{
    while (places != NULL && *places != '\0') {
        size_t length = strcspn(places, ":");
        char *place = string_copy_bytes(places, length);
        char *real = place[0] == '/' ? path_absolute(place, NULL) : NULL;
        bool within = real != NULL && is_within(path, real);
        free(real);
        free(place);
        if (within) {
            return true;
        }
        places += length + (places[length] == ':');
    }
    return false;
}

/* The real path of the folder that is named; NULL and a sentence. */
static char *named_folder(const struct git_reach_spec *spec, const char *product,
                          struct error *err)
{
    const char *path = spec->location->repository;
    char *full = path[0] == '/' ? string_copy(path) : path_join(spec->folder, path);
    char *real = path_is_folder(full) ? path_absolute(full, NULL) : NULL;
    bool here = real != NULL && is_within(real, product);
    bool plain = path[0] != '/' && (string_equal(path, ".") || path_is_safe(path));
    if (!spec->is_trusted && (!plain || (real != NULL && !here)) &&
        !is_allowed(real != NULL ? real : full, spec->places)) {
        error_set(err, ERROR_FAILED,
                  "refused to read the repository %s: a descriptor names the repository "
                  "it lies in (git:.#REF:FILE) or one in its own folder; if you trust "
                  "it, put the folder it is in into the setting git_places",
                  path);
        free(real);
        real = NULL;
    } else if (real == NULL) {
        error_set(err, ERROR_FAILED, "%s is no folder, so no git repository", full);
    }
    free(full);
    return real;
}

/* ---- The repository it is, or is in ---- */

static bool has(const char *folder, const char *name)
{
    char *path = path_join(folder, name);
    bool there = path_exists(path);
    free(path);
    return there;
}

static bool is_bare(const char *folder)
{
    return has(folder, "HEAD") && has(folder, "objects") && has(folder, "refs");
}

/* "gitdir: PATH", or just PATH, of a file in `folder`; NULL: nothing of that kind. */
static char *read_pointer(const char *folder, const char *name, const char *prefix)
{
    char *path = path_join(folder, name), *text = NULL, *real = NULL;
    if (path_read_text(path, MOST_POINTER, &text, NULL) && string_starts(text, prefix)) {
        char *target = string_copy_bytes(text + strlen(prefix),
                                         strcspn(text + strlen(prefix), "\r\n"));
        char *full = target[0] == '/' ? string_copy(target) : path_join(folder, target);
        real = path_absolute(full, NULL);
        free(full);
        free(target);
    }
    free(text);
    free(path);
    return real;
}

/* A linked work tree has a file .git, and there a file commondir. What lies in the
 * product's folder may not point elsewhere like that. */
static bool take_work_tree(const char *folder, struct found *found)
{
    struct stat info;
    char *path = path_join(folder, ".git");
    bool there = lstat(path, &info) == 0;
    if (there && S_ISDIR(info.st_mode)) {
        found->folder = string_copy(path);
    } else if (there && S_ISREG(info.st_mode) && found->is_above) {
        found->folder = read_pointer(folder, ".git", "gitdir: ");
    }
    free(path);
    if (found->folder == NULL) {
        return false;
    }
    found->common = found->is_above && has(found->folder, "commondir")
                        ? read_pointer(found->folder, "commondir", "")
                        : NULL;
    if (found->common == NULL) {
        found->common = string_copy(found->folder);
    }
    return true;
}

static bool find_repository(const char *named, const char *product, bool is_trusted,
                            struct found *found)
{
    char *folder = string_copy(named);
    for (bool more = true; more && found->folder == NULL;) {
        found->is_above =
            is_trusted || (is_within(product, folder) && !string_equal(product, folder));
        if (!take_work_tree(folder, found) && is_bare(folder)) {
            found->folder = string_copy(folder);
            found->common = string_copy(folder);
            found->prefix = string_copy("");
            break;
        }
        more = strlen(folder) > 1;
        char *above = path_folder(folder);
        if (found->folder == NULL) {
            free(folder);
            folder = above;
        } else {
            free(above);
        }
    }
    if (found->folder != NULL && found->prefix == NULL) {
        const char *rest = named + strlen(folder) + (strlen(folder) > 1);
        bool is_top = strlen(named) <= strlen(folder);
        found->prefix = is_top ? string_copy("") : string_printf("%s/", rest);
    }
    free(folder);
    return found->folder != NULL;
}

/* ---- What others may have put into it ---- */

/* No link, and nothing but files and folders. */
static bool is_plain(int parent, const char *name, int deep)
{
    struct stat info;
    if (fstatat(parent, name, &info, AT_SYMLINK_NOFOLLOW) != 0 ||
        (!S_ISDIR(info.st_mode) && !S_ISREG(info.st_mode))) {
        return false;
    }
    if (S_ISREG(info.st_mode) || deep == 0) {
        return true;
    }
    int fd = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd >= 0 ? fdopendir(fd) : NULL;
    if (folder == NULL) {
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    bool plain = true;
    for (struct dirent *entry; plain && (entry = readdir(folder)) != NULL;) {
        if (!string_equal(entry->d_name, ".") && !string_equal(entry->d_name, "..")) {
            plain = is_plain(fd, entry->d_name, deep - 1);
        }
    }
    closedir(folder);
    return plain;
}

/* A repository in the product's folder is as hostile as its descriptor: it may not borrow
 * objects from others of this host. */
static bool check_objects(const struct found *found, struct error *err)
{
    static const char *const borrowing[] = {"objects/info/alternates",
                                            "objects/info/http-alternates", "commondir"};
    if (found->is_above) {
        return true;
    }
    for (size_t i = 0; i < sizeof borrowing / sizeof *borrowing; i++) {
        if (has(found->common, borrowing[i])) {
            return error_set(err, ERROR_FAILED,
                             "refused to read the repository %s: its %s would have files "
                             "of other folders read; make it whole with git repack -a -d",
                             found->common, borrowing[i]);
        }
    }
    int folder = open(found->common, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool plain = folder >= 0 && is_plain(folder, "objects", MOST_DEEP_IN_OBJECTS);
    if (folder >= 0) {
        close(folder);
    }
    return plain || error_set(err, ERROR_FAILED,
                              "refused to read the repository %s: its folder objects has "
                              "links or devices in it, or cannot be read",
                              found->common);
}

/* ---- Taking it ---- */

static bool take_commit(const struct git_reach_spec *spec, const struct found *found,
                        struct git_reached *reached, struct error *err)
{
    char *commit = git_ref_read(found->folder, found->common, spec->location->ref, err);
    if (commit == NULL) {
        return false;
    }
    reached->repository = git_own_empty(spec->copies, git_ref_name(commit) == 64, err);
    reached->objects = path_join(found->common, "objects");
    reached->prefix = string_copy(found->prefix);
    struct git_spec base = {.repository = reached->repository,
                            .objects = reached->objects,
                            .is_own = true,
                            .port = spec->port};
    struct error why = {0};
    bool done = reached->repository != NULL &&
                git_commit_in(&base, commit, &reached->commit, &why);
    if (reached->repository != NULL && !done) {
        error_set(err, why.kind, "there is no commit %s (%s) in the repository %s",
                  spec->location->ref, commit, found->common);
    }
    free(commit);
    return done;
}

bool git_reach_local(const struct git_reach_spec *spec, struct git_reached *reached,
                     struct error *err)
{
    struct found found = {0};
    char *product = path_absolute(spec->folder, err);
    char *named = product != NULL ? named_folder(spec, product, err) : NULL;
    bool done = named != NULL;
    if (done && !find_repository(named, product, spec->is_trusted, &found)) {
        done = error_set(err, ERROR_FAILED, "%s is no git repository, nor in one", named);
    }
    done = done && check_objects(&found, err) && take_commit(spec, &found, reached, err);
    found_release(&found);
    free(named);
    free(product);
    return done;
}
