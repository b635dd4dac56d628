/* install: copies the descriptors of the sample mesh and has its data generated, without
 * touching what the person made or changed.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "engine/demo/marker.h"
#include "engine/path.h"
#include "engine/text.h"

enum { SAMPLE_LIMIT = 4 << 20, SAMPLE_DEPTH = 8, SAMPLE_MODE = 0644 };

struct sample {
    char *path; /* below samples/mesh, and below the sandbox */
    char *bytes;
    size_t length;
    uint32_t sum;
};

static bool is_generated(const char *path)
{
    for (size_t i = 0; demo_file_at(i) != NULL; i++) {
        if (strcmp(demo_file_at(i)->path, path) == 0) {
            return true;
        }
    }
    return false;
}

static bool read_sample(const char *root, const char *relative, struct array *samples,
                        struct error *err)
{
    struct sample sample = {0};
    char *path = path_join(root, relative);
    bool done = path_read_file(path, SAMPLE_LIMIT, &sample.bytes, &sample.length, err);
    free(path);
    if (done) {
        sample.path = string_copy(relative);
        sample.sum = marker_sum(sample.bytes, sample.length);
        *(struct sample *)array_push(samples) = sample;
    }
    return done;
}

static char *child_of(const char *relative, const char *name)
{
    return relative[0] == '\0' ? string_copy(name) : path_join(relative, name);
}

/* All files below root/relative; hidden ones are somebody's editor, not samples. */
static bool read_samples(const char *root, const char *relative, int depth,
                         struct array *samples, struct error *err)
{
    char *folder = path_join(root, relative);
    DIR *dir = opendir(folder);
    bool done = dir != NULL || error_set(err, ERROR_FAILED,
                                         "could not read the sample mesh in %s: %s; "
                                         "install mwb again or set MWB_SAMPLES",
                                         folder, error_of_errno(errno));
    free(folder);
    struct dirent *entry;
    while (done && dir != NULL && (entry = readdir(dir)) != NULL) {
        if (entry->d_name[0] == '.') {
            continue;
        }
        char *child = child_of(relative, entry->d_name);
        char *path = path_join(root, child);
        if (path_is_folder(path)) {
            done = depth == 0 || read_samples(root, child, depth - 1, samples, err);
        } else if (!is_generated(child) && !string_ends(child, ".part")) {
            done = read_sample(root, child, samples, err);
        }
        free(path);
        free(child);
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return done;
}

static void release_samples(struct array *samples)
{
    for (size_t i = 0; i < samples->count; i++) {
        struct sample *sample = array_at(samples, i);
        free(sample->path);
        free(sample->bytes);
    }
    array_release(samples);
}

/* May the demo write this file? Yes when it is missing, its own, or it was asked to. */
static bool may_replace(const char *path, const char *relative, const struct marker *old,
                        bool reset)
{
    char *bytes = NULL;
    size_t length;
    if (reset || !path_exists(path) ||
        !path_read_file(path, SAMPLE_LIMIT, &bytes, &length, NULL)) {
        return reset || !path_exists(path);
    }
    bool own = marker_knows(old, relative, marker_sum(bytes, length));
    free(bytes);
    return own;
}

static bool copy_sample(const struct sample *sample, const struct demo_install_spec *spec,
                        const struct marker *old, struct error *err)
{
    char *path = path_join(spec->dir, sample->path);
    char *folder = path_folder(path);
    bool done = path_make_folders(folder, err);
    if (done && may_replace(path, sample->path, old, spec->reset)) {
        done = path_write_file(path, sample->bytes, sample->length, SAMPLE_MODE, err);
    }
    free(folder);
    free(path);
    return done;
}

/* Remove what an older version of the samples had and this one has no more. */
static void remove_stale(const struct demo_install_spec *spec, const struct marker *old,
                         const struct marker *made)
{
    for (size_t i = 0; i < old->files.count; i++) {
        const struct marker_file *file = array_at(&old->files, i);
        if (marker_names(made, file->path)) {
            continue;
        }
        char *path = path_join(spec->dir, file->path);
        if (may_replace(path, file->path, old, spec->reset)) {
            unlink(path);
        }
        free(path);
    }
}

/* Remove the halves that a killed generation left beside this data file. */
static void remove_parts_of(const char *dir, const char *relative)
{
    char *path = path_join(dir, relative);
    char *folder = path_folder(path);
    DIR *entries = opendir(folder);
    struct dirent *entry;
    while (entries != NULL && (entry = readdir(entries)) != NULL) {
        if (string_starts(entry->d_name, path_base(path)) &&
            string_ends(entry->d_name, ".part")) {
            unlinkat(dirfd(entries), entry->d_name, 0);
        }
    }
    if (entries != NULL) {
        closedir(entries);
    }
    free(folder);
    free(path);
}

static bool is_same(const struct marker *marker, const struct demo_install_spec *spec)
{
    return marker->exists && marker->complete && marker->version == DEMO_VERSION &&
           marker->scale == (spec->scale == 0 ? 1 : spec->scale) &&
           marker->seed == spec->seed;
}

static bool make(const struct demo_install_spec *spec, const struct array *samples,
                 const struct marker *old, struct error *err)
{
    struct marker made = {.exists = true,
                          .version = DEMO_VERSION,
                          .scale = spec->scale == 0 ? 1 : spec->scale,
                          .seed = spec->seed,
                          .files = ARRAY_OF(struct marker_file)};
    struct marker building = made;
    for (size_t i = 0; i < samples->count; i++) {
        const struct sample *sample = array_at(samples, i);
        marker_add(&made, sample->path, sample->sum);
        marker_add(&building, sample->path, sample->sum);
    }
    for (size_t i = 0; i < old->files.count; i++) {
        const struct marker_file *file = array_at(&old->files, i);
        marker_add(&building, file->path, file->sum);
    }
    bool done = marker_write(&building, spec->dir, err);
    for (size_t i = 0; done && i < samples->count; i++) {
        done = copy_sample(array_at(samples, i), spec, old, err);
    }
    for (size_t i = 0; done && demo_file_at(i) != NULL; i++) {
        remove_parts_of(spec->dir, demo_file_at(i)->path);
    }
    struct demo_spec data = {.dir = spec->dir, .scale = spec->scale, .seed = spec->seed};
    done = done && demo_generate(&data, spec->progress, spec->arg, err);
    if (done) {
        remove_stale(spec, old, &made);
        made.complete = true;
        done = marker_write(&made, spec->dir, err);
    }
    marker_release(&building);
    marker_release(&made);
    return done;
}

/* A folder with something in it that the demo did not make is not ours to fill. */
static bool is_free(const char *folder)
{
    DIR *dir = opendir(folder);
    bool is_free = dir != NULL;
    struct dirent *entry;
    while (is_free && (entry = readdir(dir)) != NULL) {
        is_free = entry->d_name[0] == '.';
    }
    if (dir != NULL) {
        closedir(dir);
    }
    return is_free;
}

static bool install_locked(const struct demo_install_spec *spec, struct error *err)
{
    struct marker old;
    marker_read(&old, spec->dir);
    struct array samples = ARRAY_OF(struct sample);
    char *root = path_join(spec->samples, "mesh");
    bool done = true;
    if (!old.exists && !is_free(spec->dir)) {
        done =
            error_set(err, ERROR_FAILED,
                      "could not make the sandbox in %s: the folder is not empty and the "
                      "demo did not make it; choose another one with --dir",
                      spec->dir);
    } else if (spec->reset || !is_same(&old, spec)) {
        done = read_samples(root, "", SAMPLE_DEPTH, &samples, err) &&
               make(spec, &samples, &old, err);
    }
    free(root);
    release_samples(&samples);
    marker_release(&old);
    return done;
}

bool demo_install(const struct demo_install_spec *spec, struct error *err)
{
    if (spec->scale < 0 || spec->scale > DEMO_SCALE_MAX) {
        return error_set(
            err, ERROR_USAGE,
            "could not make the sandbox at scale %d: the scale goes from 1 to %d",
            spec->scale, DEMO_SCALE_MAX);
    }
    struct error why = {0};
    if (!path_make_folders(spec->dir, &why)) {
        return error_set(err, ERROR_FAILED, "%s; choose another folder with --dir",
                         why.message);
    }
    /* Two programs may be started at once: the second waits and finds it ready. */
    int lock = open(spec->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (lock < 0 || flock(lock, LOCK_EX) != 0) {
        error_set(err, ERROR_FAILED,
                  "could not open the folder %s: %s; choose another one", spec->dir,
                  error_of_errno(errno));
        if (lock >= 0) {
            close(lock);
        }
        return false;
    }
    bool done = install_locked(spec, err);
    close(lock);
    return done;
}

bool demo_is_ready(const struct demo_install_spec *spec)
{
    struct marker marker;
    marker_read(&marker, spec->dir);
    bool is_ready = is_same(&marker, spec);
    marker_release(&marker);
    return is_ready;
}
