/* words: what articles, searches and addresses are called.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/demo/words.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "engine/demo/random.h"

const struct category words_categories[WORDS_CATEGORIES] = {
    {.name = "Shoes",
     .prefix = "SHOE",
     .low_cents = 3500,
     .high_cents = 15900,
     .returned_per_10000 = 2300,
     .cost_percent = 52,
     .nouns = {"sneakers", "boots", "sandals", "running shoes", "loafers", "slippers",
               "hiking boots", "ankle boots", "trainers", "clogs", "rain boots",
               "ballet flats"}},
    {.name = "Fashion",
     .prefix = "FASH",
     .low_cents = 1500,
     .high_cents = 12900,
     .returned_per_10000 = 2100,
     .cost_percent = 48,
     .nouns = {"jacket", "jeans", "dress", "shirt", "coat", "scarf", "hoodie", "skirt",
               "sweater", "blouse", "belt", "socks"}},
    {.name = "Electronics",
     .prefix = "ELEC",
     .low_cents = 1900,
     .high_cents = 59900,
     .returned_per_10000 = 750,
     .cost_percent = 78,
     .nouns = {"headphones", "speaker", "tablet", "phone", "camera", "monitor",
               "keyboard", "charger", "smart watch", "router", "console", "power bank"}},
    {.name = "Home",
     .prefix = "HOME",
     .low_cents = 900,
     .high_cents = 17900,
     .returned_per_10000 = 650,
     .cost_percent = 58,
     .nouns = {"lamp", "chair", "curtain", "pillow", "blanket", "mirror", "vase", "shelf",
               "kettle", "pan", "candle", "rug"}},
    {.name = "Garden",
     .prefix = "GARD",
     .low_cents = 600,
     .high_cents = 19900,
     .returned_per_10000 = 450,
     .cost_percent = 55,
     .nouns = {"hose", "grill", "deck chair", "parasol", "spade", "seeds", "flower pot",
               "hammock", "lawn mower", "rake", "raised bed", "watering can"}},
    {.name = "Toys",
     .prefix = "TOYS",
     .low_cents = 700,
     .high_cents = 9900,
     .returned_per_10000 = 500,
     .cost_percent = 50,
     .nouns = {"puzzle", "building blocks", "board game", "doll", "train set",
               "teddy bear", "kite", "toy car", "card game", "marble run", "robot",
               "play dough"}},
    {.name = "Sports",
     .prefix = "SPOR",
     .low_cents = 1200,
     .high_cents = 17900,
     .returned_per_10000 = 1000,
     .cost_percent = 56,
     .nouns = {"yoga mat", "dumbbells", "backpack", "tent", "bike helmet", "football",
               "water bottle", "sleeping bag", "tennis racket", "swim goggles",
               "skipping rope", "jersey"}},
    {.name = "Books",
     .prefix = "BOOK",
     .low_cents = 800,
     .high_cents = 4900,
     .returned_per_10000 = 250,
     .cost_percent = 62,
     .nouns = {"novel", "cookbook", "travel guide", "atlas", "picture book",
               "crime story", "biography", "dictionary", "comic", "poems", "calendar",
               "notebook"}},
};

const char *const words_adjectives[WORDS_ADJECTIVES] = {
    "black", "white",  "red",   "blue",  "green",  "small",
    "large", "winter", "light", "cheap", "modern", "classic"};

const char *const words_brands[WORDS_BRANDS] = {
    "Alder",  "Bramble", "Cobalt",  "Drift",   "Ember", "Fjord",  "Gable",
    "Harbor", "Indigo",  "Juniper", "Kestrel", "Lumen", "Meadow", "Nimbus"};

size_t words_query_count(void)
{
    return (size_t)WORDS_CATEGORIES * WORDS_NOUNS * QUERIES_PER_NOUN;
}

size_t words_query_of(int category, uint32_t noun, uint32_t form)
{
    return ((size_t)category * WORDS_NOUNS + noun) * QUERIES_PER_NOUN + form;
}

int words_query_is_slip(size_t query)
{
    return query % QUERIES_PER_NOUN == QUERIES_PER_NOUN - 1;
}

void words_query(size_t query, char *out)
{
    size_t form = query % QUERIES_PER_NOUN;
    size_t which = query / QUERIES_PER_NOUN;
    const char *noun = words_categories[which / WORDS_NOUNS].nouns[which % WORDS_NOUNS];
    if (form < WORDS_ADJECTIVES) {
        snprintf(out, WORDS_NAME_SIZE, "%s %s", words_adjectives[form], noun);
        return;
    }
    snprintf(out, WORDS_NAME_SIZE, "%s", noun);
    if (words_query_is_slip(query)) {
        char second = out[1];
        out[1] = out[2];
        out[2] = second;
    }
}

static const char *const syllables[] = {"al", "bra", "co",  "del", "fi", "gor", "hel",
                                        "is", "ka",  "lor", "mi",  "nu", "or",  "pel",
                                        "ri", "sa",  "tem", "ul",  "ve", "wi",  "zo"};

static void add_syllables(char *out, uint64_t *fact, int count)
{
    enum { SYLLABLES = sizeof syllables / sizeof syllables[0] };
    size_t start = strlen(out);
    for (int i = 0; i < count; i++) {
        size_t used = strlen(out);
        snprintf(out + used, WORDS_NAME_SIZE - used, "%s", syllables[*fact % SYLLABLES]);
        *fact /= SYLLABLES;
    }
    out[start] = (char)toupper((unsigned char)out[start]);
}

void words_person(uint64_t fact, char *out)
{
    out[0] = '\0';
    add_syllables(out, &fact, 2 + (int)(fact & 1));
    size_t used = strlen(out);
    snprintf(out + used, WORDS_NAME_SIZE - used, " ");
    add_syllables(out, &fact, 3);
}

void words_street(uint64_t fact, char *out)
{
    static const char *const streets[] = {
        "Station Road",  "Mill Lane",     "Market Square", "School Lane",
        "Garden Street", "Harbor Street", "Hill Road",     "Forest Lane",
        "Bridge Street", "Church Road",   "Park Avenue",   "Canal Street"};
    snprintf(out, WORDS_NAME_SIZE, "%s %u", streets[fact % 12],
             (unsigned)(fact / 12 % 180) + 1);
}

const char *words_country(uint64_t fact)
{
    uint32_t percent = random_of_below(fact, 100);
    return percent < 58   ? "DE"
           : percent < 70 ? "AT"
           : percent < 81 ? "NL"
           : percent < 92 ? "FR"
                          : "PL";
}

const char *words_city(const char *country, uint32_t zip)
{
    static const struct {
        const char *country;
        const char *cities[4];
    } rows[] = {{"DE", {"Hamburg", "Leipzig", "Bremen", "Dresden"}},
                {"AT", {"Wien", "Graz", "Linz", "Salzburg"}},
                {"NL", {"Utrecht", "Leiden", "Delft", "Breda"}},
                {"FR", {"Lille", "Nantes", "Lyon", "Dijon"}},
                {"PL", {"Gdynia", "Poznan", "Lublin", "Torun"}}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].country, country) == 0) {
            return rows[i].cities[zip % 4];
        }
    }
    return "";
}
