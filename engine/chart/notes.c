/* Notes: what was left out of a chart or put together, a sentence each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <stdarg.h>
#include <stdio.h>

void chart_tell(struct chart *chart, const char *format, ...)
{
    struct text text = {0};
    va_list args;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    *(char **)array_push(&chart->notes) = text_take(&text);
}

struct counted {
    char words[48];
};

/* "1 row is", "12 rows are" */
static struct counted rows_are(long long rows)
{
    struct counted counted;
    char figure[32];
    snprintf(counted.words, sizeof counted.words, "%s %s",
             string_of_count(rows, figure, sizeof figure),
             rows == 1 ? "row is" : "rows are");
    return counted;
}

static void tell_left_out(struct chart *chart, long long rows, const char *column,
                          const char *why)
{
    if (rows > 0) {
        chart_tell(chart, "%s left out: %s %s.", rows_are(rows).words, column, why);
    }
}

static void tell_rows(struct chart *chart)
{
    const struct tally *tally = &chart->tally;
    const char *x = chart_x_title(chart);
    const char *y = chart_y_title(chart);
    tell_left_out(chart, tally->x_null, x, "has no value");
    tell_left_out(chart, tally->x_odd, x,
                  chart->x == CHART_X_TIME ? "is not a date or time" : "is not a number");
    tell_left_out(chart, tally->x_infinite, x, "is infinite or not a number");
    tell_left_out(chart, tally->y_null, y, "has no value");
    tell_left_out(chart, tally->y_odd, y, "is not a number");
    tell_left_out(chart, tally->y_infinite, y, "is infinite or not a number");
    if (tally->mixed > 0 && tally->mixed < chart->drawn) {
        chart_tell(chart, "%s holds numbers and texts: all are taken as texts.", x);
    }
}

static void tell_categories(struct chart *chart)
{
    char kept[32];
    struct bar_view view;
    string_of_count(CHART_NAMES_KEPT, kept, sizeof kept);
    bool bars_of_texts = chart->spec.kind == CHART_BAR && chart->x == CHART_X_TEXT;
    if (chart->tally.beyond > 0) {
        chart_tell(chart, "%s %s: more than %s different values of %s.",
                   rows_are(chart->tally.beyond).words,
                   bars_of_texts ? "put under \"other\"" : "left out", kept,
                   chart_x_title(chart));
    }
    if (chart->bars.added > 0) {
        chart_tell(chart, "%s added to the bar of the same %s: bars are sums.",
                   rows_are(chart->bars.added).words, chart_x_title(chart));
    }
    bars_view(chart, CHART_BARS_MOST + 1, &view);
    if (view.folded > 0) {
        chart_tell(
            chart,
            "Of %zu bars the %d greatest are drawn at most; \"other\" is the sum of the "
            "rest%s.",
            chart->bars.items.count, CHART_BARS_MOST,
            view.cut ? ", its bar is cut short" : "");
    }
    bar_view_release(&view);
}

static void tell_series(struct chart *chart)
{
    size_t names = chart->series_names.items.count;
    if (chart->other) {
        chart_tell(
            chart,
            "The %d series with the greatest sums are drawn one by one; \"other\" are "
            "the %s%zu others together.",
            CHART_SERIES_MOST, names == CHART_NAMES_KEPT ? "more than " : "",
            names - CHART_SERIES_MOST);
    }
    if (chart->tally.late_series > 0) {
        char kept[32];
        chart_tell(
            chart, "Series that began after the first %s rows are among \"other\".",
            string_of_count((long long)chart->spec.points_kept, kept, sizeof kept));
    }
}

static void tell_thinning(struct chart *chart)
{
    char drawn[32];
    char dots[32];
    string_of_count(chart->drawn, drawn, sizeof drawn);
    if (chart->thinned && chart->spec.kind == CHART_LINE) {
        chart_tell(chart,
                   "%s points are drawn by the first, last, least and greatest of each "
                   "narrow column, which does not change the picture.",
                   drawn);
    }
    if (chart->thinned && chart->spec.kind == CHART_SCATTER &&
        (long long)chart->dots.items.count < chart->drawn) {
        chart_tell(
            chart, "%s points are drawn as %s: near ones fall together.", drawn,
            string_of_count((long long)chart->dots.items.count, dots, sizeof dots));
    }
}

void notes_make(struct chart *chart)
{
    tell_rows(chart);
    if (chart->finished) {
        tell_categories(chart);
        tell_series(chart);
        tell_thinning(chart);
    }
    if (chart->spec.kind == CHART_HISTOGRAM && chart->spec.x_log) {
        chart_tell(chart, "A histogram has no logarithmic x axis.");
    }
}
