/* access/git: data files of a git repository at a commit, read from their blobs and
 * never checked out.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/git.h"
#include "engine/path.h"

enum { STEP = 256 * 1024 };

/* What the thread needs: everything its own. */
struct blob {
    char *repository, *objects; /* as git_reach() gave them */
    char *origin;               /* the repository as it was named */
    char id[GIT_ID_SIZE];
    long long bytes, time;
};

static void blob_release(void *own)
{
    struct blob *blob = own;
    free(blob->repository);
    free(blob->objects);
    free(blob->origin);
    free(blob);
}

/* ---- Which files ---- */

static bool git_takes(const struct place *place)
{
    return place->location != NULL && git_location_is(place->location);
}

/* Copies are for the person alone, also where versions are shared. Yours. */
static char *copies_folder(struct error *err)
{
    struct stat info;
    char *root = cache_root(err);
    bool is_private = root != NULL && stat(root, &info) == 0 &&
                      info.st_uid == geteuid() && (info.st_mode & 077) == 0;
    char *copies = is_private     ? path_join(root, "git/copies")
                   : root != NULL ? path_of_place(PLACE_CACHE, "git/copies", err)
                                  : NULL;
    free(root);
    return copies;
}

static void add_blob(const struct place *place, const struct git_location *location,
                     const struct git_reached *reached, const struct git_file *file,
                     struct array *files)
{
    const char *name = file->path + strlen(reached->prefix);
    size_t start = strcspn(place->location, "#");
    char *text =
        string_printf("%.*s#%s:%s", (int)start, place->location, location->ref, name);
    struct access_bring *bring = bring_new(place, &method_git, text, files);
    struct blob *blob = memory_new(sizeof *blob);
    *blob = (struct blob){.repository = string_copy(reached->repository),
                          .objects = string_copy(reached->objects),
                          .origin = string_copy(location->repository),
                          .bytes = file->bytes,
                          .time = reached->commit.time};
    memcpy(blob->id, file->id, sizeof blob->id);
    bring->own = blob;
    free(text);
}

static bool list_location(const struct place *place, const struct git_location *location,
                          struct array *files, struct error *err)
{
    struct array found = ARRAY_OF(struct git_file);
    struct git_reached reached = {0};
    char *copies = copies_folder(err);
    struct git_reach_spec spec = {.location = location,
                                  .folder = place->product->folder,
                                  .places = place->spec->git_places,
                                  .is_trusted = place->is_origin,
                                  .copies = copies,
                                  .port = place->spec->port};
    bool done = copies != NULL && git_reach(&spec, &reached, err) &&
                git_files(&reached, location->file, &found, err);
    for (size_t i = 0; done && i < found.count; i++) {
        add_blob(place, location, &reached, array_at(&found, i), files);
    }
    git_files_release(&found);
    git_reached_release(&reached);
    free(copies);
    return done;
}

static bool git_list(const struct place *place, struct array *files, struct error *err)
{
    struct git_location location;
    if (!git_location_parse(place->location, &location, err)) {
        return false;
    }
    bool done = list_location(place, &location, files, err);
    if (!done && err != NULL && !string_starts(err->message, "could not fetch")) {
        error_prefix(err, "could not fetch %s: ", place->location);
    }
    git_location_release(&location);
    return done;
}

/* ---- Their bytes ---- */

/* A small file may be a pointer: its bytes are looked at before anybody reads them. */
static bool check_pointer(const struct access_bring *bring, const char *bytes,
                          size_t length, struct error *err)
{
    const struct blob *blob = bring->own;
    struct git_pointer pointer;
    return !git_pointer_read(bytes, length, &pointer) ||
           git_pointer_refuse(&pointer, bring->shown, blob->origin, err);
}

static bool skip(struct git_pipe *pipe, long long bytes, char *buffer, struct error *err)
{
    while (bytes > 0) {
        size_t part = bytes < STEP ? (size_t)bytes : STEP;
        if (!git_pipe_read(pipe, buffer, part, err)) {
            return false;
        }
        bytes -= (long long)part;
    }
    return true;
}

static bool add_bytes(struct access_bring *bring, struct git_pipe *pipe, long long from,
                      char *buffer, struct error *err)
{
    const struct blob *blob = bring->own;
    bool done = true, has_begun = false;
    for (long long at = from; done && (at < blob->bytes || !has_begun);) {
        long long left = blob->bytes - at;
        size_t part = left < STEP ? (size_t)left : STEP;
        done = git_pipe_read(pipe, buffer, part, err);
        if (done && !has_begun) {
            done = (from > 0 || check_pointer(bring, buffer, part, err)) &&
                   bring_begin(bring, from, blob->bytes, err);
            has_begun = true;
        }
        done = done && arrival_add(bring->arrival, buffer, part, err);
        at += (long long)part;
        if (done && !bring_is_wanted(bring)) {
            done = error_set(err, ERROR_CANCELLED, "fetching %s was cancelled",
                             bring->shown);
        }
    }
    return done;
}

/* The answer of git is `ID blob SIZE`, a newline, the bytes. What an earlier attempt left
 * of the same blob is not written again. */
static bool bring_blob(struct access_bring *bring, struct git_pipe *pipe,
                       struct error *err)
{
    const struct blob *blob = bring->own;
    struct text line = {0};
    char *want = string_printf("%s blob %lld", blob->id, blob->bytes);
    char *buffer = memory_new(STEP);
    bool is_same = string_equal(bring->have_tag, blob->id) && bring->have < blob->bytes;
    long long from = is_same ? bring->have : 0;
    text_printf(&line, "%s\n", blob->id);
    bool done = git_pipe_write(pipe, line.data, line.length, err) &&
                git_pipe_line(pipe, &line, err);
    if (done && !string_equal(text_string(&line), want)) {
        done = error_set(err, ERROR_FAILED,
                         "could not fetch %s: the repository has lost its contents, git "
                         "said \"%.100s\"",
                         bring->shown, text_string(&line));
    }
    done = done && skip(pipe, from, buffer, err) &&
           add_bytes(bring, pipe, from, buffer, err);
    free(buffer);
    free(want);
    text_release(&line);
    return done;
}

static void tell_facts(struct access_bring *bring)
{
    const struct blob *blob = bring->own;
    struct tm tm;
    time_t when = (time_t)blob->time;
    bring->facts.bytes = blob->bytes;
    memcpy(bring->facts.etag, blob->id, sizeof blob->id);
    if (gmtime_r(&when, &tm) != NULL) {
        strftime(bring->facts.changed, sizeof bring->facts.changed, "%Y-%m-%dT%H:%M:%SZ",
                 &tm);
    }
}

static bool git_bring(struct access_bring *bring, struct error *err)
{
    static const char *const arguments[] = {"cat-file", "--batch", NULL};
    const struct blob *blob = bring->own;
    struct git_spec spec = {.repository = blob->repository,
                            .objects = blob->objects,
                            .is_own = true,
                            .arguments = arguments};
    tell_facts(bring);
    if (bring->known.location != NULL && string_equal(bring->known.etag, blob->id)) {
        bring_unchanged(bring);
        return true;
    }
    struct git_pipe *pipe = git_pipe_open(&spec, err);
    bool done = pipe != NULL && bring_blob(bring, pipe, err);
    git_pipe_close(pipe);
    return done;
}

const struct method method_git = {
    .door = {"git", "files of a git repository at a branch, tag or commit, on this host "
                    "or by http(s)"},
    .takes = git_takes,
    .list = git_list,
    .bring = git_bring,
    .release = blob_release,
};

/* ---- Files beside the descriptor ---- */

bool pointer_check(int fd, const char *shown, long long bytes, struct error *err)
{
    char start[GIT_POINTER_MOST];
    struct git_pointer pointer;
    if (bytes >= GIT_POINTER_MOST) {
        return true;
    }
    ssize_t n = pread(fd, start, sizeof start, 0);
    return n <= 0 || !git_pointer_read(start, (size_t)n, &pointer) ||
           git_pointer_refuse(&pointer, shown, NULL, err);
}
