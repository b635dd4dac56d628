/* direct_json: JSON Lines and arrays of objects for the direct way.
 *
 * Columns are not known before all rows were seen: the first chunk's are taken for all.
 * When a later one brings more, the workers go on looking only; the next pass looks at
 * the values of the new columns, the one behind it stores.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DIRECT_JSON_H
#define MWB_IMPORT_DIRECT_JSON_H

#include "engine/import/direct.h"
#include "engine/import/jsonscan.h"

/* direct_chunk.odd: a chunk's rows have so few of so many columns that their cells take
 * too much memory; smaller chunks may do. */
extern const char direct_json_crowded[];

/* Why these files are not taken, or NULL. */
const char *direct_json_declines(const struct plan *plan);

/* What the members of rows are: of one import. */
struct direct_json *direct_json_new(const struct plan *plan);
void direct_json_free(struct direct_json *json);

/* Between passes: columns that were found become columns of the plan. True: there were
 * some. */
bool direct_json_settle(struct direct_json *json, struct plan *plan);

/* The plan has chosen which columns are in the table. NULL is fine. */
void direct_json_place(struct direct_json *json, const struct plan *plan);

/* Turn 1: the columns that a chunk was the first to bring. True: there were some. */
bool direct_json_learn(struct direct_json *json, const struct direct_chunk *chunk);

/* What a worker keeps with its chunk. */
void direct_json_part_free(struct direct_json_part *part);

#endif
