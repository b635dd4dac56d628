/* catalog/use: counts uses of products, and reads the counts.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/use.h"

#include <stdlib.h>

#include "engine/catalog/reading.h"
#include "engine/catalog/search.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* Each doubling of the uses is worth as much as the one before. */
static uint8_t worth_of(long long uses)
{
    enum { A_DOUBLING = 4 };
    int worth = 0;
    for (; uses > 0 && worth < USE_MOST_WORTH; uses /= 2) {
        worth += A_DOUBLING;
    }
    return (uint8_t)worth;
}

static sqlite3 *open_uses(enum store_mode mode, struct error *err)
{
    char *path = path_of_place(PLACE_DATA, "use.db", err);
    sqlite3 *db = NULL;
    if (path != NULL && (mode == STORE_CREATE || path_exists(path))) {
        db = store_open(path, mode, err);
    }
    free(path);
    return db;
}

/* What other teams told of their use (mesh.shared_use): it helps whoever is new, and is
 * outweighed by a few uses of one's own. */
static void read_shared(const struct catalog *catalog, uint8_t *worths, size_t rows)
{
    enum { SHARED_FOR_ONE = 16 };
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT p.rowid,sum(u.n) FROM (SELECT product_id,max(statements) AS n "
                 "FROM shared_use GROUP BY product_id,day,team) u JOIN product p ON "
                 "p.id=u.product_id GROUP BY p.rowid");
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        sqlite3_int64 row = sqlite3_column_int64(stmt, 0);
        if (row > 0 && (size_t)row < rows) {
            worths[row] = worth_of(sqlite3_column_int64(stmt, 1) / SHARED_FOR_ONE);
        }
    }
    sqlite3_reset(stmt);
}

void use_read(const struct catalog *catalog, uint8_t *worths, size_t rows)
{
    read_shared(catalog, worths, rows);
    sqlite3 *db = open_uses(STORE_READ, NULL);
    sqlite3_stmt *uses = NULL;
    if (db != NULL) {
        uses = store_prepare(db, "SELECT product,uses FROM use WHERE mesh=?1", NULL);
    }
    sqlite3_stmt *find = catalog_statement(
        catalog, "SELECT rowid FROM product WHERE key=?1 COLLATE NOCASE");
    if (uses != NULL) {
        store_bind(uses, "s", catalog_mesh_path(catalog));
    }
    while (uses != NULL && find != NULL && store_step(uses, NULL) == STORE_ROW) {
        store_bind(find, "s", store_text(uses, 0));
        sqlite3_int64 row =
            store_step(find, NULL) == STORE_ROW ? sqlite3_column_int64(find, 0) : 0;
        sqlite3_reset(find);
        if (row > 0 && (size_t)row < rows) {
            uint8_t own = worth_of(sqlite3_column_int64(uses, 1));
            worths[row] = own > worths[row] ? own : worths[row];
        }
    }
    store_finish(uses);
    store_close(db);
}

static bool make_folder(struct error *err)
{
    char *path = path_of_place(PLACE_DATA, "use.db", err);
    char *folder = path != NULL ? path_folder(path) : NULL;
    bool made = folder != NULL && path_make_folders(folder, err);
    free(folder);
    free(path);
    return made;
}

static bool count_use(sqlite3 *db, const char *mesh, const char *product,
                      struct error *err)
{
    /* Losing the last of them with the power is no harm; waiting for a disk would be. */
    static const char making[] = "PRAGMA synchronous=OFF;"
                                 "CREATE TABLE IF NOT EXISTS "
                                 "use(mesh,product,uses,last,PRIMARY KEY(mesh,product))";
    sqlite3_stmt *stmt = NULL;
    if (store_run(db, making, err)) {
        stmt = store_prepare(db,
                             "INSERT INTO use VALUES(?1,?2,1,?3) ON CONFLICT DO UPDATE "
                             "SET uses=uses+1,last=excluded.last",
                             err);
    }
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "ssl", mesh, product, path_now());
    bool done = store_execute(stmt, err);
    store_finish(stmt);
    return done;
}

bool catalog_note_use(const struct catalog *catalog, const char *product,
                      struct error *err)
{
    sqlite3 *db = make_folder(err) ? open_uses(STORE_CREATE, err) : NULL;
    bool done = db != NULL && count_use(db, catalog_mesh_path(catalog), product, err);
    store_close(db);
    if (!done) {
        return error_prefix(err, "could not count the use of %s: ", product);
    }
    search_forget_use(catalog);
    return true;
}
