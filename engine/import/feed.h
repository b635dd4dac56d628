/* feed: the text of one file as UTF-8, in blocks: unpacked, decoded, and again from the
 * start if asked.
 *
 * Plain files, gzip (RFC 1952, several members too) and zstd (RFC 8878), known by their
 * first bytes and not by their names; pipes, whose bytes go to a file without a name in
 * `spool_folder` first, for a text is read twice when its first rows did not show the
 * types of its columns. A byte order mark is eaten and tells the encoding; UTF-16 without
 * one is known by the zeros of its first characters. A text that is declared otherwise
 * but is UTF-8 is read as UTF-8.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_FEED_H
#define MWB_IMPORT_FEED_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/arrival.h"
#include "engine/error.h"
#include "engine/job.h"

struct feed;

struct feed_spec {
    int fd;                  /* stays the caller's */
    struct arrival *arrival; /* whose descriptor it is: wait for its bytes; or NULL */
    const char *name;
    const char *encoding;     /* as declared, or NULL */
    const char *spool_folder; /* for pipes; NULL: the folder for temporary files */
    struct job_port *port;    /* asked for cancel while a pipe is read; may be NULL */
    bool any_bytes;           /* it is no text: unpack it, look for nothing in it */
};

struct feed *feed_new(const struct feed_spec *spec, struct error *err);
void feed_free(struct feed *feed);

/* The next bytes of the text, as many as there are, at most `room` (at least
 * FEED_ROOM_LEAST). *got 0: the end. */
enum { FEED_ROOM_LEAST = 512 };
bool feed_read(struct feed *feed, char *into, size_t room, size_t *got,
               struct error *err);
/* Back to the start. */
bool feed_rewind(struct feed *feed, struct error *err);
/* It was no UTF-8: from now on read it as declared, else as Windows-1252, from the start.
 */
bool feed_read_otherwise(struct feed *feed, struct error *err);
/* It is UTF-8 but for a few bytes: from now on these are read as Windows-1252, and
 * counted; from the start. */
bool feed_mend(struct feed *feed, struct error *err);

const char *feed_name(const struct feed *feed);
/* Bytes of the file as it lies that are used up, for progress; and how many it has. */
long long feed_consumed(const struct feed *feed);
long long feed_total(const struct feed *feed);
/* Offset in the text of the first byte feed_read() gives after a rewind: the length of a
 * byte order mark of UTF-8, else 0. */
long long feed_first_byte(const struct feed *feed);

/* Is it read as UTF-8, so that somebody must look whether it is? feed_read() does not. */
bool feed_needs_check(const struct feed *feed);
const char *feed_declared(const struct feed *feed); /* NULL: nothing was */
long long feed_replaced(const struct feed *feed);   /* see decode.h */
long long feed_mended(const struct feed *feed);
/* "UTF-8", "UTF-16", "Windows-1252", or the declared name. */
const char *feed_encoding(const struct feed *feed);
const char *feed_packing(const struct feed *feed); /* "gzip", "zstd" or NULL */
/* Has the file's size or time of change moved since feed_new? */
bool feed_changed(const struct feed *feed);

#endif
