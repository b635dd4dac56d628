/* Series: which of them are drawn one by one, and in which order they are told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/chart/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct ranked {
    double total;
    size_t number;
};

static int by_total(const void *a, const void *b)
{
    const struct ranked *one = a;
    const struct ranked *two = b;
    if (one->total < two->total || one->total > two->total) {
        return one->total < two->total ? 1 : -1;
    }
    return (one->number > two->number) - (one->number < two->number);
}

/* Give the seven greatest a slot, all others the last one. */
void series_rank(struct chart *chart)
{
    size_t count = chart->series_names.items.count;
    const struct rank *ranks = chart->ranks.items;
    struct ranked *order = memory_new_many(count, sizeof *order);
    for (size_t i = 0; i < count; i++) {
        order[i] = (struct ranked){ranks[i].total, i};
    }
    qsort(order, count, sizeof *order, by_total);
    chart->slots = memory_new_many(count, sizeof *chart->slots);
    chart->ranked = count;
    for (size_t i = 0; i < count; i++) {
        size_t slot = i < CHART_SERIES_MOST ? i : SLOT_OTHER;
        chart->slots[order[i].number] = (uint8_t)slot;
        chart->series[slot].total += order[i].total;
        if (slot < SLOT_OTHER) {
            chart->series[slot].name =
                chart->series_named ? names_label(&chart->series_names, order[i].number)
                                    : NULL;
        }
    }
    free(order);
}

size_t series_slot(const struct chart *chart, size_t series)
{
    return series < chart->ranked ? chart->slots[series] : SLOT_OTHER;
}

static double last_value(const struct series *series)
{
    const struct point *points = series->points.items;
    return points[series->points.count - 1].y;
}

struct place {
    size_t slot;
    double key;
};

static int by_key(const void *a, const void *b)
{
    const struct place *one = a;
    const struct place *two = b;
    if (one->key < two->key || one->key > two->key) {
        return one->key < two->key ? 1 : -1;
    }
    return (one->slot > two->slot) - (one->slot < two->slot);
}

/* Legend order of the slots in use; lines by their last value, the rest by rank. */
static size_t legend_order(const struct chart *chart, struct place *places)
{
    size_t count = 0;
    for (size_t slot = 0; slot < SLOT_OTHER; slot++) {
        const struct series *series = &chart->series[slot];
        if (series->rows > 0) {
            bool line = chart->spec.kind == CHART_LINE && series->points.count > 0;
            places[count++] =
                (struct place){slot, line ? last_value(series) : -(double)slot};
        }
    }
    qsort(places, count, sizeof *places, by_key);
    if (chart->series[SLOT_OTHER].rows > 0) {
        places[count++] = (struct place){.slot = SLOT_OTHER};
    }
    return count;
}

static void reorder_bars(struct bar *bar, const struct place *places, size_t count)
{
    struct bar old = *bar;
    memset(bar->values, 0, sizeof bar->values);
    memset(bar->rows, 0, sizeof bar->rows);
    for (size_t i = 0; i < count; i++) {
        bar->values[i] = old.values[places[i].slot];
        bar->rows[i] = old.rows[places[i].slot];
    }
}

static void reorder_parts(struct chart *chart, const struct place *places, size_t count)
{
    uint32_t index_of[SLOTS] = {0};
    for (size_t i = 0; i < count; i++) {
        index_of[places[i].slot] = (uint32_t)i;
    }
    for (size_t i = 0; i < chart->dots.items.count; i++) {
        struct dot *dot = array_at(&chart->dots.items, i);
        dot->slot = index_of[dot->slot];
    }
    for (size_t i = 0; i < chart->bars.items.count; i++) {
        reorder_bars(array_at(&chart->bars.items, i), places, count);
    }
    reorder_bars(&chart->bars.rest, places, count);
}

void series_finish(struct chart *chart)
{
    struct place places[SLOTS];
    struct series old[SLOTS];
    size_t count = legend_order(chart, places);
    reorder_parts(chart, places, count);
    memcpy(old, chart->series, sizeof old);
    memset(chart->series, 0, sizeof chart->series);
    for (size_t i = 0; i < count; i++) {
        chart->series[i] = old[places[i].slot];
        old[places[i].slot] = (struct series){0};
    }
    for (size_t slot = 0; slot < SLOTS; slot++) {
        free(old[slot].name);
        array_release(&old[slot].points);
    }
    chart->series_count = count;
    chart->other = count > 0 && places[count - 1].slot == SLOT_OTHER;
    if (chart->other) {
        size_t names = chart->series_names.items.count;
        chart->series[count - 1].name =
            string_printf("other (%zu%s)", names - CHART_SERIES_MOST,
                          names == CHART_NAMES_KEPT ? " or more" : "");
    }
}
