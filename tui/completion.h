/* completion: what could stand at the cursor of a SQL text (complete.h) or of a `:` line
 * (command.h), for an editor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_COMPLETION_H
#define MWB_TUI_COMPLETION_H

#include "engine/complete.h"
#include "engine/workbench.h"

/* For lineedit_spec.complete: appends struct lineedit_candidate for the word that starts
 * at *word_start and ends at the cursor. What the contract says of a candidate stands
 * behind a tab in its detail, as menus have it. */
void completion_find(struct complete *complete, const char *text, size_t cursor,
                     size_t *word_start, struct array *candidates);

/* The same for what stands behind `verb` on a `:` line; "" when the verb itself is typed.
 */
void completion_find_words(struct workbench *workbench, const char *verb,
                           const char *text, size_t cursor, size_t *word_start,
                           struct array *candidates);

#endif
