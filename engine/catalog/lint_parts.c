/* catalog/lint_parts: see lint_parts.h.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

/* Is it the folder itself, or in it? "" holds everything. */
static bool lies_in(const char *path, const char *folder)
{
    size_t length = strlen(folder);
    return length == 0 || (strncmp(path, folder, length) == 0 &&
                           (path[length] == '/' || path[length] == '\0'));
}

/* `root` is cut until it holds the folder as well. */
static void widen(char *root, const char *folder)
{
    while (!lies_in(folder, root)) {
        *strrchr(root, '/') = '\0';
    }
}

/* A device or a pipe is no file that anybody wrote. */
static bool may_be_read(const char *path, struct error *err)
{
    int fd = path_open_regular(path, err);
    if (fd >= 0) {
        close(fd);
    }
    return fd >= 0;
}

static bool find_absolute(const char *const *paths, size_t count,
                          struct lint_parts *parts, struct error *err)
{
    for (size_t i = 0; i < count; i++) {
        char *path = path_absolute(paths[i], err);
        if (path == NULL) {
            return error_prefix(err, "could not check %s: ", paths[i]);
        }
        bool is_folder = path_is_folder(path);
        if (!is_folder && !may_be_read(path, err)) {
            free(path);
            return error_prefix(err, "could not check %s: ", paths[i]);
        }
        *(struct lint_part *)array_push(&parts->list) =
            (struct lint_part){path, paths[i], is_folder};
        char *folder = is_folder ? string_copy(path) : path_folder(path);
        if (parts->root == NULL) {
            parts->root = string_copy(string_equal(folder, "/") ? "" : folder);
        }
        widen(parts->root, folder);
        free(folder);
    }
    return true;
}

/* Paths below the root instead of absolute ones. */
static void make_relative(struct lint_parts *parts)
{
    size_t cut = strlen(parts->root);
    for (size_t i = 0; i < parts->list.count; i++) {
        struct lint_part *part = array_at(&parts->list, i);
        char *path = string_copy(part->path + cut + (part->path[cut] == '/'));
        free(part->path);
        part->path = path;
    }
    if (cut == 0) {
        free(parts->root);
        parts->root = string_copy("/");
    }
}

static bool is_held(const struct lint_parts *parts, size_t at)
{
    const struct lint_part *part = array_at(&parts->list, at);
    for (size_t i = 0; i < parts->list.count; i++) {
        const struct lint_part *other = array_at(&parts->list, i);
        bool same = string_equal(other->path, part->path);
        if (i != at &&
            (same ? i < at : other->is_folder && lies_in(part->path, other->path))) {
            return true;
        }
    }
    return false;
}

bool lint_parts_find(const char *const *paths, size_t count, struct lint_parts *parts,
                     struct error *err)
{
    *parts = (struct lint_parts){.list = ARRAY_OF(struct lint_part)};
    if (!find_absolute(paths, count, parts, err)) {
        return false;
    }
    make_relative(parts);
    for (size_t i = parts->list.count; i-- > 0;) {
        if (is_held(parts, i)) {
            free(((struct lint_part *)array_at(&parts->list, i))->path);
            array_remove(&parts->list, i);
        }
    }
    return true;
}

void lint_parts_release(struct lint_parts *parts)
{
    for (size_t i = 0; i < parts->list.count; i++) {
        free(((struct lint_part *)array_at(&parts->list, i))->path);
    }
    array_release(&parts->list);
    free(parts->root);
}

bool lint_parts_are_mesh(const struct lint_parts *parts)
{
    const struct lint_part *first = array_at(&parts->list, 0);
    if (parts->list.count != 1 || !first->is_folder) {
        return false;
    }
    char *file = path_join(parts->root, "mesh.yaml");
    bool is_mesh = path_exists(file);
    free(file);
    return is_mesh;
}

char *lint_parts_shown(const struct lint_parts *parts, const char *path)
{
    for (size_t i = 0; i < parts->list.count; i++) {
        const struct lint_part *part = array_at(&parts->list, i);
        size_t cut = strlen(part->path);
        if (!lies_in(path, part->path)) {
            continue;
        }
        const char *rest = path + cut + (cut > 0 && path[cut] == '/');
        return rest[0] != '\0' ? path_join(part->typed, rest) : string_copy(part->typed);
    }
    return path_join(parts->root, path);
}
