/* Unit tests of engine/quality: rules in SQL, relationships and promises, each with the
 * value and the outcome that the data have. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "quality_help.h"

#include "engine/functions.h"

static const char contract[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: shop-orders\nname: orders\n"
    "version: 1.0.0\nstatus: active\ndomain: shop\n"
    "servers: [{server: p, type: postgres, host: h, port: 5432, database: d, schema: "
    "s}]\n"
    "schema:\n"
    "- name: orders\n"
    "  physicalName: tbl_orders\n"
    "  relationships:\n"
    "  - {type: foreignKey, from: [orders.region, orders.shop],\n"
    "     to: [shops.region, shops.number]}\n"
    "  properties:\n"
    "  - {name: id, logicalType: integer, primaryKey: true, primaryKeyPosition: 1}\n"
    "  - {name: email, logicalType: string, classification: geheim}\n"
    "  - name: amount\n"
    "    physicalName: amt\n"
    "    logicalType: number\n"
    "    quality:\n"
    "    - {id: negative, type: sql, mustBe: 0,\n"
    "       query: 'SELECT count(*) FROM ${table} WHERE {property} < 0'}\n"
    "    - {id: p95, type: sql, mustBeBetween: [9, 11], query: 'SELECT\n"
    "       percentile_cont(0.5) WITHIN GROUP (ORDER BY amt) FROM {model}'}\n"
    "  - {name: at, logicalType: timestamp}\n"
    "  - {name: sent, logicalType: timestamp}\n"
    "  - {name: region, logicalType: string}\n"
    "  - {name: shop, logicalType: integer}\n"
    "  - {name: buyer, logicalType: integer,\n"
    "     relationships: [{type: foreignKey, to: people.id}]}\n"
    "  quality:\n"
    "  - {id: slow, type: sql, mustBe: 0, query: 'SELECT count(*) FROM {object} o WHERE\n"
    "     sent - at > interval ''1 day'''}\n"
    "  - {id: longest, type: sql, mustBeLessThan: 3600, query: 'SELECT max(d) FROM "
    "(SELECT\n"
    "     EXTRACT(EPOCH FROM (at - LAG(at) OVER (ORDER BY at))) AS d FROM orders) s;'}\n"
    "  - {id: recent, type: sql, mustBeGreaterThan: 1, query: 'SELECT count(*) FROM\n"
    "     ${schema}.{table} WHERE at > now() - interval ''2 days'''}\n"
    "  - {id: empty, type: sql, mustBe: 0, query: 'SELECT sum(amt) FROM orders WHERE "
    "false'}\n"
    "  - {id: nothing, type: sql, mustBe: 0, query: 'SELECT id FROM orders WHERE "
    "false'}\n"
    "  - {id: many, type: sql, mustBe: 0, query: SELECT id FROM orders}\n"
    "  - {id: two, type: sql, mustBe: 0, query: 'SELECT 1, 2'}\n"
    "  - {id: word, type: sql, mustBe: 0, query: SELECT region FROM orders}\n"
    "  - {id: noop, type: sql, query: SELECT 1}\n"
    "  - {id: foreign, type: sql, mustBe: 0, query: 'SELECT count(*) FROM {object}\n"
    "     TABLESAMPLE SYSTEM (10)'}\n"
    "  - {id: sneaky, type: sql, mustBe: 0, query: SELECT count(*) FROM mesh.product}\n"
    "  - {id: bare, type: sql, mustBe: 0, query: SELECT count(*) FROM fetch}\n"
    "  - {id: writes, type: sql, mustBe: 0, query: DELETE FROM orders}\n"
    "  - {id: endless, type: sql, mustBe: 0, query: 'WITH RECURSIVE c(n) AS (SELECT 1 "
    "UNION\n"
    "     ALL SELECT n + 1 FROM c) SELECT count(*) FROM c'}\n"
    "  - {id: lost, type: sql, mustBe: 0, query: 'SELECT count(*) FROM "
    "${project}.orders'}\n"
    "- name: shops\n"
    "  properties: [{name: region, logicalType: string}, {name: number,\n"
    "                logicalType: integer}]\n"
    "- name: people\n"
    "  properties: [{name: id, logicalType: integer}]\n"
    "slaProperties:\n"
    "- {property: latency, value: 4, unit: d, element: orders.at}\n"
    "- {property: freshness, value: 24, unit: h, element: orders.at}\n"
    "- {property: retention, value: P1Y, element: orders.at}\n"
    "- {property: retention, value: P1M, element: orders.sent}\n"
    "- {property: frequency, value: 1, unit: d, element: orders.at}\n"
    "- {property: frequency, value: 1, unit: week, element: orders.at}\n"
    "- {property: frequency, value: 1, unit: d, element: orders.sent,\n"
    "   scheduler: cron, schedule: 0 6 * * 1-5}\n"
    "- {property: latency, value: 500, unit: ms, element: orders.at}\n"
    "- {property: availability, value: 99.9, unit: percent}\n"
    "- {property: retention, value: 1, unit: y}\n"
    "- {property: throughput, value: 5}\n";

/* The clock stands at noon of Monday, 15 June 2026. */
static const char data[] =
    "CREATE TABLE tbl_orders(id INTEGER, email TEXT, amt, at TEXT, sent TEXT, region "
    "TEXT,"
    " shop INTEGER, buyer INTEGER);"
    "INSERT INTO tbl_orders VALUES"
    "(1,'a@b.example',10,'2026-06-10T10:00:00Z','2026-06-12T11:00:00Z','n',1,7),"
    "(2,'c@d.example',-3,'2026-06-11T10:00:00Z','2026-06-11T12:00:00Z','n',2,8),"
    "(3,'e@f.example',20,'2026-06-13T23:00:00Z','2026-06-15T00:00:00Z','s',1,9),"
    "(4,'g@h.example',NULL,'2026-06-14T09:00:00Z',NULL,NULL,1,NULL);"
    "CREATE TABLE shops(region TEXT, number INTEGER);"
    "INSERT INTO shops VALUES('n',1),('n',2),('s',2),(NULL,1);"
    "CREATE TABLE people(id INTEGER); INSERT INTO people VALUES(7),(8),(NULL);";

static const struct expected {
    const char *key, *value;
    enum quality_outcome outcome;
    const char *reason; /* a part of it */
} expected[] = {
    {"orders.amount.negative", "1", QUALITY_FAILED, "must be = 0"},
    {"orders.amount.p95", "10", QUALITY_PASSED, NULL},
    {"orders.slow", "2", QUALITY_FAILED, NULL},
    {"orders.longest", "219600", QUALITY_FAILED, NULL},
    {"orders.recent", "2", QUALITY_PASSED, NULL},
    {"orders.empty", NULL, QUALITY_FAILED, "NULL"},
    {"orders.nothing", NULL, QUALITY_FAILED, "NULL"},
    {"orders.many", "1", QUALITY_ERROR, "more than one row"},
    {"orders.two", NULL, QUALITY_ERROR, "2 columns"},
    {"orders.word", NULL, QUALITY_ERROR, "answers with \"n\""},
    {"orders.noop", NULL, QUALITY_ERROR, "no operator"},
    {"orders.foreign", NULL, QUALITY_ERROR, "syntax error"},
    {"orders.sneaky", NULL, QUALITY_ERROR, "mesh.product, which is not among"},
    {"orders.bare", NULL, QUALITY_ERROR, "ledger.fetch, which is not among"},
    {"orders.writes", NULL, QUALITY_ERROR, "begins with DELETE"},
    {"orders.endless", NULL, QUALITY_ERROR, "time limit"},
    {"orders.lost", NULL, QUALITY_ERROR, "{project}"},
    {"orders.foreignKey", "1", QUALITY_FAILED, NULL},
    {"orders.buyer.foreignKey", "1", QUALITY_FAILED, NULL},
    {"orders.at.latency", "1.125", QUALITY_PASSED, NULL},
    {"orders.at.freshness", "27", QUALITY_FAILED, NULL},
    {"orders.at.retention", "5.0833", QUALITY_PASSED, NULL},
    {"orders.sent.retention", "4", QUALITY_PASSED, NULL},
    {"orders.at.frequency", "1", QUALITY_FAILED, "promised periods (1 d)"},
    {"orders.at.frequency#2", "0", QUALITY_PASSED, NULL},
    {"orders.sent.frequency", "0", QUALITY_PASSED, NULL},
    {"orders.at.latency#2", NULL, QUALITY_NOT_RUN, "\"500 ms\""},
    {"availability", NULL, QUALITY_NOT_RUN, "nothing about this file"},
    {"retention", NULL, QUALITY_NOT_RUN, "nothing about this file"},
    {"throughput", NULL, QUALITY_NOT_RUN, "neither the data nor the log"},
};

static void test_outcomes(const struct bench *bench)
{
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++) {
        const struct quality_check *check = bench_check(bench, expected[i].key);
        if (!ok(check != NULL, "%s is planned", expected[i].key)) {
            continue;
        }
        const char *reason = check->reason != NULL ? check->reason : "";
        is_text(quality_outcome_name(check->outcome),
                quality_outcome_name(expected[i].outcome), "%s: its outcome (%s)",
                check->key, reason);
        if (expected[i].outcome != QUALITY_ERROR) {
            is_text(check->value, expected[i].value, "%s: its value", check->key);
        } else {
            ok(check->sql != NULL || expected[i].value != NULL, "%s: its SQL is shown",
               check->key);
        }
        if (expected[i].reason != NULL) {
            ok(strstr(reason, expected[i].reason) != NULL, "%s: %s", check->key, reason);
        }
    }
}

/* What is shown can be run by itself, and finds as many rows as were counted. */
static void test_statements(const struct bench *bench)
{
    struct error err = {0};
    sqlite3 *db = store_open(NULL, STORE_MEMORY, &err);
    char *uri = store_uri_immutable(bench->file);
    char *attach = string_printf("ATTACH '%s' AS orders", uri);
    free(uri);
    functions_register(db);
    ok(store_run(db, attach, &err), "the data under their name: %s", err.message);
    free(attach);
    static const struct {
        const char *key;
        long long rows;
        const char *columns;
    } rows[] = {{"orders.amount.negative", 1, "id,amt"},
                {"orders.slow", 2, "id,at,sent"},
                {"orders.foreignKey", 1, "id,region,shop"},
                {"orders.buyer.foreignKey", 1, "id,buyer"},
                {"orders.at.frequency", 1, "last,next,missing"},
                {"orders.at.freshness", 4, "id,at"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct quality_check *check = bench_check(bench, rows[i].key);
        sqlite3_stmt *stmt = store_prepare(db, check->rows_sql, &err);
        struct text names = {0};
        long long count = 0;
        for (int c = 0; stmt != NULL && c < sqlite3_column_count(stmt); c++) {
            text_printf(&names, "%s%s", c > 0 ? "," : "", sqlite3_column_name(stmt, c));
        }
        while (stmt != NULL && store_step(stmt, &err) == STORE_ROW) {
            count++;
        }
        is_int(count, rows[i].rows, "%s: its rows: %s: %s", rows[i].key, check->rows_sql,
               err.message);
        is_text(text_string(&names), rows[i].columns, "%s: its columns", rows[i].key);
        text_release(&names);
        store_finish(stmt);
        stmt = store_prepare(db, check->sql, &err);
        ok(stmt != NULL, "%s: its SQL: %s", rows[i].key, check->sql);
        store_finish(stmt);
    }
    store_close(db);
}

/* ---- Two products ---- */

static const char consumer[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: returns\nname: returns\n"
    "version: 1.0.0\nstatus: active\ndomain: shop\n"
    "schema:\n"
    "- name: returns\n"
    "  properties:\n"
    "  - {name: id, logicalType: integer}\n"
    "  - name: order_id\n"
    "    logicalType: integer\n"
    "    relationships:\n"
    "    - {type: foreignKey, to: 'parts.odcs.yaml#/schema/parts/properties/id'}\n"
    "  - name: other\n"
    "    relationships: [{type: foreignKey, to: "
    "'gone.odcs.yaml#/schema/x/properties/id'}]\n";

static const char provider[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: parts\nname: parts\n"
    "version: 1.0.0\nstatus: active\ndomain: shop\n"
    "servers: [{server: p, type: local, path: parts.csv, format: csv}]\n"
    "schema: [{name: parts, properties: [{name: id, logicalType: integer}]}]\n";

static void test_elsewhere(void)
{
    struct bench bench;
    put("two", "parts.odcs.yaml", provider);
    bool opened = bench_open(&bench, "two", consumer,
                             "CREATE TABLE returns(id, order_id, other);"
                             "INSERT INTO returns VALUES(1,1,1)");
    free((char *)bench.spec.product);
    bench.spec.product = string_copy("shop/returns");
    if (ok(opened && bench_run(&bench), "two products: %s", bench.err.message)) {
        const struct quality_check *check =
            bench_check(&bench, "returns.order_id.foreignKey");
        ok(check != NULL && check->outcome == QUALITY_NOT_RUN &&
               strstr(check->reason, "is not here: get shop/parts") != NULL,
           "what refers to a product that is not here is not run: %s",
           check != NULL ? check->reason : "not planned");
        check = bench_check(&bench, "returns.other.foreignKey");
        ok(check != NULL && check->outcome == QUALITY_NOT_RUN,
           "nor what refers to nothing: %s",
           check != NULL ? check->reason : "not planned");
    }
    bench_close(&bench);
}

int main(void)
{
    struct bench bench;
    bench_home();
    bool opened = bench_open(&bench, "rules", contract, data);
    bench.spec.seconds = 0.5;
    if (ok(opened && bench_run(&bench), "the checks run: %s", bench.err.message)) {
        test_outcomes(&bench);
        test_statements(&bench);
    }
    bench_close(&bench);
    test_elsewhere();
    bench_leave();
    return tap_done();
}
