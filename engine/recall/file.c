/* recall/file: the file of a mesh: who appends shares its lock, who shortens it is alone.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/recall/private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "engine/path.h"

/* A file that has it is not a new one, though nothing may be left in it. */
#define FIRST_LINE "mwb-history 1\n"

enum {
    MILLISECOND = 1000000, /* in nanoseconds */
    READ_SIZE = 65536,
};

/* Is this still the file that has the name? Who shortens it gives the name to another. */
static bool is_named(int fd, const char *path)
{
    struct stat held, named;
    return fstat(fd, &held) == 0 && stat(path, &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

static bool is_ordinary(int fd)
{
    struct stat held;
    bool is_file = fstat(fd, &held) == 0 && S_ISREG(held.st_mode);
    if (is_file && (held.st_mode & 077) != 0) {
        (void)fchmod(fd, 0600); /* not ours to change: then it stays as it is */
    }
    errno = is_file ? 0 : EINVAL;
    return is_file;
}

int recall_lock(const struct recall *recall, enum recall_lock lock,
                enum recall_patience patience)
{
    const struct timespec moment = {.tv_nsec = MILLISECOND};
    int operation = (lock == RECALL_ALONE ? LOCK_EX : LOCK_SH) | LOCK_NB;
    for (int i = 0; i < (int)patience; i++) {
        int fd =
            open(recall->file,
                 O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
        if (fd < 0) {
            return -1;
        }
        /* Where there are no locks, one write each is all there is. */
        bool has =
            flock(fd, operation) == 0 || (errno != EWOULDBLOCK && lock == RECALL_SHARED);
        if (has && is_named(fd, recall->file)) {
            if (is_ordinary(fd)) {
                return fd;
            }
            int number = errno;
            close(fd);
            errno = number;
            return -1;
        }
        close(fd);
        nanosleep(&moment, NULL);
    }
    errno = EWOULDBLOCK;
    return -1;
}

/* ---- Reading ---- */

static bool read_bytes(int fd, off_t from, off_t to, struct text *out)
{
    while (from < to) {
        size_t want = to - from < READ_SIZE ? (size_t)(to - from) : READ_SIZE;
        ssize_t got = pread(fd, text_reserve(out, want), want, from);
        if (got < 0 && errno == EINTR) {
            continue;
        }
        if (got <= 0) {
            return got == 0;
        }
        text_grow(out, (size_t)got);
        from += got;
    }
    return true;
}

/* From what was read last, or anew when it is another file; a line without its end is
 * left for the next time. */
bool recall_read(struct recall *recall, int fd)
{
    struct stat now;
    if (fstat(fd, &now) != 0) {
        return false;
    }
    if (now.st_ino != recall->inode || now.st_dev != recall->device ||
        now.st_size < recall->read_to) {
        recall_clear(recall);
        recall->inode = now.st_ino;
        recall->device = now.st_dev;
        recall->read_to = now.st_size > MOST_BYTES ? now.st_size - MOST_BYTES : 0;
    }
    recall->is_anew = recall->entries.count == 0;
    struct text bytes = {0};
    bool done = read_bytes(fd, recall->read_to, now.st_size, &bytes);
    while (bytes.length > 0 && bytes.data[bytes.length - 1] != '\n') {
        text_truncate(&bytes, bytes.length - 1);
    }
    if (done && bytes.length > 0) {
        recall->read_to += (off_t)bytes.length;
        recall_take_lines(recall, bytes.data, bytes.length);
    }
    text_release(&bytes);
    return done;
}

/* ---- Writing ---- */

static bool fail(struct recall *recall, const char *doing, struct error *err)
{
    int number = errno;
    if (recall->write_failed) {
        return false;
    }
    recall->write_failed = true;
    return error_set(err, ERROR_FAILED,
                     "could not %s the history %s: %s; statements are remembered only "
                     "until you leave",
                     doing, recall->file, error_of_errno(number));
}

/* A writer that was killed left a line without its end: ours begins on one of its own. */
static bool ends_in_line(int fd)
{
    char last = '\n';
    off_t size = lseek(fd, 0, SEEK_END);
    return size <= 0 || (pread(fd, &last, 1, size - 1) == 1 && last == '\n');
}

bool recall_write(struct recall *recall, struct error *err)
{
    if (recall->file == NULL || recall->pending.length == 0 || recall->write_failed) {
        return true;
    }
    int fd = recall_lock(recall, RECALL_SHARED,
                         recall->is_closing ? RECALL_PATIENT : RECALL_AT_ONCE);
    if (fd < 0) {
        return errno == EWOULDBLOCK || fail(recall, "open", err);
    }
    struct text lines = {0};
    text_append(&lines, ends_in_line(fd) ? "" : "\n");
    text_append(&lines, text_string(&recall->pending));
    bool done =
        path_write_bytes(fd, lines.data, lines.length) || fail(recall, "write to", err);
    text_release(&lines);
    text_clear(&recall->pending);
    close(fd);
    return done;
}

bool recall_rewrite(struct recall *recall, struct error *err)
{
    struct text lines = {0};
    size_t count = recall->entries.count;
    text_append(&lines, FIRST_LINE);
    size_t first = count > recall->limit ? count - recall->limit : 0;
    for (size_t i = first; i < count; i++) {
        recall_put(&lines, array_at(&recall->entries, i));
    }
    bool done =
        path_write_file(recall->file, text_string(&lines), lines.length, 0600, err);
    text_release(&lines);
    return done;
}
