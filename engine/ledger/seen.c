/* ledger/seen: what the log knows of each product's source, for the rule of freshness.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* The newest row of each outcome of a product, the newest first: five looks into an index
 * of any length. */
static const char newest_sql[] =
    "SELECT f.outcome,f.at,f.source_changed FROM (SELECT max(id) AS id FROM fetch WHERE "
    "mesh=?1 AND product=?2 AND outcome='fetched' UNION ALL SELECT max(id) FROM fetch "
    "WHERE mesh=?1 AND product=?2 AND outcome='unchanged' UNION ALL SELECT max(id) FROM "
    "fetch WHERE mesh=?1 AND product=?2 AND outcome='changed' UNION ALL SELECT max(id) "
    "FROM fetch WHERE mesh=?1 AND product=?2 AND outcome='refused' UNION ALL SELECT "
    "max(id) FROM fetch WHERE mesh=?1 AND product=?2 AND outcome='failed') n "
    "JOIN fetch f ON f.id=n.id ORDER BY f.id DESC";

/* Each product once, by a look into the index for each. */
static const char products_sql[] =
    "WITH RECURSIVE p(name) AS (SELECT min(product) FROM fetch WHERE mesh=?1 UNION ALL "
    "SELECT (SELECT min(product) FROM fetch WHERE mesh=?1 AND product>p.name) FROM p "
    "WHERE p.name IS NOT NULL) SELECT name FROM p WHERE name IS NOT NULL";

static long long instant_at(sqlite3_stmt *stmt, int column)
{
    long long seconds;
    return path_read_instant(store_text(stmt, column), &seconds) ? seconds : 0;
}

/* One row of those above; `is_first` success tells how things stand. */
static void take_newest(sqlite3_stmt *stmt, struct catalog_seen *seen)
{
    const char *outcome = store_text(stmt, 0);
    long long at = instant_at(stmt, 1), changed = instant_at(stmt, 2);
    if (string_equal(outcome, "failed")) {
        seen->failed = seen->looked == 0 ? at : 0;
        return;
    }
    if (seen->looked == 0) {
        seen->looked = at;
        seen->has_newer =
            string_equal(outcome, "changed") || string_equal(outcome, "refused");
    }
    seen->changed = seen->changed == 0 ? changed : seen->changed;
}

static void add_product(sqlite3_stmt *newest, const char *mesh, const char *product,
                        struct array *all)
{
    struct catalog_seen *seen = array_push(all);
    seen->product = string_copy(product);
    sqlite3_reset(newest);
    store_bind(newest, "ss", mesh, product);
    while (store_step(newest, NULL) == STORE_ROW) {
        take_newest(newest, seen);
    }
}

static int compare_products(const void *a, const void *b)
{
    return strcmp(((const struct catalog_seen *)a)->product,
                  ((const struct catalog_seen *)b)->product);
}

struct array ledger_seen(void *unused, const char *mesh)
{
    (void)unused;
    struct array all = ARRAY_OF(struct catalog_seen);
    sqlite3 *db = ledger_open_read(NULL);
    sqlite3_stmt *products = db != NULL ? store_prepare(db, products_sql, NULL) : NULL;
    sqlite3_stmt *newest = db != NULL ? store_prepare(db, newest_sql, NULL) : NULL;
    if (products != NULL && newest != NULL) {
        store_bind(products, "s", mesh);
        while (store_step(products, NULL) == STORE_ROW) {
            add_product(newest, mesh, store_text(products, 0), &all);
        }
    }
    store_finish(newest);
    store_finish(products);
    store_close(db);
    if (all.count > 1) {
        qsort(all.items, all.count, sizeof(struct catalog_seen), compare_products);
    }
    return all;
}

void ledger_freshness(struct catalog *catalog, const struct catalog_entry *entry,
                      struct catalog_freshness *freshness)
{
    catalog_set_log(catalog, ledger_seen, NULL);
    catalog_freshness_of(catalog, entry->row, freshness);
}
