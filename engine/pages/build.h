/* build: entries in their order to the pages of an index.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_BUILD_H
#define MWB_PAGES_BUILD_H

#include "engine/pages/merge.h"

/* Write all that `merge` has, below `root`; `distinct` as pages_index_finish(). */
bool build_index(struct pages *pages, uint32_t root, int columns, struct merge *merge,
                 long long *distinct, struct error *err);

#endif
