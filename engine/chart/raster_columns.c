/* Standing bars in the text raster: of numbers and times in their order, and the bins of
 * a histogram. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RIGHT_MARGIN = 2 };

/* Columns of bars: each of `groups` places holds one bar per series, and stands for
 * `folded` neighbours when there are more bars than columns. */
struct standing {
    struct plot *plot;
    const struct bar *bars;
    size_t count;
    size_t series, groups, folded;
    int bar_width, group_width; /* in cells */
    double shift;               /* zero is moved to the border of a cell */
};

static double cells_of(const struct plot *plot, double shift, double value)
{
    return scale_at(&plot->y.scale, value) * plot->height + shift;
}

static double shift_of(const struct plot *plot)
{
    double zero = scale_at(&plot->y.scale, 0) * plot->height;
    return floor(zero + 0.5) - zero;
}

static const char *part_glyph(const struct plot *plot, int eighths, bool downwards)
{
    static const char *const up[] = {"", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    if (plot->brush.ascii) {
        return eighths >= 6 ? "#" : eighths >= 2 ? (downwards ? "'" : ".") : "";
    }
    if (!downwards) {
        return up[eighths];
    }
    return eighths >= 7 ? "█" : eighths >= 3 ? "▀" : "▔";
}

void draw_column(const struct plot *plot, const struct bar_shape *shape, int col,
                 int width)
{
    bool downwards = shape->end < shape->base;
    double length = fabs(shape->end - shape->base);
    int eighths = (int)floor(length * 8 + 0.5);
    int least = plot->brush.ascii ? 2 : 1;
    /* What is not nothing is seen. */
    eighths = length > 0 && eighths < least ? least : eighths;
    int foot = plot->top + plot->height - 1 - (int)floor(shape->base + 0.5);
    int row = downwards ? foot + 1 : foot;
    for (; eighths > 0; eighths -= 8, row += downwards ? 1 : -1) {
        const char *glyph = part_glyph(plot, eighths < 8 ? eighths : 8, downwards);
        for (int i = 0; i < width && *glyph != '\0' && row >= plot->top; i++) {
            put_mark(&plot->brush, plot->left + col + i, row, glyph, shape->series);
        }
    }
}

/* ---- bars ---- */

/* Of neighbours that share a column the one farthest from zero is seen, as with bars that
 * are narrower than a pixel. */
static const struct bar *tallest(const struct standing *standing, size_t group,
                                 size_t series)
{
    const struct bar *best = NULL;
    size_t end = (group + 1) * standing->folded;
    for (size_t i = group * standing->folded; i < end && i < standing->count; i++) {
        const struct bar *bar = &standing->bars[i];
        if (bar->rows[series] > 0 &&
            (best == NULL || fabs(bar->values[series]) > fabs(best->values[series]))) {
            best = bar;
        }
    }
    return best;
}

static void measure_lengths(struct plot *plot, const struct tick_room *room)
{
    const struct chart *chart = plot->chart;
    struct bar_view view;
    bars_view(chart, CHART_BARS_MOST + 1, &view);
    axis_of_lengths(chart, span_of_bars(&view, chart->series_count), room, &plot->y);
    bar_view_release(&view);
}

static void fit_columns(struct standing *standing)
{
    struct plot *plot = standing->plot;
    size_t series = standing->series;
    size_t width = (size_t)plot->width;
    size_t gap = series > 1 ? 1 : 0;
    size_t most = width / (series + gap) > 0 ? width / (series + gap) : 1;
    standing->folded = (standing->count + most - 1) / most;
    standing->groups = (standing->count + standing->folded - 1) / standing->folded;
    size_t group = width / standing->groups;
    group = group > 12 * series ? 12 * series : group > 0 ? group : 1;
    /* A blank between groups once they are wide enough. */
    gap = group >= series + 1 && group >= 3 ? 1 : gap;
    standing->bar_width = (int)((group - gap) / series > 0 ? (group - gap) / series : 1);
    standing->group_width = standing->bar_width * (int)series + (int)gap;
    plot->width = standing->group_width * (int)standing->groups;
    if (standing->folded > 1) {
        raster_note(plot->brush.out,
                    "At this width a column shows the greatest of %zu neighbouring bars.",
                    standing->folded);
    }
}

static void draw_group(const struct standing *standing, size_t group)
{
    const struct plot *plot = standing->plot;
    double shift = standing->shift;
    for (size_t s = 0; s < standing->series; s++) {
        const struct bar *bar = tallest(standing, group, s);
        if (bar == NULL) {
            continue;
        }
        struct bar_shape shape = {cells_of(plot, shift, 0),
                                  cells_of(plot, shift, bar->values[s]), s};
        int col = (int)group * standing->group_width + (int)s * standing->bar_width;
        draw_column(plot, &shape, col, standing->bar_width);
        if (standing->series > 1) {
            /* The marker in the bar's foot tells the series without colour. */
            char marker[2] = {series_marker(plot->chart, s), '\0'};
            int foot = plot->top + plot->height - 1 - (int)floor(shape.base + 0.5);
            foot += shape.end < shape.base;
            put_mark(&plot->brush, plot->left + col, foot, marker, s);
            style_cells(&plot->brush, plot->left + col, foot, 1, BOLD);
        }
    }
}

static int place_column(const struct standing *standing, size_t index)
{
    int inner = standing->bar_width * (int)standing->series;
    return (int)(index / standing->folded) * standing->group_width + (inner - 1) / 2;
}

static const char *place_label(const struct places *places, size_t index)
{
    const struct standing *standing = places->data;
    return standing->bars[index].label;
}

static int column_of_place(const struct places *places, size_t index)
{
    return place_column(places->data, index);
}

/* A time tick stands under the first bar at or after it. */
static void place_time_ticks(struct standing *standing)
{
    struct plot *plot = standing->plot;
    struct tick_room room = {
        .length = plot->width, .character = 1, .gap = 2, .overhang = RIGHT_MARGIN};
    double lo = standing->bars[0].x;
    double hi = standing->bars[standing->count - 1].x;
    ticks_time(&plot->x, lo, lo < hi ? hi : lo + 1, plot->chart->clock, &room);
    size_t bar = 0;
    for (size_t i = 0; i < plot->x.count; i++) {
        struct tick *tick = &plot->x.items[i];
        while (bar + 1 < standing->count && standing->bars[bar].x < tick->value) {
            bar++;
        }
        tick->value = place_column(standing, bar);
    }
}

static int same_column(const struct plot *plot, double column)
{
    (void)plot;
    return (int)column;
}

static void label_columns(struct standing *standing)
{
    const struct plot *plot = standing->plot;
    if (plot->chart->x == CHART_X_TIME) {
        place_time_ticks(standing);
        plot_x_labels(plot, same_column);
        return;
    }
    struct places places = {.plot = plot,
                            .data = standing,
                            .count = standing->count,
                            .width = standing->group_width / (double)standing->folded,
                            .label = place_label,
                            .column = column_of_place};
    plot_place_labels(plot, &places);
}

void draw_columns(struct plot *plot)
{
    struct bar_view view;
    bars_view(plot->chart, CHART_BARS_MOST + 1, &view);
    struct standing standing = {.plot = plot,
                                .bars = view.bars.items,
                                .count = view.bars.count,
                                .series = plot->chart->series_count};
    plot_legend(plot);
    plot_measure(plot, RIGHT_MARGIN, measure_lengths);
    fit_columns(&standing);
    standing.shift = shift_of(plot);
    plot_frame(plot);
    for (size_t group = 0; group < standing.groups; group++) {
        draw_group(&standing, group);
    }
    label_columns(&standing);
    bar_view_release(&view);
}

/* ---- bins ---- */

static void measure_counts(struct plot *plot, const struct tick_room *room)
{
    struct array bins = ARRAY_OF(struct bin);
    struct span span = {0, 0};
    bins_make(&plot->chart->bins, (size_t)plot->bins_most, &bins);
    for (size_t i = 0; i < bins.count; i++) {
        const struct bin *bin = array_at(&bins, i);
        span.hi = fmax(span.hi, (double)bin->count);
    }
    axis_of_lengths(plot->chart, span, room, &plot->y);
    array_release(&bins);
}

static int edge_column(const struct plot *plot, double x)
{
    double at = scale_at(&plot->x.scale, x) * plot->width;
    int col = (int)floor(at + 0.5);
    return col < 0 ? 0 : col > plot->width ? plot->width : col;
}

static void label_edges(struct plot *plot, const struct array *bins)
{
    const struct bin *items = bins->items;
    double lo = items[0].from;
    double hi = items[bins->count - 1].to;
    struct tick_room room = {
        .length = plot->width, .character = 1, .gap = 2, .overhang = RIGHT_MARGIN};
    if (plot->chart->x == CHART_X_TIME) {
        ticks_time(&plot->x, lo, hi, plot->chart->clock, &room);
    } else {
        ticks_linear(&plot->x, lo, hi, true, &room);
    }
}

void draw_bins(struct plot *plot)
{
    struct array bins = ARRAY_OF(struct bin);
    int cols = plot->brush.out->cols;
    plot->bins_most = cols / 2 - 4 > BINS_DRAWN ? BINS_DRAWN : cols / 2 - 4;
    plot_measure(plot, RIGHT_MARGIN, measure_counts);
    bins_make(&plot->chart->bins, (size_t)plot->bins_most, &bins);
    /* All bins of a number are equally wide in cells. */
    int each = plot->width / (int)bins.count;
    if (plot->chart->x != CHART_X_TIME && each > 0) {
        plot->width = each * (int)bins.count;
    }
    label_edges(plot, &bins);
    plot_frame(plot);
    for (size_t i = 0; i < bins.count; i++) {
        const struct bin *bin = array_at(&bins, i);
        int from = edge_column(plot, bin->from);
        int to = edge_column(plot, bin->to);
        struct bar_shape shape = {0, cells_of(plot, 0, (double)bin->count), 0};
        draw_column(plot, &shape, from, to > from ? to - from : 1);
    }
    plot_x_labels(plot, edge_column);
    array_release(&bins);
}
