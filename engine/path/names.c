/* path: names, folders and whole files. Opening below a root stands in path/beneath.c,
 * places and the clock in path/places.c.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/text.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

char *path_join(const char *folder, const char *name)
{
    if (name[0] == '/' || folder[0] == '\0') {
        return string_copy(name);
    }
    /* Not by printf: a catalog is thousands of files, looked at on every start. */
    size_t first = strlen(folder), second = strlen(name);
    bool has_slash = folder[first - 1] == '/';
    char *path = memory_new(first + !has_slash + second + 1);
    memcpy(path, folder, first);
    path[first] = '/';
    memcpy(path + first + !has_slash, name, second);
    return path;
}

char *path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    if (slash == NULL) {
        return string_copy(".");
    }
    return slash == path ? string_copy("/")
                         : string_copy_bytes(path, (size_t)(slash - path));
}

const char *path_base(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

size_t path_unpacked_length(const char *path)
{
    static const char *const packed[] = {".gz", ".zst"};
    size_t length = strlen(path);
    for (size_t i = 0; i < sizeof packed / sizeof *packed; i++) {
        size_t suffix = strlen(packed[i]);
        if (length > suffix && strcasecmp(path + length - suffix, packed[i]) == 0) {
            return length - suffix;
        }
    }
    return length;
}

char *path_stem(const char *path)
{
    const char *base = path_base(path);
    char *stem = string_copy_bytes(base, path_unpacked_length(base));
    char *dot = strrchr(stem, '.');
    if (dot != NULL && dot != stem) {
        *dot = '\0';
    }
    return stem;
}

char *path_absolute(const char *path, struct error *err)
{
    char *absolute = realpath(path, NULL);
    if (absolute == NULL) {
        error_set(err, ERROR_FAILED, "could not open %s: %s; check the name", path,
                  error_of_errno(errno));
    }
    return absolute;
}

bool path_is_safe(const char *relative)
{
    if (relative[0] == '\0' || relative[0] == '/') {
        return false;
    }
    const char *part = relative;
    for (const char *p = relative;; p++) {
        if (*p == '\\' || (unsigned char)*p == 127 || (*p > 0 && *p < 32)) {
            return false;
        }
        if (*p == '/' || *p == '\0') {
            bool is_here =
                p - part == 1 && part[0] == '.' && part == relative && *p == '/';
            if (p == part || (part[0] == '.' && !is_here)) {
                return false;
            }
            part = p + 1;
        }
        if (*p == '\0') {
            return true;
        }
    }
}

bool path_exists(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

bool path_is_folder(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

char *path_component(const char *text)
{
    struct text out = {0};
    for (const char *p = text; *p != '\0' && out.length < 80; p++) {
        unsigned char c = (unsigned char)*p;
        bool fit = c < 128 &&
                   (isalnum(c) || c == '-' || c == '_' || (c == '.' && out.length > 0));
        if (fit) {
            text_append_char(&out, (char)tolower(c));
        } else if (out.length == 0 || out.data[out.length - 1] != '_') {
            text_append_char(&out, '_');
        }
    }
    if (out.length == 0) {
        text_append_char(&out, '_');
    }
    return text_take(&out);
}

static bool read_all(int fd, size_t limit, struct text *out, const char *path,
                     struct error *err)
{
    for (;;) {
        char *to = text_reserve(out, 65536);
        ssize_t n = read(fd, to, 65536);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n < 0) {
            return error_set(err, ERROR_FAILED, "could not read %s: %s", path,
                             error_of_errno(errno));
        }
        if (n == 0) {
            return true;
        }
        text_grow(out, (size_t)n);
        if (out->length > limit) {
            char size[32];
            return error_set(err, ERROR_FAILED, "%s is larger than the %s that are read",
                             path, string_of_bytes((long long)limit, size, sizeof size));
        }
    }
}

bool path_read_file(const char *path, size_t limit, char **bytes, size_t *length,
                    struct error *err)
{
    int fd = path_open_regular(path, err);
    if (fd < 0) {
        return false;
    }
    bool done = path_read_open(fd, path, limit, bytes, length, err);
    close(fd);
    return done;
}

bool path_read_open(int fd, const char *shown, size_t limit, char **bytes, size_t *length,
                    struct error *err)
{
    struct text text = {0};
    if (!read_all(fd, limit, &text, shown, err)) {
        text_release(&text);
        return false;
    }
    *length = text.length;
    *bytes = text_take(&text);
    return true;
}

bool path_read_text(const char *path, size_t limit, char **text, struct error *err)
{
    size_t length;
    if (!path_read_file(path, limit, text, &length, err)) {
        return false;
    }
    size_t real = strlen(*text);
    if (real == length) {
        return true;
    }
    free(*text);
    *text = NULL;
    return error_set(err, ERROR_FAILED,
                     "could not read %s: it is no text, there is a NUL at byte %zu", path,
                     real + 1);
}

bool path_write_bytes(int fd, const void *from, size_t length)
{
    const char *bytes = from;
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            errno = n < 0 ? errno : ENOSPC;
            return false;
        }
        bytes += n;
        length -= (size_t)n;
    }
    return true;
}

bool path_make_folders(const char *folder, struct error *err)
{
    if (path_is_folder(folder)) {
        return true;
    }
    char *path = string_copy(folder);
    bool done = true;
    for (char *p = path + 1; done; p++) {
        if (*p != '/' && *p != '\0') {
            continue;
        }
        char kept = *p;
        *p = '\0';
        if (mkdir(path, 0700) != 0 && (errno != EEXIST || !path_is_folder(path))) {
            int number = errno == EEXIST ? ENOTDIR : errno;
            done = error_set(err, ERROR_FAILED, "could not make the folder %s: %s", path,
                             error_of_errno(number));
        }
        *p = kept;
        if (kept == '\0') {
            break;
        }
    }
    free(path);
    return done;
}

bool path_sync_folder(const char *folder, struct error *err)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    /* Some file systems cannot sync a folder (EINVAL): then there is nothing to wait for.
     */
    bool done = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL);
    if (!done) {
        error_set(err, ERROR_FAILED, "could not write the folder %s to disk: %s", folder,
                  error_of_errno(errno));
    }
    if (fd >= 0) {
        close(fd);
    }
    return done;
}
