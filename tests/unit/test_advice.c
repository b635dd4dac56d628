/* Advice without a mesh: steps in words, conditions, what gives one row, texts that
 * count, and seconds by the past. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/advice/private.h"
#include "engine/store.h"
#include "tests/unit/tap.h"

/* ---- Words ---- */

static void steps_are_told_in_words(void)
{
    static const struct {
        const char *detail, *words;
    } cases[] = {
        {"SCAN t", "read all of t"},
        {"SCAN t USING COVERING INDEX i", "read all of t, from the index i"},
        {"SEARCH t USING INTEGER PRIMARY KEY (rowid=?)",
         "look up rows of t by its row number"},
        {"SEARCH t USING INDEX i (a=? AND b>? AND b<?) LEFT-JOIN",
         "look up rows of t by a and a range of b, with the index i"},
        {"SEARCH t USING AUTOMATIC COVERING INDEX (a=?)",
         "look up rows of t by a, with an index made for this statement"},
        {"SEARCH t USING COVERING INDEX i",
         "take the first or last of t, with the index i"},
        {"SEARCH t", "read all of t"},
        {"USE TEMP B-TREE FOR GROUP BY", "sort to form groups"},
        {"MATERIALIZE w", "make the rows of w and keep them"},
        {"CO-ROUTINE (subquery-3)", "make the rows of subquery 3, one after the other"},
        {"SOMETHING NEW", "SOMETHING NEW"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *words = words_of_step(cases[i].detail, NULL);
        is_text(words, cases[i].words, "%s", cases[i].detail);
        free(words);
    }
}

/* ---- Statements over two tables ---- */

static bool columns_of(void *owner, const char *schema, const char *table,
                       struct array *columns)
{
    bool is_t = string_equal_fold(table, "t");
    const char *names[] = {"a", is_t ? "b" : "c"};
    (void)owner;
    for (size_t i = 0; schema == NULL && (is_t || string_equal(table, "u")) && i < 2;
         i++) {
        struct scope_column *column = array_push(columns);
        *column = (struct scope_column){.name = string_copy(names[i])};
    }
    return columns->count > 0;
}

static struct scope *scope_of(const char *sql)
{
    const struct scope_spec spec = {
        .sql = sql, .length = strlen(sql), .columns = columns_of};
    return scope_new(&spec);
}

/* Each condition as its sources, "=" for an equality, "?" for names nobody knows. */
static void conditions_are_taken_apart(void)
{
    static const struct {
        const char *sql, *conditions;
    } cases[] = {
        {"SELECT 1 FROM t, u WHERE t.a = u.a AND b = 1", "3= 1= "},
        {"SELECT 1 FROM t JOIN u ON (t.a = u.a AND c BETWEEN 1 AND 2)", "3= 2 "},
        {"SELECT 1 FROM t, u WHERE t.a = u.a OR b = c", "3 "},
        {"SELECT 1 FROM t JOIN u USING (a) WHERE ((c = 1))", "3= 2= "},
        {"SELECT 1 FROM t, u WHERE CASE WHEN b AND c THEN 1 END AND b", "3 1 "},
        {"SELECT 1 FROM t, u WHERE EXISTS (SELECT 1 FROM u x WHERE x.a = t.a)", "1 "},
        {"SELECT 1 FROM t WHERE nope = 1 AND b >= 2", "0=? 1 "},
        {"SELECT 1 FROM t NATURAL JOIN u", "3? "},
        {"SELECT 1 FROM t, u WHERE (SELECT 1) = 1 AND t.a = abs(u.c)", "0 3= "},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scope *scope = scope_of(cases[i].sql);
        struct array conditions = conditions_read(scope, cases[i].sql, 0);
        struct text got = {0};
        for (size_t k = 0; k < conditions.count; k++) {
            const struct condition *one = array_at(&conditions, k);
            text_printf(&got, "%llu%s%s ", one->sources, one->is_equality ? "=" : "",
                        one->is_unsure ? "?" : "");
        }
        is_text(text_string(&got), cases[i].conditions, "%s", cases[i].sql);
        text_release(&got);
        conditions_release(&conditions);
        scope_free(scope);
    }
}

static void some_queries_give_one_row(void)
{
    static const struct {
        const char *sql;
        bool is_single;
    } cases[] = {
        {"SELECT count(*) FROM t", true},
        {"SELECT count(*) FROM t GROUP BY a", false},
        {"SELECT sum(a) OVER () FROM t", false},
        {"SELECT a, (SELECT count(*) FROM u) FROM t", false},
        {"SELECT a FROM t LIMIT 1", true},
        {"SELECT a FROM t LIMIT 1, 5", false},
        {"SELECT 1", true},
        {"SELECT n + 1 FROM (SELECT avg(a) AS n FROM t)", true},
        {"SELECT count(*) FROM t UNION SELECT 2", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scope *scope = scope_of(cases[i].sql);
        is_int(query_is_single(scope, cases[i].sql, 0), cases[i].is_single, "%s",
               cases[i].sql);
        scope_free(scope);
    }
}

/* ---- Counting ---- */

static void visit(sqlite3_context *context, int count, sqlite3_value **values)
{
    int *visits = sqlite3_user_data(context);
    int number = sqlite3_value_int(values[0]);
    (void)count;
    visits[number % 8] += sqlite3_value_type(values[1]) != SQLITE_NULL;
    sqlite3_result_int(context, 1);
}

static void read_nodes(sqlite3 *db, const char *sql, struct array *nodes)
{
    char *explain = string_printf("EXPLAIN QUERY PLAN %s", sql);
    sqlite3_stmt *stmt = store_prepare(db, explain, NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct node *node = array_push(nodes);
        *node = (struct node){.id = sqlite3_column_int(stmt, 0),
                              .parent = sqlite3_column_int(stmt, 1),
                              .detail = store_text_copy(stmt, 3)};
    }
    store_finish(stmt);
    free(explain);
}

static int count_rows(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    int rows = stmt != NULL ? 0 : -1;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        rows++;
    }
    store_finish(stmt);
    return rows;
}

static void count_one(sqlite3 *db, const char *sql, int *visits, int wanted)
{
    static char t[] = "main.t", u[] = "main.u";
    struct own_table tables[] = {{t, true, 100}, {u, true, 300}};
    const struct workbench workbench = {0};
    struct facts facts = {&workbench, ARRAY_OF(struct table_facts *)};
    struct plan_facts plan = {.facts = &facts,
                              .scope = scope_of(sql),
                              .sql = sql,
                              .nodes = ARRAY_OF(struct node),
                              .own = {tables, 2, 2, sizeof tables[0]}};
    struct array counters = ARRAY_OF(struct counter);
    memset(visits, 0, 8 * sizeof *visits);
    read_nodes(db, sql, &plan.nodes);
    plan_match(&plan);
    char *text = count_text(&plan, sql, &counters);
    is_int(text != NULL ? count_rows(db, text) : -2, count_rows(db, sql),
           "as many rows while counting: %s", sql);
    is_int(visits[0] + visits[1] + visits[2], wanted, "and so many are read");
    for (size_t i = 0; i < plan.nodes.count; i++) {
        free(((struct node *)array_at(&plan.nodes, i))->detail);
    }
    array_release(&plan.nodes);
    array_release(&counters);
    facts_release(&facts);
    scope_free(plan.scope);
    free(text);
}

static void rows_are_counted_as_they_are_read(void)
{
    int visits[8];
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    store_run(
        db,
        "CREATE TABLE t(a INTEGER PRIMARY KEY, b); CREATE TABLE u(a INTEGER, c); "
        "CREATE INDEX u_a ON u(a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 "
        "FROM n WHERE i<300) INSERT INTO u SELECT i%100+1, i FROM n; INSERT INTO t "
        "SELECT DISTINCT a, a%10 FROM u",
        NULL);
    sqlite3_create_function(db, "mwb_visit", -1, SQLITE_UTF8, visits, visit, NULL, NULL);
    count_one(db, "SELECT * FROM t", visits, 100);
    count_one(db, "SELECT * FROM t WHERE b = 3 -- so", visits, 100);
    count_one(db, "SELECT b, count(*) FROM t GROUP BY b ORDER BY 2", visits, 100);
    count_one(db, "SELECT * FROM t CROSS JOIN u WHERE u.a = t.a", visits, 400);
    count_one(db, "SELECT * FROM t LEFT JOIN u ON u.a = t.a AND c > 250 /* x */", visits,
              400);
    count_one(db, "SELECT * FROM t WHERE a = 7", visits, 1);
    count_one(db, "SELECT * FROM t WHERE a IN (SELECT c FROM u WHERE c < 11)", visits,
              310);
    store_close(db);
}

/* ---- Seconds ---- */

static void seconds_come_from_the_median(void)
{
    struct array paces = ARRAY_OF(struct pace);
    size_t used;
    static const struct pace past[] = {
        {1000000, 1.0}, {10, 5.0}, {2000000, 2.0}, {500000, 100.0}, {-1, 1.0}};
    for (size_t i = 0; i < sizeof past / sizeof *past; i++) {
        ok(i >= 4 || pace_seconds(&paces, 1e6, &used) < 0, "%zu are too few", i);
        *(struct pace *)array_push(&paces) = past[i];
    }
    ok(pace_seconds(&paces, 3e6, &used) > 2.9 && pace_seconds(&paces, 3e6, &used) < 3.1,
       "one that waited says nothing of the others");
    is_int(used, 3, "small ones do not count");
    ok(pace_seconds(&paces, -1, &used) < 0, "without rows there are no seconds");
    array_release(&paces);
}

int main(void)
{
    steps_are_told_in_words();
    conditions_are_taken_apart();
    some_queries_give_one_row();
    rows_are_counted_as_they_are_read();
    seconds_come_from_the_median();
    return tap_done();
}
