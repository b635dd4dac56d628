/* Lines and points of charts drawn as files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/vector.h"

#include <math.h>
#include <stdlib.h>

enum {
    MARKER_DISTANCE = 90,
    EACH_DISTANCE = 14,
    DOTS_WITH_SHAPES = 4000,
    LABEL_SHARE = 5,
    LABEL_SIZE = 11
};

static void measure_y(struct sheet *sheet, const struct tick_room *room)
{
    axis_of_y(sheet->chart, room, &sheet->y);
}

static double x_of_category(const struct sheet *sheet, size_t index)
{
    return sheet_x(sheet, (double)index);
}

static void label_categories(struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    size_t count = chart->categories.items.count;
    double place = (sheet->right - sheet->left) / (count > 1 ? (double)count - 1 : 1);
    double widest = 0;
    for (size_t i = 0; i < count; i++) {
        widest = fmax(widest, sheet_text_width(sheet, chart->labels[i]));
    }
    widest = fmin(widest, (sheet->right - sheet->left) / 4);
    size_t stride = label_stride(widest + 8 * sheet->unit, place);
    sheet_ink(sheet);
    for (size_t i = 0; i < count; i += stride) {
        struct place at = {x_of_category(sheet, i), sheet->bottom + 16 * sheet->unit, 0.5,
                           widest};
        at.align = i == 0 ? 0 : i + 1 == count ? 1 : 0.5;
        sheet_text(sheet, &at, chart->labels[i]);
    }
}

static void draw_paper(struct sheet *sheet, double right)
{
    sheet_measure(sheet, right, measure_y);
    struct tick_room room = {.length = sheet->right - sheet->left,
                             .character = sheet_digit_width(sheet),
                             .gap = 2 * sheet_digit_width(sheet),
                             .overhang = sheet->width - sheet->right};
    axis_of_x(sheet->chart, &room, &sheet->x);
    sheet_frame(sheet);
    if (sheet->chart->x == CHART_X_TEXT) {
        label_categories(sheet);
    } else {
        sheet_x_labels(sheet, sheet_x_of_tick);
    }
}

/* What is drawn together as "other" is not joined: its points are of many series. */
static void draw_points(struct sheet *sheet, const struct array *points)
{
    const struct point *items = points->items;
    cairo_set_line_cap(sheet->cr, CAIRO_LINE_CAP_ROUND);
    for (size_t i = 0; i < points->count; i++) {
        double x = sheet_x(sheet, items[i].x);
        double y = sheet_y(sheet, items[i].y);
        cairo_move_to(sheet->cr, x, y);
        cairo_line_to(sheet->cr, x, y);
    }
    cairo_stroke(sheet->cr);
}

static void draw_line(struct sheet *sheet, const struct array *points)
{
    const struct point *items = points->items;
    cairo_set_line_join(sheet->cr, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < points->count; i++) {
        (i == 0 ? cairo_move_to : cairo_line_to)(sheet->cr, sheet_x(sheet, items[i].x),
                                                 sheet_y(sheet, items[i].y));
    }
    cairo_stroke(sheet->cr);
}

static void mark_line(struct sheet *sheet, size_t index)
{
    const struct array *points = &sheet->chart->series[index].points;
    const struct point *items = points->items;
    double distance = MARKER_DISTANCE * sheet->unit;
    double reach =
        sheet_x(sheet, items[points->count - 1].x) - sheet_x(sheet, items[0].x);
    bool each = reach >= ((double)points->count - 1) * EACH_DISTANCE * sheet->unit;
    double next = sheet->left + (double)index * distance / SLOTS;
    for (size_t i = 0; i < points->count; i++) {
        double x = sheet_x(sheet, items[i].x);
        if (each || x >= next || i + 1 == points->count) {
            sheet_marker(sheet, index, x, sheet_y(sheet, items[i].y));
            next = x + distance;
        }
    }
}

struct end_label {
    double y;
    size_t series;
};

static int by_y(const void *a, const void *b)
{
    const struct end_label *one = a;
    const struct end_label *two = b;
    return (one->y > two->y) - (one->y < two->y);
}

static void spread(struct end_label *labels, size_t count, double distance, double foot)
{
    for (size_t i = 1; i < count; i++) {
        labels[i].y = fmax(labels[i].y, labels[i - 1].y + distance);
    }
    for (size_t i = count; i-- > 0;) {
        labels[i].y =
            fmin(labels[i].y, i + 1 < count ? labels[i + 1].y - distance : foot);
    }
}

static void label_ends(struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    struct end_label labels[SLOTS] = {0};
    for (size_t i = 0; i < chart->series_count; i++) {
        const struct array *points = &chart->series[i].points;
        const struct point *last = array_at(points, points->count - 1);
        labels[i] = (struct end_label){sheet_y(sheet, last->y), i};
    }
    qsort(labels, chart->series_count, sizeof labels[0], by_y);
    spread(labels, chart->series_count, 13 * sheet->unit, sheet->bottom);
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    for (size_t i = 0; i < chart->series_count; i++) {
        double x = sheet->right + 10 * sheet->unit;
        sheet_marker(sheet, labels[i].series, x, labels[i].y);
        sheet_ink(sheet);
        struct place at = {x + 8 * sheet->unit, labels[i].y + 4 * sheet->unit, 0,
                           sheet->width - x - 10 * sheet->unit};
        sheet_text(sheet, &at, chart_series_name(chart, labels[i].series));
    }
}

/* Room for the names at the ends of lines, 0 for a single line. */
static double end_label_width(struct sheet *sheet)
{
    size_t count = chart_series_count(sheet->chart);
    double widest = 0;
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    for (size_t i = 0; i < count && count > 1; i++) {
        widest =
            fmax(widest, sheet_text_width(sheet, chart_series_name(sheet->chart, i)));
    }
    widest = fmin(widest, sheet->width / LABEL_SHARE);
    return widest > 0 ? widest + 12 * sheet->unit : 0;
}

void sheet_lines(struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    draw_paper(sheet, end_label_width(sheet));
    for (size_t i = chart->series_count; i-- > 0;) {
        bool other = chart->other && i + 1 == chart->series_count;
        sheet_series_colour(sheet, i);
        cairo_set_line_width(sheet->cr, (other ? 1.2 : 1.8) * sheet->unit);
        (other ? draw_points : draw_line)(sheet, &chart->series[i].points);
    }
    for (size_t i = chart->series_count; i-- > 0;) {
        if (chart->series_count > 1 || chart->series[i].points.count == 1) {
            mark_line(sheet, i);
        }
    }
    if (chart->series_count > 1) {
        label_ends(sheet);
    }
}

/* Few points get the shape of their series; many are dots in one stroke, which keeps the
 * file small. */
void sheet_dots(struct sheet *sheet)
{
    const struct chart *chart = sheet->chart;
    const struct dot *items = chart->dots.items.items;
    bool shapes = chart->dots.items.count <= DOTS_WITH_SHAPES;
    sheet_legend(sheet);
    draw_paper(sheet, 0);
    for (size_t series = chart->series_count; series-- > 0;) {
        sheet_series_colour(sheet, series);
        cairo_set_line_cap(sheet->cr, CAIRO_LINE_CAP_ROUND);
        cairo_set_line_width(sheet->cr, 2 * sheet->unit);
        for (size_t i = 0; i < chart->dots.items.count; i++) {
            double x = sheet_x(sheet, items[i].x);
            double y = sheet_y(sheet, items[i].y);
            if (items[i].slot != series) {
                continue;
            }
            if (shapes) {
                sheet_marker(sheet, series, x, y);
            } else {
                cairo_move_to(sheet->cr, x, y);
                cairo_line_to(sheet->cr, x, y);
            }
        }
        cairo_stroke(sheet->cr);
    }
}
