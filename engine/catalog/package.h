/* catalog/package: a Data Package while it is read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_PACKAGE_H
#define MWB_CATALOG_PACKAGE_H

#include "engine/catalog/build.h"

struct package {
    struct source *source;
    const char *id;
    long long product_row, contract_row;
    struct array sql_names; /* taken, of char * */
    int position;
};

/* Fields, keys and constraints of a resource's table (read_schema.c). */
void package_schema(struct package *package, const char *object, long long object_row,
                    const struct document_value *schema);
/* How its files are written, into table_of. Markers of missing values are the schema's.
 */
void package_dialect(struct package *package, long long table_row,
                     const struct document_value *dialect, const char *encoding,
                     const struct document_value *missing);
/* Where `name` stands in a list of texts, or as the text itself: from 1, 0 = not at all.
 */
int package_position(const struct document_value *keys, const char *name);

#endif
