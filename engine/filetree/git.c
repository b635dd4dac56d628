/* filetree: a git repository at a commit, read without checking out. The listing of the
 * commit is taken when the tree is opened, blobs come from a git that stays.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/git_tree.h"

#include <stdlib.h>
#include <string.h>

#include "engine/git.h"
#include "engine/path.h"

enum {
    MOST_LISTING = 512 * 1024 * 1024, /* some millions of files */
    MOST_LINK = 4096,
    MOST_LINKS_DEEP = 8,
    MOST_CHANGES = 64 * 1024 * 1024,
};

/* ---- Blobs ---- */

static bool open_pipe(struct git_tree *git, struct error *err)
{
    static const char *const arguments[] = {"cat-file", "--batch", NULL};
    if (git->pipe == NULL) {
        git->pipe = git_pipe_open(
            &(struct git_spec){.repository = git->repository, .arguments = arguments},
            err);
    }
    return git->pipe != NULL;
}

/* The answer is `ID blob SIZE`, the bytes, a newline. */
static bool ask_blob(struct git_tree *git, const struct blob *blob, char *bytes,
                     struct error *err)
{
    struct text line = {0};
    char *want =
        string_printf("%.*s blob %lld", (int)blob->id_length, blob->id, blob->size);
    char end;
    text_append_bytes(&line, blob->id, blob->id_length);
    text_append_char(&line, '\n');
    bool done = git_pipe_write(git->pipe, line.data, line.length, err) &&
                git_pipe_line(git->pipe, &line, err);
    if (done && !string_equal(text_string(&line), want)) {
        done = error_set(err, ERROR_FAILED, "git has no such object: it said \"%.100s\"",
                         text_string(&line));
    }
    done = done && git_pipe_read(git->pipe, bytes, (size_t)blob->size, err) &&
           git_pipe_read(git->pipe, &end, 1, err);
    free(want);
    text_release(&line);
    return done;
}

/* After any failure the pipe may stand anywhere: the next blob gets a new one. */
static bool read_blob(struct git_tree *git, const struct blob *blob, char **bytes,
                      struct error *err)
{
    char *to = memory_new((size_t)blob->size + 1);
    pthread_mutex_lock(&git->lock);
    bool done = open_pipe(git, err) && ask_blob(git, blob, to, err);
    if (!done) {
        git_pipe_close(git->pipe);
        git->pipe = NULL;
    }
    pthread_mutex_unlock(&git->lock);
    if (!done) {
        free(to);
        return false;
    }
    *bytes = to;
    return true;
}

/* ---- Links ---- */

/* `folder of path` / target, without `.` and `..`; NULL when it climbs out. */
static char *joined(const char *path, const char *target)
{
    const char *slash = strrchr(path, '/');
    struct text out = {0};
    text_append_bytes(&out, path, slash != NULL ? (size_t)(slash - path) : 0);
    while (*target != '\0') {
        size_t length = strcspn(target, "/");
        bool is_up = length == 2 && target[0] == '.' && target[1] == '.';
        if (is_up && out.length == 0) {
            text_release(&out);
            return NULL;
        }
        if (is_up) {
            const char *last = strrchr(text_string(&out), '/');
            text_truncate(&out, last != NULL ? (size_t)(last - out.data) : 0);
        } else if (length > 0 && !(length == 1 && target[0] == '.')) {
            text_append(&out, out.length > 0 ? "/" : "");
            text_append_bytes(&out, target, length);
        }
        target += length + (target[length] == '/');
    }
    return text_take(&out);
}

/* The file a link ends at, NULL when that is none of the tree. */
static const struct blob *follow(struct git_tree *git, const struct blob *blob)
{
    for (int depth = 0; blob != NULL && blob->kind == BLOB_LINK; depth++) {
        char *target;
        if (depth == MOST_LINKS_DEEP || blob->size > MOST_LINK || blob->size < 0 ||
            !read_blob(git, blob, &target, NULL)) {
            return NULL;
        }
        char *path = target[0] != '/' ? joined(blob->path, target) : NULL;
        blob = path != NULL ? listing_find(&git->listing, path) : NULL;
        free(path);
        free(target);
    }
    return blob != NULL && blob->kind == BLOB_FILE ? blob : NULL;
}

/* ---- The calls ---- */

static void take_entry(struct git_tree *git, const struct blob *blob,
                       struct filetree_entry *entry)
{
    if (blob == NULL) {
        entry->kind = FILETREE_SUBFOLDER;
        return;
    }
    if (blob->kind == BLOB_SUBMODULE) {
        entry->kind = FILETREE_OTHER;
        return;
    }
    blob = follow(git, blob);
    entry->kind = blob != NULL ? FILETREE_FILE : FILETREE_LINK;
    if (blob != NULL) {
        entry->size = blob->size > 0 ? blob->size : 0;
        memcpy(entry->hash, blob->id, blob->id_length);
        entry->hash[blob->id_length] = '\0';
    }
}

static bool list_git(struct filetree *tree, const char *folder, struct array *entries,
                     struct error *err)
{
    struct git_tree *git = (struct git_tree *)tree;
    if (!listing_has_folder(&git->listing, folder)) {
        return error_set(err, ERROR_FAILED, "there is no folder %s in %s", folder,
                         tree->facts.location);
    }
    struct listing_step step = listing_first(&git->listing, folder);
    while (listing_next(&git->listing, folder, &step)) {
        struct filetree_entry *entry = array_push(entries);
        entry->name = string_copy_bytes(step.name, step.length);
        take_entry(git, step.blob, entry);
    }
    return true;
}

static bool look_in_git(struct filetree *tree, const char *path,
                        struct filetree_entry *entry)
{
    struct git_tree *git = (struct git_tree *)tree;
    const struct blob *blob = listing_find(&git->listing, path);
    if (blob == NULL && !listing_has_folder(&git->listing, path)) {
        return false;
    }
    take_entry(git, blob, entry);
    return true;
}

static bool read_in_git(struct filetree *tree, const char *path, size_t most,
                        char **bytes, size_t *length, struct error *err)
{
    struct git_tree *git = (struct git_tree *)tree;
    const struct blob *blob = listing_find(&git->listing, path);
    blob = blob != NULL ? follow(git, blob) : NULL;
    if (blob == NULL) {
        return error_set(err, ERROR_FAILED, "there is no file %s in %s", path,
                         tree->facts.location);
    }
    if (blob->size < 0) {
        return error_set(err, ERROR_FAILED, "the contents of %s are missing in %s", path,
                         tree->facts.location);
    }
    if ((unsigned long long)blob->size > most) {
        char size[32];
        return error_set(err, ERROR_FAILED, "%s is larger than the %s that are read",
                         path, string_of_bytes((long long)most, size, sizeof size));
    }
    *length = (size_t)blob->size;
    return read_blob(git, blob, bytes, err) ||
           error_prefix(err, "could not read %s: ", path);
}

static void close_git(struct filetree *tree)
{
    struct git_tree *git = (struct git_tree *)tree;
    git_pipe_close(git->pipe);
    pthread_mutex_destroy(&git->lock);
    listing_release(&git->listing);
    free(git->repository);
    free(git->below);
    free(git->cache);
    free(git);
}

/* ---- Changes ---- */

/* STATUS NUL PATH NUL */
static bool take_changes(const struct text *out, struct array *changes)
{
    const char *at = text_string(out), *end = at + out->length;
    while (at < end) {
        char kind = at[0];
        const char *path = at + strlen(at) + 1;
        if (path >= end) {
            return false;
        }
        struct filetree_change *change = array_push(changes);
        change->kind = kind == 'A' || kind == 'D' ? kind : 'M';
        change->path = string_copy(path);
        at = path + strlen(path) + 1;
    }
    return true;
}

/* A mark is COMMIT:BELOW. */
static bool git_changes(struct filetree *tree, const char *mark, struct array *changes,
                        struct error *err)
{
    struct git_tree *git = (struct git_tree *)tree;
    size_t length = strcspn(mark, ":");
    if (!git_is_id(mark, length) || mark[length] != ':' ||
        !string_equal(strchr(tree->facts.mark, ':'), mark + length)) {
        return error_set(err, ERROR_FAILED, "%s was never at \"%.80s\"",
                         tree->facts.location, mark);
    }
    char *old = string_printf("%.*s:%s", (int)length, mark, git->below);
    char *new = string_printf("%s:%s", tree->facts.commit, git->below);
    const char *const arguments[] = {"diff-tree",
                                     "-r",
                                     "-z",
                                     "--name-status",
                                     "--no-renames",
                                     "--no-ext-diff",
                                     "--no-textconv",
                                     old,
                                     new,
                                     NULL};
    struct text out = {0};
    bool done = git_run(&(struct git_spec){.repository = git->repository,
                                           .arguments = arguments,
                                           .most = MOST_CHANGES},
                        &out, err) &&
                take_changes(&out, changes);
    text_release(&out);
    free(old);
    free(new);
    return done;
}

static const struct filetree_backend git_backend = {
    .list = list_git,
    .look = look_in_git,
    .read = read_in_git,
    .on_disk = git_copy,
    .changes = git_changes,
    .close = close_git,
};

/* ---- Opening ---- */

static char *mark_of(const struct git_commit *commit, const char *below)
{
    return string_printf("%s:%s", commit->id, below);
}

static bool take_listing(struct git_tree *git, struct error *err)
{
    struct text out = {0};
    char *root = string_printf("%s:%s", git->tree.facts.commit, git->below);
    const char *const arguments[] = {"ls-tree",     "-r", "-z", "--long",
                                     "--full-tree", root, NULL};
    bool done = git_run(&(struct git_spec){.repository = git->repository,
                                           .arguments = arguments,
                                           .most = MOST_LISTING},
                        &out, err) &&
                listing_parse(&git->listing, &out, err);
    text_release(&out);
    free(root);
    if (done && git->listing.odd > 0) {
        filetree_set_fact(&git->tree.facts.sentence,
                          string_printf("%zu names in %s are no paths that can be read",
                                        git->listing.odd, git->tree.facts.location));
    }
    return done || error_prefix(err, "could not open %s: ", git->tree.facts.location);
}

static bool find_below(struct git_tree *git, const struct filetree_location *location,
                       struct error *err)
{
    char *prefix = git_prefix(git->repository, err);
    if (prefix == NULL) {
        return false;
    }
    git->below = string_printf("%s%s", prefix, location->below);
    size_t length = strlen(git->below);
    if (length > 0 && git->below[length - 1] == '/') {
        git->below[length - 1] = '\0';
    }
    free(prefix);
    return true;
}

static bool open_commit(struct git_tree *git, const struct filetree_location *location,
                        struct error *err)
{
    struct filetree_facts *facts = &git->tree.facts;
    struct git_commit commit;
    if (!git_commit_of(git->repository, location->ref, &commit, err)) {
        return false;
    }
    filetree_set_fact(&facts->ref, string_copy(location->ref));
    filetree_set_fact(&facts->commit, string_copy(commit.id));
    filetree_set_fact(&facts->mark, mark_of(&commit, location->below));
    facts->time = commit.time;
    return find_below(git, location, err) && take_listing(git, err);
}

struct filetree *filetree_open_git(const struct filetree_location *location,
                                   const struct filetree_spec *spec, struct error *err)
{
    char *place = filetree_place(location->path, spec, err);
    if (place == NULL) {
        return NULL;
    }
    struct git_tree *git = memory_new(sizeof *git);
    git->tree.backend = &git_backend;
    git->repository = place;
    git->cache = string_copy(spec->cache);
    git->listing.blobs = (struct array)ARRAY_OF(struct blob);
    pthread_mutex_init(&git->lock, NULL);
    filetree_facts_begin(&git->tree.facts, FILETREE_GIT);
    filetree_set_fact(&git->tree.facts.location,
                      filetree_git_text(place, location->ref, location->below));
    if (!path_is_folder(place)) {
        error_set(err, ERROR_FAILED, "%s is no folder, so no git repository", place);
    } else if (open_commit(git, location, err)) {
        return &git->tree;
    }
    filetree_close(&git->tree);
    return NULL;
}

bool filetree_git_has_mark(const struct filetree_location *location,
                           const struct filetree_spec *spec, const char *mark)
{
    struct git_commit commit;
    char *place = filetree_place(location->path, spec, NULL);
    char *now = NULL;
    if (place != NULL && git_commit_of(place, location->ref, &commit, NULL)) {
        now = mark_of(&commit, location->below);
    }
    bool same = string_equal(now, mark);
    free(now);
    free(place);
    return same;
}
