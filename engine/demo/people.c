/* people: customer accounts, who of them comes back, and the tables about them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"
#include "engine/text.h"

enum {
    FIRST_CUSTOMERS = 1400, /* at scale 1, accounts that are older than the data */
    FIRST_ID = 100001,
    HEAVY_PERCENT = 22, /* customers who come six times as often */
    ERASED_PER_1000 = 18,
    UNHAPPY_DAYS = 120, /* so long a late parcel is remembered */
    STALE_DAYS = 30,    /* planted: the 360 degree view forgets once a month */
    SCORES_EACH = 5,
};

static uint64_t fact_of(const struct world *world, enum fact kind, size_t customer)
{
    return random_of(world->seed, kind, customer);
}

static int erased_day(const struct world *world, size_t customer, int registered)
{
    uint64_t fact = fact_of(world, FACT_ERASED, customer);
    if (fact % 1000 >= ERASED_PER_1000) {
        return NEVER;
    }
    int first = (registered > 0 ? registered : 0) + 30;
    int day = first + (int)(fact / 1000 % 600);
    return day < CALENDAR_DAYS ? day : NEVER;
}

static size_t add_customer(struct world *world, int day)
{
    if (world->customer_count == world->customer_capacity) {
        world->customer_capacity = world->customer_capacity * 2 + 1024;
        world->customers = memory_resize(world->customers, world->customer_capacity *
                                                               sizeof *world->customers);
    }
    size_t index = world->customer_count++;
    world->customers[index] = (struct customer){
        .registered_day = (int16_t)day,
        .erased_day = (int16_t)erased_day(world, index, day),
        .late_day = INT16_MIN,
        .first_month = -1,
        .last_month = -1,
        .seen = {UINT16_MAX, UINT16_MAX, UINT16_MAX},
    };
    return index;
}

void people_init(struct world *world)
{
    int count = FIRST_CUSTOMERS * world->scale;
    for (int i = 0; i < count; i++) {
        add_customer(world, -900 + (int)((int64_t)i * 900 / count));
    }
}

size_t people_register(struct world *world, int day)
{
    world->kpis[world->calendar.month[day]][KPI_NEW_CUSTOMERS]++;
    return add_customer(world, day);
}

bool people_is_unhappy(const struct customer *customer, int day)
{
    return customer->late_day < day && day <= customer->late_day + UNHAPPY_DAYS;
}

size_t people_pick(struct world *world, int day)
{
    size_t index = 0;
    for (int tries = 0; tries < 12; tries++) {
        index = random_below(&world->random, (uint32_t)world->customer_count);
        const struct customer *customer = &world->customers[index];
        if (customer->erased_day <= day) {
            continue;
        }
        bool heavy = fact_of(world, FACT_ACTIVE, index) % 100 < HEAVY_PERCENT;
        int willing = heavy ? 9600 : 1600;
        if (people_is_unhappy(customer, day)) {
            willing /= 2;
        }
        if (random_chance(&world->random, willing)) {
            break;
        }
    }
    /* Whoever was drawn last comes, unless erased: then customer 0 of the fallback. */
    while (world->customers[index].erased_day <= day) {
        index = (index + 1) % world->customer_count;
    }
    return index;
}

int people_rating(const struct world *world, size_t customer)
{
    uint32_t percent = random_of_below(fact_of(world, FACT_RATING, customer), 100);
    return percent < 38 ? 1 : percent < 70 ? 2 : percent < 87 ? 3 : percent < 96 ? 4 : 5;
}

int32_t people_registered_at(const struct world *world, size_t customer)
{
    uint64_t fact = fact_of(world, FACT_REGISTERED, customer);
    /* New customers register early in the day on which they first come. */
    return world->customers[customer].registered_day * DAY_SECONDS +
           (int32_t)random_of_below(fact, 1200);
}

void people_put_id(struct table *table, size_t customer)
{
    table_bytes(table, "C-", 2);
    table_digits(table, FIRST_ID + customer, 6);
    table_comma(table);
}

void people_put_email(struct table *table, size_t customer)
{
    table_bytes(table, "c", 1);
    table_digits(table, FIRST_ID + customer, 6);
    table_text(table, "@mail.example.org");
}

static uint32_t zip_of(const struct world *world, size_t customer)
{
    uint64_t fact = fact_of(world, FACT_PLACE, customer);
    uint64_t share = (fact >> 8 & 255) * (fact >> 16 & 255); /* towns and villages */
    return 100 + (uint32_t)(share * 40 >> 16) * 21;
}

static void put_npii(struct world *world, size_t index)
{
    struct table *table = world_table(world, TABLE_CUSTOMERS_NPII);
    const struct customer *customer = &world->customers[index];
    table_begin_row(table);
    people_put_id(table, index);
    table_text(table, words_country(fact_of(world, FACT_PLACE, index)));
    table_integer(table, zip_of(world, index));
    table_instant(table, &world->calendar, people_registered_at(world, index));
    table_text(table, customer->orders >= 8   ? "gold"
                      : customer->orders >= 2 ? "regular"
                                              : "new");
    table_integer(table, people_rating(world, index));
    table_end_row(table);
}

static void put_pii(struct world *world, size_t index)
{
    struct table *table = world_table(world, TABLE_CUSTOMERS_PII);
    const char *country = words_country(fact_of(world, FACT_PLACE, index));
    uint64_t birth = fact_of(world, FACT_BIRTH, index);
    char text[WORDS_NAME_SIZE];
    table_begin_row(table);
    people_put_id(table, index);
    words_person(fact_of(world, FACT_PERSON, index), text);
    table_text(table, text);
    people_put_email(table, index);
    words_street(fact_of(world, FACT_STREET, index), text);
    table_text(table, text);
    table_text(table, words_city(country, zip_of(world, index)));
    table_digits(table, 1942 + birth % 65, 4);
    table_bytes(table, "-", 1);
    table_digits(table, 1 + birth / 100 % 12, 2);
    table_bytes(table, "-", 1);
    table_digits(table, 1 + birth / 10000 % 28, 2);
    table_comma(table);
    table_end_row(table);
}

static void put_balance(struct world *world, size_t index)
{
    struct table *table = world_table(world, TABLE_ACCOUNT_BALANCES);
    const struct customer *customer = &world->customers[index];
    table_begin_row(table);
    people_put_id(table, index);
    table_integer(table, (int64_t)customer->credit - customer->open);
    table_date(table, &world->calendar, CALENDAR_DAYS - 1);
    table_end_row(table);
}

static void put_tombstone(struct world *world, size_t index)
{
    struct table *table = world_table(world, TABLE_TOMBSTONES);
    int32_t second = (int32_t)(fact_of(world, FACT_ERASED, index) >> 40) % 20000;
    table_begin_row(table);
    people_put_id(table, index);
    table_instant(table, &world->calendar,
                  world->customers[index].erased_day * DAY_SECONDS + 30000 + second);
    table_end_row(table);
}

static void put_360(struct world *world, size_t index)
{
    struct table *table = world_table(world, TABLE_CUSTOMER_360);
    const struct customer *customer = &world->customers[index];
    table_begin_row(table);
    people_put_id(table, index);
    table_integer(table, customer->orders);
    table_integer(table, customer->revenue);
    table_integer(table, customer->returns);
    table_integer(table, customer->open);
    if (customer->orders > 0) {
        table_instant(table, &world->calendar, customer->last_order);
    } else {
        table_empty(table);
    }
    if (customer->parcels > 0) {
        uint32_t hundredths = customer->parcel_minutes / customer->parcels * 100 / 1440;
        table_decimal(table, hundredths, 2);
    } else {
        table_empty(table);
    }
    table_decimal(table, people_rating(world, index) * 10, 1);
    table_end_row(table);
}

static void put_score(struct world *world, size_t index, size_t article, int place)
{
    struct table *table = world_table(world, TABLE_SCORES);
    uint64_t fact = random_of(world->seed, FACT_SCORE, index * SCORES_EACH + place);
    table_begin_row(table);
    people_put_id(table, index);
    assortment_put_sku(table, world, article);
    table_decimal(table, 9600 - 1700 * place + random_of_below(fact, 900), 4);
    table_text(table, "m2026.09");
    table_instant(table, &world->calendar, CALENDAR_END - 3600);
    table_end_row(table);
}

/* First what the customer looked at last, then the best sellers, no article twice. */
static void put_scores(struct world *world, size_t index)
{
    const struct customer *customer = &world->customers[index];
    size_t chosen[SCORES_EACH] = {0};
    int count = 0;
    for (int i = 0; count < SCORES_EACH; i++) {
        size_t article = i < 3 ? customer->seen[i] : (size_t)(i - 3 + index) % 8;
        if (article == UINT16_MAX ||
            !assortment_sells(&world->articles[article], CALENDAR_DAYS - 1)) {
            continue;
        }
        bool is_new = true;
        for (int j = 0; j < count; j++) {
            is_new = is_new && chosen[j] != article;
        }
        if (is_new) {
            chosen[count] = article;
            put_score(world, index, article, count++);
        }
    }
}

void people_write(struct world *world)
{
    for (size_t i = 0; i < world->customer_count; i++) {
        const struct customer *customer = &world->customers[i];
        bool erased = customer->erased_day < CALENDAR_DAYS;
        if (erased) {
            put_tombstone(world, i);
        } else {
            put_npii(world, i);
            put_pii(world, i);
            put_scores(world, i);
            if (customer->orders > 0) {
                put_balance(world, i);
            }
        }
        if (!erased || customer->erased_day >= CALENDAR_DAYS - STALE_DAYS) {
            put_360(world, i);
        }
    }
}
