/* session/functions: SQL functions that analysts need and SQLite lacks.
 *   median(x)          the middle value, or the mean of the two in the middle
 *   percentile(x, p)   p in 0..100, linear between neighbours (as spreadsheets do)
 *   stddev(x)          sample standard deviation (n - 1), by Welford's method
 *   regexp(pattern, text), and so `text REGEXP pattern`: POSIX extended expressions
 * NULLs are left out; no rows give NULL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_FUNCTIONS_H
#define MWB_SESSION_FUNCTIONS_H

#include <sqlite3.h>

void functions_register(sqlite3 *db);

#endif
