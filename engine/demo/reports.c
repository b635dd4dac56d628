/* reports: what the aggregate and consumer products count while the days go by.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>

#include "engine/demo/words.h"
#include "engine/demo/world.h"
#include "engine/text.h"

enum { TOP_QUERIES = 100, RESOLD_PERCENT = 70 };

static const char *const kpi_names[KPI_COUNT] = {"orders", "revenue_cents", "returns",
                                                 "new_customers"};

static struct article_month *month_of(struct world *world, size_t article, int day)
{
    int month = world->calendar.month[day];
    return &world->article_months[article * CALENDAR_MONTHS + (size_t)month];
}

static void count_cohort(struct world *world, struct customer *customer, int month,
                         int32_t total)
{
    if (customer->first_month < 0) {
        customer->first_month = (int8_t)month;
    }
    struct cohort_month *cohort =
        &world->cohorts[customer->first_month][month - customer->first_month];
    if (customer->last_month != month) {
        customer->last_month = (int8_t)month;
        cohort->customers++;
    }
    cohort->revenue += total;
}

void reports_count_order(struct world *world, const struct order *order)
{
    struct customer *customer = &world->customers[order->customer];
    int month = world->calendar.month[order->day];
    customer->orders++;
    customer->revenue += (uint32_t)order->total;
    customer->last_order = order->at;
    count_cohort(world, customer, month, order->total);
    world->kpis[month][KPI_ORDERS]++;
    world->kpis[month][KPI_REVENUE] += order->total;
    for (int i = 0; i < order->line_count; i++) {
        const struct line *line = &order->lines[i];
        struct article_month *sold = month_of(world, line->article, order->day);
        sold->revenue += (int64_t)line->quantity * line->price;
        sold->cost +=
            (int64_t)line->quantity * assortment_cost(&world->articles[line->article]);
    }
}

void reports_count_return(struct world *world, const struct line *line, int32_t refund,
                          int day)
{
    int64_t resold = (int64_t)line->quantity *
                     assortment_cost(&world->articles[line->article]) * RESOLD_PERCENT /
                     100;
    month_of(world, line->article, day)->returned +=
        refund - (resold < refund ? resold : refund);
    world->kpis[world->calendar.month[day]][KPI_RETURNS]++;
}

/* Of equally frequent searches the one that comes first in the vocabulary wins. */
static int compare_counts(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    if (x[0] != y[0]) {
        return x[0] < y[0] ? 1 : -1;
    }
    return (x[1] > y[1]) - (x[1] < y[1]);
}

static void write_top_queries(struct world *world, int day)
{
    struct table *table = world_table(world, TABLE_TOP_QUERIES);
    enum { MOST = WORDS_CATEGORIES * WORDS_NOUNS * QUERIES_PER_NOUN };
    uint32_t ranked[MOST][2];
    size_t count = 0;
    for (size_t i = 0; i < words_query_count(); i++) {
        if (world->query_counts[i] > 0) {
            ranked[count][0] = world->query_counts[i];
            ranked[count++][1] = (uint32_t)i;
            world->query_counts[i] = 0;
        }
    }
    qsort(ranked, count, sizeof ranked[0], compare_counts);
    for (size_t i = 0; i < count && i < TOP_QUERIES; i++) {
        char text[WORDS_NAME_SIZE];
        words_query(ranked[i][1], text);
        table_begin_row(table);
        table_date(table, &world->calendar, day);
        table_integer(table, (int64_t)i + 1);
        table_text(table, text);
        table_integer(table, ranked[i][0]);
        table_end_row(table);
    }
}

static void write_funnel(struct world *world, int day)
{
    static const char *const steps[FUNNEL_STEPS] = {"1_search", "2_view", "3_order",
                                                    "4_paid"};
    struct table *table = world_table(world, TABLE_FUNNEL);
    for (int i = 0; i < FUNNEL_STEPS; i++) {
        table_begin_row(table);
        table_date(table, &world->calendar, day);
        table_text(table, steps[i]);
        table_integer(table, world->funnel[i]);
        table_end_row(table);
        world->funnel[i] = 0;
    }
}

void reports_close_day(struct world *world, int day)
{
    write_top_queries(world, day);
    write_funnel(world, day);
    world->orders_today = 0;
}

/* Any day of a month, for its text. */
static int day_in_month(const struct world *world, int month)
{
    int day = month * 30;
    while (world->calendar.month[day] < month) {
        day++;
    }
    return day;
}

static void write_article_months(struct world *world)
{
    struct table *table = world_table(world, TABLE_ARTICLE_MONTHS);
    for (size_t i = 0; i < world->article_count; i++) {
        for (int month = 0; month < CALENDAR_MONTHS; month++) {
            const struct article_month *sum =
                &world->article_months[i * CALENDAR_MONTHS + (size_t)month];
            if (sum->revenue == 0 && sum->returned == 0) {
                continue;
            }
            table_begin_row(table);
            assortment_put_sku(table, world, i);
            table_month(table, &world->calendar, day_in_month(world, month));
            table_integer(table, sum->revenue);
            table_integer(table, sum->cost);
            table_integer(table, sum->returned);
            table_integer(table, sum->revenue - sum->cost - sum->returned);
            table_end_row(table);
        }
    }
}

static void write_cohorts(struct world *world)
{
    struct table *table = world_table(world, TABLE_COHORTS);
    for (int month = 0; month < CALENDAR_MONTHS; month++) {
        for (int n = 0; month + n < CALENDAR_MONTHS; n++) {
            table_begin_row(table);
            table_month(table, &world->calendar, day_in_month(world, month));
            table_integer(table, n);
            table_integer(table, world->cohorts[month][n].customers);
            table_integer(table, world->cohorts[month][n].revenue);
            table_end_row(table);
        }
    }
}

static void write_performance(struct world *world)
{
    struct table *table = world_table(world, TABLE_PERFORMANCE);
    for (int month = 0; month < CALENDAR_MONTHS; month++) {
        for (int kpi = 0; kpi < KPI_COUNT; kpi++) {
            table_begin_row(table);
            table_month(table, &world->calendar, day_in_month(world, month));
            table_text(table, kpi_names[kpi]);
            table_integer(table, (int64_t)reports_targets[month][kpi] * world->scale);
            table_integer(table, world->kpis[month][kpi]);
            table_end_row(table);
        }
    }
}

void reports_write(struct world *world)
{
    write_article_months(world);
    write_cohorts(world);
    write_performance(world);
}
