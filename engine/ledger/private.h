/* ledger: opening the file, for its own room.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LEDGER_PRIVATE_H
#define MWB_LEDGER_PRIVATE_H

#include <sqlite3.h>

#include "engine/ledger.h"

enum { LEDGER_FORMAT = 3 };
const char *ledger_upgrade(long long format); /* from this format to the next one */

/* Fold what was told into the open file. */
bool ledger_fold(sqlite3 *db, struct error *err);

/* In a transaction of its own; taken back when `work` says false. */
bool ledger_in_transaction(sqlite3 *db,
                           bool (*work)(sqlite3 *db, void *owner, struct error *err),
                           void *owner, struct error *err);

/* A text that people or sources wrote, without secrets; NULL stays NULL. */
void ledger_bind_redacted(sqlite3_stmt *stmt, int position, const char *text);

/* For adding: made or brought up to date when need be. */
sqlite3 *ledger_open(struct error *err);
/* For reading; NULL without a sentence when there is none yet. */
sqlite3 *ledger_open_read(struct error *err);

#endif
