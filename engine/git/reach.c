/* git: a repository that a descriptor names, at a commit, and the files of that.
 * Source: git-ls-tree(1).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/git/private.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

enum { MOST_LISTING = 256 * 1024 * 1024, MOST_FILES = 10000 };

bool git_reach(const struct git_reach_spec *spec, struct git_reached *reached,
               struct error *err)
{
    *reached = (struct git_reached){0};
    bool done = spec->location->scheme != NULL ? git_reach_remote(spec, reached, err)
                                               : git_reach_local(spec, reached, err);
    if (!done) {
        git_reached_release(reached);
    }
    return done;
}

void git_reached_release(struct git_reached *reached)
{
    free(reached->repository);
    free(reached->objects);
    free(reached->prefix);
    *reached = (struct git_reached){0};
}

/* ---- Files ---- */

void git_files_release(struct array *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(((struct git_file *)array_at(files, i))->path);
    }
    array_release(files);
}

/* Part by part: a star never stands for a slash, nor for a name that begins with a dot.
 */
static bool matches(const char *pattern, const char *path)
{
    return fnmatch(pattern, path, FNM_PATHNAME | FNM_PERIOD | FNM_NOESCAPE) == 0;
}

/* MODE SP TYPE SP ID SP... SIZE TAB PATH */
struct entry {
    const char *mode, *id, *path;
    size_t id_length;
    long long bytes;
};

static bool take_entry(const char *line, struct entry *entry)
{
    const char *type = strchr(line, ' ');
    const char *id = type != NULL ? strchr(type + 1, ' ') : NULL;
    const char *tab = id != NULL ? strchr(id, '\t') : NULL;
    if (tab == NULL) {
        return false;
    }
    *entry = (struct entry){.mode = line, .id = id + 1, .path = tab + 1};
    entry->id_length = strcspn(entry->id, " ");
    char *end = NULL;
    const char *size = entry->id + entry->id_length;
    entry->bytes = strtoll(size, &end, 10);
    return git_is_id(entry->id, entry->id_length) &&
           (end == tab || strncmp(type, " blob", 5) != 0);
}

static void add_file(struct array *files, const struct entry *entry)
{
    struct git_file *file = array_push(files);
    file->path = string_copy(entry->path);
    memcpy(file->id, entry->id, entry->id_length);
    file->id[entry->id_length] = '\0';
    file->bytes = entry->bytes;
}

/* The listing is in the byte order of paths. */
static const char *take_listing(const struct text *out, const char *wanted, bool is_exact,
                                struct array *files)
{
    const char *text = text_string(out), *odd = NULL;
    for (size_t at = 0; at < out->length; at += strlen(text + at) + 1) {
        struct entry entry;
        if (!take_entry(text + at, &entry) || !path_is_safe(entry.path) ||
            (is_exact ? !string_equal(entry.path, wanted)
                      : !matches(wanted, entry.path))) {
            continue;
        }
        if (strncmp(entry.mode, "100", 3) != 0) {
            odd = strncmp(entry.mode, "120000", 6) == 0 ? "a symbolic link"
                                                        : "no file but a submodule";
        } else if (files->count < MOST_FILES) {
            add_file(files, &entry);
        }
    }
    return odd;
}

/* The folder before the first part with a sign of a pattern. */
static char *plain_part(const char *pattern)
{
    size_t length = strcspn(pattern, "*?[");
    while (length > 0 && pattern[length - 1] != '/') {
        length--;
    }
    return string_copy_bytes(pattern, length > 0 ? length - 1 : 0);
}

static bool list_tree(const struct git_reached *reached, const char *below, bool deep,
                      struct text *out, struct error *err)
{
    const char *arguments[10] = {"ls-tree", "-z", "--long", "--full-tree"};
    size_t count = 4;
    if (deep) {
        arguments[count++] = "-r";
    }
    arguments[count++] = reached->commit.id;
    arguments[count++] = "--";
    arguments[count++] = below[0] != '\0' ? below : NULL;
    arguments[count] = NULL;
    struct git_spec spec = {.repository = reached->repository,
                            .objects = reached->objects,
                            .is_own = true,
                            .arguments = arguments,
                            .most = MOST_LISTING};
    return git_run(&spec, out, err);
}

bool git_files(const struct git_reached *reached, const char *pattern,
               struct array *files, struct error *err)
{
    struct text out = {0};
    char *wanted = string_printf("%s%s", reached->prefix, pattern);
    size_t before = files->count;
    bool done = list_tree(reached, wanted, false, &out, err);
    const char *odd = done ? take_listing(&out, wanted, true, files) : NULL;
    if (done && files->count == before && odd == NULL &&
        strpbrk(pattern, "*?[") != NULL) {
        char *below = plain_part(wanted);
        text_clear(&out);
        done = list_tree(reached, below, true, &out, err);
        take_listing(&out, wanted, false, files);
        free(below);
    }
    if (done && odd != NULL) {
        done = error_set(err, ERROR_FAILED,
                         "could not read %s of the commit %.12s: it is %s", wanted,
                         reached->commit.id, odd);
    } else if (done && (files->count == before || files->count >= MOST_FILES)) {
        done = error_set(err, ERROR_FAILED,
                         files->count == before
                             ? "no file of the commit %.12s is or matches %s"
                             : "more files of the commit %.12s match %s than can be one "
                               "table",
                         reached->commit.id, wanted);
    }
    text_release(&out);
    free(wanted);
    return done;
}
