/* stock: pieces in three warehouses, told as events that come twice, late, out of order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"
#include "engine/text.h"

enum {
    TWICE_PER_10000 = 45, /* planted */
    LATE_PER_10000 = 60,  /* planted */
    FILL_UP_BELOW = 6,    /* pieces, at scale 1 */
    FILL_UP = 30,
    COUNTED_PER_10000 = 12, /* articles whose stock is counted by hand on a day */
    ARCHIVE_DAYS = 92,      /* events before 2025-01-01 are in the archive */
    UNSOLD_SECONDS = 183 * DAY_SECONDS,
};

static const char *const locations[LOCATIONS] = {"north", "west", "south"};

static void put_event(struct world *world, const struct held_event *event)
{
    bool archived = event->happened < ARCHIVE_DAYS * DAY_SECONDS;
    struct table *table =
        world_table(world, archived ? TABLE_STOCK_UPDATES_2024 : TABLE_STOCK_UPDATES);
    if (event->received >= CALENDAR_END) {
        return;
    }
    table_begin_row(table);
    table_integer(table, event->event);
    assortment_put_sku(table, world, event->article);
    table_text(table, locations[event->location]);
    table_integer(table, event->available);
    table_instant(table, &world->calendar, event->happened);
    table_instant(table, &world->calendar, event->received);
    table_end_row(table);
}

static void hold(struct world *world, const struct held_event *event)
{
    if (world->held_count == world->held_capacity) {
        world->held_capacity = world->held_capacity * 2 + 64;
        world->held =
            memory_resize(world->held, world->held_capacity * sizeof *world->held);
    }
    world->held[world->held_count++] = *event;
}

static void tell(struct world *world, size_t article, int location, int32_t at)
{
    struct random *random = &world->random;
    struct article *of = &world->articles[article];
    of->stock_at[location] = at;
    struct held_event event = {.event = ++world->stock_events,
                               .article = (uint32_t)article,
                               .location = location,
                               .available = of->stock[location],
                               .happened = at,
                               .received = at + random_between(random, 1, 240)};
    if (random_chance(random, LATE_PER_10000)) {
        event.received += random_between(random, 26 * 3600, 6 * DAY_SECONDS);
        hold(world, &event);
        return;
    }
    put_event(world, &event);
    if (random_chance(random, TWICE_PER_10000)) {
        event.received += random_between(random, 30, 7200);
        hold(world, &event);
    }
}

static int fill_up_quantity(const struct world *world)
{
    return FILL_UP * world->root;
}

void stock_init(struct world *world)
{
    for (size_t i = 0; i < world->article_count; i++) {
        world->articles[i].needs_stock = true;
    }
}

void stock_take(struct world *world, size_t index, int quantity, int32_t at)
{
    struct article *article = &world->articles[index];
    article->last_sold = at;
    int fullest = 0;
    for (int i = 1; i < LOCATIONS; i++) {
        fullest = article->stock[i] > article->stock[fullest] ? i : fullest;
    }
    int32_t left = article->stock[fullest] - quantity;
    article->stock[fullest] = left > 0 ? left : 0;
    article->needs_stock = article->needs_stock || left < FILL_UP_BELOW * world->root;
    tell(world, index, fullest, at + 20);
}

static void fill_up(struct world *world, size_t index, int32_t at)
{
    struct article *article = &world->articles[index];
    article->needs_stock = false;
    for (int i = 0; i < LOCATIONS; i++) {
        if (article->stock[i] < FILL_UP_BELOW * world->root) {
            article->stock[i] +=
                fill_up_quantity(world) + (int)random_below(&world->random, FILL_UP);
            tell(world, index, i, at + i * 40);
        }
    }
}

/* The held events whose time has come, in the order in which they arrive. */
static void release_held(struct world *world, int32_t before)
{
    size_t kept = 0;
    for (size_t i = 0; i < world->held_count; i++) {
        if (world->held[i].received < before) {
            put_event(world, &world->held[i]);
        } else {
            world->held[kept++] = world->held[i];
        }
    }
    world->held_count = kept;
}

void stock_close_day(struct world *world, int day)
{
    int32_t at = (day + 1) * DAY_SECONDS - 1500;
    release_held(world, at);
    for (size_t i = 0; i < world->article_count; i++) {
        struct article *article = &world->articles[i];
        bool on_sale = article->first_day <= day && day < article->last_day;
        bool asleep = day >= article->sleeps_from && article->stock_at[0] != 0;
        if (on_sale && !asleep && article->needs_stock) {
            fill_up(world, i, at);
        } else if (on_sale && random_chance(&world->random, COUNTED_PER_10000) &&
                   article->stock[0] > 1) {
            article->stock[0] -= (int32_t)random_below(&world->random, 2);
            tell(world, i, 0, at);
        }
    }
}

static void write_article(struct world *world, size_t index)
{
    struct article *article = &world->articles[index];
    int32_t total = 0, latest = 0;
    for (int i = 0; i < LOCATIONS; i++) {
        struct table *table = world_table(world, TABLE_STOCK);
        table_begin_row(table);
        assortment_put_sku(table, world, index);
        table_text(table, locations[i]);
        table_integer(table, article->stock[i]);
        table_instant(table, &world->calendar, article->stock_at[i]);
        table_end_row(table);
        total += article->stock[i];
        latest = article->stock_at[i] > latest ? article->stock_at[i] : latest;
    }
    struct table *table = world_table(world, TABLE_STOCK_LEVELS);
    table_begin_row(table);
    assortment_put_sku(table, world, index);
    table_integer(table, total);
    table_instant(table, &world->calendar, latest);
    table_end_row(table);
    /* Compared apart, since nothing can be taken from "never". */
    bool never_sold = article->last_sold == INT32_MIN;
    if (total == 0 ||
        (!never_sold && article->last_sold >= CALENDAR_END - UNSOLD_SECONDS)) {
        return;
    }
    table = world_table(world, TABLE_SHELF_WARMERS);
    table_begin_row(table);
    assortment_put_sku(table, world, index);
    table_integer(table, total);
    if (never_sold) {
        table_empty(table);
    } else {
        table_instant(table, &world->calendar, article->last_sold);
    }
    table_end_row(table);
}

void stock_write(struct world *world)
{
    release_held(world, CALENDAR_END);
    for (size_t i = 0; i < world->article_count; i++) {
        if (world->articles[i].stock_at[0] != 0) {
            write_article(world, i);
        }
    }
}
