/* postgres: tables and queries of a real server, value by value; names and queries of a
 * hostile descriptor; who may be asked.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "tests/unit/postgres_fetch.h"

/* ---- Values ---- */

static const struct value {
    const char *type, *written, *stored, *kind;
} values[] = {
    {"int2", "-32768", "-32768", "integer"},
    {"int4", "2147483647", "2147483647", "integer"},
    {"int8", "9223372036854775807", "9223372036854775807", "integer"},
    {"int8", "-9223372036854775808", "-9223372036854775808", "integer"},
    {"float8", "0.1", "0.1", "real"},
    {"float8", "1.7976931348623157e308", "1.79769313486232e+308", "real"},
    {"float8", "5e-324", "4.94065645841247e-324", "real"},
    {"float8", "NaN", "NaN", "text"},
    {"float8", "Infinity", "Infinity", "text"},
    {"float8", "-Infinity", "-Infinity", "text"},
    {"float4", "1.5", "1.5", "real"},
    {"numeric", "12345678901234567890.123456789", "12345678901234567890.123456789",
     "text"},
    {"numeric", "1.10", "1.10", "text"},
    {"numeric", "1.25", "1.25", "real"},
    {"numeric", "NaN", "NaN", "text"},
    {"numeric(10,2)", "1.10", "1.1", "real"},
    {"numeric(38,0)", "99999999999999999999999999999999999999",
     "99999999999999999999999999999999999999", "text"},
    {"bool", "true", "1", "integer"},
    {"bool", "false", "0", "integer"},
    {"text", "", "", "text"},
    {"text", "007", "007", "text"},
    {"text", "NULL", "NULL", "text"},
    {"text", "\\N", "\\N", "text"},
    {"text", "\\.", "\\.", "text"},
    {"text", "a \"quoted\", b", "a \"quoted\", b", "text"},
    {"text", "one\ntwo\r\nthree", "one\ntwo\r\nthree", "text"},
    {"text", " blanks ", " blanks ", "text"},
    {"text", "\t", "\t", "text"},
    {"text", "\xE2\x82\xAC \xF0\x9F\x98\x80 a\xCC\x81",
     "\xE2\x82\xAC \xF0\x9F\x98\x80 a\xCC\x81", "text"},
    {"text", "=1+1", "=1+1", "text"},
    {"varchar(5)", "abc", "abc", "text"},
    {"char(5)", "abc", "abc  ", "text"},
    {"name", "n", "n", "text"},
    {"bytea", "\\x00ff10", "\\x00ff10", "text"},
    {"uuid", "A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11",
     "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11", "text"},
    {"date", "2024-02-29", "2024-02-29", "text"},
    {"date", "infinity", "infinity", "text"},
    {"date", "0044-03-15 BC", "0044-03-15 BC", "text"},
    {"date", "12024-02-29", "12024-02-29", "text"},
    {"time", "23:59:59.999999", "23:59:59.999999", "text"},
    {"timetz", "12:00:00+02", "12:00:00+02", "text"},
    {"timestamp", "2024-02-29 12:30:00.123456", "2024-02-29 12:30:00.123456", "text"},
    {"timestamp", "-infinity", "-infinity", "text"},
    {"timestamptz", "2024-02-29 23:30:00-05:30", "2024-03-01T05:00:00Z", "text"},
    {"timestamptz", "2024-02-29 23:30:00.5+00", "2024-02-29T23:30:00.5Z", "text"},
    {"interval", "1 day 02:03:04.5", "P1DT2H3M4.5S", "text"},
    {"json", "{\"a\":  [1, null]}", "{\"a\":  [1, null]}", "text"},
    {"jsonb", "{\"a\":  [1, null]}", "{\"a\": [1, null]}", "text"},
    {"int4[]", "{1,NULL,3}", "{1,NULL,3}", "text"},
    {"text[]", "{\"a,b\",\"\",NULL}", "{\"a,b\",\"\",NULL}", "text"},
    {"bool[]", "{t,f}", "{t,f}", "text"},
    {"mood", "so, \"so\"", "so, \"so\"", "text"},
    {"positive", "7", "7", "integer"},
    {"inet", "192.168.0.1/24", "192.168.0.1/24", "text"},
    {"int4range", "[1,5)", "[1,5)", "text"},
    {"money", "1234.5", "$1,234.50", "text"},
    {"bit(3)", "101", "101", "text"},
    {"xml", "<a b=\"c\">d</a>", "<a b=\"c\">d</a>", "text"},
};
enum { VALUES = sizeof values / sizeof *values };

/* A column for each; the second row has NULL in all of them. */
static void test_values(const char *type)
{
    struct text make = {0}, fill = {0};
    text_append(&make, "DROP TABLE IF EXISTS kinds; CREATE TABLE kinds(row int");
    text_append(&fill, "INSERT INTO kinds VALUES(1");
    for (int i = 0; i < VALUES; i++) {
        char *literal =
            PQescapeLiteral(server.owner, values[i].written, strlen(values[i].written));
        text_printf(&make, ",c%d %s", i, values[i].type);
        text_printf(&fill, ",%s", literal);
        PQfreemem(literal);
    }
    text_append(&make, "); GRANT SELECT ON kinds TO reader");
    text_append(&fill, "),(2");
    for (int i = 0; i < VALUES; i++) {
        text_append(&fill, ",NULL");
    }
    text_append(&fill, ")");
    ok(postgres_do_sql(&server, text_string(&make)) &&
           postgres_do_sql(&server, text_string(&fill)),
       "a table of all kinds");
    if (!ok(bring(&(struct wish){.name = "kinds", .type = type}), "comes by %s", type)) {
        printf("# %s\n", err.message);
    }
    for (int i = 0; i < VALUES; i++) {
        char *sql = string_printf("SELECT c%d,typeof(c%d) FROM t WHERE row=1", i, i);
        char *null = string_printf("SELECT typeof(c%d) FROM t WHERE row=2", i);
        char *want = string_printf("%s|%s", values[i].stored, values[i].kind);
        is_text(stored(sql), want, "%s %s", values[i].type, values[i].written);
        is_text(stored(null), "null", "NULL of %s", values[i].type);
        free(want);
        free(null);
        free(sql);
    }
    text_release(&make);
    text_release(&fill);
}

static void test_declared(void)
{
    postgres_do_sql(&server,
                    "CREATE TABLE declared(id int, yes bool, words text, day date); "
                    "INSERT INTO declared VALUES(1,true,'',date '2024-01-02'),"
                    "(2,false,NULL,NULL),(3,NULL,'x','infinity'); "
                    "GRANT SELECT ON declared TO reader");
    ok(bring(&(struct wish){.name = "declared",
                            .columns = "id string,yes boolean,words string,day date"}),
       "a declared table comes");
    is_text(
        stored("SELECT group_concat(typeof(id)||yes,';') FROM t WHERE yes IS NOT NULL"),
        "text1;text0", "the contract's types hold, booleans are 1 and 0");
    is_text(stored("SELECT group_concat(typeof(words)||length(words),';') FROM t WHERE "
                   "words IS NOT NULL"),
            "text0;text1", "'' is no NULL");
    is_text(stored("SELECT count(*) FROM t WHERE words IS NULL"), "1", "and NULL is");
    is_text(stored("SELECT day FROM t WHERE id='3'"), "infinity", "a misfit stays");
}

/* A column alone: what would be a blank line. */
static void test_one_column(void)
{
    postgres_do_sql(&server, "CREATE TABLE alone(c text); INSERT INTO alone "
                             "VALUES(NULL),(''),('x'),(NULL),('NULL'); "
                             "GRANT SELECT ON alone TO reader");
    ok(bring(&(struct wish){.name = "alone"}), "a table of one column comes");
    is_text(stored("SELECT count(*),sum(c IS NULL),sum(c='') FROM t"), "5|2|1",
            "with its NULL and its ''");
    postgres_do_sql(&server, "INSERT INTO alone VALUES('(no value) "
                             "6f1c2a9e-5b0d-4c77-9a3e-8d2f4b1e7c50')");
    ok(!bring(&(struct wish){.name = "alone"}) && says("stands for NULL"),
       "a text that means NULL on the way is told");
    postgres_do_sql(&server, "CREATE TABLE bare(); GRANT SELECT ON bare TO reader; "
                             "CREATE TABLE empty(a int, b text); "
                             "GRANT SELECT ON empty TO reader");
    ok(!bring(&(struct wish){.name = "bare"}) && says("no columns"), "no columns");
    ok(bring(&(struct wish){.name = "empty"}), "no rows: %s", err.message);
    is_text(stored("SELECT count(*) FROM t"), "0", "is an empty table");
}

/* ---- Names and queries ---- */

static void test_names(void)
{
    static const struct {
        const char *schema, *name, *make;
    } cases[] = {
        {"Sales \"EU\"", "\"odd.na\"\"me; --\"",
         "\"Sales \"\"EU\"\"\".\"odd.na\"\"me; --\""},
        {NULL, "Sales.\"t'); DROP TABLE many; --\"",
         "\"Sales\".\"t'); DROP TABLE many; --\""},
        {"public", "select", "public.\"select\""},
        {NULL, "Orders", "public.orders"},
        {"Sales", "MiXed", "\"Sales\".\"MiXed\""},
        {NULL, "postgres.public.three", "public.three"},
        {NULL, "\xC3\xBC\xE2\x82\xAC", "public.\"\xC3\xBC\xE2\x82\xAC\""},
    };
    postgres_do_sql(&server,
                    "CREATE SCHEMA \"Sales \"\"EU\"\"\"; CREATE SCHEMA \"Sales\"; "
                    "GRANT USAGE ON SCHEMA \"Sales \"\"EU\"\"\",\"Sales\" TO reader");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *sql =
            string_printf("CREATE TABLE %s AS SELECT %zu AS a, 'x' AS \"b\"\",;\"; "
                          "GRANT SELECT ON %s TO reader",
                          cases[i].make, i, cases[i].make);
        char *want = string_printf("%zu|x", i);
        ok(postgres_do_sql(&server, sql), "there is a table %s", cases[i].make);
        ok(bring(&(struct wish){.name = cases[i].name, .schema = cases[i].schema}),
           "it comes: %s", err.message);
        is_text(stored("SELECT * FROM t"), want, "and is that one");
        free(want);
        free(sql);
    }
    ok(!bring(&(struct wish){.name = "no such"}) && says("does not exist"),
       "a table that is not there");
    ok(!bring(&(struct wish){.name = "other.public.many"}) && says("database other"),
       "nor one of another database");
    postgres_do_sql(&server, "CREATE TABLE hidden(a int)");
    ok(!bring(&(struct wish){.name = "hidden"}) && says("ask the owner"),
       "one that may not be read");
}

/* Each would do something else than read, if it were pasted or believed. */
static void test_injection(void)
{
    static const char *const attacks[] = {
        "SELECT 1) TO PROGRAM 'touch /tmp/mwb-was-here'; --",
        "SELECT 1) TO STDOUT; DROP TABLE victim; COPY (SELECT 1",
        "SELECT 1; DROP TABLE victim",
        "SELECT 1; COMMIT; DROP TABLE victim",
        "DELETE FROM victim RETURNING 1",
        "INSERT INTO victim VALUES(9) RETURNING 1",
        "UPDATE victim SET a=9 RETURNING a",
        "WITH x AS (DELETE FROM victim RETURNING a) SELECT * FROM x",
        "SELECT * INTO stolen FROM victim",
        "SELECT nextval('counter')",
        "SELECT set_config('transaction_read_only','off',true), "
        "write_victim()",
        "SELECT write_victim()",
        "COMMIT",
        "COPY victim TO PROGRAM 'touch /tmp/mwb-was-here'",
        "VALUES (1)) AS x; TRUNCATE victim; --",
        "SELECT 1 /*",
        "SELECT 1 FROM victim) AS t(c0)) TO STDOUT; DROP TABLE victim; --",
        "SELECT E'\\'; DROP TABLE victim; --' ) ; DROP TABLE victim; --",
        "SELECT $a$ ) $a$ ) TO '/tmp/mwb-was-here' --",
        "SELECT a FROM victim FOR UPDATE",
        "DO $$ BEGIN DELETE FROM victim; END $$",
        "TABLE victim; DROP TABLE victim",
        "",
    };
    postgres_do_sql(&server,
                    "CREATE TABLE victim AS SELECT 1 AS a; CREATE SEQUENCE counter; "
                    "CREATE FUNCTION write_victim() RETURNS int LANGUAGE plpgsql AS "
                    "'BEGIN DELETE FROM victim; RETURN 1; END'; "
                    "GRANT ALL ON victim, counter TO reader; "
                    "ALTER TABLE victim OWNER TO reader");
    for (size_t i = 0; i < sizeof attacks / sizeof *attacks; i++) {
        ok(!bring(&(struct wish){.query = attacks[i]}) && err.message[0] != '\0',
           "refused: %s", attacks[i]);
        char *left = postgres_ask(&server, "SELECT count(*)||':'||min(a) FROM victim");
        is_text(left, "1:1", "and nothing was written");
        free(left);
    }
    ok(!path_exists("/tmp/mwb-was-here"), "no program ran, no file was written");
    static const char *const names[] = {"many; DROP TABLE victim",
                                        "victim\" ; --",
                                        "(SELECT 1) x; --",
                                        "victim UNION SELECT 1",
                                        "pg_read_file('/etc/passwd')",
                                        "\"",
                                        "a..b",
                                        "."};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ok(!bring(&(struct wish){.name = names[i]}) ||
               strcmp(stored("SELECT count(*) FROM t"), "") == 0,
           "no table: %s", names[i]);
    }
}

static void test_queries(void)
{
    ok(bring(&(struct wish){.query = "SELECT 1 AS a, 2 AS a, true AS b -- the end"}),
       "a query with a comment at its end, columns of one name: %s", err.message);
    is_text(stored("SELECT * FROM t"), "1|2|1", "gives its row");
    ok(bring(&(struct wish){.name =
                                "WITH x AS (SELECT 5 AS n) SELECT n, 'b' AS c FROM x;"}),
       "a physical name that is a query: %s", err.message);
    is_text(stored("SELECT * FROM t"), "5|b", "gives its row");
    ok(bring(&(struct wish){.query = "VALUES (1,'a'),(2,NULL)"}), "values: %s",
       err.message);
    is_text(stored("SELECT count(*),sum(column2 IS NULL) FROM t"), "2|1", "are rows");
    ok(bring(&(struct wish){.query = "SELECT a, \"b\"\",;\" FROM \"MiXed\"",
                            .schema = "Sales"}),
       "names of a query are looked for in the contract's schema: %s", err.message);
    ok(!bring(&(struct wish){.query = "SELECT 1/0 AS x, 2 AS y"}) &&
           says("division by zero"),
       "a query that fails on the way");
    postgres_do_sql(&server, "ALTER ROLE reader SUPERUSER");
    ok(!bring(&(struct wish){.query = "SELECT 1 AS a, 2 AS b"}) && says("superuser"),
       "a superuser runs no query of a contract");
    postgres_do_sql(&server, "ALTER ROLE reader NOSUPERUSER");
}

/* ---- Who may be asked ---- */

static void test_hosts(void)
{
    put_file(".config/mwb/credentials", "", 0600);
    ok(!bring(&(struct wish){.name = "declared"}) && says("named yourself"),
       "a server that the person did not name is not asked");
    char *line = string_printf("*:*:*:reader:%s\n", "x");
    put_file(".pgpass", line, 0600);
    ok(!bring(&(struct wish){.name = "declared"}) && says("named yourself"),
       "a line for all hosts names none");
    free(line);
    line = string_printf("# a remark\n127.0.0.1:%d:*:reader:it's a \\\\ secret\n",
                         server.port);
    put_file(".pgpass", line, 0600);
    ok(bring(&(struct wish){.name = "declared"}), "a line of ~/.pgpass: %s", err.message);
    put_file(".pgpass", line, 0644);
    ok(!bring(&(struct wish){.name = "declared"}) && says("named yourself"),
       "one that others may read counts for nothing");
    free(line);
    put_file(".pgpass", "", 0600);
    char port[16];
    snprintf(port, sizeof port, "%d", server.port);
    setenv("PGHOST", "127.0.0.1", 1);
    setenv("PGPORT", port, 1);
    setenv("PGUSER", "reader", 1);
    setenv("PGPASSWORD", POSTGRES_PASSWORD, 1);
    ok(bring(&(struct wish){.name = "declared"}), "the server of PGHOST: %s",
       err.message);
    setenv("PGPASSWORD", "wrong", 1);
    ok(!bring(&(struct wish){.name = "declared"}) && says("authentication failed") &&
           says("write the password"),
       "with a wrong password");
    ok(strstr(err.message, "wrong") == NULL, "which is not told");
    char *service = string_printf("[shop]\nhost=127.0.0.1\nport=%d\nuser=reader\n"
                                  "password=%s\n",
                                  server.port, POSTGRES_PASSWORD);
    put_file(".pg_service.conf", service, 0600);
    char *path = path_join(home, ".pg_service.conf");
    static const char *const names[] = {"PGHOST", "PGPORT", "PGUSER", "PGPASSWORD"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        unsetenv(names[i]);
    }
    setenv("PGSERVICEFILE", path, 1);
    setenv("PGSERVICE", "shop", 1);
    ok(bring(&(struct wish){.name = "declared"}), "the server of PGSERVICE: %s",
       err.message);
    unsetenv("PGSERVICE");
    unsetenv("PGSERVICEFILE");
    free(path);
    free(service);
    put_credentials(POSTGRES_PASSWORD);
    ok(!bring(&(struct wish){.name = "declared", .security = "require"}) && says("SSL"),
       "TLS that the contract asks for is had, or nothing");
}

/* A certificate that nobody vouches for: enough for `require`, not for more. */
static void test_tls(void)
{
    char *data = string_printf("%s/data", server.folder);
    char *command = string_printf(
        "cd %s && openssl req -new -x509 -nodes -days 2 -subj /CN=localhost -keyout "
        "server.key -out server.crt 2>/dev/null && chmod 600 server.key && chown "
        "--reference=. server.key server.crt",
        data);
    bool made = system(command) == 0, has_tls = false;
    free(command);
    free(data);
    if (!made) {
        printf("# there is no openssl: TLS is not tried\n");
        return;
    }
    postgres_do_sql(&server, "ALTER SYSTEM SET ssl TO on");
    postgres_do_sql(&server, "SELECT pg_reload_conf()");
    for (double until = path_monotonic() + 10; !has_tls && path_monotonic() < until;) {
        char *ssl = postgres_ask(&server, "SHOW ssl");
        has_tls = strcmp(ssl, "on") == 0;
        free(ssl);
    }
    ok(has_tls && bring(&(struct wish){.name = "declared", .security = "require"}),
       "TLS that the contract asks for: %s", err.message);
    ok(!bring(&(struct wish){.name = "declared", .security = "verify-full"}) &&
           says("certificate"),
       "a certificate that it asks for must be one: %s", err.message);
    setenv("PGSSLMODE", "verify-ca", 1);
    ok(!bring(&(struct wish){.name = "declared", .security = "disable"}) &&
           says("certificate"),
       "a contract cannot ask for less than the person");
    unsetenv("PGSSLMODE");
}

int main(void)
{
    if (!begin_with_server()) {
        return 0;
    }
    test_values("postgres");
    test_declared();
    test_one_column();
    test_names();
    test_injection();
    test_queries();
    test_hosts();
    test_tls();
    return end_with_server();
}
