/* arrival: a file that is still coming. One thread adds bytes at its end, others read
 * what is there, so that a download and its import overlap without a second copy, and an
 * import that needs a second look finds the bytes still there.
 *
 * The file is an ordinary one that the caller made (0600); readers use pread(2) on its
 * descriptor below the length that arrival_wait() told. Every byte is hashed on its way
 * (SHA-256, and SHA-1 of a git blob when the length was told beforehand), also those that
 * were there from an earlier attempt.
 *
 * Threads: one adds and ends, any number wait.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ARRIVAL_H
#define MWB_ARRIVAL_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/job.h"

struct arrival;

/* `fd` is open for reading and writing and becomes the arrival's; its first `have` bytes
 * are kept (and hashed), the rest is cut off. NULL and a sentence. `shown` names it. */
struct arrival *arrival_new(int fd, long long have, const char *shown, struct error *err);
/* A whole file, to be hashed: nothing will be added. `fd` becomes the arrival's. */
struct arrival *arrival_of_file(int fd, const char *shown, struct error *err);
/* Waits for nobody: the thread that adds must have ended. */
void arrival_free(struct arrival *arrival);
int arrival_fd(const struct arrival *arrival);

/* ---- The thread that brings ---- */
bool arrival_add(struct arrival *arrival, const void *bytes, size_t length,
                 struct error *err); /* also false when nobody wants it any more */
/* Forget all bytes: the source begins anew. False when a reader has seen some of them. */
bool arrival_restart(struct arrival *arrival, struct error *err);
void arrival_expect(struct arrival *arrival, long long bytes); /* in all; -1: not known */
/* No more will come. `why` NULL: all is there; else the sentence that readers get. */
void arrival_end(struct arrival *arrival, const struct error *why);

/* ---- Those that read ---- */
/* Wait until more than `offset` bytes are there, or the end. *length: bytes that are
 * there; not more than offset: the end. False when it failed or the job is cancelled. */
bool arrival_wait(struct arrival *arrival, long long offset, struct job_port *port,
                  long long *length, struct error *err);
/* Wait for the end. */
bool arrival_settle(struct arrival *arrival, struct job_port *port, struct error *err);
void arrival_give_up(struct arrival *arrival); /* nobody wants it: arrival_add() fails */
long long arrival_length(struct arrival *arrival);
long long arrival_expected(struct arrival *arrival); /* -1: not known */

/* Of a settled arrival, in lower-case hex. "sha256", "sha1", "md5", "git" (SHA-1 of a git
 * blob: "blob LENGTH\0" and the bytes); the first is free, the others read it again. */
bool arrival_hash(struct arrival *arrival, const char *kind, char hex[65],
                  struct error *err);

#endif
