/* quality: what is kept of checks: how products stand, trends, two snapshots, causes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/ledger.h"
#include "engine/quality.h"
#include "tests/unit/catalog_help.h"

static struct catalog *catalog;

/* Three products, each made from the one before; `shop` has two contracts. */
#define PRODUCT(name, ports)                                                             \
    "apiVersion: v1.0.0\nkind: DataProduct\nid: " name "\nname: " name                   \
    "\nstatus: active\ndomain: d\n" ports
#define IN(contract)                                                                     \
    "inputPorts:\n  - {name: in, version: 1.0.0, contractId: " contract "}\n"
#define OUT(contract)                                                                    \
    "  - {name: " contract ", version: 1.0.0, contractId: " contract "}\n"
#define CONTRACT(id)                                                                     \
    "apiVersion: v3.1.0\nkind: DataContract\nid: " id "\nname: " id                      \
    "\nversion: 1.0.0\nstatus: active\nschema:\n  - {name: t, properties: [{name: a, "   \
    "logicalType: string}]}\n"

static void make_mesh(void)
{
    put("mesh", "mesh.yaml", "name: test\n");
    put("mesh", "d/source/p.odps.yaml", PRODUCT("source", "outputPorts:\n" OUT("s1")));
    put("mesh", "d/source/s1.odcs.yaml", CONTRACT("s1"));
    put("mesh", "d/shop/p.odps.yaml",
        PRODUCT("shop", IN("s1") "outputPorts:\n" OUT("m1") OUT("m2")));
    put("mesh", "d/shop/m1.odcs.yaml", CONTRACT("m1"));
    put("mesh", "d/shop/m2.odcs.yaml", CONTRACT("m2"));
    put("mesh", "d/report/p.odps.yaml",
        PRODUCT("report", IN("m1") "outputPorts:\n" OUT("r1")));
    put("mesh", "d/report/r1.odcs.yaml", CONTRACT("r1"));
    catalog = open_mesh("mesh");
}

/* "contract key property outcome value" a check. */
struct result {
    const char *contract, *key, *property;
    enum quality_outcome outcome;
    const char *value;
};

static struct array checks_of(const struct result *results, size_t count)
{
    struct array checks = ARRAY_OF(struct quality_check);
    for (size_t i = 0; i < count; i++) {
        struct quality_check *check = array_push(&checks);
        check->contract = string_copy(results[i].contract);
        check->key = string_copy(results[i].key);
        check->property = string_copy(results[i].property);
        check->outcome = results[i].outcome;
        check->value = string_copy(results[i].value);
        check->reason = string_copy("because");
        check->total = -1;
        check->percent = -1;
    }
    return checks;
}

static void keep_many(const char *at, const char *product, const struct result *results,
                      size_t count)
{
    struct error err = {0};
    struct array checks = checks_of(results, count);
    const struct quality_spec spec = {.catalog = catalog, .product = product};
    setenv("MWB_NOW", at, 1);
    ok(quality_keep(&spec, "v1", &checks, 0.5, &err), "results of %s are kept (%s)",
       product, err.message);
    quality_release(&checks);
}
#define KEEP(at, product, ...)                                                           \
    do {                                                                                 \
        const struct result all[] = {__VA_ARGS__};                                       \
        keep_many(at, product, all, sizeof all / sizeof *all);                           \
    } while (0)

/* ---- How products stand ---- */

static void test_nothing(void)
{
    struct quality_cause cause;
    struct error err = {0};
    struct array standings = quality_standings(catalog_mesh_path(catalog));
    is_int((long long)standings.count, 0, "before a check nothing is known");
    quality_standings_release(&standings);
    is_text(catalog_quality(catalog, "d/shop"), "unknown", "of a product neither");
    ok(!quality_find_cause(catalog, "d/shop", NULL, &cause, &err) &&
           strstr(err.message, "check d/shop") != NULL,
       "and a cause cannot be told, but what to do (%s)", err.message);
    quality_cause_release(&cause);
    ok(!quality_find_cause(catalog, "d/none", NULL, &cause, &err),
       "nor of a product that there is not");
    quality_cause_release(&cause);
}

static void stands(const char *product, const char *quality, const char *what)
{
    catalog_forget_seen(catalog);
    is_text(catalog_quality(catalog, product), quality, "%s", what);
}

static size_t count_found(const char *text)
{
    struct catalog_filter filter = {.text = text};
    struct array entries = catalog_list(catalog, &filter);
    size_t count = entries.count;
    catalog_entries_release(&entries);
    return count;
}

static void test_standing(void)
{
    catalog_set_standings(catalog, quality_known, NULL);
    KEEP("2026-01-01T00:00:00Z", "d/shop", {"m2", "t.a.type", "a", QUALITY_PASSED, "0"},
         {"m1", "t.rows", NULL, QUALITY_FAILED, "3"});
    stands("d/shop", "failed", "the worst of two contracts counts");
    KEEP("2026-01-01T00:00:00Z", "d/shop", {"m2", "t.a.type", "a", QUALITY_PASSED, "0"},
         {"m1", "t.rows", NULL, QUALITY_WARNING, "3"});
    stands("d/shop", "warning", "of the newest run, though the clock stands still");
    KEEP("2025-01-01T00:00:00Z", "d/shop", {"m1", "t.rows", NULL, QUALITY_PASSED, "0"});
    stands("d/shop", "passed",
           "a contract that is gone does not count, though the clock jumped back");
    KEEP("2026-01-02T00:00:00Z", "d/source", {"s1", "x", NULL, QUALITY_NOT_RUN, NULL});
    stands("d/source", "unknown", "nothing that could be run says nothing");
    is_int((long long)count_found("quality:passed"), 1, "quality:passed finds it");
    is_int((long long)count_found("quality:pass"), 1, "its start as well");
    is_int((long long)count_found("quality:unknown"), 2, "quality:unknown the others");
    is_int((long long)count_found("-quality:unknown"), 1, "and a minus sign works");
    is_int((long long)count_found("quality:failed"), 0, "none failed");
}

static void test_facet(void)
{
    const struct catalog_facet_request request = {.facet = "quality"};
    struct array values = catalog_facets(catalog, &request);
    const struct catalog_facet_value *first = array_at(&values, 0);
    is_int((long long)values.count, 2, "the facet has the values there are");
    is_text(first != NULL ? first->value : NULL, "unknown", "the most frequent first");
    is_int(first != NULL ? first->products : 0, 2, "with how many products have it");
    catalog_facets_release(&values);
}

static void test_card(void)
{
    struct catalog_product product;
    struct error err = {0};
    if (ok(catalog_product(catalog, "d/shop", &product, &err), "the card opens")) {
        is_text(fact(&product, "quality", "last check"),
                "1 check: 1 passed (2025-01-01T00:00:00Z)", "it tells the last check");
        catalog_product_release(&product);
    }
}

/* ---- Trends ---- */

static const struct quality_trend *trend_of(const struct array *trends, const char *key)
{
    for (size_t i = 0; i < trends->count; i++) {
        const struct quality_trend *trend = array_at(trends, i);
        if (string_equal(trend->key, key)) {
            return trend;
        }
    }
    return NULL;
}

static void sparkline_is(const struct quality_trend *trend, bool unicode,
                         const char *want, const char *what)
{
    struct text line = {0};
    quality_sparkline(trend, unicode, &line);
    is_text(text_string(&line), want, "%s", what);
    text_release(&line);
}

static void test_trends(void)
{
    static const char *const values[] = {"0", "4", "8", "0", "7"};
    for (int i = 0; i < 5; i++) {
        char at[32];
        snprintf(at, sizeof at, "2026-02-0%dT00:00:00Z", i + 1);
        bool is_fine = values[i][0] == '0';
        KEEP(at, "d/report", {"r1", "old", NULL, QUALITY_FAILED, "1"},
             {"r1", "n", "a", is_fine ? QUALITY_PASSED : QUALITY_FAILED, values[i]},
             {"r1", "text", NULL, QUALITY_NOT_RUN, NULL});
    }
    KEEP("2026-02-06T00:00:00Z", "d/report", {"r1", "n", "a", QUALITY_FAILED, "8"},
         {"r1", "text", NULL, QUALITY_NOT_RUN, NULL});
    struct array trends = quality_trends(catalog_mesh_path(catalog), "d/report");
    const struct quality_trend *trend = trend_of(&trends, "n");
    is_int((long long)trends.count, 2, "checks that are gone have no trend");
    if (ok(trend != NULL && trend->length == 6, "one of six runs")) {
        is_text(trend->since, "2026-02-05T00:00:00Z", "it fails since the fifth");
        is_text(trend->first_bad, "2026-02-02T00:00:00Z", "failed first in the second");
        is_int(trend->bad, 4, "and four times");
        ok(!trend->is_always, "and it was seen passing");
        sparkline_is(trend, true, "▁▅█▁▇█", "heights are values");
        sparkline_is(trend, false, ".||.||", "in ASCII outcomes");
        sparkline_is(trend_of(&trends, "text"), true, "······", "what is not run, dots");
    }
    quality_trends_release(&trends);
    struct array moments =
        quality_history(catalog_mesh_path(catalog), "d/report", "n", 2);
    const struct quality_moment *newest = array_at(&moments, 0);
    is_int((long long)moments.count, 2, "as many moments as asked for");
    is_text(newest != NULL ? newest->at : NULL, "2026-02-06T00:00:00Z", "newest first");
    is_text(newest != NULL ? newest->version : NULL, "v1", "with the version");
    quality_history_release(&moments);
}

/* ---- Side by side ---- */

static void change_is(const struct array *pairs, size_t index, enum quality_change want,
                      const char *what)
{
    const struct quality_pair *pair = array_at(pairs, index);
    is_text(pair != NULL ? quality_change_name(pair->change) : NULL,
            quality_change_name(want), "%s", what);
}

static void test_compare(void)
{
    const struct result before[] = {
        {"c", "a", NULL, QUALITY_PASSED, "0"}, {"c", "b", NULL, QUALITY_FAILED, "5"},
        {"c", "c", NULL, QUALITY_FAILED, "5"}, {"c", "d", NULL, QUALITY_FAILED, "5"},
        {"c", "e", NULL, QUALITY_PASSED, "0"}, {"c", "gone", NULL, QUALITY_PASSED, "0"}};
    const struct result after[] = {{"c", "e", NULL, QUALITY_NOT_RUN, NULL},
                                   {"c", "a", NULL, QUALITY_FAILED, "2"},
                                   {"c", "b", NULL, QUALITY_WARNING, "5"},
                                   {"c", "c", NULL, QUALITY_FAILED, "5"},
                                   {"c", "d", NULL, QUALITY_FAILED, "6"},
                                   {"other", "a", NULL, QUALITY_PASSED, "0"}};
    struct array one = checks_of(before, sizeof before / sizeof *before);
    struct array two = checks_of(after, sizeof after / sizeof *after);
    struct array pairs = quality_compare(&one, &two);
    is_int((long long)pairs.count, 7, "each check stands once");
    change_is(&pairs, 0, QUALITY_OTHER, "what is not run is neither better nor worse");
    change_is(&pairs, 1, QUALITY_WORSE, "failed after passed is worse");
    change_is(&pairs, 2, QUALITY_BETTER, "warning after failed is better");
    change_is(&pairs, 3, QUALITY_SAME, "the same is the same");
    change_is(&pairs, 4, QUALITY_OTHER, "another value is told");
    change_is(&pairs, 5, QUALITY_OTHER, "a check of another contract is another check");
    const struct quality_pair *last = array_at(&pairs, 6);
    ok(last != NULL && last->after == NULL && string_equal(last->before->key, "gone"),
       "what is checked no more comes last");
    array_release(&pairs);
    quality_release(&one);
    quality_release(&two);
}

/* ---- Causes ---- */

static void cause_is(const char *product, const char *key, const char *cause,
                     const char *what)
{
    struct quality_cause found;
    struct error err = {0};
    const char *first = NULL;
    if (!quality_find_cause(catalog, product, key, &found, &err)) {
        printf("# %s\n", err.message);
    }
    for (size_t i = 0; i < found.steps.count; i++) {
        const struct quality_step *step = array_at(&found.steps, i);
        first = step->is_cause ? step->product : first;
    }
    is_text(first, cause, "%s: %s", what, text_string(&found.sentence));
    quality_cause_release(&found);
}

static void test_cause(void)
{
    KEEP("2026-03-01T00:00:00Z", "d/source", {"s1", "x", "b", QUALITY_PASSED, "0"});
    KEEP("2026-03-01T00:00:00Z", "d/shop", {"m1", "y", "a", QUALITY_PASSED, "0"});
    cause_is("d/report", NULL, "d/report", "nothing upstream fails");
    KEEP("2026-03-02T00:00:00Z", "d/report", {"r1", "n", "a", QUALITY_PASSED, "0"});
    cause_is("d/report", NULL, NULL, "nothing fails");
    KEEP("2026-03-03T00:00:00Z", "d/shop", {"m1", "y", "a", QUALITY_FAILED, "1"});
    KEEP("2026-03-04T00:00:00Z", "d/report", {"r1", "n", "a", QUALITY_FAILED, "1"});
    cause_is("d/report", NULL, "d/shop", "the product it reads failed the day before");
    KEEP("2026-03-02T00:00:00Z", "d/source", {"s1", "x", "b", QUALITY_FAILED, "1"});
    cause_is("d/report", NULL, "d/shop", "another column that failed before is no cause");
    cause_is("d/report", "n", "d/shop", "nor when the check is named");
    KEEP("2026-03-02T00:00:00Z", "d/source", {"s1", "y", "A", QUALITY_PASSED, "0"});
    KEEP("2026-03-02T00:00:00Z", "d/source", {"s1", "y", "A", QUALITY_FAILED, "1"});
    cause_is("d/report", "n", "d/source", "the same column is, farther upstream");
    KEEP("2026-03-05T00:00:00Z", "d/shop", {"m1", "y", "a", QUALITY_FAILED, "1"},
         {"m1", "new", NULL, QUALITY_FAILED, "1"});
    cause_is("d/report", "n", "d/shop", "one never seen passing is as old as can be");
}

static void test_steps(void)
{
    struct quality_cause found;
    struct error err = {0};
    if (quality_find_cause(catalog, "d/report", NULL, &found, &err)) {
        const struct quality_step *step = array_at(&found.steps, 2);
        is_int((long long)found.steps.count, 3, "each product upstream is a step");
        is_text(step->product, "d/source", "the farthest last");
        is_text(step->reader, "d/shop", "with who reads it");
        is_text(step->through, "port in, contract s1", "through what");
        is_text(step->path, "d/shop/p.odps.yaml", "and where that stands");
    }
    quality_cause_release(&found);
}

int main(void)
{
    char folder[] = "/tmp/mwb-quality-kept-XXXXXX";
    home = mkdtemp(folder);
    setenv("MWB_CACHE", home, 1);
    setenv("XDG_DATA_HOME", home, 1);
    make_mesh();
    if (!ok(catalog != NULL, "a mesh of three products")) {
        return tap_done();
    }
    test_nothing();
    test_standing();
    test_facet();
    test_card();
    test_trends();
    test_compare();
    test_cause();
    test_steps();
    catalog_close(catalog);
    path_remove_tree(home, NULL);
    return tap_done();
}
