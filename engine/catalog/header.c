/* catalog/header: reads the header of a delimited text, as far as a list of columns needs
 * it; import reads files in earnest.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/header.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/build.h"
#include "engine/text.h"
#include "engine/unpack.h"

enum { MOST_BYTES = 64 * 1024, MOST_COLUMNS = 2000, LONGEST_NAME = 256 };

/* ---- The first bytes ---- */

static bool read_file(void *owner, void *into, size_t room, size_t *got,
                      struct error *err)
{
    const int *fd = owner;
    ssize_t length = read(*fd, into, room);
    *got = length > 0 ? (size_t)length : 0;
    return length >= 0 || error_set(err, ERROR_FAILED, "it could not be read");
}

static size_t read_unpacked(int fd, const char *format, char *head)
{
    struct unpack_spec spec = {"it", read_file, &fd};
    struct unpack *unpack = unpack_new(format, &spec, NULL);
    size_t length = 0, got = 1;
    while (unpack != NULL && got > 0 && length < MOST_BYTES) {
        if (!unpack_read(unpack, head + length, MOST_BYTES - length, &got, NULL)) {
            got = 0;
        }
        length += got;
    }
    unpack_free(unpack);
    return length;
}

/* A header ends early; most files are done with one small read. */
static size_t read_plain(int fd, char *head)
{
    size_t length = 0;
    ssize_t got = pread(fd, head, 4096, 0);
    while (got > 0) {
        length += (size_t)got;
        if (length >= MOST_BYTES || memchr(head, '\n', length) != NULL) {
            break;
        }
        got = pread(fd, head + length, MOST_BYTES - length, (off_t)length);
    }
    return length;
}

static size_t read_head(int fd, char *head)
{
    char magic[UNPACK_MAGIC] = {0};
    ssize_t got = pread(fd, magic, sizeof magic, 0);
    const char *format = got > 0 ? unpack_format(magic, (size_t)got) : NULL;
    size_t length =
        format != NULL ? read_unpacked(fd, format, head) : read_plain(fd, head);
    head[length] = '\0';
    return memchr(head, '\0', length) == NULL ? length : 0;
}

/* ---- The line ---- */

/* The sign that stands most often in the first line outside of quotes. */
static char sign_of(const char *line)
{
    static const char signs[] = ",\t;|";
    size_t counts[sizeof signs - 1] = {0};
    bool quoted = false;
    for (; *line != '\0' && (quoted || (*line != '\n' && *line != '\r')); line++) {
        const char *sign = strchr(signs, *line);
        quoted ^= *line == '"';
        if (sign != NULL && !quoted) {
            counts[sign - signs]++;
        }
    }
    size_t best = 0;
    for (size_t i = 1; i < sizeof signs - 1; i++) {
        best = counts[i] > counts[best] ? i : best;
    }
    return signs[best];
}

/* One name, quoted or not; gives what stands behind it, NULL when it never ends. */
static const char *take_name(const char *at, char sign, struct text *name)
{
    bool quoted = *at == '"';
    for (at += quoted; *at != '\0'; at++) {
        if (quoted && *at == '"' && at[1] != '"') {
            return at + 1;
        }
        if (!quoted && (*at == sign || *at == '\n' || *at == '\r')) {
            return at;
        }
        at += quoted && *at == '"';
        text_append_char(name, *at);
    }
    return quoted ? NULL : at;
}

/* A number, or nothing, is no name. */
static bool is_name(struct text *name)
{
    const char *text = text_string(name);
    text += strspn(text, " ");
    return *text != '\0' && name->length <= LONGEST_NAME &&
           text[strspn(text, "0123456789.+-eE ")] != '\0';
}

static bool take_names(const char *at, char sign, struct array *names)
{
    for (size_t count = 0; count < MOST_COLUMNS; count++) {
        struct text name = {0};
        text_append(&name, "");
        at = take_name(at, sign, &name);
        bool good = at != NULL && is_name(&name);
        if (good) {
            *(char **)array_push(names) = text_take(&name);
        }
        text_release(&name);
        if (!good || (*at != sign && *at != '\n' && *at != '\r' && *at != '\0')) {
            return false;
        }
        if (*at != sign) {
            return true;
        }
        at++;
    }
    return false;
}

bool header_read(int fd, char sign, struct array *names)
{
    struct array found = ARRAY_OF(char *);
    char *head = memory_new(MOST_BYTES + 1);
    size_t length = read_head(fd, head);
    const char *line = head + (strncmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0);
    sign = sign != '\0' ? sign : sign_of(line);
    bool is_cut = length == MOST_BYTES && strpbrk(line, "\r\n") == NULL;
    bool good = length > 0 && !is_cut && take_names(line, sign, &found);
    for (size_t i = 0; good && i < found.count; i++) {
        *(char **)array_push(names) = string_copy(*(char **)array_at(&found, i));
    }
    catalog_names_release(&found);
    free(head);
    return good;
}
