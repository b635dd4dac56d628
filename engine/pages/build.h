/* build: entries in their order to the pages of an index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_BUILD_H
#define MWB_PAGES_BUILD_H

#include "engine/pages/merge.h"

struct build_spec {
    struct pages *pages;
    uint32_t root;
    int columns;
    bool with_thread; /* merge in another one */
};

/* Write all that `merge` has; `distinct` as pages_index_finish(), not NULL, zero. */
bool build_index(const struct build_spec *spec, struct merge *merge, long long *distinct,
                 struct error *err);

#endif
