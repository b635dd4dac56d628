/* SQL of DuckDB and PostgreSQL: what becomes of it, and that SQLite answers the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tap.h"

#include "engine/dialect.h"
#include "engine/functions.h"
#include "engine/store.h"

static const char *find_table(void *owner, const char *name)
{
    (void)owner;
    static const char *const rows[][2] = {
        {"orders", "orders"}, {"tbl_orders", "orders"}, {"my_table", "my_table"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (string_equal_fold(rows[i][0], name)) {
            return rows[i][1];
        }
    }
    return NULL;
}

static const char *find_column(void *owner, const char *name, enum dialect_type *type)
{
    static const struct {
        const char *written, *name;
        enum dialect_type type;
    } rows[] = {{"ordered_at", "ordered_at", DIALECT_TIMESTAMP},
                {"shipped_at", "shipped_at", DIALECT_TIMESTAMP},
                {"field_three", "field_three", DIALECT_TIMESTAMP},
                {"day", "day", DIALECT_DATE},
                {"amount", "amount", DIALECT_NUMBER},
                {"amt", "amount", DIALECT_NUMBER},
                {"status", "status", DIALECT_ANY}};
    (void)owner;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (string_equal_fold(rows[i].written, name)) {
            *type = rows[i].type;
            return rows[i].name;
        }
    }
    return NULL;
}

static char *translate(enum dialect dialect, const char *sql)
{
    struct dialect_spec spec = {.dialect = dialect,
                                .schema = "shop",
                                .object = "orders",
                                .property = "amount",
                                .find_table = find_table,
                                .find_column = find_column};
    struct error err = {0};
    struct text filled = {0}, out = {0};
    bool done = dialect_fill(&spec, sql, &filled, &err) &&
                dialect_translate(&spec, text_string(&filled), &out, &err);
    text_release(&filled);
    if (!done) {
        text_clear(&out);
        text_printf(&out, "[%s]", err.message);
    }
    return text_take(&out);
}

/* ---- Texts ---- */

static void test_texts(void)
{
    static const struct {
        enum dialect dialect;
        const char *sql, *want;
    } rows[] = {
        {DIALECT_SQLITE, "SELECT count(*) FROM {object} -- all\n WHERE {property} < 0",
         "SELECT count(*) FROM shop.orders  \n WHERE amount < 0"},
        {DIALECT_SQLITE, "SELECT count(*) FROM ${schema}.{table}",
         "SELECT count(*) FROM shop.orders"},
        {DIALECT_SQLITE, "SELECT count(*) FROM `${model}`",
         "SELECT count(*) FROM shop.orders"},
        {DIALECT_SQLITE, "SELECT count(*) FROM public.tbl_orders",
         "SELECT count(*) FROM shop.orders AS tbl_orders"},
        {DIALECT_SQLITE, "SELECT o.amt FROM tbl_orders o, my_table",
         "SELECT o.amount FROM shop.orders o, shop.my_table"},
        {DIALECT_SQLITE, "WITH orders AS (SELECT 1) SELECT count(*) FROM orders",
         "WITH orders AS (SELECT 1) SELECT count(*) FROM orders"},
        {DIALECT_SQLITE, "SELECT '{\"a\":1}', '{object}' IS DISTINCT FROM status",
         "SELECT '{\"a\":1}', 'orders' IS DISTINCT FROM status"},
        {DIALECT_SQLITE, "SELECT count(*) FROM orders WHERE status LIKE 'A%' AND a/b > 1",
         "SELECT count(*) FROM shop.orders WHERE status LIKE 'A%' AND a/b > 1"},
        {DIALECT_DUCKDB, "SELECT sum(amount)/count(*) FROM orders",
         "SELECT sum(amount) * 1.0/count(*) FROM shop.orders"},
        {DIALECT_DUCKDB, "SELECT 7 // 2", "SELECT 7 / 2"},
        {DIALECT_MYSQL, "SELECT a/b WHERE status LIKE 'A%'",
         "SELECT a * 1.0/b WHERE status LIKE 'A%'"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE status LIKE 'A*%\\_'",
         "SELECT 1 WHERE status GLOB 'A[*]*_'"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE status NOT ILIKE 'a%'",
         "SELECT 1 WHERE status NOT LIKE 'a%'"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE status !~ '^\\d+$' AND status ~ 'a'",
         "SELECT 1 WHERE status NOT REGEXP '^[0-9]+$' AND status REGEXP 'a'"},
        {DIALECT_SQLITE,
         "SELECT count(*) FROM orders WHERE ordered_at > now() - interval '1 day'",
         "SELECT count(*) FROM shop.orders WHERE epoch(ordered_at) > "
         "epoch(date_sub(datetime('now'), '1 day'))"},
        {DIALECT_SQLITE, "SELECT 1 WHERE ordered_at > DATEADD(day, -1, GETDATE())",
         "SELECT 1 WHERE epoch(ordered_at) > epoch(date_add(datetime('now'), (-1) || ' ' "
         "|| 'day'))"},
        {DIALECT_SQLITE, "SELECT 1 WHERE ordered_at > DATE_SUB(NOW(), INTERVAL 1 DAY)",
         "SELECT 1 WHERE epoch(ordered_at) > epoch(DATE_SUB(datetime('now'), (1 || ' "
         "DAY')))"},
        {DIALECT_SQLITE, "SELECT 1 WHERE date(ordered_at) = CURRENT_DATE()",
         "SELECT 1 WHERE date(ordered_at) = date('now')"},
        {DIALECT_SQLITE, "SELECT 1 WHERE shipped_at < ordered_at",
         "SELECT 1 WHERE shipped_at < ordered_at"},
        {DIALECT_SQLITE, "SELECT 1 WHERE shipped_at - ordered_at > interval '2 days'",
         "SELECT 1 WHERE (epoch(shipped_at) - epoch(ordered_at)) > interval_seconds('2 "
         "days')"},
        {DIALECT_SQLITE, "SELECT current_date - day, day + 7, day - interval '1 month'",
         "SELECT date_diff('day', day, date('now')), date_add(day, (7) || ' days'), "
         "date_sub(day, '1 month')"},
        {DIALECT_SQLITE,
         "SELECT percentile_cont(0.95) WITHIN GROUP (ORDER BY amount) AS p FROM my_table",
         "SELECT percentile(amount, 95) AS p FROM shop.my_table"},
        {DIALECT_DUCKDB, "SELECT quantile_cont(amount, 0.5) FILTER (WHERE amount > 0)",
         "SELECT percentile(amount, 50) FILTER (WHERE amount > 0)"},
        {DIALECT_POSTGRES,
         "SELECT MAX(duration) FROM (SELECT EXTRACT(EPOCH FROM (field_three - "
         "LAG(field_three) OVER (ORDER BY field_three))) AS duration FROM my_table) s;",
         "SELECT MAX(duration) FROM (SELECT ((epoch(field_three) - "
         "epoch(LAG(field_three) "
         "OVER (ORDER BY field_three)))) AS duration FROM shop.my_table) s;"},
        {DIALECT_SQLITE, "SELECT status::date, '5'::int, amount::numeric(10,2)",
         "SELECT mwb_cast('date', status), mwb_cast('integer', '5'), "
         "round(mwb_cast('number', amount), 2)"},
        {DIALECT_SQLITE, "SELECT CAST(amount AS INTEGER), CAST(status AS DATE)",
         "SELECT CAST(amount AS INTEGER), mwb_cast('date', status)"},
        {DIALECT_DUCKDB, "SELECT TRY_CAST(status AS INTEGER), DATE '2026-01-01'",
         "SELECT mwb_try_cast('integer', status), mwb_cast('date', '2026-01-01')"},
        {DIALECT_DUCKDB, "SELECT count_if(amount < 0), extract(year from day), hour(x)",
         "SELECT count(CASE WHEN amount < 0 THEN 1 END), date_part('year', day), "
         "date_part('hour', x)"},
        {DIALECT_DUCKDB, "SELECT CASE WHEN day > '2026-01-01' THEN 1 ELSE -1 END",
         "SELECT CASE WHEN epoch(day) > epoch('2026-01-01') THEN 1 ELSE -1 END"},
        {DIALECT_DUCKDB, "SELECT 1 WHERE ordered_at BETWEEN '2026-01-01' AND now()",
         "SELECT 1 WHERE epoch(ordered_at) BETWEEN epoch('2026-01-01') AND "
         "epoch(datetime('now'))"},
        {DIALECT_SQLITE,
         "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 6 PRECEDING AND "
         "CURRENT ROW) FROM orders",
         "SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM "
         "shop.orders"},
        {DIALECT_POSTGRES, "SELECT payload->>'a' <> status, x IN (1, 2), NOT (a = -b)",
         "SELECT payload->>'a' <> status, x IN (1, 2), NOT (a = -b)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = translate(rows[i].dialect, rows[i].sql);
        is_text(got, rows[i].want, "%s", rows[i].sql);
        free(got);
    }
}

static void test_refusals(void)
{
    static const struct {
        enum dialect dialect;
        const char *sql, *part;
    } rows[] = {
        {DIALECT_SQLITE, "SELECT count(*) FROM ${project}.{table}", "{project}"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE a LIKE b", "LIKE"},
        {DIALECT_POSTGRES, "SELECT regexp_matches(a, 'x')", "regexp_matches"},
        {DIALECT_DUCKDB, "SELECT regexp_matches(a, b)", "regexp_matches"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE a ~ '(?i)x'", "regular expression"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE a ~ '(x)\\1'", "regular expression"},
        {DIALECT_POSTGRES, "SELECT 1 WHERE a ILIKE 'ä%'", "ILIKE"},
        {DIALECT_POSTGRES, "SELECT now() - 1", "adds or subtracts a time"},
        {DIALECT_POSTGRES, "SELECT shipped_at - ordered_at > 5", "no interval"},
        {DIALECT_POSTGRES, "SELECT interval '1 day' * 3", "interval"},
        {DIALECT_POSTGRES, "SELECT a::uuid", "type uuid"},
        {DIALECT_POSTGRES, "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY a)",
         "percentile_disc"},
        {DIALECT_POSTGRES, "SELECT datediff(week, a, b)", "Sunday"},
        {DIALECT_POSTGRES, "SELECT CAST(a", "CAST"},
        {DIALECT_POSTGRES, "SELECT f(a", "no end"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *got = translate(rows[i].dialect, rows[i].sql);
        ok(got[0] == '[' && strstr(got, rows[i].part) != NULL, "%s: %s", rows[i].sql,
           got);
        free(got);
    }
    struct text deep = {0};
    text_append(&deep, "SELECT ");
    text_append_repeated(&deep, '(', 5000);
    char *got = translate(DIALECT_SQLITE, text_string(&deep));
    ok(strstr(got, "too deeply") != NULL, "five thousand brackets: %s", got);
    free(got);
    text_release(&deep);
}

/* ---- Answers ---- */

static void test_answers(void)
{
    static const struct {
        enum dialect dialect;
        const char *sql, *want;
    } rows[] = {
        {DIALECT_POSTGRES, "SELECT extract(epoch from timestamp '2026-01-01T00:00:00Z')",
         "1767225600.0"},
        {DIALECT_DUCKDB, "SELECT contains('banana', 'nan') || starts_with('a', 'ab')",
         "10"},
        {DIALECT_DUCKDB, "SELECT ends_with('banana', 'na') || ends_with('a', 'ba')",
         "10"},
        {DIALECT_POSTGRES, "SELECT strpos('banana', 'n') || left('banana', 2)", "3ba"},
        {DIALECT_POSTGRES, "SELECT left('banana', -2) || right('banana', -4)", "banana"},
        {DIALECT_DUCKDB, "SELECT right('banana', 2) || right('banana', 0)", "na"},
        {DIALECT_POSTGRES, "SELECT greatest(2, NULL) || least(3, 1)", "21"},
        {DIALECT_DUCKDB, "SELECT regexp_matches('x17', '\\d+')", "1"},
        {DIALECT_POSTGRES, "SELECT date_trunc('week', '2026-11-22'::date)",
         "2026-11-16 00:00:00"},
        {DIALECT_POSTGRES,
         "SELECT date_trunc('quarter', timestamp '2026-11-22 10:11:12')",
         "2026-10-01 00:00:00"},
        {DIALECT_POSTGRES, "SELECT date '2024-01-31' + interval '1 month'", "2024-02-29"},
        {DIALECT_POSTGRES, "SELECT date '2024-03-31' - interval '1 month 1 day'",
         "2024-02-28"},
        {DIALECT_POSTGRES, "SELECT timestamp '2026-01-01 23:30' + interval '90 minutes'",
         "2026-01-02 01:00:00"},
        {DIALECT_POSTGRES, "SELECT date '2026-03-01' - date '2026-02-01'", "28"},
        {DIALECT_POSTGRES,
         "SELECT timestamp '2026-01-02T01:00:00+01:00' = timestamp '2026-01-02 00:00'",
         "1"},
        {DIALECT_DUCKDB,
         "SELECT date_diff('month', DATE '2026-01-31', DATE '2026-02-01')", "1"},
        {DIALECT_DUCKDB, "SELECT date_sub('month', DATE '2026-01-31', DATE '2026-02-01')",
         "0"},
        {DIALECT_DUCKDB, "SELECT date_diff('week', DATE '2026-11-22', DATE '2026-11-23')",
         "1"},
        {DIALECT_DUCKDB,
         "SELECT date_diff('hour', timestamp '1969-12-31 23:59:59', "
         "timestamp '1970-01-01 00:00:00')",
         "1"},
        {DIALECT_DUCKDB, "SELECT 1/4", "0.25"},
        {DIALECT_POSTGRES, "SELECT 1/4", "0"},
        {DIALECT_POSTGRES, "SELECT '2.5'::int", "2"},
        {DIALECT_POSTGRES, "SELECT 'yes'::boolean", "1"},
        {DIALECT_POSTGRES, "SELECT 'abc'::int", "~'abc' is no integer"},
        {DIALECT_POSTGRES, "SELECT '2026-02-30'::date", "~'2026-02-30' is no date"},
        {DIALECT_DUCKDB, "SELECT TRY_CAST('abc' AS int) IS NULL", "1"},
        {DIALECT_POSTGRES, "SELECT extract(week from date '2027-01-01')", "53"},
        {DIALECT_POSTGRES, "SELECT extract(isoyear from date '2027-01-01')", "2026"},
        {DIALECT_POSTGRES, "SELECT extract(dow from date '2026-11-22')", "0"},
        {DIALECT_POSTGRES, "SELECT extract(doy from date '2024-12-31')", "366"},
        {DIALECT_POSTGRES, "SELECT 'Abc' LIKE 'a%'", "0"},
        {DIALECT_POSTGRES, "SELECT 'Abc' ILIKE 'a%'", "1"},
        {DIALECT_POSTGRES, "SELECT 'x1' ~ '\\d'", "1"},
        {DIALECT_DUCKDB, "SELECT 'x1' ~ '\\d'", "0"},
        {DIALECT_POSTGRES,
         "SELECT percentile_cont(0.25) WITHIN GROUP (ORDER BY x DESC) "
         "FROM (VALUES (1),(2),(3),(4),(5)) AS t(x)",
         "~near"},
        {DIALECT_POSTGRES,
         "WITH t(x) AS (VALUES (1),(2),(3),(4),(5)) SELECT percentile_cont(0.25) WITHIN "
         "GROUP (ORDER BY x DESC) FROM t",
         "4.0"},
        {DIALECT_POSTGRES, "SELECT interval '1 hour' > interval '59 minutes'", "1"},
        {DIALECT_POSTGRES, "SELECT EXTRACT(EPOCH FROM interval '1 day 01:00:01')",
         "90001.0"},
        {DIALECT_POSTGRES, "SELECT epoch('nonsense')", "~'nonsense' is no date or time"},
        {DIALECT_POSTGRES, "SELECT now() + '999999999 years'::interval",
         "~is no interval"},
    };
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    functions_register(db);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *sql = translate(rows[i].dialect, rows[i].sql);
        sqlite3_stmt *stmt = store_prepare(db, sql, &err);
        char *got = stmt != NULL && store_step(stmt, &err) == STORE_ROW
                        ? store_text_copy(stmt, 0)
                        : string_copy(err.message);
        bool as_part = rows[i].want[0] == '~';
        bool fits = as_part ? got != NULL && strstr(got, rows[i].want + 1) != NULL
                            : string_equal(got, rows[i].want);
        ok(fits, "%s = %s: %s", rows[i].sql, rows[i].want, got != NULL ? got : "NULL");
        store_finish(stmt);
        free(got);
        free(sql);
    }
    store_close(db);
}

int main(void)
{
    test_texts();
    test_refusals();
    test_answers();
    is_int(dialect_of_server("PostgreSQL"), DIALECT_POSTGRES,
           "a server tells the dialect");
    is_int(dialect_of_server("s3"), DIALECT_DUCKDB, "files are read with DuckDB");
    is_int(dialect_of_server("mysql"), DIALECT_MYSQL, "MySQL is like no other");
    is_int(dialect_of_server(NULL), DIALECT_SQLITE, "no server: ours");
    return tap_done();
}
