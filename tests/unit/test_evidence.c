/* evidence: one connection tells what is known of a mesh, under the names of policies.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/evidence.h"
#include "engine/ledger.h"
#include "tests/unit/index_help.h"

static struct indexed mesh;
static struct error err;

static const char mesh_yaml[] = "name: Small\n"
                                "clock: '2026-10-01T06:00:00Z'\n"
                                "domains:\n  - name: sales\n    team: Team Sales\n";
static const char package[] =
    "{\"name\":\"orders\",\"resources\":[{\"name\":\"orders\",\"path\":\"orders.csv\","
    "\"schema\":{\"fields\":[{\"name\":\"id\",\"type\":\"integer\"}]}}]}";

static void is_answer(sqlite3 *db, const char *sql, const char *want, const char *what)
{
    char *answer = store_string(db, sql, "");
    is_text(answer, want, "%s", what);
    free(answer);
}

static void tell_use(const struct catalog *catalog, const char *outcome)
{
    const struct ledger_reading reading = {"sales/orders", "orders", "id"};
    const struct ledger_use use = {.mesh = catalog_mesh_path(catalog),
                                   .team = "Team B",
                                   .sql = "SELECT id FROM orders.orders",
                                   .outcome = outcome,
                                   .rows = 3,
                                   .readings = &reading,
                                   .reading_count = 1};
    ok(ledger_add_use(&use, &err), "use is told: %s", err.message);
}

static void tell_results(const struct catalog *catalog)
{
    const struct ledger_check_result failed = {
        .key = "k", .outcome = "failed", .total = 3, .percent = 10};
    const struct ledger_check_result passed = {
        .key = "k", .outcome = "passed", .total = 3, .percent = 0};
    struct ledger_check_run run = {.mesh = catalog_mesh_path(catalog),
                                   .product = "sales/orders",
                                   .contract = "c",
                                   .result = "failed"};
    ok(ledger_add_check(&run, &failed, 1, &err), "a run is kept: %s", err.message);
    run.result = "passed";
    ok(ledger_add_check(&run, &passed, 1, &err), "and another: %s", err.message);
    struct ledger_policy_row row = {"sales/orders", "sales", "a.json", "x", 1,
                                    false,          NULL};
    struct ledger_policy_run policy = {.mesh = catalog_mesh_path(catalog),
                                       .policy = "P1",
                                       .outcome = "violated",
                                       .rows = &row,
                                       .row_count = 1};
    setenv("MWB_NOW", "2026-09-01T00:00:00Z", 1);
    ledger_add_policies(&policy, 1, &err);
    unsetenv("MWB_NOW");
    row.first_seen = "2026-09-01T00:00:00Z";
    ok(ledger_add_policies(&policy, 1, &err), "policies are kept: %s", err.message);
}

static void test_views(const struct catalog *catalog)
{
    const struct evidence_spec spec = {.catalog = catalog};
    tell_use(catalog, "done");
    tell_use(catalog, "failed");
    tell_results(catalog);
    sqlite3 *db = evidence_open(&spec, &err);
    if (!ok(db != NULL, "it opens: %s", err.message)) {
        return;
    }
    is_answer(db, "SELECT datetime('now')", "2026-10-01 06:00:00",
              "now is when the mesh is");
    is_answer(db, "SELECT date('now','-1 day')", "2026-09-30", "also for sums of days");
    is_answer(db, "SELECT count(*) FROM product", "1", "the catalog has its plain names");
    is_answer(db,
              "SELECT group_concat(coalesce(team,'-')||' '||object||' '||property||' '"
              "||coalesce(saved_query,'-')||' '||rows,'|') FROM usage",
              "Team B orders id - 3|Team C orders id funnel 40",
              "usage has what was done here and what teams share");
    is_answer(db, "SELECT count(*) FROM usage u JOIN product p ON p.id=u.product_id", "2",
              "by the ids of products");
    is_answer(db, "SELECT group_concat(result,' ') FROM run", "failed passed",
              "all runs of checks");
    is_answer(db, "SELECT outcome FROM latest_result", "passed", "the newest result");
    is_answer(db, "SELECT policy||' '||first_seen FROM violation",
              "P1 2026-09-01T00:00:00Z", "violations of the last run, since when");
    is_answer(db, "SELECT count(*) FROM attached", "0", "nothing is here");
    is_answer(db, "SELECT count(*) FROM cost", "0", "and nothing costs");
    ok(!store_run(db, "DELETE FROM mesh.product", &err), "the catalog cannot be changed");
    ok(!store_run(db, "DELETE FROM ledger.statement", &err), "nor the ledger");
    store_close(db);
}

int main(void)
{
    indexed_make(&mesh);
    setenv("XDG_DATA_HOME", mesh.folder, 1);
    setenv("MWB_CACHE", mesh.folder, 1);
    indexed_put(&mesh, "mesh.yaml", mesh_yaml);
    indexed_put(&mesh, "sales/orders/datapackage.json", package);
    indexed_put(&mesh, "sales/orders/orders.csv", "id\n1\n");
    indexed_put(
        &mesh, "usage/team-c.jsonl",
        "{\"day\":\"2026-09-15\",\"team\":\"Team C\",\"product\":\"sales/orders\","
        "\"table\":\"orders\",\"column\":\"id\",\"statements\":2,\"rows\":40,"
        "\"saved_query\":\"funnel\"}\nthis is no JSON\n");
    struct catalog *catalog =
        indexed_build(&mesh, NULL) ? catalog_open(mesh.index, &err) : NULL;
    if (ok(catalog != NULL, "there is a mesh: %s", err.message)) {
        test_views(catalog);
    }
    catalog_close(catalog);
    store_close(mesh.db);
    path_remove_tree(mesh.folder, NULL);
    return tap_done();
}
