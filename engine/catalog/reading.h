/* catalog/reading: what the readers of an index share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_READING_H
#define MWB_CATALOG_READING_H

#include <sqlite3.h>

#include "engine/catalog.h"

/* The contracts under which product ?1 delivers. */
#define CONTRACTS                                                                        \
    "(SELECT o.contract_row FROM port o WHERE o.product_row=?1 AND o.dir='out')"

/* A statement that the catalog keeps prepared; `sql` is a constant, known by its address.
 * Bound from the start again. Give it back with sqlite3_reset(). NULL when it cannot be.
 */
sqlite3_stmt *catalog_statement(const struct catalog *catalog, const char *sql);

/* Rows of (path, line, column, is an error, sentence, rule) become struct
 * catalog_problem. Resets the statement, which may be NULL. */
void problems_take(sqlite3_stmt *stmt, struct array *problems);

/* All lines of the card; needs the product's row, its tables and its frequency. */
void facts_read(const struct catalog *catalog, struct catalog_product *product);
/* "fresh", "late" or "unknown"; *changed: seconds of the newest change, 0 = none. */
const char *facts_freshness(const struct catalog_product *product, long long *changed);

#endif
