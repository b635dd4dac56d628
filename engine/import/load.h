/* load: one import at work; and its reference way, in two passes over the files, the
 * first to see, the second to store.
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
    const char *path; /* of the database */
    bool is_made;     /* it is there */
    struct plan plan;
    sqlite3 *db;
    sqlite3_stmt *insert, *reject;
    struct job_port *port;
    struct import_report *report;
    struct job_progress progress;
    long long bytes_before;  /* of the files and passes that are done */
    long long *key_distinct; /* key.h; NULL: no key, or not counted yet */
};

/* First pass over all files, which the plan has open: its columns are decided afterwards.
 */
bool load_scan(struct load *load, struct error *err);
/* Second pass: the table is made, filled, its key indexed. */
bool load_store(struct load *load, struct error *err);

/* ---- The database: load_table.c ---- */

/* Open load->path in load->db, make it when it is new; close it. */
bool load_open(struct load *load, struct error *err);
void load_close(struct load *load);
/* The table as the plan has decided it, empty. */
bool load_make_table(struct load *load, struct error *err);
/* The statements `insert` and `reject`. */
bool load_prepare(struct load *load, struct error *err);
void load_finish(struct load *load);
/* Tell load->port how far it is: in bytes of the files, however many times they are read.
 * Needs a port. */
void load_tell_progress(const struct load *load);
/* List a row of file `file` that is none. False at the limit of rejects too. */
bool load_reject(struct load *load, size_t file, const struct reader_row *row,
                 struct error *err);

/* Sentences for the report. The last fails when the file has changed under the hands. */
void load_note_encoding(struct load *load, const struct source *source,
                        bool beyond_ascii);
void load_note_blanks(struct load *load, const struct source *source, long long blanks,
                      long long first);
bool load_note_stored(struct load *load, const struct source *source, struct error *err);

#endif
