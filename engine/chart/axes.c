/* The domains of a chart's axes: which values they span, and that bars begin at zero.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/draw.h"

#include <math.h>

static const char MARKERS[] = "ox+*#%@";

char series_marker(const struct chart *chart, size_t index)
{
    bool other = chart->other && index + 1 == chart->series_count;
    return other || index >= sizeof MARKERS - 1 ? '.' : MARKERS[index];
}

size_t label_stride(double label, double place)
{
    size_t stride = 1;
    static const size_t factors[] = {2, 5, 10};
    for (size_t power = 1; power < 1000000; power *= 10) {
        stride = power;
        for (size_t i = 0; i < 3; i++) {
            if (label <= place * (double)stride) {
                return stride;
            }
            stride = power * factors[i];
        }
    }
    return stride;
}

void bars_note(const struct chart *chart, const struct bar_view *view, struct text *out)
{
    size_t all = chart->bars.items.count;
    if (view->bars.count < 2) {
        text_printf(out, "At this height there is room for the sum of all %zu bars only.",
                    all);
        return;
    }
    text_printf(
        out,
        "At this height the %zu greatest of %zu bars are drawn; \"other\" is the sum "
        "of %zu%s.",
        view->bars.count - 1, all, view->folded,
        view->cut ? ", its bar is cut short" : "");
}

static void widen_time(const struct chart *chart, double *lo, double *hi)
{
    if (!(*lo < *hi)) {
        double room = chart->clock ? 30 : 43200;
        *lo -= room;
        *hi += room;
    }
}

void axis_of_x(const struct chart *chart, const struct tick_room *room,
               struct ticks *ticks)
{
    double lo = chart->x_lo;
    double hi = chart->x_hi;
    if (chart->x == CHART_X_TIME) {
        widen_time(chart, &lo, &hi);
        ticks_time(ticks, lo, hi, chart->clock, room);
        return;
    }
    if (chart->x == CHART_X_TEXT) {
        scale_widen(&lo, &hi);
        *ticks = (struct ticks){.scale = {.kind = SCALE_LINEAR, .lo = lo, .hi = hi}};
        return;
    }
    if (chart->spec.x_log) {
        struct scale scale = scale_logarithmic(lo, hi, chart->x_least);
        ticks_logarithmic(ticks, &scale, room);
        return;
    }
    scale_widen(&lo, &hi);
    ticks_linear(ticks, lo, hi, true, room);
}

void axis_of_y(const struct chart *chart, const struct tick_room *room,
               struct ticks *ticks)
{
    double lo = chart->y_lo;
    double hi = chart->y_hi;
    if (chart->spec.y_log) {
        struct scale scale = scale_logarithmic(lo, hi, chart->y_least);
        ticks_logarithmic(ticks, &scale, room);
        return;
    }
    scale_widen(&lo, &hi);
    /* Zero is shown when it is near: the picture then tells how much, not only how it
     * changes. */
    if (lo > 0 && lo < (hi - lo) / 2) {
        lo = 0;
    } else if (hi < 0 && -hi < (hi - lo) / 2) {
        hi = 0;
    }
    ticks_linear(ticks, lo, hi, false, room);
}

void axis_of_lengths(const struct chart *chart, struct span span,
                     const struct tick_room *room, struct ticks *ticks)
{
    double lo = fmin(span.lo, 0);
    double hi = fmax(span.hi, 0);
    if (!(lo < hi)) {
        hi = 1;
    }
    if (chart->spec.y_log) {
        /* Zero has a place on a bent axis only. */
        double least = chart->spec.kind == CHART_HISTOGRAM ? 1 : chart->y_least;
        struct scale scale = scale_logarithmic(lo, hi, least);
        ticks_logarithmic(ticks, &scale, room);
        return;
    }
    ticks_linear(ticks, lo, hi, false, room);
}

struct span span_of_bars(const struct bar_view *view, size_t series)
{
    struct span span = {0, 0};
    for (size_t i = 0; i < view->bars.count; i++) {
        const struct bar *bar = array_at(&view->bars, i);
        for (size_t slot = 0; slot < series && !bar_is_cut(view, bar); slot++) {
            span.lo = fmin(span.lo, bar->values[slot]);
            span.hi = fmax(span.hi, bar->values[slot]);
        }
    }
    return span;
}
