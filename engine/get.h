/* get: a product comes into the cache: access, import, check, publish.
 *
 * Runs inside a job. Staged and renamed: readers see the old version until the new one is
 * whole. An unchanged source is not imported again unless `refresh` is set.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GET_H
#define MWB_GET_H

#include <stdbool.h>

#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/text.h"

struct get_spec {
    const char *index;      /* the catalog index file */
    const char *product;    /* "domain/name" or any name catalog_find takes */
    bool refresh;           /* import even if the source has not changed */
    long long reject_limit; /* a table fails at so many rejected rows; 0 = keep going */
};

/* What happened, plain: also sent to the parent as JSON-free fields by get_report_pack.
 */
struct get_report {
    char *product, *version_key, *file;
    long long tables, rows, rejected, bytes;
    bool was_current; /* nothing had changed */
    double seconds;
    struct text notes; /* a sentence a line: rejects, encodings, missing files */
};

bool get_product(const struct get_spec *spec, struct job_port *port,
                 struct get_report *report, struct error *err);
void get_report_release(struct get_report *report);

/* To bytes and back, for the way from child to parent. */
void get_report_pack(const struct get_report *report, struct text *out);
bool get_report_unpack(const void *bytes, size_t length, struct get_report *report);

#endif
