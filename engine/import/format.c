/* format: is a file CSV or JSON?
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "engine/import/plan.h"
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

static bool file_begins_like_json(int fd)
{
    char head[HEAD_SIZE];
    size_t length = 0;
    ssize_t got = lseek(fd, 0, SEEK_CUR) >= 0 ? 1 : 0; /* a pipe cannot be looked at */
    for (; got > 0 && length < sizeof head; length += (size_t)got) {
        got = pread(fd, head + length, sizeof head - length, (off_t)length);
        got = got < 0 ? 0 : got;
    }
    return format_begins_like_json(head, length);
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
