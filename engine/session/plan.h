/* session/plan: how the running statement would run, instead of running it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_PLAN_H
#define MWB_SESSION_PLAN_H

#include "engine/session/worker.h"

/* Of a statement that was judged: gives rows of kind, id, parent, number, words
 *   step    a row of EXPLAIN QUERY PLAN; number: how deep it is nested
 *   table   a table of the workspace that is read ("main.t"); id 1: its rows have
 *           numbers, the highest is `number`
 *   visits  with request->counting: rows that counter `id` saw
 *   status  instructions, sorts, indexed (rows put into indexes made on the way)
 *   rows    of the result
 *   end     always the last
 * NULL and the outcome says why not. */
sqlite3_stmt *plan_statement(struct worker *worker);

#endif
