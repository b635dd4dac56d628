/* format: is a file CSV, JSON or an SQLite database?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/import/plan.h"
#include "engine/unpack.h"
#include "engine/text.h"

enum { HEAD_SIZE = 4096 };

static const struct {
    const char *suffix;
    enum import_format format;
} suffixes[] = {
    {".csv", IMPORT_CSV},     {".tsv", IMPORT_CSV},        {".tab", IMPORT_CSV},
    {".psv", IMPORT_CSV},     {".json", IMPORT_JSON},      {".jsonl", IMPORT_JSON},
    {".ndjson", IMPORT_JSON}, {".jsonlines", IMPORT_JSON}, {".geojson", IMPORT_JSON},
};

static bool ends_with(const char *name, size_t length, const char *suffix)
{
    size_t own = strlen(suffix);
    return length > own && strncasecmp(name + length - own, suffix, own) == 0;
}

/* The next sign that is no white space. */
static const char *skip_blanks(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* A header of CSV may begin with a bracket too, but not with these two. */
bool format_begins_like_json(const char *bytes, size_t length)
{
    char head[HEAD_SIZE + 1] = {0};
    memcpy(head, bytes, length < HEAD_SIZE ? length : HEAD_SIZE);
    const char *first =
        skip_blanks(head + (strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0));
    const char *next = *first != '\0' ? skip_blanks(first + 1) : first;
    return (*first == '{' && (*next == '"' || *next == '}')) ||
           (*first == '[' && (*next == '{' || *next == '['));
}

/* The first bytes of a pipe, without taking them out of it (tee(2)). Waits for the first
 * ones. */
static size_t look_into_pipe(int fd, char *head, size_t room)
{
    int copy[2];
    ssize_t got = 0;
    if (pipe2(copy, O_CLOEXEC) != 0) {
        return 0;
    }
    if (tee(fd, copy[1], room, 0) > 0) {
        got = read(copy[0], head, room);
    }
    close(copy[0]);
    close(copy[1]);
    return got > 0 ? (size_t)got : 0;
}

static size_t look_into_file(int fd, char *head, size_t room)
{
    size_t length = 0;
    for (ssize_t got = 1; got > 0 && length < room; length += (size_t)got) {
        got = pread(fd, head + length, room - length, (off_t)length);
        got = got < 0 ? 0 : got;
    }
    return length;
}

static size_t look_into(int fd, char *head, size_t room)
{
    bool is_pipe = lseek(fd, 0, SEEK_CUR) < 0 && errno == ESPIPE;
    return is_pipe ? look_into_pipe(fd, head, room) : look_into_file(fd, head, room);
}

static bool file_begins_like_json(int fd)
{
    char head[HEAD_SIZE];
    size_t length = look_into(fd, head, sizeof head);
    return format_begins_like_json(head, length);
}

/* ---- SQLite, also packed ---- */

struct head {
    const char *bytes;
    size_t length, used;
};

static bool read_head(void *owner, void *into, size_t room, size_t *got,
                      struct error *err)
{
    struct head *head = owner;
    (void)err;
    *got = head->length - head->used < room ? head->length - head->used : room;
    memcpy(into, head->bytes + head->used, *got);
    head->used += *got;
    return true;
}

bool import_is_sqlite(int fd)
{
    static const char magic[16] = "SQLite format 3";
    char bytes[HEAD_SIZE], unpacked[sizeof magic];
    struct head head = {bytes, look_into(fd, bytes, sizeof bytes), 0};
    const char *packing = unpack_format(bytes, head.length);
    if (packing == NULL) {
        return head.length >= sizeof magic && memcmp(bytes, magic, sizeof magic) == 0;
    }
    struct unpack_spec spec = {"", read_head, &head};
    struct unpack *unpack = unpack_new(packing, &spec, NULL);
    size_t length = 0;
    for (size_t got = 1; unpack != NULL && got > 0 && length < sizeof unpacked;
         length += got) {
        if (!unpack_read(unpack, unpacked + length, sizeof unpacked - length, &got,
                         NULL)) {
            got = 0;
        }
    }
    unpack_free(unpack);
    return length == sizeof magic && memcmp(unpacked, magic, sizeof magic) == 0;
}

enum import_format import_format_of(const char *name, int fd)
{
    static const char *const packings[] = {".gz", ".zst"};
    size_t length = strlen(name);
    for (size_t i = 0; i < sizeof packings / sizeof packings[0]; i++) {
        length -= ends_with(name, length, packings[i]) ? strlen(packings[i]) : 0;
    }
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        if (ends_with(name, length, suffixes[i].suffix)) {
            return suffixes[i].format;
        }
    }
    return file_begins_like_json(fd) ? IMPORT_JSON : IMPORT_CSV;
}
