/* quality/results: what the readers of kept results share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_RESULTS_H
#define MWB_QUALITY_RESULTS_H

#include <sqlite3.h>

#include "engine/quality.h"

/* The ledger, for reading; NULL when nothing was kept yet. */
sqlite3 *results_open(void);

/* The outcome that is called so; NOT_RUN for what nobody knows. */
enum quality_outcome results_outcome(const char *name);
/* Does it say that the data break the rule? */
bool results_is_bad(enum quality_outcome outcome);

/* The newest runs of a product that belong together: one for each of its contracts, as
 * quality_keep() writes them. */
struct results_run {
    long long id;
    char *contract, *at;
};
struct array results_newest(sqlite3 *db, const char *mesh, const char *product);
void results_runs_release(struct array *runs);

#endif
