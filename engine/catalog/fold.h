/* catalog/fold: the words of a text as the index of words has them: cut, in lower case
 * and without accents by FTS5's own tokenizer, so that what is typed and what is indexed
 * never differ. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_FOLD_H
#define MWB_CATALOG_FOLD_H

#include <sqlite3.h>

#include "engine/text.h"

/* How FTS5 is told to cut words. The paragraph sign is a word of its own: it stands
 * between names that lie side by side but do not belong together. */
#define FOLD_TOKENIZER "unicode61 remove_diacritics 2 tokenchars ''¶''"
#define FOLD_GAP "¶"

struct fold;

/* NULL when this SQLite has no FTS5. Also makes the function search_fields(search) known
 * to the connection: the columns of the row that the phrases matched, a bit each. */
struct fold *fold_new(sqlite3 *db);
void fold_free(struct fold *fold); /* before the connection is closed; NULL is fine */

/* The words of the text, a blank between them: "Café_Größe 2" becomes "cafe große 2".
 * Gives their number. `out` is emptied first. */
size_t fold_words(const struct fold *fold, const char *text, struct text *out);

#endif
