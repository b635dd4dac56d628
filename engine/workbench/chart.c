/* workbench: feed the rows of a result to a chart, a slice at a time, so that a chart of
 * millions of rows never holds up the screen.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/workbench/private.h"

#include <stdlib.h>
#include <string.h>

enum { SLICE_ROWS = 4096, SAMPLE_ROWS = 100, CELL_BYTES = 256, NO_COLUMN = -1 };

struct chart_feed {
    struct workbench *workbench;
    struct workbench_result *from;
    unsigned long tab;
    struct chart *chart;
    struct result_page page;
    int x, y, series;
    long long next;
    int timer;
    void (*finished)(void *owner);
    void *owner;
};

void workbench_chart_release(struct workbench_chart *chart)
{
    free(chart->x);
    free(chart->y);
    free(chart->series);
    free(chart->title);
    *chart = (struct workbench_chart){0};
}

static void feed_free(struct chart_feed *feed)
{
    loop_cancel(feed->workbench->loop, feed->timer);
    *tab_own(feed->workbench, feed->tab).feed = NULL;
    chart_free(feed->chart);
    result_page_release(&feed->page);
    free(feed);
}

void chart_feed_stop(struct workbench *workbench, unsigned long tab)
{
    struct chart_feed **feed = tab_own(workbench, tab).feed;
    if (feed != NULL && *feed != NULL) {
        feed_free(*feed);
    }
}

void chart_feed_forget(struct workbench *workbench, const struct workbench_result *from)
{
    struct chart_feed **feed = tab_own(workbench, from->tab).feed;
    if (feed != NULL && *feed != NULL && (*feed)->from == from) {
        feed_free(*feed);
    }
}

bool workbench_stop_chart(struct workbench *workbench)
{
    bool was_drawn = workbench->feed != NULL;
    chart_feed_stop(workbench, workbench_tab_in_front(workbench)->id);
    return was_drawn;
}

/* ---- Which columns ---- */

static bool find_column(const struct result *result, const char *name, int *index,
                        struct error *err)
{
    size_t count = result_column_count(result);
    const char **names = memory_new_many(count + 1, sizeof *names);
    for (size_t i = 0; i < count; i++) {
        names[i] = result_column(result, i)->name;
        if (string_equal_fold(names[i], name)) {
            *index = (int)i;
            free(names);
            return true;
        }
    }
    const char *near = string_nearest(name, names);
    error_set(err, ERROR_USAGE,
              "could not draw the chart: the result has no column %s%s%s%s", name,
              near != NULL ? "; did you mean " : "; its first is ",
              near != NULL ? near
              : count > 0  ? names[0]
                           : "missing",
              near != NULL ? "?" : "");
    free(names);
    return false;
}

/* The first column that is a number, or is not, and is not taken yet. */
static int first_column(const struct result *result, bool numeric, int taken)
{
    for (size_t i = 0; i < result_column_count(result); i++) {
        if ((int)i != taken && result_column(result, i)->numeric == numeric) {
            return (int)i;
        }
    }
    return NO_COLUMN;
}

static bool choose_columns(struct chart_feed *feed, const struct workbench_chart *asked,
                           struct error *err)
{
    struct result *result = feed->from->result;
    /* count(*) has no declared type: rows must be seen before it is known as a number. */
    if (!result_page(result, 0, SAMPLE_ROWS, CELL_BYTES, &feed->page, err)) {
        return false;
    }
    bool is_histogram = asked->kind == CHART_HISTOGRAM;
    feed->x = feed->y = feed->series = NO_COLUMN;
    if ((asked->x != NULL && !find_column(result, asked->x, &feed->x, err)) ||
        (asked->y != NULL && !find_column(result, asked->y, &feed->y, err)) ||
        (asked->series != NULL &&
         !find_column(result, asked->series, &feed->series, err))) {
        return false;
    }
    if (feed->x == NO_COLUMN) {
        feed->x = is_histogram   ? first_column(result, true, NO_COLUMN)
                  : feed->y == 0 ? 1
                                 : 0;
    }
    if (feed->y == NO_COLUMN && !is_histogram) {
        feed->y = first_column(result, true, feed->x);
    }
    int columns = (int)result_column_count(result);
    if (feed->x < 0 || feed->x >= columns || (feed->y == NO_COLUMN && !is_histogram)) {
        return error_set(
            err, ERROR_USAGE,
            "could not draw the chart: the result has no column of numbers %s; "
            "name one with --%s",
            is_histogram ? "to count" : "beside its first", is_histogram ? "x" : "y");
    }
    return true;
}

/* ---- Rows ---- */

static struct chart_value value_of(const struct chart_feed *feed, long long row,
                                   int column)
{
    struct chart_value nothing = {0};
    if (column == NO_COLUMN) {
        return nothing;
    }
    const struct result_cell *cell = result_page_cell(&feed->page, row, (size_t)column);
    if (cell->type == RESULT_NULL) {
        return nothing;
    }
    if (cell->type == RESULT_INTEGER || cell->type == RESULT_REAL) {
        return chart_number(strtod(cell->bytes, NULL));
    }
    return chart_text(cell->bytes, cell->length);
}

static void conclude(struct chart_feed *feed)
{
    struct workbench *workbench = feed->workbench;
    void (*finished)(void *owner) = feed->finished;
    void *owner = feed->owner;
    struct tab_own own = tab_own(workbench, feed->tab);
    chart_free(*own.chart);
    *own.chart = NULL;
    if (own.chart_error->kind == ERROR_NONE &&
        chart_finish(feed->chart, own.chart_error)) {
        *own.chart = feed->chart;
        feed->chart = NULL;
    }
    feed_free(feed);
    workbench_changed(workbench, WORKBENCH_CHART);
    if (finished != NULL) {
        finished(owner);
    }
}

static void feed_slice(void *owner)
{
    struct chart_feed *feed = owner;
    struct workbench *workbench = feed->workbench;
    feed->timer = 0;
    bool read = result_page(feed->from->result, feed->next, SLICE_ROWS, CELL_BYTES,
                            &feed->page, tab_own(workbench, feed->tab).chart_error);
    for (long long i = 0; read && i < feed->page.rows; i++) {
        struct chart_point point = {
            .x = value_of(feed, i, feed->x),
            .y = value_of(feed, i, feed->y),
            .series = value_of(feed, i, feed->series),
        };
        chart_add(feed->chart, &point);
    }
    feed->next += feed->page.rows;
    if (!read || feed->page.rows == 0 || feed->next >= result_count(feed->from->result)) {
        conclude(feed);
    } else {
        feed->timer = loop_after(workbench->loop, 0, feed_slice, feed);
    }
}

static const char *title_of(const struct result *result, int column)
{
    return column == NO_COLUMN ? NULL : result_column(result, (size_t)column)->name;
}

bool workbench_draw_chart(struct workbench *workbench, struct workbench_result *from,
                          const struct workbench_chart *asked,
                          void (*finished)(void *owner), void *owner, struct error *err)
{
    if (from == NULL || from->result == NULL || !from->is_over) {
        return error_set(err, ERROR_FAILED,
                         from != NULL && !from->is_over
                             ? "could not draw the chart: the query is "
                               "still running"
                             : "could not draw the chart: there are no rows; "
                               "run a query first");
    }
    unsigned long tab = workbench_tab_in_front(workbench)->id;
    chart_feed_stop(workbench, tab);
    struct chart_feed *feed = memory_new(sizeof *feed);
    feed->workbench = workbench;
    feed->tab = tab;
    feed->from = from;
    feed->finished = finished;
    feed->owner = owner;
    workbench->feed = feed;
    if (!choose_columns(feed, asked, err)) {
        feed_free(feed);
        return false;
    }
    struct chart_spec spec = {
        .kind = asked->kind,
        .title = asked->title,
        .x_title = title_of(from->result, feed->x),
        .y_title = title_of(from->result, feed->y),
        .series_title = title_of(from->result, feed->series),
    };
    feed->chart = chart_new(&spec);
    workbench->chart_error = (struct error){0};
    if (asked != &workbench->chart_asked) {
        struct workbench_chart kept = {
            .kind = asked->kind,
            .x = string_copy(asked->x),
            .y = string_copy(asked->y),
            .series = string_copy(asked->series),
            .title = string_copy(asked->title),
        };
        workbench_chart_release(&workbench->chart_asked);
        workbench->chart_asked = kept;
    }
    feed->timer = loop_after(workbench->loop, 0, feed_slice, feed);
    return true;
}
