/* session/spool: rows of a running statement on their way to disk.
 * A private SQLite file with the table rows(c0, c1, ...) without types, so that every
 * value keeps its storage class. WAL, so that a reader never waits for the writer; not
 * synced, for a spool does not outlive its session. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#ifndef MWB_SESSION_SPOOL_H
#define MWB_SESSION_SPOOL_H

#include <sqlite3.h>
#include <stdbool.h>

#include "engine/error.h"
#include "engine/job.h"

struct spool;

struct spool *spool_new(const char *file, int columns, struct job_port *port,
                        struct error *err);
/* The row the statement stands at. */
bool spool_add(struct spool *spool, sqlite3_stmt *row, struct error *err);
/* Commit and tell the parent, when it is time for that or at once. */
bool spool_flush(struct spool *spool, bool at_once, struct error *err);
/* The last commit; all rows then stand in the file itself, which can be read without the
 * files beside it. */
bool spool_finish(struct spool *spool, struct error *err);
/* The same for the file of a session that was killed; at once, in any process. */
void spool_recover(const char *file);
long long spool_rows(const struct spool *spool); /* committed */
const char *spool_file(const struct spool *spool);
void spool_free(struct spool *spool); /* the file stays */

#endif
