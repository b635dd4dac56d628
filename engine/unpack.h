/* unpack: the bytes that were packed with gzip (RFC 1952) or zstd (RFC 8878), as a
 * stream.
 *
 * A file may hold several gzip members or zstd frames; their texts follow one another.
 * Memory: one block of packed bytes and the format's own window, 32 KiB for gzip, at most
 * 128 MiB for zstd (a frame that wants more is refused, as zstd -d does). What unpacks to
 * a million times its size streams like anything else. Data that end too early or are
 * followed by something else are a sentence: nothing is left out silently.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_UNPACK_H
#define MWB_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"

/* Where packed bytes come from; *got 0: the end. */
struct unpack_spec {
    const char *name; /* of the file, for sentences */
    bool (*read)(void *owner, void *into, size_t room, size_t *got, struct error *err);
    void *owner;
};

struct unpack;

enum { UNPACK_MAGIC = 4 }; /* bytes that tell the format */

/* "gzip" or "zstd", or NULL when the first bytes of a file are neither's. */
const char *unpack_format(const void *head, size_t length);

/* NULL and a sentence when there is no memory for the format's window. */
struct unpack *unpack_new(const char *format, const struct unpack_spec *spec,
                          struct error *err);
void unpack_free(struct unpack *unpack);
/* The next bytes go to `into`; *got 0: the end. */
bool unpack_read(struct unpack *unpack, void *into, size_t room, size_t *got,
                 struct error *err);
/* Begin anew: the owner reads from the start again. */
void unpack_restart(struct unpack *unpack);
/* Packed bytes that were read but not used up yet. */
size_t unpack_waiting(const struct unpack *unpack);

#endif
