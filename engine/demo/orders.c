/* orders: what a visitor puts into the basket, what becomes of the order, how it is paid.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"

enum {
    FIRST_NUMBER = 1000001,
    RESET_DAY = 125,    /* 2025-02-03, planted: the counter starts again ... */
    REUSED_NUMBERS = 6, /* ... and gives so many old numbers, at scale 1 */
    SLIP_PER_10000 = 7, /* planted: unit prices a hundred times too high */
    SLIP_FROM_CENTS = 1500,
    FREE_FROM_CENTS = 5000,    /* outside of campaigns */
    FILL_UP_FROM_CENTS = 3000, /* from here on people add something to reach it */
    STANDARD_CENTS = 490,
    EXPRESS_CENTS = 990,
    DUE_DAYS = 14,
};

enum outcome { OUTCOME_CONFIRMED, OUTCOME_REJECTED, OUTCOME_ABORTED };
static const char *const outcome_names[] = {"confirmed", "rejected", "aborted"};

struct payment {
    const char *method, *status;
    int32_t paid_at, charged_back_at; /* 0: not */
    int32_t issued_at;                /* of the invoice, 0: none */
};

void orders_put_number(struct table *table, uint32_t number)
{
    table_bytes(table, "O-", 2);
    table_digits(table, number, 7);
    table_comma(table);
}

static bool has_line(const struct order *order, size_t article)
{
    for (int i = 0; i < order->line_count; i++) {
        if (order->lines[i].article == article) {
            return true;
        }
    }
    return false;
}

static void add_line(struct world *world, struct order *order, size_t article)
{
    if (order->line_count == ORDER_LINES || has_line(order, article)) {
        return;
    }
    uint32_t drawn = random_below(&world->random, 100);
    int quantity = drawn < 84 ? 1 : drawn < 95 ? 2 : 3;
    if (order->visit->is_fraud) {
        quantity = 2 + (int)(drawn % 3);
    }
    order->lines[order->line_count++] =
        (struct line){.article = article,
                      .quantity = quantity,
                      .price = world->articles[article].price};
    order->total += quantity * world->articles[article].price;
}

static void choose_shipping(struct world *world, struct order *order)
{
    uint32_t drawn = random_below(&world->random, 100);
    order->option = drawn < 78 ? "standard" : drawn < 92 ? "express" : "pickup";
    if (order->visit->is_fraud) {
        order->option = "express";
    }
    const struct campaign *campaign = calendar_campaign(&world->calendar, order->day);
    int free_from =
        campaign != NULL ? campaign->free_shipping_from_cents : FREE_FROM_CENTS;
    if (order->option[0] == 'e') {
        order->fee = EXPRESS_CENTS;
    } else if (order->option[0] == 's' && order->total < free_from) {
        order->fee = STANDARD_CENTS;
    }
}

static void fill_basket(struct world *world, struct order *order)
{
    const struct visit *visit = order->visit;
    struct random *random = &world->random;
    int last = visit->article_count - 1;
    add_line(world, order, visit->articles[last]);
    for (int i = 0; i < last; i++) {
        if (random_chance(random, 4800)) {
            add_line(world, order, visit->articles[i]);
        }
    }
    const struct campaign *campaign = calendar_campaign(&world->calendar, order->day);
    bool free_anyway =
        campaign != NULL && campaign->free_shipping_from_cents < FILL_UP_FROM_CENTS;
    if (order->total >= FILL_UP_FROM_CENTS && order->total < FREE_FROM_CENTS &&
        !free_anyway && !visit->is_fraud && random_chance(random, 4500)) {
        add_line(world, order, assortment_pick(world, visit->category, order->day));
    }
    choose_shipping(world, order);
}

static uint32_t next_number(struct world *world, int day)
{
    uint32_t today = world->orders_today++;
    if (day == RESET_DAY && today < (uint32_t)(REUSED_NUMBERS * world->scale)) {
        return FIRST_NUMBER + today;
    }
    return FIRST_NUMBER + world->orders_numbered++;
}

static enum outcome judge(struct world *world, const struct order *order)
{
    int rating = people_rating(world, order->customer);
    int rejected = order->visit->is_fraud ? 2200 : rating >= 4 ? 1200 : 200;
    if (random_chance(&world->random, rejected)) {
        return OUTCOME_REJECTED;
    }
    /* A price without free shipping makes some turn round at the last step. */
    int aborted = order->visit->is_fraud ? 0 : order->fee > 0 ? 750 : 380;
    return random_chance(&world->random, aborted) ? OUTCOME_ABORTED : OUTCOME_CONFIRMED;
}

static void put_order(struct world *world, const struct order *order,
                      enum outcome outcome)
{
    struct table *table = world_table(world, TABLE_ORDERS);
    table_begin_row(table);
    orders_put_number(table, order->number);
    table_integer(table, order->visit->session);
    people_put_id(table, order->customer);
    table_text(table, outcome_names[outcome]);
    table_instant(table, &world->calendar, order->at);
    table_integer(table, order->total);
    table_integer(table, order->fee);
    table_text(table, order->option);
    table_text(table, "EUR");
    table_end_row(table);

    table = world_table(world, TABLE_LINE_ITEMS);
    for (int i = 0; i < order->line_count; i++) {
        const struct line *line = &order->lines[i];
        bool slip = line->price >= SLIP_FROM_CENTS &&
                    random_chance(&world->random, SLIP_PER_10000);
        table_begin_row(table);
        table_integer(table, ++world->lines);
        orders_put_number(table, order->number);
        assortment_put_sku(table, world, line->article);
        table_integer(table, line->quantity);
        table_integer(table, slip ? line->price * INT64_C(100) : line->price);
        table_end_row(table);
    }
}

static void settle_invoice(struct world *world, const struct order *order,
                           struct payment *payment)
{
    static const int never_per_10000[6] = {0, 60, 120, 300, 900, 2600};
    struct random *random = &world->random;
    payment->issued_at = order->at + random_between(random, 6, 40) * 3600;
    if (random_chance(random, never_per_10000[people_rating(world, order->customer)])) {
        return;
    }
    int hours = random_between(random, 30, 24 * (DUE_DAYS - 1));
    if (random_chance(random, 1500)) {
        hours += 24 * random_between(random, 4, 30); /* after a reminder */
    }
    payment->paid_at = payment->issued_at + hours * 3600;
}

static void choose_method(struct world *world, const struct order *order,
                          struct payment *payment)
{
    struct random *random = &world->random;
    uint32_t drawn = random_below(random, 100);
    if (order->visit->is_fraud || drawn < 42) {
        payment->method = "card";
        payment->paid_at = order->at + random_between(random, 5, 90);
    } else if (drawn < 68) {
        payment->method = "wallet";
        payment->paid_at = order->at + random_between(random, 5, 90);
    } else if (drawn < 95) {
        payment->method = "invoice";
        settle_invoice(world, order, payment);
    } else {
        payment->method = "prepayment";
        payment->paid_at = order->at + random_between(random, 10, 100) * 3600;
    }
    int charged_back = order->visit->is_fraud ? 9000 : 25;
    if (payment->method[0] == 'c' && random_chance(random, charged_back)) {
        payment->charged_back_at = payment->paid_at +
                                   random_between(random, 12, 58) * DAY_SECONDS +
                                   random_between(random, 0, 40000);
    }
}

/* What lies behind the end of the data has not happened yet. */
static int32_t if_happened(int32_t instant)
{
    return instant < CALENDAR_END ? instant : 0;
}

static void put_optional_instant(struct table *table, const struct world *world,
                                 int32_t instant)
{
    if (instant > 0) {
        table_instant(table, &world->calendar, instant);
    } else {
        table_empty(table);
    }
}

static void put_payment(struct world *world, const struct order *order,
                        const struct payment *payment)
{
    struct table *table = world_table(world, TABLE_PAYMENTS);
    table_begin_row(table);
    table_integer(table, ++world->payments);
    orders_put_number(table, order->number);
    table_text(table, payment->method);
    table_integer(table, order->total + order->fee);
    table_text(table, payment->status);
    put_optional_instant(table, world, payment->paid_at);
    put_optional_instant(table, world, payment->charged_back_at);
    table_end_row(table);
}

static void put_invoice(struct world *world, const struct order *order,
                        const struct payment *payment)
{
    struct table *table = world_table(world, TABLE_INVOICES);
    table_begin_row(table);
    table_integer(table, ++world->invoices);
    orders_put_number(table, order->number);
    people_put_id(table, order->customer);
    table_integer(table, order->total + order->fee);
    table_instant(table, &world->calendar, payment->issued_at);
    table_instant(table, &world->calendar, payment->issued_at + DUE_DAYS * DAY_SECONDS);
    put_optional_instant(table, world, payment->paid_at);
    people_put_email(table, order->customer); /* planted: nobody classified this column */
    table_end_row(table);
    if (payment->paid_at == 0) {
        world->customers[order->customer].open += (uint32_t)(order->total + order->fee);
    }
}

/* Ask for the money. True: it has come, even if it was taken back later. */
static bool collect(struct world *world, struct order *order, enum outcome outcome)
{
    struct payment payment = {0};
    choose_method(world, order, &payment);
    if (outcome == OUTCOME_REJECTED) {
        payment.status = "failed";
        payment.paid_at = payment.charged_back_at = 0;
        put_payment(world, order, &payment);
        return false;
    }
    payment.paid_at = if_happened(payment.paid_at);
    payment.charged_back_at = if_happened(payment.charged_back_at);
    payment.status = payment.charged_back_at > 0 ? "charged_back"
                     : payment.paid_at > 0       ? "paid"
                                                 : "open";
    put_payment(world, order, &payment);
    if (payment.issued_at > 0 && payment.issued_at < CALENDAR_END) {
        put_invoice(world, order, &payment);
    }
    return payment.paid_at > 0;
}

bool orders_take(struct world *world, struct visit *visit)
{
    visit->at += random_between(&world->random, 50, 280);
    struct order order = {.customer = visit->customer,
                          .visit = visit,
                          .day = visit->day,
                          .at = visit->at,
                          .number = next_number(world, visit->day)};
    fill_basket(world, &order);
    enum outcome outcome = judge(world, &order);
    put_order(world, &order, outcome);
    if (outcome == OUTCOME_ABORTED) {
        return false;
    }
    bool paid = collect(world, &order, outcome);
    if (outcome == OUTCOME_REJECTED) {
        return false;
    }
    for (int i = 0; i < order.line_count; i++) {
        stock_take(world, order.lines[i].article, order.lines[i].quantity, order.at);
    }
    reports_count_order(world, &order);
    delivery_send(world, &order);
    return paid;
}
