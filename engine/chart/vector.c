/* Charts as files: the page, its format, and writing it whole or not at all.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/vector.h"
#include "engine/path.h"

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <math.h>
#include <string.h>

enum {
    WIDTH_USUAL = 900,
    HEIGHT_USUAL = 540,
    SIDE_LEAST = 120,
    PIXELS_MOST = 64 * 1024 * 1024,
};

static cairo_status_t collect(void *closure, const unsigned char *bytes, unsigned length)
{
    text_append_bytes(closure, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *new_svg(struct text *out, int width, int height)
{
    return cairo_svg_surface_create_for_stream(collect, out, width, height);
}

static cairo_surface_t *new_pdf(struct text *out, int width, int height)
{
    return cairo_pdf_surface_create_for_stream(collect, out, width, height);
}

static cairo_surface_t *new_png(struct text *out, int width, int height)
{
    (void)out;
    return cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
}

struct format {
    enum chart_format format;
    const char *suffix;
    cairo_surface_t *(*open)(struct text *out, int width, int height);
};

static const struct format FORMATS[] = {
    {CHART_SVG, ".svg", new_svg},
    {CHART_PNG, ".png", new_png},
    {CHART_PDF, ".pdf", new_pdf},
};

static const struct format *format_of(const struct chart_file_spec *spec)
{
    size_t length = strlen(spec->path);
    for (size_t i = 0; i < sizeof FORMATS / sizeof FORMATS[0]; i++) {
        bool suffix =
            length >= 4 && string_equal_fold(spec->path + length - 4, FORMATS[i].suffix);
        if (spec->format == FORMATS[i].format ||
            (spec->format == CHART_BY_SUFFIX && suffix)) {
            return &FORMATS[i];
        }
    }
    return NULL;
}

static void draw(struct sheet *sheet)
{
    static void (*const marks[])(struct sheet *) = {
        [CHART_LINE] = sheet_lines,
        [CHART_BAR] = sheet_lying_bars,
        [CHART_SCATTER] = sheet_dots,
        [CHART_HISTOGRAM] = sheet_bins,
    };
    const struct chart *chart = sheet->chart;
    bool ordered = chart->spec.kind == CHART_BAR && chart->bars.ordered;
    cairo_set_source_rgb(sheet->cr, 1, 1, 1);
    cairo_paint(sheet->cr);
    sheet_title(sheet);
    (ordered ? sheet_standing_bars : marks[chart->spec.kind])(sheet);
    sheet_notes(sheet);
}

static cairo_status_t finish(cairo_surface_t *surface, enum chart_format format,
                             struct text *out)
{
    cairo_status_t status = cairo_surface_status(surface);
    if (status == CAIRO_STATUS_SUCCESS && format == CHART_PNG) {
        status = cairo_surface_write_to_png_stream(surface, collect, out);
    }
    cairo_surface_finish(surface);
    return status != CAIRO_STATUS_SUCCESS ? status : cairo_surface_status(surface);
}

static cairo_status_t draw_page(const struct chart *chart, const struct format *format,
                                const int size[2], struct text *out)
{
    cairo_surface_t *surface = format->open(out, size[0], size[1]);
    struct sheet sheet = {.chart = chart, .width = size[0], .height = size[1]};
    sheet.unit = fmin(size[0] / (double)WIDTH_USUAL, size[1] / (double)HEIGHT_USUAL);
    sheet.unit = fmax(sheet.unit, 0.6);
    sheet.cr = cairo_create(surface);
    if (format->format == CHART_PDF) {
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, chart->title);
        cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT,
                                       chart->summary);
    }
    draw(&sheet);
    cairo_status_t status = cairo_status(sheet.cr);
    cairo_destroy(sheet.cr);
    cairo_status_t finished = finish(surface, format->format, out);
    cairo_surface_destroy(surface);
    text_release(&sheet.notes);
    return status != CAIRO_STATUS_SUCCESS ? status : finished;
}

static bool check_size(const struct format *format, const int size[2], const char *path,
                       struct error *err)
{
    for (int i = 0; i < 2; i++) {
        if (size[i] < SIDE_LEAST || size[i] > CHART_LENGTH_MOST) {
            return error_set(err, ERROR_USAGE,
                             "could not draw %s: a side of %d is not between %d and %d",
                             path, size[i], SIDE_LEAST, CHART_LENGTH_MOST);
        }
    }
    if (format->format == CHART_PNG && (long long)size[0] * size[1] > PIXELS_MOST) {
        return error_set(
            err, ERROR_USAGE,
            "could not draw %s: %d x %d pixels are too many for a PNG; draw an "
            "SVG or PDF, which can be enlarged",
            path, size[0], size[1]);
    }
    return true;
}

bool chart_write_file(const struct chart *chart, const struct chart_file_spec *spec,
                      struct error *err)
{
    const struct format *format = format_of(spec);
    int size[2] = {spec->width != 0 ? spec->width : WIDTH_USUAL,
                   spec->height != 0 ? spec->height : HEIGHT_USUAL};
    if (format == NULL) {
        return error_set(err, ERROR_USAGE,
                         "could not draw %s: charts are written as .svg, .png or .pdf",
                         spec->path);
    }
    if (!chart->finished) {
        return error_set(err, ERROR_FAILED, "could not draw %s: the chart has no marks",
                         spec->path);
    }
    if (!check_size(format, size, spec->path, err)) {
        return false;
    }
    struct text bytes = {0};
    cairo_status_t status = draw_page(chart, format, size, &bytes);
    bool done = status == CAIRO_STATUS_SUCCESS;
    if (!done) {
        error_set(err, ERROR_FAILED, "could not draw %s: %s", spec->path,
                  cairo_status_to_string(status));
    }
    done = done &&
           path_write_file(spec->path, bytes.data, bytes.length, path_usual_mode(), err);
    text_release(&bytes);
    return done;
}
