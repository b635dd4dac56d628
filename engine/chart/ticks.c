/* Ticks on linear axes: the extended Wilkinson search (Talbot, Lin, Hanrahan 2010). It
 * goes through steps q * 10^z, j ticks skipped, k ticks in all, and keeps the labelling
 * with the best sum of simplicity, coverage, density and legibility, leaving a loop as
 * soon as its upper bound cannot win. Legibility is a yes or no here: labels may not
 * touch. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

static const double STEPS[] = {1, 5, 2, 2.5, 4, 3}; /* the roundest first */

enum {
    STEP_COUNT = sizeof STEPS / sizeof STEPS[0],
    SKIP_MOST = 6,
    POWERS_TRIED = 16,
    TRIES_MOST = 500 /* long labels on a short axis */
};

static const double WEIGHT_SIMPLICITY = 0.25;
static const double WEIGHT_COVERAGE = 0.2;
static const double WEIGHT_DENSITY = 0.5;
static const double WEIGHT_LEGIBILITY = 0.05;

struct search {
    double lo, hi;
    double factor; /* lo and hi are the caller's times this */
    bool fixed;
    const struct tick_room *room;
    double target; /* how many ticks would be best */
    int most;      /* more cannot be legible */
    int tries;     /* labellings that were written out */
    double best_score;
    struct ticks *best;
};

struct candidate {
    int q;        /* index in STEPS */
    int skip;     /* j of the paper: every j-th multiple of the step */
    int count;    /* k of the paper */
    double first; /* value of the first tick */
    double step;
};

static double bounded(double simplicity, double coverage, double density)
{
    return WEIGHT_SIMPLICITY * simplicity + WEIGHT_COVERAGE * coverage +
           WEIGHT_DENSITY * density + WEIGHT_LEGIBILITY;
}

static double simplicity_most(int q, int skip)
{
    return 1 - (double)q / (STEP_COUNT - 1) - skip + 1;
}

static double simplicity_of(const struct candidate *c)
{
    double last = c->first + c->step * (c->count - 1);
    double off = fmod(c->first, c->step);
    bool on_grid = fmin(fabs(off), c->step - fabs(off)) < c->step * 1e-9;
    bool holds_zero = on_grid && c->first <= c->step * 1e-9 && last >= -c->step * 1e-9;
    return 1 - (double)c->q / (STEP_COUNT - 1) - c->skip + (holds_zero ? 1 : 0);
}

static double coverage_most(const struct search *s, double span)
{
    double range = s->hi - s->lo;
    double over = span > range ? (span - range) / 2 / (0.1 * range) : 0;
    return 1 - over * over;
}

static double coverage_of(const struct search *s, const struct candidate *c)
{
    double range = s->hi - s->lo;
    double below = (s->lo - c->first) / (0.1 * range);
    double above = (s->hi - (c->first + c->step * (c->count - 1))) / (0.1 * range);
    return 1 - 0.5 * (below * below + above * above);
}

static double density_most(const struct search *s, int count)
{
    return count >= s->target ? 2 - (count - 1) / (s->target - 1) : 1;
}

static double density_of(const struct search *s, const struct candidate *c)
{
    double last = c->first + c->step * (c->count - 1);
    double reached = fmax(last, s->hi) - fmin(c->first, s->lo);
    double have = (c->count - 1) / (last - c->first);
    double want = (s->target - 1) / reached;
    return 2 - fmax(have / want, want / have);
}

static void place(struct ticks *ticks)
{
    for (size_t i = 0; i < ticks->count; i++) {
        ticks->items[i].at = scale_at(&ticks->scale, ticks->items[i].value);
    }
}

static void fill(struct ticks *ticks, const struct search *s, const struct candidate *c)
{
    *ticks = (struct ticks){.scale = {.kind = SCALE_LINEAR}};
    for (int i = 0; i < c->count && i < TICKS_MOST; i++) {
        double value = c->first + c->step * i;
        if (fabs(value) < c->step * 1e-9) {
            value = 0;
        }
        value = fmax(fmin(value / s->factor, DBL_MAX), -DBL_MAX);
        ticks->items[ticks->count++].value = value;
    }
    double lo = s->lo / s->factor;
    double hi = s->hi / s->factor;
    ticks->scale.lo = s->fixed ? lo : fmin(lo, ticks->items[0].value);
    ticks->scale.hi = s->fixed ? hi : fmax(hi, ticks->items[ticks->count - 1].value);
    place(ticks);
    number_labels(ticks);
}

static void consider(struct search *s, const struct candidate *c)
{
    double last = c->first + c->step * (c->count - 1);
    double slack = c->step * 1e-9;
    if (s->fixed && (c->first < s->lo - slack || last > s->hi + slack)) {
        return;
    }
    double score = bounded(simplicity_of(c), coverage_of(s, c), density_of(s, c));
    if (score <= s->best_score || s->tries >= TRIES_MOST) {
        return;
    }
    s->tries++;
    struct ticks ticks;
    fill(&ticks, s, c);
    if (ticks_legible(&ticks, s->room)) {
        s->best_score = score;
        *s->best = ticks;
    }
}

/* All positions of `count` ticks so far apart. */
static void try_starts(struct search *s, struct candidate c)
{
    double reach = c.step * (c.count - 1);
    double from = floor(s->hi / c.step) * c.skip - (c.count - 1) * (double)c.skip;
    double to = ceil(s->lo / c.step) * c.skip;
    if (!isfinite(reach) || to - from > 1000) {
        return;
    }
    for (double start = from; start <= to; start++) {
        c.first = start * (c.step / c.skip);
        consider(s, &c);
    }
}

static void try_counts(struct search *s, struct candidate c)
{
    double simplest = simplicity_most(c.q, c.skip);
    for (c.count = 2; c.count <= TICKS_MOST; c.count++) {
        double densest = density_most(s, c.count);
        if (c.count > s->most || bounded(simplest, 1, densest) <= s->best_score) {
            return;
        }
        double unit = STEPS[c.q] * c.skip;
        double z = ceil(log10((s->hi - s->lo) / (c.count + 1) / unit));
        for (int power = 0; power < POWERS_TRIED; power++, z++) {
            c.step = unit * pow(10, z);
            double covered = coverage_most(s, c.step * (c.count - 1));
            if (bounded(simplest, covered, densest) <= s->best_score) {
                break;
            }
            try_starts(s, c);
        }
    }
}

/* Not even two labels fit: the roundest single value inside. */
static void try_single(struct search *s)
{
    double power = pow(10, ceil(log10(fmax(fabs(s->lo), fabs(s->hi)))));
    for (int i = 0; i < 40; i++, power /= 10) {
        static const double parts[] = {1, 0.5, 0.2};
        for (size_t p = 0; p < 3; p++) {
            double step = power * parts[p];
            double value = ceil(s->lo / step) * step;
            if (step > 0 && value <= s->hi) {
                fill(s->best, s,
                     &(struct candidate){.count = 1, .first = value, .step = step});
                return;
            }
        }
    }
    fill(s->best, s, &(struct candidate){.count = 1, .first = s->lo});
}

static double target_of(const struct tick_room *room)
{
    double each = room->target > 0 ? room->target : room->upright ? 4 : 12;
    double target = room->length / (each * room->character) + 1;
    return fmin(fmax(target, 2), 12);
}

/* Labels of one character each would touch beyond this. */
static int most_of(const struct tick_room *room)
{
    double each = room->character + room->gap;
    return (int)fmin((room->length + 2 * room->overhang) / each + 2, TICKS_MOST);
}

void ticks_linear(struct ticks *ticks, double lo, double hi, bool fixed,
                  const struct tick_room *room)
{
    double greatest = fmax(fabs(lo), fabs(hi));
    struct search s = {.factor = 1, .fixed = fixed, .room = room, .best = ticks};
    s.target = target_of(room);
    s.most = most_of(room);
    s.best_score = -INFINITY;
    /* Keep sums and squares away from both ends of what a double can hold. */
    s.factor = greatest > 1e150 ? 1e-160 : greatest < 1e-150 ? 1e150 : 1;
    s.lo = lo * s.factor;
    s.hi = hi * s.factor;
    ticks->count = 0;
    if (s.hi - s.lo > 1e-12 * greatest * s.factor) {
        for (int skip = 1; skip <= SKIP_MOST; skip++) {
            for (int q = 0; q < STEP_COUNT; q++) {
                if (bounded(simplicity_most(q, skip), 1, 1) > s.best_score) {
                    try_counts(&s, (struct candidate){.q = q, .skip = skip});
                }
            }
        }
    }
    if (ticks->count == 0) {
        try_single(&s);
    }
}

static bool apart(const struct tick *a, const struct tick *b,
                  const struct tick_room *room)
{
    if (room->upright) {
        return fabs(b->at - a->at) * room->length >= room->character + room->gap - 1e-9;
    }
    double ends[2];
    const struct tick *both[2] = {a, b};
    for (int i = 0; i < 2; i++) {
        double width = (double)strlen(both[i]->label) * room->character;
        double start = both[i]->at * room->length - width / 2;
        start = fmin(start, room->length + room->overhang - width);
        start = fmax(start, -room->overhang);
        ends[i] = i == 0 ? start + width : start;
    }
    return ends[1] - ends[0] >= room->gap;
}

bool ticks_legible(const struct ticks *ticks, const struct tick_room *room)
{
    for (size_t i = 1; i < ticks->count; i++) {
        if (!apart(&ticks->items[i - 1], &ticks->items[i], room)) {
            return false;
        }
    }
    return true;
}
