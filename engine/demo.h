/* demo: the sandbox, a mesh of a web shop with two years of trade, made on the spot.
 *
 * The descriptors of the mesh lie in samples/; the data come from a simulation that runs
 * here: visitors search, look, order, pay, get parcels and send things back, from
 * 2024-10-01 to 2026-09-30. Every table, also of the aggregate products, comes from the
 * same simulation, so that the products agree; where they do not, the fault is planted on
 * purpose (samples/README.md lists all of them).
 *
 * Same scale and same seed give the same rows on every machine: integers only, an own
 * generator of random numbers, no clock. (The bytes of a .gz file may differ between
 * versions of zlib; what is packed does not.) Files get the times at which the made-up
 * teams delivered them, for the mesh has a clock that stands still (`clock`). Scale 1 has
 * about 300,000 rows in all and takes a fraction of a second; the rows grow with the
 * scale, the memory with the number of customers: about 25 MiB at scale 100, 28 million
 * rows.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_H
#define MWB_DEMO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/error.h"

enum {
    DEMO_SCALE_MAX = 1000,
    DEMO_VERSION = 1, /* counted up when other rows come out of the same scale and seed */
};

/* Told about a hundred times, done of total days; false stops with ERROR_CANCELLED. */
typedef bool (*demo_progress_fn)(void *arg, int done, int total);

struct demo_spec {
    const char *dir; /* the root of the mesh; folders below it are made */
    int scale;       /* 1 .. DEMO_SCALE_MAX; 0 means 1 */
    uint64_t seed;   /* 0: the usual numbers, the same for everybody */
};

/* Write the data of all products below spec->dir, as <domain>/<product>/data/<table>.csv
 * or .csv.gz. Files appear whole, by rename, after all of them were written; on failure
 * the old ones stay. `progress` may be NULL. */
bool demo_generate(const struct demo_spec *spec, demo_progress_fn progress, void *arg,
                   struct error *err);

/* The files demo_generate() writes, for tests and tidying: path below the root and header
 * line; NULL behind the last. */
struct demo_file {
    const char *path;
    const char *header;
    const char *changed; /* when it changed last, ISO 8601; NULL: on the last morning */
};
const struct demo_file *demo_file_at(size_t index);

struct demo_install_spec {
    const char *samples; /* the folder that holds mesh/ (path_of_package("samples")) */
    const char *dir;     /* where the sandbox is made; missing folders are made too */
    int scale;           /* as in struct demo_spec */
    uint64_t seed;
    bool reset; /* make it anew, changed files too; files of your own stay */
    demo_progress_fn progress; /* may be NULL */
    void *arg;
};

/* Make or reopen a sandbox: the descriptors are copied, then the data are generated. A
 * finished sandbox of the same scale, seed and version is left as it is. Descriptors that
 * the person changed are kept unless `reset` is set. What the demo made is listed in
 * `.mwb-demo` in the folder, which says "complete" only at the very end: a sandbox that
 * was interrupted is made again. A folder that is a mesh of somebody else is refused. */
bool demo_install(const struct demo_install_spec *spec, struct error *err);

/* Is there a finished sandbox of this scale, seed and version? Reads one small file. */
bool demo_is_ready(const struct demo_install_spec *spec);

#endif
