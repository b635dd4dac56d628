/* fuzz_filter: any typed text through the taking apart of searches. What comes out is
 * within its limits, and typing the same again gives the same; what is refused is told.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/catalog.h"
#include "engine/catalog/filter.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

static void check_terms(const struct filter *filter)
{
    fuzz_must(filter->terms.count <= FILTER_MOST_TERMS, "terms are bounded");
    for (size_t i = 0; i < filter->terms.count; i++) {
        const struct filter_term *term = array_at(&filter->terms, i);
        bool needs_none = term->facet != NULL && term->facet->is_bare;
        fuzz_must(term->value != NULL, "a term has a value");
        fuzz_must(needs_none || term->value[0] != '\0', "which says something");
        fuzz_must(term->is_quoted || strpbrk(term->value, " \t\r\n") == NULL,
                  "blanks end what is not in quotes");
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    double since = fuzz_clock();
    char *text = string_copy_bytes((const char *)data, size);
    struct filter first;
    struct filter second;
    struct error err = {0};
    bool taken = filter_parse(text, &first, &err);
    fuzz_must(taken || err.message[0] != '\0', "a refusal is told");
    fuzz_must(filter_parse(text, &second, NULL) == taken, "the same text is the same");
    if (taken) {
        check_terms(&first);
        fuzz_must(first.terms.count == second.terms.count, "the same text is the same");
        filter_release(&first);
        filter_release(&second);
    }
    free(text);
    fuzz_must_be_quick(since);
    return 0;
}
