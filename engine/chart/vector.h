/* Private to charts: drawing on a cairo surface.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CHART_VECTOR_H
#define MWB_CHART_VECTOR_H

#include "engine/chart/draw.h"

#include <cairo.h>

/* A page being drawn. Lengths are pixels or points; `unit` is 1 on a page of 900 x 540
 * and grows with it. */
struct sheet {
    const struct chart *chart;
    cairo_t *cr;
    double width, height, unit;
    double left, top, right, bottom; /* of the plot */
    struct ticks x, y;
    struct text notes; /* what holds for this size only; a sentence */
};

/* vector_text.c */
enum weight { NORMAL, STRONG };
void sheet_font(struct sheet *sheet, double size, enum weight weight); /* in units */
double sheet_text_width(struct sheet *sheet, const char *text);
double sheet_digit_width(struct sheet *sheet);
/* Safe text at its baseline; `align` 0 left, 0.5 centre, 1 right; what is wider than
 * `most` ends in "…". Returns the width drawn. */
struct place {
    double x, y, align, most;
};
double sheet_text(struct sheet *sheet, const struct place *place, const char *text);
void sheet_ink(struct sheet *sheet);   /* the colour of text */
void sheet_faint(struct sheet *sheet); /* of axes and notes */
void sheet_grid(struct sheet *sheet);  /* of lines behind the marks */
void sheet_series_colour(struct sheet *sheet, size_t index);
void sheet_marker(struct sheet *sheet, size_t index, double x, double y);

/* vector_axes.c */
void sheet_title(struct sheet *sheet);
void sheet_legend(struct sheet *sheet);
void sheet_measure(struct sheet *sheet, double right_margin,
                   void (*y_axis)(struct sheet *, const struct tick_room *));
double sheet_x(const struct sheet *sheet, double value);
double sheet_y(const struct sheet *sheet, double value);
void sheet_frame(struct sheet *sheet);
/* Labels of x ticks, at the places that `at` gives them. */
void sheet_x_labels(struct sheet *sheet,
                    double (*at)(const struct sheet *, const struct tick *));
void sheet_notes(struct sheet *sheet);
double sheet_x_of_tick(const struct sheet *sheet, const struct tick *tick);

/* vector_marks.c, vector_bars.c */
void sheet_lines(struct sheet *sheet);
void sheet_dots(struct sheet *sheet);
void sheet_lying_bars(struct sheet *sheet);
void sheet_standing_bars(struct sheet *sheet);
void sheet_bins(struct sheet *sheet);

#endif
