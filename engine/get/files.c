/* get/files: what of a product is no table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/get/files.h"

#include "engine/kept.h"

bool get_keep_file(struct cache_stage *stage, const struct catalog_table *table,
                   struct access_file *file, struct text *notes, struct error *err)
{
    struct kept_source source = {.table = table->sql_name,
                                 .shown = file->path,
                                 .format = table->format,
                                 .fd = file->fd,
                                 .arrival = file->arrival};
    return kept_add(cache_stage_folder(stage), cache_stage_file(stage), &source, notes,
                    err);
}
