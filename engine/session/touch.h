/* session/touch: what the running statement reads and writes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_TOUCH_H
#define MWB_SESSION_TOUCH_H

#include "engine/session/worker.h"

void touch_forget(struct worker *worker); /* before a statement is compiled */
/* Told by the authorizer while it is compiled; `inside` a view or a trigger, or NULL. */
void touch_read(struct worker *worker, const char *database, const char *table,
                const char *column, const char *inside);
void touch_write(struct worker *worker, const char *database, const char *table);
/* The rest, of the compiled statement: then worker->touches is whole and sorted. */
bool touch_collect(struct worker *worker, sqlite3_stmt *stmt, struct error *err);
void touch_sort(struct worker *worker); /* each once */
/* Once it was judged: is this one of them? A statement is compiled again by itself when
 * the workspace changed under it. */
bool touch_is_known(const struct worker *worker, const char *database, const char *table,
                    const char *column);

#endif
