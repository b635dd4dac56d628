/* filetree: a private copy of a commit in the cache, for what needs files on disk.
 *
 *   CACHE/git/NAME-KEY/mark     what the copy was made of; missing while it is changed
 *   CACHE/git/NAME-KEY/files/   the copy
 *   CACHE/git/NAME-KEY/lock     held by the one process that changes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/git_tree.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/path.h"

enum { MOST_MARK = 8192 };
static const size_t most_file = 64UL * 1024 * 1024;
static const long long most_all = 4LL * 1024 * 1024 * 1024;

struct copy {
    struct git_tree *git;
    char *place, *files, *mark;
    long long bytes;
    size_t left_out;      /* too large */
    size_t lost;          /* not in the repository, whatever its listing says */
    struct error failure; /* of the disk: ends it */
};

/* ---- One file ---- */

static void write_file(struct copy *copy, const char *path, const char *bytes,
                       size_t length)
{
    char *to = path_join(copy->files, path);
    char *folder = path_folder(to);
    bool done = path_make_folders(folder, &copy->failure);
    int fd =
        done ? open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600) : -1;
    done = fd >= 0 && path_write_bytes(fd, bytes, length);
    if (!done) {
        error_set(&copy->failure, ERROR_FAILED, "could not write %s: %s", to,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    free(folder);
    free(to);
}

static void copy_file(struct copy *copy, const char *path)
{
    struct filetree *tree = &copy->git->tree;
    struct filetree_entry entry;
    char *bytes;
    size_t length;
    if (!filetree_look(tree, path, &entry) || entry.kind != FILETREE_FILE) {
        return;
    }
    copy->bytes += entry.size;
    if ((size_t)entry.size > most_file || copy->bytes > most_all) {
        copy->left_out++;
    } else if (!filetree_read(tree, path, most_file, &bytes, &length, NULL)) {
        copy->lost++;
    } else {
        write_file(copy, path, bytes, length);
        free(bytes);
    }
}

/* And the folders above it that are empty then. */
static void remove_file(struct copy *copy, const char *path)
{
    char *full = path_join(copy->files, path);
    unlink(full);
    for (char *slash; (slash = strrchr(full, '/')) != NULL;) {
        *slash = '\0';
        if (strlen(full) <= strlen(copy->files) || rmdir(full) != 0) {
            break;
        }
    }
    free(full);
}

/* ---- All of them ---- */

static void copy_all(struct copy *copy)
{
    path_remove_tree(copy->files, NULL);
    for (size_t i = 0; i < copy->git->listing.blobs.count; i++) {
        const struct blob *blob = array_at(&copy->git->listing.blobs, i);
        copy_file(copy, blob->path);
    }
}

/* What takes the place of a folder, or a folder that of a file: first make room. A link
 * changes with its file, which only the listing tells. */
static void copy_changes(struct copy *copy, const struct array *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        const struct filetree_change *change = array_at(changes, i);
        if (filetree_path_is_inside(change->path) && change->kind != 'A') {
            remove_file(copy, change->path);
        }
    }
    for (size_t i = 0; i < changes->count; i++) {
        const struct filetree_change *change = array_at(changes, i);
        if (change->kind != 'D') {
            copy_file(copy, change->path);
        }
    }
    for (size_t i = 0; i < copy->git->listing.blobs.count; i++) {
        const struct blob *blob = array_at(&copy->git->listing.blobs, i);
        if (blob->kind == BLOB_LINK) {
            remove_file(copy, blob->path);
            copy_file(copy, blob->path);
        }
    }
}

static char *read_mark(const struct copy *copy)
{
    char *text = NULL;
    return path_exists(copy->mark) && path_read_text(copy->mark, MOST_MARK, &text, NULL)
               ? text
               : string_copy("");
}

static void say_incomplete(struct copy *copy)
{
    struct filetree_facts *facts = &copy->git->tree.facts;
    struct text out = {0};
    if (copy->left_out + copy->lost > 0) {
        text_append_count(&out, (long long)copy->left_out + (long long)copy->lost,
                          "file");
        text_printf(&out,
                    " of %s left out: %zu above 64 MiB each or 4 GiB in all, %zu whose "
                    "contents the repository has lost",
                    facts->location, copy->left_out, copy->lost);
        filetree_set_fact(&facts->sentence, text_take(&out));
    }
}

static bool finish(struct copy *copy, struct error *err)
{
    const char *mark = copy->git->tree.facts.mark;
    if (copy->failure.kind != ERROR_NONE) {
        *err = copy->failure;
        return false;
    }
    say_incomplete(copy);
    int fd = open(copy->place, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool done = fd >= 0 && syncfs(fd) == 0;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not write %s: %s", copy->place,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    /* What is lost may come back with a fetch: look again next time. */
    return done &&
           (copy->lost > 0 || path_write_file(copy->mark, mark, strlen(mark), 0600, err));
}

/* The mark goes first and comes last: a copy without one is made anew. */
static bool bring_up(struct copy *copy, struct error *err)
{
    struct array changes = ARRAY_OF(struct filetree_change);
    char *old = read_mark(copy);
    bool done = string_equal(old, copy->git->tree.facts.mark);
    if (!done) {
        unlink(copy->mark);
        if (old[0] != '\0' && filetree_changes(&copy->git->tree, old, &changes, NULL)) {
            copy_changes(copy, &changes);
        } else {
            copy_all(copy);
        }
        done = path_make_folders(copy->files, err) && finish(copy, err);
    }
    filetree_changes_release(&changes);
    free(old);
    return done;
}

char *git_copy(struct filetree *tree, struct error *err)
{
    struct git_tree *git = (struct git_tree *)tree;
    struct error ignored = {0};
    err = err != NULL ? err : &ignored;
    struct copy copy = {.git = git};
    copy.place = filetree_cache_place(git->cache, "git", tree->facts.location, err);
    if (copy.place == NULL || !path_make_folders(copy.place, err)) {
        free(copy.place);
        return NULL;
    }
    copy.files = path_join(copy.place, "files");
    copy.mark = path_join(copy.place, "mark");
    char *lock = path_join(copy.place, "lock");
    int fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done = fd >= 0 && flock(fd, LOCK_EX) == 0;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not lock %s: %s", lock,
                  error_of_errno(errno));
    }
    done = done && bring_up(&copy, err);
    if (fd >= 0) {
        close(fd);
    }
    free(lock);
    free(copy.mark);
    free(copy.place);
    if (!done) {
        free(copy.files);
        return NULL;
    }
    return copy.files;
}
