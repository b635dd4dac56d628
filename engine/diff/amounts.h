/* diff/amounts: texts as quantities that can be compared: 99.9%, 24 h, P1D, 2026-01-31,
 * and lists of allowed values.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DIFF_AMOUNTS_H
#define MWB_DIFF_AMOUNTS_H

#include <stdbool.h>

enum { AMOUNTS_UNLIKE = -2 }; /* they have no order */

/* -1, 0, 1, or AMOUNTS_UNLIKE. A duration is compared in seconds whatever its unit. */
int amounts_compare(const char *a, const char *b);
/* "10 to 20" */
bool amounts_range(const char *text, double *low, double *high);

/* Lists as JSON or a line each: what only the first has, what only the second has, joined
 * by ", ". Yours; NULL for nothing. */
void amounts_lists(const char *before, const char *after, char **gone, char **come);

#endif
