/* Ticks on a time axis: a ladder of seconds, minutes, hours, days, months and years; the
 * finest rung whose labels do not touch. The second row of labels says the rest of the
 * date where it changes. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/axis.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

struct rung {
    enum time_unit unit;
    double every;
};

/* Finest first. Days count from the first of each month, so that they stay in step with
 * the months: every 7 days is the 1st, 8th, 15th and 22nd. */
static const struct rung LADDER[] = {
    {UNIT_SECOND, 0.001}, {UNIT_SECOND, 0.002}, {UNIT_SECOND, 0.005}, {UNIT_SECOND, 0.01},
    {UNIT_SECOND, 0.02},  {UNIT_SECOND, 0.05},  {UNIT_SECOND, 0.1},   {UNIT_SECOND, 0.2},
    {UNIT_SECOND, 0.5},   {UNIT_SECOND, 1},     {UNIT_SECOND, 2},     {UNIT_SECOND, 5},
    {UNIT_SECOND, 10},    {UNIT_SECOND, 15},    {UNIT_SECOND, 30},    {UNIT_MINUTE, 1},
    {UNIT_MINUTE, 2},     {UNIT_MINUTE, 5},     {UNIT_MINUTE, 10},    {UNIT_MINUTE, 15},
    {UNIT_MINUTE, 30},    {UNIT_HOUR, 1},       {UNIT_HOUR, 2},       {UNIT_HOUR, 3},
    {UNIT_HOUR, 6},       {UNIT_HOUR, 12},      {UNIT_DAY, 1},        {UNIT_DAY, 2},
    {UNIT_DAY, 7},        {UNIT_DAY, 14},       {UNIT_MONTH, 1},      {UNIT_MONTH, 3},
    {UNIT_MONTH, 6},      {UNIT_YEAR, 1},       {UNIT_YEAR, 2},       {UNIT_YEAR, 5},
    {UNIT_YEAR, 10},      {UNIT_YEAR, 20},      {UNIT_YEAR, 50},      {UNIT_YEAR, 100},
    {UNIT_YEAR, 200},     {UNIT_YEAR, 500},     {UNIT_YEAR, 1000},    {UNIT_YEAR, 2000},
    {UNIT_YEAR, 5000},
};

enum { RUNG_COUNT = sizeof LADDER / sizeof LADDER[0] };

static const double UNIT_SECONDS[] = {1, 60, 3600, 86400, 30.4 * 86400, 365.25 * 86400};

static bool day_is_labelled(int day, int every)
{
    return (day - 1) % every == 0 && day + every / 2 <= 31 && (every < 7 || day <= 22);
}

static double next_day(double from, int every)
{
    double day = ceil(from / 86400);
    while (!day_is_labelled(civil_of(day * 86400).day, every)) {
        day++;
    }
    return day * 86400;
}

static double next_month(double from, long long every)
{
    struct civil civil = civil_of(from);
    long long index = civil.year * 12 + civil.month - 1;
    long long up = (index % every + every) % every;
    index -= up;
    for (;; index += every) {
        long long month = (index % 12 + 12) % 12;
        double start =
            (double)civil_days((index - month) / 12, (int)month + 1, 1) * 86400;
        if (start >= from) {
            return start;
        }
    }
}

static double next_tick(const struct rung *rung, double from)
{
    switch (rung->unit) {
    case UNIT_DAY:
        return next_day(from, (int)rung->every);
    case UNIT_MONTH:
        return next_month(from, (long long)rung->every);
    case UNIT_YEAR:
        return next_month(from, (long long)rung->every * 12);
    default:
        break;
    }
    double step = rung->every * UNIT_SECONDS[rung->unit];
    return ceil(from / step - 1e-9) * step;
}

static void clock_label(struct tick *tick, const struct civil *civil,
                        const struct rung *rung)
{
    if (rung->unit != UNIT_SECOND) {
        snprintf(tick->label, sizeof tick->label, "%02d:%02d", civil->hour,
                 civil->minute);
        return;
    }
    int decimals = rung->every >= 1      ? 0
                   : rung->every >= 0.1  ? 1
                   : rung->every >= 0.01 ? 2
                                         : 3;
    snprintf(tick->label, sizeof tick->label, "%02d:%02d:%0*.*f", civil->hour,
             civil->minute, decimals > 0 ? decimals + 3 : 2, decimals, civil->second);
}

static void label(struct tick *tick, const struct rung *rung)
{
    /* A hair more, or a tick just below the minute would read as :60. */
    struct civil civil = civil_of(tick->value + (rung->unit == UNIT_SECOND ? 1e-5 : 0));
    switch (rung->unit) {
    case UNIT_DAY:
        snprintf(tick->label, sizeof tick->label, "%d", civil.day);
        snprintf(tick->below, sizeof tick->below, "%s %lld", month_name(civil.month),
                 civil.year);
        return;
    case UNIT_MONTH:
        snprintf(tick->label, sizeof tick->label, "%s", month_name(civil.month));
        snprintf(tick->below, sizeof tick->below, "%lld", civil.year);
        return;
    case UNIT_YEAR:
        snprintf(tick->label, sizeof tick->label, "%lld", civil.year);
        return;
    default:
        clock_label(tick, &civil, rung);
        snprintf(tick->below, sizeof tick->below, "%d %s %lld UTC", civil.day,
                 month_name(civil.month), civil.year);
    }
}

/* False when there are more than fit. */
static bool fill(struct ticks *ticks, const struct rung *rung, size_t most)
{
    double lo = ticks->scale.lo;
    double hi = ticks->scale.hi;
    ticks->count = 0;
    if ((hi - lo) / (rung->every * UNIT_SECONDS[rung->unit]) > 2.0 * TICKS_MOST) {
        return false;
    }
    for (double at = next_tick(rung, lo); at <= hi;) {
        if (ticks->count >= most) {
            return false;
        }
        struct tick *tick = &ticks->items[ticks->count++];
        *tick = (struct tick){.value = at, .at = scale_at(&ticks->scale, at)};
        label(tick, rung);
        double step =
            rung->every * (rung->unit < UNIT_DAY ? UNIT_SECONDS[rung->unit] : 0);
        at = next_tick(rung, at + (step > 0 ? step : 1));
    }
    return true;
}

static double below_start(const struct tick *tick, const struct tick_room *room)
{
    double width = (double)strlen(tick->below) * room->character;
    double start =
        tick->at * room->length - (double)strlen(tick->label) * room->character / 2;
    return fmin(start, room->length + room->overhang - width);
}

/* Keep the second row only where it changes. The first one gives way when the next change
 * comes too soon for both. */
static void thin_second_row(struct ticks *ticks, const struct tick_room *room)
{
    char last[TICK_LABEL_SIZE] = "";
    struct tick *shown = NULL;
    for (size_t i = 0; i < ticks->count; i++) {
        struct tick *tick = &ticks->items[i];
        if (strcmp(last, tick->below) == 0) {
            tick->below[0] = '\0';
            continue;
        }
        snprintf(last, sizeof last, "%s", tick->below);
        double end = shown == NULL ? -INFINITY
                                   : below_start(shown, room) +
                                         (double)strlen(shown->below) * room->character;
        if (below_start(tick, room) < end + room->gap) {
            struct tick *loser = shown == &ticks->items[0] ? shown : tick;
            loser->below[0] = '\0';
            shown = loser == shown ? tick : shown;
        } else {
            shown = tick;
        }
    }
}

void ticks_time(struct ticks *ticks, double lo, double hi, bool clock,
                const struct tick_room *room)
{
    double each = room->target > 0 ? room->target : 6;
    double most = fmin(fmax(room->length / (each * room->character), 2), TICKS_MOST);
    *ticks = (struct ticks){.scale = {.kind = SCALE_LINEAR, .lo = lo, .hi = hi}};
    for (size_t i = 0; i < RUNG_COUNT; i++) {
        bool fine = LADDER[i].unit < UNIT_DAY;
        if ((!fine || clock) && fill(ticks, &LADDER[i], (size_t)most) &&
            ticks_legible(ticks, room)) {
            break;
        }
    }
    if (ticks->count == 0 || !ticks_legible(ticks, room)) {
        /* Too narrow for any rung: say where it begins. */
        ticks->count = 1;
        ticks->items[0] = (struct tick){.value = lo};
        label(&ticks->items[0], &(struct rung){UNIT_DAY, 1});
    }
    thin_second_row(ticks, room);
}
