/* Lines and points in the text raster: they are drawn as dots, several to a cell, and
 * then the dots of each cell become one character of its most frequent series.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Dots a cell has in each direction, by enum chart_glyphs. */
static const struct {
    int across, down;
} DOTS[] = {{2, 4}, {2, 2}, {1, 2}};

struct ink {
    struct plot *plot;
    int across, down;
    int width, height; /* in dots */
    uint8_t *dots;     /* series + 1, 0: no ink */
};

/* ---- where a value falls ---- */

/* Rounded down, and inside. */
static int clamp(double value, int count)
{
    return !(value > 0) ? 0 : value >= count ? count - 1 : (int)value;
}

/* Thinned lines: a column of dots is a whole number of M4 columns, or its first and last
 * point would be another column's. */
static double m4_share(const struct plot *plot)
{
    const struct m4 *m4 = &plot->chart->m4;
    int dots = plot->width * DOTS[plot->glyphs].across;
    bool aligned = plot->chart->thinned && plot->chart->spec.kind == CHART_LINE &&
                   !plot->chart->spec.x_log && !m4->bent;
    return aligned ? ceil((m4->last - m4->first + 1) / dots) : 0;
}

static int dot_column(const struct plot *plot, double x, int dots)
{
    if (plot->m4_share > 0) {
        double number = m4_column_number(&plot->chart->m4, x) - plot->chart->m4.first;
        return clamp(number / plot->m4_share, dots);
    }
    return clamp(scale_at(&plot->x.scale, x) * (dots - 1) + 0.5, dots);
}

static int column_of_x(const struct ink *ink, double x)
{
    return dot_column(ink->plot, x, ink->width);
}

static int row_of_y(const struct ink *ink, double y)
{
    return clamp((1 - scale_at(&ink->plot->y.scale, y)) * (ink->height - 1) + 0.5,
                 ink->height);
}

static int cell_column(const struct plot *plot, double x)
{
    int across = DOTS[plot->glyphs].across;
    return dot_column(plot, x, plot->width * across) / across;
}

/* ---- ink ---- */

static void ink_start(struct ink *ink, struct plot *plot)
{
    *ink = (struct ink){.plot = plot,
                        .across = DOTS[plot->glyphs].across,
                        .down = DOTS[plot->glyphs].down};
    ink->width = plot->width * ink->across;
    ink->height = plot->height * ink->down;
    ink->dots = memory_new((size_t)ink->width * (size_t)ink->height);
}

static void dot(struct ink *ink, int col, int row, size_t series)
{
    ink->dots[(size_t)row * (size_t)ink->width + (size_t)col] = (uint8_t)(series + 1);
}

/* Bresenham's line. */
static void line(struct ink *ink, const int from[2], const int to[2], size_t series)
{
    int col = from[0];
    int row = from[1];
    int across = abs(to[0] - col);
    int down = -abs(to[1] - row);
    int col_step = col < to[0] ? 1 : -1;
    int row_step = row < to[1] ? 1 : -1;
    int error = across + down;
    for (;;) {
        dot(ink, col, row, series);
        if (col == to[0] && row == to[1]) {
            return;
        }
        int twice = 2 * error;
        if (twice >= down) {
            error += down;
            col += col_step;
        }
        if (twice <= across) {
            error += across;
            row += row_step;
        }
    }
}

/* Lines are joined; what is drawn together as "other" only within one column, as a range.
 */
static void ink_series(struct ink *ink, size_t index)
{
    const struct series *series = &ink->plot->chart->series[index];
    const struct point *points = series->points.items;
    bool other = ink->plot->chart->other && index + 1 == ink->plot->chart->series_count;
    int last[2] = {0, 0};
    for (size_t i = 0; i < series->points.count; i++) {
        int now[2] = {column_of_x(ink, points[i].x), row_of_y(ink, points[i].y)};
        bool joined = i > 0 && (!other || now[0] == last[0]);
        line(ink, joined ? last : now, now, index);
        memcpy(last, now, sizeof last);
    }
}

/* The dots of one cell as bits, row by row, and the series that has most of them. */
static unsigned cell_bits(const struct ink *ink, int col, int row, size_t *series)
{
    unsigned bits = 0;
    unsigned counts[SLOTS] = {0};
    *series = 0;
    for (int i = 0; i < ink->down * ink->across; i++) {
        int dot_col = col * ink->across + i % ink->across;
        int dot_row = row * ink->down + i / ink->across;
        uint8_t owner = ink->dots[(size_t)dot_row * (size_t)ink->width + (size_t)dot_col];
        if (owner > 0) {
            bits |= 1u << i;
            counts[owner - 1]++;
            *series = counts[owner - 1] > counts[*series] ? owner - 1u : *series;
        }
    }
    return bits;
}

static void braille(unsigned bits, char glyph[8])
{
    /* Unicode numbers the dots down the left column, then the right, the lowest row last.
     */
    static const unsigned numbers[] = {0, 3, 1, 4, 2, 5, 6, 7};
    unsigned code = 0x2800;
    for (unsigned i = 0; i < 8; i++) {
        code |= bits & 1u << i ? 1u << numbers[i] : 0;
    }
    snprintf(glyph, 8, "%c%c%c", 0xE0 | code >> 12, 0x80 | (code >> 6 & 0x3F),
             0x80 | (code & 0x3F));
}

static void glyph_of(const struct ink *ink, unsigned bits, char glyph[8])
{
    /* Bits: upper left 1, upper right 2, lower left 4, lower right 8. */
    static const char *const quadrants[] = {" ", "▘", "▝", "▀", "▖", "▌", "▞", "▛",
                                            "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█"};
    static const char *const halves[] = {" ", "'", ".", ":"};
    switch (ink->plot->glyphs) {
    case CHART_BRAILLE:
        braille(bits, glyph);
        return;
    case CHART_BLOCKS:
        snprintf(glyph, 8, "%s", quadrants[bits & 15]);
        return;
    case CHART_ASCII:
        snprintf(glyph, 8, "%s", halves[bits & 3]);
        return;
    }
}

static void ink_finish(struct ink *ink)
{
    const struct plot *plot = ink->plot;
    for (int row = 0; row < plot->height; row++) {
        for (int col = 0; col < plot->width; col++) {
            size_t series;
            char glyph[8];
            unsigned bits = cell_bits(ink, col, row, &series);
            if (bits != 0) {
                glyph_of(ink, bits, glyph);
                put_mark(&plot->brush, plot->left + col, plot->top + row, glyph, series);
            }
        }
    }
    free(ink->dots);
}

/* ---- markers: series are told apart by shape, not only by colour ---- */

enum { MARKER_EVERY = 14, MARKER_SHIFT = 4, PLACES_PER_MARKER = 3 };

static void put_marker(const struct ink *ink, int col, int row, size_t series)
{
    char marker[2] = {series_marker(ink->plot->chart, series), '\0'};
    const struct plot *plot = ink->plot;
    put_mark(&plot->brush, plot->left + col, plot->top + row, marker, series);
    style_cells(&plot->brush, plot->left + col, plot->top + row, 1, BOLD);
}

/* At each point while they are few, else one in every so many columns, and at the end. */
static void mark_series(const struct ink *ink, size_t index)
{
    const struct series *series = &ink->plot->chart->series[index];
    const struct point *points = series->points.items;
    int reach = column_of_x(ink, points[series->points.count - 1].x) -
                column_of_x(ink, points[0].x);
    bool each =
        (size_t)(reach / ink->across) >= (series->points.count - 1) * PLACES_PER_MARKER;
    int next = (int)index * MARKER_SHIFT % MARKER_EVERY;
    for (size_t i = 0; i < series->points.count; i++) {
        int col = column_of_x(ink, points[i].x) / ink->across;
        if (each || col >= next || i + 1 == series->points.count) {
            put_marker(ink, col, row_of_y(ink, points[i].y) / ink->down, index);
            next = col + MARKER_EVERY;
        }
    }
}

/* ---- names at the ends of lines ---- */

struct end_label {
    int row;
    size_t series;
};

static int by_row(const void *a, const void *b)
{
    const struct end_label *one = a;
    const struct end_label *two = b;
    return one->row != two->row
               ? one->row - two->row
               : (one->series > two->series) - (one->series < two->series);
}

/* Push labels apart: downwards, then back up from the foot. */
static void spread(struct end_label *labels, size_t count, int rows)
{
    for (size_t i = 1; i < count; i++) {
        if (labels[i].row <= labels[i - 1].row) {
            labels[i].row = labels[i - 1].row + 1;
        }
    }
    for (size_t i = count; i-- > 0;) {
        int most = i + 1 < count ? labels[i + 1].row - 1 : rows - 1;
        labels[i].row = labels[i].row > most ? most : labels[i].row;
    }
}

static void label_ends(const struct ink *ink)
{
    const struct plot *plot = ink->plot;
    struct end_label labels[SLOTS] = {0};
    size_t count = plot->chart->series_count;
    for (size_t i = 0; i < count; i++) {
        const struct array *points = &plot->chart->series[i].points;
        const struct point *last = array_at(points, points->count - 1);
        labels[i] = (struct end_label){row_of_y(ink, last->y) / ink->down, i};
    }
    qsort(labels, count, sizeof labels[0], by_row);
    spread(labels, count, plot->height);
    int col = plot->left + plot->width + 1;
    for (size_t i = 0; i < count; i++) {
        char marker[2] = {series_marker(plot->chart, labels[i].series), '\0'};
        int row = plot->top + labels[i].row;
        put_mark(&plot->brush, col, row, marker, labels[i].series);
        style_cells(&plot->brush, col, row, 1, BOLD);
        put_text(&plot->brush, col + 2, row, plot->brush.out->cols - col - 2,
                 chart_series_name(plot->chart, labels[i].series));
    }
}

/* ---- charts ---- */

static void measure_y(struct plot *plot, const struct tick_room *room)
{
    axis_of_y(plot->chart, room, &plot->y);
}

enum { COLS_FOR_END_LABELS = 60, RIGHT_MARGIN = 2 };

/* Columns for names at the right end of lines; RIGHT_MARGIN when a legend is better. */
static int end_label_columns(struct plot *plot)
{
    int cols = plot->brush.out->cols;
    int widest = 0;
    size_t count = chart_series_count(plot->chart);
    for (size_t i = 0; i < count; i++) {
        int width = text_columns(chart_series_name(plot->chart, i));
        widest = width > widest ? width : widest;
    }
    int most = cols / 5;
    plot->line_end_labels = count > 1 && cols >= COLS_FOR_END_LABELS &&
                            (int)count <= plot->bottom - plot->top - 3;
    return plot->line_end_labels ? (widest > most ? most : widest) + 3 : RIGHT_MARGIN;
}

static const char *category_label(const struct places *places, size_t index)
{
    return places->plot->chart->labels[index];
}

static int category_column(const struct places *places, size_t index)
{
    return cell_column(places->plot, (double)index);
}

static void draw_x(struct plot *plot)
{
    if (plot->chart->x != CHART_X_TEXT) {
        plot_x_labels(plot, cell_column);
        return;
    }
    size_t count = plot->chart->categories.items.count;
    struct places places = {.plot = plot,
                            .count = count,
                            .width = count > 1 ? (plot->width - 1) / (count - 1.0)
                                               : plot->width,
                            .label = category_label,
                            .column = category_column};
    plot_place_labels(plot, &places);
}

static void draw_zero(const struct plot *plot)
{
    const struct scale *scale = &plot->y.scale;
    if (scale->lo < 0 && scale->hi > 0) {
        int row = plot_row(plot, scale_at(scale, 0));
        for (int col = 0; col < plot->width; col++) {
            put_glyph(&plot->brush, plot->left + col, row, plot->brush.ascii ? "-" : "╌");
        }
        style_cells(&plot->brush, plot->left, row, plot->width, DIM);
    }
}

/* Everything but the marks. */
static void draw_paper(struct plot *plot, int right)
{
    plot_measure(plot, right, measure_y);
    struct tick_room room = {
        .length = plot->width - 1, .character = 1, .gap = 2, .overhang = right};
    plot->m4_share = m4_share(plot);
    if (plot->m4_share > 0) {
        /* Part of the last columns may be empty. */
        const struct m4 *m4 = &plot->chart->m4;
        int dots = plot->width * DOTS[plot->glyphs].across;
        room.length *= (m4->last - m4->first + 1) / (plot->m4_share * dots);
    }
    axis_of_x(plot->chart, &room, &plot->x);
    plot_frame(plot);
    draw_zero(plot);
    draw_x(plot);
}

void draw_lines(struct plot *plot)
{
    const struct chart *chart = plot->chart;
    struct ink ink;
    int right = end_label_columns(plot);
    if (!plot->line_end_labels) {
        plot_legend(plot);
    }
    draw_paper(plot, right);
    ink_start(&ink, plot);
    for (size_t i = chart->series_count; i-- > 0;) {
        ink_series(&ink, i);
    }
    ink_finish(&ink);
    for (size_t i = chart->series_count; i-- > 0;) {
        if (chart->series_count > 1 || chart->series[i].points.count == 1) {
            mark_series(&ink, i);
        }
    }
    if (plot->line_end_labels) {
        label_ends(&ink);
    }
}

/* Points of several series: a cell shows the marker of the series with most points there.
 */
static void draw_markers(const struct plot *plot)
{
    const struct chart *chart = plot->chart;
    struct ink ink = {.plot = (struct plot *)plot, .across = 1, .down = 1};
    ink.width = plot->width;
    ink.height = plot->height;
    size_t cells = (size_t)plot->width * (size_t)plot->height;
    uint32_t(*counts)[SLOTS] = memory_new_many(cells, sizeof *counts);
    const struct dot *dots = chart->dots.items.items;
    for (size_t i = 0; i < chart->dots.items.count; i++) {
        size_t row = (size_t)row_of_y(&ink, dots[i].y);
        size_t col = (size_t)column_of_x(&ink, dots[i].x);
        counts[row * (size_t)plot->width + col][dots[i].slot] += dots[i].count;
    }
    for (size_t cell = 0; cell < cells; cell++) {
        size_t most = 0;
        for (size_t slot = 1; slot < SLOTS; slot++) {
            most = counts[cell][slot] > counts[cell][most] ? slot : most;
        }
        if (counts[cell][most] > 0) {
            put_marker(&ink, (int)(cell % (size_t)plot->width),
                       (int)(cell / (size_t)plot->width), most);
        }
    }
    free(counts);
}

void draw_dots(struct plot *plot)
{
    const struct chart *chart = plot->chart;
    const struct dot *dots = chart->dots.items.items;
    plot_legend(plot);
    draw_paper(plot, RIGHT_MARGIN);
    if (chart->series_count > 1 || chart->dots.items.count == 1) {
        draw_markers(plot);
        return;
    }
    struct ink ink;
    ink_start(&ink, plot);
    for (size_t i = 0; i < chart->dots.items.count; i++) {
        dot(&ink, column_of_x(&ink, dots[i].x), row_of_y(&ink, dots[i].y), 0);
    }
    ink_finish(&ink);
}
