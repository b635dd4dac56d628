/* access: bring the files of a product's table to where they can be imported.
 *
 * A table of methods; the first that takes a location serves it. Here: local files,
 * relative to the product's folder (never outside it, see path.h) or globs below it,
 * plain, .gz or .zst. A location that no method takes gets a sentence that says how the
 * product is reached.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ACCESS_H
#define MWB_ACCESS_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/text.h"

struct access_file {
    char *path; /* as shown to people: relative to the product's folder */
    int fd;     /* open for reading at its start, or -1 when only looked at */
    long long bytes;
    long long modified_ns; /* of the contents */
    long long changed_ns;  /* of the inode: cannot be set back */
};

struct access_method {
    const char *name;     /* "local" */
    const char *sentence; /* what it fetches from */
    bool (*takes)(const char *location);
};
const struct access_method *access_methods(size_t *count);

/* All files of a table, in order; a glob is expanded in byte order of the names. A path
 * that is not there but below the folder data/ is taken there: descriptors of packages
 * that keep their data so are often written that way; the file's path shows it. `open`
 * false only looks. Array of struct access_file, yours. A missing file is a sentence. */
bool access_table_files(const struct catalog_product *product,
                        const struct catalog_table *table, bool open, struct array *files,
                        struct error *err);
void access_files_release(struct array *files); /* closes */

/* A key of the product's sources as they are now: changes when any file's path, size or
 * times or the declared schema changes. Appends 16 hex digits. */
bool access_source_key(const struct catalog_product *product, struct text *key,
                       struct error *err);

#endif
