/* governance: templates, places, waivers, gates, adoption and the way to the parent, on a
 * small mesh. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/governance.h"
#include "tests/unit/index_help.h"

static struct indexed mesh;
static struct error err;

static const char mesh_yaml[] =
    "name: Small\nclock: '2026-10-01T06:00:00Z'\n"
    "teams:\n  - {name: Team Sales, contact: 'mailto:sales@example.org'}\n"
    "  - {name: Guild, type: guild}\n";
static const char contract[] =
    "apiVersion: v3.1.0\nkind: DataContract\nid: %s\nname: %s\nversion: 1.0.0\n"
    "status: active\ndomain: sales\nteam: {name: Team Sales}\n"
    "schema:\n  - name: %s\n    properties:\n      - {name: id, logicalType: integer}\n"
    "      - {name: a'b\"c, logicalType: string}\n";

struct sample {
    const char *file, *text;
};

static const struct sample policies[] = {
    {"a1.sql", "-- id: A1\n-- severity: error\n-- gate: get, publish\n"
               "SELECT contract_id, object, name FROM property WHERE name = 'id' AND "
               "contract_id = 'orders'\n"},
    {"a2.sql", "-- id: A2\n-- severity: warning\n"
               "-- each: SELECT key AS product, id AS \"it's\", NULL AS empty, "
               "name AS word FROM product ORDER BY key\n"
               "SELECT {'product'} AS product, 'a {word} in a text' AS kept, "
               "{empty} AS empty, {'word'} AS word -- {no such}\n"
               "WHERE {'word'} = 'orders'\n"},
    {"a3.sql", "-- id: A3\n-- each: SELECT 1 AS one\nSELECT {two}\n"},
    {"a4.sql", "-- id: A4\n-- measure: yes\nSELECT 1\n"},
    {"a5.sql", "-- id: A5\n-- scope: data\nSELECT id FROM orders.orders\n"},
    {"a6.sql", "-- id: A6\nWITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n "
               "LIMIT 3000) SELECT i AS number FROM n\n"},
    {"a7.sql", "-- id: A7\n-- severity: info\nSELECT 'gone/away' AS product_id, "
               "'x.yaml' AS path, 7 AS line\n"},
};

static const struct governance_policy *policy_named(
    const struct governance_report *report, const char *id)
{
    for (size_t i = 0; i < report->policies.count; i++) {
        const struct governance_policy *policy = array_at(&report->policies, i);
        if (string_equal(policy->id, id)) {
            return policy;
        }
    }
    return NULL;
}

static const struct governance_violation *first_of(const struct governance_report *report,
                                                   const char *id)
{
    for (size_t i = 0; i < report->violations.count; i++) {
        const struct governance_violation *violation = array_at(&report->violations, i);
        if (string_equal(violation->policy, id)) {
            return violation;
        }
    }
    return NULL;
}

static void is_outcome(const struct governance_report *report, const char *id,
                       const char *want)
{
    const struct governance_policy *policy = policy_named(report, id);
    is_text(policy != NULL ? governance_outcome_name(policy->outcome) : NULL, want,
            "%s: %s", id,
            policy != NULL && policy->reason != NULL ? policy->reason : "no reason");
}

static void test_outcomes(const struct governance_report *report)
{
    is_outcome(report, "A1", "violated");
    is_outcome(report, "A2", "warned");
    is_outcome(report, "A3", "error");
    is_outcome(report, "A4", "measured");
    is_outcome(report, "A5", "not run");
    is_outcome(report, "A6", "violated");
    const struct governance_policy *many = policy_named(report, "A6");
    is_int(many->violations, 3000, "all violations are counted");
    ok(many->adoption < 0, "those of nobody say nothing of adoption");
    const struct governance_policy *one = policy_named(report, "A1");
    is_int(one->looked_at, 2, "a policy over the catalog is about all products");
    ok(one->adoption > 0.49 && one->adoption < 0.51, "half of them keep to it");
    is_int((long long)one->domains.count, 1, "in one domain");
    size_t kept = 0;
    for (size_t i = 0; i < report->violations.count; i++) {
        const struct governance_violation *violation = array_at(&report->violations, i);
        kept += string_equal(violation->policy, "A6");
    }
    is_int((long long)kept, GOVERNANCE_MOST_VIOLATIONS, "not all are kept");
}

static void test_places(const struct governance_report *report)
{
    const struct governance_violation *one = first_of(report, "A1");
    const struct governance_violation *each = first_of(report, "A2");
    const struct governance_violation *gone = first_of(report, "A7");
    if (!ok(one != NULL && each != NULL && gone != NULL, "there are violations")) {
        return;
    }
    is_text(one->product, "sales/orders", "the product is looked up");
    is_text(one->path, "orders.odcs.yaml", "the file too");
    is_int(one->line, 12, "and the line of the column");
    is_text(one->domain, "sales", "and the domain");
    is_text(one->sentence, "contract_id=orders, object=orders, name=id", "it says so");
    ok(one->sql == NULL, "it was found by the policy's own SQL");
    is_text(each->product, "sales/orders", "a template gives the product");
    is_text(each->sentence, "kept=a {word} in a text, empty=NULL, word=orders",
            "slots in texts are texts");
    ok(each->sql != NULL && strstr(each->sql, "'sales/orders' AS product") != NULL,
       "and the SQL that was run is told");
    is_text(gone->product, "gone/away", "a product that is not there is told as named");
    is_int(gone->line, 7, "with the line of the row");
}

static bool run(const struct catalog *catalog, const char *policy,
                struct governance_report *report)
{
    const struct governance_spec spec = {
        .catalog = catalog, .policy = policy, .with_data = true};
    return ok(governance_run(&spec, report, &err), "%s runs: %s",
              policy != NULL ? policy : "all", err.message);
}

static void test_waivers(struct catalog *catalog)
{
    struct governance_waiver waiver = {.policy = "A1",
                                       .product = "sales/orders",
                                       .reason = "a \"reason\": '#' and: more",
                                       .owner = "Team Sales",
                                       .until = "2026-10-01"};
    const struct governance_spec spec = {.catalog = catalog, .product = "sales/orders"};
    char *path = NULL;
    ok(!governance_gate(&spec, "get", &err), "the gate is shut");
    ok(strstr(err.message, "A1") != NULL && strstr(err.message, "Guild") != NULL &&
           strstr(err.message, "sales@example.org") != NULL,
       "the sentence names policy and people: %s", err.message);
    ok(governance_gate(&spec, "query", &err), "another gate is open");
    const struct governance_spec other = {.catalog = catalog, .product = "sales/returns"};
    ok(governance_gate(&other, "publish", &err), "so it is for another product");
    ok(governance_waive(catalog, &waiver, &path, &err), "it is waived: %s", err.message);
    is_text(path, "policies/waivers.yaml", "in this file");
    free(path);
    waiver.until = "2026-02-30x";
    ok(!governance_waive(catalog, &waiver, &path, &err), "no day: %s", err.message);
    waiver.until = "2020-01-01";
    ok(!governance_waive(catalog, &waiver, &path, &err), "a day of before: %s",
       err.message);
    waiver.reason = "";
    ok(!governance_waive(catalog, &waiver, &path, &err), "no reason: %s", err.message);
}

static void test_waived(const struct catalog *catalog)
{
    struct governance_report report;
    const struct governance_spec spec = {.catalog = catalog, .product = "sales/orders"};
    ok(governance_gate(&spec, "get", &err), "now the gate is open: %s", err.message);
    if (run(catalog, "a1", &report)) {
        is_outcome(&report, "A1", "warned");
        is_text(first_of(&report, "A1")->waived,
                "a \"reason\": '#' and: more (Team Sales, until 2026-10-01)",
                "the reason stands beside the violation");
        governance_report_release(&report);
    }
    setenv("MWB_NOW", "2026-10-02T00:00:00Z", 1);
    ok(!governance_gate(&spec, "get", &err), "a day later it is shut again");
    unsetenv("MWB_NOW");
}

/* Whatever bytes come, the parent stands. */
static void test_packing(const struct governance_report *report)
{
    struct text packed = {0}, again = {0};
    struct governance_report copy;
    governance_report_pack(report, &packed);
    ok(governance_report_unpack(packed.data, packed.length, &copy), "it is unpacked");
    governance_report_pack(&copy, &again);
    ok(again.length == packed.length &&
           memcmp(again.data, packed.data, packed.length) == 0,
       "and is the same");
    governance_report_release(&copy);
    size_t accepted = 0;
    for (size_t length = 0; length < 3000 && length < packed.length; length++) {
        if (governance_report_unpack(packed.data, length, &copy)) {
            accepted++;
            governance_report_release(&copy);
        }
    }
    is_int((long long)accepted, 0, "half of it is refused");
    for (size_t i = 0; i < 3000 && i < packed.length; i++) {
        packed.data[i] = (char)(packed.data[i] ^ 0xFF);
        if (governance_report_unpack(packed.data, packed.length, &copy)) {
            governance_report_release(&copy);
        }
        packed.data[i] = (char)(packed.data[i] ^ 0xFF);
    }
    ok(true, "wrong bytes do no harm");
    text_release(&packed);
    text_release(&again);
}

static bool count_row(void *owner, sqlite3_stmt *stmt, bool is_first)
{
    int *count = owner;
    (void)stmt;
    *count += is_first ? 100 : 1;
    return *count < 105;
}

static void test_rows(const struct catalog *catalog)
{
    struct governance_spec spec = {.catalog = catalog, .policy = "A6"};
    int count = 0;
    ok(governance_rows(&spec, count_row, &count, &err), "rows come: %s", err.message);
    is_int(count, 105, "until nobody wants more");
    spec.policy = "A3";
    ok(!governance_rows(&spec, count_row, &count, &err) &&
           strstr(err.message, "{two}") != NULL,
       "a failure is told: %s", err.message);
    spec.policy = "Z";
    ok(!governance_rows(&spec, count_row, &count, &err), "no such one: %s", err.message);
}

static void write_mesh(void)
{
    indexed_put(&mesh, "mesh.yaml", mesh_yaml);
    static const char *const names[] = {"orders", "returns"};
    for (size_t i = 0; i < 2; i++) {
        char *file = string_printf("%s.odcs.yaml", names[i]);
        char *text = string_printf(contract, names[i], names[i], names[i]);
        indexed_put(&mesh, file, text);
        free(file);
        free(text);
    }
    for (size_t i = 0; i < sizeof policies / sizeof *policies; i++) {
        char *file = string_printf("policies/%s", policies[i].file);
        indexed_put(&mesh, file, policies[i].text);
        free(file);
    }
}

int main(void)
{
    struct governance_report report;
    indexed_make(&mesh);
    setenv("XDG_DATA_HOME", mesh.folder, 1);
    setenv("MWB_CACHE", mesh.folder, 1);
    write_mesh();
    struct catalog *catalog =
        indexed_build(&mesh, NULL) ? catalog_open(mesh.index, &err) : NULL;
    if (ok(catalog != NULL, "there is a mesh: %s", err.message) &&
        run(catalog, NULL, &report)) {
        test_outcomes(&report);
        test_places(&report);
        test_packing(&report);
        ok(governance_keep(catalog_mesh_path(catalog), &report, &err),
           "the ledger is told: %s", err.message);
        governance_report_release(&report);
        test_rows(catalog);
        test_waivers(catalog);
    }
    catalog_close(catalog);
    store_close(mesh.db);
    catalog = indexed_build(&mesh, NULL) ? catalog_open(mesh.index, &err) : NULL;
    if (catalog != NULL) {
        test_waived(catalog);
    }
    catalog_close(catalog);
    indexed_release(&mesh);
    return tap_done();
}
