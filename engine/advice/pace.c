/* advice/pace: how many rows a second this machine read, by statements of the ledger.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>

#include "engine/ledger.h"
#include "engine/store.h"

enum { STATEMENTS_MOST = 12, FEWEST = 3 };
static const double rows_that_tell = 1000; /* below, a start costs more than the rows */

void pace_statements_release(struct array *statements)
{
    for (size_t i = 0; i < statements->count; i++) {
        free(((struct past_statement *)array_at(statements, i))->sql);
    }
    array_release(statements);
}

/* The newest of each that took a while; a statement as such, not what it gave. */
struct array pace_statements(const struct workbench *workbench)
{
    static const char sql[] =
        "SELECT sql,ms,max(id) FROM (SELECT * FROM statement WHERE mesh=?1 AND "
        "outcome='done' AND ms>=2 ORDER BY id DESC LIMIT 500) GROUP BY sql_id "
        "ORDER BY 3 DESC LIMIT ?2";
    struct array statements = ARRAY_OF(struct past_statement);
    char *file = ledger_ready(NULL);
    sqlite3 *db = file != NULL ? store_open(file, STORE_READ, NULL) : NULL;
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, NULL) : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "si", workbench->mesh, STATEMENTS_MOST);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct past_statement *one = array_push(&statements);
        one->sql = store_text_copy(stmt, 0);
        one->seconds = sqlite3_column_double(stmt, 1) / 1000;
    }
    store_finish(stmt);
    store_close(db);
    free(file);
    return statements;
}

static int compare(const void *a, const void *b)
{
    double one = *(const double *)a, other = *(const double *)b;
    return one < other ? -1 : one > other;
}

/* By the median: one statement that waited for a disk says nothing of the others. */
double pace_seconds(const struct array *paces, double rows, size_t *used)
{
    double each[STATEMENTS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < paces->count && count < STATEMENTS_MOST; i++) {
        const struct pace *pace = array_at(paces, i);
        if (pace->rows >= rows_that_tell && pace->seconds > 0) {
            each[count++] = pace->seconds / pace->rows;
        }
    }
    *used = count;
    if (count < FEWEST || rows < 0) {
        return -1;
    }
    qsort(each, count, sizeof *each, compare);
    return rows * each[count / 2];
}
