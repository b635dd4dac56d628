/* cell_words: what a value says, in words: instants, sizes. Private to panes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PANES_CELL_WORDS_H
#define MWB_TUI_PANES_CELL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/text.h"

/* "Tuesday 3 March 2026, 14:05 UTC, 8 months ago" of an ISO 8601 day or instant
 * (2026-03-03, 2026-03-03T14:05:09.25+01:00, a blank for the T), appended. `now`: seconds
 * since 1970. False: it is none, or a day that no calendar has. */
bool cell_instant_words(const char *bytes, size_t length, long long now,
                        struct text *out);

#endif
