/* Private to charts: the chart itself and how its rows are kept, one part per kind.
 *
 * Rows wait in `pending` until the kind of x is clear, then in `raw` until there are too
 * many or the chart is finished. Then the series are ranked, each gets a slot (0..6, the
 * rest SLOT_OTHER), and points go to the part of the chart's kind. After finishing,
 * `series` is in the order of the legend and the parts speak of the same indexes.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CHART_PARTS_H
#define MWB_CHART_PARTS_H

#include "engine/array.h"
#include "engine/chart.h"
#include "engine/chart/axis.h"

enum {
    SLOT_OTHER = CHART_SERIES_MOST,
    SLOTS = CHART_SERIES_MOST + 1,
    PENDING_MOST = 64,
    NAME_BYTES_KEPT = 200, /* longer names are told apart by length and hash */
};

/* ---- names: texts to small numbers ---- */

struct names {
    struct array items; /* struct name */
    uint32_t *slots;    /* open addressing: index + 1, 0 is free */
    size_t slot_count;
};

struct name {
    char *bytes; /* at most NAME_BYTES_KEPT of them, NUL at the end */
    size_t length;
    uint64_t hash;
};

/* The number of this text, a new one when it was not seen; -1 when there are too many. */
long names_number(struct names *names, const char *bytes, size_t length);
const struct name *names_at(const struct names *names, size_t number);
/* The text made safe for a screen; yours. Empty texts become (empty). */
char *names_label(const struct names *names, size_t number);
void chart_names_release(struct names *names);

/* ---- M4: thinned lines ---- */

struct point {
    double x, y;
};

enum {
    M4_COLUMNS = 16384
}; /* a power of two: a column's place is its number modulo this */

struct m4_column {
    struct point first, last, least, greatest;
    bool used;
};

struct m4 {
    int exponent; /* columns are 2^exponent wide */
    bool bent;    /* columns divide asinh(x): a logarithmic axis was asked for */
    bool any;
    double first, last; /* numbers of the outermost columns, whole */
    struct m4_column *columns[SLOTS];
};

void m4_release(struct m4 *m4);
/* Make the grid wide enough for x in lo..hi. */
void m4_reach(struct m4 *m4, double lo, double hi);
/* `along`: where on the grid, the point's x unless the axis is bent. */
void m4_add(struct m4 *m4, size_t slot, double along, struct point point);
double m4_column_number(const struct m4 *m4, double x);
/* The points of one slot by x, at most four a column, appended to struct point items. */
void m4_points(const struct m4 *m4, size_t slot, struct array *points);

/* ---- dots: scattered points on a fine grid ---- */

enum { DOTS_MOST = 131072 };

struct dot {
    double x, y;
    uint32_t slot, count;
};

struct dots {
    struct array items; /* struct dot */
    uint32_t *places;   /* open addressing, NULL while every point is kept */
    size_t place_count;
    int x_exponent, y_exponent;
};

void dots_release(struct dots *dots);
void dots_add(struct dots *dots, const struct dot *dot); /* as it is */
/* From now on one dot for each square of a grid that is fine for these ranges. */
void dots_thin(struct dots *dots, double x_range, double y_range);

/* ---- bars: sums per category ---- */

struct bar {
    size_t name;       /* number in categories */
    double x;          /* number and time axes */
    const char *label; /* borrowed from the chart, or NULL: an empty place */
    double values[SLOTS];
    uint32_t rows[SLOTS]; /* 0: no bar */
};

struct bars {
    struct array items; /* struct bar, in the order of categories */
    struct bar rest;    /* rows of categories beyond CHART_NAMES_KEPT */
    long long added;    /* rows that were added to a bar that was there */
    bool ordered;       /* x is a number or a time */
};

/* Bars as they are drawn: at most `most` and perhaps "other". */
struct bar_view {
    struct array bars; /* struct bar */
    size_t folded;     /* categories in "other" */
    bool cut;          /* "other" is so great that the scale is made for the rest */
    char other[48];
};

struct chart;
void bars_add(struct chart *chart, double x, long name, double y, size_t slot);
void bars_finish(struct chart *chart);
void bars_view(const struct chart *chart, size_t most, struct bar_view *view);
double bar_size(const struct bar *bar); /* by which bars are ranked */
/* Whether this is an "other" that may reach beyond the scale. */
bool bar_is_cut(const struct bar_view *view, const struct bar *bar);
void bar_view_release(struct bar_view *view);

/* ---- bins: counts of values ---- */

enum { BINS_FINE = 16384, BINS_DRAWN = 50 };

struct bins {
    bool time;
    int level;    /* fine bins are 10^level wide; times: see histogram.c */
    double power; /* 10 to the size of level */
    bool any;
    long long first, last; /* numbers of the outermost fine bins */
    long long *counts;     /* place: number modulo BINS_FINE */
    long long total;
    bool whole; /* every value is an integer */
};

struct bin {
    double from, to;
    long long count;
};

/* Values will be around lo..hi; whole days, if times without a clock. */
void bins_start(struct bins *bins, bool time, bool clock, double lo, double hi);
void bins_add(struct bins *bins, double value);
void bins_release(struct bins *bins);
/* Bins for drawing, at most `most`, appended to struct bin items. */
void bins_make(const struct bins *bins, size_t most, struct array *out);
/* The value below which this share of all values lies, to the width of a fine bin. */
double bins_quantile(const struct bins *bins, double share);

/* ---- the chart ---- */

struct series {
    char *name;   /* safe to print; NULL: the only one, without a name */
    double total; /* sum of |y|, by which series are ranked */
    long long rows;
    struct array points; /* lines: struct point by x */
};

/* Rows that could not be drawn as they were, by reason. */
struct tally {
    long long x_null, y_null, x_odd, y_odd, x_infinite, y_infinite, beyond, mixed;
    long long late_series; /* of series that came after the ranking */
};

struct raw_point {
    double x, y;
    uint32_t name, series;
};

struct pending {
    struct chart_point point; /* its texts are owned */
};

/* For the correlation of a scatter plot (Welford). */
struct moments {
    double n, mean_x, mean_y, xx, yy, xy;
};

struct chart {
    struct chart_spec spec; /* strings owned */
    enum chart_x x;         /* what x is, once decided */
    bool decided, settled, thinned, finished;
    bool clock; /* times have a time of day */
    bool series_named;
    struct array pending;
    struct array raw; /* struct raw_point */
    struct names categories, series_names;
    struct array ranks; /* struct rank, by number of series name */
    uint8_t *slots;     /* by number of series name, for the first `ranked` */
    size_t ranked;
    long long rows, drawn;
    struct tally tally;
    double x_lo, x_hi, y_lo, y_hi;
    double x_least, y_least; /* smallest size apart from zero, 0 when there is none */
    struct m4 m4;
    struct dots dots;
    struct bars bars;
    struct bins bins;
    struct moments moments;
    size_t series_count;
    struct series series[SLOTS];
    bool other;         /* the last series is the rest */
    char **labels;      /* safe names of categories, for bars and text axes */
    struct array notes; /* char * */
    char *title, *summary;
};

struct rank {
    double total;
    long long rows;
};

/* values.c: what a row holds. */
const char *chart_x_title(const struct chart *chart);
const char *chart_y_title(const struct chart *chart);
void x_decide(struct chart *chart);
bool number_parse(const char *text, size_t length, double *number);
/* x as a number; *name is its category where it has one. False: counted in the tally. */
bool x_read(struct chart *chart, const struct chart_value *value, double *x, long *name);
bool y_read(struct chart *chart, const struct chart_value *value, double *y);

/* series.c: who gets a slot, and the order of the legend. */
size_t series_slot(const struct chart *chart, size_t series);
void series_rank(struct chart *chart);
void series_finish(struct chart *chart);

/* notes.c, summary.c: the chart in words. */
void notes_make(struct chart *chart);
void chart_tell(struct chart *chart, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void summary_make(struct chart *chart);
/* A value of x in words, appended. */
void x_spoken(const struct chart *chart, double x, struct text *out);

#endif
