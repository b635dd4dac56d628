/* filetree: a folder on disk. Files are opened from the folder's descriptor, so that no
 * link and no rename on the way leads out of it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"

struct folder_tree {
    struct filetree tree;
    int root;
};

/* ---- Entries ---- */

static void take_stat(const struct stat *info, struct filetree_entry *entry)
{
    bool is_folder = S_ISDIR(info->st_mode);
    entry->kind = is_folder                ? FILETREE_SUBFOLDER
                  : S_ISREG(info->st_mode) ? FILETREE_FILE
                                           : FILETREE_OTHER;
    entry->size = is_folder ? 0 : (long long)info->st_size;
    entry->mtime_ns =
        (long long)info->st_mtim.tv_sec * 1000000000 + info->st_mtim.tv_nsec;
    entry->inode = (long long)info->st_ino;
}

/* A link may be absolute and still lead inside: where it ends decides. Gives the file's
 * path relative to the root, NULL when it is outside or no file. */
static char *link_target(const struct folder_tree *folder, const char *path)
{
    const char *root = folder->tree.facts.root;
    size_t length = strlen(root);
    char *full = filetree_path(&folder->tree, path);
    char *target = full != NULL ? realpath(full, NULL) : NULL;
    char *inside = NULL;
    if (target != NULL && strncmp(target, root, length) == 0 &&
        (target[length] == '/' || length == 1)) {
        inside = string_copy(target + length + (length > 1));
    }
    free(target);
    free(full);
    return inside;
}

static void look_through_link(struct folder_tree *folder, const char *path,
                              struct filetree_entry *entry)
{
    struct stat info;
    char *target = link_target(folder, path);
    entry->kind = FILETREE_LINK;
    entry->size = 0;
    if (target != NULL &&
        fstatat(folder->root, target, &info, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISREG(info.st_mode)) {
        take_stat(&info, entry);
    }
    free(target);
}

static bool look_in_folder(struct filetree *tree, const char *path,
                           struct filetree_entry *entry)
{
    struct folder_tree *folder = (struct folder_tree *)tree;
    struct stat info;
    if (fstatat(folder->root, path[0] != '\0' ? path : ".", &info, AT_SYMLINK_NOFOLLOW) !=
        0) {
        return false;
    }
    take_stat(&info, entry);
    if (S_ISLNK(info.st_mode)) {
        look_through_link(folder, path, entry);
    }
    return true;
}

/* ---- Listing ---- */

static bool could_not(const char *what, const char *path, int number, struct error *err)
{
    return error_set(err, ERROR_FAILED, "could not %s %s: %s", what,
                     path[0] != '\0' ? path : "the folder", error_of_errno(number));
}

static void take_listed(struct folder_tree *folder, int fd, const char *path,
                        const char *name, struct array *entries)
{
    struct stat info;
    if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return; /* it was removed just now */
    }
    struct filetree_entry *entry = array_push(entries);
    entry->name = string_copy(name);
    take_stat(&info, entry);
    if (S_ISLNK(info.st_mode)) {
        char *link = path[0] != '\0' ? path_join(path, name) : string_copy(name);
        look_through_link(folder, link, entry);
        free(link);
    }
}

static bool list_folder(struct filetree *tree, const char *path, struct array *entries,
                        struct error *err)
{
    struct folder_tree *folder = (struct folder_tree *)tree;
    int fd = path_open_folder_in(folder->root, path);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    if (dir == NULL) {
        int number = errno;
        if (fd >= 0) {
            close(fd);
        }
        return could_not("list", path, number, err);
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.') {
            take_listed(folder, fd, path, entry->d_name, entries);
        }
    }
    closedir(dir);
    return true;
}

/* ---- Reading ---- */

static int open_file(struct folder_tree *folder, const char *path, struct error *err)
{
    struct error first = {0};
    int fd = path_open_in(folder->root, path, &first);
    char *target = fd < 0 ? link_target(folder, path) : NULL;
    if (target != NULL && !string_equal(target, path)) {
        fd = path_open_in(folder->root, target, &first);
    }
    free(target);
    if (fd < 0 && err != NULL) {
        *err = first;
    }
    return fd;
}

static bool read_in_folder(struct filetree *tree, const char *path, size_t most,
                           char **bytes, size_t *length, struct error *err)
{
    int fd = open_file((struct folder_tree *)tree, path, err);
    if (fd < 0) {
        return false;
    }
    bool done = path_read_open(fd, path, most, bytes, length, err);
    close(fd);
    return done;
}

static void close_folder(struct filetree *tree)
{
    int root = ((struct folder_tree *)tree)->root;
    if (root >= 0) {
        close(root);
    }
    free(tree);
}

static const struct filetree_backend folder_backend = {
    .list = list_folder,
    .look = look_in_folder,
    .read = read_in_folder,
    .close = close_folder,
};

/* ---- Opening ---- */

static struct filetree *open_root(char *place, struct error *err)
{
    struct folder_tree *folder = memory_new(sizeof *folder);
    struct filetree_facts *facts = &folder->tree.facts;
    folder->tree.backend = &folder_backend;
    filetree_facts_begin(facts, FILETREE_FOLDER);
    filetree_set_fact(&facts->location, string_copy(place));
    if (!path_is_folder(place)) {
        filetree_set_fact(&facts->only, string_copy(path_base(place)));
        char *parent = path_folder(place);
        free(place);
        place = parent;
    }
    filetree_set_fact(&facts->root, place);
    folder->root = open(place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder->root < 0) {
        could_not("open", place, errno, err);
        filetree_close(&folder->tree);
        return NULL;
    }
    return &folder->tree;
}

struct filetree *filetree_open_folder(const struct filetree_location *location,
                                      const struct filetree_spec *spec, struct error *err)
{
    char *place = filetree_place(location->path, spec, err);
    return place != NULL ? open_root(place, err) : NULL;
}
