/* rewrite: what libcsv does not know, an escape sign and blanks behind a delimiter,
 * brought into what it does. Only dialects that declare them pay for it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_REWRITE_H
#define MWB_IMPORT_REWRITE_H

#include <stdbool.h>

#include "engine/catalog.h"
#include "engine/import/source.h"
#include "engine/text.h"

struct rewrite {
    char delimiter, quote, escape;
    bool skip_blanks;
    bool in_quotes, cell_begins;
    bool escaped; /* the last piece ended behind an escape sign */
    bool closed;  /* the last sign was a closing quote, or the first half of a doubled one
                   */
    struct text out; /* the piece rewritten */
};

bool rewrite_is_needed(const struct catalog_dialect *dialect);
/* At the start of a row; keeps the buffer. */
void rewrite_start(struct rewrite *rewrite, const struct catalog_dialect *dialect);
/* Change what the piece shows; the new text holds until the next call. Signs that are
 * escaped become bytes that no UTF-8 text has, for libcsv must not see them as what they
 * are; rewrite_restore() gives them back in the cells. */
void rewrite_piece(struct rewrite *rewrite, struct source_piece *piece);
void rewrite_restore(const struct rewrite *rewrite, char *bytes, size_t length);

#endif
