/* Unit tests of catalog_lint() in engine/catalog.h: breaches of the standards with their
 * places and references between files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <unistd.h>

#include "engine/catalog.h"
#include "engine/lint.h"
#include "engine/path.h"
#include "engine/text.h"
#include "files.h"
#include "tap.h"

static char *home;

static void put(const char *path, const char *text)
{
    files_put(home, path, text);
}

static struct array lint(const char *path, bool schema_only)
{
    struct array problems = ARRAY_OF(struct finding);
    struct error err = {0};
    char *full = path[0] == '/' ? string_copy(path) : path_join(home, path);
    const char *paths[] = {full};
    struct catalog_lint_spec spec = {
        .paths = paths, .count = 1, .schema_only = schema_only};
    if (!catalog_lint(&spec, &problems, &err)) {
        printf("# %s\n", err.message);
    }
    for (size_t i = 0; i < problems.count; i++) {
        const struct finding *problem = array_at(&problems, i);
        if (lint_rule_named(problem->rule) == NULL) {
            ok(false, "the rule %s has a meaning", problem->rule);
        }
    }
    free(full);
    return problems;
}

static void say(const struct array *problems)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct finding *problem = array_at(problems, i);
        printf("# %s:%d:%d: %s [%s]\n", problem->path, problem->line, problem->column,
               problem->sentence, problem->rule);
    }
}

/* The file has exactly this finding, or none when rule is NULL. */
static void finding_is(const char *name, const char *text, const char *rule, int line,
                       int column, const char *word)
{
    put(name, text);
    struct array problems = lint(name, true);
    const struct finding *first = array_at(&problems, 0);
    bool right = rule == NULL
                     ? first == NULL
                     : problems.count == 1 && string_equal(first->rule, rule) &&
                           first->line == line && first->column == column &&
                           first->is_error && strstr(first->sentence, word) != NULL;
    if (!ok(right, "%s: %s", rule != NULL ? rule : "valid", word)) {
        say(&problems);
    }
    findings_release(&problems);
}

#define PRODUCT "apiVersion: v1.0.0\nkind: DataProduct\nid: a\nstatus: active\n"
#define CONTRACT                                                                         \
    "apiVersion: v3.1.0\nkind: DataContract\nid: a\nstatus: active\nversion: 1.0.0\n"
#define COLUMN CONTRACT "schema:\n  - name: t\n    properties:\n      - name: c\n"
#define RULE COLUMN "        quality:\n          - "

static void products_are_checked(void)
{
    finding_is("p.odps.yaml", PRODUCT, NULL, 0, 0, "the least product");
    finding_is("p.odps.yaml", "apiVersion: v1.0.0\nkind: DataProduct\nid: a\n",
               "required", 1, 1, "status");
    finding_is("p.odps.yaml", PRODUCT "version: 1.0\n", "type", 5, 10, "in quotes");
    finding_is("p.odps.yaml", PRODUCT "colour: red\n", "unknown-key", 5, 1, "colour");
    finding_is("p.odps.yaml", PRODUCT "tenat: x\n", "unknown-key", 5, 1, "\"tenant\"?");
    finding_is("p.odps.yaml", PRODUCT "outputPorts:\n  - name: x\n", "required", 6, 5,
               "outputPorts[0] lacks \"version\"");
    finding_is("p.odps.yaml", PRODUCT "team:\n  members: [{role: owner}]\n", "required",
               6, 13, "username");
    finding_is("p.odps.yaml", PRODUCT "tags: [a, 1]\n", "type", 5, 11, "tags[1]");
    finding_is("p.odps.yaml", PRODUCT "domain:\n", "type", 5, 1, "not nothing");
    finding_is("p.odps.yaml",
               "apiVersion: v7\nkind: DataProduct\nid: a\nstatus: active\nname: [x\n",
               "broken", 6, 1, "no YAML");
    finding_is("p.odps.yaml", "apiVersion: v7\nkind: DataProduct\nid: a\nstatus: b\n",
               "unknown-version", 1, 13, "v1.0.0");
    finding_is("p.odps.json", "{\"kind\": \"Other\"}", "not-a-descriptor", 1, 1, "kind");
}

static void contracts_are_checked(void)
{
    finding_is("c.odcs.yaml", CONTRACT, NULL, 0, 0, "the least contract");
    finding_is("c.odcs.yaml", CONTRACT "description: {anything: 1}\n", NULL, 0, 0,
               "the description is open");
    finding_is("c.odcs.yaml", CONTRACT "team: [{username: a}]\n", NULL, 0, 0,
               "a team as list");
    finding_is("c.odcs.yaml", CONTRACT "team: [{name: a}]\n", "required", 6, 8,
               "username");
    finding_is("c.odcs.yaml",
               CONTRACT "servers:\n  - server: s\n    type: local\n    path: x\n",
               "required", 7, 5, "format");
    finding_is("c.odcs.yaml",
               CONTRACT "servers:\n  - {server: s, type: kafka, host: h, port: 1}\n",
               "unknown-key", 7, 39, "port");
    finding_is("c.odcs.yaml", CONTRACT "servers:\n  - {server: s, type: sqlite}\n",
               "enum", 7, 23, "sqlite");
    finding_is(
        "c.odcs.yaml",
        CONTRACT
        "servers:\n  - {server: s, type: mysql, host: h, port: '1', database: d}\n",
        "type", 7, 45, "whole number");
    finding_is("c.odcs.yaml", COLUMN "        id: 'a b'\n", "pattern", 10, 13, "an id");
    finding_is("c.odcs.yaml", COLUMN "        logicalType: text\n", "enum", 10, 22,
               "text");
    finding_is("c.odcs.yaml",
               COLUMN "        logicalType: integer\n        logicalTypeOptions:\n"
                      "          maxLength: 1\n",
               "unknown-key", 12, 11, "maxLength");
    finding_is("c.odcs.yaml",
               COLUMN "        logicalType: array\n        items:\n"
                      "          logicalType: object\n          properties: [{}]\n",
               "required", 13, 24, "items.properties[0]");
    finding_is("c.odcs.yaml", COLUMN "        logicalTypeOptions: {format: x}\n",
               "unknown-key", 10, 29, "no logicalTypeOptions then");
    finding_is("c.odcs.yaml", COLUMN "        relationships: [{to: t.c, from: t.c}]\n",
               "unknown-key", 10, 35, "from");
    finding_is("c.odcs.yaml", COLUMN "        relationships: [{to: 'no way'}]\n",
               "pattern", 10, 30, "a reference");
}

static void rules_are_checked(void)
{
    finding_is("c.odcs.yaml", RULE "{type: library, metric: rowCount, mustBe: 1}\n", NULL,
               0, 0, "a library rule");
    finding_is("c.odcs.yaml", RULE "{metric: rowCount, mustBeBetween: [1, 2]}\n", NULL, 0,
               0, "library is the default");
    finding_is("c.odcs.yaml", RULE "{type: library, metric: rowCount}\n", "operator", 11,
               13, "no operator");
    finding_is("c.odcs.yaml", RULE "{metric: rowCount, mustBe: 1, mustNotBe: 2}\n",
               "operator", 11, 13, "several");
    finding_is("c.odcs.yaml", RULE "{metric: rowCount, mustBeBetween: [1, 1]}\n",
               "duplicate", 11, 51, "twice");
    finding_is("c.odcs.yaml", RULE "{type: text, mustBe: 1}\n", "unknown-key", 11, 26,
               "mustBe");
    finding_is("c.odcs.yaml", RULE "{type: sql, mustBe: 1}\n", "required", 11, 13,
               "query");
    finding_is("c.odcs.yaml", RULE "{type: text, dimension: tm}\n", "enum", 11, 37, "tm");
}

static void packages_are_checked(void)
{
    finding_is("datapackage.json",
               "{\"resources\":[{\"name\":\"a\",\"path\":\"a.csv\"}]}", NULL, 0, 0,
               "the least package");
    finding_is("datapackage.json",
               "{\"resources\":[{\"name\":\"a\",\"path\":\"../a.csv\"}]}", "pattern", 1,
               34, "below the descriptor");
    finding_is("datapackage.json",
               "{\"resources\":[{\"name\":\"A b\",\"path\":\"a.csv\"}]}", "pattern", 1,
               23, "small letters");
    finding_is("datapackage.json", "{\"resources\":[{\"name\":\"a\"}]}", "required", 1,
               15, "neither");
    finding_is(
        "datapackage.json",
        "{\"resources\":[{\"name\":\"a\",\"path\":\"a\",\"schema\":{\"fields\":"
        "[{\"name\":\"x\",\"type\":\"number\",\"constraints\":{\"required\":1}}]}}]}",
        "type", 1, 112, "true or false");
    finding_is("datapackage.json",
               "{\"licenses\":[{\"title\":\"x\"}],\"resources\":[{\"name\":\"a\","
               "\"path\":\"a\"}]}",
               "required", 1, 14, "name or a path");
}

/* ---- Over several files ---- */

static bool has_finding(const struct array *problems, const char *rule, const char *word)
{
    for (size_t i = 0; i < problems->count; i++) {
        const struct finding *problem = array_at(problems, i);
        if (string_equal(problem->rule, rule) &&
            strstr(problem->sentence, word) != NULL) {
            return true;
        }
    }
    return false;
}

static void files_are_checked_together(void)
{
    put("tree/a/p.odps.yaml",
        PRODUCT "outputPorts:\n  - {name: x, version: '1', contractId: c1}\n"
                "  - {name: x, version: '1', contractId: nowhere}\n");
    put("tree/a/c.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: c1\nstatus: active\nversion: 1.0.0\n"
        "schema:\n  - name: t\n    properties:\n      - {name: c, id: k}\n      - name: "
        "c\n"
        "        relationships:\n          - to: t.c\n          - to: t.missing\n"
        "          - to: other.odcs.yaml#/schema/t/properties/c\n"
        "          - to: ../b/c.odcs.yaml#schema/u/properties/k\n"
        "          - to: ../b/c.odcs.yaml#schema/u/properties/none\n"
        "        quality:\n          - {metric: rowCount, mustBeBetween: [2, 1]}\n");
    put("tree/b/c.odcs.yaml",
        "apiVersion: v3.1.0\nkind: DataContract\nid: c1\nstatus: active\nversion: 1.0.0\n"
        "schema: [{name: u, properties: [{name: c, id: k}]}]\n");
    put("tree/q/datapackage.json",
        "{\"resources\":[{\"name\":\"a\",\"path\":\"gone.csv\",\"schema\":{"
        "\"primaryKey\":\"y\","
        "\"fields\":[{\"name\":\"x\"}],\"foreignKeys\":[{\"fields\":\"x\",\"reference\":"
        "{\"resource\":\"b\",\"fields\":\"x\"}}]}},{\"name\":\"a\",\"data\":[]}]}");
    put("tree/data/plain.json", "[1, 2, 3]");
    struct array problems = lint("tree", false);
    ok(has_finding(&problems, "duplicate", "the output port \"x\""), "a port twice");
    ok(has_finding(&problems, "unknown-contract", "nowhere"),
       "a port without its contract");
    ok(has_finding(&problems, "duplicate", "the property \"c\""), "a property twice");
    ok(has_finding(&problems, "reference", "t.missing"), "a column that is not there");
    ok(has_finding(&problems, "reference", "other.odcs.yaml is not there"),
       "a file neither");
    ok(has_finding(&problems, "reference", "no column none"), "nor one in another file");
    ok(!has_finding(&problems, "reference", "u/properties/k"), "one that is there");
    ok(has_finding(&problems, "range", "lower end"), "a range upside down");
    ok(has_finding(&problems, "duplicate", "the id c1"), "an id of two contracts");
    ok(has_finding(&problems, "duplicate", "the resource \"a\""), "a resource twice");
    ok(has_finding(&problems, "reference", "names the field y"), "a key without field");
    ok(has_finding(&problems, "reference", "no resource b"), "a key into nothing");
    ok(has_finding(&problems, "missing-file", "gone.csv"), "a file that is missing");
    if (!ok(problems.count == 14, "and nothing else")) {
        say(&problems);
    }
    findings_release(&problems);
    problems = lint("tree", true);
    if (!ok(problems.count == 0, "the schemas alone find nothing in it")) {
        say(&problems);
    }
    findings_release(&problems);
}

static void what_cannot_be_read_is_told(void)
{
    struct array problems = ARRAY_OF(struct finding);
    struct error err = {0};
    const char *missing[] = {"/no/such/file.yaml"};
    struct catalog_lint_spec spec = {.paths = missing, .count = 1};
    ok(!catalog_lint(&spec, &problems, &err) &&
           strstr(err.message, "/no/such/file.yaml") != NULL,
       "a path that is not there");
    findings_release(&problems);
}

static void the_sample_mesh_is_clean(void)
{
    const char *samples = getenv("MWB_SAMPLES");
    if (samples == NULL) {
        tap_skip("MWB_SAMPLES is not set");
        return;
    }
    char *mesh = path_join(samples, "mesh");
    struct array problems = lint(mesh, true);
    if (!ok(problems.count == 0, "the sample mesh is valid")) {
        say(&problems);
    }
    findings_release(&problems);
    /* Its data come with the sandbox; two faults are planted in its descriptors. */
    problems = lint(mesh, false);
    size_t planted = 0, missing = 0;
    for (size_t i = 0; i < problems.count; i++) {
        const struct finding *problem = array_at(&problems, i);
        missing += string_equal(problem->rule, "missing-file");
        planted += (string_equal(problem->rule, "input-contract") &&
                    string_ends(problem->path, "customer-360.odps.yaml") &&
                    strstr(problem->sentence, "payment-invoices") != NULL) ||
                   (string_equal(problem->rule, "withdrawn-input") &&
                    string_ends(problem->path, "recommendation-scores.odps.yaml") &&
                    strstr(problem->sentence, "fulfillment-stock-levels") != NULL);
    }
    if (!ok(planted == 2 && planted + missing == problems.count,
            "the faults planted in the sample mesh are found, and no others")) {
        say(&problems);
    }
    findings_release(&problems);
    free(mesh);
}

/* Whatever the standards' own examples break has a rule that is explained. */
static void examples_are_read(const char *shared)
{
    char *folder = path_join(shared, "standards");
    struct array problems = lint(folder, false);
    ok(problems.count > 100, "%zu findings in the examples of the standards",
       problems.count);
    findings_release(&problems);
    free(folder);
}

int main(void)
{
    char template[] = "/tmp/mwb-test-lint-XXXXXX";
    home = mkdtemp(template);
    products_are_checked();
    contracts_are_checked();
    rules_are_checked();
    packages_are_checked();
    files_are_checked_together();
    what_cannot_be_read_is_told();
    the_sample_mesh_is_clean();
    const char *shared = getenv("MWB_SHARED");
    if (shared != NULL) {
        examples_are_read(shared);
    } else {
        tap_skip("MWB_SHARED is not set: the standards' examples were not checked");
    }
    path_remove_tree(home, NULL);
    return tap_done();
}
