/* catalog/filter: what a person typed, taken apart: words and facets, with a minus sign
 * or without. See struct catalog_filter in engine/catalog.h for the rules.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_FILTER_H
#define MWB_CATALOG_FILTER_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/error.h"

enum { FILTER_MOST_TERMS = 16, FILTER_MOST_BYTES = 4096 };

struct filter_term {
    const struct catalog_facet *facet; /* NULL: a word for all fields */
    char *value;                       /* never empty, but for facets without a value */
    bool is_not, is_quoted;
};

struct filter {
    struct array terms; /* of struct filter_term */
};

/* False and a sentence: a facet that is not known, or too much. Whatever is still being
 * typed is fine: `domain:` alone says nothing, a quote may be open. */
bool filter_parse(const char *text, struct filter *filter, struct error *err);
/* One more, of a flag: NULL adds nothing. `name` must be a facet. */
void filter_add(struct filter *filter, const char *name, const char *value);
void filter_release(struct filter *filter);

/* NULL when there is none of that name. */
const struct catalog_facet *filter_facet(const char *name);

#endif
