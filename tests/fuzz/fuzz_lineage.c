/* Fuzzing of lineage: the input is a statement over two tables and a view. Whatever
 * SQLite compiles is traced, with a source or none for each of its columns; nothing stays
 * behind in the connection. After a first byte of zero the input is a packed graph.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/lineage.h"
#include "engine/sql.h"
#include "engine/store.h"
#include "tests/fuzz/fuzz.h"

static const char tables[] =
    "ATTACH ':memory:' AS s; CREATE TABLE t(a,b,c,d); CREATE TABLE u(a,x,y);"
    "CREATE TABLE s.orders(id,amount); CREATE VIEW v(p,q) AS SELECT a+b,c FROM t WHERE d";

/* How many columns it has as SQLite compiles it; -1: it does not. */
static int columns_of(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    int count = -1;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && stmt != NULL) {
        count = sqlite3_column_count(stmt);
    }
    sqlite3_finalize(stmt);
    return count;
}

static int positions_of(const struct array *sources)
{
    int count = 0;
    for (size_t i = 0; i < sources->count; i++) {
        const struct lineage_source *source = array_at(sources, i);
        fuzz_must(source->position == count || source->position == count - 1,
                  "columns come in order");
        count = source->position + 1;
    }
    return count;
}

static void trace(const char *sql)
{
    struct array sources = ARRAY_OF(struct lineage_source);
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    fuzz_must(db != NULL && store_run(db, tables, &err), "tables are made");
    bool done = lineage_of_statement(db, sql, &sources, &err);
    fuzz_must(store_number(db, -1, "SELECT count(*) FROM sqlite_temp_master", "") == 0,
              "no temporary table stays");
    fuzz_must(done || err.message[0] != '\0', "a failure is told");
    struct array spans = sql_split(sql, strlen(sql));
    const struct sql_span *span = array_at(&spans, 0);
    if (spans.count == 1 && sql_is_select(sql + span->start, span->length) &&
        strncasecmp(sql + span->start, "EXPLAIN", 7) != 0) {
        int columns = columns_of(db, sql);
        fuzz_must(columns < 0 || done, "what compiles is traced");
        fuzz_must(columns < 0 || positions_of(&sources) == columns,
                  "each column is told");
    }
    array_release(&spans);
    lineage_sources_release(&sources);
    store_close(db);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 0 && data[0] == 0) {
        struct lineage_graph graph;
        if (lineage_unpack(data + 1, size - 1, &graph)) {
            lineage_release(&graph);
        }
        return 0;
    }
    char *sql = string_copy_bytes((const char *)data, size);
    double since = fuzz_clock();
    if (strlen(sql) == size) {
        trace(sql);
        fuzz_must_be_quick(since);
    }
    free(sql);
    return 0;
}
