/* evidence/here: the versions that are here, with what is on record of the files they
 * were made from. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/evidence/private.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "engine/cache.h"
#include "engine/path.h"
#include "engine/store.h"

struct adding {
    sqlite3_stmt *stmt;
    const char *product, *schema, *role;
};

static bool add_row(const struct adding *adding, const char *file, long long bytes,
                    const char *fetched, const char *sha256, struct error *err)
{
    store_bind(adding->stmt, "sssslsss", adding->product, NULL, adding->schema, file,
               bytes, fetched, sha256, adding->role);
    return store_execute(adding->stmt, err);
}

/* What came from elsewhere is on record file by file; a version made from files of the
 * mesh stands for itself. */
static bool add_version(const struct adding *adding, const char *file, struct error *err)
{
    sqlite3 *db = store_open(file, STORE_IMMUTABLE, NULL);
    bool good = true;
    int sources = 0;
    char *imported = NULL;
    if (db == NULL) {
        return true; /* a damaged version is none */
    }
    imported = store_string(db, "SELECT value FROM mwb_product WHERE key='imported'", "");
    sqlite3_stmt *stmt =
        store_prepare(db, "SELECT location,bytes,sha256 FROM mwb_source", NULL);
    while (good && stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        char *sum = store_text_copy(stmt, 2);
        sources++;
        good = add_row(adding, store_text(stmt, 0), sqlite3_column_int64(stmt, 1),
                       imported, sum, err);
        free(sum);
    }
    store_finish(stmt);
    store_close(db);
    struct stat facts;
    if (good && sources == 0 && stat(file, &facts) == 0) {
        good = add_row(adding, file, (long long)facts.st_size, imported, NULL, err);
    }
    free(imported);
    return good;
}

static bool add_product(sqlite3 *db, const struct evidence_spec *spec, sqlite3_stmt *row,
                        sqlite3_stmt *insert, struct error *err)
{
    (void)db;
    const struct cache_product product = {
        .mesh = catalog_mesh_path(spec->catalog),
        .role = spec->role,
        .domain = store_text(row, 2)[0] != '\0' ? store_text(row, 2) : NULL,
        .name = store_text(row, 3)};
    struct adding adding = {.stmt = insert,
                            .product = store_text(row, 0),
                            .schema = store_text(row, 1),
                            .role = store_text(row, 4)};
    char *file = cache_current(&product);
    bool good = file == NULL || add_version(&adding, file, err);
    free(file);
    return good;
}

bool evidence_read_versions(sqlite3 *db, const struct evidence_spec *spec,
                            struct error *err)
{
    struct cache_mesh *here =
        cache_mesh_open(catalog_mesh_path(spec->catalog), spec->role);
    sqlite3_stmt *row = store_prepare(
        db,
        "SELECT p.id,p.schema_name,p.domain,p.name,CASE WHEN p.type LIKE 'operational%' "
        "OR EXISTS(SELECT 1 FROM mesh.tag t WHERE t.owner_kind='product' AND "
        "t.owner_id=p.id AND lower(t.tag)='operational') THEN 'operational' ELSE "
        "'analytical' END FROM mesh.product p",
        err);
    sqlite3_stmt *insert =
        row != NULL
            ? store_prepare(
                  db, "INSERT INTO temp.attached VALUES(?1,?2,?3,?4,?5,?6,?7,?8)", err)
            : NULL;
    bool good = insert != NULL;
    while (good && store_step(row, err) == STORE_ROW) {
        const char *domain = store_text(row, 2);
        if (cache_mesh_has(here, domain[0] != '\0' ? domain : NULL, store_text(row, 3))) {
            good = add_product(db, spec, row, insert, err);
        }
    }
    store_finish(row);
    store_finish(insert);
    cache_mesh_close(here);
    return good;
}
