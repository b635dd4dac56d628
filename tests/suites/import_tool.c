/* import_tool: import files into a database without the program, for the tests of suites.
 *   import_tool [-t] OUT.db FILE...
 * -t: every cell as text. Prints "read stored rejected", then the notes; status 1 and the
 * sentence when it fails. In the environment: IMPORT_TOOL_READ, bytes read at once at
 * most; IMPORT_TOOL_REFERENCE, the reference way only. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/access.h"
#include "engine/import.h"

/* The linker sends the engine's read(2) here, so that short reads of any size can be
 * tried. */
ssize_t __real_read(int fd, void *bytes, size_t length);
ssize_t __wrap_read(int fd, void *bytes, size_t length);
ssize_t __real___read_chk(int fd, void *bytes, size_t length, size_t room);
ssize_t __wrap___read_chk(int fd, void *bytes, size_t length, size_t room);

static size_t shortened(size_t length)
{
    const char *most = getenv("IMPORT_TOOL_READ");
    size_t limit = most != NULL ? (size_t)strtoul(most, NULL, 10) : 0;
    return limit > 0 && limit < length ? limit : length;
}

ssize_t __wrap_read(int fd, void *bytes, size_t length)
{
    return __real_read(fd, bytes, shortened(length));
}

ssize_t __wrap___read_chk(int fd, void *bytes, size_t length, size_t room)
{
    return __real___read_chk(fd, bytes, shortened(length), room);
}

/* The engine's pread(2) too. */
ssize_t __real_pread(int fd, void *bytes, size_t length, off_t offset);
ssize_t __wrap_pread(int fd, void *bytes, size_t length, off_t offset);
ssize_t __real___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room);
ssize_t __wrap___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room);

ssize_t __wrap_pread(int fd, void *bytes, size_t length, off_t offset)
{
    return __real_pread(fd, bytes, shortened(length), offset);
}

ssize_t __wrap___pread_chk(int fd, void *bytes, size_t length, off_t offset, size_t room)
{
    return __real___pread_chk(fd, bytes, shortened(length), offset, room);
}

static bool add_file(struct array *files, const char *path)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || fstat(fd, &info) != 0) {
        perror(path);
        return false;
    }
    struct access_file *file = array_push(files);
    file->path = string_copy(path);
    file->fd = fd;
    file->bytes = (long long)info.st_size;
    return true;
}

int main(int argc, char **argv)
{
    struct array files = ARRAY_OF(struct access_file);
    struct import_report report = {0};
    struct error err = {0};
    bool all_text = argc > 1 && strcmp(argv[1], "-t") == 0;
    int first = all_text ? 2 : 1;
    if (argc < first + 2) {
        fputs("usage: import_tool [-t] OUT.db FILE...\n", stderr);
        return 2;
    }
    for (int i = first + 1; i < argc; i++) {
        if (!add_file(&files, argv[i])) {
            return 3;
        }
    }
    unlink(argv[first]);
    const struct access_file *file = array_at(&files, 0);
    struct import_spec spec = {
        .table = "t",
        .way = getenv("IMPORT_TOOL_REFERENCE") != NULL ? IMPORT_REFERENCE : IMPORT_ANY,
        .format = import_format_of(file->path, file->fd),
        .files = &files,
        .all_text = all_text};
    bool good = import_table(argv[first], &spec, NULL, &report, &err);
    if (good) {
        printf("%lld %lld %lld\n%s%s", report.read, report.stored, report.rejected,
               text_string(&report.sniffed), text_string(&report.notes));
    } else {
        printf("%s\n", err.message);
    }
    import_report_release(&report);
    access_files_release(&files);
    return good ? 0 : 1;
}
