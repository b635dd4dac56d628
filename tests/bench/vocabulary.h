/* vocabulary: the words a made-up mesh is written with: real ones for names and columns,
 * made ones for the proper names that every company has, all by number.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_BENCH_VOCABULARY_H
#define MWB_TESTS_BENCH_VOCABULARY_H

#include <stddef.h>
#include <stdint.h>

struct word_list {
    const char *const *words;
    size_t count;
};

/* Subjects of products and columns (customer), kinds of products (history), what a
 * product is restricted to (daily), parts of companies (checkout), and places. */
extern const struct word_list vocabulary_subjects, vocabulary_kinds, vocabulary_scopes,
    vocabulary_domains, vocabulary_regions;

/* The last word of a column's name, its type, and what it is in a sentence. */
struct vocabulary_attribute {
    const char *name, *type, *meaning;
};
extern const struct vocabulary_attribute vocabulary_attributes[];
extern const size_t vocabulary_attribute_count;

/* SplitMix64 (Steele, Lea, Flood 2014): a number for each number. */
uint64_t vocabulary_mix(uint64_t seed);
const char *vocabulary_pick(const struct word_list *list, uint64_t number);

/* A proper name as systems, projects and places have: "Tarvenko". There are some
 * thousand of them. */
enum { VOCABULARY_NAME = 24 };
void vocabulary_proper_name(uint64_t number, char name[VOCABULARY_NAME]);

#endif
