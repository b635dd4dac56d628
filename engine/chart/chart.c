/* Collecting the rows of a chart: read x and y, keep what the kind needs, finish once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart.h"
#include "engine/chart/parts.h"
#include "engine/safetext.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TITLE_COLUMNS = 200 };

static const struct chart_kind_row KINDS[] = {
    {CHART_LINE, "line", true, true,
     "Values over time or along a number, joined in the order of x; millions of rows are "
     "thinned without changing the picture."},
    {CHART_BAR, "bar", true, true,
     "One bar for each category, added up when a category comes twice; above 40 "
     "categories "
     "the greatest and the rest as \"other\"."},
    {CHART_SCATTER, "scatter", true, true,
     "One point for each row, to see how two numbers go together."},
    {CHART_HISTOGRAM, "histogram", false, false,
     "How often values of one column occur, counted in bins with round edges."},
};

const struct chart_kind_row *chart_kinds(size_t *count)
{
    *count = sizeof KINDS / sizeof KINDS[0];
    return KINDS;
}

const struct chart_kind_row *chart_kind_named(const char *name)
{
    for (size_t i = 0; i < sizeof KINDS / sizeof KINDS[0]; i++) {
        if (string_equal(KINDS[i].name, name)) {
            return &KINDS[i];
        }
    }
    return NULL;
}

static char *safe_title(const char *title)
{
    struct text text = {0};
    if (title == NULL) {
        return NULL;
    }
    safetext_append_cut(&text, title, strlen(title), TITLE_COLUMNS);
    return text_take(&text);
}

struct chart *chart_new(const struct chart_spec *spec)
{
    struct chart *chart = memory_new(sizeof *chart);
    chart->spec = *spec;
    chart->spec.title = safe_title(spec->title);
    chart->spec.x_title = safe_title(spec->x_title);
    chart->spec.y_title = safe_title(spec->y_title);
    chart->spec.series_title = safe_title(spec->series_title);
    if (spec->points_kept == 0) {
        chart->spec.points_kept = CHART_POINTS_KEPT;
    }
    chart->m4.bent = spec->x_log;
    chart->pending = (struct array)ARRAY_OF(struct pending);
    chart->raw = (struct array)ARRAY_OF(struct raw_point);
    chart->ranks = (struct array)ARRAY_OF(struct rank);
    chart->notes = (struct array)ARRAY_OF(char *);
    for (size_t slot = 0; slot < SLOTS; slot++) {
        chart->series[slot].points = (struct array)ARRAY_OF(struct point);
    }
    return chart;
}

static void pending_release(struct chart *chart)
{
    struct pending *pending = chart->pending.items;
    for (size_t i = 0; i < chart->pending.count; i++) {
        free((char *)pending[i].point.x.text);
        free((char *)pending[i].point.y.text);
        free((char *)pending[i].point.series.text);
    }
    array_release(&chart->pending);
}

void chart_free(struct chart *chart)
{
    if (chart == NULL) {
        return;
    }
    free((char *)chart->spec.title);
    free((char *)chart->spec.x_title);
    free((char *)chart->spec.y_title);
    free((char *)chart->spec.series_title);
    pending_release(chart);
    array_release(&chart->raw);
    array_release(&chart->ranks);
    for (size_t i = 0; chart->labels != NULL && i < chart->categories.items.count; i++) {
        free(chart->labels[i]);
    }
    free(chart->labels);
    array_release(&chart->bars.items);
    chart_names_release(&chart->categories);
    chart_names_release(&chart->series_names);
    free(chart->slots);
    m4_release(&chart->m4);
    dots_release(&chart->dots);
    bins_release(&chart->bins);
    for (size_t slot = 0; slot < SLOTS; slot++) {
        free(chart->series[slot].name);
        array_release(&chart->series[slot].points);
    }
    char **notes = chart->notes.items;
    for (size_t i = 0; i < chart->notes.count; i++) {
        free(notes[i]);
    }
    array_release(&chart->notes);
    free(chart->title);
    free(chart->summary);
    free(chart);
}

static void reach(double value, double *lo, double *hi, double *least)
{
    *lo = value < *lo ? value : *lo;
    *hi = value > *hi ? value : *hi;
    if (value != 0 && (*least <= 0 || fabs(value) < *least)) {
        *least = fabs(value);
    }
}

/* What a log axis thins by, so that small values keep their columns. */
static double along(const struct chart *chart, double x)
{
    return chart->m4.bent ? asinh(x) : x;
}

static void moments_add(struct moments *m, double x, double y)
{
    m->n++;
    double dx = x - m->mean_x;
    double dy = y - m->mean_y;
    m->mean_x += dx / m->n;
    m->mean_y += dy / m->n;
    m->xx += dx * (x - m->mean_x);
    m->yy += dy * (y - m->mean_y);
    m->xy += dx * (y - m->mean_y);
}

static void line_add(struct chart *chart, size_t slot, struct point point)
{
    if (chart->thinned) {
        m4_add(&chart->m4, slot, along(chart, point.x), point);
    } else {
        *(struct point *)array_push(&chart->series[slot].points) = point;
    }
}

/* To the part of the chart's kind. */
static void place(struct chart *chart, const struct raw_point *raw)
{
    size_t slot = series_slot(chart, raw->series);
    chart->series[slot].rows++;
    switch (chart->spec.kind) {
    case CHART_LINE:
        line_add(chart, slot, (struct point){raw->x, raw->y});
        break;
    case CHART_BAR:
        bars_add(chart, raw->x, (int32_t)raw->name, raw->y, slot);
        break;
    case CHART_SCATTER:
        dots_add(&chart->dots, &(struct dot){raw->x, raw->y, (uint32_t)slot, 1});
        break;
    case CHART_HISTOGRAM:
        bins_add(&chart->bins, raw->x);
        break;
    }
}

/* The raw points are too many, or the last: rank the series, and hand them on. */
static void settle(struct chart *chart)
{
    const struct raw_point *raw = chart->raw.items;
    chart->settled = true;
    series_rank(chart);
    if (chart->spec.kind == CHART_HISTOGRAM) {
        bins_start(&chart->bins, chart->x == CHART_X_TIME, chart->clock, chart->x_lo,
                   chart->x_hi);
    }
    if (chart->spec.kind == CHART_LINE && chart->thinned) {
        m4_reach(&chart->m4, along(chart, chart->x_lo), along(chart, chart->x_hi));
    }
    for (size_t i = 0; i < chart->raw.count; i++) {
        place(chart, &raw[i]);
    }
    array_release(&chart->raw);
}

static void keep(struct chart *chart, const struct raw_point *raw)
{
    if (chart->drawn == 0) {
        chart->x_lo = chart->x_hi = raw->x;
        chart->y_lo = chart->y_hi = raw->y;
    }
    chart->drawn++;
    reach(raw->x, &chart->x_lo, &chart->x_hi, &chart->x_least);
    reach(raw->y, &chart->y_lo, &chart->y_hi, &chart->y_least);
    if (chart->spec.kind == CHART_SCATTER) {
        moments_add(&chart->moments, raw->x, raw->y);
    }
    if (chart->settled) {
        chart->tally.late_series += raw->series >= chart->ranked;
        place(chart, raw);
        return;
    }
    while (raw->series < CHART_NAMES_KEPT && chart->ranks.count <= raw->series) {
        array_push(&chart->ranks);
    }
    struct rank *rank = array_at(&chart->ranks, raw->series);
    if (rank != NULL) {
        rank->total += fmin(fabs(raw->y), 1e300);
    }
    *(struct raw_point *)array_push(&chart->raw) = *raw;
}

/* Once the rows are too many to keep, thin them. */
static void keep_bounded(struct chart *chart)
{
    if (chart->settled || chart->raw.count < chart->spec.points_kept) {
        return;
    }
    chart->thinned = true;
    settle(chart);
    if (chart->spec.kind == CHART_SCATTER) {
        dots_thin(&chart->dots, chart->x_hi - chart->x_lo, chart->y_hi - chart->y_lo);
    }
}

static uint32_t series_number(struct chart *chart, const struct chart_value *value)
{
    char buffer[64];
    const char *bytes = value->length > 0 ? value->text : "";
    size_t length = value->length;
    if (value->kind != CHART_TEXT) {
        bool named = chart->spec.series_title != NULL || chart->series_named;
        bytes = value->kind == CHART_NUMBER
                    ? number_exact(value->number, buffer, sizeof buffer)
                : named ? "(null)"
                        : "";
        length = strlen(bytes);
    }
    chart->series_named = chart->series_named || length > 0;
    long number = names_number(&chart->series_names, bytes, length);
    /* Beyond the last name: among "other". */
    return number >= 0 ? (uint32_t)number : UINT32_MAX;
}

static void take(struct chart *chart, const struct chart_point *point)
{
    struct raw_point raw = {0};
    long name = 0;
    bool histogram = chart->spec.kind == CHART_HISTOGRAM;
    static const struct chart_value none = {0};
    if (!x_read(chart, &point->x, &raw.x, &name) ||
        (!histogram && !y_read(chart, &point->y, &raw.y))) {
        return;
    }
    raw.name = (uint32_t)name;
    raw.series = series_number(chart, histogram ? &none : &point->series);
    keep(chart, &raw);
    keep_bounded(chart);
}

static struct chart_value value_copy(const struct chart_value *value)
{
    struct chart_value copy = *value;
    copy.text =
        value->kind == CHART_TEXT ? string_copy_bytes(value->text, value->length) : NULL;
    return copy;
}

static void decide(struct chart *chart)
{
    x_decide(chart);
    const struct pending *pending = chart->pending.items;
    for (size_t i = 0; i < chart->pending.count; i++) {
        take(chart, &pending[i].point);
    }
    pending_release(chart);
}

void chart_add(struct chart *chart, const struct chart_point *point)
{
    chart->rows++;
    if (chart->decided) {
        take(chart, point);
        return;
    }
    struct pending *pending = array_push(&chart->pending);
    pending->point = (struct chart_point){value_copy(&point->x), value_copy(&point->y),
                                          value_copy(&point->series)};
    if (chart->pending.count >= PENDING_MOST) {
        decide(chart);
    }
}

static void merge_runs(const struct point *from, struct point *to, const size_t ends[3])
{
    size_t left = ends[0];
    size_t right = ends[1];
    for (size_t at = ends[0]; at < ends[2]; at++) {
        bool take_left =
            left < ends[1] && (right >= ends[2] || from[left].x <= from[right].x);
        to[at] = take_left ? from[left++] : from[right++];
    }
}

static size_t least_of(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* By x, points of one x in the order they came: qsort would turn those round. */
static void sort_points(struct array *points)
{
    size_t count = points->count;
    struct point *items = points->items;
    struct point *spare = memory_new_many(count, sizeof *spare);
    struct point *from = items;
    struct point *to = spare;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t at = 0; at < count; at += 2 * run) {
            size_t ends[3] = {at, least_of(at + run, count),
                              least_of(at + 2 * run, count)};
            merge_runs(from, to, ends);
        }
        struct point *swap = from;
        from = to;
        to = swap;
    }
    if (from != items) {
        memcpy(items, from, count * sizeof *items);
    }
    free(spare);
}

static void lines_finish(struct chart *chart)
{
    for (size_t slot = 0; slot < SLOTS; slot++) {
        if (chart->thinned) {
            m4_points(&chart->m4, slot, &chart->series[slot].points);
        } else {
            sort_points(&chart->series[slot].points);
        }
        free(chart->m4.columns[slot]);
        chart->m4.columns[slot] = NULL;
    }
}

static bool fail_without_points(const struct chart *chart, struct error *err)
{
    const char *kind = KINDS[chart->spec.kind].name;
    char *const *notes = chart->notes.items;
    if (chart->rows == 0) {
        return error_set(err, ERROR_FAILED,
                         "could not draw a %s chart: the query gave no rows", kind);
    }
    return error_set(
        err, ERROR_FAILED,
        "could not draw a %s chart: none of the rows can be drawn: %s try other "
        "columns",
        kind, chart->notes.count > 0 ? notes[0] : "");
}

static char *category_label(const struct chart *chart, size_t number)
{
    char buffer[64];
    double x;
    if (chart->x == CHART_X_TEXT) {
        return names_label(&chart->categories, number);
    }
    memcpy(&x, names_at(&chart->categories, number)->bytes, sizeof x);
    return string_copy(chart->x == CHART_X_TIME
                           ? time_spoken(x, chart->clock, buffer, sizeof buffer)
                           : number_exact(x, buffer, sizeof buffer));
}

static void labels_make(struct chart *chart)
{
    size_t count = chart->categories.items.count;
    chart->labels = memory_new_many(count, sizeof *chart->labels);
    for (size_t i = 0; i < count; i++) {
        chart->labels[i] = category_label(chart, i);
    }
}

bool chart_finish(struct chart *chart, struct error *err)
{
    if (!chart->decided) {
        decide(chart);
    }
    if (chart->spec.kind == CHART_HISTOGRAM && chart->x == CHART_X_TEXT &&
        chart->rows > 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not draw a histogram of %s: it holds texts, and a histogram "
            "counts numbers or times; try a bar chart",
            chart_x_title(chart));
    }
    bool drawable = chart->drawn > 0;
    if (drawable && !chart->settled) {
        settle(chart);
    }
    chart->finished = drawable;
    if (drawable) {
        labels_make(chart);
        lines_finish(chart);
        bars_finish(chart);
        series_finish(chart);
    }
    notes_make(chart);
    if (!drawable) {
        return fail_without_points(chart, err);
    }
    summary_make(chart);
    return true;
}

long long chart_rows(const struct chart *chart)
{
    return chart->rows;
}

size_t chart_series_count(const struct chart *chart)
{
    return chart->series_count;
}

const char *chart_series_name(const struct chart *chart, size_t index)
{
    const char *name = index < chart->series_count ? chart->series[index].name : NULL;
    return name != NULL ? name : chart_y_title(chart);
}

size_t chart_notes(const struct chart *chart)
{
    return chart->notes.count;
}

const char *chart_note(const struct chart *chart, size_t index)
{
    char *const *note = array_at(&chart->notes, index);
    return note != NULL ? *note : "";
}

const char *chart_summary(const struct chart *chart)
{
    return chart->summary != NULL ? chart->summary : "";
}

void chart_set_log(struct chart *chart, bool x_log, bool y_log)
{
    chart->spec.x_log = x_log;
    chart->spec.y_log = y_log;
}
