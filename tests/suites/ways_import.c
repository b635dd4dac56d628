/* ways_import: random files into databases, from files, pipes and gzip, in reads of any
 * size; and what came of it in words.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/access.h"
#include "engine/path.h"
#include "tests/suites/ways.h"

/* The linker sends the engine's reading here; any thread may read. 0: no limit. */
static size_t read_most;

ssize_t __real_read(int fd, void *bytes, size_t length);
ssize_t __wrap_read(int fd, void *bytes, size_t length);
ssize_t __real___read_chk(int fd, void *bytes, size_t length, size_t room);
ssize_t __wrap___read_chk(int fd, void *bytes, size_t length, size_t room);
ssize_t __real_pread(int fd, void *bytes, size_t length, off_t offset);
ssize_t __wrap_pread(int fd, void *bytes, size_t length, off_t offset);
ssize_t __real___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room);
ssize_t __wrap___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room);

static size_t shortened(size_t length)
{
    size_t most = __atomic_load_n(&read_most, __ATOMIC_RELAXED);
    return most > 0 && most < length ? most : length;
}

ssize_t __wrap_read(int fd, void *bytes, size_t length)
{
    return __real_read(fd, bytes, shortened(length));
}

ssize_t __wrap___read_chk(int fd, void *bytes, size_t length, size_t room)
{
    return __real___read_chk(fd, bytes, shortened(length), room);
}

ssize_t __wrap_pread(int fd, void *bytes, size_t length, off_t offset)
{
    return __real_pread(fd, bytes, shortened(length), offset);
}

ssize_t __wrap___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room)
{
    return __real___pread_chk(fd, bytes, shortened(length), offset, room);
}

/* ---- Where the bytes lie ---- */

static char *part_path(const char *folder, size_t part, bool packed)
{
    return string_printf("%s/in%zu.csv%s", folder, part, packed ? ".gz" : "");
}

/* Two members, as tools that append to a log leave them. */
static bool pack(const char *path, const struct text *bytes)
{
    size_t half = bytes->length / 2;
    bool good = true;
    for (int member = 0; good && member < 2; member++) {
        gzFile out = gzopen(path, member == 0 ? "wb1" : "ab1");
        unsigned length = (unsigned)(member == 0 ? half : bytes->length - half);
        good = out != NULL && gzwrite(out, text_string(bytes) + (member == 0 ? 0 : half),
                                      length) == (int)length;
        good = out != NULL && gzclose(out) == Z_OK && good;
    }
    return good;
}

bool ways_lay_down(const struct ways_file *file, const char *folder)
{
    bool good = true;
    for (size_t i = 0; i < file->count; i++) {
        char *plain = part_path(folder, i, false), *packed = part_path(folder, i, true);
        int fd = open(plain, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        good = good && fd >= 0 &&
               path_write_bytes(fd, text_string(&file->parts[i]), file->parts[i].length);
        close(fd);
        good = good && (!file->packed || pack(packed, &file->parts[i]));
        free(plain);
        free(packed);
    }
    return good;
}

/* A child writes the bytes into a pipe and ends. */
static int open_pipe(const struct text *bytes)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        return -1;
    }
    if (fork() == 0) {
        close(ends[0]);
        path_write_bytes(ends[1], text_string(bytes), bytes->length);
        _exit(0);
    }
    close(ends[1]);
    return ends[0];
}

static void open_parts(const struct ways_file *file, const char *folder, bool plainly,
                       struct array *files)
{
    for (size_t i = 0; i < file->count; i++) {
        char *path = part_path(folder, i, file->packed && !plainly);
        struct access_file *opened = array_push(files);
        opened->path =
            file->name != NULL ? string_copy(file->name) : string_printf("in%zu.csv", i);
        opened->fd = file->piped && !file->packed && !plainly
                         ? open_pipe(&file->parts[i])
                         : open(path, O_RDONLY | O_CLOEXEC);
        opened->bytes = (long long)file->parts[i].length;
        free(path);
    }
}

void ways_import(const struct ways_file *file, const char *folder, const char *database,
                 const struct import_spec *spec, bool plainly,
                 struct ways_outcome *outcome)
{
    struct array files = ARRAY_OF(struct access_file);
    struct import_spec used = *spec;
    memset(outcome, 0, sizeof *outcome);
    open_parts(file, folder, plainly, &files);
    used.files = &files;
    used.columns = file->columns.count > 0 ? &file->columns : NULL;
    used.dialect = file->has_dialect ? &file->dialect : NULL;
    used.masks = file->masks.count > 0 ? &file->masks : NULL;
    unlink(database);
    __atomic_store_n(&read_most, plainly ? 0 : file->read_most, __ATOMIC_RELAXED);
    outcome->good = import_table(database, &used, NULL, &outcome->report, &outcome->err);
    __atomic_store_n(&read_most, 0, __ATOMIC_RELAXED);
    access_files_release(&files);
    while (waitpid(-1, NULL, WNOHANG) > 0) { /* writers whose pipe was closed early */
    }
}
