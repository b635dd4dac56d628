/* export/file: an export into a file, written beside and renamed; and a cell as SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export.h"
#include "engine/path.h"
#include "engine/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

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

bool export_to_file(struct result *result, const struct export_spec *spec,
                    const char *path, struct job_port *port,
                    struct export_outcome *outcome, struct error *err)
{
    struct target target = {.fd = -1, .path = path};
    struct export_sink sink = {write_all, &target};
    if (is_replaceable(path, err)) {
        target.fd = path_part_open(path, 0666, &target.part, err);
    }
    if (target.fd < 0) {
        return false;
    }
    bool done = export_result(result, spec, &sink, port, outcome, err) &&
                path_part_finish(target.fd, target.part, path, err);
    path_part_close(target.fd, target.part, done);
    return done;
}

static void append_hexadecimal(struct text *out, const struct result_cell *cell)
{
    text_append(out, "x'");
    for (size_t i = 0; i < cell->length; i++) {
        text_printf(out, "%02x", (unsigned char)cell->bytes[i]);
    }
    text_append_char(out, '\'');
}

/* SQL text ends at a NUL, so a string that holds one is written as its bytes. */
static void append_string(struct text *out, const struct result_cell *cell)
{
    if (cell->length > 0 && memchr(cell->bytes, '\0', cell->length) != NULL) {
        text_append(out, "CAST(");
        append_hexadecimal(out, cell);
        text_append(out, " AS TEXT)");
        return;
    }
    text_append_char(out, '\'');
    for (size_t i = 0; i < cell->length; i++) {
        text_append_repeated(out, cell->bytes[i], cell->bytes[i] == '\'' ? 2 : 1);
    }
    text_append_char(out, '\'');
}

void export_append_sql(struct text *out, const struct result_cell *cell)
{
    switch (cell->type) {
    case RESULT_NULL:
        text_append(out, "NULL");
        break;
    case RESULT_INTEGER:
    case RESULT_REAL:
        text_append_bytes(out, cell->bytes, cell->length);
        break;
    case RESULT_TEXT:
        append_string(out, cell);
        break;
    case RESULT_BLOB:
        append_hexadecimal(out, cell);
        break;
    }
}
