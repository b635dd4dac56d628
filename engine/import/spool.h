/* spool: the bytes of a pipe, kept in a file without a name while they are read, so that
 * they can be read again.
 *
 * The file is made in the folder that is given (O_TMPFILE, else made and unlinked) and is
 * gone with its last descriptor, however the process ends. Nothing waits for the end of
 * the pipe: what has come can be used at once. Waiting for the other side looks every
 * tenth of a second whether somebody wants to cancel.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SPOOL_H
#define MWB_IMPORT_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/job.h"

struct spool {
    int pipe;         /* the caller's */
    int fd;           /* what has come so far; spool_release() closes it */
    long long length; /* of it */
    bool ended;       /* the pipe has given all */
    const char *name; /* borrowed, for sentences */
    struct job_port *port;
};

/* `folder` NULL: that for temporary files. */
bool spool_init(struct spool *spool, const char *folder, struct error *err);
void spool_release(struct spool *spool);

/* The next bytes of the pipe, into the file and to `into`; *got 0: it has ended. */
bool spool_read(struct spool *spool, void *into, size_t room, size_t *got,
                struct error *err);

#endif
