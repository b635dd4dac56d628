/* marker: what the demo keeps about a sandbox, in the file .mwb-demo of its folder.
 *
 * Plain lines: state, version, scale, seed, and one line for each file that was copied
 * with the CRC-32 of what was written, which tells a file the person changed from one
 * that is still the demo's. While a sandbox is made the state is "building", and a path
 * may stand there twice, with its old and its new sum. Unknown lines are passed over.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_MARKER_H
#define MWB_DEMO_MARKER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/array.h"
#include "engine/error.h"

struct marker_file {
    char *path; /* below the folder of the sandbox */
    uint32_t sum;
};

struct marker {
    bool exists, complete;
    int version, scale;
    uint64_t seed;
    struct array files; /* of struct marker_file */
};

/* An unreadable or missing marker is one that does not exist. */
void marker_read(struct marker *marker, const char *folder);
bool marker_write(const struct marker *marker, const char *folder, struct error *err);
void marker_release(struct marker *marker);

void marker_add(struct marker *marker, const char *path, uint32_t sum);
/* Did the demo write this path with exactly these bytes? */
bool marker_knows(const struct marker *marker, const char *path, uint32_t sum);
bool marker_names(const struct marker *marker, const char *path);
uint32_t marker_sum(const void *bytes, size_t length);

#endif
