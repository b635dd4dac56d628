/* numbers: a clock and quantiles.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tests/bench/numbers.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

double numbers_clock(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

double numbers_quantile(double *values, size_t count, double part)
{
    if (count == 0) {
        return 0;
    }
    qsort(values, count, sizeof *values, compare);
    size_t rank = (size_t)ceil(part * (double)count);
    return values[rank > 0 ? rank - 1 : 0];
}
