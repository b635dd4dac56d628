/* catalog/lint_links: what the rules across files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_LINT_LINKS_H
#define MWB_CATALOG_LINT_LINKS_H

#include "engine/catalog/build.h"

/* What is wrong between the files of a mesh, into `problem` with stage 'mesh': for the
 * products, contracts and agreements that were touched, what stood there is taken out and
 * found again. After link_tables() and all that names products. */
void lint_links(struct build *build);

/* One finding; `product_row` 0: it belongs to no product. fix may be NULL. */
struct link_place {
    const char *path;
    int line;
    long long product_row;
};
void lint_links_tell(struct build *build, struct link_place place, bool is_error,
                     const char *rule, const char *sentence, const char *fix);

/* Products that feed each other (lint_cycles.c), those of the temporary table lint_seed
 * and whatever they are made from. */
void lint_cycles(struct build *build);
/* Saved queries whose tables are gone (lint_queries.c). */
void lint_queries(struct build *build);
/* Policies with one id, waivers of what is not there (lint_policies.c). */
void lint_policies(struct build *build);

#endif
