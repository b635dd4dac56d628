/* functions: SQL functions that analysts need and SQLite lacks, and those that rules
 * written for DuckDB or PostgreSQL call.
 *
 *   median(x)          the middle value, or the mean of the two in the middle
 *   percentile(x, p)   p in 0..100, linear between neighbours (as spreadsheets do)
 *   stddev(x)          sample standard deviation (n - 1), by Welford's method
 *   regexp(pattern, text), and so `text REGEXP pattern`: Perl's regular expressions
 * NULLs are left out; no rows give NULL.
 *
 * Dates and times are ISO 8601 texts, as imports store them: a day, or a day with a time,
 * T or a blank between, up to microseconds, with Z or an offset; without one they are
 * UTC. NULL gives NULL, and what is no date fails: a type checker would have said so.
 *   epoch(t)                   seconds since 1970, with fractions
 *   date_part(unit, t)         year quarter month week day hour minute second dow isodow
 *                              doy isoyear epoch; week and isoyear of ISO 8601; second
 *                              with its fraction
 *   date_trunc(unit, t)        the start of the unit; a week starts on Monday
 *   date_diff(unit, a, b)      how many starts of units lie between a and b
 *   datediff(unit, a, b)       the same
 *   date_sub(unit, a, b)       how many whole units lie between a and b
 *   date_add(t, interval)      '1 month 2 days', '-3 hours'; the 31st plus a month is the
 *   date_sub(t, interval)      month's last day. A day stays a day if the interval is of
 *                              days, weeks, months or years
 *   interval_seconds(interval) a month counts 30 days, a year 365.25 days
 *   mwb_cast(type, x)          strict conversion: integer (rounded to even), number,
 * text, boolean, date, timestamp, interval; what cannot be fails mwb_try_cast(type, x)
 * the same, but NULL
 *
 * Sources: postgresql.org/docs/current/functions-datetime.html,
 * duckdb.org/docs/sql/functions/timestamp, ISO 8601 weeks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FUNCTIONS_H
#define MWB_FUNCTIONS_H

#include <sqlite3.h>

void functions_register(sqlite3 *db);

#endif
