/* export/file: an export into a file, written beside and renamed, with its descriptor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/writer.h"
#include "engine/digest.h"
#include "engine/path.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct target {
    int fd;
    const char *path;
    char *part;
};

static bool write_all(void *to, const char *bytes, size_t length, struct error *err)
{
    const struct target *target = to;
    return path_write_bytes(target->fd, bytes, length) ||
           error_set(err, ERROR_FAILED,
                     "could not write %s: %s; make room or choose another place",
                     target->path, error_of_errno(errno));
}

/* A device or a pipe cannot be replaced by rename, and should not be. */
static bool is_replaceable(const char *path, struct error *err)
{
    struct stat now;
    if (lstat(path, &now) == 0 && !S_ISREG(now.st_mode) && !S_ISLNK(now.st_mode)) {
        return error_set(err, ERROR_FAILED,
                         "could not write %s: it is there and is no regular file; choose "
                         "another name",
                         path);
    }
    return true;
}

/* ---- The descriptor beside ---- */

char *export_beside_name(const char *path)
{
    return string_printf("%s.datapackage.json", path);
}

static bool is_beside(const struct export_spec *spec)
{
    return spec->provenance != NULL &&
           (spec->place == EXPORT_BESIDE ||
            (spec->place == EXPORT_WHERE_FIT && !spec->format->has_place));
}

/* Of what is written: a database is written by its name, so the target's fd is not asked.
 */
static bool hash_file(const struct target *target, char digits[DIGEST_SIZE],
                      struct error *err)
{
    int fd = open(target->part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    bool done = fd >= 0 && digest_file(fd, digits);
    if (!done) {
        error_set(err, ERROR_FAILED, "could not read %s again: %s", target->path,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return done;
}

/* Written before the file gets its name: a descriptor without its file harms less than a
 * file whose origin nobody knows. */
static bool write_beside(const struct export_run *run, const struct target *target,
                         struct error *err)
{
    char digits[DIGEST_SIZE];
    struct stat now;
    struct text text = {0};
    if (!hash_file(target, digits, err) || stat(target->part, &now) != 0) {
        return false;
    }
    const struct provenance_target described = {
        .path = path_base(target->path),
        .format = run->spec->format->name,
        .mediatype = run->spec->format->mediatype,
        .bytes = now.st_size,
        .sha256 = digits,
        .columns = run->spec->format->mediatype != NULL ? run->result : NULL,
    };
    provenance_package(run->spec->provenance, &described, &text);
    char *name = export_beside_name(target->path);
    bool done =
        is_replaceable(name, err) &&
        path_write_file(name, text_string(&text), text.length, path_usual_mode(), err);
    free(name);
    text_release(&text);
    return done;
}

/* ---- The file ---- */

static void count_bytes(struct export_outcome *outcome, const struct target *target)
{
    struct stat now;
    outcome->bytes = stat(target->part, &now) == 0 ? now.st_size : outcome->bytes;
}

bool export_to_file(struct result *result, const struct export_spec *spec,
                    const char *path, struct job_port *port,
                    struct export_outcome *outcome, struct error *err)
{
    struct export_outcome ignored = {0};
    struct target target = {.fd = -1, .path = path};
    struct export_sink sink = {write_all, &target};
    struct export_run run = {.result = result,
                             .spec = spec,
                             .outcome = outcome != NULL ? outcome : &ignored,
                             .port = port};
    *run.outcome = (struct export_outcome){0};
    if (is_replaceable(path, err)) {
        target.fd = path_part_open(path, 0666, &target.part, err);
    }
    if (target.fd < 0) {
        return false;
    }
    run.file = target.part;
    bool done = export_write(&run, &sink, err);
    if (done) {
        count_bytes(run.outcome, &target);
        run.outcome->is_beside = is_beside(spec);
    }
    done = done && (!is_beside(spec) || write_beside(&run, &target, err)) &&
           path_part_finish(target.fd, target.part, path, err);
    path_part_close(target.fd, target.part, done);
    return done;
}
