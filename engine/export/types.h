/* export/types: which declared types the columns of a new table may have so that no value
 * changes when it is stored. Private to the formats that make a table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_EXPORT_TYPES_H
#define MWB_EXPORT_TYPES_H

#include "engine/export/writer.h"

/* For each column its declared type, or NULL where it had none or where SQLite's affinity
 * (sqlite.org/datatype3.html §3) would turn one of its values into another. Reads all
 * rows once. NULL and a sentence on failure; release with export_types_release(). */
char **export_types(struct export_run *run, struct error *err);
void export_types_release(char **types, size_t count);

/* CREATE TABLE with these names and types, without `;`, appended. */
void export_append_table(struct text *out, const struct export_run *run,
                         char *const *names, char *const *types);

#endif
