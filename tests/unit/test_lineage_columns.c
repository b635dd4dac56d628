/* Unit tests of lineage_of_statement() in engine/lineage.h: what columns are made from,
 * held against answers written by hand; what is no SELECT; statements that would unfold
 * without end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <time.h>

#include "engine/lineage.h"
#include "engine/store.h"
#include "lineage_statements.h"
#include "tap.h"

/* ---- What comes back, as in the table ---- */

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void append_sorted(struct array *names, struct text *out)
{
    if (names->count > 0) {
        qsort(names->items, names->count, names->item_size, by_text);
    }
    for (size_t i = 0; i < names->count; i++) {
        char *name = *(char **)array_at(names, i);
        text_printf(out, "%s%s", i > 0 ? "," : "", name);
        free(name);
    }
    array_release(names);
}

static char *name_of(const struct lineage_source *source)
{
    return string_printf(
        "%s%s%s%s%s", string_equal(source->database, "main") ? "" : source->database,
        string_equal(source->database, "main") ? "" : ".", source->table,
        source->name != NULL ? "." : "", source->name != NULL ? source->name : "");
}

/* Sources of one column stand together; two columns may have one name. */
static char *describe(const struct array *sources)
{
    struct text out = {0};
    for (size_t i = 0; i < sources->count;) {
        const struct lineage_source *first = array_at(sources, i), *source = first;
        struct array direct = ARRAY_OF(char *), other = ARRAY_OF(char *);
        text_printf(&out, "%s%s=", i > 0 ? "; " : "", first->column);
        for (; i < sources->count; i++) {
            source = array_at(sources, i);
            if (source->position != first->position) {
                break;
            }
            if (source->table != NULL) {
                *(char **)array_push(source->is_direct ? &direct : &other) =
                    name_of(source);
            }
        }
        append_sorted(&direct, &out);
        text_append(&out, other.count > 0 ? "|" : "");
        append_sorted(&other, &out);
    }
    text_append(&out, "");
    return text_take(&out);
}

static sqlite3 *open_tables(void)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    if (db == NULL || !store_run(db, statements_schema, &err)) {
        printf("Bail out! %s\n", err.message);
    }
    return db;
}

static void test_table(sqlite3 *db)
{
    for (size_t i = 0; i < sizeof statement_cases / sizeof *statement_cases; i++) {
        const struct statement_case *row = &statement_cases[i];
        struct array sources = ARRAY_OF(struct lineage_source);
        struct error err = {0};
        bool done = lineage_of_statement(db, row->sql, &sources, &err);
        char *got = done ? describe(&sources) : string_copy(err.message);
        is_text(got, row->want, "%s", row->sql);
        const struct lineage_source *first = array_at(&sources, 0);
        if (first != NULL && first->is_coarse) {
            ok(false, "it was taken apart: %s", row->sql);
        }
        free(got);
        lineage_sources_release(&sources);
    }
}

static void test_left_nothing(sqlite3 *db)
{
    is_int(store_number(db, -1, "SELECT count(*) FROM sqlite_temp_master", ""), 0,
           "no temporary table is left");
    struct error err = {0};
    ok(!store_run(db, "SELECT date_trunc('month',a) FROM t", &err),
       "functions that were stood in for are gone");
}

static void test_wrong(sqlite3 *db)
{
    static const char *const wrong[] = {
        "",
        "DELETE FROM t",
        "SELECT 1; SELECT 2",
        "SELECT nothing FROM t",
        "SELECT a FROM nothing",
        "SELECT (a FROM t",
        "SELECT 'a FROM t",
        "PRAGMA table_info(t)",
        "ATTACH ':memory:' AS z",
        "WITH z AS (SELECT a FROM z) SELECT a FROM z",
        "SELECT a FROM t UNION SELECT a,b FROM t",
        "INSERT INTO t SELECT * FROM t",
        "SELECT",
        "SELECT * FROM",
        "WITH",
        "WITH z AS",
        "VALUES",
        "SELECT a AS FROM t",
        "SELECT (((((",
        "SELECT a FROM t /*",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct array sources = ARRAY_OF(struct lineage_source);
        struct error err = {0};
        bool done = lineage_of_statement(db, wrong[i], &sources, &err);
        ok(!done && err.message[0] != '\0' && sources.count == 0, "\"%s\": %s", wrong[i],
           err.message);
        lineage_sources_release(&sources);
    }
}

/* Each CTE reads the one before twice: unfolded, 2^40 tables. */
static void test_bomb(sqlite3 *db)
{
    struct text sql = {0};
    struct error err = {0};
    text_append(&sql, "WITH z0 AS (SELECT a,b FROM t)");
    for (int i = 1; i <= 40; i++) {
        text_printf(&sql, ",z%d AS (SELECT p.a,q.b FROM z%d p JOIN z%d q)", i, i - 1,
                    i - 1);
    }
    text_append(&sql, " SELECT a FROM z40");
    clock_t before = clock();
    struct array sources = ARRAY_OF(struct lineage_source);
    ok(lineage_of_statement(db, text_string(&sql), &sources, &err), "a bomb is traced %s",
       err.message);
    char *got = describe(&sources);
    is_text(got, "a=t.a", "to what it is made from");
    printf("# %.2f s\n", (double)(clock() - before) / CLOCKS_PER_SEC);
    free(got);
    lineage_sources_release(&sources);
    text_release(&sql);
}

int main(void)
{
    sqlite3 *db = open_tables();
    test_table(db);
    test_wrong(db);
    test_bomb(db);
    test_left_nothing(db);
    store_close(db);
    return tap_done();
}
