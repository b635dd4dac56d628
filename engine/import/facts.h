/* facts: what was learned of an imported table, written beside it in the database.
 *
 * mwb_statistic has a row for each column: rows, nulls, integers, reals, texts; distinct,
 * and whether it is exact or an estimate; least and most as values (the first 256 bytes
 * of a text; NULL for a masked column), shortest and longest text in characters.
 *
 * sqlite_stat1 gets the row (table, NULL, rows), as ANALYZE writes it for a table without
 * indexes (sqlite.org/fileformat2.html, section 2.6.4), so that the planner knows what is
 * large when products are joined; the index of a key gets its own row (key.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_FACTS_H
#define MWB_IMPORT_FACTS_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/import/load.h"

/* A sentence in the report's notes: how many rows were rejected, and their defects; how
 * many rows that were stored have empty cells only. */
void facts_note_rejects(struct load *load);
void facts_note_blank_rows(struct load *load);

bool facts_write_statistics(struct load *load, struct error *err);

#endif
