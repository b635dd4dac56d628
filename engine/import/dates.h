/* dates: dates and times as a contract says they are written, brought to ISO 8601.
 *
 * Without a format a text must already be ISO 8601 (-1:2019 §5.2 to §5.4; RFC 3339 §5.6,
 * with a blank for the T and offsets without colon let through) and is kept as it is, but
 * for instants that are written with an offset: they become UTC with a Z, so that texts
 * sort as the instants do.
 *
 * A format is told by its letters: with % the directives of strptime(3), as the Table
 * Schema has them (specs.frictionlessdata.io/table-schema, "date"): %Y %y %m %d %e %b %B
 * %j %H %I %p %M %S %f %z %F %T %%; else the pattern letters of ODCS contracts (JDK,
 * java.time.format.DateTimeFormatter): y u M MMM MMMM d D H h a m s S X x Z and quoted
 * text. Names of months are English, in any case, short or long. A year of two digits is
 * 1969 to 2068 with strptime and 2000 to 2099 with the JDK, as each has it. What is read
 * becomes YYYY-MM-DD, hh:mm[:ss[.fraction]] or both with a T, with an offset in UTC
 * with a Z.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DATES_H
#define MWB_IMPORT_DATES_H

#include <stdbool.h>
#include <stddef.h>

enum dates_kind { DATES_DATE, DATES_TIME, DATES_TIMESTAMP };

enum { DATES_MOST = 48 }; /* bytes of a text that is made */

/* Can every letter of the format be followed? */
bool dates_follows(const char *format);

/* Is the text such a date, time or instant? *made is the length of what it becomes in
 * `out`, 0: it stays as it is. */
bool dates_read(enum dates_kind kind, const char *format, const char *text, size_t length,
                char out[DATES_MOST], size_t *made);

#endif
