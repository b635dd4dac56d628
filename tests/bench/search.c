/* search INDEX [-r ROUNDS]: what each keystroke of a search costs, on an index that is
 * there. Types words letter by letter, as a person would, and prints one line a kind of
 * search: its name, 50th and 99th percentile, maximum (milliseconds), number of
 * keystrokes, and what cost the most. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/catalog.h"
#include "engine/text.h"
#include "tests/bench/numbers.h"

enum { MOST_TIMES = 20000, PAGE = 60, MOST_TEXTS = 12 };

static const struct kind {
    const char *name;
    const char *texts[MOST_TEXTS];
} kinds[] = {
    {"words",
     {"customer", "invoice history", "shipment_weight_grams", "tarvenko", "updated_at",
      "order latest net", "xylograph", "nothing-is-called-so"}},
    {"short", {"a", "c", "s", "id", "at", "an", "o c", "a e i", "zz"}},
    {"parts", {"ate", "ome", "ent", "ing", "ount", "ustomer"}},
    {"facets",
     {"domain:checkout", "domain:checkout status:active", "tag:gold -status:draft",
      "classification:pii late", "fresh", "column:customer_id",
      "class:aggregate has:rules", "customer domain:sales -tag:daily",
      "\"of the customer\""}},
};
enum { KINDS = sizeof kinds / sizeof *kinds };

struct times {
    double values[MOST_TIMES];
    size_t count;
    double most;
    char slowest[128];
};

static void search_once(const struct catalog *catalog, const char *text,
                        struct times *times)
{
    struct catalog_filter filter = {.text = text, .limit = PAGE};
    struct catalog_page page;
    double started = numbers_clock();
    catalog_search(catalog, &filter, &page, NULL);
    double took = (numbers_clock() - started) * 1000;
    if (times->count < MOST_TIMES) {
        times->values[times->count++] = took;
    }
    if (took > times->most) {
        times->most = took;
        snprintf(times->slowest, sizeof times->slowest, "%s", text);
    }
    catalog_page_release(&page);
}

static void type_text(const struct catalog *catalog, const char *text,
                      struct times *times)
{
    for (size_t length = 1; length <= strlen(text); length++) {
        char *typed = string_copy_bytes(text, length);
        search_once(catalog, typed, times);
        free(typed);
    }
}

int main(int argc, char **argv)
{
    static struct times times;
    struct error err = {0};
    size_t rounds =
        argc > 3 && strcmp(argv[2], "-r") == 0 ? strtoul(argv[3], NULL, 10) : 3;
    struct catalog *catalog = argc > 1 ? catalog_open(argv[1], &err) : NULL;
    if (catalog == NULL) {
        fprintf(stderr, "usage: search INDEX [-r ROUNDS]; %s\n", err.message);
        return 2;
    }
    search_once(catalog, "x", &times);
    printf("first %.2f\n", times.most);
    for (size_t k = 0; k < KINDS; k++) {
        times = (struct times){0};
        for (size_t i = 0; i < rounds * MOST_TEXTS; i++) {
            const char *text = kinds[k].texts[i % MOST_TEXTS];
            if (text != NULL) {
                type_text(catalog, text, &times);
            }
        }
        double half = numbers_quantile(times.values, times.count, 0.5);
        printf("%s %.2f %.2f %.2f %zu %s\n", kinds[k].name, half,
               numbers_quantile(times.values, times.count, 0.99), times.most, times.count,
               times.slowest);
    }
    catalog_close(catalog);
    return 0;
}
