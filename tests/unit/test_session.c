/* Unit tests of engine/session.h, with real child processes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "bed.h"

#include <dirent.h>
#include <signal.h>
#include <stdint.h>
#include <sys/resource.h>

/* One opcode that runs for minutes: nothing inside SQLite stops it. */
#define STUCK "SELECT instr(hex(zeroblob(1000000)), hex(zeroblob(500000)) || '1')"
#define ENDLESS "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n) "

static void make_products(struct bed *bed)
{
    for (int i = 1; i <= 12; i++) {
        char *name = string_printf("p%02d", i);
        char *sql = string_printf("CREATE TABLE t(id INTEGER, name TEXT); "
                                  "INSERT INTO t VALUES(%d, 'product %d');",
                                  i, i);
        bed_describe(bed, "test", name, "t");
        bed_publish(bed, "test", name, "1.0.0-a", sql);
        free(name);
        free(sql);
    }
    bed_describe(bed, "shop", "orders", "line_items");
    bed_describe(bed, "shop", "absent", "nothing");
    bed_publish(
        bed, "shop", "orders", "1.0.0-a",
        "CREATE TABLE line_items(id INTEGER, item TEXT, amount REAL);"
        "WITH RECURSIVE n(i) AS (VALUES(1) UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
        "INSERT INTO line_items SELECT i, 'item ' || i, i / 4.0 FROM n;"
        "CREATE TABLE holes(a); INSERT INTO holes(rowid, a) VALUES (3, 'x'), (9, 'y');"
        "CREATE TABLE mwb_table(name, rows, rejected, contiguous, source, path_taken);"
        "INSERT INTO mwb_table VALUES('line_items', 1000, 0, 1, 'x.csv', 'fast'),"
        "('holes', 2, 0, 0, 'y.csv', 'slow');");
}

static void statements_answer(struct bed *bed)
{
    bed_is(bed, "SELECT 1, 'a', NULL, 2.5, x'41'", "1|a|~|2.5|A");
    bed_is(bed, "SELECT 1 AS a, 2 AS a", "1|2");
    bed_is(bed, "CREATE TABLE t(a); INSERT INTO t VALUES(1),(2); SELECT sum(a) FROM t; ",
           "3");
    bed_is(bed, "SELECT * FROM t; SELECT 'shown'; UPDATE t SET a = a + 1", "shown");
    bed_is(bed, "SELECT sum(a) FROM main.t", "5");
    bed_is(bed, "SELECT count(*), sum(amount) FROM orders.line_items", "1000|125125.0");
    bed_is(bed, "SELECT name FROM p03.t UNION ALL SELECT name FROM P07.T",
           "product 3\nproduct 7");
    bed_is(bed, "SELECT count(*) FROM mesh.product", "14");
    bed_is(bed, "CREATE TEMP VIEW v AS SELECT id FROM p09.t; SELECT * FROM v", "9");
    bed_is(bed, "SELECT name FROM pragma_table_info('t', 'p02')", "id\nname");
    bed_is(bed, "BEGIN; DELETE FROM t; ROLLBACK; SELECT count(*) FROM t", "2");
    bed_is(bed,
           "CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = 0; END; "
           "INSERT INTO t VALUES(7); SELECT max(a) FROM t",
           "0");
    bed_is(bed, "DROP TABLE t", "");
}

static void functions_are_there(struct bed *bed)
{
    bed_is(bed, "SELECT median(column1) FROM (VALUES(1),(NULL),(3),(10))", "3.0");
    bed_is(bed, "SELECT median(column1) FROM (VALUES(1),(2))", "1.5");
    bed_is(bed, "SELECT percentile(column1, 25) FROM (VALUES(1),(2),(3),(4),(5))", "2.0");
    bed_is(bed, "SELECT median(1) WHERE 0", "~");
    bed_is(
        bed,
        "SELECT round(stddev(column1), 4) FROM (VALUES(2),(4),(4),(4),(5),(5),(7),(9))",
        "2.1381");
    bed_is(bed, "SELECT 'abc' REGEXP '^a.c$', 'abc' REGEXP 'x|y', NULL REGEXP 'a'",
           "1|0|~");
    bed_is(bed,
           "SELECT '2026-01' REGEXP '^\\d+-\\d\\d$', 'd' REGEXP '^\\d$', "
           "'Zürich' REGEXP '(?i)^ZÜ\\w+$', char(97, 10, 98) REGEXP '^a.b$', "
           "'a-b' REGEXP '[[:alpha:]]-\\bb\\b'",
           "1|0|1|1|1");
    bed_is(bed, "SELECT hex(zeroblob(40)) || 'x' REGEXP '^(0+)+$'",
           "error: SQLite refused the statement: a regular expression takes too many "
           "steps on a value; avoid repeated parts "
           "that can match the same signs");
    bed_is(bed, "SELECT 'a' REGEXP '('",
           "error: SQLite refused the statement: the pattern ( cannot be followed at its "
           "sign 2: missing closing parenthesis");
    bed_is(bed, "SELECT median('x')",
           "error: SQLite refused the statement: median, percentile and stddev need "
           "numbers");
}

static void errors_are_sentences(struct bed *bed)
{
    static const struct {
        const char *sql, *sentence;
        size_t offset;
    } cases[] = {
        {"SELECT * FROM orders.line_item",
         "there is no table line_item in orders; did you mean orders.line_items?", 21},
        {"SELECT * FROM orders.zzzzzzz",
         "there is no table zzzzzzz in orders; it has holes, line_items", 21},
        {"SELECT * FROM ordrs.line_items",
         "there is no product ordrs in this mesh; did you mean orders.line_items?", 20},
        {"SELECT * FROM line_items",
         "there is no table line_items in the workspace; did you mean orders.line_items?",
         14},
        {"SELECT * FROM orders",
         "there is no table orders in the workspace; orders is a product: name one of "
         "its "
         "tables, as in orders.TABLE",
         14},
        {"SELECT * FROM line_itms",
         "there is no table line_itms in the workspace; did you mean orders.line_items?",
         14},
        {"SELECT * FROM property",
         "there is no table property in the workspace; did you mean mesh.property?", 14},
        {"SELECT x.a FROM orders.line_items l",
         "there is no column x.a in the tables of this statement; no table of it is "
         "called x, there are l",
         7},
        {"SELECT orders.line_items.itm FROM orders.line_items",
         "there is no column itm in orders.line_items; did you mean "
         "orders.line_items.item?",
         7},
        {"SELECT amout FROM orders.line_items",
         "there is no column amout in orders.line_items; did you mean amount?", 7},
        {"SELECT l.itme FROM orders.line_items l",
         "there is no column itme in orders.line_items; did you mean l.item?", 7},
        {"SELECT \"text\"",
         "there is no column text in the tables of this statement; text stands in single "
         "quotes: 'text'",
         7},
        {"SELECT medan(1)", "there is no function medan; did you mean median?", 7},
        {"SELECT 1;\nSELECT 'a' FROM x GROUP WHERE",
         "the SQL cannot be understood at \"WHERE\" (line 2, column 25): BY is missing "
         "behind GROUP",
         34},
        {"SELECT (1",
         "the SQL ends too early: the parenthesis of line 1, column 8 of the statement "
         "is not closed",
         9},
        {"SELECT 'a",
         "the SQL cannot be understood at \"'a\" (line 1, column 8): a quote that "
         "is not closed; a ' inside a text is written twice: 'it''s'",
         7},
        {"SELECT * FROM absent.nothing",
         "the product shop/absent is not on this machine yet; get it first: get "
         "shop/absent",
         SIZE_MAX},
        {"SELECT :from + :to",
         "the statement needs a value for the parameter :from and none was given; give "
         "one with "
         "--param from=VALUE, or :param from VALUE on the screen",
         7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct session_run *run = bed_run(bed, cases[i].sql);
        is_text(session_run_error(run)->message, cases[i].sentence, "case %zu", i);
        is_int(session_run_error(run)->kind, ERROR_FAILED, "and its kind");
        is_int((long long)session_run_error_offset(run), (long long)cases[i].offset,
               "and its place");
        session_run_free(run);
    }
    struct error err = {0};
    struct session_query empty = {.sql = " -- nothing\n;", .sql_length = 13};
    ok(session_start(bed->session, &empty, &err) == NULL && err.kind == ERROR_FAILED,
       "nothing to run: %s", err.message);
    struct session_run *run =
        bed_run(bed, "CREATE TABLE never(a); SELECT * FROM absent.x");
    is_text(session_run_needs(run), "shop/absent", "a product that must be got first");
    session_run_free(run);
    bed_is(bed, "SELECT count(*) FROM main.sqlite_schema WHERE name = 'never'", "0");
}

static void parameters_are_bound(struct bed *bed)
{
    static const struct session_parameter values[] = {
        {"i", "12"}, {"r", "1.5"}, {"t", "007"}, {"n", NULL}, {"e", "1e3"}, {"b", "a'b"}};
    struct session_query query = {
        .sql = "SELECT typeof(:i), typeof(@r), typeof($t), typeof(:n), typeof(:e), :b",
        .parameters = values,
        .parameter_count = sizeof values / sizeof values[0]};
    struct session_run *run = bed_query(bed, query);
    char *got = bed_rows(run);
    is_text(got, "integer|real|text|null|text|a'b", "parameters keep their kind");
    free(got);
    session_run_free(run);
}

static void facts_are_told(struct bed *bed)
{
    struct session_run *run = bed_run(
        bed, "SELECT l.item AS thing, l.amount * 2, t.id FROM orders.line_items l "
             "JOIN p01.t ON t.id = l.id");
    const struct session_column *thing = array_at(session_run_columns(run), 0);
    const struct session_column *double_amount = array_at(session_run_columns(run), 1);
    is_text(thing->name, "thing", "name of a column");
    is_text(thing->declared, "TEXT", "its declared type");
    is_text(thing->product, "shop/orders", "its product");
    is_text(thing->table, "line_items", "its table");
    is_text(thing->column, "item", "its own name");
    ok(double_amount->product == NULL && double_amount->column == NULL,
       "an expression comes from nowhere");
    is_int(session_run_rows(run), 1, "rows");
    is_int(session_run_changes(run), -1, "no changes");
    char *products = string_copy(session_run_products(run));
    ok(strstr(products, "shop/orders\n") != NULL &&
           strstr(products, "test/p01\n") != NULL,
       "products used: %s", products[0] != '\0' ? "two" : "none");
    free(products);
    session_run_free(run);
    run = bed_run(bed, "CREATE TABLE c(a)");
    is_int(session_run_changes(run), -1, "CREATE writes no rows");
    session_run_free(run);
    run = bed_run(bed, "INSERT INTO c VALUES(1),(2),(3); UPDATE c SET a = 0 WHERE a > 1");
    is_int(session_run_changes(run), 5, "rows written");
    session_run_free(run);
    run = bed_run(bed, "INSERT INTO c VALUES(4) RETURNING a");
    char *got = bed_rows(run);
    is_text(got, "4", "RETURNING has rows");
    is_int(session_run_changes(run), 1, "and changes");
    free(got);
    session_run_free(run);
    run = bed_query(bed, (struct session_query){
                             .sql = "SELECT id FROM orders.line_items WHERE id > 5",
                             .row_limit = 10});
    is_int(session_run_rows(run), 10, "the row limit holds");
    ok(session_run_was_limited(run), "and is told");
    session_run_free(run);
}

/* What SQLite's authorizer is not told of is read all the same. */
static void products_read_are_told(struct bed *bed)
{
    static const struct {
        const char *sql, *products;
    } cases[] = {
        {"SELECT count(*) FROM orders.line_items JOIN p01.t USING (id)",
         "shop/orders\ntest/p01\n"},
        {"SELECT t.id FROM orders.line_items NATURAL JOIN p01.t",
         "shop/orders\ntest/p01\n"},
        {"SELECT amount FROM orders.line_items JOIN p01.t USING (id)",
         "shop/orders\ntest/p01\n"},
        {"SELECT count(*) FROM p01.t", "test/p01\n"},
        {"SELECT 1 WHERE EXISTS (SELECT 1 FROM orders.line_items)", "shop/orders\n"},
        {"CREATE TABLE taken AS SELECT id FROM p01.t; "
         "INSERT INTO taken SELECT * FROM p01.t; SELECT count(*) FROM taken",
         "test/p01\n"},
        {"SELECT count(*) FROM taken", ""},
        {"SELECT 1", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session_run *run = bed_run(bed, cases[i].sql);
        is_text(session_run_products(run), cases[i].products, "products of %s",
                cases[i].sql);
        session_run_free(run);
    }
}

static void whole_tables_stay_in_place(struct bed *bed)
{
    struct session_run *run = bed_run(bed, "select * from Orders.LINE_ITEMS;");
    ok(strstr(session_run_file(run), "/cache/") != NULL,
       "read in the product's own file");
    is_text(session_run_table(run), "line_items", "from its own table");
    is_int(session_run_rows(run), 1000, "with the count of the import");
    struct session_query sorted = {
        .sql = "SELECT item FROM line_items ORDER BY amount DESC LIMIT 2",
        .on_spool = session_run_file(run)};
    struct session_run *view = bed_query(bed, sorted);
    char *got = bed_rows(view);
    is_text(got, "item 1000\nitem 999", "and it can be sorted where it lies");
    free(got);
    session_run_free(view);
    char *file = string_copy(session_run_file(run));
    session_run_free(run);
    ok(path_exists(file), "freeing the run leaves the product alone");
    free(file);
    run = bed_run(bed, "SELECT * FROM orders.holes");
    ok(strstr(session_run_file(run), "/spools/") != NULL, "a table with gaps is spooled");
    file = string_copy(session_run_file(run));
    struct session_query query = {.sql = "SELECT c0 FROM rows ORDER BY c0 DESC",
                                  .on_spool = file};
    view = bed_query(bed, query);
    got = bed_rows(view);
    is_text(got, "y\nx", "SQL over a spool");
    free(got);
    session_run_free(view);
    query.sql = "INSERT INTO rows VALUES(1)";
    view = bed_query(bed, query);
    ok(session_run_error(view)->kind == ERROR_FAILED, "a spool is not written: %s",
       session_run_error(view)->message);
    session_run_free(view);
    session_run_free(run);
    ok(!path_exists(file), "freeing the run removes its spool");
    free(file);
}

static void many_products_take_turns(struct bed *bed)
{
    char sql[1200];
    char want[32];
    for (int round = 0; round < 2; round++) {
        for (int i = 1; i <= 12; i++) {
            int n = round == 0 ? i : 13 - i;
            snprintf(sql, sizeof sql, "SELECT name FROM p%02d.t", n);
            snprintf(want, sizeof want, "product %d", n);
            bed_is(bed, sql, want);
        }
    }
    size_t used = 0;
    for (int i = 1; i <= 11; i++) {
        used +=
            (size_t)snprintf(sql + used, sizeof sql - used, "%sSELECT id FROM p%02d.t",
                             i > 1 ? " UNION ALL " : "", i);
        if (i == 10) {
            bed_is(bed, sql, "1\n2\n3\n4\n5\n6\n7\n8\n9\n10");
        }
    }
    bed_is(
        bed, sql,
        "error: the statement uses 11 products (p01, p02, p03, p04, p05, p06, p07, p08, "
        "p09, p10, p11) and SQLite holds 10 at a time; copy a table of one into your "
        "workspace first, for example CREATE TABLE copied AS SELECT * FROM p11.TABLE, "
        "and "
        "use main.copied instead");
    bed_publish(bed, "test", "p01", "2.0.0-b",
                "CREATE TABLE t(id, name); INSERT INTO t VALUES(1, 'newer')");
    bed_is(bed, "SELECT name FROM p01.t", "newer");
}

static double seconds_of(struct session_run *run)
{
    return session_run_seconds(run);
}

static void cancel_always_works(struct bed *bed)
{
    static const char *const endless[] = {STUCK, ENDLESS "SELECT count(*) FROM n",
                                          ENDLESS "SELECT i FROM n"};
    for (size_t i = 0; i < sizeof endless / sizeof endless[0]; i++) {
        struct session_query query = {.sql = endless[i]};
        struct session_run *run = bed_start_query(bed, &query);
        loop_step(bed->loop, 0);
        session_run_cancel(run);
        bed_wait(bed, run);
        is_int(session_run_error(run)->kind, ERROR_CANCELLED, "cancelled: %s",
               session_run_error(run)->message);
        ok(seconds_of(run) < 5, "at once: %.2f s", seconds_of(run));
        session_run_free(run);
        bed_is(bed, "SELECT 'next', count(*) FROM orders.line_items", "next|1000");
    }
}

static void limits_hold(struct bed *bed)
{
    static const char *const slow[] = {STUCK, ENDLESS "SELECT count(*) FROM n"};
    for (size_t i = 0; i < sizeof slow / sizeof slow[0]; i++) {
        struct session_run *run =
            bed_query(bed, (struct session_query){.sql = slow[i], .timeout = 0.3});
        is_int(session_run_error(run)->kind, ERROR_TIMEOUT, "time limit: %s",
               session_run_error(run)->message);
        ok(seconds_of(run) > 0.25 && seconds_of(run) < 5, "kept: %.2f s",
           seconds_of(run));
        session_run_free(run);
    }
    static const char *const greedy[] = {
        "SELECT hex(zeroblob(100000000))",
        "SELECT group_concat(hex(zeroblob(1000000))) FROM "
        "(" ENDLESS "SELECT i FROM n LIMIT 100)"};
    for (size_t i = 0; i < sizeof greedy / sizeof greedy[0]; i++) {
        struct session_run *run = bed_query(
            bed, (struct session_query){.sql = greedy[i], .memory_limit = 32 << 20});
        is_text(
            session_run_error(run)->message,
            "the statement needs more memory than its limit of 32.0 MiB; ask for fewer "
            "or shorter values, or raise the limit",
            "memory limit");
        session_run_free(run);
    }
    bed_is(bed, "SELECT 'next'", "next");
}

/* The one child of this process that is the session, found through its parent's number.
 */
static pid_t find_child(void)
{
    DIR *folder = opendir("/proc");
    struct dirent *entry;
    pid_t child = 0;
    while (folder != NULL && child == 0 && (entry = readdir(folder)) != NULL) {
        char *path = string_printf("/proc/%s/stat", entry->d_name);
        FILE *file = fopen(path, "r");
        int pid;
        int parent;
        if (file != NULL && fscanf(file, "%d (%*[^)]) %*c %d", &pid, &parent) == 2 &&
            parent == getpid()) {
            child = pid;
        }
        if (file != NULL) {
            fclose(file);
        }
        free(path);
    }
    closedir(folder);
    return child;
}

static void a_killed_child_is_replaced(struct bed *bed)
{
    struct session_query query = {.sql = ENDLESS "SELECT i FROM n"};
    struct session_run *run = bed_start_query(bed, &query);
    while (session_run_rows(run) == 0) {
        loop_step(bed->loop, -1);
    }
    ok(!session_run_is_over(run) && bed->changes > 0, "rows come while it runs");
    kill(find_child(), SIGKILL);
    bed_wait(bed, run);
    is_int(session_run_error(run)->kind, ERROR_FAILED, "killed from outside: %s",
           session_run_error(run)->message);
    struct result *result = bed_result(run);
    ok(result != NULL && result_count(result) == session_run_rows(run),
       "what was told can still be read");
    result_free(result);
    session_run_free(run);
    bed_is(bed, "SELECT 'next'", "next");
    kill(find_child(), SIGKILL);
    bed_is(bed, "SELECT 'killed while idle'", "killed while idle");
    struct session_query again = {.sql = "SELECT 'sent again'", .timeout = 0.2};
    run = bed_start_query(bed, &again);
    kill(find_child(), SIGSTOP); /* it gets the statement, but never sees it */
    loop_step(bed->loop, 0);
    kill(find_child(), SIGKILL);
    bed_wait(bed, run);
    char *got = bed_rows(run);
    is_text(got, "sent again", "killed before it saw the statement");
    free(got);
    session_run_free(run);
    query.sql = "SELECT 'never sent'";
    run = bed_start_query(bed, &query);
    session_run_cancel(run);
    bed_wait(bed, run);
    is_int(session_run_error(run)->kind, ERROR_CANCELLED, "cancelled while it waited");
    session_run_free(run);
}

static void statements_queue(struct bed *bed)
{
    struct session_query slow = {.sql = ENDLESS "SELECT count(*) FROM n LIMIT 1"};
    struct session_query quick = {.sql = "SELECT 'second'"};
    struct session_run *first = bed_start_query(bed, &slow);
    struct session_run *second = bed_start_query(bed, &quick);
    loop_step(bed->loop, 0);
    session_run_free(first); /* while it runs */
    bed_wait(bed, second);
    char *got = bed_rows(second);
    is_text(got, "second", "a freed run makes way for the next");
    free(got);
    session_run_free(second);
}

/* ---- Callbacks that free what called them ---- */

struct chain {
    struct bed *bed;
    struct session_run *second;
    int ends;
};

static void free_run_and_session(void *owner, struct session_run *run)
{
    struct chain *chain = owner;
    session_run_free(run);
    session_free(chain->bed->session);
    chain->bed->session = NULL;
    chain->ends++;
}

static void free_run_and_go_on(void *owner, struct session_run *run)
{
    struct chain *chain = owner;
    struct error err = {0};
    struct session_query query = {.sql = "SELECT 2",
                                  .sql_length = 8,
                                  .finished = free_run_and_session,
                                  .owner = chain};
    session_run_free(run);
    chain->second = session_start(chain->bed->session, &query, &err);
    chain->ends++;
}

static void callbacks_may_free_everything(struct bed *bed)
{
    struct chain chain = {.bed = bed};
    struct error err = {0};
    struct session_query query = {.sql = "SELECT 1",
                                  .sql_length = 8,
                                  .finished = free_run_and_go_on,
                                  .owner = &chain};
    ok(session_start(bed->session, &query, &err) != NULL, "a run that starts another");
    while (chain.ends < 2) {
        loop_step(bed->loop, -1);
    }
    ok(bed->session == NULL, "which frees the session in its end");
    bed_open_session(bed);
    query.sql = ENDLESS "SELECT i FROM n";
    query.sql_length = strlen(query.sql);
    struct session_run *run = bed_start_query(bed, &query);
    while (session_run_rows(run) == 0) {
        loop_step(bed->loop, -1);
    }
    session_free(bed->session);
    bed_open_session(bed);
    ok(session_run_is_over(run), "a session may be freed while a run goes on: %s",
       session_run_error(run)->message);
    session_run_free(run);
}

static void a_new_index_is_noticed(struct bed *bed)
{
    struct error err = {0};
    bed_is(bed, "SELECT count(*) FROM mesh.product", "14");
    bed_is(
        bed, "SELECT * FROM late.t",
        "error: there is no product late in this mesh; it has absent, orders, p01, p02, "
        "p03, p04, p05, p06 and 8 more");
    bed_describe(bed, "test", "late", "t");
    bed_publish(bed, "test", "late", "1.0.0-a",
                "CREATE TABLE t(a); INSERT INTO t VALUES(1)");
    ok(catalog_build(bed->mesh, bed->index, NULL, &err), "the mesh grew%s", err.message);
    bed_is(bed, "SELECT a, (SELECT count(*) FROM mesh.product) FROM late.t", "1|15");
    session_set_index(bed->session, NULL);
    bed_is(bed, "SELECT 'no mesh'", "no mesh");
    session_set_index(bed->session, bed->index);
    bed_is(bed, "SELECT a FROM late.t", "1");
}

static void a_full_disk_is_told(struct bed *bed)
{
    struct rlimit limit;
    getrlimit(RLIMIT_FSIZE, &limit);
    struct rlimit small = {1 << 20, limit.rlim_max};
    kill(find_child(), SIGKILL); /* the next child inherits the limit */
    setrlimit(RLIMIT_FSIZE, &small);
    struct session_run *run =
        bed_run(bed, ENDLESS "SELECT i, hex(zeroblob(500)) FROM n LIMIT 100000");
    setrlimit(RLIMIT_FSIZE, &limit);
    const char *message = session_run_error(run)->message;
    ok(string_starts(message, "could not write the rows of the result to ") &&
           strstr(message, "/spools/") != NULL && strstr(message, "make room") != NULL,
       "no room for the spool: %s", message);
    session_run_free(run);
    kill(find_child(), SIGKILL);
    bed_is(bed, "SELECT 'next'", "next");
}

int main(void)
{
    struct bed bed;
    bed_make(&bed);
    make_products(&bed);
    bed_start(&bed);
    statements_answer(&bed);
    functions_are_there(&bed);
    errors_are_sentences(&bed);
    parameters_are_bound(&bed);
    products_read_are_told(&bed);
    facts_are_told(&bed);
    whole_tables_stay_in_place(&bed);
    many_products_take_turns(&bed);
    cancel_always_works(&bed);
    limits_hold(&bed);
    a_killed_child_is_replaced(&bed);
    statements_queue(&bed);
    callbacks_may_free_everything(&bed);
    a_new_index_is_noticed(&bed);
    a_full_disk_is_told(&bed);
    bed_release(&bed);
    return tap_done();
}
