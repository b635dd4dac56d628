/* numbers: what measurements have in common: a clock and quantiles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_BENCH_NUMBERS_H
#define MWB_TESTS_BENCH_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>

double numbers_clock(void); /* seconds, monotonic */

/* The value below which `part` (0..1) of the values lie, by the nearest rank; sorts them.
 * 0 when there are none. */
double numbers_quantile(double *values, size_t count, double part);

#endif
