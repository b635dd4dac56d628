/* A contract and its data for tests of quality: made in a folder, indexed, planned, run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_QUALITY_HELP_H
#define MWB_TESTS_QUALITY_HELP_H

#include "catalog_help.h"
#include "engine/quality.h"
#include "engine/store.h"

/* A run, open for questions. */
struct bench {
    struct catalog *catalog;
    struct quality_spec spec;
    struct array checks;
    struct error err;
    char *file;
};

/* `contract` is a document, `sql` makes the data. */
static inline bool bench_open(struct bench *bench, const char *name, const char *contract,
                              const char *sql)
{
    struct array entries;
    char *file = string_printf("data-%s.db", name);
    *bench = (struct bench){.checks = ARRAY_OF(struct quality_check),
                            .file = path_join(home, file)};
    put(name, "c.yaml", contract);
    sqlite3 *db = store_open(bench->file, STORE_CREATE, &bench->err);
    bool made = db != NULL && store_run(db, sql, &bench->err);
    store_close(db);
    free(file);
    bench->catalog = made ? open_mesh(name) : NULL;
    if (bench->catalog != NULL) {
        entries = catalog_list(bench->catalog, &(struct catalog_filter){0});
        const struct catalog_entry *first = array_at(&entries, 0);
        bench->spec = (struct quality_spec){
            .catalog = bench->catalog,
            .product = first != NULL ? string_copy(first->id) : NULL,
            .file = bench->file,
            .threads = 2,
        };
        catalog_entries_release(&entries);
    }
    return bench->spec.product != NULL;
}

static inline bool bench_run(struct bench *bench)
{
    return quality_plan(&bench->spec, &bench->checks, &bench->err) &&
           quality_run(&bench->spec, NULL, &bench->checks, &bench->err);
}

static inline const struct quality_check *bench_check(const struct bench *bench,
                                                      const char *key)
{
    for (size_t i = 0; i < bench->checks.count; i++) {
        const struct quality_check *check = array_at(&bench->checks, i);
        if (string_equal(check->key, key)) {
            return check;
        }
    }
    return NULL;
}

static inline void bench_close(struct bench *bench)
{
    quality_release(&bench->checks);
    free((char *)bench->spec.product);
    catalog_close(bench->catalog);
    free(bench->file);
}

/* A home, cache and clock of the test's own. */
static inline void bench_home(void)
{
    char template[] = "/tmp/mwb-quality-XXXXXX";
    home = string_copy(mkdtemp(template));
    char *cache = path_join(home, "cache"), *data = path_join(home, "data");
    setenv("MWB_CACHE", cache, 1);
    setenv("XDG_DATA_HOME", data, 1);
    setenv("MWB_NOW", "2026-06-15T12:00:00Z", 1);
    free(cache);
    free(data);
}

static inline void bench_leave(void)
{
    path_remove_tree(home, NULL);
    free(home);
}

#endif
