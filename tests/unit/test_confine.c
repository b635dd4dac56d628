/* SQL of others: what it may do, what it is refused, and where it is stopped.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "engine/confine.h"
#include "engine/path.h"

static sqlite3 *open_bed(void)
{
    sqlite3 *db = store_open(NULL, STORE_MEMORY, NULL);
    store_run(db,
              "PRAGMA temp_store=MEMORY; ATTACH ':memory:' AS orders; ATTACH ':memory:' "
              "AS other;"
              "CREATE TABLE orders.t(a INTEGER, b TEXT);"
              "INSERT INTO orders.t VALUES(1,'x'),(2,'y'),(3,'zz');"
              "CREATE VIEW orders.v AS SELECT a FROM t;"
              "CREATE VIRTUAL TABLE orders.f USING fts5(word);"
              "INSERT INTO orders.f VALUES('hello'),('world');"
              "CREATE TABLE other.secret(s); CREATE TABLE other.numbers(a);"
              "CREATE VIRTUAL TABLE other.words USING fts5(a); CREATE TABLE main.own(x);"
              "CREATE TEMP VIEW peek AS SELECT s FROM other.secret",
              NULL);
    return db;
}

static struct confine *confine_orders(sqlite3 *db)
{
    static const char *const databases[] = {"orders"};
    return confine_new(&(struct confine_spec){
        .db = db, .databases = databases, .database_count = 1, .seconds = 0.3});
}

/* The first value, "NULL", or the sentence in brackets. */
static char *answer(struct confine *confine, const char *sql)
{
    struct error err = {0};
    sqlite3_stmt *stmt = confine_prepare(confine, "rule r", sql, &err);
    if (stmt == NULL) {
        return string_printf("[%s]", err.message);
    }
    enum store_step step = confine_step(confine, stmt, &err);
    char *value = step == STORE_ROW    ? store_text_copy(stmt, 0)
                  : step == STORE_DONE ? string_copy("nothing")
                                       : string_printf("[%s]", err.message);
    sqlite3_finalize(stmt);
    return value != NULL ? value : string_copy("NULL");
}

static void test_answers(struct confine *confine)
{
    static const struct {
        const char *sql, *want;
    } rows[] = {
        {"SELECT count(*) FROM orders.t", "3"},
        {"SELECT sum(a) FROM orders.v;", "6"},
        {"; -- first\n /* c */ SELECT 1 -- end ;\n;", "1"},
        {"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c WHERE n<9) "
         "SELECT max(n) FROM c",
         "9"},
        {"VALUES (7)", "7"},
        {"SELECT word FROM orders.f WHERE f MATCH 'wor*'", "world"},
        {"SELECT value FROM json_each('[5]')", "5"},
        {"SELECT '{\"k\":4}' ->> 'k'", "4"},
        {"SELECT count(*) FROM pragma_table_info('t','orders')", "2"},
        {"SELECT upper(b) || printf('%02d', a) FROM orders.t WHERE b LIKE 'z%'", "ZZ03"},
        {"SELECT row_number() OVER (ORDER BY a DESC) FROM orders.t", "1"},
        {"SELECT NULL", "NULL"},
        {"WITH c AS (SELECT 1 UNION SELECT 2) SELECT count(*) FROM c", "2"},
        {"SELECT count(*) FROM (SELECT 1)", "1"},
        {"SELECT a FROM orders.t WHERE a > 5", "nothing"},
        {"SELECT instr('grün', 'n')", "4"},
        {"SELECT instr(x'0102ff', x'ff')", "3"},
        {"SELECT instr('abc', '')", "1"},
        {"SELECT instr('abc', 'd')", "0"},
        {"SELECT instr(NULL, 'd')", "NULL"},
        {"SELECT instr(12345, 34)", "3"},
        {"SELECT replace('banana', 'an', 'x')", "bxxa"},
        {"SELECT replace('banana', '', 'x')", "banana"},
        {"SELECT replace('banana', 'z', NULL)", "NULL"},
        {"SELECT printf('%05.1f|%-*s|%%|%s', 2.25, 3, 'x', NULL)", "002.3|x  |%|"},
        {"SELECT format('%d', 7)", "7"},
        {"SELECT format('%5*d|', 7, 8) IS NULL OR 1", "1"},
        {"SELECT printf(NULL)", "NULL"},
        {"SELECT length(replace(printf('%.*c', 100000, 'a'), 'a', 'bb'))", "200000"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = answer(confine, rows[i].sql);
        is_text(got, rows[i].want, "%s", rows[i].sql);
        free(got);
    }
}

static void test_refusals(struct confine *confine)
{
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"", "holds no SQL"},
        {" -- nothing\n;", "holds no SQL"},
        {"SELECT 1; SELECT 2", "more than one statement"},
        {"SELECT 1; DROP TABLE orders.t", "more than one statement"},
        {"ATTACH 'x' AS y", "begins with ATTACH"},
        {"VACUUM INTO 'x'", "begins with VACUUM"},
        {"EXPLAIN SELECT 1", "begins with EXPLAIN"},
        {"PRAGMA writable_schema=1", "begins with PRAGMA"},
        {"/**/BEGIN", "begins with BEGIN"},
        {"WITH c AS (SELECT 1) INSERT INTO orders.t SELECT 1, 2 FROM c", "inserts rows"},
        {"WITH c AS (SELECT 1) DELETE FROM orders.t", "deletes rows"},
        {"WITH c AS (SELECT 1) UPDATE orders.t SET a=1", "changes rows"},
        {"SELECT load_extension('x')", "load_extension"},
        {"SELECT fts3_tokenizer('simple')", "fts3_tokenizer"},
        {"SELECT zeroblob(9)", "zeroblob"},
        {"SELECT hex(randomblob(9))", "randomblob"},
        {"SELECT sqlite_version()", "sqlite_version"},
        {"SELECT * FROM other.secret", "other.secret, which is not among"},
        {"SELECT * FROM temp.peek", "not among"},
        {"SELECT count(*) FROM peek", "not among"},
        {"WITH peek AS (SELECT * FROM other.secret) SELECT * FROM peek", "not among"},
        {"SELECT * FROM own", "main.own, which is not among"},
        {"SELECT count(*) FROM own", "main.own, which is not among"},
        {"SELECT count(*) FROM secret", "other.secret, which is not among"},
        {"SELECT count(*) FROM pragma_function_list", "pragma_function_list"},
        {"WITH c AS (SELECT 1) UPDATE sqlite_master SET sql='x'", "sqlite_master"},
        {"SELECT (SELECT s FROM other.secret)", "not among"},
        {"SELECT name FROM sqlite_schema", "not among"},
        {"SELECT * FROM pragma_journal_mode('off')", "pragma_journal_mode"},
        {"SELECT * FROM pragma_function_list", "pragma_function_list"},
        {"SELECT count(*) FROM orders.t JOIN other.numbers USING (a)", "not among"},
        {"SELECT count(*) FROM orders.t NATURAL JOIN other.numbers", "not among"},
        {"SELECT count(*) FROM orders.t NATURAL JOIN numbers", "not among"},
        {"SELECT count(*) FROM orders.t NATURAL LEFT JOIN other.words", "not among"},
        {"SELECT nonsense(1)", "no such function: nonsense"},
        {"SELECT * FROM orders.missing", "no such table"},
        {"SELECT a FROM orders.t WHERE", "incomplete input"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = answer(confine, rows[i].sql);
        bool found = strstr(got, rows[i].part) != NULL && got[0] == '[' &&
                     strstr(got, "rule r ") != NULL;
        ok(found, "%s: %s", rows[i].sql, got);
        free(got);
    }
    free(answer(confine, "SELECT load_extension('x')"));
    ok(confine_refused(confine), "what tries something is refused");
    free(answer(confine, "SELECT nonsense(1)"));
    ok(!confine_refused(confine), "what is wrong is no refusal");
}

static void test_limits(struct confine *confine)
{
    static const struct {
        const char *sql, *part;
    } rows[] = {
        {"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) "
         "SELECT count(*) FROM c",
         "stopped at its time limit"},
        {"WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c LIMIT 1000) "
         "SELECT "
         "count(*) FROM c a, c b, c d, c e",
         "stopped at its time limit"},
        {"SELECT hex(printf('%.*c', 900000, 'x'))", "limit of 1 MiB"},
        {"SELECT printf('%.*c', 2000000000, 'x')", "limit of 1 MiB"},
        {"SELECT printf('%2000000000d', 1)", "limit of 1 MiB"},
        {"SELECT printf('%-+,.1999999999f', 1)", "limit of 1 MiB"},
        {"WITH RECURSIVE c(s) AS (SELECT 'x' UNION ALL SELECT s||s FROM c) "
         "SELECT max(length(s)) FROM c",
         "limit of 1 MiB"},
        {"SELECT replace(printf('%.*c',1000000,'a'),'a','bb')", "limit of 1 MiB"},
        {"SELECT printf('%.*c', 600, 'x') LIKE printf('%.*c', 600, 'x')", "LIKE"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double start = path_monotonic();
        char *got = answer(confine, rows[i].sql);
        ok(strstr(got, rows[i].part) != NULL, "%s: %s", rows[i].sql, got);
        ok(path_monotonic() - start < 5, "and soon");
        free(got);
        got = answer(confine, "SELECT count(*) FROM orders.t");
        is_text(got, "3", "and the next one runs");
        free(got);
    }
    char *got =
        answer(confine, "WITH h(s) AS MATERIALIZED (SELECT printf('%.*c',500000,'a')) "
                        "SELECT instr(s||s, s||'b') FROM h");
    is_text(got, "0", "a search whose time would be the product of two lengths is short");
    free(got);
}

static void test_reads(struct confine *confine)
{
    struct error err = {0};
    struct text seen = {0};
    sqlite3_stmt *stmt =
        confine_prepare(confine, "rule r",
                        "SELECT b FROM orders.t WHERE a IN (SELECT a FROM orders.v) AND "
                        "b<>'' AND EXISTS (SELECT count(*) FROM orders.f)",
                        &err);
    for (size_t i = 0; i < confine_reads(confine)->count; i++) {
        const struct confine_read *read = array_at(confine_reads(confine), i);
        text_printf(&seen, "%s.%s.%s ", read->database, read->table, read->column);
    }
    ok(strstr(text_string(&seen), "orders.t.b ") != NULL &&
           strstr(text_string(&seen), "orders.t.a ") != NULL &&
           strstr(text_string(&seen), "orders.f. ") != NULL,
       "it is known what is read: %s", text_string(&seen));
    sqlite3_finalize(stmt);
    text_release(&seen);
}

static void test_trust(struct confine *confine, sqlite3 *db)
{
    struct error err = {0};
    confine_trusted(confine, true);
    is_int(store_number(db, -1, "SELECT count(*) FROM other.secret", ""), 0,
           "our own statements read everything");
    is_int(store_number(db, -1, "SELECT length(zeroblob(5000000))", ""), 5000000,
           "and have no such limits");
    confine_trusted(confine, false);
    char *got = answer(confine, "SELECT * FROM other.secret");
    ok(strstr(got, "not among") != NULL, "those of others again do not");
    free(got);
    static const char *const both[] = {"orders", "other", "temp"};
    confine_allow(confine, both, 3);
    got = answer(confine, "SELECT count(*) FROM peek");
    is_text(got, "0", "what is allowed later can be read");
    free(got);
    confine_free(confine);
    ok(store_run(db, "DROP TABLE own", &err), "afterwards the connection is as before");
}

static long long rows_of_bomb(sqlite3 *db, struct error *err)
{
    struct confine *confine =
        confine_new(&(struct confine_spec){.db = db, .seconds = 20});
    sqlite3_stmt *stmt =
        confine_prepare(confine, "rule bomb",
                        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM c) "
                        "SELECT n, printf('%.*c', 1000, 'x') AS s FROM c ORDER BY s, n",
                        err);
    long long rows =
        stmt != NULL && confine_step(confine, stmt, err) == STORE_ROW ? 1 : -1;
    sqlite3_finalize(stmt);
    confine_free(confine);
    return rows;
}

/* In a child, for the limits stay. Its exit status says what did not hold. */
static int process_verdict(const char *folder)
{
    struct error err = {0};
    char *file = string_printf("%s/new", folder);
    sqlite3 *db = open_bed();
    if (!confine_process(32 << 20, &err)) {
        return 1;
    }
    if (rows_of_bomb(db, &err) >= 0 || strstr(err.message, "memory") == NULL) {
        return 2;
    }
    int fd = open(file, O_RDWR | O_CREAT, 0600);
    bool wrote = fd >= 0 && write(fd, "x", 1) == 1;
    free(file);
    store_close(db);
    return wrote ? 3 : errno == EFBIG ? 0 : 4;
}

static void test_process(void)
{
    char folder[] = "/tmp/confineXXXXXX";
    int status = -1;
    if (!ok(mkdtemp(folder) != NULL, "a folder")) {
        return;
    }
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        _exit(process_verdict(folder));
    }
    waitpid(child, &status, 0);
    is_int(status, 0, "a process has no memory for a bomb and writes no byte");
    char *file = string_printf("%s/new", folder);
    unlink(file);
    rmdir(folder);
    free(file);
}

int main(void)
{
    sqlite3 *db = open_bed();
    struct confine *confine = confine_orders(db);
    test_answers(confine);
    test_refusals(confine);
    test_limits(confine);
    test_reads(confine);
    test_trust(confine, db);
    store_close(db);
    test_process();
    return tap_done();
}
