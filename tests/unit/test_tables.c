/* Unit tests of the tables behind engine/standard.h: every row explains itself, and what
 * came and went with the versions of each standard.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/finding.h"
#include "engine/standard.h"
#include "engine/text.h"
#include "tap.h"

/* ---- Every row explains itself ---- */

struct walk {
    enum standard_id id;
    int version, rows, dumb, deepest;
};

static void walk(struct walk *at, const char *path, int depth)
{
    enum { DEEPEST = 7 };
    struct array fields = ARRAY_OF(struct standard_field_info);
    at->deepest = depth > at->deepest ? depth : at->deepest;
    if (depth < DEEPEST && standard_fields(at->id, at->version, path, &fields)) {
        for (size_t i = 0; i < fields.count; i++) {
            const struct standard_field_info *info = array_at(&fields, i);
            char *below =
                string_printf("%s%s%s", path, *path != '\0' ? "." : "", info->name);
            at->rows++;
            if (info->meaning == NULL || strlen(info->meaning) < 4) {
                at->dumb++;
                printf("# %s %s has no meaning\n", standard_word(at->id), below);
            }
            walk(at, below, depth + 1);
            free(below);
        }
        if (fields.count == 0 && depth > 0) { /* a map of names, or the end */
            char *below = string_printf("%s.name", path);
            walk(at, below, depth + 1);
            free(below);
        }
    }
    array_release(&fields);
}

static void test_meanings(void)
{
    static const struct {
        enum standard_id id;
        int version, rows;
    } tables[] = {
        {STANDARD_ODPS, 900, 50},      {STANDARD_ODPS, 10100, 100},
        {STANDARD_PACKAGE, 10000, 80}, {STANDARD_PACKAGE, 20000, 100},
        {STANDARD_DCS, 900, 25},       {STANDARD_DCS, 10201, 100},
        {STANDARD_DCAT, 10100, 50},    {STANDARD_DPDS, 10000, 60},
        {STANDARD_OPEN, 40100, 120},
    };
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct walk at = {.id = tables[i].id, .version = tables[i].version};
        walk(&at, "", 0);
        ok(at.dumb == 0 && at.rows >= tables[i].rows,
           "%s %d: each of %d rows has a meaning", standard_word(at.id), at.version,
           at.rows);
    }
}

/* ---- What is refused, and for which reason ---- */

/* `rule` is the one of the only error; NULL: there is none. */
static void holds(const char *text, bool strict, const char *rule, const char *words)
{
    struct error err = {0};
    struct document_place place;
    struct array findings = ARRAY_OF(struct finding);
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_YAML, &place, &err);
    struct standard_check_spec spec = {.path = "x.yaml", .strict = strict};
    standard_validate(document_root(document), &spec, &findings);
    const struct finding *first = NULL;
    size_t errors = 0;
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *finding = array_at(&findings, i);
        first = first == NULL && finding->is_error ? finding : first;
        errors += finding->is_error;
    }
    bool right = rule == NULL ? errors == 0
                              : errors == 1 && string_equal(first->rule, rule) &&
                                    strstr(first->sentence, words) != NULL;
    char *shown = string_copy(rule != NULL ? words : text);
    for (char *end = shown; (end = strchr(end, '\n')) != NULL;) {
        *end = ' ';
    }
    ok(document != NULL && right, "%s%s: %s", rule != NULL ? rule : "holds",
       strict ? ", strictly" : "", shown);
    free(shown);
    for (size_t i = 0; !right && i < findings.count; i++) {
        const struct finding *finding = array_at(&findings, i);
        printf("# %s [%s]\n", finding->sentence, finding->rule);
    }
    findings_release(&findings);
    document_free(document);
}

#define ODPS(version) "apiVersion: " version "\nkind: DataProduct\nid: a\n"

static void test_odps(void)
{
    holds(ODPS("v0.9.0") "status: a\nteam: [{name: A}]\n", false, NULL, NULL);
    holds(ODPS("v1.0.0") "status: a\nteam: [{name: A}]\n", true, "type", "team");
    holds(ODPS("v1.0.0"), true, "required", "status");
    holds(ODPS("v1.1.0") "deprecated: true\noutputPorts: [{name: a}]\n", false, NULL,
          NULL);
    holds(ODPS("v1.0.0") "status: a\noutputPorts: [{name: a}]\n", true, "required",
          "version");
    holds(ODPS("v1.0.0") "status: a\ndeprecated: true\n", true, "unknown-key",
          "deprecated");
    holds(ODPS("v0.9.0") "status: a\nauthoritativeDefinitions: [{type: own, url: b}]\n",
          true, "enum", "own");
    holds(ODPS("v0.9.0") "status: a\ninputPorts: [{name: a, version: '1', contractId: c, "
                         "tags: []}]\n",
          true, "unknown-key", "tags");
    holds(ODPS("v1.1.0") "synonyms: [{locale: en}]\n", false, "required", "synonym");
    holds(ODPS("v1.1.0") "context: {verifiedStatements: [{answer: b}]}\n", false,
          "required", "question");
}

#define DCS(version)                                                                     \
    "dataContractSpecification: " version "\nid: a\ninfo: {title: a, version: '1'}\n"

static void test_dcs_fields(void)
{
    holds(DCS("1.2.1") "models: {a: {fields: {b: {type: variant}}}}\n", false, NULL,
          NULL);
    holds(DCS("1.1.0") "models: {a: {fields: {b: {type: variant}}}}\n", true, "enum",
          "models.a.fields.b.type");
    holds(DCS("0.9.2") "models: {a: {fields: {b: {type: map}}}}\n", true, "enum", "map");
    holds(DCS("1.2.1") "models: {}\n", false, "empty", "models");
    holds(DCS("1.2.1") "models: {'a b': {}}\n", false, "key-name", "a b");
    holds(DCS("1.2.1") "models: {a: {fields: {b: {items: {required: 1}}}}}\n", false,
          "type", "models.a.fields.b.items.required");
    holds(DCS("1.2.1") "models: {a: {fields: {b: {enum: [x, x]}}}}\n", false, "duplicate",
          "enum");
    holds(DCS("0.9.3") "definitions: {a/b: {name: c, type: int}}\n", true, "key-name",
          "a/b");
    holds(DCS("1.1.0") "definitions: {a/b: {type: int}}\n", false, NULL, NULL);
    holds(DCS("0.9.3") "definitions: {a: {type: int}}\n", true, "required", "name");
    holds(DCS("1.2.1") "models: {a: {quality: [{type: sql}]}}\n", false, "required",
          "query");
    holds(DCS("1.2.1") "models: {a: {quality: [{type: library, rule: r}]}}\n", false,
          "required", "metric");
    holds(DCS("1.1.0") "models: {a: {quality: [{type: library, rule: r}]}}\n", true, NULL,
          NULL);
    holds(DCS("1.2.0") "models: {a: {quality: [{type: sql, query: q, mustBe: 1.5}]}}\n",
          true, "type", "mustBe");
    holds(DCS("1.2.1") "models: {a: {quality: [{type: sql, query: q, mustBeBetween: "
                       "[1]}]}}\n",
          false, "pair", "mustBeBetween");
    holds(DCS("1.2.1") "models: {a: {quality: [{description: q}]}}\n", false, "required",
          "type");
}

static void test_dcs(void)
{
    holds(DCS("0.9.2") "servers: {a: {type: oracle}}\n", true, "enum", "oracle");
    holds(DCS("0.9.3") "servers: {a: {type: oracle, host: b, port: 1}}\n", true,
          "required", "serviceName");
    holds(DCS("1.2.1") "servers: {a: {type: oracle, host: b, port: 1}}\n", true, NULL,
          NULL);
    holds(DCS("1.2.1") "servers: {a: {type: oracle, host: b, port: 1}}\n", false,
          "required", "serviceName");
    holds(DCS("0.9.2") "servers: {a: {type: databricks, catalog: b, schema: c}}\n", true,
          "required", "host");
    holds(DCS("0.9.3") "servers: {a: {type: databricks, catalog: b, schema: c}}\n", true,
          NULL, NULL);
    holds(DCS("0.9.3") "servers: {a: {type: azure, location: b, format: xml}}\n", true,
          "enum", "xml");
    holds(DCS("1.2.1") "servicelevels: {availability: {percentage: '99.9'}}\n", false,
          "pattern", "percentage");
    holds(DCS("0.9.0") "quality: {type: great-expectations, specification: a}\n", true,
          "enum", "great-expectations");
    holds(DCS("0.9.3") "quality: {type: great-expectations, specification: a}\n", true,
          NULL, NULL);
    holds(DCS("1.1.0") "quality: 1\n", true, NULL, NULL);
    holds(DCS("0.9.0") "examples: [{type: csv, data: a}]\n", true, "required", "model");
    holds(DCS("0.9.1") "examples: [{type: csv, data: [a]}]\n", true, "type", "data");
}

#define PACKAGE_1 "resources: [{name: a, path: b.csv"
#define PACKAGE_2                                                                        \
    "$schema: https://datapackage.org/profiles/2.0/datapackage.json\n" PACKAGE_1

static void test_package(void)
{
    holds(PACKAGE_1 ", schema: {fields: [{name: a, type: list}]}}]\n", true, "enum",
          "list");
    holds(PACKAGE_2 ", schema: {fields: [{name: a, type: list}]}}]\n", false, NULL, NULL);
    holds(PACKAGE_2 ", schema: {fields: [{name: a, type: list}]}}]\n", true, "enum",
          "list");
    holds(PACKAGE_2 ", schema: {fields: [{name: a}], missingValues: [a, {value: b}]}}]\n",
          false, "alike", "missingValues");
    holds(PACKAGE_1 ", schema: {fields: [{name: a, type: number, constraints: {enum: [1, "
                    "a]}}]}}]\n",
          true, "alike", "enum");
    holds(PACKAGE_2 ", schema: {fields: [{name: a}], uniqueKeys: [[]]}}]\n", false,
          "empty", "uniqueKeys[0]");
    holds(PACKAGE_2 ", schema: {fields: [{name: a, type: integer, categories: [{value: "
                    "a}]}]}}]\n",
          false, "type", "categories[0].value");
    holds(PACKAGE_2 ", dialect: {sheetNumber: 0}}]\n", false, "range", "sheetNumber");
    holds(PACKAGE_2 ", dialect: {headerRows: [0]}}]\n", false, "range", "headerRows");
    holds(PACKAGE_1 ", dialect: {delimiter: ;}}]\n", true, "required", "doubleQuote");
    holds(PACKAGE_2 ", dialect: {delimiter: ;}}]\n", true, NULL, NULL);
    holds(PACKAGE_1 ", data: []}]\n", true, "required", "not both");
    holds(PACKAGE_1 "}]\ncontributors: [{email: a}]\n", true, "required", "title");
    holds(PACKAGE_2 "}]\ncontributors: [{}]\n", true, "empty", "contributors[0]");
    holds("resources: [{name: a, path: ../../etc/passwd}]\n", true, "pattern", "path");
    holds("resources: [{name: a, path: /etc/passwd}]\n", true, "pattern", "path");
}

/* ---- DCAT-US ---- */

static void dataset_holds(const char *more, const char *rule, const char *words)
{
    char *text = string_printf(
        "conformsTo: https://project-open-data.cio.gov/v1.1/schema\n"
        "dataset:\n"
        "  - {title: a, description: b, keyword: [c], accessLevel: public,\n"
        "     publisher: {name: d}, contactPoint: {fn: e, hasEmail: 'mailto:e@f.org'},\n"
        "     identifier: g, bureauCode: ['015:11'], programCode: ['015:001'], %s}\n",
        more);
    holds(text, true, rule, words);
    free(text);
}

static void test_dcat(void)
{
    static const char *const dates[] = {
        "2026",       "2026-03", "2026-03-31", "20260331",          "2026-W13-2",
        "2026-090",   "R/P1D",   "R/PT0.5S",   "2026-03-31T10:20Z", "R3/2026-03-31/P1M",
        "-0044-03-15"};
    static const char *const others[] = {
        "yesterday", "2026-13", "202603", "P1D1Y", "2026-03-31T10:20:30+25", "R1P1D", ""};
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        char *more = string_printf("modified: '%s'", dates[i]);
        dataset_holds(more, NULL, NULL);
        free(more);
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        char *more = string_printf("modified: '%s'", others[i]);
        dataset_holds(more, "pattern", "modified");
        free(more);
    }
#define MODIFIED "modified: '2026', "
    dataset_holds(MODIFIED "temporal: 2026-01-01/2026-12-31", NULL, NULL);
    dataset_holds(MODIFIED "temporal: 2026-01-01", "pattern", "temporal");
    dataset_holds(MODIFIED "accrualPeriodicity: yearly", "pattern", "accrualPeriodicity");
    dataset_holds(MODIFIED "rights: null", NULL, NULL);
    dataset_holds(MODIFIED "language: [en-US, x]", NULL, NULL);
    dataset_holds(MODIFIED "language: [1st]", "pattern", "language[0]");
    dataset_holds(MODIFIED "distribution: [{downloadURL: a}]", "required", "mediaType");
    dataset_holds(MODIFIED "distribution: [{downloadURL: a, mediaType: csv}]", "pattern",
                  "mediaType");
    dataset_holds(MODIFIED "theme: [a, a]", "duplicate", "theme");
    dataset_holds(MODIFIED "distribution: [{title: ''}]", "empty", "title");
    dataset_holds("", "required", "modified");
}

/* ---- The other two ---- */

#define DPDS_INFO                                                                        \
    "dataProductDescriptor: 1.0.0\n"                                                     \
    "info: {fullyQualifiedName: a, name: b, version: 1.0.0, domain: d, owner: {id: "     \
    "e}}\n"
#define OPEN(more)                                                                       \
    "schema: a\nversion: '4.1'\nproduct: {details: {en: {name: a, productID: b, "        \
    "visibility: public, status: draft, type: raw data}}" more "}\n"

static void test_others(void)
{
    holds(DPDS_INFO "interfaceComponents: {outputPorts: [{$ref: a.json}]}\n", true, NULL,
          NULL);
    holds(DPDS_INFO "interfaceComponents: {outputPorts: [{name: a}]}\n", true, "required",
          "version");
    holds(DPDS_INFO "interfaceComponents: {outputPorts: [{name: a, version: 1.0.0, $ref: "
                    "b}]}\n",
          true, "either", "outputPorts[0]");
    holds(DPDS_INFO "interfaceComponents: {outputPorts: [{name: a, version: 1.0.0, "
                    "promises: {$ref: b}}]}\n",
          false, NULL, NULL);
    holds(DPDS_INFO "interfaceComponents: {inputPorts: []}\n", true, "required",
          "outputPorts");
    holds(DPDS_INFO "interfaceComponents: {outputPorts: []}\nresources: [{name: a}]\n",
          true, NULL, NULL);
    holds(OPEN(""), true, NULL, NULL);
    holds(OPEN(", dataAccess: []"), true, "type", "product.dataAccess");
    holds(OPEN(", dataAccess: [{format: plain text}]"), false, NULL, NULL);
    holds(OPEN(", dataAccess: [{format: plain}]"), false, "enum", "plain text");
    holds(OPEN(", pricingPlans: {declarative: {en: [{price: 5}]}}"), true, "type",
          "declarative.en[0].price");
    holds(OPEN(", license: {scope: {rights: [Stealing]}}"), true, "enum", "Stealing");
    holds(OPEN(", SLA: {declarative: [{name: {}}]}"), true, "empty", "name");
    holds(OPEN(", SLA: {declarative: [{name: {eng: a}}]}"), true, "unknown-key", "eng");
}

int main(void)
{
    test_meanings();
    test_odps();
    test_dcs_fields();
    test_dcs();
    test_package();
    test_dcat();
    test_others();
    return tap_done();
}
