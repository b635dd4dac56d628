/* world: the state of the simulation, shared by the parts of this room.
 *
 * One day after the other is played: visits.c lets people come, search and look; orders.c
 * takes their orders; delivery.c sends parcels and takes returns; stock.c counts pieces.
 * Rows are written as things happen. What the aggregate products need is counted on the
 * way in the structs below and written at the end by people.c, assortment.c and
 * reports.c. Money is in cents, instants are seconds since day 0 (calendar.h).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_WORLD_H
#define MWB_DEMO_WORLD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/demo/calendar.h"
#include "engine/demo/random.h"
#include "engine/demo/table.h"

enum table_id {
    TABLE_SEARCH_QUERIES,
    TABLE_TOP_QUERIES,
    TABLE_ARTICLES,
    TABLE_ARTICLE_VERSIONS,
    TABLE_PAGE_VIEWS,
    TABLE_ORDERS,
    TABLE_LINE_ITEMS,
    TABLE_PAYMENTS,
    TABLE_INVOICES,
    TABLE_SHIPMENTS,
    TABLE_STOCK_UPDATES,
    TABLE_STOCK_UPDATES_2024,
    TABLE_STOCK,
    TABLE_STOCK_LEVELS,
    TABLE_SHELF_WARMERS,
    TABLE_RETURNS,
    TABLE_CUSTOMERS_NPII,
    TABLE_CUSTOMERS_PII,
    TABLE_ACCOUNT_BALANCES,
    TABLE_TOMBSTONES,
    TABLE_CUSTOMER_360,
    TABLE_SCORES,
    TABLE_COHORTS,
    TABLE_FUNNEL,
    TABLE_ARTICLE_MONTHS,
    TABLE_PERFORMANCE,
    TABLE_COUNT
};

/* Kinds of facts for random_of(): never reuse a number, it would couple two facts. */
enum fact {
    FACT_ARTICLE = 1,
    FACT_PRICE,
    FACT_LIFE,
    FACT_PERSON,
    FACT_STREET,
    FACT_PLACE,
    FACT_BIRTH,
    FACT_RATING,
    FACT_REGISTERED,
    FACT_ERASED,
    FACT_ACTIVE,
    FACT_VARIANT,
    FACT_SCORE,
};

enum { LOCATIONS = 3, PRICE_CHANGES = 5, NEVER = INT16_MAX };

struct article {
    uint8_t category, noun, adjective, brand;
    bool in_campaigns;                 /* its price goes down in campaigns */
    bool needs_stock;                  /* to be filled up tonight */
    int16_t first_day;                 /* on sale from; before day 0 for most */
    int16_t last_day;                  /* on sale until; NEVER: still is */
    int16_t sleeps_from;               /* nobody buys it from here on; NEVER: ordinary */
    int16_t change_day[PRICE_CHANGES]; /* ascending, NEVER when there are fewer */
    int32_t change_price[PRICE_CHANGES];
    int32_t first_price;
    int32_t price;      /* today */
    int32_t changed_at; /* last instant its row changed */
    int32_t last_sold;  /* instant of the last confirmed line, or INT32_MIN */
    int32_t stock[LOCATIONS];
    int32_t stock_at[LOCATIONS];
};

/* Money of one article in one month. */
struct article_month {
    int64_t revenue, cost, returned;
};

struct customer {
    int16_t registered_day;
    int16_t erased_day; /* NEVER: still there */
    int16_t late_day;   /* last parcel that came late, or INT16_MIN */
    uint16_t orders, returns, parcels;
    int8_t first_month, last_month; /* of confirmed orders, -1: none */
    uint32_t revenue, open, credit;
    uint32_t parcel_minutes;
    int32_t last_order;
    uint16_t seen[3]; /* articles last looked at, newest first; UINT16_MAX: none */
};

/* One visit to the shop. */
enum { VISIT_ARTICLES = 8 };
struct visit {
    uint32_t session;
    size_t customer;
    int day;
    int32_t at;   /* moves on as the visitor acts */
    int category; /* what the visitor is after */
    uint32_t noun;
    char variant;  /* of the product page */
    bool saw_both; /* both variants, by a fault of the test */
    bool is_fraud;
    bool searched, viewed;
    size_t articles[VISIT_ARTICLES]; /* looked at */
    int article_count;
};

struct line {
    size_t article;
    int quantity;
    int32_t price;
};

enum { ORDER_LINES = 4 };
struct order {
    uint32_t number;
    size_t customer;
    const struct visit *visit;
    int day;
    int32_t at;
    int32_t total, fee;
    const char *option;
    struct line lines[ORDER_LINES];
    int line_count;
    bool by_invoice;
    bool late; /* its parcel was */
};

enum funnel_step { FUNNEL_SEARCH, FUNNEL_VIEW, FUNNEL_ORDER, FUNNEL_PAID, FUNNEL_STEPS };
enum kpi { KPI_ORDERS, KPI_REVENUE, KPI_RETURNS, KPI_NEW_CUSTOMERS, KPI_COUNT };

struct cohort_month {
    uint32_t customers;
    int64_t revenue;
};

/* A stock event that is told later than it happened. */
struct held_event {
    uint32_t event;
    uint32_t article;
    int32_t location, available;
    int32_t happened, received;
};

struct world {
    uint64_t seed;
    int scale;
    int root; /* integer square root of the scale: how far the assortment grows */
    struct random random;
    struct calendar calendar;
    struct table tables[TABLE_COUNT];

    struct article *articles;
    size_t article_count; /* article i is of category i % WORDS_CATEGORIES */
    struct article_month *article_months; /* [article][month] */

    struct customer *customers;
    size_t customer_count, customer_capacity;

    uint32_t sessions, searches, views, orders_numbered, lines, payments, invoices,
        parcels, returns, stock_events;
    uint32_t orders_today;

    uint32_t *query_counts;        /* of the day, by query */
    uint32_t funnel[FUNNEL_STEPS]; /* of the day */
    struct cohort_month cohorts[CALENDAR_MONTHS][CALENDAR_MONTHS];
    int64_t kpis[CALENDAR_MONTHS][KPI_COUNT];

    struct held_event *held;
    size_t held_count, held_capacity;
};

static inline struct table *world_table(struct world *world, enum table_id id)
{
    return &world->tables[id];
}

/* assortment.c */
void assortment_init(struct world *world);
void assortment_open_day(struct world *world, int day); /* today's prices */
/* An article of the category that can be bought today, better sellers more often. */
size_t assortment_pick(struct world *world, int category, int day);
bool assortment_sells(const struct article *article, int day);
int32_t assortment_cost(const struct article *article);
void assortment_put_sku(struct table *table, const struct world *world, size_t article);
void assortment_put_name(struct table *table, const struct world *world, size_t article);
void assortment_write(struct world *world);

/* people.c */
size_t people_register(struct world *world, int day);
void people_init(struct world *world);
/* An existing customer who comes back today. */
size_t people_pick(struct world *world, int day);
bool people_is_unhappy(const struct customer *customer, int day);
int people_rating(const struct world *world, size_t customer);
int32_t people_registered_at(const struct world *world, size_t customer);
void people_put_id(struct table *table, size_t customer);
void people_put_email(struct table *table, size_t customer);
void people_write(struct world *world);

/* visits.c */
void visits_play(struct world *world, int day);

/* orders.c: the visitor orders what was looked at. True: and paid. */
bool orders_take(struct world *world, struct visit *visit);
void orders_put_number(struct table *table, uint32_t number);

/* delivery.c: the parcel of a confirmed order, and what comes back of it. */
void delivery_send(struct world *world, struct order *order);

/* stock.c */
void stock_init(struct world *world);
void stock_take(struct world *world, size_t article, int quantity, int32_t at);
void stock_close_day(struct world *world, int day);
void stock_write(struct world *world);

/* reports.c */
/* Targets for a shop of scale 1, the same as in samples/mesh/controlling/monthly-targets.
 */
extern const int32_t reports_targets[CALENDAR_MONTHS][KPI_COUNT];
void reports_count_order(struct world *world, const struct order *order);
void reports_count_return(struct world *world, const struct line *line, int32_t refund,
                          int day);
void reports_close_day(struct world *world, int day);
void reports_write(struct world *world);

#endif
