/* Bars of text categories in the text raster: they lie, so that names have room, a row
 * each. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum {
    LABEL_SHARE = 3, /* names take at most this part of the columns */
    ROWS_FOR_AXIS = 7,
    BARS_LEAST = 3, /* fewer categories than these and the axis gives way */
    PLOT_WIDTH_LEAST = 6,
};

struct lying {
    struct plot *plot;
    struct bar_view view;
    size_t series;
    int name_width, figure_width;
    int rows_each; /* rows a category takes, the blank one after it included */
    double shift;  /* zero is moved to the border of a cell */
};

static int widest_name(const struct bar_view *view)
{
    int widest = 1;
    for (size_t i = 0; i < view->bars.count; i++) {
        const struct bar *bar = array_at(&view->bars, i);
        int width = text_columns(bar->label);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static int widest_figure(const struct lying *lying)
{
    int widest = 1;
    char figure[48];
    for (size_t i = 0; i < lying->view.bars.count; i++) {
        const struct bar *bar = array_at(&lying->view.bars, i);
        for (size_t s = 0; s < lying->series; s++) {
            number_spoken(bar->values[s], figure, sizeof figure);
            int width = (int)strlen(figure);
            widest = bar->rows[s] > 0 && width > widest ? width : widest;
        }
    }
    return widest;
}

/* Which bars there is room for, and how much room each has. */
static void choose_bars(struct lying *lying, int rows)
{
    const struct chart *chart = lying->plot->chart;
    int each = (int)lying->series;
    size_t most = (size_t)(rows / each > 0 ? rows / each : 1);
    size_t usual = CHART_BARS_MOST + 1;
    bars_view(chart, most < usual ? most : usual, &lying->view);
    if (most < usual && lying->view.folded > 0) {
        struct text note = {0};
        bars_note(chart, &lying->view, &note);
        raster_note(lying->plot->brush.out, "%s", text_string(&note));
        text_release(&note);
    }
    int spaced = (each + 1) * (int)lying->view.bars.count - 1;
    lying->rows_each = each + (spaced <= rows ? 1 : 0);
}

static double cells_of(const struct lying *lying, double value)
{
    const struct plot *plot = lying->plot;
    return scale_at(&plot->x.scale, value) * plot->width + lying->shift;
}

/* As far as the plot reaches: moving zero may push an end a little beyond it. */
static int eighths_between(double from, double to, int most)
{
    int eighths = (int)floor((to - from) * 8 + 0.5);
    /* What is not nothing is seen. */
    eighths = eighths == 0 && to > from ? 1 : eighths;
    return eighths > most * 8 ? most * 8 : eighths;
}

static void fill(const struct lying *lying, int col, int row, int eighths, size_t series)
{
    static const char *const parts[] = {"", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"};
    const struct plot *plot = lying->plot;
    char solid[2] = {lying->series > 1 ? series_marker(plot->chart, series) : '#', '\0'};
    if (plot->brush.ascii && eighths >= 4) {
        put_mark(&plot->brush, plot->left + col, row, solid, series);
    } else if (plot->brush.ascii && eighths > 0) {
        put_mark(&plot->brush, plot->left + col, row, ":", series);
    } else if (eighths > 0) {
        put_mark(&plot->brush, plot->left + col, row, parts[eighths < 8 ? eighths : 8],
                 series);
    }
}

/* To the left of zero a block can only be halved: there are no other right parts. */
static void fill_left(const struct lying *lying, int col, int row, int eighths,
                      size_t series)
{
    const struct plot *plot = lying->plot;
    if (plot->brush.ascii || eighths >= 7) {
        fill(lying, col, row, eighths, series);
    } else {
        put_mark(&plot->brush, plot->left + col, row, eighths >= 3 ? "▐" : "▕", series);
    }
}

/* A bar that goes on beyond the scale ends in an arrow. */
static void mark_cut(const struct lying *lying, int col, int row, size_t series)
{
    const struct plot *plot = lying->plot;
    put_mark(&plot->brush, plot->left + col, row, col > 0 ? ">" : "<", series);
    style_cells(&plot->brush, plot->left + col, row, 1, BOLD);
}

/* Returns the column behind the bar (or before it, when it goes to the left). */
static int draw_bar(const struct lying *lying, int row, double value, size_t series)
{
    int zero = (int)floor(cells_of(lying, 0) + 0.5);
    double end = cells_of(lying, value);
    if (value >= 0) {
        int eighths = eighths_between(zero, end, lying->plot->width - zero);
        int col = zero;
        for (; eighths > 0; eighths -= 8, col++) {
            fill(lying, col, row, eighths < 8 ? eighths : 8, series);
        }
        if (end > lying->plot->width + 1) {
            mark_cut(lying, lying->plot->width - 1, row, series);
        }
        return col;
    }
    int eighths = eighths_between(end, zero, zero);
    int col = zero - 1;
    for (; eighths > 0; eighths -= 8, col--) {
        fill_left(lying, col, row, eighths < 8 ? eighths : 8, series);
    }
    if (end < -1) {
        mark_cut(lying, 0, row, series);
    }
    return col;
}

static void draw_figure(const struct lying *lying, int col, int row, double value)
{
    const struct plot *plot = lying->plot;
    char figure[48];
    number_spoken(value, figure, sizeof figure);
    int width = (int)strlen(figure);
    int start = plot->left + (value >= 0 ? col + 1 : col - width);
    int zero = (int)floor(cells_of(lying, 0) + 0.5);
    if (start <= plot->left || (zero > 0 && col == zero)) {
        /* Behind zero: there is no room before a bar to the left, or no bar at all. */
        start = plot->left + zero + 2;
    }
    put_text(&plot->brush, start, row, plot->brush.out->cols - start, figure);
}

static void draw_category(const struct lying *lying, const struct bar *bar, int row)
{
    const struct plot *plot = lying->plot;
    int width = text_columns(bar->label);
    width = width > lying->name_width ? lying->name_width : width;
    put_text(&plot->brush, lying->name_width - width, row, width, bar->label);
    for (size_t s = 0; s < lying->series; s++) {
        int at = row + (int)s;
        if (lying->series > 1) {
            char marker[2] = {series_marker(plot->chart, s), '\0'};
            put_mark(&plot->brush, plot->left - 3, at, marker, s);
        }
        if (bar->rows[s] > 0) {
            draw_figure(lying, draw_bar(lying, at, bar->values[s], s), at,
                        bar->values[s]);
        }
    }
}

static int tick_column(const struct plot *plot, double value)
{
    double zero = scale_at(&plot->x.scale, 0) * plot->width;
    double shift = floor(zero + 0.5) - zero;
    int col = (int)floor(scale_at(&plot->x.scale, value) * plot->width + shift);
    return col >= plot->width ? plot->width - 1 : col;
}

static void draw_axis(const struct lying *lying)
{
    struct plot *plot = lying->plot;
    int foot = plot->top + plot->height;
    int zero = (int)floor(cells_of(lying, 0) + 0.5);
    for (int row = plot->top; row < foot; row++) {
        put_glyph(&plot->brush, plot->left - 1, row, plot->brush.ascii ? "|" : "│");
        if (zero > 0) {
            put_glyph(&plot->brush, plot->left + zero, row,
                      plot->brush.ascii ? ":" : "╎");
            style_cells(&plot->brush, plot->left + zero, row, 1, DIM);
        }
        style_cells(&plot->brush, plot->left - 1, row, 1, DIM);
    }
    if (plot->label_rows == 0) {
        return;
    }
    put_glyph(&plot->brush, plot->left - 1, foot, plot->brush.ascii ? "+" : "└");
    for (int col = 0; col < plot->width; col++) {
        put_glyph(&plot->brush, plot->left + col, foot, plot->brush.ascii ? "-" : "─");
    }
    style_cells(&plot->brush, plot->left - 1, foot, plot->width + 1, DIM);
    plot_x_labels(plot, tick_column);
}

static void measure(struct lying *lying)
{
    struct plot *plot = lying->plot;
    int cols = plot->brush.out->cols;
    int rows = plot->bottom - plot->top;
    plot->label_rows =
        rows >= ROWS_FOR_AXIS && rows - 2 >= BARS_LEAST * (int)lying->series;
    plot->height = rows - 2 * plot->label_rows;
    choose_bars(lying, plot->height);
    int blank = lying->rows_each - (int)lying->series;
    int used = lying->rows_each * (int)lying->view.bars.count - blank;
    /* The axis moves up to the last bar. */
    plot->height = used < plot->height ? used : plot->height;
    lying->name_width = widest_name(&lying->view);
    if (lying->name_width > cols / LABEL_SHARE) {
        lying->name_width = cols / LABEL_SHARE;
    }
    lying->figure_width = widest_figure(lying);
    plot->left = lying->name_width + (lying->series > 1 ? 4 : 2);
    plot->width = cols - plot->left - lying->figure_width - 1;
    plot->width = plot->width < PLOT_WIDTH_LEAST ? PLOT_WIDTH_LEAST : plot->width;
    struct tick_room room = {
        .length = plot->width, .character = 1, .gap = 2, .overhang = lying->figure_width};
    struct span span = span_of_bars(&lying->view, lying->series);
    axis_of_lengths(plot->chart, span, &room, &plot->x);
    double zero = scale_at(&plot->x.scale, 0) * plot->width;
    lying->shift = floor(zero + 0.5) - zero;
}

void draw_bars(struct plot *plot)
{
    struct lying lying = {.plot = plot, .series = plot->chart->series_count};
    plot_legend(plot);
    measure(&lying);
    draw_axis(&lying);
    for (size_t i = 0; i < lying.view.bars.count; i++) {
        int row = plot->top + (int)i * lying.rows_each;
        draw_category(&lying, array_at(&lying.view.bars, i), row);
    }
    bar_view_release(&lying.view);
}
