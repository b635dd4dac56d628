/* generate: plays the two years day by day and puts the finished files in place.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "engine/demo/words.h"
#include "engine/demo/world.h"
#include "engine/path.h"
#include "engine/text.h"

enum { PROGRESS_EVERY_DAYS = 7 };
static const uint64_t usual_seed = 20241001;

static const struct demo_file layout[TABLE_COUNT + 1] = {
    [TABLE_SEARCH_QUERIES] = {"search/search-queries-all/data/search_queries.csv.gz",
                              "query_id,session_id,customer_id,query_text,result_count,"
                              "clicked_sku,queried_at"},
    [TABLE_TOP_QUERIES] = {"search/top-100-by-day/data/top_queries.csv",
                           "day,rank,query_text,count", "2026-06-30T04:00:00Z"},
    [TABLE_ARTICLES] = {"articles/articles-latest/data/articles.csv",
                        "sku,name,category,brand,status,price_cents,updated_at"},
    [TABLE_ARTICLE_VERSIONS] = {"articles/articles-history/data/article_versions.csv",
                                "sku,name,category,price_cents,valid_from,valid_to"},
    [TABLE_PAGE_VIEWS] = {"articles/product-page-views/data/page_views.csv.gz",
                          "view_id,session_id,customer_id,sku,variant,context,viewed_at"},
    [TABLE_ORDERS] = {"checkout/orders/data/orders.csv",
                      "order_id,session_id,customer_id,status,order_timestamp,"
                      "order_total_cents,shipping_fee_cents,shipping_option,currency"},
    [TABLE_LINE_ITEMS] = {"checkout/orders/data/line_items.csv.gz",
                          "line_item_id,order_id,sku,quantity,unit_price_cents"},
    [TABLE_PAYMENTS] = {"payment/payments/data/payments.csv",
                        "payment_id,order_id,method,amount_cents,status,paid_at,"
                        "chargeback_at"},
    [TABLE_INVOICES] = {"payment/invoices/data/invoices.csv",
                        "invoice_id,order_id,customer_id,total_cents,issued_at,due_at,"
                        "settled_at,sent_to"},
    [TABLE_SHIPMENTS] = {"fulfillment/shipments/data/shipments.csv",
                         "shipment_id,order_id,carrier,promised_at,shipped_at,"
                         "delivered_at,status"},
    [TABLE_STOCK_UPDATES] = {"fulfillment/stock-update-events/data/stock_updates.csv.gz",
                             "event_id,sku,location,available,updated_at,received_at"},
    [TABLE_STOCK_UPDATES_2024] =
        {"fulfillment/stock-update-events/data/stock_updates_2024.csv.gz",
         "event_id,sku,location,qty,updated_at,received_at"},
    [TABLE_STOCK] = {"fulfillment/stock-latest/data/stock.csv",
                     "sku,location,available,updated_at"},
    [TABLE_STOCK_LEVELS] = {"fulfillment/stock-latest/data/stock_levels.csv",
                            "sku,level,updated_at"},
    [TABLE_SHELF_WARMERS] = {"fulfillment/shelf-warmers/data/shelf_warmers.csv",
                             "sku,available,last_sold_at"},
    [TABLE_RETURNS] = {"returns/returns/data/returns.csv",
                       "return_id,order_id,sku,quantity,reason,returned_at,refund_cents"},
    [TABLE_CUSTOMERS_NPII] = {"accounts/customers/data/customers_npii.csv",
                              "customer_id,country,zip3,registered_at,segment,rating"},
    [TABLE_CUSTOMERS_PII] = {"accounts/customers/data/customers_pii.csv",
                             "customer_id,name,email,street,city,birth_date"},
    [TABLE_ACCOUNT_BALANCES] = {"accounts/account-balances/data/account_balances.csv",
                                "customer_id,balance_cents,as_of",
                                "2026-09-30T04:40:00Z"},
    [TABLE_TOMBSTONES] = {"accounts/tombstones/data/tombstones.csv",
                          "customer_id,erased_at"},
    [TABLE_CUSTOMER_360] = {"customer-360/customer-360/data/customers.csv",
                            "customer_id,orders,revenue_cents,returns,open_cents,"
                            "last_order_at,avg_delivery_days,rating"},
    [TABLE_SCORES] = {"recommendation/recommendation-scores/data/scores.csv.gz",
                      "customer_id,sku,score,model_version,computed_at"},
    [TABLE_COHORTS] = {"marketing/customer-cohorts/data/cohorts.csv",
                       "cohort_month,month_n,customers,revenue_cents"},
    [TABLE_FUNNEL] = {"marketing/funnel-analytics/data/funnel.csv", "day,step,sessions"},
    [TABLE_ARTICLE_MONTHS] =
        {"controlling/article-profitability-analysis/data/article_months.csv",
         "sku,month,revenue_cents,cost_cents,returns_cents,margin_cents"},
    [TABLE_PERFORMANCE] =
        {"controlling/monthly-target-performance-report/data/performance.csv",
         "month,kpi,target,actual"},
};

const struct demo_file *demo_file_at(size_t index)
{
    return index < TABLE_COUNT ? &layout[index] : NULL;
}

static int whole_root(int number)
{
    int root = 1;
    while ((root + 1) * (root + 1) <= number) {
        root++;
    }
    return root;
}

static void world_init(struct world *world, int scale, uint64_t seed)
{
    *world = (struct world){.seed = seed, .scale = scale, .root = whole_root(scale)};
    for (int i = 0; i < TABLE_COUNT; i++) {
        world->tables[i].fd = -1;
    }
    world->random.state = random_mix(seed);
    world->query_counts =
        memory_new_many(words_query_count(), sizeof *world->query_counts);
    calendar_init(&world->calendar);
    assortment_init(world);
    people_init(world);
    stock_init(world);
}

static void world_release(struct world *world)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        table_release(&world->tables[i]);
    }
    free(world->articles);
    free(world->article_months);
    free(world->customers);
    free(world->query_counts);
    free(world->held);
}

static bool open_tables(struct world *world, const char *dir, struct error *err)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        char *path = path_join(dir, layout[i].path);
        char *folder = path_folder(path);
        bool done =
            path_make_folders(folder, err) &&
            table_open(&world->tables[i], dir, layout[i].path, layout[i].header, err);
        free(folder);
        free(path);
        if (!done) {
            return false;
        }
    }
    return true;
}

/* A full disk is noticed within days, not at the end of two years. */
static bool tables_are_well(const struct world *world)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (table_failed(&world->tables[i])) {
            return false;
        }
    }
    return true;
}

static bool play(struct world *world, demo_progress_fn progress, void *arg,
                 struct error *err)
{
    for (int day = 0; day < CALENDAR_DAYS && tables_are_well(world); day++) {
        if (day % PROGRESS_EVERY_DAYS == 0 && progress != NULL &&
            !progress(arg, day, CALENDAR_DAYS)) {
            return error_set(err, ERROR_CANCELLED,
                             "making the data of the sandbox was cancelled; the next run "
                             "makes it again");
        }
        assortment_open_day(world, day);
        visits_play(world, day);
        stock_close_day(world, day);
        reports_close_day(world, day);
    }
    assortment_write(world);
    stock_write(world);
    people_write(world);
    reports_write(world);
    return true;
}

/* Freshness is judged by the times of files. */
static void date_table(const struct table *table, const struct demo_file *file)
{
    static const char last_morning[] = "2026-10-01T05:20:00Z";
    long long seconds;
    if (path_read_instant(file->changed != NULL ? file->changed : last_morning,
                          &seconds)) {
        struct timespec times[2] = {{.tv_sec = (time_t)seconds},
                                    {.tv_sec = (time_t)seconds}};
        utimensat(AT_FDCWD, table->part, times, 0);
    }
}

static bool put_in_place(struct world *world, struct error *err)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (!table_finish(&world->tables[i], err)) {
            return false;
        }
    }
    for (int i = 0; i < TABLE_COUNT; i++) {
        date_table(&world->tables[i], &layout[i]);
    }
    for (int i = 0; i < TABLE_COUNT; i++) {
        if (!table_commit(&world->tables[i], err)) {
            return false;
        }
    }
    return true;
}

bool demo_generate(const struct demo_spec *spec, demo_progress_fn progress, void *arg,
                   struct error *err)
{
    int scale = spec->scale == 0 ? 1 : spec->scale;
    if (scale < 1 || scale > DEMO_SCALE_MAX) {
        return error_set(
            err, ERROR_USAGE,
            "could not make the sandbox at scale %d: the scale goes from 1 to %d",
            spec->scale, DEMO_SCALE_MAX);
    }
    struct world *world = memory_new(sizeof *world);
    world_init(world, scale, spec->seed == 0 ? usual_seed : spec->seed);
    bool done = open_tables(world, spec->dir, err) && play(world, progress, arg, err) &&
                put_in_place(world, err);
    world_release(world);
    free(world);
    if (done && progress != NULL) {
        progress(arg, CALENDAR_DAYS, CALENDAR_DAYS);
    }
    return done;
}
