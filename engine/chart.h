/* chart: rows of a result become a picture: bars, lines, points or a histogram.
 *
 * The caller reads a result page by page and pushes each row; memory stays bounded
 * however many rows come. After chart_finish() the same chart can be drawn at any size,
 * as a grid of text cells (chart_raster) or as a file (chart_write_file). No colours
 * here: a mark carries the index of its series, the face maps it to a colour; series also
 * differ by marker shape, so that a chart reads without colour.
 *
 * What always holds:
 * - Nothing is dropped silently. Rows without a value, values that are not numbers, bars
 *   added up or put under "other": each is a sentence in chart_notes().
 * - The first CHART_POINTS_KEPT points are kept as they are. Beyond that
 *   - lines are thinned by M4 (Jugel, Jerzak, Hackenbroich, Markl: "M4: a
 *     visualization-oriented time series data aggregation", VLDB 2014): first, last,
 * least and greatest point of every narrow column, at most 16,384 columns, each a power
 * of two wide; a text raster's dot columns are made of whole ones, so that the raster is
 * the one that all points would give (on a linear x axis);
 *   - points of a scatter plot are counted on a fine grid and the first of each square
 * stays;
 *   - a histogram counts in fine bins (a power of ten or a calendar unit wide), of which
 * the drawn bins are whole multiples: their counts are exact and their edges round;
 *   - bars are added up per category from the start, at most 65,536 of them.
 * - Lines go in the order of x, whatever the order of the rows; bars of text categories
 *   stand in the order of the rows, bars of numbers and times in the order of x.
 * - At most seven series are told apart, those with the greatest sum of |y|; the rest is
 *   drawn together as "other (k)". Series are ordered by their last value, greatest
 * first.
 * - Times are UTC. ISO 8601 texts with an offset are converted, those without are taken
 * as UTC.
 *
 * Ticks: Talbot, Lin, Hanrahan: "An Extension of Wilkinson's Algorithm for Positioning
 * Tick Labels on Axes", InfoVis 2010, legible meaning that no two labels touch. Bins:
 * Freedman and Diaconis 1981, rounded to 1, 2 or 5 times a power of ten. Palette of
 * files: Okabe and Ito 2008.
 *
 * Numbers are read and written with the decimal point of LC_NUMERIC "C".
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CHART_H
#define MWB_CHART_H

#include "engine/error.h"
#include "engine/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CHART_POINTS_KEPT = 32768, /* points held as they came before thinning starts */
    CHART_NAMES_KEPT = 65536,  /* different texts told apart on x, and as series */
    CHART_BARS_MOST = 40,      /* text categories drawn one by one */
    CHART_SERIES_MOST = 7,     /* series drawn one by one; the rest is "other (k)" */
    CHART_LENGTH_MOST = 16384, /* pixels or points: the longest side of a file */
};

/* Kinds. */
enum chart_kind { CHART_LINE, CHART_BAR, CHART_SCATTER, CHART_HISTOGRAM };

struct chart_kind_row {
    enum chart_kind kind;
    const char *name;  /* as typed: "line" */
    bool takes_y;      /* false: counts the values of x */
    bool takes_series; /* true: rows may be split by a series column */
    const char *help;  /* one sentence */
};

const struct chart_kind_row *chart_kinds(size_t *count);
const struct chart_kind_row *chart_kind_named(const char *name); /* NULL: no such kind */

/* What is drawn. All-zero is a line chart without titles. Strings are copied. */
enum chart_x { CHART_X_AUTO, CHART_X_NUMBER, CHART_X_TIME, CHART_X_TEXT };

struct chart_spec {
    enum chart_kind kind;
    const char *title;   /* NULL: made of the column titles */
    const char *x_title; /* the columns' names, may hold a unit: "revenue EUR" */
    const char *y_title;
    const char *series_title;
    enum chart_x x; /* auto: decided by the first 64 rows. CHART_X_TIME takes numbers
                       as seconds since 1970-01-01 UTC */
    bool x_log;     /* logarithmic, or linear around zero (symlog) when values at or */
    bool y_log;     /* below zero occur */
    size_t points_kept; /* 0: CHART_POINTS_KEPT */
};

/* One row. Text is borrowed for the call and may hold any bytes. Numbers may come as text
 * ("12.50"). Several y columns: push a row for each of them, its title as the series. */
enum chart_value_kind { CHART_NULL, CHART_NUMBER, CHART_TEXT };

struct chart_value {
    enum chart_value_kind kind;
    double number;
    const char *text;
    size_t length;
};

struct chart_point {
    struct chart_value x;
    struct chart_value y;      /* not looked at by a histogram */
    struct chart_value series; /* CHART_NULL in every row: one series without a name */
};

static inline struct chart_value chart_number(double number)
{
    return (struct chart_value){.kind = CHART_NUMBER, .number = number};
}

static inline struct chart_value chart_text(const char *bytes, size_t length)
{
    return (struct chart_value){.kind = CHART_TEXT, .text = bytes, .length = length};
}

/* Life: new, add each row, finish once, draw as often as wanted, free. */
struct chart *chart_new(const struct chart_spec *spec);
void chart_free(struct chart *chart); /* NULL is fine */
void chart_add(struct chart *chart, const struct chart_point *point);
/* Fails, with the reason, when no row can be drawn. */
bool chart_finish(struct chart *chart, struct error *err);

/* After chart_finish(). Borrowed strings live as long as the chart. */
long long chart_rows(const struct chart *chart);      /* rows pushed */
size_t chart_series_count(const struct chart *chart); /* 1 to 8, "other" included */
const char *chart_series_name(const struct chart *chart, size_t index); /* safe text */
size_t chart_notes(const struct chart *chart);                   /* number of notes */
const char *chart_note(const struct chart *chart, size_t index); /* a sentence */
/* The chart in one sentence, to be spoken: "revenue rises from 9.8k to 12.0k, ...". */
const char *chart_summary(const struct chart *chart);
/* Switch an axis to logarithmic and back without reading the rows again. */
void chart_set_log(struct chart *chart, bool x_log, bool y_log);

/* Text raster: a grid of cells with title, axes, marks and labels. */
enum chart_glyphs {
    CHART_BRAILLE, /* lines and points in dots of 2x4 a cell, bars in eighths of a block
                    */
    CHART_BLOCKS,  /* quadrants of 2x2 a cell, bars in eighths */
    CHART_ASCII,   /* nothing beyond ASCII, not even in labels */
};

struct chart_raster_spec {
    int cols, rows; /* 0: 78 x 18; from 16 x 4 there are axes, below only the summary */
    enum chart_glyphs glyphs;
};

struct chart_cell {
    char text[16]; /* one character (with its combining marks) in UTF-8, safe to print;
                      "" is the second half of a wide character to the left */
    int8_t series; /* 0...: a mark of that series; -1: axis, label, blank */
    bool bold, dim;
};

struct chart_raster {
    int cols, rows;
    struct chart_cell *cells; /* row after row; owned */
    struct text notes;        /* what holds for this size only, as sentences; or empty */
};

const struct chart_cell *chart_raster_cell(const struct chart_raster *raster, int col,
                                           int row); /* out of range: a blank */
/* Fills `out`, which needs no initialising; release it. Sizes above 1,000 are cut. */
void chart_raster(const struct chart *chart, const struct chart_raster_spec *spec,
                  struct chart_raster *out);
void chart_raster_release(struct chart_raster *raster);
/* The raster as lines, without blanks at their ends, each closed by a newline. */
void chart_raster_text(const struct chart_raster *raster, struct text *out);

/* Files, drawn by cairo; text is drawn as glyphs, so any title is safe. The file is
 * written beside, fsynced and renamed: there is a whole file under the name, or the old
 * one. */
enum chart_format { CHART_BY_SUFFIX, CHART_SVG, CHART_PNG, CHART_PDF };

struct chart_file_spec {
    const char *path;
    int width, height; /* pixels (PNG) or points of 1/72 inch; 0: 900 x 540 */
    enum chart_format format;
};

bool chart_write_file(const struct chart *chart, const struct chart_file_spec *spec,
                      struct error *err);

#endif
