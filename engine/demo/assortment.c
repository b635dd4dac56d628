/* assortment: articles, their prices over time, and which of them people choose.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"
#include "engine/text.h"

enum {
    ARTICLES_PER_CATEGORY = 50, /* at scale 1 */
    WITHOUT_HISTORY = 137,      /* planted: this article has no versions */
    LAUNCHED_LATER = 20,        /* percent */
    DISCONTINUED = 8,
    SLEEPING = 5,
    CAMPAIGN_ARTICLES = 70,
};

/* A price that looks like one: 1,999 rather than 2,003. */
static int32_t rounded_price(int64_t cents)
{
    int32_t step = cents > 5000 ? 500 : 100;
    return (int32_t)((cents + step / 2) / step * step - 1);
}

static void init_life(struct article *article, uint64_t fact)
{
    article->first_day = (int16_t)(-1 - (int)(fact % 600));
    article->last_day = article->sleeps_from = NEVER;
    fact >>= 10;
    if (fact % 100 < LAUNCHED_LATER) {
        article->first_day = (int16_t)(20 + fact / 100 % 600);
    } else if (fact % 100 < LAUNCHED_LATER + DISCONTINUED) {
        article->last_day = (int16_t)(200 + fact / 100 % 450);
    } else if (fact % 100 < LAUNCHED_LATER + DISCONTINUED + SLEEPING) {
        article->sleeps_from =
            fact / 100 % 5 == 0 ? -1 : (int16_t)(250 + fact / 500 % 290);
    }
}

static void init_prices(struct article *article, uint64_t fact)
{
    const struct category *category = &words_categories[article->category];
    /* Cubed, so that cheap articles are many and dear ones few. */
    uint64_t share = (fact & 1023) * (fact & 1023) * (fact & 1023) >> 20;
    int64_t price = category->low_cents +
                    (int64_t)share * (category->high_cents - category->low_cents) / 1024;
    article->first_price = rounded_price(price);
    fact >>= 10;
    int day = article->first_day > 0 ? article->first_day : 0;
    int changes = 1 + (int)(fact % PRICE_CHANGES);
    for (int i = 0; i < PRICE_CHANGES; i++) {
        fact = random_mix(fact + 1);
        day += 40 + (int)(fact % 180);
        if (i >= changes || day >= CALENDAR_DAYS) {
            article->change_day[i] = NEVER;
            continue;
        }
        price = price * (950 + (int)(fact >> 20 & 127)) / 1000;
        article->change_day[i] = (int16_t)day;
        article->change_price[i] = rounded_price(price);
    }
}

static void init_article(struct world *world, size_t index)
{
    struct article *article = &world->articles[index];
    uint64_t fact = random_of(world->seed, FACT_ARTICLE, index);
    article->category = (uint8_t)(index % WORDS_CATEGORIES);
    article->noun = (uint8_t)(fact % WORDS_NOUNS);
    article->adjective = (uint8_t)(fact / 100 % WORDS_ADJECTIVES);
    article->brand = (uint8_t)(fact / 10000 % WORDS_BRANDS);
    article->in_campaigns = fact / 1000000 % 100 < CAMPAIGN_ARTICLES;
    article->last_sold = INT32_MIN;
    init_life(article, random_of(world->seed, FACT_LIFE, index));
    if (index < WORDS_CATEGORIES || index == WITHOUT_HISTORY) {
        /* Each category keeps one article that is always there to be chosen. */
        article->first_day = (int16_t)(-200 - (int)(fact % 300));
        article->last_day = article->sleeps_from = NEVER;
    }
    init_prices(article, random_of(world->seed, FACT_PRICE, index));
}

void assortment_init(struct world *world)
{
    world->article_count = (size_t)ARTICLES_PER_CATEGORY * WORDS_CATEGORIES * world->root;
    world->articles = memory_new_many(world->article_count, sizeof *world->articles);
    world->article_months = memory_new_many(world->article_count * CALENDAR_MONTHS,
                                            sizeof *world->article_months);
    for (size_t i = 0; i < world->article_count; i++) {
        init_article(world, i);
    }
}

static int32_t price_on(const struct world *world, const struct article *article, int day)
{
    int32_t price = article->first_price;
    for (int i = 0; i < PRICE_CHANGES && article->change_day[i] <= day; i++) {
        price = article->change_price[i];
    }
    const struct campaign *campaign =
        day < 0 ? NULL : calendar_campaign(&world->calendar, day);
    if (campaign != NULL && article->in_campaigns) {
        price = price * (100 - campaign->discount_percent) / 100;
    }
    return price;
}

void assortment_open_day(struct world *world, int day)
{
    for (size_t i = 0; i < world->article_count; i++) {
        struct article *article = &world->articles[i];
        int32_t price = price_on(world, article, day);
        if (price != article->price && day < article->last_day) {
            bool is_first = article->price == 0 || day <= article->first_day;
            article->changed_at = (is_first ? article->first_day : day) * DAY_SECONDS;
            article->price = price;
        }
        if (day == article->last_day) {
            article->changed_at = day * DAY_SECONDS;
        }
    }
}

bool assortment_sells(const struct article *article, int day)
{
    return article->first_day <= day && day < article->last_day &&
           day < article->sleeps_from;
}

size_t assortment_pick(struct world *world, int category, int day)
{
    size_t of_category = world->article_count / WORDS_CATEGORIES;
    for (int tries = 0; tries < 6; tries++) {
        /* The square makes few articles sell much; the factor spreads the best sellers
         * over the numbers (a prime, so that no two ranks meet). */
        uint64_t u = random_below(&world->random, 65536);
        size_t rank = (size_t)((u * u >> 16) * of_category >> 16);
        size_t index = (rank * 7919 + 13) % of_category * WORDS_CATEGORIES + category;
        if (assortment_sells(&world->articles[index], day)) {
            return index;
        }
    }
    return (size_t)category;
}

int32_t assortment_cost(const struct article *article)
{
    return article->first_price * words_categories[article->category].cost_percent / 100;
}

void assortment_put_sku(struct table *table, const struct world *world, size_t article)
{
    table_bytes(table, words_categories[world->articles[article].category].prefix, 4);
    table_bytes(table, "-", 1);
    table_digits(table, article / WORDS_CATEGORIES + 1, 4);
    table_comma(table);
}

void assortment_put_name(struct table *table, const struct world *world, size_t index)
{
    const struct article *article = &world->articles[index];
    const char *words[3] = {words_brands[article->brand],
                            words_adjectives[article->adjective],
                            words_categories[article->category].nouns[article->noun]};
    for (int i = 0; i < 3; i++) {
        table_bytes(table, words[i], strlen(words[i]));
        table_bytes(table, " ", i < 2);
    }
    table_comma(table);
}

static void write_version(struct world *world, size_t index, int from, int to)
{
    struct table *table = world_table(world, TABLE_ARTICLE_VERSIONS);
    const struct article *article = &world->articles[index];
    table_begin_row(table);
    assortment_put_sku(table, world, index);
    assortment_put_name(table, world, index);
    table_text(table, words_categories[article->category].name);
    table_integer(table, price_on(world, article, from));
    table_instant(table, &world->calendar, from * DAY_SECONDS);
    if (to == NEVER) {
        table_empty(table);
    } else {
        table_instant(table, &world->calendar, to * DAY_SECONDS);
    }
    table_end_row(table);
}

static void write_versions(struct world *world, size_t index)
{
    const struct article *article = &world->articles[index];
    int from = article->first_day;
    int end = article->last_day == NEVER ? CALENDAR_DAYS : article->last_day;
    for (int day = from < 0 ? 0 : from + 1; day < end; day++) {
        if (price_on(world, article, day) != price_on(world, article, from)) {
            write_version(world, index, from, day);
            from = day;
        }
    }
    write_version(world, index, from, article->last_day);
}

void assortment_write(struct world *world)
{
    struct table *table = world_table(world, TABLE_ARTICLES);
    for (size_t i = 0; i < world->article_count; i++) {
        const struct article *article = &world->articles[i];
        if (i != WITHOUT_HISTORY) {
            write_versions(world, i);
        }
        table_begin_row(table);
        assortment_put_sku(table, world, i);
        assortment_put_name(table, world, i);
        table_text(table, words_categories[article->category].name);
        table_text(table, words_brands[article->brand]);
        table_text(table, article->last_day == NEVER ? "active" : "discontinued");
        table_integer(table, article->price);
        table_instant(table, &world->calendar, article->changed_at);
        table_end_row(table);
    }
}
