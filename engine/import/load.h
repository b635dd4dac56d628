/* load: the second pass, rows into the table; and the passes' common walk over the files.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_LOAD_H
#define MWB_IMPORT_LOAD_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/error.h"
#include "engine/import.h"
#include "engine/import/plan.h"
#include "engine/job.h"

struct load {
    const struct import_spec *spec;
    struct plan plan;
    sqlite3 *db;
    sqlite3_stmt *insert, *reject;
    struct job_port *port;
    struct import_report *report;
    struct job_progress progress;
    long long bytes_before; /* of the files and passes that are done */
};

/* First pass over all files: plan.columns are decided afterwards. */
bool load_scan(struct load *load, struct error *err);
/* Second pass: the table is made, filled, its key indexed. */
bool load_store(struct load *load, struct error *err);

#endif
