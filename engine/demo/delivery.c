/* delivery: carriers with their habits, broken promises, and what comes back.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"

enum {
    HOUR = 3600,
    LOST_PER_10000 = 30,
    LATE_RETURN_PER_MILLE = 1650,      /* how much more of a late parcel comes back */
    VARIANT_B_RETURN_PER_MILLE = 1450, /* larger pictures, fewer facts */
    CAMPAIGN_RETURN_PER_MILLE = 1250,
    CREDIT_DAYS = 10, /* refunds are paid out after so many days */
};

struct carrier {
    const char *name;
    int promised_days;
    int fastest_hours, slowest_hours; /* when nothing goes wrong */
    int late_per_10000;
    int late_black_week_per_10000;
    int late_days; /* at most */
};

enum carrier_id { HARE, UNION, TORTOISE, BIKE };
static const struct carrier carriers[] = {
    [HARE] = {"Hare Express", 2, 16, 34, 2300, 3000, 4},
    [UNION] = {"Union Post", 4, 38, 74, 900, 4600, 7},
    [TORTOISE] = {"Tortoise Parcel", 7, 84, 130, 250, 600, 3},
    [BIKE] = {"Cargo Bike", 3, 8, 24, 300, 500, 2},
};

struct parcel {
    const struct carrier *carrier;
    int32_t promised_at, shipped_at, delivered_at;
    bool is_lost;
};

static const struct carrier *choose_carrier(struct world *world,
                                            const struct order *order)
{
    uint32_t drawn = random_below(&world->random, 100);
    if (order->option[0] == 'p') {
        return &carriers[BIKE];
    }
    if (order->option[0] == 'e') {
        return &carriers[drawn < 88 ? HARE : BIKE];
    }
    return &carriers[drawn < 22 ? HARE : drawn < 66 ? UNION : TORTOISE];
}

static bool is_black_week(const struct world *world, int day)
{
    const struct campaign *campaign = calendar_campaign(&world->calendar, day);
    return campaign != NULL && campaign->black_week;
}

static void carry(struct world *world, const struct order *order, struct parcel *parcel)
{
    struct random *random = &world->random;
    const struct carrier *carrier = parcel->carrier;
    bool rush = is_black_week(world, order->day);
    parcel->promised_at = (order->day + carrier->promised_days + 1) * DAY_SECONDS - 1;
    parcel->shipped_at =
        order->at + random_between(random, 2 * HOUR, rush ? 40 * HOUR : 18 * HOUR);
    if (calendar_weekday(calendar_day_of_instant(parcel->shipped_at)) == 6) {
        parcel->shipped_at += DAY_SECONDS; /* nothing leaves on Sundays */
    }
    int slow = rush ? 12 : 0;
    int32_t hours = random_between(random, carrier->fastest_hours + slow,
                                   carrier->slowest_hours + 2 * slow);
    parcel->delivered_at =
        parcel->shipped_at + hours * HOUR + random_between(random, 0, 3599);
    int late = rush ? carrier->late_black_week_per_10000 : carrier->late_per_10000;
    if (random_chance(random, late)) {
        parcel->delivered_at =
            parcel->promised_at + 9 * HOUR +
            random_between(random, 0, carrier->late_days * DAY_SECONDS);
    } else if (parcel->delivered_at > parcel->promised_at) {
        int32_t in_time =
            parcel->promised_at - random_between(random, 3 * HOUR, 14 * HOUR);
        /* A parcel that left too late cannot be in time. */
        parcel->delivered_at =
            in_time > parcel->shipped_at + 4 * HOUR ? in_time : parcel->delivered_at;
    }
    parcel->is_lost = random_chance(random, LOST_PER_10000);
}

static void put_parcel(struct world *world, const struct order *order,
                       const struct parcel *parcel)
{
    struct table *table = world_table(world, TABLE_SHIPMENTS);
    bool shipped = parcel->shipped_at < CALENDAR_END;
    bool delivered = !parcel->is_lost && parcel->delivered_at < CALENDAR_END;
    table_begin_row(table);
    table_integer(table, ++world->parcels);
    orders_put_number(table, order->number);
    table_text(table, parcel->carrier->name);
    table_instant(table, &world->calendar, parcel->promised_at);
    if (shipped) {
        table_instant(table, &world->calendar, parcel->shipped_at);
    } else {
        table_empty(table);
    }
    if (delivered) {
        table_instant(table, &world->calendar, parcel->delivered_at);
    } else {
        table_empty(table);
    }
    table_text(table, !shipped          ? "preparing"
                      : delivered       ? "delivered"
                      : parcel->is_lost ? "lost"
                                        : "in_transit");
    table_end_row(table);
}

static int return_chance(const struct world *world, const struct order *order,
                         const struct line *line)
{
    const struct article *article = &world->articles[line->article];
    int64_t chance = words_categories[article->category].returned_per_10000;
    if (order->late) {
        chance = chance * LATE_RETURN_PER_MILLE / 1000;
    }
    if (order->visit->variant == 'B' && !order->visit->saw_both) {
        chance = chance * VARIANT_B_RETURN_PER_MILLE / 1000;
    }
    if (calendar_campaign(&world->calendar, order->day) != NULL) {
        chance = chance * CAMPAIGN_RETURN_PER_MILLE / 1000;
    }
    return order->visit->is_fraud ? 0 : (int)chance;
}

static const char *choose_reason(struct world *world, const struct order *order,
                                 const struct line *line)
{
    uint32_t drawn = random_below(&world->random, 100);
    if (order->late && drawn < 38) {
        return "too_late";
    }
    if (order->visit->variant == 'B' && drawn < 62) {
        return "not_as_shown";
    }
    drawn = random_below(&world->random, 100);
    if (world->articles[line->article].category < 2 && drawn < 60) {
        return "does_not_fit";
    }
    return drawn % 4 == 0 ? "not_as_shown" : drawn % 4 == 1 ? "damaged" : "changed_mind";
}

static void put_return(struct world *world, const struct order *order,
                       const struct line *line, int32_t at)
{
    struct table *table = world_table(world, TABLE_RETURNS);
    struct line back = *line;
    if (back.quantity > 1 && random_chance(&world->random, 5000)) {
        back.quantity = 1;
    }
    int32_t refund = back.quantity * back.price;
    table_begin_row(table);
    table_integer(table, ++world->returns);
    orders_put_number(table, order->number);
    assortment_put_sku(table, world, back.article);
    table_integer(table, back.quantity);
    table_text(table, choose_reason(world, order, line));
    table_instant(table, &world->calendar, at);
    table_integer(table, refund);
    table_end_row(table);
    struct customer *customer = &world->customers[order->customer];
    customer->returns++;
    if (at >= CALENDAR_END - CREDIT_DAYS * DAY_SECONDS) {
        customer->credit += (uint32_t)refund;
    }
    reports_count_return(world, &back, refund, calendar_day_of_instant(at));
}

static void take_back(struct world *world, const struct order *order,
                      int32_t delivered_at)
{
    for (int i = 0; i < order->line_count; i++) {
        if (!random_chance(&world->random,
                           return_chance(world, order, &order->lines[i]))) {
            continue;
        }
        int32_t at = delivered_at +
                     random_between(&world->random, 3 * DAY_SECONDS, 18 * DAY_SECONDS);
        if (at < CALENDAR_END) {
            put_return(world, order, &order->lines[i], at);
        }
    }
}

void delivery_send(struct world *world, struct order *order)
{
    struct parcel parcel = {.carrier = choose_carrier(world, order)};
    carry(world, order, &parcel);
    put_parcel(world, order, &parcel);
    if (parcel.is_lost || parcel.delivered_at >= CALENDAR_END) {
        return;
    }
    struct customer *customer = &world->customers[order->customer];
    customer->parcels++;
    customer->parcel_minutes += (uint32_t)(parcel.delivered_at - parcel.shipped_at) / 60;
    order->late = parcel.delivered_at > parcel.promised_at;
    if (order->late) {
        customer->late_day = (int16_t)calendar_day_of_instant(parcel.delivered_at);
    }
    take_back(world, order, parcel.delivered_at);
}
