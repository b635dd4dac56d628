/* sniff: which delimiter and quote a file uses, from its first lines.
 *
 * A candidate wins by the share of rows that have as many cells as the first one, at
 * least two; between equals the order of the list decides. A file of one column is taken
 * as comma-separated. A first line `sep=;`, as spreadsheets write it, is obeyed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_SNIFF_H
#define MWB_IMPORT_SNIFF_H

#include <stddef.h>

#include "engine/catalog.h"

/* Fill what the dialect leaves open: delimiter, quote, skip_rows (for `sep=`). `name`
 * helps with its suffix (.tsv, .psv). */
void sniff_dialect(const char *name, const char *bytes, size_t length,
                   struct catalog_dialect *dialect);

#endif
