/* visits: people come to the shop, search, look at articles, and some of them order.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/demo/words.h"
#include "engine/demo/world.h"

enum {
    VISITS_PER_DAY = 62, /* at scale 1, on an ordinary day at the start */
    NEW_PER_10000 = 300, /* visits of people who just registered */
    FRAUD_PER_10000 = 22,
    SEARCH_PER_10000 = 6400,
    LOOK_PER_10000 = 9000,
    BUY_PER_10000 = 1900,   /* of the visits that looked at something */
    BUY_B_PER_MILLE = 1240, /* the real effect of variant B of the product page */
    BUY_UNHAPPY_PER_MILLE = 620,
    SAW_BOTH_PER_10000 = 300, /* planted: visits that saw both variants */
    RENAMED_DAY = 182,        /* 2025-04-01, planted: ref becomes referrer */
    MISSING_DAY = 259,        /* 2025-06-17, planted: no page views */
    TEST_FIRST_DAY = 577,     /* 2026-05-01, the test of the product page */
    TEST_LAST_DAY = 699,      /* 2026-08-31 */
};

static int pick_category(struct world *world, int day)
{
    int total = 0;
    for (int i = 0; i < WORDS_CATEGORIES; i++) {
        total += calendar_demand(&world->calendar, day, i);
    }
    int drawn = (int)random_below(&world->random, (uint32_t)total);
    int category = 0;
    while (drawn >= calendar_demand(&world->calendar, day, category)) {
        drawn -= calendar_demand(&world->calendar, day, category++);
    }
    return category;
}

/* Small numbers more often: a square again. */
static uint32_t skewed_below(struct world *world, uint32_t limit)
{
    uint32_t u = random_below(&world->random, 256);
    return u * u * limit >> 16;
}

static void search(struct world *world, struct visit *visit, bool will_look)
{
    struct table *table = world_table(world, TABLE_SEARCH_QUERIES);
    struct random *random = &world->random;
    bool slip = random_chance(random, 450);
    uint32_t form =
        slip ? WORDS_ADJECTIVES + 1 : skewed_below(world, WORDS_ADJECTIVES + 1);
    form =
        slip || form > 0 ? form : WORDS_ADJECTIVES; /* the bare noun is the commonest */
    size_t query = words_query_of(visit->category, visit->noun, form);
    char text[WORDS_NAME_SIZE];
    words_query(query, text);
    world->query_counts[query]++;
    table_begin_row(table);
    table_integer(table, ++world->searches);
    table_integer(table, visit->session);
    people_put_id(table, visit->customer);
    table_text(table, text);
    table_integer(table, slip ? random_below(random, 2) : 3 + random_below(random, 60));
    if (will_look && !slip && visit->article_count > 0 && random_chance(random, 7200)) {
        assortment_put_sku(table, world, visit->articles[0]);
    } else {
        table_empty(table);
    }
    table_instant(table, &world->calendar, visit->at);
    table_end_row(table);
    visit->searched = true;
    visit->at += random_between(random, 8, 60);
}

static void put_context(struct table *table, struct random *random,
                        const struct visit *visit)
{
    static const char *const devices[] = {"phone", "phone", "desktop", "tablet"};
    static const char *const others[] = {"direct", "newsletter", "ad", "direct"};
    const char *key = visit->day < RENAMED_DAY ? "ref" : "referrer";
    const char *from = visit->searched ? "search" : others[random_below(random, 4)];
    const char *parts[] = {"\"{\"\"device\"\":\"\"",
                           devices[random_below(random, 4)],
                           "\"\",\"\"",
                           key,
                           "\"\":\"\"",
                           from,
                           "\"\"}\""};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        table_bytes(table, parts[i], strlen(parts[i]));
    }
    table_comma(table);
}

static void view(struct world *world, struct visit *visit, int index, bool is_lost)
{
    struct random *random = &world->random;
    char variant = visit->variant;
    if (visit->saw_both && index % 2 == 1) {
        variant = variant == 'A' ? 'B' : 'A';
    }
    world->views++;
    if (!is_lost) {
        struct table *table = world_table(world, TABLE_PAGE_VIEWS);
        table_begin_row(table);
        table_integer(table, world->views);
        table_integer(table, visit->session);
        people_put_id(table, visit->customer);
        assortment_put_sku(table, world, visit->articles[index]);
        table_bytes(table, &variant, 1);
        table_comma(table);
        put_context(table, random, visit);
        table_instant(table, &world->calendar, visit->at);
        table_end_row(table);
        visit->viewed = true;
    }
    visit->at += random_between(random, 15, 150);
}

static void choose_articles(struct world *world, struct visit *visit)
{
    int wanted = 1;
    while (wanted < VISIT_ARTICLES && random_chance(&world->random, 5400)) {
        wanted++;
    }
    if (visit->is_fraud) {
        wanted = 1 + (int)random_below(&world->random, 2);
    }
    struct customer *customer = &world->customers[visit->customer];
    for (int i = 0; i < wanted; i++) {
        bool stays = i == 0 || visit->is_fraud || random_chance(&world->random, 7000);
        int category = stays ? visit->category : pick_category(world, visit->day);
        visit->articles[i] = assortment_pick(world, category, visit->day);
        customer->seen[2] = customer->seen[1];
        customer->seen[1] = customer->seen[0];
        customer->seen[0] = (uint16_t)visit->articles[i];
    }
    visit->article_count = wanted;
    visit->noun = world->articles[visit->articles[0]].noun;
}

static bool wants_to_buy(struct world *world, const struct visit *visit)
{
    if (visit->is_fraud) {
        return true;
    }
    int64_t chance = BUY_PER_10000;
    const struct campaign *campaign = calendar_campaign(&world->calendar, visit->day);
    if (campaign != NULL) {
        chance = chance * campaign->buying_per_mille / 1000;
    }
    if (visit->variant == 'B' && !visit->saw_both) {
        chance = chance * BUY_B_PER_MILLE / 1000;
    }
    if (people_is_unhappy(&world->customers[visit->customer], visit->day)) {
        chance = chance * BUY_UNHAPPY_PER_MILLE / 1000;
    }
    return random_chance(&world->random, (int)chance);
}

static void start_visit(struct world *world, struct visit *visit, int day, uint32_t share)
{
    struct random *random = &world->random;
    *visit = (struct visit){.session = ++world->sessions, .day = day, .variant = 'A'};
    visit->at = day * DAY_SECONDS + calendar_second_at(share);
    visit->is_fraud = random_chance(random, FRAUD_PER_10000);
    bool is_new = visit->is_fraud || random_chance(random, NEW_PER_10000);
    visit->customer = is_new ? people_register(world, day) : people_pick(world, day);
    int32_t registered = people_registered_at(world, visit->customer);
    visit->at = visit->at > registered ? visit->at : registered + 60;
    visit->category = visit->is_fraud ? 2 : pick_category(world, day);
    visit->noun = skewed_below(world, WORDS_NOUNS);
    if (day >= TEST_FIRST_DAY && day <= TEST_LAST_DAY) {
        uint64_t fact = random_of(world->seed, FACT_VARIANT, visit->session);
        visit->variant = (fact & 1) != 0 ? 'B' : 'A';
        visit->saw_both = fact / 2 % 10000 < SAW_BOTH_PER_10000;
    }
}

static void play_visit(struct world *world, int day, uint32_t share, bool views_are_lost)
{
    struct visit visit;
    start_visit(world, &visit, day, share);
    bool will_look = visit.is_fraud || random_chance(&world->random, LOOK_PER_10000);
    if (will_look) {
        choose_articles(world, &visit);
    }
    if (!will_look || random_chance(&world->random, SEARCH_PER_10000)) {
        search(world, &visit, will_look);
    }
    for (int i = 0; i < visit.article_count; i++) {
        view(world, &visit, i, views_are_lost);
    }
    bool ordered = will_look && wants_to_buy(world, &visit);
    bool paid = ordered && orders_take(world, &visit);
    const bool reached[FUNNEL_STEPS] = {visit.searched, visit.viewed, ordered, paid};
    for (int step = 0; step < FUNNEL_STEPS && reached[step]; step++) {
        world->funnel[step]++;
    }
}

void visits_play(struct world *world, int day)
{
    int64_t expected =
        (int64_t)VISITS_PER_DAY * world->scale * calendar_traffic(&world->calendar, day);
    /* The weather: up to eight percent more or less. */
    expected = expected * random_between(&world->random, 920, 1080) / 1000;
    uint32_t visits = (uint32_t)((expected + random_below(&world->random, 1000)) / 1000);
    bool views_are_lost = day == MISSING_DAY;
    for (uint32_t i = 0; i < visits; i++) {
        uint64_t part = random_below(&world->random, 65536);
        play_visit(world, day, (uint32_t)((((uint64_t)i << 16) + part) / visits),
                   views_are_lost);
    }
}
