/* session/classes: what tables of the workspace were made from, as a classification.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_CLASSES_H
#define MWB_SESSION_CLASSES_H

#include "engine/session/worker.h"

#define CLASSES_TABLE "mwb_classification"

/* Of a table, "main.orders". Yours, or NULL. */
char *classes_of(struct worker *worker, const char *name);
/* Those that the statement writes become at least so high. */
bool classes_raise(struct worker *worker, const char *classification, struct error *err);
/* A virtual table has no place of its own by which it is found under another name: when
 * it is classified, it keeps its name. */
bool classes_may_alter(struct worker *worker, struct error *err);
/* A table that gets another name keeps what it has: where it begins, asked before the
 * statement runs (0: none is altered), tells it afterwards. */
long long classes_page(struct worker *worker);
void classes_follow(struct worker *worker, long long page);

#endif
