/* Ticks on logarithmic axes: decades, with 2 and 5 between them where they fit, every
 * second or third decade where they do not; around zero the same on both sides.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <math.h>
#include <stdio.h>

static void decade_label(struct tick *tick)
{
    struct ticks one = {.count = 1};
    one.items[0].value = tick->value;
    number_labels(&one);
    snprintf(tick->label, sizeof tick->label, "%s", one.items[0].label);
}

static void add(struct ticks *ticks, double value)
{
    const struct scale *scale = &ticks->scale;
    double slack = 1e-9;
    double at = scale_at(scale, value);
    if (ticks->count < TICKS_MOST && isfinite(value) && at >= -slack && at <= 1 + slack) {
        struct tick *tick = &ticks->items[ticks->count++];
        *tick = (struct tick){.value = value, .at = fmin(fmax(at, 0), 1)};
        decade_label(tick);
    }
}

/* One way to label decades: which mantissas, every how many decades. */
struct ladder {
    int mantissas; /* 3: 1, 2, 5; 1: only 1 */
    int stride;
    int begin; /* around zero: the first decade beyond the linear part that is labelled */
};

enum { STRIDE_MOST = 700 /* more decades than a double has */ };

static const double MANTISSAS[] = {1, 2, 5};

static void add_decades(struct ticks *ticks, const struct ladder *ladder, int from,
                        int to)
{
    for (int e = from; e <= to; e++) {
        for (int m = 0; m < ladder->mantissas && e % ladder->stride == 0; m++) {
            add(ticks, MANTISSAS[m] * pow(10, e));
        }
    }
}

static void add_both_sides(struct ticks *ticks, const struct ladder *ladder, int from,
                           int to)
{
    int begin = from + ladder->begin;
    for (int e = to; e >= begin; e--) {
        for (int m = ladder->mantissas; m-- > 0 && (e - begin) % ladder->stride == 0;) {
            add(ticks, -MANTISSAS[m] * pow(10, e));
        }
    }
    add(ticks, 0);
    for (int e = begin; e <= to; e++) {
        for (int m = 0; m < ladder->mantissas && (e - begin) % ladder->stride == 0; m++) {
            add(ticks, MANTISSAS[m] * pow(10, e));
        }
    }
}

static void fill(struct ticks *ticks, const struct scale *scale,
                 const struct ladder *ladder)
{
    ticks->scale = *scale;
    ticks->count = 0;
    if (scale->kind == SCALE_LOG) {
        add_decades(ticks, ladder, (int)floor(log10(scale->lo)),
                    (int)ceil(log10(scale->hi)));
        return;
    }
    double most = fmax(fabs(scale->lo), fabs(scale->hi));
    add_both_sides(ticks, ladder, (int)round(log10(scale->bend)), (int)ceil(log10(most)));
}

/* Little more than a decade: round values as on a linear axis, at their bent places. */
static void label_linear(struct ticks *ticks, const struct scale *scale,
                         const struct tick_room *room)
{
    struct ticks linear;
    ticks_linear(&linear, scale->lo, scale->hi, true, room);
    linear.scale = *scale;
    for (size_t i = 0; i < linear.count; i++) {
        linear.items[i].at = scale_at(scale, linear.items[i].value);
    }
    if (ticks->count == 0 ||
        (linear.count > ticks->count && ticks_legible(&linear, room))) {
        *ticks = linear;
    }
}

void ticks_logarithmic(struct ticks *ticks, const struct scale *scale,
                       const struct tick_room *room)
{
    struct ladder ladder = {.mantissas = 3, .stride = 1};
    fill(ticks, scale, &ladder);
    ladder.mantissas = 1;
    while (ladder.stride < STRIDE_MOST &&
           (ticks->count >= TICKS_MOST || !ticks_legible(ticks, room))) {
        fill(ticks, scale, &ladder);
        /* Next to zero labels are crowded: leave them out before decades farther away. */
        ladder.stride += ladder.begin;
        ladder.begin = 1;
    }
    if (scale->kind == SCALE_LOG && ticks->count < 3) {
        label_linear(ticks, scale, room);
    }
}
