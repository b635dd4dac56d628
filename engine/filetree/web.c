/* filetree: an index on the web, fetched into a snapshot that is then a folder.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/filetree/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/digest.h"
#include "engine/document.h"
#include "engine/filetree/snapshot.h"
#include "engine/path.h"
#include "engine/web.h"

enum {
    MOST_INDEX = 64 * 1024 * 1024,
    MOST_FILE = 8 * 1024 * 1024,
    MOST_FILES = 10000,
    MOST_ALL = 512 * 1024 * 1024,
};

/* One fetching. */
struct fetch {
    const char *url;
    const struct filetree_spec *spec;
    struct snapshot old, new;
    char *stage;        /* folder that is being filled */
    char *index;        /* name of the index in it */
    double until;       /* on the clock that never jumps */
    long long bytes;    /* so far */
    size_t missing;     /* files that could be had from nowhere */
    size_t stale;       /* files of the old snapshot, since the new ones failed */
    struct error first; /* why the first of those failed */
};

/* ---- One file ---- */

static bool make_folder_of(const char *path, struct error *err)
{
    char *folder = path_folder(path);
    bool done = path_make_folders(folder, err);
    free(folder);
    return done;
}

/* The old file again: a second name for it. */
static bool keep_old(struct fetch *fetch, const struct snapshot_file *old)
{
    char *folder = snapshot_folder(&fetch->old);
    char *from = path_join(folder, old->path);
    char *to = path_join(fetch->stage, old->path);
    bool done = make_folder_of(to, NULL) && link(from, to) == 0;
    if (done) {
        struct snapshot_file *file = array_push(&fetch->new.files);
        *file = *old;
        file->path = string_copy(old->path);
    }
    free(to);
    free(from);
    free(folder);
    return done;
}

static bool fetch_into(struct fetch *fetch, const char *url, const char *path, int fd,
                       struct error *err)
{
    const struct snapshot_file *old = snapshot_file(&fetch->old, path);
    bool is_index = string_equal(path, fetch->index);
    struct web_answer answer;
    struct web_spec spec = {
        .url = url,
        .is_hostile = fetch->spec->is_hostile,
        .most = is_index ? MOST_INDEX : MOST_FILE,
        .seconds = fetch->until - path_monotonic(),
        .etag = old != NULL ? old->etag : NULL,
        .changed = old != NULL ? old->changed : NULL,
    };
    if (spec.seconds <= 0 || fetch->bytes > MOST_ALL) {
        return error_set(err, ERROR_TIMEOUT,
                         "could not fetch %s: the whole index took too long or is too "
                         "large",
                         url);
    }
    if (!web_get(&spec, fd, &answer, err)) {
        return false;
    }
    fetch->bytes += answer.bytes;
    if (answer.is_unchanged && old != NULL) {
        return keep_old(fetch, old) ||
               error_set(err, ERROR_FAILED, "could not keep %s", path);
    }
    struct snapshot_file *file = array_push(&fetch->new.files);
    file->path = string_copy(path);
    memcpy(file->etag, answer.etag, sizeof file->etag);
    memcpy(file->changed, answer.changed, sizeof file->changed);
    return (fsync(fd) == 0 && digest_file(fd, file->hash)) ||
           error_set(err, ERROR_FAILED, "could not write %s: %s", path,
                     error_of_errno(errno));
}

/* Fetch beside and rename, so that an unchanged file can take the place. */
static bool fetch_file(struct fetch *fetch, const char *url, const char *path,
                       struct error *err)
{
    size_t before = fetch->new.files.count;
    char *place = path_join(fetch->stage, path);
    char *part = string_printf("%s/.part", fetch->stage);
    int fd = open(part, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool done = fd >= 0 && make_folder_of(place, err);
    if (fd < 0) {
        error_set(err, ERROR_FAILED, "could not write %s: %s", part,
                  error_of_errno(errno));
    }
    done = done && fetch_into(fetch, url, path, fd, err);
    if (done && !path_exists(place) && rename(part, place) != 0) {
        done = error_set(err, ERROR_FAILED, "could not write %s: %s", place,
                         error_of_errno(errno));
    }
    if (!done && fetch->new.files.count > before) {
        free(((struct snapshot_file *)array_at(&fetch->new.files, before))->path);
        array_remove(&fetch->new.files, before);
    }
    if (fd >= 0) {
        close(fd);
    }
    unlink(part);
    free(part);
    free(place);
    return done;
}

/* ---- The files an index lists ---- */

/* One that fails leaves the others usable: its old copy stands in, if there is one. */
static void fetch_listed(struct fetch *fetch, const char *path)
{
    struct error err = {0};
    if (!path_is_safe(path)) {
        error_set(&err, ERROR_FAILED, "\"%.100s\" in its list of files climbs", path);
    } else if (snapshot_file(&fetch->new, path) != NULL) {
        return; /* twice in the list */
    } else {
        char *url = web_beside(fetch->url, path);
        bool done = fetch_file(fetch, url, path, &err);
        free(url);
        if (done) {
            return;
        }
    }
    const struct snapshot_file *old = snapshot_file(&fetch->old, path);
    if (fetch->missing + fetch->stale == 0) {
        fetch->first = err;
    }
    if (old != NULL && keep_old(fetch, old)) {
        fetch->stale++;
    } else {
        fetch->missing++;
    }
}

static bool fetch_list(struct fetch *fetch, struct error *err)
{
    struct document_place place;
    char *path = path_join(fetch->stage, fetch->index);
    struct document *document = document_read(path, &place, err);
    free(path);
    if (document == NULL) {
        return error_prefix(err, "could not read %s: ", fetch->url);
    }
    const struct document_value *files = document_get(document_root(document), "files");
    bool done = document_count(files) <= MOST_FILES ||
                error_set(err, ERROR_FAILED, "%s lists more than %d files", fetch->url,
                          MOST_FILES);
    for (size_t i = 0; done && i < document_count(files); i++) {
        const char *listed = document_text(document_item(files, i));
        if (listed != NULL) {
            fetch_listed(fetch, listed);
        }
    }
    document_free(document);
    return done;
}

/* ---- The index ---- */

/* A name of our own when the address has none that tells the format. */
static char *index_name(const char *url)
{
    char *base = web_base(url);
    bool is_kept = path_is_safe(base) && strchr(base, '/') == NULL &&
                   (string_ends(base, ".json") || string_ends(base, ".yaml") ||
                    string_ends(base, ".yml"));
    if (!is_kept) {
        free(base);
        base = string_copy("data.json");
    }
    return base;
}

/* Servers answer 200 with a page that says that there is nothing. */
static bool check_index(struct fetch *fetch, struct error *err)
{
    char start[256] = {0};
    char *path = path_join(fetch->stage, fetch->index);
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    ssize_t n = fd >= 0 ? read(fd, start, sizeof start - 1) : -1;
    if (fd >= 0) {
        close(fd);
    }
    free(path);
    size_t at = strspn(start, " \t\r\n\xEF\xBB\xBF");
    if (n <= 0 || start[at] == '\0' || start[at] == '<') {
        return error_set(
            err, ERROR_FAILED, "%s is no index: what came is %s, and not JSON or YAML",
            fetch->url, start[at] == '<' ? "a page of HTML or XML" : "empty");
    }
    return true;
}

static void make_mark(struct snapshot *snapshot)
{
    struct text all = {0};
    for (size_t i = 0; i < snapshot->files.count; i++) {
        const struct snapshot_file *file = array_at(&snapshot->files, i);
        text_printf(&all, "%s\t%s\n", file->path, file->hash);
    }
    digest_bytes(text_string(&all), all.length, snapshot->mark);
    text_release(&all);
}

static bool fetch_all(struct fetch *fetch, struct error *err)
{
    if (!fetch_file(fetch, fetch->url, fetch->index, err) || !check_index(fetch, err) ||
        (string_equal(fetch->index, "mesh.yaml") && !fetch_list(fetch, err))) {
        return false;
    }
    make_mark(&fetch->new);
    fetch->new.fetched = path_now();
    memcpy(fetch->new.before, fetch->old.mark, sizeof fetch->new.before);
    return snapshot_publish(&fetch->new, fetch->url, fetch->stage, err);
}

static bool fetch_new(struct fetch *fetch, struct error *err)
{
    fetch->new.files = (struct array)ARRAY_OF(struct snapshot_file);
    fetch->new.place = string_copy(fetch->old.place);
    fetch->stage = string_printf("%s/.new.%ld", fetch->old.place, (long)getpid());
    fetch->index = index_name(fetch->url);
    fetch->until =
        path_monotonic() + (fetch->spec->seconds > 0 ? fetch->spec->seconds : 60);
    path_remove_tree(fetch->stage, NULL);
    bool done = path_make_folders(fetch->stage, err) && fetch_all(fetch, err);
    path_remove_tree(fetch->stage, NULL);
    return done;
}

/* ---- Opening ---- */

static char *say_age(long long fetched)
{
    char age[32];
    long long seconds = path_now() - fetched;
    if (seconds < 60) {
        return string_copy("just now");
    }
    return string_printf("%s ago", string_of_seconds((double)seconds, age, sizeof age));
}

static char *say_missing(const struct fetch *fetch)
{
    struct text out = {0};
    if (fetch->missing + fetch->stale > 0) {
        text_printf(&out, "of %s ", fetch->url);
        text_append_count(&out, (long long)fetch->missing + (long long)fetch->stale,
                          "file");
        text_printf(&out, " could not be fetched (%zu of an older copy): %s",
                    fetch->stale, fetch->first.message);
    }
    return text_take(&out);
}

/* The snapshot as a folder tree that says what it is. */
static struct filetree *open_snapshot(const struct snapshot *snapshot, const char *url,
                                      char *sentence, struct error *err)
{
    char *folder = snapshot_folder(snapshot);
    struct filetree_location location = {.path = folder};
    struct filetree *tree =
        filetree_open_folder(&location, &(struct filetree_spec){0}, err);
    free(folder);
    if (tree == NULL) {
        free(sentence);
        return NULL;
    }
    tree->facts.kind = FILETREE_WEB;
    tree->facts.kind_name = "web";
    tree->facts.time = snapshot->fetched;
    filetree_set_fact(&tree->facts.location, string_copy(url));
    filetree_set_fact(&tree->facts.mark, string_copy(snapshot->mark));
    filetree_set_fact(&tree->facts.sentence, sentence);
    return tree;
}

static struct filetree *open_fetched(struct fetch *fetch, struct error *err)
{
    bool has_old = fetch->old.mark[0] != '\0';
    if (fetch->spec->is_offline && has_old) {
        return open_snapshot(&fetch->old, fetch->url, NULL, err);
    }
    struct error failure = {0};
    if (fetch_new(fetch, &failure)) {
        return open_snapshot(&fetch->new, fetch->url, say_missing(fetch), err);
    }
    if (!has_old || failure.kind == ERROR_CANCELLED || failure.kind == ERROR_USAGE) {
        *err = failure;
        return NULL;
    }
    char *age = say_age(fetch->old.fetched);
    char *sentence =
        string_printf("%s; this is the copy fetched %s", failure.message, age);
    free(age);
    return open_snapshot(&fetch->old, fetch->url, sentence, err);
}

struct filetree *filetree_open_web(const struct filetree_location *location,
                                   const struct filetree_spec *spec, struct error *err)
{
    struct fetch fetch = {.url = location->path, .spec = spec};
    struct filetree *tree = NULL;
    if (web_check(location->path, err) &&
        snapshot_read(location->path, spec->cache, &fetch.old, err)) {
        tree = open_fetched(&fetch, err);
    }
    snapshot_release(&fetch.old);
    snapshot_release(&fetch.new);
    free(fetch.stage);
    free(fetch.index);
    return tree;
}

bool filetree_web_has_mark(const struct filetree_location *location,
                           const struct filetree_spec *spec, const char *mark)
{
    struct snapshot snapshot = {0};
    bool same = web_check(location->path, NULL) &&
                snapshot_read(location->path, spec->cache, &snapshot, NULL) &&
                string_equal(snapshot.mark, mark);
    snapshot_release(&snapshot);
    return same;
}
