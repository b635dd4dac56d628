/* Fuzzing of advice: the input is a statement. What its conditions and names are stays
 * within it, the guess at an error comes to an end, and the text that counts rows gives
 * the same rows as the statement.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/advice/private.h"
#include "engine/session/explain.h"
#include "engine/store.h"
#include "tests/fuzz/fuzz.h"

static const char make_tables[] =
    "CREATE TABLE t(a, b); INSERT INTO t VALUES(1,'x'),(2,'y'),(3,NULL),(3,'z');"
    "CREATE TABLE u(a, c); INSERT INTO u VALUES(1,10),(1,11),(3,30),(NULL,40);";

static bool columns_of(void *owner, const char *schema, const char *table,
                       struct array *columns)
{
    bool is_t = string_equal_fold(table, "t");
    const char *names[] = {"a", is_t ? "b" : "c"};
    (void)owner;
    if (schema != NULL || (!is_t && !string_equal_fold(table, "u"))) {
        return false;
    }
    for (size_t i = 0; i < 2; i++) {
        struct scope_column *column = array_push(columns);
        *column = (struct scope_column){.name = string_copy(names[i])};
    }
    return true;
}

static void check_conditions(struct scope *scope, const char *sql, size_t length)
{
    for (size_t q = 0; q < scope_query_count(scope); q++) {
        struct array conditions = conditions_read(scope, sql, q);
        for (size_t i = 0; i < conditions.count; i++) {
            const struct condition *one = array_at(&conditions, i);
            fuzz_must(one->part.start + one->part.length <= length,
                      "a condition lies in the statement");
        }
        conditions_release(&conditions);
        query_is_single(scope, sql, q);
    }
    const struct scope_part whole = {0, length};
    struct array names = names_read(scope, sql, whole);
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = array_at(&names, i);
        fuzz_must(name->start + name->length <= length, "a name lies in the statement");
    }
    names_release(&names);
}

static void check_guess(const char *sql, size_t length)
{
    struct text guess = {0};
    for (size_t at = 0; at <= length; at += 1 + length / 8) {
        text_clear(&guess);
        fuzz_must(!explain_place(sql, length, at, &guess) || guess.length > 0,
                  "what is known is said");
    }
    text_release(&guess);
}

static void visit(sqlite3_context *context, int count, sqlite3_value **values)
{
    (void)count;
    (void)values;
    sqlite3_result_int(context, 1);
}

static int is_too_long(void *steps)
{
    return ++*(int *)steps > 300;
}

/* All rows as text; false: it does not run, or not to its end. */
static bool run(sqlite3 *db, const char *sql, struct text *rows)
{
    sqlite3_stmt *stmt = NULL;
    int steps = 0, status = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);
    bool reads = status == SQLITE_OK && stmt != NULL && sqlite3_stmt_readonly(stmt) != 0;
    sqlite3_progress_handler(db, 1000, is_too_long, &steps);
    while (reads && (status = sqlite3_step(stmt)) == SQLITE_ROW && rows->length < 65536) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            text_printf(rows, "%d:%s|", sqlite3_column_type(stmt, i),
                        store_text(stmt, i));
        }
        text_append_char(rows, '\n');
    }
    sqlite3_finalize(stmt);
    sqlite3_progress_handler(db, 0, NULL, NULL);
    return reads && status == SQLITE_DONE;
}

static bool is_changing(const char *sql)
{
    static const char *const words[] = {"random",  "changes", "rowid", "now",   "current",
                                        "explain", "total_c", "limit", "pragma"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (string_contains_fold(sql, words[i])) {
            return true; /* its rows are others each time, or depend on the plan */
        }
    }
    return false;
}

static void check_counting(struct scope *scope, const char *sql)
{
    static char t[] = "main.t", u[] = "main.u";
    struct own_table tables[] = {{t, true, 4}, {u, true, 4}};
    const struct workbench workbench = {0};
    struct facts facts = {&workbench, ARRAY_OF(struct table_facts *)};
    struct plan_facts plan = {.facts = &facts,
                              .scope = scope,
                              .sql = sql,
                              .nodes = ARRAY_OF(struct node),
                              .own = {tables, 2, 2, sizeof tables[0]}};
    struct array counters = ARRAY_OF(struct counter);
    struct text one = {0}, other = {0};
    char *text = count_text(&plan, sql, &counters);
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    store_run(db, make_tables, NULL);
    sqlite3_create_function(db, "mwb_visit", -1, SQLITE_UTF8, NULL, visit, NULL, NULL);
    if (text != NULL && !is_changing(sql) && run(db, sql, &one) &&
        run(db, text, &other)) {
        fuzz_must(one.length == other.length, "what counts gives the same rows");
    }
    store_close(db);
    text_release(&one);
    text_release(&other);
    array_release(&counters);
    facts_release(&facts);
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *sql = string_copy_bytes((const char *)bytes, length);
    length = strlen(sql);
    const struct scope_spec spec = {.sql = sql, .length = length, .columns = columns_of};
    const struct workbench workbench = {0};
    double start = fuzz_clock();
    struct scope *scope = scope_new(&spec);
    check_conditions(scope, sql, length);
    check_guess(sql, length);
    struct array advice = advice_of(&workbench, sql, length);
    for (size_t i = 0; i < advice.count; i++) {
        const struct advice *one = array_at(&advice, i);
        fuzz_must(one->start + one->length <= length, "advice is about the text");
    }
    advice_release(&advice);
    check_counting(scope, sql);
    fuzz_must_be_quick(start);
    scope_free(scope);
    free(sql);
    return 0;
}
