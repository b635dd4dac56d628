/* Summary: a chart in one sentence that can be spoken; and its title.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SERIES_SPOKEN = 3 };

static void say_number(struct text *out, double value)
{
    char buffer[48];
    text_append(out, number_spoken(value, buffer, sizeof buffer));
}

static void say_count(struct text *out, long long count)
{
    char buffer[48];
    text_append(out, string_of_count(count, buffer, sizeof buffer));
}

void x_spoken(const struct chart *chart, double x, struct text *out)
{
    char buffer[64];
    if (chart->x == CHART_X_TIME) {
        text_append(out, time_spoken(x, chart->clock, buffer, sizeof buffer));
    } else if (chart->x == CHART_X_NUMBER) {
        /* Whole numbers may be years or keys: they are read out in full. */
        bool whole = x == floor(x) && fabs(x) < 1e6;
        text_append(out, whole ? number_exact(x, buffer, sizeof buffer)
                               : number_spoken(x, buffer, sizeof buffer));
    } else {
        char *label = names_label(&chart->categories, (size_t)x);
        text_append(out, label);
        free(label);
    }
}

static const struct point *extreme(const struct series *series, double sign)
{
    const struct point *points = series->points.items;
    const struct point *best = &points[0];
    for (size_t i = 1; i < series->points.count; i++) {
        if (sign * points[i].y > sign * best->y) {
            best = &points[i];
        }
    }
    return best;
}

static void say_extreme(const struct chart *chart, const struct point *point,
                        const char *word, struct text *out)
{
    text_printf(out, ", %s ", word);
    say_number(out, point->y);
    text_append(out, chart->x == CHART_X_TIME ? " on " : " at ");
    x_spoken(chart, point->x, out);
}

static void say_line(const struct chart *chart, const struct series *series,
                     struct text *out)
{
    const struct point *points = series->points.items;
    const struct point *first = &points[0];
    const struct point *last = &points[series->points.count - 1];
    const struct point *top = extreme(series, 1);
    const struct point *bottom = extreme(series, -1);
    double change = last->y / 2 - first->y / 2;
    double range = top->y / 2 - bottom->y / 2;
    if (series->points.count == 1) {
        text_append(out, " is ");
        say_number(out, first->y);
        text_append(out, " at ");
        x_spoken(chart, first->x, out);
        return;
    }
    if (!(range > 0)) {
        text_append(out, " stays at ");
        say_number(out, first->y);
        return;
    }
    bool level = fabs(change) < 0.02 * range;
    text_append(out, level        ? " ends where it began, from "
                     : change > 0 ? " rises from "
                                  : " falls from ");
    say_number(out, first->y);
    text_append(out, " to ");
    say_number(out, last->y);
    if (top != first && top != last) {
        say_extreme(chart, top, "peak", out);
    }
    if (bottom != first && bottom != last) {
        say_extreme(chart, bottom, "low", out);
    }
}

static void say_lines(const struct chart *chart, struct text *out)
{
    for (size_t i = 0; i < chart->series_count && i < SERIES_SPOKEN; i++) {
        text_append(out, i > 0 ? "; " : "");
        text_append(out, chart_series_name(chart, i));
        say_line(chart, &chart->series[i], out);
    }
    if (chart->series_count > SERIES_SPOKEN) {
        text_printf(out, "; and %zu more series", chart->series_count - SERIES_SPOKEN);
    }
}

static double total_of(const struct bar *bar)
{
    double total = 0;
    for (size_t slot = 0; slot < SLOTS; slot++) {
        total += bar->values[slot];
    }
    return total;
}

static void say_bars(const struct chart *chart, struct text *out)
{
    const struct bar *items = chart->bars.items.items;
    const struct bar *top = NULL;
    const struct bar *bottom = NULL;
    long long count = 0;
    for (size_t i = 0; i < chart->bars.items.count; i++) {
        if (items[i].label != NULL) {
            count++;
            top = top == NULL || total_of(&items[i]) > total_of(top) ? &items[i] : top;
            bottom = bottom == NULL || total_of(&items[i]) < total_of(bottom) ? &items[i]
                                                                              : bottom;
        }
    }
    text_printf(out, "%s by %s: ", chart_y_title(chart), chart_x_title(chart));
    say_count(out, count);
    text_append(out, count == 1 ? " bar" : " bars");
    if (top != NULL) {
        text_printf(out, count > 1 ? ", the greatest, %s, is " : ", %s is ", top->label);
        say_number(out, total_of(top));
    }
    if (bottom != NULL && bottom != top) {
        text_printf(out, ", the least, %s, is ", bottom->label);
        say_number(out, total_of(bottom));
    }
}

static const char *strength(double r)
{
    double size = fabs(r);
    return size >= 0.9   ? "almost a line"
           : size >= 0.7 ? "strong"
           : size >= 0.4 ? "moderate"
           : size >= 0.2 ? "weak"
                         : "none to speak of";
}

static void say_dots(const struct chart *chart, struct text *out)
{
    const struct moments *m = &chart->moments;
    say_count(out, chart->drawn);
    text_printf(out, " points of %s by %s; %s from ", chart_y_title(chart),
                chart_x_title(chart), chart_x_title(chart));
    x_spoken(chart, chart->x_lo, out);
    text_append(out, " to ");
    x_spoken(chart, chart->x_hi, out);
    text_printf(out, ", %s from ", chart_y_title(chart));
    say_number(out, chart->y_lo);
    text_append(out, " to ");
    say_number(out, chart->y_hi);
    double r = m->xy / sqrt(m->xx) / sqrt(m->yy);
    if (chart->x != CHART_X_TEXT && m->n > 2 && isfinite(r)) {
        text_printf(out, "; correlation %.2f, %s", r, strength(r));
    }
}

static void say_bins(const struct chart *chart, struct text *out)
{
    struct array bins = ARRAY_OF(struct bin);
    bins_make(&chart->bins, BINS_DRAWN, &bins);
    const struct bin *items = bins.items;
    const struct bin *top = &items[0];
    for (size_t i = 1; i < bins.count; i++) {
        top = items[i].count > top->count ? &items[i] : top;
    }
    say_count(out, chart->bins.total);
    text_printf(out, " values of %s from ", chart_x_title(chart));
    x_spoken(chart, chart->x_lo, out);
    text_append(out, " to ");
    x_spoken(chart, chart->x_hi, out);
    text_append(out, ", median about ");
    x_spoken(chart, bins_quantile(&chart->bins, 0.5), out);
    text_append(out, "; most, ");
    say_count(out, top->count);
    text_append(out, ", from ");
    x_spoken(chart, top->from, out);
    text_append(out, " to ");
    x_spoken(chart, top->to, out);
    array_release(&bins);
}

static char *title_of(const struct chart *chart)
{
    const char *x = chart_x_title(chart);
    const char *y = chart_y_title(chart);
    const char *series = chart->series_named ? chart->spec.series_title : NULL;
    if (chart->spec.title != NULL) {
        return string_copy(chart->spec.title);
    }
    switch (chart->spec.kind) {
    case CHART_HISTOGRAM:
        return string_printf("rows by %s", x);
    case CHART_SCATTER:
        return string_printf("%s against %s%s%s", y, x, series != NULL ? ", by " : "",
                             series != NULL ? series : "");
    default:
        break;
    }
    return string_printf("%s by %s%s%s", y, x, series != NULL ? " and " : "",
                         series != NULL ? series : "");
}

void summary_make(struct chart *chart)
{
    static void (*const say[])(const struct chart *, struct text *) = {
        [CHART_LINE] = say_lines,
        [CHART_BAR] = say_bars,
        [CHART_SCATTER] = say_dots,
        [CHART_HISTOGRAM] = say_bins,
    };
    struct text text = {0};
    say[chart->spec.kind](chart, &text);
    text_append_char(&text, '.');
    chart->summary = text_take(&text);
    chart->title = title_of(chart);
}
