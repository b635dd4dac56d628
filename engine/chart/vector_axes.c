/* Title, legend, axes and notes of charts drawn as files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/vector.h"

#include <math.h>
#include <string.h>

enum {
    MARGIN = 18,
    TITLE_SIZE = 16,
    LABEL_SIZE = 11,
    NOTE_SIZE = 9,
    LINE_HEIGHT = 16,
    NOTE_LINES_MOST = 4,
};

static double margin(const struct sheet *sheet)
{
    return MARGIN * sheet->unit;
}

static double line_height(const struct sheet *sheet)
{
    return LINE_HEIGHT * sheet->unit;
}

static size_t note_lines(const struct sheet *sheet)
{
    size_t lines = chart_notes(sheet->chart) + (sheet->notes.length > 0);
    return lines > NOTE_LINES_MOST ? NOTE_LINES_MOST : lines;
}

void sheet_title(struct sheet *sheet)
{
    double edge = margin(sheet);
    sheet->left = edge;
    sheet->right = sheet->width - edge;
    sheet->top = edge + TITLE_SIZE * sheet->unit;
    /* One line of notes more may turn up when bars are placed. */
    sheet->bottom = sheet->height - edge - (double)note_lines(sheet) * line_height(sheet);
    sheet_font(sheet, TITLE_SIZE, STRONG);
    sheet_ink(sheet);
    sheet_text(sheet, &(struct place){edge, sheet->top, 0, sheet->width - 2 * edge},
               sheet->chart->title);
    sheet->top += line_height(sheet);
}

void sheet_legend(struct sheet *sheet)
{
    size_t count = chart_series_count(sheet->chart);
    double x = margin(sheet);
    if (count < 2) {
        return;
    }
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    double most = (sheet->width - 2 * x) / 3;
    double y = sheet->top + 4 * sheet->unit;
    for (size_t i = 0; i < count; i++) {
        const char *name = chart_series_name(sheet->chart, i);
        double width =
            fmin(sheet_text_width(sheet, name), most) + 2.2 * line_height(sheet);
        if (x + width > sheet->width - margin(sheet) && x > margin(sheet)) {
            x = margin(sheet);
            y += line_height(sheet);
        }
        sheet_marker(sheet, i, x + 4 * sheet->unit, y - 4 * sheet->unit);
        sheet_ink(sheet);
        sheet_text(sheet, &(struct place){x + line_height(sheet), y, 0, most}, name);
        x += width;
    }
    sheet->top = y + line_height(sheet);
}

void sheet_measure(struct sheet *sheet, double right_margin,
                   void (*y_axis)(struct sheet *, const struct tick_room *))
{
    int label_lines = sheet->chart->x == CHART_X_TIME ? 2 : 1;
    sheet->bottom -= (label_lines + 0.4) * line_height(sheet);
    sheet->right -= right_margin;
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    struct tick_room room = {.length = sheet->bottom - sheet->top,
                             .character = line_height(sheet),
                             .gap = line_height(sheet),
                             .upright = true,
                             .target = 4};
    y_axis(sheet, &room);
    double widest = 0;
    for (size_t i = 0; i < sheet->y.count; i++) {
        widest = fmax(widest, sheet_text_width(sheet, sheet->y.items[i].label));
    }
    sheet->left += widest + 10 * sheet->unit;
}

double sheet_x(const struct sheet *sheet, double value)
{
    return sheet->left + scale_at(&sheet->x.scale, value) * (sheet->right - sheet->left);
}

double sheet_y(const struct sheet *sheet, double value)
{
    return sheet->bottom -
           scale_at(&sheet->y.scale, value) * (sheet->bottom - sheet->top);
}

double sheet_x_of_tick(const struct sheet *sheet, const struct tick *tick)
{
    return sheet->left + tick->at * (sheet->right - sheet->left);
}

/* On the middle of a pixel, so that a line of one pixel is sharp. */
static double sharp(double value)
{
    return floor(value) + 0.5;
}

static void straight(struct sheet *sheet, double from[2], double to[2])
{
    cairo_set_line_width(sheet->cr, 1);
    cairo_move_to(sheet->cr, sharp(from[0]), sharp(from[1]));
    cairo_line_to(sheet->cr, sharp(to[0]), sharp(to[1]));
    cairo_stroke(sheet->cr);
}

void sheet_frame(struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->y.count; i++) {
        const struct tick *tick = &sheet->y.items[i];
        double y = sheet->bottom - tick->at * (sheet->bottom - sheet->top);
        sheet_grid(sheet);
        straight(sheet, (double[]){sheet->left, y}, (double[]){sheet->right, y});
        sheet_ink(sheet);
        sheet_text(
            sheet,
            &(struct place){sheet->left - 6 * sheet->unit, y + 4 * sheet->unit, 1, 0},
            tick->label);
    }
    double foot = sheet->bottom;
    const struct scale *scale = &sheet->y.scale;
    if (scale->lo < 0 && scale->hi > 0) {
        foot = sheet_y(sheet, 0);
    }
    sheet_faint(sheet);
    straight(sheet, (double[]){sheet->left, foot}, (double[]){sheet->right, foot});
}

void sheet_x_labels(struct sheet *sheet,
                    double (*at)(const struct sheet *, const struct tick *))
{
    double y = sheet->bottom + line_height(sheet);
    double taken = -INFINITY;
    sheet_font(sheet, LABEL_SIZE, NORMAL);
    for (size_t i = 0; i < sheet->x.count; i++) {
        const struct tick *tick = &sheet->x.items[i];
        double x = at(sheet, tick);
        double width = sheet_text_width(sheet, tick->label);
        double start = fmax(fmin(x - width / 2, sheet->width - width), 0);
        sheet_faint(sheet);
        straight(sheet, (double[]){x, sheet->bottom},
                 (double[]){x, sheet->bottom + 4 * sheet->unit});
        sheet_ink(sheet);
        sheet_text(sheet, &(struct place){start, y, 0, 0}, tick->label);
        double below = sheet_text_width(sheet, tick->below);
        double below_start = fmin(start, sheet->width - below);
        if (below > 0 && below_start > taken) {
            sheet_text(sheet, &(struct place){below_start, y + line_height(sheet), 0, 0},
                       tick->below);
            taken = below_start + below + 4 * sheet->unit;
        }
    }
}

void sheet_notes(struct sheet *sheet)
{
    double edge = margin(sheet);
    size_t lines = note_lines(sheet);
    size_t own = sheet->notes.length > 0;
    sheet_font(sheet, NOTE_SIZE, NORMAL);
    sheet_faint(sheet);
    for (size_t i = 0; i < lines; i++) {
        double y = sheet->height - edge / 2 -
                   (double)(lines - 1 - i) * line_height(sheet) * 0.85;
        sheet_text(sheet, &(struct place){edge, y, 0, sheet->width - 2 * edge},
                   i < own ? text_string(&sheet->notes)
                           : chart_note(sheet->chart, i - own));
    }
}
