/* catalog/lint_queries: saved queries that name products or tables which are not there
 * any more. Their SQL is read, not run.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_links.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/store.h"
#include "engine/text.h"

struct query_check {
    struct build *build;
    sqlite3_stmt *product, *table;
    const char *path;
    struct array told; /* of char *: names that were told */
};

static bool is_own_schema(const char *schema)
{
    static const char *const own[] = {"mesh", "ledger", "main", "temp", "workspace"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        if (string_equal_fold(schema, own[i])) {
            return true;
        }
    }
    return false;
}

static void tell(struct query_check *check, char *sentence)
{
    for (size_t i = 0; i < check->told.count; i++) {
        if (string_equal(sentence, *(char **)array_at(&check->told, i))) {
            free(sentence);
            return;
        }
    }
    *(char **)array_push(&check->told) = sentence;
    lint_links_tell(check->build, (struct link_place){.path = check->path, .line = 1},
                    false, "saved-query", sentence, NULL);
}

static void check_source(struct query_check *check, const struct sql_source *source)
{
    if (source->schema == NULL || source->table == NULL ||
        is_own_schema(source->schema)) {
        return;
    }
    store_bind(check->product, "s", source->schema);
    bool there = store_step(check->product, NULL) == STORE_ROW;
    long long row = there ? sqlite3_column_int64(check->product, 0) : 0;
    bool has_tables = there && sqlite3_column_int64(check->product, 1) > 0;
    sqlite3_reset(check->product);
    if (!there) {
        tell(check, string_printf("the query reads %s.%s, but there is no product %s",
                                  source->schema, source->table, source->schema));
        return;
    }
    store_bind(check->table, "ls", row, source->table);
    if (has_tables && store_step(check->table, NULL) != STORE_ROW) {
        tell(check, string_printf("the query reads %s.%s, but the product has no table "
                                  "%s",
                                  source->schema, source->table, source->table));
    }
    sqlite3_reset(check->table);
}

static void check_query(struct query_check *check, const char *sql)
{
    struct array spans = sql_split(sql, strlen(sql));
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        struct array sources = sql_sources(sql + span->start, span->length);
        for (size_t k = 0; k < sources.count; k++) {
            check_source(check, array_at(&sources, k));
        }
        sql_sources_release(&sources);
    }
    array_release(&spans);
}

void lint_queries(struct build *build)
{
    struct query_check check = {
        .build = build,
        .product = store_prepare(build->db,
                                 "SELECT rowid,tables FROM product WHERE schema_name=?1 "
                                 "COLLATE NOCASE LIMIT 1",
                                 &build->failure),
        .table = store_prepare(build->db,
                               "SELECT 1 FROM table_of WHERE product_row=?1 AND "
                               "sql_name=?2 COLLATE NOCASE",
                               &build->failure),
    };
    sqlite3_stmt *queries =
        store_prepare(build->db, "SELECT path,sql FROM saved_query WHERE sql IS NOT NULL",
                      &build->failure);
    while (check.product != NULL && check.table != NULL && queries != NULL &&
           store_step(queries, &build->failure) == STORE_ROW) {
        check.path = store_text(queries, 0);
        check.told = (struct array)ARRAY_OF(char *);
        check_query(&check, store_text(queries, 1));
        catalog_names_release(&check.told);
    }
    store_finish(queries);
    store_finish(check.product);
    store_finish(check.table);
}
