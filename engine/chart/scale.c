/* Scales: a value to its place on an axis, linear, logarithmic or both around zero.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <float.h>
#include <math.h>

static double bent(const struct scale *scale, double value)
{
    double size = fabs(value) / scale->bend;
    double place = size <= 1 ? size : 1 + log10(size);
    return value < 0 ? -place : place;
}

/* Halves, because hi - lo may be beyond the greatest double. */
static double share(double lo, double hi, double value)
{
    double span = hi - lo;
    if (isfinite(span) && isfinite(value - lo)) {
        return (value - lo) / span;
    }
    return (value / 2 - lo / 2) / (hi / 2 - lo / 2);
}

double scale_at(const struct scale *scale, double value)
{
    switch (scale->kind) {
    case SCALE_LOG:
        return value > 0 ? share(log10(scale->lo), log10(scale->hi), log10(value)) : 0;
    case SCALE_SYMLOG:
        return share(bent(scale, scale->lo), bent(scale, scale->hi), bent(scale, value));
    case SCALE_LINEAR:
        break;
    }
    return share(scale->lo, scale->hi, value);
}

void scale_widen(double *lo, double *hi)
{
    if (*lo < *hi) {
        return;
    }
    double room = fabs(*lo) > 0 ? fabs(*lo) / 10 : 1;
    if (room < DBL_MIN) {
        room = DBL_MIN;
    }
    *lo = fmax(*lo - room, -DBL_MAX);
    *hi = fmin(*hi + room, DBL_MAX);
}

/* Six decades on each side of zero are told apart; what is nearer to zero is linear. */
static double bend_of(double lo, double hi, double least)
{
    double most = fmax(fabs(lo), fabs(hi));
    double bend = least > 0 ? pow(10, floor(log10(least))) : 1;
    double floor_of_decades = pow(10, floor(log10(most)) - 6);
    if (most > 0 && bend < floor_of_decades) {
        bend = floor_of_decades;
    }
    return bend > DBL_MIN ? bend : DBL_MIN;
}

struct scale scale_logarithmic(double lo, double hi, double least)
{
    struct scale scale = {.kind = SCALE_LOG, .lo = lo, .hi = hi};
    if (lo <= 0) {
        scale.kind = SCALE_SYMLOG;
        scale.bend = bend_of(lo, hi, least);
        scale_widen(&scale.lo, &scale.hi);
    } else if (!(lo < hi)) {
        scale.lo = fmax(lo / 10, DBL_MIN);
        scale.hi = fmin(hi * 10, DBL_MAX);
    }
    return scale;
}
