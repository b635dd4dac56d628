/* session/judge: the gate, asked about the statement that is to run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_JUDGE_H
#define MWB_SESSION_JUDGE_H

#include "engine/session/worker.h"

/* May the compiled statement run? False: the outcome has the reason. What it touches,
 * the verdict and, for small groups, what runs instead are in the worker until the next.
 */
bool judge_statement(struct worker *worker, sqlite3_stmt *stmt);
void judge_forget(struct worker *worker);
void judge_forget_passed(struct worker *worker); /* with another catalog or role */
/* What is to know of the rows: appended to the notes of the outcome. */
void judge_tell(struct worker *worker);
/* Tell the ledger that it ran, or why not. */
void judge_log(struct worker *worker, double started, bool was_judged);

#endif
