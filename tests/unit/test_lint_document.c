/* Unit tests of engine/lint.h: for each rule a document that breaks it, and one beside it
 * that does not; limits, threads' promise of purity, patterns.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/lint.h"
#include "engine/path.h"
#include "engine/text.h"
#include "tap.h"

#define CONTRACT                                                                         \
    "apiVersion: v3.1.0\nkind: DataContract\nid: a\nstatus: active\nversion: 1.0.0\n"
#define TABLE                                                                            \
    CONTRACT "schema:\n  - name: t\n    properties:\n      - {name: c, id: k}\n"         \
             "      - name: address\n        properties: [{name: city}]\n"
#define OPTIONS TABLE "      - name: d\n        logicalTypeOptions: "
#define RULE TABLE "    quality:\n      - "
#define PRODUCT "apiVersion: v1.0.0\nkind: DataProduct\nid: a\nstatus: active\n"
#define PORTS                                                                            \
    PRODUCT "inputPorts: [{name: i, version: '1', contractId: in}]\noutputPorts:\n"
#define MODEL                                                                            \
    "dataContractSpecification: 1.2.1\nid: a\nmodels:\n  m:\n    fields:\n      f: {}\n"
#define PACKAGE "resources:\n  - name: a\n    path: a.csv\n"
#define FIELDS PACKAGE "    schema:\n      fields: [{name: x}, {name: y}]\n"
#define OLD "kind: DataContract\napiVersion: v2.2.2\nuuid: a\nquantumName: q\n"
#define CATALOG "conformsTo: https://project-open-data.cio.gov/v1.1/schema\ndataset:\n"

static const struct {
    const char *rule, *word, *bad, *good;
} cases[] = {
    /* Names. */
    {"duplicate", "object \"t\"", TABLE "  - name: t\n", TABLE "  - name: u\n"},
    {"duplicate", "property \"c\"", TABLE "      - name: c\n", TABLE "      - name: C\n"},
    {"duplicate", "property \"city\"",
     TABLE "      - {name: l, items: {properties: [{name: city}, {name: city}]}}\n",
     TABLE "      - {name: l, items: {properties: [{name: city}, {name: zip}]}}\n"},
    {"duplicate", "id \"k\"", TABLE "      - {name: d, id: k}\n",
     TABLE "      - {name: d, id: l}\n"},
    {"duplicate", "server \"s\"", CONTRACT "servers: [{server: s}, {server: s}]\n",
     CONTRACT "servers: [{server: s, environment: a}, {server: s, environment: b}]\n"},
    {"duplicate", "role \"r\"", CONTRACT "roles: [{role: r}, {role: r}]\n",
     CONTRACT "roles: [{role: r}, {role: q}]\n"},
    {"duplicate", "tag \"x\"", CONTRACT "tags: [x, y, x]\n", CONTRACT "tags: [x, y]\n"},
    {"duplicate", "custom property",
     CONTRACT "customProperties: [{property: p, value: 1}, {property: p, value: 2}]\n",
     CONTRACT "customProperties: [{property: p, value: 1}]\n"},
    {"duplicate", "rule \"n\"",
     RULE "{name: n, type: text}\n      - {name: n, type: text}\n",
     RULE "{name: n, type: text}\n      - {name: m, type: text}\n"},
    {"duplicate", "output port \"o\"",
     PORTS "  - {name: o, version: '1', contractId: x}\n  - {name: o, version: '1', "
           "contractId: y}\n",
     PORTS "  - {name: o, version: '1', contractId: x}\n  - {name: o, version: '2', "
           "contractId: y}\n"},
    {"duplicate", "resource \"a\"", PACKAGE "  - {name: a, path: b.csv}\n",
     PACKAGE "  - {name: b, path: b.csv}\n"},
    {"duplicate", "field \"x\"", PACKAGE "    schema: {fields: [{name: x}, {name: x}]}\n",
     FIELDS},
    {"duplicate", "identifier \"1\"",
     CATALOG "  - {identifier: '1'}\n  - {identifier: '1'}\n",
     CATALOG "  - {identifier: '1'}\n  - {identifier: '2'}\n"},
    {"duplicate", "column \"c\"",
     OLD "dataset: [{table: t, columns: [{column: c}, "
         "{column: c}]}]\n",
     OLD "dataset: [{table: t, columns: [{column: c}, {column: d}]}]\n"},
    /* References. */
    {"reference", "t.missing", TABLE "    relationships: [{from: t.c, to: t.missing}]\n",
     TABLE "    relationships: [{from: t.c, to: t.address.city}]\n"},
    {"reference", "/nothing",
     TABLE "    relationships: [{from: t.c, to: '#/schema/t/properties/nothing'}]\n",
     TABLE "    relationships: [{from: t.c, to: '#/schema/t/properties/k'}]\n"},
    {"unequal-keys", "equally many",
     TABLE "    relationships: [{from: [t.c, t.address], to: [t.c]}]\n",
     TABLE "    relationships: [{from: [t.c, t.address], to: [t.address, t.c]}]\n"},
    {"reference", "names the field z", FIELDS "      primaryKey: z\n",
     FIELDS "      primaryKey: [x, y]\n"},
    {"reference", "unique key", FIELDS "      uniqueKeys: [[x, q]]\n",
     FIELDS "      uniqueKeys: [[x, y]]\n"},
    {"reference", "no resource b",
     FIELDS "      foreignKeys: [{fields: x, reference: {resource: b, fields: x}}]\n",
     FIELDS "      foreignKeys: [{fields: x, reference: {resource: a, fields: y}}]\n"},
    {"unequal-keys", "equally many",
     FIELDS
     "      foreignKeys: [{fields: [x, y], reference: {resource: '', fields: [x]}}]\n",
     FIELDS
     "      foreignKeys: [{fields: [x], reference: {resource: '', fields: [y]}}]\n"},
    {"reference", "m.g leads to nothing", MODEL "      h: {references: m.g}\n",
     MODEL "      h: {references: m.f}\n"},
    {"reference", "definition", MODEL "      h: {$ref: '#/definitions/o'}\n",
     MODEL "      h: {$ref: '#/definitions/o'}\ndefinitions: {o: {type: text}}\n"},
    {"reference", "part of", CATALOG "  - {identifier: '1', isPartOf: '2'}\n",
     CATALOG "  - {identifier: '1', isPartOf: '2'}\n  - {identifier: '2'}\n"},
    {"input-contract", "no input port",
     PORTS
     "  - {name: o, version: '1', contractId: x, inputContracts: [{id: no, version: "
     "'1'}]}\n",
     PORTS
     "  - {name: o, version: '1', contractId: x, inputContracts: [{id: in, version: "
     "'1'}]}\n"},
    {"self-feeding", "its own contract",
     PORTS
     "  - {name: o, version: '1', contractId: in, inputContracts: [{id: in, version: "
     "'1'}]}\n",
     PORTS "  - {name: o, version: '1', contractId: x}\n"},
    {"no-contract", "output port o", PORTS "  - {name: o, version: '1'}\n",
     PORTS "  - {name: o, version: '1', contractId: x}\n"},
    {"no-output-port", "no output port", PRODUCT,
     PORTS "  - {name: o, version: '1', contractId: x}\n"},
    /* Columns. */
    {"unknown-column", "the rule names x",
     RULE "{metric: duplicateValues, mustBe: 0, arguments: {properties: [c, x]}}\n",
     RULE "{metric: duplicateValues, mustBe: 0, arguments: {properties: [c]}}\n"},
    {"unknown-column", "t.x",
     TABLE "slaProperties: [{property: ly, value: 1, element: "
           "'t.c, t.x'}]\n",
     TABLE
     "slaProperties: [{property: ly, value: 1, element: 't.c, t, t.address.city'}]\n"},
    {"unknown-column", "required names zip",
     TABLE "      - {name: o, logicalTypeOptions: {required: [zip]}, properties: [{name: "
           "city}]}\n",
     TABLE
     "      - {name: o, logicalTypeOptions: {required: [city]}, properties: [{name: "
     "city}]}\n"},
    {"unknown-column", "primary key names g",
     "dataContractSpecification: 1.2.1\nid: a\nmodels: {m: {primaryKey: [g], fields: {f: "
     "{}}}}\n",
     "dataContractSpecification: 1.2.1\nid: a\nmodels: {m: {primaryKey: [f], fields: {f: "
     "{}}}}\n"},
    {"unknown-column", "about m.g",
     MODEL "servicelevels: {freshness: {timestampField: m.g}}\n",
     MODEL "servicelevels: {freshness: {timestampField: m.f}}\n"},
    {"placeholder", "{column}",
     RULE "{type: sql, query: 'SELECT {column} FROM {object}', "
          "mustBe: 0}\n",
     RULE "{type: sql, query: 'SELECT count(*) FROM {object}', mustBe: 0}\n"},
    {"placeholder", "{tabel}",
     RULE "{type: sql, query: 'SELECT 1 FROM {tabel}', mustBe: "
          "0}\n",
     RULE "{type: sql, query: 'SELECT ''{\"a\":1}'' FROM ${table}', mustBe: 0}\n"},
    /* Keys. */
    {"key-position", "taken",
     TABLE "      - {name: p, primaryKey: true, primaryKeyPosition: 1}\n"
           "      - {name: q, primaryKey: true, primaryKeyPosition: 1}\n",
     TABLE "      - {name: p, primaryKey: true, primaryKeyPosition: 2}\n"
           "      - {name: q, primaryKey: true, primaryKeyPosition: 1}\n"},
    {"key-position", "without gaps",
     TABLE "      - {name: p, partitioned: true, partitionKeyPosition: 1}\n"
           "      - {name: q, partitioned: true, partitionKeyPosition: 3}\n",
     TABLE "      - {name: p, primaryKey: true, primaryKeyPosition: 1}\n"
           "      - {name: q, primaryKey: false, primaryKeyPosition: -1}\n"},
    /* Rules and bounds. */
    {"operator", "neither a metric", RULE "{mustBe: 1}\n",
     RULE "{metric: rowCount, mustBe: 1}\n"},
    {"operator", "no operator", RULE "{metric: rowCount}\n",
     RULE "{type: text, description: x}\n"},
    {"operator", "2 operators", RULE "{metric: rowCount, mustBe: 1, mustNotBe: 2}\n",
     RULE "{metric: rowCount, mustBeBetween: [1, 2]}\n"},
    {"range", "mustBeBetween", RULE "{metric: rowCount, mustBeBetween: [2, 1]}\n",
     RULE "{metric: rowCount, mustBeBetween: [1, 2]}\n"},
    {"range", "minimum 5 is above", OPTIONS "{minimum: 5, maximum: 4}\n",
     OPTIONS "{minimum: 4, maximum: 4}\n"},
    {"range", "minLength 9", OPTIONS "{minLength: 9, maxLength: 8}\n",
     OPTIONS "{minLength: 8, maxLength: 8}\n"},
    {"range", "meet at 4", OPTIONS "{exclusiveMinimum: 4, maximum: 4}\n",
     OPTIONS "{exclusiveMinimum: 3, maximum: 4}\n"},
    {"range", "meet at 4", OPTIONS "{minimum: 4, maximum: 4, exclusiveMaximum: true}\n",
     OPTIONS "{minimum: 4, maximum: 4, exclusiveMaximum: false}\n"},
    {"range", "2026-02-01", OPTIONS "{minimum: '2026-02-01', maximum: '2026-01-01'}\n",
     OPTIONS "{minimum: '2026-01-01', maximum: '2026-02-01'}\n"},
    {"range", "no multiple of 5", OPTIONS "{minimum: 6, maximum: 9, multipleOf: 5}\n",
     OPTIONS "{minimum: 6, maximum: 10, multipleOf: 5}\n"},
    {"range", "minItems 3", OPTIONS "{minItems: 3, maxItems: 2}\n",
     OPTIONS "{minItems: 2, maxItems: 3}\n"},
    {"range", "minimum 2",
     PACKAGE
     "    schema: {fields: [{name: x, constraints: {minimum: 2, maximum: '1'}}]}\n",
     PACKAGE
     "    schema: {fields: [{name: x, constraints: {minimum: 1, maximum: '2'}}]}\n"},
    {"range", "minLength 3", MODEL "      h: {minLength: 3, maxLength: 2}\n",
     MODEL "      h: {minLength: 3, maxLength: 3}\n"},
    {"enum-outside", "7 is one",
     PACKAGE
     "    schema: {fields: [{name: x, constraints: {enum: [5, 7], maximum: 6}}]}\n",
     PACKAGE
     "    schema: {fields: [{name: x, constraints: {enum: [5, 7], maximum: 7}}]}\n"},
    {"enum-outside", "long", MODEL "      h: {enum: [ab, too long], maxLength: 2}\n",
     MODEL "      h: {enum: [ab, \xC3\xA4\xC3\xA4], maxLength: 2}\n"},
    {"enum-outside", "9",
     TABLE "      - {name: e, enum: [{value: '9'}], logicalTypeOptions: {maximum: 8}}\n",
     TABLE "      - {name: e, enum: [{value: '8'}], logicalTypeOptions: {maximum: 8}}\n"},
    {"bad-pattern", "not closed", OPTIONS "{pattern: '^(a|b$'}\n",
     OPTIONS "{pattern: '^(?:a|b)\\d{2,3}[\\w.-]+$'}\n"},
    /* People, dates, words. */
    {"team", "bob is to replace",
     CONTRACT "team: {members: [{username: ann, replacedByUsername: bob}]}\n",
     CONTRACT "team: [{username: ann, replacedByUsername: bob}, {username: bob}]\n"},
    {"dates", "left before",
     CONTRACT
     "team: {members: [{username: a, dateIn: 2026-02-01, dateOut: 2026-01-01}]}\n",
     CONTRACT
     "team: {members: [{username: a, dateIn: 2026-01-01, dateOut: 2026-01-01}]}\n"},
    {"dates", "ends before", CATALOG "  - {temporal: 2020-01-01/2019-01-01}\n",
     CATALOG "  - {temporal: 2019-01-01/2020-01-01}\n"},
    {"status", "\"actve\"",
     "apiVersion: v3.1.0\nkind: DataContract\nid: a\nstatus: actve\nversion: 1.0.0\n",
     CONTRACT},
    {"variable", "not closed", CONTRACT "name: 'a${HOME'\n",
     CONTRACT "name: 'a${HOME}'\n"},
    {"variable", "is no variable", CONTRACT "name: '${1X}'\n",
     CONTRACT "name: '${X:-b c}$'\n"},
    /* Packages. */
    {"unsafe-path", "climbs", "resources: [{name: a, path: a/../../b.csv}]\n", PACKAGE},
    {"unsafe-path", "hidden", "resources: [{name: a, path: [b.csv, a/.ssh/id]}]\n",
     "resources: [{name: a, path: 'https://example.org/.well-known/a.csv'}]\n"},
    {"hash", "no hash", PACKAGE "    hash: sha256:abc\n",
     PACKAGE "    hash: d41d8cd98f00b204e9800998ecf8427e\n"},
};

static struct array lint(const char *text)
{
    struct array findings = ARRAY_OF(struct finding);
    struct error err = {0};
    struct document_place place;
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_YAML, &place, &err);
    if (!ok(document != NULL, "a document")) {
        printf("# line %d: %s\n%s", place.line, err.message, text);
        return findings;
    }
    const struct document_value *root = document_root(document);
    lint_document(root, standard_of(root), "a.yaml", &findings);
    document_free(document);
    return findings;
}

static void say(const struct array *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        printf("# %d:%d: %s [%s]%s%s\n", finding->line, finding->column,
               finding->sentence, finding->rule, finding->fix != NULL ? " fix: " : "",
               finding->fix != NULL ? finding->fix : "");
    }
}

static void cases_are_told(void)
{
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct array bad = lint(cases[i].bad);
        const struct finding *first = array_at(&bad, 0);
        if (!ok(bad.count == 1 && string_equal(first->rule, cases[i].rule) &&
                    strstr(first->sentence, cases[i].word) != NULL && first->line > 0,
                "%s: %s", cases[i].rule, cases[i].word)) {
            printf("%s", cases[i].bad);
            say(&bad);
        }
        struct array good = lint(cases[i].good);
        bool clean = true;
        for (size_t k = 0; k < good.count; k++) {
            const struct finding *finding = array_at(&good, k);
            clean &= string_equal(finding->rule, "no-output-port");
        }
        if (!ok(clean, "and one without: %s", cases[i].word)) {
            printf("%s", cases[i].good);
            say(&good);
        }
        findings_release(&bad);
        findings_release(&good);
    }
}

/* Every rule of the stage has a case, every case a rule. */
static void table_is_whole(void)
{
    size_t count;
    const struct lint_rule *rules = lint_rules(&count);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (lint_rule_named(cases[i].rule) == NULL) {
            ok(false, "%s has a meaning", cases[i].rule);
        }
    }
    for (size_t i = 0; i < count; i++) {
        bool tried =
            rules[i].stage != LINT_DOCUMENT || string_equal(rules[i].name, "too-many");
        for (size_t k = 0; !tried && k < sizeof cases / sizeof *cases; k++) {
            tried = string_equal(cases[k].rule, rules[i].name);
        }
        bool ordered = i == 0 || rules[i - 1].stage < rules[i].stage ||
                       (rules[i - 1].stage == rules[i].stage &&
                        strcmp(rules[i - 1].name, rules[i].name) < 0);
        ok(tried && ordered && rules[i].meaning[0] != '\0', "the rule %s (%s)",
           rules[i].name, lint_stage_name(rules[i].stage));
    }
    ok(lint_rule_named("nothing") == NULL, "a rule that is none");
}

static void fixes_are_told(void)
{
    static const struct {
        const char *text, *fix;
    } fixes[] = {
        {TABLE "    relationships: [{from: t.c, to: t.adress}]\n", "write t.address"},
        {RULE "{metric: rowCount, mustBeBetween: [2, 1]}\n", "mustBeBetween: [1, 2]"},
        {"apiVersion: v3.1.0\nkind: DataContract\nid: a\nstatus: actve\n",
         "status: active"},
        {TABLE "      - {name: p, primaryKey: true, primaryKeyPosition: 2}\n",
         "primaryKeyPosition: 1"},
    };
    for (size_t i = 0; i < sizeof fixes / sizeof *fixes; i++) {
        struct array findings = lint(fixes[i].text);
        const struct finding *first = array_at(&findings, 0);
        is_text(first != NULL ? first->fix : NULL, fixes[i].fix, "a fix");
        findings_release(&findings);
    }
}

static void patterns_compile(void)
{
    static const char *const good[] = {"",
                                       "a",
                                       "^\\d+$",
                                       "(?<year>\\d{4})-\\k<year>",
                                       "[^\\]a-z]",
                                       "a{,5}",
                                       "{",
                                       "a|b|",
                                       "(?=a)(?!b)(?<=c)(?<!d)",
                                       "x{2}?",
                                       "\\u00e9",
                                       "[\\w-]",
                                       "[a-]",
                                       "\xC3\xA4+",
                                       "[\xC3\xA4-\xC3\xBC]",
                                       "}",
                                       "a{1,2}{",
                                       "()"};
    static const char *const bad[] = {"(",       ")",      "a)",  "[a",    "*a",
                                      "a**",     "a{2,1}", "\\",  "[z-a]", "(?P<n>a)",
                                      "(?<n a)", "[\\",    "a|*", "^*"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        is_text(lint_pattern_fault(good[i]), NULL, "%s compiles", good[i]);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ok(lint_pattern_fault(bad[i]) != NULL, "%s does not compile", bad[i]);
    }
}

/* What the schema stage said of a place is not said again. */
static void nothing_is_said_twice(void)
{
    static const char text[] = RULE "{metric: rowCount}\n";
    struct array findings = ARRAY_OF(struct finding);
    struct document_place place;
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_YAML, &place, NULL);
    const struct document_value *root = document_root(document);
    standard_validate(root, &(struct standard_check_spec){.path = "a.yaml"}, &findings);
    size_t before = findings.count;
    lint_document(root, standard_of(root), "a.yaml", &findings);
    if (!ok(before == 1 && findings.count == 1, "the operator is missed once")) {
        say(&findings);
    }
    document_free(document);
    findings_release(&findings);
}

/* As many names as a document may have, all the same: told in part, and in no time. */
static void hostile_lists_end(void)
{
    struct text text = {0};
    text_append(&text, TABLE);
    for (int i = 0; i < 18000; i++) {
        text_append(&text, "      - {name: c, relationships: [{to: t.none}]}\n");
    }
    double start = path_monotonic();
    struct array findings = lint(text_string(&text));
    double seconds = path_monotonic() - start;
    const struct finding *last = array_at(&findings, findings.count - 1);
    ok(findings.count == LINT_MOST_FINDINGS + 1 && string_equal(last->rule, "too-many"),
       "many findings are cut off, and that is told");
    ok(tap_is_slow() || seconds < 2, "18,000 columns took %.3f s", seconds);
    findings_release(&findings);
    text_release(&text);
}

int main(void)
{
    cases_are_told();
    table_is_whole();
    fixes_are_told();
    patterns_compile();
    nothing_is_said_twice();
    hostile_lists_end();
    return tap_done();
}
