/* Bars: values added up per category; which of them are drawn, and in which order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static void add_to(struct bar *bar, double y, size_t slot)
{
    double sum = bar->values[slot] + y;
    /* A sum beyond the greatest double stays drawable. */
    bar->values[slot] = isfinite(sum) ? sum : bar->values[slot];
    bar->rows[slot] += bar->rows[slot] < UINT32_MAX;
}

void bars_add(struct chart *chart, double x, long name, double y, size_t slot)
{
    struct bars *bars = &chart->bars;
    if (bars->items.item_size == 0) {
        bars->items = (struct array)ARRAY_OF(struct bar);
    }
    if (name < 0) {
        add_to(&bars->rest, y, slot);
        return;
    }
    while (bars->items.count <= (size_t)name) {
        struct bar *bar = array_push(&bars->items);
        bar->name = bars->items.count - 1;
    }
    struct bar *bar = array_at(&bars->items, (size_t)name);
    bar->x = x;
    bars->added += bar->rows[slot] > 0;
    add_to(bar, y, slot);
}

double bar_size(const struct bar *bar)
{
    double size = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        size += fabs(bar->values[slot]) / SLOTS;
    }
    return size;
}

static int by_x(const void *a, const void *b)
{
    const struct bar *one = a;
    const struct bar *two = b;
    return (one->x > two->x) - (one->x < two->x);
}

static int by_size(const void *a, const void *b)
{
    const struct bar *one = a;
    const struct bar *two = b;
    double first = bar_size(one);
    double second = bar_size(two);
    if (first < second || first > second) {
        return first < second ? 1 : -1;
    }
    return (one->name > two->name) - (one->name < two->name);
}

/* Months are of one length here: a time as its number of months, when it is the first
 * instant of one. */
static bool month_number(double x, double *number)
{
    struct civil civil = civil_of(x);
    *number = (double)(civil.year * 12 + civil.month - 1);
    return civil.day == 1 && civil.hour == 0 && civil.minute == 0 && civil.second < 1e-6;
}

/* The common step of the places, or 0: every distance is a whole multiple of the least,
 * and the empty places are not too many. */
static double common_step(const double *places, size_t count)
{
    double step = INFINITY;
    for (size_t i = 1; i < count; i++) {
        step = fmin(step, places[i] - places[i - 1]);
    }
    double reach = (places[count - 1] - places[0]) / step;
    if (!(step > 0) || !(reach < 4.0 * (double)count)) {
        return 0;
    }
    for (size_t i = 1; i < count; i++) {
        double steps = (places[i] - places[0]) / step;
        if (fabs(steps - nearbyint(steps)) > 1e-6) {
            return 0;
        }
    }
    return step;
}

/* Empty places before `place` get an x between their neighbours'. */
static void fill_gap(struct array *bars, size_t place)
{
    struct bar *items = bars->items;
    size_t before = place;
    while (before > 0 && items[before - 1].label == NULL) {
        before--;
    }
    for (size_t i = before; i < place && before > 0; i++) {
        double share = (double)(i + 1 - before) / (double)(place + 1 - before);
        double from = items[before - 1].x;
        items[i].x = from + (items[place].x - from) * share;
    }
}

/* Put empty places where a value is missing in an even row, so that a gap is seen. */
static void open_gaps(struct bars *bars, const double *places, double step)
{
    struct array even = ARRAY_OF(struct bar);
    for (size_t i = 0; i < bars->items.count; i++) {
        size_t place = (size_t)nearbyint((places[i] - places[0]) / step);
        while (even.count < place) {
            array_push(&even);
        }
        *(struct bar *)array_push(&even) = *(struct bar *)array_at(&bars->items, i);
        fill_gap(&even, place);
    }
    array_release(&bars->items);
    bars->items = even;
}

static void order_by_x(struct chart *chart)
{
    struct bars *bars = &chart->bars;
    struct bar *items = bars->items.items;
    size_t count = bars->items.count;
    qsort(items, count, sizeof *items, by_x);
    double *places = memory_new_many(count, sizeof *places);
    bool months = chart->x == CHART_X_TIME;
    for (size_t i = 0; i < count && months; i++) {
        months = month_number(items[i].x, &places[i]);
    }
    for (size_t i = 0; i < count && !months; i++) {
        places[i] = items[i].x;
    }
    double step = count > 1 ? common_step(places, count) : 0;
    if (step > 0) {
        open_gaps(bars, places, step);
    }
    free(places);
}

void bars_finish(struct chart *chart)
{
    struct bars *bars = &chart->bars;
    bars->ordered = chart->x != CHART_X_TEXT;
    for (size_t i = 0; i < bars->items.count; i++) {
        struct bar *bar = array_at(&bars->items, i);
        bar->label = chart->labels[bar->name];
    }
    if (bars->ordered && bars->items.count > 0) {
        order_by_x(chart);
    }
}

static void fold(struct bar *into, const struct bar *bar)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (bar->rows[slot] > 0) {
            add_to(into, bar->values[slot], slot);
        }
    }
}

static bool has_rows(const struct bar *bar)
{
    uint32_t rows = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        rows |= bar->rows[slot];
    }
    return rows > 0;
}

static double greatest_of(const struct bar *bar)
{
    double greatest = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        greatest = fmax(greatest, fabs(bar->values[slot]));
    }
    return greatest;
}

/* The sum of many small bars may dwarf those that are worth comparing. */
static void add_other(struct bar_view *view, struct bar *other)
{
    double greatest = 0;
    for (size_t i = 0; i < view->bars.count; i++) {
        greatest = fmax(greatest, greatest_of(array_at(&view->bars, i)));
    }
    view->cut = greatest > 0 && greatest_of(other) / 2 > greatest;
    other->label = view->other;
    *(struct bar *)array_push(&view->bars) = *other;
}

void bars_view(const struct chart *chart, size_t most, struct bar_view *view)
{
    const struct bars *bars = &chart->bars;
    const struct bar *items = bars->items.items;
    size_t count = bars->items.count;
    *view = (struct bar_view){.bars = ARRAY_OF(struct bar)};
    for (size_t i = 0; i < count; i++) {
        *(struct bar *)array_push(&view->bars) = items[i];
    }
    if (bars->ordered || (count <= most && !has_rows(&bars->rest))) {
        return;
    }
    struct bar other = bars->rest;
    if (count > most) {
        /* One place is for the rest. */
        size_t shown = most > 0 ? most - 1 : 0;
        qsort(view->bars.items, count, sizeof other, by_size);
        for (size_t i = shown; i < count; i++) {
            fold(&other, array_at(&view->bars, i));
        }
        view->folded = count - shown;
        view->bars.count = shown;
    }
    snprintf(view->other, sizeof view->other, "other (%zu%s)", view->folded,
             has_rows(&bars->rest) ? " and more" : "");
    add_other(view, &other);
}

bool bar_is_cut(const struct bar_view *view, const struct bar *bar)
{
    return view->cut && bar->label == view->other;
}

void bar_view_release(struct bar_view *view)
{
    array_release(&view->bars);
}
