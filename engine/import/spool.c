/* spool: a pipe's bytes in a nameless file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "engine/path.h"
#include "engine/text.h"

enum { PATIENCE_MS = 100 };

static int open_nameless(const char *folder)
{
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) { /* not every file system knows O_TMPFILE */
        char *name = path_join(folder, ".mwb-spool-XXXXXX");
        fd = mkostemp(name, O_CLOEXEC);
        if (fd >= 0) {
            unlink(name);
        }
        free(name);
    }
    return fd;
}

bool spool_init(struct spool *spool, const char *folder, struct error *err)
{
    const char *temporary = getenv("TMPDIR");
    if (folder == NULL) {
        folder = temporary != NULL && temporary[0] == '/' ? temporary : P_tmpdir;
    }
    spool->fd = open_nameless(folder);
    return spool->fd >= 0 ||
           error_set(err, ERROR_FAILED,
                     "could not keep the bytes of %s in the folder %s while they are "
                     "read: %s",
                     spool->name, folder, error_of_errno(errno));
}

void spool_release(struct spool *spool)
{
    if (spool->fd >= 0) {
        close(spool->fd);
        spool->fd = -1;
    }
}

/* True when a read will not wait. */
static bool spool_wait(const struct spool *spool, struct error *err)
{
    struct pollfd ready = {.fd = spool->pipe, .events = POLLIN};
    for (;;) {
        if (spool->port != NULL && job_cancelled(spool->port)) {
            return error_set(err, ERROR_CANCELLED, "the import of %s was cancelled",
                             spool->name);
        }
        int count = poll(&ready, 1, PATIENCE_MS);
        if (count > 0) {
            return true;
        }
        if (count < 0 && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not wait for %s: %s", spool->name,
                             error_of_errno(errno));
        }
    }
}

bool spool_read(struct spool *spool, void *into, size_t room, size_t *got,
                struct error *err)
{
    ssize_t length = 0;
    *got = 0;
    while (!spool->ended) {
        if (!spool_wait(spool, err)) {
            return false;
        }
        length = read(spool->pipe, into, room);
        if (length >= 0 || (errno != EINTR && errno != EAGAIN)) {
            break;
        }
    }
    if (length < 0) {
        return error_set(err, ERROR_FAILED, "could not read %s: %s [source-error]",
                         spool->name, error_of_errno(errno));
    }
    if (length == 0) {
        spool->ended = true;
        return true;
    }
    if (lseek(spool->fd, (off_t)spool->length, SEEK_SET) < 0 ||
        !path_write_bytes(spool->fd, into, (size_t)length)) {
        return error_set(err, ERROR_FAILED,
                         "could not keep the bytes of %s while they are read: %s",
                         spool->name, error_of_errno(errno));
    }
    spool->length += length;
    *got = (size_t)length;
    return true;
}
