/* Text, colours and marker shapes of charts drawn as files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/vector.h"
#include "engine/safetext.h"

#include <math.h>
#include <string.h>

/* Okabe and Ito's colours that stand out on white; yellow is left out, it does not. */
static const double COLOURS[][3] = {
    {0x00 / 255.0, 0x72 / 255.0, 0xB2 / 255.0},
    {0xD5 / 255.0, 0x5E / 255.0, 0x00 / 255.0},
    {0x00 / 255.0, 0x9E / 255.0, 0x73 / 255.0},
    {0xE6 / 255.0, 0x9F / 255.0, 0x00 / 255.0},
    {0x56 / 255.0, 0xB4 / 255.0, 0xE9 / 255.0},
    {0xCC / 255.0, 0x79 / 255.0, 0xA7 / 255.0},
    {0, 0, 0},
};

enum { COLOUR_COUNT = sizeof COLOURS / sizeof COLOURS[0] };

void sheet_series_colour(struct sheet *sheet, size_t index)
{
    const struct chart *chart = sheet->chart;
    if (index >= COLOUR_COUNT || (chart->other && index + 1 == chart->series_count)) {
        cairo_set_source_rgb(sheet->cr, 0.55, 0.55, 0.55);
        return;
    }
    cairo_set_source_rgb(sheet->cr, COLOURS[index][0], COLOURS[index][1],
                         COLOURS[index][2]);
}

void sheet_ink(struct sheet *sheet)
{
    cairo_set_source_rgb(sheet->cr, 0.13, 0.13, 0.13);
}

void sheet_faint(struct sheet *sheet)
{
    cairo_set_source_rgb(sheet->cr, 0.4, 0.4, 0.4);
}

void sheet_grid(struct sheet *sheet)
{
    cairo_set_source_rgb(sheet->cr, 0.88, 0.88, 0.88);
}

void sheet_font(struct sheet *sheet, double size, enum weight weight)
{
    cairo_select_font_face(sheet->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL,
                           weight == STRONG ? CAIRO_FONT_WEIGHT_BOLD
                                            : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(sheet->cr, size * sheet->unit);
}

double sheet_text_width(struct sheet *sheet, const char *text)
{
    cairo_text_extents_t extents;
    cairo_text_extents(sheet->cr, text, &extents);
    return extents.x_advance;
}

double sheet_digit_width(struct sheet *sheet)
{
    return sheet_text_width(sheet, "0");
}

/* The text made safe once more, cluster by cluster, as far as it fits. cairo refuses
 * bytes that are no UTF-8, and would refuse the whole page with them. */
static void fit(struct sheet *sheet, const char *text, double most, struct text *out)
{
    size_t length = strlen(text);
    size_t fits = 0;
    for (size_t at = 0; at < length;) {
        struct safetext_cluster cluster;
        safetext_next(text + at, length - at, &cluster);
        text_append(out, cluster.bytes);
        at += cluster.source;
        if (most > 0 && sheet_text_width(sheet, text_string(out)) > most) {
            text_truncate(out, fits);
            text_append(out, "…");
            return;
        }
        struct text with_dots = {0};
        text_append(&with_dots, text_string(out));
        text_append(&with_dots, "…");
        bool room = most <= 0 || sheet_text_width(sheet, text_string(&with_dots)) <= most;
        fits = room ? out->length : fits;
        text_release(&with_dots);
    }
}

double sheet_text(struct sheet *sheet, const struct place *place, const char *text)
{
    struct text fitted = {0};
    fit(sheet, text, place->most, &fitted);
    double width = sheet_text_width(sheet, text_string(&fitted));
    cairo_move_to(sheet->cr, place->x - width * place->align, place->y);
    cairo_show_text(sheet->cr, text_string(&fitted));
    text_release(&fitted);
    return width;
}

static void polygon(cairo_t *cr, double x, double y, const double (*corners)[2],
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        (i == 0 ? cairo_move_to : cairo_line_to)(cr, x + corners[i][0],
                                                 y + corners[i][1]);
    }
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void strokes(cairo_t *cr, double x, double y, const double (*ends)[2],
                    size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cairo_move_to(cr, x - ends[i][0], y - ends[i][1]);
        cairo_line_to(cr, x + ends[i][0], y + ends[i][1]);
    }
    cairo_stroke(cr);
}

void sheet_marker(struct sheet *sheet, size_t index, double x, double y)
{
    cairo_t *cr = sheet->cr;
    double r = 3.6 * sheet->unit;
    double d = r * 0.75;
    const double square[][2] = {{-d, -d}, {d, -d}, {d, d}, {-d, d}};
    const double triangle[][2] = {{0, -r}, {r, d}, {-r, d}};
    const double diamond[][2] = {{0, -r}, {r, 0}, {0, r}, {-r, 0}};
    const double cross[][2] = {{d, d}, {d, -d}};
    const double plus[][2] = {{r, 0}, {0, r}};
    const double star[][2] = {{r, 0}, {r / 2, r * 0.87}, {r / 2, -r * 0.87}};
    bool other = sheet->chart->other && index + 1 == sheet->chart->series_count;
    sheet_series_colour(sheet, index);
    cairo_set_line_width(cr, 1.6 * sheet->unit);
    cairo_new_path(cr);
    switch (other ? SLOT_OTHER : index) {
    case 0:
        cairo_arc(cr, x, y, d * 1.1, 0, 2 * M_PI);
        cairo_fill(cr);
        return;
    case 1:
        strokes(cr, x, y, cross, 2);
        return;
    case 2:
        polygon(cr, x, y, triangle, 3);
        return;
    case 3:
        polygon(cr, x, y, square, 4);
        return;
    case 4:
        strokes(cr, x, y, plus, 2);
        return;
    case 5:
        polygon(cr, x, y, diamond, 4);
        return;
    case 6:
        strokes(cr, x, y, star, 3);
        return;
    default:
        cairo_arc(cr, x, y, r * 0.35, 0, 2 * M_PI);
        cairo_fill(cr);
    }
}
