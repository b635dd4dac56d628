/* formatter: SQL laid out in one way, whatever it looked like before.
 *
 * Keywords become capitals, clauses stand on lines of their own, a list that does not fit
 * has an item a line, what lies in parentheses is indented by four. Names, strings,
 * numbers and comments stay byte by byte as they were; a comment that had a line of its
 * own keeps one, one behind other text stays behind it. An empty line between statements
 * stays one empty line. Lines that are commands (`\d`, `.read`) stay as they are.
 *
 * What always holds:
 * - The tokens of the result are those of the text, in their order: what was laid out is
 *   read again and compared, and if anything else than blanks and the case of keywords
 *   had changed, the answer would be an error and no text.
 * - Formatting what was formatted changes nothing.
 * - Only keywords change their case. A word that SQLite also takes for a name (`key`,
 *   `first`) is one only where it can be nothing else (sqlite.org/lang_keywords.html,
 *   and the %fallback rule of SQLite's grammar).
 * - It is linear in the text; lines are indented by 40 columns at most, so that nesting
 *   does not blow up the result.
 *
 * The layout is decided group by group: a group that fits what is left of the line is
 * written flat, else broken, from the outside in (Oppen, Prettyprinting, ACM TOPLAS 2(4),
 * 1980; Wadler, A prettier printer, 2003).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FORMATTER_H
#define MWB_FORMATTER_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

/* Append `length` bytes of SQL, laid out for lines of `width` columns (0: 80), without a
 * line break at the end. Any number of statements. False and a sentence when a quote or a
 * comment is not closed, or bytes stand in it that are no SQL: then nothing is appended.
 */
bool formatter_format(const char *sql, size_t length, int width, struct text *out,
                      struct error *err);

/* Where a cursor goes when `before` was laid out as `after`: behind as many signs that
 * are no blanks, and on the same sign if it was on one. The cursor lies in the text. */
size_t formatter_cursor(const char *before, size_t cursor, const char *after);

/* Columns that a new line begins with when the line is broken at `cursor`: as the line
 * before, four more behind an opened parenthesis or a keyword that a list follows, as
 * where it was opened behind a closed one. None within a string and behind a `;`. */
size_t formatter_indent(const char *sql, size_t length, size_t cursor);

#endif
