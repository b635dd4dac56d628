/* Private to charts: what both ways of drawing share, and the parts of the text raster.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CHART_DRAW_H
#define MWB_CHART_DRAW_H

#include "engine/chart/parts.h"

/* ---- axes.c: the domains of a chart's axes and their ticks ---- */

/* x of lines and scattered points. Text categories stand at 0, 1, 2 ... and get no ticks.
 */
void axis_of_x(const struct chart *chart, const struct tick_room *room,
               struct ticks *ticks);
/* y of lines and scattered points. */
void axis_of_y(const struct chart *chart, const struct tick_room *room,
               struct ticks *ticks);
/* An axis on which bars stand, zero included. */
struct span {
    double lo, hi;
};
void axis_of_lengths(const struct chart *chart, struct span span,
                     const struct tick_room *room, struct ticks *ticks);
struct span span_of_bars(const struct bar_view *view, size_t series);
/* What a view with fewer bars than usual leaves out, appended. */
void bars_note(const struct chart *chart, const struct bar_view *view, struct text *out);
/* A shape for each series, by index: o x + * ...; "other" is a dot. */
char series_marker(const struct chart *chart, size_t index);
/* Every how many categories of an even row get a label, so that labels of so many columns
 * fit in places of so many: 1, 2, 5, 10 ... */
size_t label_stride(double label, double place);

/* ---- the text raster ---- */

enum style { PLAIN, BOLD, DIM };

/* Where to write, and what as. */
struct brush {
    struct chart_raster *out;
    bool ascii;
};

void put_glyph(const struct brush *brush, int col, int row, const char *glyph);
void put_mark(const struct brush *brush, int col, int row, const char *glyph,
              size_t series);
/* Safe text from `col`, at most `width` columns; what is longer ends in "…" or "...".
 * Returns the columns used. */
int put_text(const struct brush *brush, int col, int row, int width, const char *text);
void style_cells(const struct brush *brush, int col, int row, int width,
                 enum style style);
int text_columns(const char *text);
void raster_note(struct chart_raster *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A raster being laid out. Cells of the plot: left..left+width-1, top..top+height-1. */
struct plot {
    const struct chart *chart;
    enum chart_glyphs glyphs;
    struct brush brush;
    int top, bottom; /* rows between title and notes: top..bottom-1 */
    int left, width, height;
    int label_rows; /* below the x axis: 1 or 2 */
    bool line_end_labels;
    double m4_share; /* M4 columns in one of dots; 0: x is placed by its scale */
    int bins_most;   /* histogram: bins that fit */
    struct ticks x, y;
};

/* raster_axes.c */
void plot_legend(struct plot *plot); /* takes a row when there are series to tell apart */
/* Fix height, y ticks, left and width. `right`: columns kept free at the right. */
void plot_measure(struct plot *plot, int right,
                  void (*y_axis)(struct plot *plot, const struct tick_room *room));
int plot_row(const struct plot *plot, double at); /* of a place on the y axis */
void plot_frame(const struct plot *plot);
void plot_x_tick(const struct plot *plot, int col);
void plot_x_labels(const struct plot *plot, int (*column)(const struct plot *, double x));
/* Names under places of equal width; as many as do not touch. */
struct places {
    const struct plot *plot;
    const void *data;
    size_t count;
    double width;                                        /* in cells */
    const char *(*label)(const struct places *, size_t); /* NULL: none */
    int (*column)(const struct places *, size_t);
};
void plot_place_labels(const struct plot *plot, const struct places *places);

/* raster_ink.c */
void draw_lines(struct plot *plot);
void draw_dots(struct plot *plot);

/* raster_bars.c, raster_columns.c */
void draw_bars(struct plot *plot);
void draw_columns(struct plot *plot);
void draw_bins(struct plot *plot);
/* A bar that stands on `base` and reaches to `end`, both in cells from the axis' start.
 */
struct bar_shape {
    double base, end;
    size_t series;
};
void draw_column(const struct plot *plot, const struct bar_shape *shape, int col,
                 int width);

#endif
