/* sqlite: SQLite files of others: copied, checked, listed. sqlite_masked.c makes new
 * tables of one through masks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SQLITE_H
#define MWB_IMPORT_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/error.h"
#include "engine/job.h"

/* The file, unpacked, as a file of mode 0600; no journal may lie beside its source. */
bool sqlite_copy(const char *path, int source_fd, const char *source_name,
                 struct job_port *port, struct error *err);
/* PRAGMA quick_check; what it says is the sentence. */
bool sqlite_check(sqlite3 *db, const char *name, struct error *err);
/* The facts of all its tables, in the mwb_ tables, which are there. */
bool sqlite_list_tables(sqlite3 *db, const char *source, struct error *err);

#endif
