/* grid_facts: what contracts say of the columns of a grid, asked for when a column comes
 * on the screen: the second row of the header, and which cells break a promise.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_GRID_FACTS_H
#define MWB_TUI_GRID_FACTS_H

#include "engine/quality.h"
#include "engine/workbench.h"

struct grid_fact {
    bool is_known;
    char *kind; /* "integer key", "number EUR", "text personal": below the name */
    struct quality_promises *promises; /* NULL: none, or the role sees it masked */
};

struct grid_facts {
    struct array columns;  /* of struct grid_fact, as in the result */
    struct array products; /* of struct grid_product: plans, read once each */
};

void grid_facts_release(struct grid_facts *facts);
void grid_facts_reset(struct grid_facts *facts, size_t columns);
const struct grid_fact *grid_facts_of(struct grid_facts *facts,
                                      const struct workbench *workbench,
                                      const struct result *result, size_t column);
/* How the cell breaks a promise, borrowed; NULL: it does not. */
const char *grid_fact_broken(const struct grid_fact *fact,
                             const struct result_cell *cell);

#endif
