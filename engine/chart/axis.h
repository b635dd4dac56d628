/* Private to charts: what an axis is made of. Scales map values to 0..1, ticks are the
 * round values that are labelled, the calendar knows days and months. Pure functions, no
 * state. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CHART_AXIS_H
#define MWB_CHART_AXIS_H

#include <stdbool.h>
#include <stddef.h>

/* ---- scales: a value to its place on the axis, 0 at lo and 1 at hi ---- */

enum scale_kind {
    SCALE_LINEAR,
    SCALE_LOG,    /* lo > 0 */
    SCALE_SYMLOG, /* linear within -bend..bend, logarithmic beyond */
};

struct scale {
    enum scale_kind kind;
    double lo, hi; /* finite, lo < hi */
    double bend;
};

double scale_at(const struct scale *scale, double value);
/* Widen an empty span so that lo < hi: a single value gets room on both sides. */
void scale_widen(double *lo, double *hi);
/* The logarithmic scale for values in lo..hi whose smallest size apart from zero is
 * `least`: log when all are positive, else symlog. */
struct scale scale_logarithmic(double lo, double hi, double least);

/* ---- ticks ---- */

enum { TICKS_MOST = 64, TICK_LABEL_SIZE = 32 };

struct tick {
    double value;
    double at;                   /* 0..1 on the scale */
    char label[TICK_LABEL_SIZE]; /* ASCII */
    char below[TICK_LABEL_SIZE]; /* second row: "Jan 2024"; mostly empty */
};

struct ticks {
    struct scale scale; /* the domain, which may reach beyond the data to a round value */
    struct tick items[TICKS_MOST];
    size_t count;
};

/* The place there is for labels, in columns or in pixels. */
struct tick_room {
    double length;    /* of the axis */
    double character; /* width of one (upright: height of a line) */
    double gap;       /* least distance of two labels */
    bool upright;     /* a y axis: labels stand above one another */
    double overhang;  /* how far a label may reach beyond an end of the axis */
    double target;    /* characters of axis a label should have; 0: 12 (upright: 4) */
};

/* Ticks for values lo..hi. `fixed`: the domain is lo..hi and ticks stay inside; else the
 * domain grows to the outermost ticks. There is always at least one tick. */
void ticks_linear(struct ticks *ticks, double lo, double hi, bool fixed,
                  const struct tick_room *room);
void ticks_logarithmic(struct ticks *ticks, const struct scale *scale,
                       const struct tick_room *room);
/* Seconds since 1970 UTC; always fixed. `clock` false: the data are whole days. */
void ticks_time(struct ticks *ticks, double lo, double hi, bool clock,
                const struct tick_room *room);
/* Whether the labels of these ticks keep their distance. */
bool ticks_legible(const struct ticks *ticks, const struct tick_room *room);

/* Label all ticks alike: one unit (k, M, G, T or none) and as many decimals as tell them
 * apart. */
void number_labels(struct ticks *ticks);
/* A figure for a sentence: three digits ("9.77k", "0.125"). */
const char *number_spoken(double value, char *buffer, size_t size);
/* The shortest text that reads back as the number. */
const char *number_exact(double value, char *buffer, size_t size);

/* ---- calendar: proleptic Gregorian, UTC ---- */

enum time_unit { UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_MONTH, UNIT_YEAR };

struct civil {
    long long year;
    int month, day, hour, minute; /* month and day from 1 */
    double second;
};

/* Times beyond these (years -9999 and 9999) are no times for a chart. */
static const double TIME_LEAST = -377705116800.0;
static const double TIME_GREATEST = 253402300799.0;

/* Rounded down, also below zero. */
static inline long long floor_divide(long long a, long long b)
{
    return a / b - (a % b != 0 && (a < 0) != (b < 0));
}

struct civil civil_of(double seconds);
long long civil_days(long long year, int month, int day); /* since 1970-01-01 */

/* An ISO 8601 month, date or instant; false when the text is anything else. */
bool time_parse(const char *text, size_t length, double *seconds, bool *clock);
/* "3 Jan 2024", "3 Jan 2024 10:15:02 UTC" when `clock`. */
const char *time_spoken(double seconds, bool clock, char *buffer, size_t size);
const char *month_name(int month); /* "Jan" */

#endif
