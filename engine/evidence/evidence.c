/* evidence: opens the connection and attaches what it is over.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/evidence/private.h"

#include <stdlib.h>

#include "engine/cache.h"
#include "engine/ledger.h"
#include "engine/store.h"
#include "engine/text.h"

static bool attach(sqlite3 *db, char *uri, const char *schema, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(db, "ATTACH ?1 AS ?2", err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "ss", uri, schema);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    free(uri);
    return good;
}

static bool attach_index(sqlite3 *db, const struct catalog *catalog, struct error *err)
{
    return attach(db, store_uri_shared(catalog_index_file(catalog)), "mesh", err) ||
           error_prefix(err, "could not open the catalog: ");
}

static bool attach_ledger(sqlite3 *db, struct error *err)
{
    char *path = ledger_ready(err);
    bool good = path != NULL && attach(db, store_uri_shared(path), "ledger", err);
    free(path);
    return good || error_prefix(err, "could not open the ledger: ");
}

sqlite3 *evidence_open(const struct evidence_spec *spec, struct error *err)
{
    sqlite3 *db = store_open_still(catalog_now(spec->catalog), err);
    /* What is sorted stays in memory: who reads may be one that can write no file. It has
     * to be said before there is anything temporary. */
    bool good = db != NULL && store_run(db, "PRAGMA temp_store=MEMORY", err) &&
                attach_index(db, spec->catalog, err) && attach_ledger(db, err) &&
                evidence_make_views(db, spec, err) &&
                (spec->without_versions || evidence_read_versions(db, spec, err));
    if (!good) {
        store_close(db);
        db = NULL;
    }
    return db;
}

bool evidence_attach(sqlite3 *db, const struct evidence_spec *spec,
                     const struct catalog_entry *entry, bool *absent, struct error *err)
{
    const struct cache_product product = {.mesh = catalog_mesh_path(spec->catalog),
                                          .role = spec->role,
                                          .domain = entry->domain,
                                          .name = entry->name};
    char *file = cache_current(&product);
    bool is_here = file != NULL;
    if (absent != NULL) {
        *absent = !is_here;
    }
    bool good = is_here ? attach(db, store_uri_immutable(file), entry->schema, err)
                        : error_set(err, ERROR_FAILED,
                                    "%s is not here: get it first, with get %s",
                                    entry->id, entry->id);
    free(file);
    return good;
}

void evidence_detach(sqlite3 *db, const char *schema)
{
    struct text sql = {0};
    text_append(&sql, "DETACH ");
    store_quote_name(&sql, schema);
    store_run(db, text_string(&sql), NULL);
    text_release(&sql);
}
