/* ledger/used: who uses a product, for its card: from the ledger of this person and from
 * what teams share. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

/* Newest readings that are looked at: the card costs the same however long the log is. */
#define MOST_READINGS "50000"
#define MOST_USERS "8"

static void add_user(struct array *facts, sqlite3_stmt *stmt, const char *suffix)
{
    struct text value = {0};
    struct catalog_fact *fact = array_push(facts);
    text_append_count(&value, sqlite3_column_int64(stmt, 1), "statement");
    text_printf(&value, ", last on %.10s%s", store_text(stmt, 2), suffix);
    *fact = (struct catalog_fact){.group = string_copy("used by"),
                                  .name = store_text_copy(stmt, 0),
                                  .value = text_take(&value)};
}

static void add_users(sqlite3 *db, const char *sql, const char *product, const char *mesh,
                      const char *suffix, struct array *facts)
{
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, mesh != NULL ? "ss" : "s", product, mesh);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        add_user(facts, stmt, suffix);
    }
    store_finish(stmt);
}

void ledger_used(const struct catalog *catalog, const char *product, const char *mesh,
                 struct array *facts)
{
    sqlite3 *db = ledger_open_read(NULL);
    add_users(
        catalog_database(catalog),
        "SELECT team,sum(n) AS statements,max(day) FROM (SELECT u.team,u.day,"
        "max(u.statements) AS n FROM shared_use u JOIN product p ON p.id=u.product_id "
        "WHERE p.key=?1 GROUP BY u.team,u.day,u.object) GROUP BY team ORDER BY "
        "statements DESC,team LIMIT " MOST_USERS,
        product, NULL, "", facts);
    add_users(db,
              "SELECT coalesce(s.team,s.person),count(DISTINCT s.id) AS statements,"
              "max(s.at) FROM reading r JOIN statement s ON s.id=r.statement WHERE "
              "r.product=?1 AND r.rowid>(SELECT max(rowid) FROM reading)-" MOST_READINGS
              " AND s.mesh=?2 AND s.outcome='done' GROUP BY 1 ORDER BY statements DESC,1 "
              "LIMIT " MOST_USERS,
              product, mesh, ", by the own ledger", facts);
    store_close(db);
}
