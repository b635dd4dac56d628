/* quality/set: texts in a table of hashes, numbers beside, sorted.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/set.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/quality/hash.h"

struct word {
    char *text; /* NULL: this place is free */
    size_t length;
};

struct quality_set {
    struct word *words;
    size_t mask; /* places - 1 */
    double *numbers;
    size_t number_count;
};

static struct word *place_of(const struct quality_set *set, const char *text,
                             size_t length)
{
    size_t at = (size_t)quality_hash_bytes(text, length) & set->mask;
    while (set->words[at].text != NULL &&
           (set->words[at].length != length ||
            memcmp(set->words[at].text, text, length) != 0)) {
        at = (at + 1) & set->mask;
    }
    return &set->words[at];
}

static int compare_numbers(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* true and false are stored as 1 and 0. */
static bool number_of(const char *text, double *number)
{
    char *end;
    if (string_equal(text, "true") || string_equal(text, "false")) {
        *number = text[0] == 't';
        return true;
    }
    *number = strtod(text, &end);
    return end != text && *end == '\0' && isfinite(*number);
}

struct quality_set *quality_set_new(const struct array *words)
{
    struct quality_set *set = memory_new(sizeof *set);
    size_t places = 8;
    while (places < words->count * 2) {
        places *= 2;
    }
    set->mask = places - 1;
    set->words = memory_new_many(places, sizeof *set->words);
    set->numbers = memory_new_many(words->count + 1, sizeof *set->numbers);
    for (size_t i = 0; i < words->count; i++) {
        const char *text = *(char **)array_at(words, i);
        struct word *place = place_of(set, text, strlen(text));
        if (place->text == NULL) {
            *place = (struct word){string_copy(text), strlen(text)};
        }
        set->number_count += number_of(text, &set->numbers[set->number_count]);
    }
    qsort(set->numbers, set->number_count, sizeof *set->numbers, compare_numbers);
    return set;
}

void quality_set_free(struct quality_set *set)
{
    if (set == NULL) {
        return;
    }
    for (size_t i = 0; i <= set->mask; i++) {
        free(set->words[i].text);
    }
    free(set->words);
    free(set->numbers);
    free(set);
}

bool quality_set_has(const struct quality_set *set, struct quality_value *value)
{
    if (value->type == SQLITE_INTEGER || value->type == SQLITE_FLOAT) {
        return bsearch(&value->real, set->numbers, set->number_count,
                       sizeof *set->numbers, compare_numbers) != NULL;
    }
    return value->type == SQLITE_TEXT &&
           place_of(set, value->text, value->length)->text != NULL;
}
