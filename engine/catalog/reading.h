/* catalog/reading: what the readers of an index share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_READING_H
#define MWB_CATALOG_READING_H

#include <sqlite3.h>

#include "engine/array.h"

/* Rows of (path, line, column, is an error, sentence, rule) become struct
 * catalog_problem. Finishes the statement, which may be NULL. */
void problems_take(sqlite3_stmt *stmt, struct array *problems);

#endif
