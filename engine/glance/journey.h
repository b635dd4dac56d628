/* The facts of a domain's journey, as a constant table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GLANCE_JOURNEY_H
#define MWB_GLANCE_JOURNEY_H

#include "engine/glance/private.h"

/* Beside each part of glance_journey_plan. In step and verb {domain}, {product} (the
 * first of the domain) and {foreign} (of another one: where most read, else the first
 * that it has no agreement with) are filled in; a verb without what it names is left out.
 */
struct journey_fact {
    const char *name;
    int level;
    bool is_lack; /* its rows are what is missing */
    const char *step, *verb;
};
extern const struct journey_fact journey_facts[];
extern const size_t journey_fact_count;

/* One more fact, by its place in the table: so many rows were found. */
void journey_take_fact(struct glance_journey *journey, size_t index, long long count);

#endif
