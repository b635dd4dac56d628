/* web: a fetch into an open file.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/web.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "engine/path.h"

struct file {
    int fd;
    off_t start; /* where the caller wants the first byte */
};

static bool refuse(struct error *err)
{
    return error_set(err, ERROR_FAILED, "it could not be written: %s",
                     error_of_errno(errno));
}

static bool begin(void *owner, const struct web_answer *answer, long long have,
                  struct error *err)
{
    struct file *file = owner;
    (void)answer, (void)have;
    if (lseek(file->fd, 0, SEEK_CUR) == file->start) {
        return true;
    }
    bool done = ftruncate(file->fd, file->start) == 0 &&
                lseek(file->fd, file->start, SEEK_SET) == file->start;
    return done || refuse(err);
}

static bool take(void *owner, const void *bytes, size_t length, struct error *err)
{
    struct file *file = owner;
    return path_write_bytes(file->fd, bytes, length) || refuse(err);
}

static bool holds(void *owner, long long offset, const void *bytes, size_t length)
{
    struct file *file = owner;
    char block[8192];
    for (size_t done = 0; done < length;) {
        size_t want = length - done < sizeof block ? length - done : sizeof block;
        ssize_t got = pread(file->fd, block, want, file->start + offset + (off_t)done);
        if (got <= 0 || memcmp(block, (const char *)bytes + done, (size_t)got) != 0) {
            return false;
        }
        done += (size_t)got;
    }
    return true;
}

bool web_get(const struct web_spec *spec, int fd, struct web_answer *answer,
             struct error *err)
{
    struct file file = {.fd = fd, .start = lseek(fd, 0, SEEK_CUR)};
    struct web_sink sink = {.begin = begin, .take = take, .holds = holds, .owner = &file};
    struct web_spec whole = *spec;
    whole.have = 0;
    return web_fetch(&whole, &sink, answer, err);
}
