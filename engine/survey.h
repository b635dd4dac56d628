/* survey: what the values of each column of a result are like, in one pass.
 *
 * Counts and extremes are exact. Different values are exact up to SURVEY_EXACT of them,
 * beyond that estimated from the smallest hashes (bottom-k sketch: Bar-Yossef, Jayram,
 * Kumar, Sivakumar and Trevisan, "Counting distinct elements in a data stream", 2002;
 * standard error 1.6 % with 4096 of them). Quantiles and the histogram are of all numbers
 * up to SURVEY_SAMPLE, beyond that of as many drawn at random (Vitter's algorithm R,
 * 1985), with the same seed each time, so that the same rows give the same answer. Mean
 * and standard deviation are Welford's. Memory is some 200 KiB a column.
 *
 * Extremes and frequent values are values: whoever may see the rows may see them, and
 * nobody else; the caller passes rows that went through the gate.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SURVEY_H
#define MWB_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/result.h"
#include "engine/text.h"

enum {
    SURVEY_EXACT = 4096,
    SURVEY_SAMPLE = 4096,
    SURVEY_FREQUENT = 3,  /* values told with their counts */
    SURVEY_CLASSES = 16,  /* of the histogram */
    SURVEY_TEXT_MOST = 80 /* bytes kept of a value */
};

struct survey_value {
    char *text;
    long long count;
};

struct survey_column {
    long long rows, nulls, integers, reals, texts, blobs;
    long long different;
    bool is_estimated;      /* different */
    char *least, *most;     /* as SQLite orders: numbers, texts, blobs; NULL: no value */
    double mean, deviation; /* of numbers; deviation of a sample (n - 1) */
    double quarter, median, three_quarters;
    bool is_sampled;                               /* the three above and the histogram */
    long long shortest, longest;                   /* characters of texts; -1: none */
    struct survey_value frequent[SURVEY_FREQUENT]; /* NULL texts behind the last */
    bool has_histogram;
    long long histogram[SURVEY_CLASSES]; /* equal classes from the least number on */
};

/* A struct survey_column for each column, in a job: port may be NULL. */
bool survey_read(const struct result *result, struct job_port *port,
                 struct array *columns, struct error *err);
void survey_release(struct array *columns);

/* Bars of one cell each, eighths or ASCII, appended. */
void survey_draw(const struct survey_column *column, bool unicode, struct text *out);

#endif
