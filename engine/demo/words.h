/* words: the vocabulary of the shop. Constant tables, and texts made from them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_DEMO_WORDS_H
#define MWB_DEMO_WORDS_H

#include <stddef.h>
#include <stdint.h>

enum {
    WORDS_CATEGORIES = 8,
    WORDS_NOUNS = 12, /* of each category */
    WORDS_ADJECTIVES = 12,
    WORDS_BRANDS = 14,
    WORDS_NAME_SIZE = 64, /* a text made here, with its NUL */
};

struct category {
    const char *name;
    const char *prefix; /* of the sku */
    int low_cents, high_cents;
    int returned_per_10000; /* of the lines delivered in time */
    int cost_percent;       /* purchase cost in percent of the price */
    const char *nouns[WORDS_NOUNS];
};

extern const struct category words_categories[WORDS_CATEGORIES];
extern const char *const words_adjectives[WORDS_ADJECTIVES];
extern const char *const words_brands[WORDS_BRANDS];

/* What people type is one of words_query_count() texts: a noun, an adjective and a noun,
 * or a noun with a slip of the finger. The buffer takes WORDS_NAME_SIZE bytes. */
enum { QUERIES_PER_NOUN = WORDS_ADJECTIVES + 2 };
size_t words_query_count(void);
void words_query(size_t query, char *out);
int words_query_is_slip(size_t query);
size_t words_query_of(int category, uint32_t noun, uint32_t form);

/* A name that nobody has, made of syllables. */
void words_person(uint64_t fact, char *out);
void words_street(uint64_t fact, char *out);
const char *words_country(uint64_t fact);
const char *words_city(const char *country, uint32_t zip);

#endif
