/* The text raster: cells, what may stand in them, and the order in which a chart is laid
 * out. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"
#include "engine/safetext.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    COLS_USUAL = 78,
    ROWS_USUAL = 18,
    SIDE_MOST = 1000,
    COLS_LEAST = 16,
    ROWS_LEAST = 4,
    ROWS_FOR_TITLE = 6,
    ROWS_FOR_NOTES = 9,
};

static const struct chart_cell BLANK = {.text = " ", .series = -1};

/* NULL outside. */
static struct chart_cell *cell_of(const struct chart_raster *raster, int col, int row)
{
    if (col < 0 || row < 0 || col >= raster->cols || row >= raster->rows) {
        return NULL;
    }
    return &raster->cells[(size_t)row * (size_t)raster->cols + (size_t)col];
}

const struct chart_cell *chart_raster_cell(const struct chart_raster *raster, int col,
                                           int row)
{
    const struct chart_cell *cell = cell_of(raster, col, row);
    return cell != NULL ? cell : &BLANK;
}

void put_glyph(const struct brush *brush, int col, int row, const char *glyph)
{
    struct chart_cell *cell = cell_of(brush->out, col, row);
    if (cell != NULL) {
        *cell = BLANK;
        snprintf(cell->text, sizeof cell->text, "%s", glyph);
    }
}

void put_mark(const struct brush *brush, int col, int row, const char *glyph,
              size_t series)
{
    put_glyph(brush, col, row, glyph);
    struct chart_cell *cell = cell_of(brush->out, col, row);
    if (cell != NULL) {
        cell->series = (int8_t)series;
    }
}

void style_cells(const struct brush *brush, int col, int row, int width, enum style style)
{
    for (int i = col; i < col + width; i++) {
        struct chart_cell *cell = cell_of(brush->out, i, row);
        if (cell != NULL) {
            cell->bold = style == BOLD;
            cell->dim = style == DIM;
        }
    }
}

int text_columns(const char *text)
{
    return safetext_width_limited(text, strlen(text), SIDE_MOST);
}

/* One cluster in the one or two cells it takes. */
static int put_cluster(const struct brush *brush, int col, int row,
                       const struct safetext_cluster *cluster)
{
    bool ascii = (unsigned char)cluster->bytes[0] < 0x80 && cluster->bytes[1] == '\0';
    if (cluster->width == 1 || cluster->width == 2) {
        bool fits = strlen(cluster->bytes) < sizeof BLANK.text;
        put_glyph(brush, col, row,
                  fits && (ascii || !brush->ascii) ? cluster->bytes : "?");
        if (cluster->width == 2) {
            bool whole = fits && !brush->ascii;
            put_glyph(brush, col + 1, row, whole ? "" : "?");
        }
        return cluster->width;
    }
    /* Written out, as <U+202E>: a cell for each of its signs. */
    int used = 0;
    for (const char *at = cluster->bytes; *at != '\0'; at++) {
        char sign[2] = {*at, '\0'};
        put_glyph(brush, col + used++, row, (unsigned char)*at < 0x80 ? sign : "?");
    }
    return used;
}

int put_text(const struct brush *brush, int col, int row, int width, const char *text)
{
    size_t length = strlen(text);
    int whole = safetext_width_limited(text, length, width + 1);
    const char *ellipsis = brush->ascii ? "..." : "…";
    int tail = whole > width ? (brush->ascii ? 3 : 1) : 0;
    int used = 0;
    for (size_t at = 0; at < length;) {
        struct safetext_cluster cluster;
        safetext_next(text + at, length - at, &cluster);
        if (used + cluster.width > width - tail) {
            break;
        }
        used += put_cluster(brush, col + used, row, &cluster);
        at += cluster.source;
    }
    for (int i = 0; i < tail && used < width; i++) {
        put_glyph(brush, col + used++, row, brush->ascii ? "." : ellipsis);
    }
    return used;
}

void raster_note(struct chart_raster *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    text_append(&out->notes, out->notes.length > 0 ? " " : "");
    text_vprintf(&out->notes, format, args);
    va_end(args);
}

static int bounded(int value, int usual)
{
    return value <= 0 ? usual : value > SIDE_MOST ? SIDE_MOST : value;
}

static void start(const struct chart_raster_spec *spec, struct chart_raster *out)
{
    *out = (struct chart_raster){.cols = bounded(spec->cols, COLS_USUAL),
                                 .rows = bounded(spec->rows, ROWS_USUAL)};
    size_t count = (size_t)out->cols * (size_t)out->rows;
    out->cells = memory_new_many(count, sizeof *out->cells);
    for (size_t i = 0; i < count; i++) {
        out->cells[i] = BLANK;
    }
}

void chart_raster_release(struct chart_raster *raster)
{
    free(raster->cells);
    text_release(&raster->notes);
    *raster = (struct chart_raster){0};
}

/* Too small for axes: the sentence, cell by cell. */
static void draw_summary(const struct chart *chart, const struct brush *brush)
{
    const char *text = chart_summary(chart);
    size_t length = strlen(text);
    int col = 0;
    int row = 0;
    for (size_t at = 0; at < length && row < brush->out->rows;) {
        struct safetext_cluster cluster;
        safetext_next(text + at, length - at, &cluster);
        if (col + cluster.width > brush->out->cols) {
            col = 0;
            row++;
        }
        col += row < brush->out->rows ? put_cluster(brush, col, row, &cluster) : 0;
        at += cluster.source;
    }
}

static void draw_title(struct plot *plot)
{
    int cols = plot->brush.out->cols;
    if (plot->brush.out->rows >= ROWS_FOR_TITLE) {
        put_text(&plot->brush, 0, plot->top, cols, plot->chart->title);
        style_cells(&plot->brush, 0, plot->top, cols, BOLD);
        plot->top++;
    }
}

/* The last row tells what is not drawn; which notes hold is clear after drawing only. */
static void draw_notes(const struct plot *plot)
{
    struct text line = {0};
    struct chart_raster *out = plot->brush.out;
    text_append(&line, text_string(&out->notes));
    for (size_t i = 0; i < chart_notes(plot->chart); i++) {
        text_printf(&line, "%s%s", line.length > 0 ? " " : "",
                    chart_note(plot->chart, i));
    }
    if (plot->bottom < out->rows) {
        put_text(&plot->brush, 0, plot->bottom, out->cols, text_string(&line));
        style_cells(&plot->brush, 0, plot->bottom, out->cols, DIM);
    }
    text_release(&line);
}

static void note_bent_axis(const struct plot *plot)
{
    const struct scale *scale = &plot->y.scale;
    char bend[48];
    if (scale->kind == SCALE_SYMLOG && plot->chart->spec.kind != CHART_HISTOGRAM) {
        number_spoken(scale->bend, bend, sizeof bend);
        raster_note(plot->brush.out,
                    "%s is logarithmic beyond -%s and %s, linear between them.",
                    chart_y_title(plot->chart), bend, bend);
    }
}

static void draw_all(const struct chart *chart, enum chart_glyphs glyphs, bool notes,
                     struct chart_raster *out)
{
    static void (*const draw[])(struct plot *) = {
        [CHART_LINE] = draw_lines,
        [CHART_BAR] = draw_bars,
        [CHART_SCATTER] = draw_dots,
        [CHART_HISTOGRAM] = draw_bins,
    };
    struct plot plot = {.chart = chart,
                        .glyphs = glyphs,
                        .brush = {out, glyphs == CHART_ASCII},
                        .bottom = out->rows - notes};
    if (out->cols < COLS_LEAST || out->rows < ROWS_LEAST) {
        draw_summary(chart, &plot.brush);
        return;
    }
    draw_title(&plot);
    bool ordered_bars = chart->spec.kind == CHART_BAR && chart->bars.ordered;
    (ordered_bars ? draw_columns : draw[chart->spec.kind])(&plot);
    note_bent_axis(&plot);
    draw_notes(&plot);
}

void chart_raster(const struct chart *chart, const struct chart_raster_spec *spec,
                  struct chart_raster *out)
{
    start(spec, out);
    if (!chart->finished) {
        return;
    }
    bool room = out->rows >= ROWS_FOR_NOTES;
    bool notes = room && chart_notes(chart) > 0;
    draw_all(chart, spec->glyphs, notes, out);
    if (room && !notes && out->notes.length > 0) {
        /* Only drawing told that there is something to note: once more, with a row for
         * it. */
        chart_raster_release(out);
        start(spec, out);
        draw_all(chart, spec->glyphs, true, out);
    }
}

void chart_raster_text(const struct chart_raster *raster, struct text *out)
{
    for (int row = 0; row < raster->rows; row++) {
        size_t end = out->length;
        for (int col = 0; col < raster->cols; col++) {
            const char *text = chart_raster_cell(raster, col, row)->text;
            text_append(out, text);
            end = strcmp(text, " ") != 0 ? out->length : end;
        }
        text_truncate(out, end);
        text_append_char(out, '\n');
    }
}
