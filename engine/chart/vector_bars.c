/* Bars and histograms of charts drawn as files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/vector.h"

#include <math.h>
#include <stdlib.h>

enum { BAR_LEAST = 6, BAR_MOST = 46, LABEL_SIZE = 11, NAME_SHARE = 3 };

static void box(struct sheet *sheet, const double from[2], const double to[2])
{
    cairo_rectangle(sheet->cr, fmin(from[0], to[0]), fmin(from[1], to[1]),
                    fabs(to[0] - from[0]), fabs(to[1] - from[1]));
    cairo_fill(sheet->cr);
}

/* Series are told apart without colour by their marker at the foot of the bar. */
static void foot_marker(struct sheet *sheet, size_t series, double x, double y)
{
    double r = 4.6 * sheet->unit;
    if (sheet->chart->series_count > 1) {
        cairo_set_source_rgb(sheet->cr, 1, 1, 1);
        cairo_arc(sheet->cr, x, y, r, 0, 2 * M_PI);
        cairo_fill(sheet->cr);
        sheet_marker(sheet, series, x, y);
    }
}

/* ---- lying: text categories ---- */

struct lying {
    struct bar_view view;
    size_t series;
    double group, thick; /* distance of categories, thickness of a bar */
    double name_width, figure_width;
};

/* A series' part of a category, whose upper edge is at y. */
struct bar_part {
    size_t series;
    double value, y;
};

static void choose_bars(struct sheet *sheet, struct lying *lying)
{
    double room = sheet->bottom - sheet->top;
    double least = BAR_LEAST * sheet->unit * ((double)lying->series + 0.5);
    size_t most = (size_t)fmax(room / least, 1);
    size_t usual = CHART_BARS_MOST + 1;
    bars_view(sheet->chart, most < usual ? most : usual, &lying->view);
    if (most < usual && lying->view.folded > 0) {
        bars_note(sheet->chart, &lying->view, &sheet->notes);
    }
    lying->group = room / (double)lying->view.bars.count;
    lying->group =
        fmin(lying->group, BAR_MOST * sheet->unit * ((double)lying->series + 0.5));
    lying->thick = lying->group / ((double)lying->series + 0.4);
    sheet->bottom = sheet->top + lying->group * (double)lying->view.bars.count;
}

static void measure_names(struct sheet *sheet, struct lying *lying)
{
    char figure[48];
    for (size_t i = 0; i < lying->view.bars.count; i++) {
        const struct bar *bar = array_at(&lying->view.bars, i);
        lying->name_width = fmax(lying->name_width, sheet_text_width(sheet, bar->label));
        for (size_t s = 0; s < lying->series; s++) {
            number_spoken(bar->values[s], figure, sizeof figure);
            lying->figure_width =
                fmax(lying->figure_width, sheet_text_width(sheet, figure));
        }
    }
    lying->name_width = fmin(lying->name_width, sheet->width / NAME_SHARE);
    sheet->left += lying->name_width + 8 * sheet->unit;
    sheet->right -= lying->figure_width + 8 * sheet->unit;
}

/* A bar that goes on beyond the scale ends in arrows. */
static void cut_bar(struct sheet *sheet, double end, double middle)
{
    double way = end > sheet->left ? 1 : -1;
    double r = 3 * sheet->unit;
    cairo_set_source_rgb(sheet->cr, 1, 1, 1);
    cairo_set_line_width(sheet->cr, 1.4 * sheet->unit);
    for (int i = 1; i <= 2; i++) {
        double tip = end - way * i * 1.5 * r;
        cairo_move_to(sheet->cr, tip - way * r, middle - r);
        cairo_line_to(sheet->cr, tip, middle);
        cairo_line_to(sheet->cr, tip - way * r, middle + r);
    }
    cairo_stroke(sheet->cr);
}

static void draw_figure(struct sheet *sheet, const struct lying *lying,
                        const struct bar_part *part, double end)
{
    char figure[48];
    double size = fmin(lying->thick / sheet->unit, LABEL_SIZE);
    double gap = 4 * sheet->unit;
    sheet_font(sheet, size, NORMAL);
    sheet_ink(sheet);
    number_spoken(part->value, figure, sizeof figure);
    bool left =
        part->value < 0 && end - sheet_text_width(sheet, figure) - gap > sheet->left;
    struct place at = {left ? end - gap : fmax(end, sheet_x(sheet, 0)) + gap,
                       part->y + (lying->thick / 2) + size / 3 * sheet->unit,
                       left ? 1 : 0, 0};
    sheet_text(sheet, &at, figure);
}

static void draw_part(struct sheet *sheet, const struct lying *lying,
                      const struct bar_part *part)
{
    double middle = part->y + lying->thick / 2;
    double zero = sheet_x(sheet, 0);
    double wanted = sheet_x(sheet, part->value);
    double end = fmax(fmin(wanted, sheet->right), sheet->left);
    sheet_series_colour(sheet, part->series);
    box(sheet, (double[]){zero, part->y + lying->thick * 0.06},
        (double[]){end, part->y + lying->thick * 0.94});
    foot_marker(sheet, part->series, zero + (end < zero ? -7 : 7) * sheet->unit, middle);
    if (fabs(wanted - end) > 1) {
        cut_bar(sheet, end, middle);
    }
    draw_figure(sheet, lying, part, end);
}

static void draw_lying(struct sheet *sheet, const struct lying *lying, size_t index)
{
    const struct bar *bar = array_at(&lying->view.bars, index);
    double size = fmin(lying->group * 0.8 / sheet->unit, LABEL_SIZE);
    double middle = sheet->top + lying->group * ((double)index + 0.5);
    double top = middle - lying->thick * (double)lying->series / 2;
    struct place at = {sheet->left - 6 * sheet->unit, middle + size / 3 * sheet->unit, 1,
                       lying->name_width};
    sheet_font(sheet, size, NORMAL);
    sheet_ink(sheet);
    sheet_text(sheet, &at, bar->label);
    for (size_t s = 0; s < lying->series; s++) {
        if (bar->rows[s] > 0) {
            struct bar_part part = {s, bar->values[s], top + lying->thick * (double)s};
            draw_part(sheet, lying, &part);
        }
    }
}

static void draw_upright_grid(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->x.count; i++) {
        double x = floor(sheet_x_of_tick(sheet, &sheet->x.items[i])) + 0.5;
        sheet_grid(sheet);
        cairo_set_line_width(sheet->cr, 1);
        cairo_move_to(sheet->cr, x, sheet->top);
        cairo_line_to(sheet->cr, x, sheet->bottom);
        cairo_stroke(sheet->cr);
    }
}

void sheet_lying_bars(struct sheet *sheet)
{
    struct lying lying = {.series = chart_series_count(sheet->chart)};
    sheet_legend(sheet);
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    sheet->bottom -= 20 * sheet->unit;
    choose_bars(sheet, &lying);
    measure_names(sheet, &lying);
    struct tick_room room = {.length = sheet->right - sheet->left,
                             .character = sheet_digit_width(sheet),
                             .gap = 2 * sheet_digit_width(sheet),
                             .overhang = sheet->width - sheet->right};
    axis_of_lengths(sheet->chart, span_of_bars(&lying.view, lying.series), &room,
                    &sheet->x);
    draw_upright_grid(sheet);
    sheet_x_labels(sheet, sheet_x_of_tick);
    for (size_t i = 0; i < lying.view.bars.count; i++) {
        draw_lying(sheet, &lying, i);
    }
    bar_view_release(&lying.view);
}

/* ---- standing: numbers and times ---- */

static void measure_lengths(struct sheet *sheet, const struct tick_room *room)
{
    struct bar_view view;
    bars_view(sheet->chart, CHART_BARS_MOST + 1, &view);
    axis_of_lengths(sheet->chart, span_of_bars(&view, sheet->chart->series_count), room,
                    &sheet->y);
    bar_view_release(&view);
}

static double place_of(const struct sheet *sheet, size_t index, size_t count)
{
    return sheet->left +
           (sheet->right - sheet->left) * ((double)index + 0.5) / (double)count;
}

static void draw_standing(struct sheet *sheet, const struct bar *bar, double middle,
                          double group)
{
    size_t series = chart_series_count(sheet->chart);
    double thick = group * (group > 4 ? 0.8 : 1) / (double)series;
    double zero = sheet_y(sheet, 0);
    for (size_t s = 0; s < series; s++) {
        double x = middle + ((double)s - (double)series / 2) * thick;
        double end = sheet_y(sheet, bar->values[s]);
        if (bar->rows[s] == 0) {
            continue;
        }
        sheet_series_colour(sheet, s);
        box(sheet, (double[]){x, zero}, (double[]){x + thick, end});
        if (thick > 10 * sheet->unit) {
            foot_marker(sheet, s, x + thick / 2,
                        zero + (end > zero ? 7 : -7) * sheet->unit);
        }
    }
}

static void label_times(struct sheet *sheet, const struct bar_view *view)
{
    const struct bar *bars = view->bars.items;
    size_t count = view->bars.count;
    struct tick_room room = {.length = sheet->right - sheet->left,
                             .character = sheet_digit_width(sheet),
                             .gap = 2 * sheet_digit_width(sheet),
                             .overhang = sheet->width - sheet->right};
    double hi = bars[count - 1].x;
    ticks_time(&sheet->x, bars[0].x, hi > bars[0].x ? hi : bars[0].x + 1,
               sheet->chart->clock, &room);
    size_t bar = 0;
    for (size_t i = 0; i < sheet->x.count; i++) {
        while (bar + 1 < count && bars[bar].x < sheet->x.items[i].value) {
            bar++;
        }
        sheet->x.items[i].at = ((double)bar + 0.5) / (double)count;
    }
    sheet_x_labels(sheet, sheet_x_of_tick);
}

static void label_numbers(struct sheet *sheet, const struct bar_view *view)
{
    const struct bar *bars = view->bars.items;
    size_t count = view->bars.count;
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        widest = bars[i].label != NULL
                     ? fmax(widest, sheet_text_width(sheet, bars[i].label))
                     : widest;
    }
    double place = (sheet->right - sheet->left) / (double)count;
    size_t stride = label_stride(widest + 8 * sheet->unit, place);
    sheet_ink(sheet);
    for (size_t i = 0; i < count; i += stride) {
        struct place at = {place_of(sheet, i, count), sheet->bottom + 16 * sheet->unit,
                           0.5, 0};
        sheet_text(sheet, &at, bars[i].label != NULL ? bars[i].label : "");
    }
}

void sheet_standing_bars(struct sheet *sheet)
{
    struct bar_view view;
    sheet_legend(sheet);
    sheet_measure(sheet, 0, measure_lengths);
    bars_view(sheet->chart, CHART_BARS_MOST + 1, &view);
    size_t count = view.bars.count;
    double group = (sheet->right - sheet->left) / (double)count;
    group = fmin(group, BAR_MOST * 2 * sheet->unit);
    sheet->right = sheet->left + group * (double)count;
    sheet_frame(sheet);
    (sheet->chart->x == CHART_X_TIME ? label_times : label_numbers)(sheet, &view);
    for (size_t i = 0; i < count; i++) {
        draw_standing(sheet, array_at(&view.bars, i), place_of(sheet, i, count), group);
    }
    bar_view_release(&view);
}

/* ---- bins ---- */

static void measure_counts(struct sheet *sheet, const struct tick_room *room)
{
    struct array bins = ARRAY_OF(struct bin);
    struct span span = {0, 0};
    bins_make(&sheet->chart->bins, BINS_DRAWN, &bins);
    for (size_t i = 0; i < bins.count; i++) {
        const struct bin *bin = array_at(&bins, i);
        span.hi = fmax(span.hi, (double)bin->count);
    }
    axis_of_lengths(sheet->chart, span, room, &sheet->y);
    array_release(&bins);
}

static void label_edges(struct sheet *sheet, double lo, double hi)
{
    struct tick_room room = {.length = sheet->right - sheet->left,
                             .character = sheet_digit_width(sheet),
                             .gap = 2 * sheet_digit_width(sheet),
                             .overhang = sheet->width - sheet->right};
    if (sheet->chart->x == CHART_X_TIME) {
        ticks_time(&sheet->x, lo, hi, sheet->chart->clock, &room);
    } else {
        ticks_linear(&sheet->x, lo, hi, true, &room);
    }
    sheet_x_labels(sheet, sheet_x_of_tick);
}

void sheet_bins(struct sheet *sheet)
{
    struct array bins = ARRAY_OF(struct bin);
    sheet_measure(sheet, 0, measure_counts);
    bins_make(&sheet->chart->bins, BINS_DRAWN, &bins);
    const struct bin *items = bins.items;
    sheet_frame(sheet);
    label_edges(sheet, items[0].from, items[bins.count - 1].to);
    double zero = sheet_y(sheet, 0);
    double gap = 0.5 * sheet->unit;
    for (size_t i = 0; i < bins.count; i++) {
        double from = sheet_x(sheet, items[i].from);
        double to = sheet_x(sheet, items[i].to);
        sheet_series_colour(sheet, 0);
        if (items[i].count > 0) {
            box(sheet, (double[]){from + gap, zero},
                (double[]){fmax(to - gap, from + gap),
                           sheet_y(sheet, (double)items[i].count)});
        }
    }
    array_release(&bins);
}
