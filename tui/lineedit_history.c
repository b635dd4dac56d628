/* lineedit_history: statements kept in a file that several programs may append to at
 * once. Reading bears any file: stray controls, broken UTF-8, a half entry at the end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/secret.h"
#include "tui/lineedit_base.h"

enum {
    MOST_BYTES = 16 << 20,  /* of the file's end that are read */
    MOST_ENTRY = 256 << 10, /* a statement beyond that is no history but a mishap */
};

static const char *entry_at(const struct lineedit_history *history, size_t index)
{
    char **entry = array_at(&history->entries, index);
    return entry != NULL ? *entry : NULL;
}

static void push(struct lineedit_history *history, char *statement)
{
    *(char **)array_push(&history->entries) = statement;
    while (history->entries.count > history->limit) {
        free(*(char **)array_at(&history->entries, 0));
        array_remove(&history->entries, 0);
    }
}

void lineedit_history_release(struct lineedit_history *history)
{
    for (size_t i = 0; i < history->entries.count; i++) {
        free(*(char **)array_at(&history->entries, i));
    }
    array_release(&history->entries);
    free(history->file);
    *history = (struct lineedit_history){0};
}

/* ---- The format ---- */

/* `#` signs before a digit at the start of a line; 0 when it is not such a line. */
static size_t stamp_signs(const char *line, size_t length)
{
    size_t signs = 0;
    while (signs < length && line[signs] == '#') {
        signs++;
    }
    bool digit = signs < length && line[signs] >= '0' && line[signs] <= '9';
    return digit ? signs : 0;
}

static size_t line_length(const char *bytes, size_t length)
{
    const char *end = memchr(bytes, '\n', length);
    return end != NULL ? (size_t)(end - bytes) : length;
}

static void append_entry(struct text *out, const char *statement)
{
    text_printf(out, "#%lld\n", path_now());
    for (size_t length = strlen(statement);;) {
        size_t line = line_length(statement, length);
        if (stamp_signs(statement, line) > 0) {
            text_append_char(out, '#');
        }
        text_append_bytes(out, statement, line);
        text_append_char(out, '\n');
        if (line == length) {
            break;
        }
        statement += line + 1;
        length -= line + 1;
    }
}

/* Take what was gathered as one statement. */
static void finish_entry(struct lineedit_history *history, struct text *entry)
{
    while (entry->length > 0 && strchr(" \t\n", entry->data[entry->length - 1]) != NULL) {
        text_truncate(entry, entry->length - 1);
    }
    const char *last = entry_at(history, history->entries.count - 1);
    if (entry->length > 0 && entry->length <= MOST_ENTRY &&
        !(last != NULL && string_equal(last, entry->data))) {
        push(history, string_copy(entry->data));
    }
    text_clear(entry);
}

/* A file without stamps (another program's) has one statement a line. */
static void read_entries(struct lineedit_history *history, const char *bytes,
                         size_t length)
{
    struct text entry = {0};
    bool stamped = false;
    for (size_t at = 0; at < length;) {
        size_t line = line_length(bytes + at, length - at);
        size_t signs = stamp_signs(bytes + at, line);
        if (signs == 1 || !stamped) {
            finish_entry(history, &entry);
        }
        if (signs == 1) {
            stamped = true;
        } else {
            size_t skip = signs > 1 ? 1 : 0;
            lineedit_clean(&entry, bytes + at + skip, line - skip, true);
            text_append_char(&entry, '\n');
        }
        at += line + 1;
    }
    finish_entry(history, &entry);
    text_release(&entry);
}

/* ---- The file ---- */

static bool failed(const struct lineedit_history *history, struct error *err,
                   const char *doing)
{
    return error_set(err, ERROR_FAILED,
                     "could not %s the history file %s: %s; statements are remembered "
                     "only until you leave",
                     doing, history->file, error_of_errno(errno));
}

/* Open and lock. Another program may have put a shortened file in the place of ours while
 * we waited for the lock: then it is the new one that counts. */
static int open_locked(const struct lineedit_history *history)
{
    for (int attempt = 0; attempt < 10; attempt++) {
        int fd = open(history->file, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK,
                      0600);
        if (fd < 0) {
            return -1;
        }
        struct stat here, there;
        if (fstat(fd, &here) != 0 || !S_ISREG(here.st_mode)) {
            close(fd);
            errno = EINVAL;
            return -1;
        }
        if (flock(fd, LOCK_EX) == 0 && stat(history->file, &there) == 0 &&
            here.st_ino == there.st_ino && here.st_dev == there.st_dev) {
            if ((here.st_mode & 077) != 0) {
                (void)fchmod(fd, 0600); /* not ours to change: then it stays as it is */
            }
            return fd;
        }
        close(fd);
    }
    errno = EAGAIN;
    return -1;
}

static bool write_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t wrote = write(fd, bytes, length);
        if (wrote < 0 && errno == EINTR) {
            continue;
        }
        if (wrote <= 0) {
            return false;
        }
        bytes += wrote;
        length -= (size_t)wrote;
    }
    return true;
}

/* A writer that died in the middle left a line without its end. */
static bool ends_in_line(int fd)
{
    char last = '\n';
    off_t size = lseek(fd, 0, SEEK_END);
    return size <= 0 || (pread(fd, &last, 1, size - 1) == 1 && last == '\n');
}

static bool append_to_file(struct lineedit_history *history, const char *statement,
                           struct error *err)
{
    int fd = open_locked(history);
    if (fd < 0) {
        return failed(history, err, "open");
    }
    struct text entry = {0};
    char *redacted = secret_redact(statement);
    if (!ends_in_line(fd)) {
        text_append_char(&entry, '\n');
    }
    append_entry(&entry, redacted);
    free(redacted);
    bool done = write_all(fd, entry.data, entry.length) || failed(history, err, "write");
    text_release(&entry);
    close(fd);
    return done;
}

/* Bytes of the file from its end, as many as are read at most. */
static bool read_tail(int fd, struct text *out)
{
    off_t size = lseek(fd, 0, SEEK_END);
    off_t start = size > MOST_BYTES ? size - MOST_BYTES : 0;
    while (start < size) {
        char *room = text_reserve(out, 65536);
        size_t want = size - start < 65536 ? (size_t)(size - start) : 65536;
        ssize_t got = pread(fd, room, want, start);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0;
        }
        text_grow(out, (size_t)got);
        start += got;
    }
    return true;
}

/* Where the entry of index `first` from the end begins: stamps are counted backwards. */
static size_t start_of_last(const struct text *bytes, size_t count)
{
    for (size_t at = bytes->length; at > 0;) {
        size_t line = at - 1;
        while (line > 0 && bytes->data[line - 1] != '\n') {
            line--;
        }
        if (stamp_signs(bytes->data + line, at - line) == 1 && --count == 0) {
            return line;
        }
        at = line;
    }
    return 0;
}

/* Shorten the file once it is half as long again as it may be. Under the lock; the lock
 * of the old file goes with it. */
static void shorten_file(const struct lineedit_history *history, const struct text *bytes)
{
    size_t stamps = 0;
    for (size_t at = 0; at < bytes->length;) {
        size_t line = line_length(bytes->data + at, bytes->length - at);
        stamps += stamp_signs(bytes->data + at, line) == 1;
        at += line + 1;
    }
    if (stamps > history->limit + history->limit / 2 || bytes->length >= MOST_BYTES) {
        size_t start = start_of_last(bytes, history->limit);
        struct error ignored = {0}; /* the longer file is as good as the shorter */
        path_write_file(history->file, bytes->data + start, bytes->length - start, 0600,
                        &ignored);
    }
}

void lineedit_history_load(struct lineedit_history *history)
{
    if (history->file == NULL || access(history->file, R_OK) != 0) {
        return;
    }
    int fd = open_locked(history);
    if (fd < 0) {
        return;
    }
    struct text bytes = {0};
    if (read_tail(fd, &bytes) && bytes.length > 0) {
        read_entries(history, bytes.data, bytes.length);
        shorten_file(history, &bytes);
    }
    text_release(&bytes);
    close(fd);
}

void lineedit_history_replace(struct lineedit_history *history,
                              const struct array *statements)
{
    size_t count = statements->count;
    for (size_t i = 0; i < history->entries.count; i++) {
        free(*(char **)array_at(&history->entries, i));
    }
    array_clear(&history->entries);
    for (size_t i = count > history->limit ? count - history->limit : 0; i < count; i++) {
        const char *statement = *(const char **)array_at(statements, i);
        struct text clean = {0};
        lineedit_clean(&clean, statement, strlen(statement), true);
        if (clean.length > 0) {
            push(history, text_take(&clean));
        }
        text_release(&clean);
    }
}

bool lineedit_history_keep(struct lineedit_history *history, const char *statement,
                           struct error *err)
{
    size_t length = strlen(statement);
    while (length > 0 && strchr(" \t\n", statement[length - 1]) != NULL) {
        length--;
    }
    if (length == 0 || length > MOST_ENTRY || strchr(" \t\n", statement[0]) != NULL) {
        return false;
    }
    char *kept = string_copy_bytes(statement, length);
    const char *last = entry_at(history, history->entries.count - 1);
    if (last != NULL && string_equal(last, kept)) {
        free(kept);
        return false;
    }
    struct error problem = {0};
    if (history->file != NULL && !history->write_failed &&
        !append_to_file(history, kept, &problem)) {
        history->write_failed = true;
        if (err != NULL) {
            *err = problem;
        }
    }
    push(history, kept);
    return true;
}
