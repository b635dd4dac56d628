/* pattern: regular expressions that end, by PCRE2.
 *
 * Two kinds of people write them. Analysts, behind REGEXP in SQL and /.../ in filters,
 * expect what psql, Python and DuckDB have: Perl's, where `.` takes line ends, too.
 * Contracts say what JSON Schema says: ECMA-262. Either way the pattern and the text are
 * of others: what backtracks without end is stopped, and sizes are bounded. Text that is
 * no UTF-8 matches nothing.
 *
 * Sources: pcre2pattern(3), pcre2api(3); ECMA-262, section 22.2.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PATTERN_H
#define MWB_PATTERN_H

#include <stddef.h>

#include "engine/text.h"

enum pattern_kind { PATTERN_PERL, PATTERN_ECMA };

enum pattern_answer {
    PATTERN_NO,
    PATTERN_YES,
    PATTERN_ENDLESS, /* it takes more steps than anybody waits for */
};

struct pattern;
/* NULL and a sentence (appended) when it cannot be followed. One thread a pattern. */
struct pattern *pattern_new(const char *expression, enum pattern_kind kind,
                            struct text *why);
void pattern_free(struct pattern *pattern); /* NULL is fine */
enum pattern_answer pattern_match(const struct pattern *pattern, const char *text,
                                  size_t length);

#endif
