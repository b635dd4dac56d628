/* Axes of the text raster: how much room the labels leave, the frame, the labels, the
 * legend. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HEIGHT_FOR_SECOND_LABELS = 6,
    ROWS_FOR_SECOND_LEGEND = 16,
    LEGEND_NAME_LEAST = 4,
};

static const char *glyph(const struct plot *plot, const char *unicode, const char *ascii)
{
    return plot->brush.ascii ? ascii : unicode;
}

/* ---- the legend above the plot ---- */

static int legend_width(const struct plot *plot, size_t index)
{
    return 2 + text_columns(chart_series_name(plot->chart, index));
}

/* The longest a name may be so that all stand in `room` columns. */
static int name_limit(const struct plot *plot, int room)
{
    size_t count = chart_series_count(plot->chart);
    for (int limit = room; limit > LEGEND_NAME_LEAST; limit--) {
        int used = 0;
        for (size_t i = 0; i < count; i++) {
            int width = legend_width(plot, i);
            used += (width < limit + 2 ? width : limit + 2) + (i > 0 ? 2 : 0);
        }
        if (used <= room) {
            return limit;
        }
    }
    return LEGEND_NAME_LEAST;
}

static int draw_entry(const struct plot *plot, int col, int row, size_t index, int limit)
{
    char marker[2] = {series_marker(plot->chart, index), '\0'};
    put_mark(&plot->brush, col, row, marker, index);
    style_cells(&plot->brush, col, row, 1, BOLD);
    return 2 + put_text(&plot->brush, col + 2, row, limit,
                        chart_series_name(plot->chart, index));
}

void plot_legend(struct plot *plot)
{
    size_t count = chart_series_count(plot->chart);
    int cols = plot->brush.out->cols;
    if (count < 2 || plot->bottom - plot->top < 5) {
        return;
    }
    bool two_rows = plot->brush.out->rows >= ROWS_FOR_SECOND_LEGEND;
    int limit = name_limit(plot, cols);
    if (two_rows && limit < 12) {
        limit = name_limit(plot, cols * 2 - 30);
    }
    int col = 0;
    int last_row = plot->top + two_rows;
    for (size_t i = 0; i < count; i++) {
        int width = legend_width(plot, i) < limit + 2 ? legend_width(plot, i) : limit + 2;
        if (col + width > cols && plot->top < last_row) {
            plot->top++;
            col = 0;
        }
        int room = cols - col - 2 < limit ? cols - col - 2 : limit;
        col += room > 0 ? draw_entry(plot, col, plot->top, i, room) + 2 : 0;
    }
    plot->top++;
}

/* ---- measuring ---- */

static int widest_label(const struct ticks *ticks)
{
    int widest = 0;
    for (size_t i = 0; i < ticks->count; i++) {
        int width = (int)strlen(ticks->items[i].label);
        widest = width > widest ? width : widest;
    }
    return widest;
}

void plot_measure(struct plot *plot, int right,
                  void (*y_axis)(struct plot *plot, const struct tick_room *room))
{
    int rows = plot->bottom - plot->top;
    bool second = plot->chart->x == CHART_X_TIME && rows - 3 >= HEIGHT_FOR_SECOND_LABELS;
    plot->label_rows = second ? 2 : 1;
    plot->height = rows - 1 - plot->label_rows;
    struct tick_room room = {.length = plot->height - 1,
                             .character = 1,
                             .gap = plot->height > 5 ? 1 : 0,
                             .upright = true,
                             .target = plot->height > 30 ? 5 : 0};
    y_axis(plot, &room);
    plot->left = widest_label(&plot->y) + 2;
    plot->width = plot->brush.out->cols - plot->left - right;
    if (plot->width < 4) {
        plot->width = 4;
    }
}

/* ---- drawing ---- */

int plot_row(const struct plot *plot, double at)
{
    int row = (int)floor((1 - at) * (plot->height - 1) + 0.5);
    row = row < 0 ? 0 : row >= plot->height ? plot->height - 1 : row;
    return plot->top + row;
}

void plot_frame(const struct plot *plot)
{
    const struct brush *brush = &plot->brush;
    int axis = plot->left - 1;
    int foot = plot->top + plot->height;
    for (int row = plot->top; row < foot; row++) {
        put_glyph(brush, axis, row, glyph(plot, "│", "|"));
    }
    put_glyph(brush, axis, foot, glyph(plot, "└", "+"));
    for (int col = 0; col < plot->width; col++) {
        put_glyph(brush, plot->left + col, foot, glyph(plot, "─", "-"));
    }
    for (size_t i = 0; i < plot->y.count; i++) {
        const struct tick *tick = &plot->y.items[i];
        int width = (int)strlen(tick->label);
        int row = plot_row(plot, tick->at);
        put_text(brush, axis - 1 - width, row, width, tick->label);
        put_glyph(brush, axis, row, glyph(plot, "┤", "+"));
    }
    for (int row = plot->top; row <= foot; row++) {
        style_cells(brush, axis, row, 1, DIM);
    }
    style_cells(brush, axis, foot, plot->width + 1, DIM);
}

void plot_x_tick(const struct plot *plot, int col)
{
    int foot = plot->top + plot->height;
    if (col >= 0 && col < plot->width) {
        put_glyph(&plot->brush, plot->left + col, foot, glyph(plot, "┬", "+"));
        style_cells(&plot->brush, plot->left + col, foot, 1, DIM);
    }
}

/* Centred under the cell, moved inside the raster, and not where another label ends.
 * Returns where this one ends, or `taken` when it has no room. */
static int put_label(const struct plot *plot, int col, int row, const char *label,
                     int taken)
{
    int width = text_columns(label);
    int cols = plot->brush.out->cols;
    int start = plot->left + col - width / 2;
    start = start + width > cols ? cols - width : start;
    start = start < 0 ? 0 : start;
    if (start < taken || width > cols) {
        return taken;
    }
    return start + put_text(&plot->brush, start, row, width, label) + 1;
}

void plot_x_labels(const struct plot *plot, int (*column)(const struct plot *, double x))
{
    int row = plot->top + plot->height + 1;
    int taken = 0;
    int taken_below = 0;
    for (size_t i = 0; i < plot->x.count; i++) {
        const struct tick *tick = &plot->x.items[i];
        int col = column(plot, tick->value);
        int end = put_label(plot, col, row, tick->label, taken);
        if (end == taken) {
            continue;
        }
        taken = end;
        plot_x_tick(plot, col);
        if (plot->label_rows > 1 && tick->below[0] != '\0') {
            /* Begins where the label above begins. */
            int shift = (text_columns(tick->below) / 2) - (int)strlen(tick->label) / 2;
            taken_below = put_label(plot, col + shift, row + 1, tick->below, taken_below);
        }
    }
}

void plot_place_labels(const struct plot *plot, const struct places *places)
{
    int widest = 0;
    for (size_t i = 0; i < places->count; i++) {
        const char *label = places->label(places, i);
        int width = label != NULL ? text_columns(label) : 0;
        widest = width > widest ? width : widest;
    }
    /* Long names are cut rather than thinned out to nothing. */
    int most = plot->width / 4 > 8 ? plot->width / 4 : 8;
    widest = widest > most ? most : widest;
    size_t stride = label_stride(widest + 1, places->width);
    int row = plot->top + plot->height + 1;
    for (size_t i = 0; i < places->count; i += stride) {
        const char *label = places->label(places, i);
        if (label == NULL) {
            continue;
        }
        int width = text_columns(label);
        width = width > widest ? widest : width;
        int col = places->column(places, i);
        int start = plot->left + col - (width - 1) / 2;
        int over = start + width - plot->brush.out->cols;
        put_text(&plot->brush, over > 0 ? start - over : start, row, width, label);
        plot_x_tick(plot, col);
    }
}
