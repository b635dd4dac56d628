/* amend/file: a file of the mesh that is read, changed and written again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/amend.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"

enum { MOST_BYTES = 8 * 1024 * 1024 };

static bool read_all(struct amend_file *file, const char *root, struct error *err)
{
    struct stat facts;
    int fd = path_open_beneath(root, file->relative, err);
    if (fd < 0) {
        return false;
    }
    bool done =
        fstat(fd, &facts) == 0 || error_set(err, ERROR_FAILED, "could not look at %s: %s",
                                            file->path, error_of_errno(errno));
    done = done &&
           path_read_open(fd, file->path, MOST_BYTES, &file->before, &file->length, err);
    close(fd);
    if (done && strlen(file->before) != file->length) {
        done = error_set(err, ERROR_FAILED, "%s is no text: it has a NUL", file->path);
    }
    file->mode = facts.st_mode & 07777;
    return done;
}

/* The path without links: a rename would take a link's place. */
static bool find_path(struct amend_file *file, const char *root, struct error *err)
{
    char *top = path_absolute(root, err);
    char *joined = top != NULL ? path_join(top, file->relative) : NULL;
    file->path = joined != NULL ? path_absolute(joined, err) : NULL;
    bool inside = file->path != NULL && string_starts(file->path, top) &&
                  file->path[strlen(top)] == '/';
    if (file->path != NULL &&
        (!inside || !string_equal(path_base(file->path), path_base(file->relative)))) {
        inside = error_set(err, ERROR_FAILED,
                           "%s is a symbolic link; the file it leads to is not changed",
                           file->relative);
    }
    free(joined);
    free(top);
    return inside;
}

bool amend_open(struct amend_file *file, const char *root, const char *relative,
                struct error *err)
{
    *file = (struct amend_file){.relative = string_copy(relative)};
    if (!find_path(file, root, err) || !read_all(file, root, err)) {
        amend_close(file);
        return false;
    }
    text_append_bytes(&file->after, file->before, file->length);
    return true;
}

bool amend_apply(struct amend_file *file, const struct amend_change *change,
                 struct error *err)
{
    return amend_text(&file->after, document_format_of(file->path), change, err) ||
           error_prefix(err, "could not change %s: ", file->relative);
}

bool amend_write(const struct amend_file *file, struct error *err)
{
    char *now = NULL;
    size_t length = 0;
    if (string_equal(file->before, text_string(&file->after))) {
        return true;
    }
    if (!path_read_file(file->path, MOST_BYTES, &now, &length, err)) {
        return false;
    }
    bool same = length == file->length && memcmp(now, file->before, length) == 0;
    free(now);
    if (!same) {
        return error_set(
            err, ERROR_FAILED,
            "%s was changed by somebody else meanwhile; nothing was written: "
            "look at it and try again",
            file->relative);
    }
    return path_write_file(file->path, text_string(&file->after), file->after.length,
                           file->mode, err);
}

void amend_close(struct amend_file *file)
{
    free(file->path);
    free(file->relative);
    free(file->before);
    text_release(&file->after);
    *file = (struct amend_file){0};
}
