/* get/files: what of a product is no table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_GET_FILES_H
#define MWB_GET_FILES_H

#include "engine/access.h"
#include "engine/cache.h"

/* Keep a file as it is in the version that is being made (kept.h): it waits until all of
 * it is here. Appends to `notes` when it is not what it is called. The version needs no
 * table then. What masks a table masks no such file: ask policy first. */
bool get_keep_file(struct cache_stage *stage, const struct catalog_table *table,
                   struct access_file *file, struct text *notes, struct error *err);

#endif
