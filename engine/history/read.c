/* history: the commits that changed a file, and the values a field had around them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/history.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { MOST_COMMITS = 1000, MOST_BLOB = 8 * 1024 * 1024 };

struct asking {
    const struct history_spec *spec;
    struct git_pipe *pipe; /* gives blobs */
    bool known;
};

static void change_release(struct history_change *change)
{
    free(change->date);
    free(change->author);
    free(change->subject);
    free(change->path);
    free(change->old);
    free(change->new);
}

void history_release(struct array *changes)
{
    for (size_t i = 0; i < changes->count; i++) {
        change_release(array_at(changes, i));
    }
    array_release(changes);
}

/* ---- Commits: \1 ID NUL SECONDS NUL DATE NUL AUTHOR NUL SUBJECT NUL \n PATH NUL ---- */

static const char *next_word(const char **at, const char *end)
{
    const char *word = *at;
    if (word >= end) {
        return "";
    }
    *at = word + strlen(word) + 1;
    return word;
}

/* Some versions of git write UTC so, some as Z. */
static char *take_date(const char *date)
{
    size_t length = strlen(date);
    bool is_utc = string_ends(date, "+00:00");
    return is_utc ? string_printf("%.*sZ", (int)(length - strlen("+00:00")), date)
                  : string_copy(date);
}

static bool take_commit(const char **at, const char *end, struct array *changes)
{
    const char *id = next_word(at, end);
    if (id[0] != '\1' || !git_is_id(id + 1, strlen(id + 1))) {
        return false;
    }
    struct history_change change = {0};
    memcpy(change.commit, id + 1, strlen(id + 1));
    change.time = strtoll(next_word(at, end), NULL, 10);
    change.date = take_date(next_word(at, end));
    change.author = string_copy(next_word(at, end));
    change.subject = string_copy(next_word(at, end));
    bool has_path = *at < end && **at == '\n';
    change.path = string_copy(has_path ? next_word(at, end) + 1 : "");
    *(struct history_change *)array_push(changes) = change;
    return true;
}

static bool read_commits(const struct history_spec *spec, struct array *changes,
                         struct error *err)
{
    bool has_ref = spec->ref != NULL && spec->ref[0] != '\0';
    char *most = string_printf("--max-count=%zu",
                               spec->most > 0 ? spec->most : (size_t)MOST_COMMITS);
    const char *const arguments[] = {"log",
                                     "--follow",
                                     "--topo-order",
                                     "--name-only",
                                     "-z",
                                     "--no-show-signature",
                                     "--no-ext-diff",
                                     "--no-textconv",
                                     "--no-relative",
                                     "--format=%x01%H%x00%ct%x00%aI%x00%an%x00%s",
                                     most,
                                     "--end-of-options",
                                     has_ref ? spec->ref : "HEAD",
                                     "--",
                                     spec->path,
                                     NULL};
    struct text out = {0};
    bool done =
        git_run(&(struct git_spec){.repository = spec->folder, .arguments = arguments},
                &out, err);
    const char *at = text_string(&out), *end = at + out.length;
    while (done && at < end) {
        done = take_commit(&at, end, changes) ||
               error_set(err, ERROR_FAILED, "git log said something that is no commit");
    }
    text_release(&out);
    free(most);
    return done;
}

/* ---- Revisions ---- */

/* The blob of a revision; NULL: it has none of that name, or it is too large. *fine tells
 * whether git goes on answering. */
static char *ask_blob(struct asking *asking, const char *revision, size_t *length,
                      bool *fine)
{
    struct text line = {0};
    char *bytes = NULL;
    char *ask = string_printf("%s\n", revision);
    *fine = git_pipe_write(asking->pipe, ask, strlen(ask), NULL) &&
            git_pipe_line(asking->pipe, &line, NULL);
    free(ask);
    const char *blob = strstr(text_string(&line), " blob ");
    if (*fine && blob != NULL && git_is_id(line.data, (size_t)(blob - line.data))) {
        *length = strtoull(blob + strlen(" blob "), NULL, 10);
        *fine = *length <= MOST_BLOB;
        bytes = *fine ? memory_new(*length + 2) : NULL;
        *fine = *fine && git_pipe_read(asking->pipe, bytes, *length + 1, NULL);
    } else if (*fine && !string_ends(text_string(&line), " missing")) {
        *fine = false; /* a tree, whose bytes would follow */
    }
    text_release(&line);
    if (!*fine) {
        free(bytes);
        bytes = NULL;
    }
    return bytes;
}

static bool open_pipe(struct asking *asking, struct error *err)
{
    static const char *const arguments[] = {"cat-file", "--batch", NULL};
    struct git_spec spec = {.repository = asking->spec->folder, .arguments = arguments};
    asking->pipe = asking->pipe != NULL ? asking->pipe : git_pipe_open(&spec, err);
    return asking->pipe != NULL;
}

static char *value_in(const struct asking *asking, const char *path, const char *bytes,
                      size_t length)
{
    struct document_place place;
    struct error ignored;
    struct document *document =
        document_parse(bytes, length, document_format_of(path), &place, &ignored);
    char *value =
        history_value(history_field(document_root(document), asking->spec->field));
    document_free(document);
    return value;
}

/* What the field was at REVISION:PATH; NULL: nothing. A revision that cannot be parsed
 * has no values. */
static char *value_at(struct asking *asking, const char *revision, const char *path)
{
    size_t length = 0;
    bool fine = true;
    if (path[0] == '\0' || strchr(path, '\n') != NULL || !open_pipe(asking, NULL)) {
        return NULL;
    }
    char *name = string_printf("%s:%s", revision, path);
    char *bytes = ask_blob(asking, name, &length, &fine);
    char *value = bytes != NULL ? value_in(asking, path, bytes, length) : NULL;
    if (!fine) {
        git_pipe_close(asking->pipe);
        asking->pipe = NULL;
    }
    free(bytes);
    free(name);
    asking->known |= value != NULL;
    return value;
}

/* Against its own parent, under the name the file had before. */
static void compare(struct asking *asking, struct history_change *change,
                    const struct history_change *older)
{
    char *parent = string_printf("%s^", change->commit);
    change->new = value_at(asking, change->commit, change->path);
    change->old = value_at(asking, parent, change->path);
    if (change->old == NULL && older != NULL &&
        !string_equal(older->path, change->path)) {
        change->old = value_at(asking, parent, older->path);
    }
    free(parent);
}

static void compare_all(struct asking *asking, struct array *changes)
{
    size_t kept = 0;
    struct history_change *all = changes->items;
    for (size_t i = 0; i < changes->count; i++) {
        compare(asking, &all[i], i + 1 < changes->count ? &all[i + 1] : NULL);
        if (!string_equal(all[i].old, all[i].new)) {
            continue;
        }
        free(all[i].old);
        free(all[i].new);
        all[i].old = all[i].new = NULL;
        all[i].time = -1; /* the next one needs its path */
    }
    for (size_t i = 0; i < changes->count; i++) {
        if (all[i].time >= 0) {
            all[kept++] = all[i];
        } else {
            change_release(&all[i]);
        }
    }
    changes->count = kept;
}

/* ---- What is not committed ---- */

static bool differs(struct asking *asking, const char *committed, const char *bytes,
                    size_t length)
{
    size_t old_length = 0;
    bool fine = true;
    char *old =
        open_pipe(asking, NULL) ? ask_blob(asking, committed, &old_length, &fine) : NULL;
    bool same = old != NULL && old_length == length && memcmp(old, bytes, length) == 0;
    if (!fine) {
        git_pipe_close(asking->pipe);
        asking->pipe = NULL;
    }
    free(old);
    return !same;
}

/* The file in the work tree, when it is not as the last commit has it. */
static void add_uncommitted(struct asking *asking, struct array *changes,
                            const char *path)
{
    const struct history_spec *spec = asking->spec;
    char *bytes, *committed = string_printf("HEAD:%s", path);
    char *file = path_join(spec->folder, spec->path);
    size_t length;
    if (path_exists(file) && path_read_file(file, MOST_BLOB, &bytes, &length, NULL)) {
        struct history_change change = {.time = path_now()};
        bool is_changed = differs(asking, committed, bytes, length);
        if (is_changed && spec->field != NULL) {
            change.new = value_in(asking, spec->path, bytes, length);
            change.old = value_at(asking, "HEAD", path);
            asking->known |= change.new != NULL;
            is_changed = !string_equal(change.old, change.new);
        }
        if (is_changed) {
            change.date = string_copy("");
            change.author = string_copy("");
            change.subject = string_copy("not committed yet");
            change.path = string_copy(path);
            *(struct history_change *)array_push(changes) = change;
        } else {
            change_release(&change);
        }
        free(bytes);
    }
    free(file);
    free(committed);
}

bool history_read(const struct history_spec *spec, struct array *changes, bool *known,
                  struct error *err)
{
    struct array commits = ARRAY_OF(struct history_change);
    struct asking asking = {.spec = spec, .known = spec->field == NULL};
    char *prefix = git_prefix(spec->folder, err);
    bool done = prefix != NULL && read_commits(spec, &commits, err);
    if (done && (spec->ref == NULL || spec->ref[0] == '\0')) {
        char *path = string_printf("%s%s", prefix, spec->path);
        add_uncommitted(&asking, changes, path);
        free(path);
    }
    if (done && spec->field != NULL) {
        compare_all(&asking, &commits);
    }
    for (size_t i = 0; i < commits.count; i++) {
        *(struct history_change *)array_push(changes) =
            *(struct history_change *)array_at(&commits, i);
    }
    array_release(&commits);
    git_pipe_close(asking.pipe);
    free(prefix);
    *known = asking.known;
    return done;
}
