/* catalog/folder: lists the tree of a mesh, in the order of names; follows no link out of
 * it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void sort_names(struct array *names)
{
    if (names->count > 1) {
        qsort(names->items, names->count, names->item_size, compare_names);
    }
}

void folder_free(struct folder *folder)
{
    for (size_t i = 0; i < folder->folders.count; i++) {
        folder_free(*(struct folder **)array_at(&folder->folders, i));
    }
    array_release(&folder->folders);
    catalog_names_release(&folder->files);
    catalog_names_release(&folder->links);
    free(folder->sentence);
    free(folder->path);
    free(folder);
}

/* A link to a file inside of the tree is that file; any other link is left alone. */
static bool leads_to_own_file(struct build *build, const char *path)
{
    struct stat info;
    char *full = roots_file(&build->roots, path);
    char *target = realpath(full, NULL);
    const char *below, *root = roots_split(&build->roots, path, &below);
    size_t length = strlen(root);
    bool own = target != NULL && stat(target, &info) == 0 && S_ISREG(info.st_mode) &&
               strncmp(target, root, length) == 0 && target[length] == '/';
    free(target);
    free(full);
    return own;
}

static void sort_entry(struct build *build, struct folder *folder, int fd,
                       const char *name, struct array *below)
{
    struct stat info;
    struct array *list = NULL;
    if (fstatat(fd, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return;
    }
    if (S_ISDIR(info.st_mode)) {
        list = below;
    } else if (S_ISREG(info.st_mode)) {
        list = &folder->files;
    } else if (S_ISLNK(info.st_mode)) {
        char *link = path_beside(folder->path, name);
        if (leads_to_own_file(build, link)) {
            list = &folder->files;
        } else {
            *(char **)array_push(&folder->links) = string_copy(link);
        }
        free(link);
    }
    if (list != NULL) {
        *(char **)array_push(list) = string_copy(name);
    }
}

/* The entries of one folder; the names of the folders in it to `below`. */
static void list_entries(struct build *build, struct folder *folder, struct array *below)
{
    char *full = roots_file(&build->roots, folder->path);
    int fd = open(full, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd >= 0 ? fdopendir(fd) : NULL;
    free(full);
    if (dir == NULL) {
        folder->sentence =
            string_printf("the folder could not be read: %s", error_of_errno(errno));
        if (fd >= 0) {
            close(fd);
        }
        return;
    }
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        if (entry->d_name[0] != '.' && build->entries++ < FOLDER_MOST_ENTRIES) {
            sort_entry(build, folder, fd, entry->d_name, below);
        }
    }
    closedir(dir);
    sort_names(&folder->files);
    sort_names(&folder->links);
    sort_names(below);
}

bool folder_is_skipped(const struct build *build, const char *path)
{
    for (size_t i = 0; i < build->skipped.count; i++) {
        if (string_equal(path, *(char **)array_at(&build->skipped, i))) {
            return true;
        }
    }
    return false;
}

bool folder_may_describe(const struct folder *folder, const char *name)
{
    return (string_ends(name, ".yaml") || string_ends(name, ".yml") ||
            string_ends(name, ".json")) &&
           !(folder->path[0] == '\0' && string_equal(name, "mesh.yaml"));
}

/* Asks for the files that may be descriptors; nothing below a package is looked for. */
static bool ask_for_files(struct intake *intake, const struct folder *folder)
{
    bool is_package = false;
    for (size_t i = 0; i < folder->files.count; i++) {
        const char *name = *(char **)array_at(&folder->files, i);
        if (folder_may_describe(folder, name)) {
            char *path = path_beside(folder->path, name);
            intake_ask(intake, path);
            free(path);
        }
        is_package |=
            string_starts(name, "datapackage.") && folder_may_describe(folder, name);
    }
    return is_package;
}

struct folder *folder_list(struct build *build, struct intake *intake, const char *path,
                           int depth)
{
    struct folder *folder = memory_new(sizeof *folder);
    struct array below = ARRAY_OF(char *);
    *folder = (struct folder){.path = string_copy(path),
                              .files = ARRAY_OF(char *),
                              .folders = ARRAY_OF(struct folder *),
                              .links = ARRAY_OF(char *),
                              .depth = depth};
    if (document_stamp_of(&build->roots, path, &folder->stamp)) {
        document_settle(&folder->stamp);
    }
    if (depth < FOLDER_MOST_DEPTH && !job_cancelled(build->port)) {
        list_entries(build, folder, &below);
    }
    bool is_package = ask_for_files(intake, folder);
    for (size_t i = 0; i < below.count && !is_package; i++) {
        char *inner = path_beside(path, *(char **)array_at(&below, i));
        if (!folder_is_skipped(build, inner)) {
            *(struct folder **)array_push(&folder->folders) =
                folder_list(build, intake, inner, depth + 1);
        }
        free(inner);
    }
    catalog_names_release(&below);
    return folder;
}
