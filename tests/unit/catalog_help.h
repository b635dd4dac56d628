/* catalog_help: meshes in a temporary folder, and questions to their catalogs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_CATALOG_HELP_H
#define MWB_TESTS_CATALOG_HELP_H

#include <sys/stat.h>
#include <unistd.h>

#include "engine/catalog.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

static char *home; /* temporary folder of this run */

/* ---- Making meshes ---- */

static inline void put(const char *mesh, const char *path, const char *text)
{
    char *folder = path_join(home, mesh);
    files_put(folder, path, text);
    free(folder);
}

static inline char *place(const char *mesh)
{
    return string_printf("%s/%s", home, mesh);
}

/* Build the index of a mesh by path and open it; NULL and a sentence in err on failure.
 */
static inline struct catalog *open_path(const char *path, struct error *err)
{
    struct catalog *catalog = NULL;
    char *index = catalog_index_path(path, err);
    if (index != NULL && catalog_build(path, index, NULL, err)) {
        catalog = catalog_open(index, err);
    }
    free(index);
    return catalog;
}

static inline struct catalog *open_mesh(const char *mesh)
{
    struct error err = {0};
    char *path = place(mesh);
    struct catalog *catalog = open_path(path, &err);
    if (catalog == NULL) {
        printf("# %s\n", err.message);
    }
    free(path);
    return catalog;
}

static const char cohorts_odps[] =
    "apiVersion: v1.0.0\nkind: DataProduct\nid: 5d6f\nname: Customer cohorts\n"
    "status: draft\ndomain: marketing\n"
    "inputPorts:\n  - name: orders\n    version: 2.3.0\n    contractId: "
    "checkout-orders\n";

static inline const char *fact(const struct catalog_product *product, const char *group,
                               const char *name)
{
    for (size_t i = 0; i < product->facts.count; i++) {
        const struct catalog_fact *fact = array_at(&product->facts, i);
        if (string_equal(fact->group, group) && string_equal(fact->name, name)) {
            return fact->value;
        }
    }
    return NULL;
}

static inline char *ask(const struct catalog *catalog, const char *sql)
{
    return store_string(catalog_database(catalog), sql, "");
}

static inline void ask_is(const struct catalog *catalog, const char *sql,
                          const char *want, const char *what)
{
    char *got = ask(catalog, sql);
    is_text(got, want, "%s", what);
    free(got);
}

#endif
