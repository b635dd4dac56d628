/* completion: what could stand at the cursor of a SQL text.
 *
 * Candidates come from what the workbench knows: keywords, SQLite's functions, products
 * as schemas (also those that are not here yet: they say so), their tables and columns
 * out of the catalog index (of a product without a contract, out of its file), tables of
 * the workspace, `mesh`, names of WITH, aliases and remembered parameters. What fits the
 * place is decided by engine/sql.h: after FROM a table, after `o.` a column of what `o`
 * stands for, elsewhere columns of the statement's tables first.
 *
 * Order: names that begin with the word, whatever its case, before names that contain it;
 * then by kind, then as declared or by name. At most COMPLETION_MOST. Nothing waits,
 * not even for a workspace that is being written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_COMPLETION_H
#define MWB_TUI_COMPLETION_H

#include "engine/array.h"
#include "engine/workbench.h"

enum { COMPLETION_MOST = 200 };

struct completion;

struct completion *completion_new(const struct workbench *workbench);
void completion_free(struct completion *completion); /* NULL is fine */

/* For lineedit_spec.complete: appends struct lineedit_candidate for the word that starts
 * at *word_start and ends at the cursor. */
void completion_find(struct completion *completion, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates);

#endif
