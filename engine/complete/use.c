/* complete/use: what this person's newest statements read, so that it is offered first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>

#include "engine/ledger.h"
#include "engine/path.h"

enum { AGAIN_SECONDS = 30 };

struct complete_use {
    char *key; /* product, table and column with tabs between, in small letters */
    double count;
};

void uses_release(struct complete *complete)
{
    for (size_t i = 0; i < complete->uses.count; i++) {
        free(((struct complete_use *)array_at(&complete->uses, i))->key);
    }
    array_release(&complete->uses);
    complete->uses = (struct array)ARRAY_OF(struct complete_use);
}

/* A thousand statements tell what one does these days. Sorted by SQLite as strcmp() has
 * it. */
static const char uses_sql[] =
    "SELECT lower(r.product||char(9)||coalesce(r.table_name,'')||char(9)||"
    "coalesce(r.column_name,'')) AS k, count(*) FROM reading r WHERE r.statement > "
    "(SELECT max(id) - 1000 FROM statement) AND r.column_name <> '' GROUP BY k ORDER BY "
    "k";

static const char tables_sql[] =
    "SELECT lower(r.product||char(9)||coalesce(r.table_name,'')||char(9)) AS k, "
    "count(DISTINCT r.statement) FROM reading r WHERE r.statement > (SELECT max(id) - "
    "1000 FROM statement) GROUP BY k ORDER BY k";

static void take_uses(struct complete *complete, sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct complete_use *use = array_push(&complete->uses);
        use->key = store_text_copy(stmt, 0);
        use->count = sqlite3_column_double(stmt, 1);
    }
    store_finish(stmt);
}

static int by_key(const void *left, const void *right)
{
    const struct complete_use *a = left, *b = right;
    return sqlite3_stricmp(a->key, b->key);
}

/* The ledger may be being written: then it is asked another time, and not waited for. */
void uses_read(struct complete *complete)
{
    double now = path_monotonic();
    if (complete->uses_read > 0 && now - complete->uses_read < AGAIN_SECONDS) {
        return;
    }
    char *file = ledger_path(NULL);
    sqlite3 *db =
        file != NULL && path_exists(file) ? store_open(file, STORE_READ, NULL) : NULL;
    complete->uses_read = now;
    if (db != NULL) {
        sqlite3_busy_timeout(db, 0);
        uses_release(complete);
        take_uses(complete, db, uses_sql);
        take_uses(complete, db, tables_sql);
        if (complete->uses.count > 0) {
            qsort(complete->uses.items, complete->uses.count, sizeof(struct complete_use),
                  by_key);
        }
    }
    store_close(db);
    free(file);
}

double uses_of(const struct complete *complete, const char *product, const char *table,
               const char *column)
{
    if (product == NULL || complete->uses.count == 0) {
        return 0;
    }
    char *key = string_printf("%s\t%s\t%s", product, table != NULL ? table : "",
                              column != NULL ? column : "");
    struct complete_use wanted = {key, 0};
    const struct complete_use *use = bsearch(&wanted, complete->uses.items,
                                             complete->uses.count, sizeof wanted, by_key);
    free(key);
    return use != NULL ? use->count : 0;
}
