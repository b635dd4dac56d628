/* standard/iso8601: is a text a date, a duration or a span of ISO 8601, in the forms that
 * catalogs are written in: 2026, 2026-03, 20260331, 2026-W13-2, 2026-090, with or without
 * a time and zone; P1Y2M3DT4H5M6S; R/P1D.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_STANDARD_ISO8601_H
#define MWB_STANDARD_ISO8601_H

#include <stdbool.h>

bool iso8601_is_date(const char *text);
bool iso8601_is_interval(const char *text);                   /* date/date */
bool iso8601_is_repeated_duration(const char *text);          /* [Rn/]duration */
bool iso8601_is_repeated_date_and_duration(const char *text); /* [Rn/]date/duration */
bool iso8601_is_repeated_duration_and_date(const char *text); /* [Rn/]duration/date */

#endif
