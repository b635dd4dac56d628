/* diff/git: a file or folder as it was at a git ref, laid out in a private folder.
 * Nothing is checked out: blobs are read, and only what a comparison can use.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/filetree.h"
#include "engine/git.h"
#include "engine/path.h"
#include "engine/text.h"

enum {
    MOST_FILES = 5000,
    MOST_BYTES = 256 * 1024 * 1024, /* in all */
    MOST_OF_ONE = 16 * 1024 * 1024, /* larger files are left out: they are data */
    MOST_DEPTH = 16,
};

/* What an operand means: a ref, and a path in a repository. */
struct wanted {
    char *repository; /* a folder that is there, in it */
    char *ref;
    char *path; /* relative to its top */
};

static void wanted_release(struct wanted *wanted)
{
    free(wanted->repository);
    free(wanted->ref);
    free(wanted->path);
}

/* A relative path without "." and "..": "a/../b" is "b". NULL when it climbs out. Yours.
 */
static char *tidy(const char *path)
{
    struct text out = {0};
    for (const char *p = path; *p != '\0';) {
        size_t length = strcspn(p, "/");
        if (length == 2 && strncmp(p, "..", 2) == 0) {
            if (out.length == 0) {
                return NULL;
            }
            char *slash = strrchr(out.data, '/');
            text_truncate(&out, slash != NULL ? (size_t)(slash - out.data) : 0);
        } else if (length > 0 && !(length == 1 && *p == '.')) {
            text_append(&out, out.length > 0 ? "/" : "");
            text_append_bytes(&out, p, length);
        }
        p += length + (p[length] == '/');
    }
    return out.length > 0 ? text_take(&out) : string_copy("");
}

/* The top of the repository that `folder` lies in, and where the folder is below it: ""
 * or "a/b/". */
static bool find_top(struct wanted *wanted, const char *folder, char **prefix,
                     struct error *err)
{
    wanted->repository = path_absolute(folder, err);
    *prefix = wanted->repository != NULL ? git_prefix(wanted->repository, err) : NULL;
    if (*prefix == NULL) {
        return false;
    }
    size_t all = strlen(wanted->repository), below = strlen(*prefix);
    if (below > 0 && below < all) { /* with the slash at its end, without that before */
        wanted->repository[all - below] = '\0';
    }
    return true;
}

static bool place_below(struct wanted *wanted, const char *folder, const char *rest,
                        struct error *err)
{
    char *prefix;
    if (!find_top(wanted, folder, &prefix, err)) {
        return false;
    }
    char *whole = string_printf("%s%s", prefix, rest);
    wanted->path = tidy(whole);
    free(whole);
    free(prefix);
    return wanted->path != NULL ||
           error_set(err, ERROR_FAILED, "%s leads out of the repository", rest);
}

/* PATH@REF: PATH need not be there any more, but a folder above it has to be. */
static bool parse_at(const char *operand, const char *at, struct wanted *wanted,
                     struct error *err)
{
    wanted->ref = string_copy(at + 1);
    char *folder = string_copy_bytes(operand, (size_t)(at - operand));
    struct text rest = {0};
    while (!path_is_folder(folder) && strcmp(folder, ".") != 0 &&
           strcmp(folder, "/") != 0) {
        char *below = rest.length > 0
                          ? string_printf("%s/%s", path_base(folder), text_string(&rest))
                          : string_copy(path_base(folder));
        text_clear(&rest);
        text_append(&rest, below);
        free(below);
        char *upper = path_folder(folder);
        free(folder);
        folder = upper;
    }
    bool done = place_below(wanted, folder, text_string(&rest), err);
    free(folder);
    text_release(&rest);
    return done;
}

/* REF:PATH, as git itself writes it. */
static bool parse_colon(const char *operand, const char *colon, struct wanted *wanted,
                        struct error *err)
{
    wanted->ref = string_copy_bytes(operand, (size_t)(colon - operand));
    const char *path = colon + 1;
    if (string_starts(path, "./") || string_starts(path, "../") ||
        string_equal(path, ".")) {
        return place_below(wanted, ".", path, err);
    }
    char *prefix;
    if (!find_top(wanted, ".", &prefix, err)) {
        return false;
    }
    free(prefix);
    wanted->path = tidy(path);
    return wanted->path != NULL ||
           error_set(err, ERROR_FAILED, "%s leads out of the repository", path);
}

/* ---- Laying out ---- */

struct layout {
    struct filetree *tree;
    const char *folder;
    size_t files;
    long long bytes;
};

static bool lay_out_file(struct layout *layout, const char *path,
                         const struct filetree_entry *entry, struct error *err)
{
    if (entry->size > MOST_OF_ONE || ++layout->files > MOST_FILES ||
        (layout->bytes += entry->size) > MOST_BYTES) {
        return true;
    }
    char *bytes, *to = path_join(layout->folder, path);
    size_t length;
    bool done = filetree_read(layout->tree, path, MOST_OF_ONE, &bytes, &length, err);
    if (done) {
        char *folder = path_folder(to);
        done = path_make_folders(folder, err) &&
               path_write_file(to, bytes, length, 0600, err);
        free(folder);
        free(bytes);
    }
    free(to);
    return done;
}

static bool lay_out_folder(struct layout *layout, const char *folder, int depth,
                           struct error *err)
{
    struct array entries = ARRAY_OF(struct filetree_entry);
    bool done = filetree_list(layout->tree, folder, &entries, err);
    for (size_t i = 0; done && i < entries.count; i++) {
        const struct filetree_entry *entry = array_at(&entries, i);
        char *path =
            folder[0] != '\0' ? path_join(folder, entry->name) : string_copy(entry->name);
        if (entry->kind == FILETREE_FILE) {
            done = lay_out_file(layout, path, entry, err);
        } else if (entry->kind == FILETREE_SUBFOLDER && depth < MOST_DEPTH) {
            done = lay_out_folder(layout, path, depth + 1, err);
        }
        free(path);
    }
    filetree_entries_release(&entries);
    return done;
}

/* A file comes with its folder: a package without its data is half a package. */
static char *lay_out(const struct wanted *wanted, const char *folder, struct error *err)
{
    char *location = string_printf("git:%s#%s", wanted->repository, wanted->ref);
    struct layout layout = {.tree = filetree_open(location, err)};
    struct filetree_entry entry = {.kind = FILETREE_SUBFOLDER};
    char *to = path_join(folder, "git");
    layout.folder = to;
    bool is_there =
        layout.tree != NULL &&
        (wanted->path[0] == '\0' || filetree_look(layout.tree, wanted->path, &entry));
    if (layout.tree != NULL && !is_there) {
        error_set(err, ERROR_FAILED, "there was no %s at %s", wanted->path, wanted->ref);
    }
    char *around = entry.kind == FILETREE_SUBFOLDER    ? string_copy(wanted->path)
                   : strchr(wanted->path, '/') != NULL ? path_folder(wanted->path)
                                                       : string_copy("");
    bool done =
        is_there && path_make_folders(to, err) && lay_out_folder(&layout, around, 0, err);
    filetree_close(layout.tree);
    char *path = done ? path_join(to, wanted->path) : NULL;
    free(around);
    free(to);
    free(location);
    return path;
}

char *diff_side_from_git(const char *operand, const char *folder, struct error *err)
{
    const char *at = strrchr(operand, '@'), *colon = strchr(operand, ':');
    struct wanted wanted = {0};
    struct error none = {0};
    err = err != NULL ? err : &none;
    bool parsed = false;
    if (colon != NULL && colon > operand) {
        parsed = parse_colon(operand, colon, &wanted, err);
    } else if (at != NULL && at > operand && at[1] != '\0') {
        parsed = parse_at(operand, at, &wanted, err);
    }
    char *path = parsed ? lay_out(&wanted, folder, err) : NULL;
    wanted_release(&wanted);
    return path;
}
