/* Unit tests of engine/standard.h: versions, recognition, fields of other versions, the
 * tries with newer versions, fixes, quirks of the official schemas, and the fields as
 * completion asks for them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/finding.h"
#include "engine/standard.h"
#include "engine/text.h"
#include "tap.h"

/* ---- Bed ---- */

static struct document *parse(const char *text)
{
    struct error err = {0};
    struct document_place place;
    struct document *document =
        document_parse(text, strlen(text), DOCUMENT_YAML, &place, &err);
    if (document == NULL) {
        ok(false, "%d:%d: %s", place.line, place.column, err.message);
    }
    return document;
}

static struct array check(const char *text, struct standard_check_spec spec)
{
    struct array findings = ARRAY_OF(struct finding);
    struct document *document = parse(text);
    spec.path = "x.yaml";
    standard_validate(document_root(document), &spec, &findings);
    document_free(document);
    return findings;
}

static const struct finding *find(const struct array *findings, const char *rule)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        if (string_equal(finding->rule, rule)) {
            return finding;
        }
    }
    return NULL;
}

static void say(const struct array *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        printf("#   %d:%d: %s [%s] %s\n", finding->line, finding->column,
               finding->sentence, finding->rule,
               finding->fix != NULL ? finding->fix : "");
    }
}

/* The text has one finding of this rule whose sentence and fix hold these words. */
static void finds(const char *text, const char *rule, const char *words, const char *fix)
{
    struct array findings = check(text, (struct standard_check_spec){0});
    const struct finding *found = find(&findings, rule);
    bool has_fix = found != NULL &&
                   (fix == NULL ? found->fix == NULL
                                : found->fix != NULL && strstr(found->fix, fix) != NULL);
    if (!ok(found != NULL && strstr(found->sentence, words) != NULL && has_fix, "%s: %s",
            rule, words)) {
        say(&findings);
    }
    findings_release(&findings);
}

static void holds(const char *text, const char *name)
{
    struct array findings = check(text, (struct standard_check_spec){0});
    if (!ok(findings.count == 0, "%s", name)) {
        say(&findings);
    }
    findings_release(&findings);
}

#define CONTRACT(version)                                                                \
    "apiVersion: " version "\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: "       \
    "active\n"

/* ---- Versions and recognition ---- */

static void versions_are_numbers(void)
{
    char text[STANDARD_VERSION_SIZE];
    is_int(standard_version_of("v3.1.0"), 30100, "v3.1.0");
    is_int(standard_version_of("1.2.1"), 10201, "1.2.1");
    is_int(standard_version_of("2"), 20000, "2");
    is_int(standard_version_of("v3.400.1"), 0, "too large a part is none");
    is_int(standard_version_of("next"), 0, "a word is none");
    is_int(standard_version_of(NULL), 0, "nothing is none");
    is_text(standard_version_text(30002, text), "3.0.2", "and back");
    is_text(standard_version_text(903, text), "0.9.3", "before 1");
}

static void recognised_as(const char *text, enum standard_id id, int version)
{
    struct document *document = parse(text);
    struct standard_claim claim = standard_of(document_root(document));
    ok(claim.id == id && claim.version == version, "%s %d: %s", standard_word(claim.id),
       claim.version, standard_title(id));
    document_free(document);
}

static void standards_are_recognised(void)
{
    recognised_as(CONTRACT("v3.1.0"), STANDARD_ODCS, 30100);
    recognised_as("kind: DataProduct\napiVersion: v1.0.0\n", STANDARD_ODPS, 10000);
    recognised_as("kind: DataModel\napiVersion: v3.2.0\n", STANDARD_ODCS, 30200);
    recognised_as("schema:\n- name: t\n  properties:\n  - name: c\n", STANDARD_ODCS, 0);
    recognised_as("quantumName: x\nuuid: y\n", STANDARD_ODCS, 20202);
    recognised_as("dataContractSpecification: 0.9.3\n", STANDARD_DCS, 903);
    recognised_as("apiVersion: v1\nkind: Service\n", STANDARD_UNKNOWN, 0);
    recognised_as("apiVersion: apps/v1\nkind: Deployment\n", STANDARD_UNKNOWN, 0);
    recognised_as("[1, 2]", STANDARD_UNKNOWN, 0);
}

/* ---- Versions of fields ---- */

static void fields_belong_to_versions(void)
{
    static const char synonyms[] = "schema:\n- name: t\n  synonyms: [{synonym: u}]\n";
    char *text = string_printf("%s%s", CONTRACT("v3.1.0"), synonyms);
    finds(text, "unknown-key", "in version 3.1.0; it is one since 3.2.0", NULL);
    finds(text, "valid-as-newer", "valid as Open Data Contract Standard 3.2.0",
          "declare version 3.2.0");
    free(text);
    text = string_printf("%s%s", CONTRACT("v3.2.0"), synonyms);
    holds(text, "in its version it is one");
    free(text);
    finds(CONTRACT("v3.1.0") "uuid: x\n", "unknown-key", "of versions before 3.0.0",
          NULL);
    finds(CONTRACT("v3.0.2") "servers:\n- {server: s, type: hive, host: h, database: d}",
          "enum",
          "servers[0].type may not be \"hive\" in version 3.0.2; it may since 3.1.0",
          NULL);
    holds(CONTRACT("v3.1.0") "servers:\n- {server: s, type: hive, host: h, database: d}",
          "a server that came with 3.1");
    holds(CONTRACT("v3.0.2") "team:\n- {username: u, shoes: 42}\n", "3.0 is open");
    finds(CONTRACT("v3.1.0") "team:\n- {username: u, shoes: 42}\n", "unknown-key",
          "\"shoes\" is no key of a team member", NULL);
    finds(CONTRACT("v3.1.0") "dataProduct: p\n", "deprecated", "since 3.1.0", NULL);
    holds("apiVersion: v3.2.0\nkind: DataContract\nid: a\nversion: 1.0.0\n",
          "the status is free since 3.2");
}

static void versions_are_told(void)
{
    finds(CONTRACT("v9.9.9"), "unknown-version", "may not be \"v9.9.9\"", NULL);
    finds("dataset: [{table: t}]\nkind: DataContract\nuuid: u\nversion: 1.0.0\n"
          "type: t\nstatus: s\ndatasetName: d\nquantumName: q\napiVersion: v2.9.0\n",
          "unknown-version", "may not be \"v2.9.0\"", NULL);
    struct array findings =
        check(CONTRACT("v3.2.0"), (struct standard_check_spec){.version = 30100});
    ok(find(&findings, "unknown-version") != NULL, "3.2 is not known to 3.1");
    findings_release(&findings);
    findings = check("a: 1", (struct standard_check_spec){0});
    ok(findings.count == 1 && find(&findings, "not-checked") != NULL,
       "what is no descriptor is told");
    findings_release(&findings);
    findings = check("a: 1", (struct standard_check_spec){.strict = true});
    ok(findings.count == 0, "but not when asked strictly");
    findings_release(&findings);
}

/* ---- Fixes ---- */

static void fixes_are_proposed(void)
{
    finds("apiVersion: v3.1.0\nkind: DataContract\nid: a\nversion: 1.0\nstatus: x\n",
          "type", "version must be a text, not a number", "write version: '1.0'");
    finds(CONTRACT("v3.1.0") "price: {priceAmount: \"9.5\"}", "type",
          "price.priceAmount must be a number", "without quotes: priceAmount: 9.5");
    finds(CONTRACT("v3.1.0") "servrs: []\n", "unknown-key", "did you mean \"servers\"?",
          "write \"servers\" instead of \"servrs\"");
    finds("apiVersion: v3.1.0\nid: a\nversion: 1.0.0\nstatus: x\n", "required",
          "lacks \"kind\"", "add kind: DataContract");
    finds(CONTRACT("v3.1.0") "schema:\n- name: t\n  properties:\n  - name: c\n"
                             "    logicalType: sting\n",
          "enum", "logicalType may not be \"sting\"", "did you mean logicalType: string");
    finds(CONTRACT("v3.2.0") "schema:\n- name: t\n  properties:\n  - name: c\n"
                             "    logicalType: string\n"
                             "    enum: [{value: 1, label: x}, {label: x, value: 1.0}]\n",
          "duplicate", "enum holds the same value twice", "remove one");
    holds(CONTRACT("v3.2.0") "schema:\n- name: t\n  properties:\n  - name: c\n"
                             "    logicalType: string\n"
                             "    enum: [{value: 1}, {value: \"1\"}, {value: null}]\n",
          "a number is no text");
}

static void slips_are_told(void)
{
    finds("apiVersion: v2.2.2\nkind: DataContract\nuuid: u\nversion: 1.0.0\ntype: t\n"
          "status: s\ndatasetName: d\nquantumName: q\ndataset:\n- table: t\n"
          "  columns:\n  - {column: c, logicalType: l, physicalType: p, isUniqe: true}\n",
          "unknown-key", "though it may stand there; did you mean \"isUnique\"?",
          "write \"isUnique\"");
    holds(CONTRACT("v3.0.2") "price: {priceUnit: a, priceUnits: b}\n",
          "one that stands beside its like is meant");
    finds(CONTRACT("v3.1.0") "schema:\n- name: t\n  quality:\n"
                             "  - {type: text, query: x}\n",
          "unknown-key", "it is one where type is sql", NULL);
    finds("apiVersion: 3.1.0\nkind: DataContract\nid: a\nversion: 1.0.0\nstatus: x\n",
          "unknown-version", "may not be \"3.1.0\"", "write apiVersion: v3.1.0");
    finds(CONTRACT("v3.1.0") "team:\n- {username: u}\n", "deprecated", "team as a list",
          "with the list as its members");
}

static void findings_are_bounded(void)
{
    enum { LONG = 200000 };
    char *key = malloc(LONG + 1);
    memset(key, 'k', LONG);
    key[LONG] = '\0';
    struct text text = {0};
    text_printf(&text, "%s\"%s\": 1\nprice: {\"\\e[31m%s\": 1}\nschema:\n",
                CONTRACT("v3.1.0"), key, key);
    for (int i = 0; i < 3000; i++) {
        text_printf(&text, "- {name: %d}\n", i);
    }
    struct array findings = check(text_string(&text), (struct standard_check_spec){0});
    size_t longest = 0;
    bool has_control = false;
    for (size_t i = 0; i < findings.count; i++) {
        const struct finding *finding = array_at(&findings, i);
        size_t length = strlen(finding->sentence);
        longest = length > longest ? length : longest;
        has_control |= strchr(finding->sentence, '\x1b') != NULL;
    }
    ok(findings.count == STANDARD_MOST_FINDINGS + 1 &&
           find(&findings, "too-many")->is_error &&
           strstr(find(&findings, "too-many")->sentence, "2502 more") != NULL,
       "many breaches are told, and how many more there are");
    ok(longest < 1000, "in a sentence of bounded length: %zu", longest);
    ok(!has_control, "without the document's control characters");
    findings_release(&findings);
    text_release(&text);
    free(key);
}

/* ---- Quirks of the official schemas ---- */

static void by_letter_or_by_sense(const char *version, const char *property,
                                  const char *letter)
{
    char *text = string_printf("apiVersion: %s\nkind: DataContract\nid: a\n"
                               "version: 1.0.0\nstatus: active\nschema:\n- name: t\n"
                               "  properties:\n  - {name: c%s}\n  - {name: d%s}\n",
                               version, property, property);
    struct array sense = check(text, (struct standard_check_spec){0});
    struct array strict = check(text, (struct standard_check_spec){.strict = true});
    if (!ok(sense.count == 1 && find(&sense, "schema-quirk") != NULL,
            "%s: by its sense it holds, and that is told once", version)) {
        say(&sense);
    }
    if (!ok(strict.count == 2 && find(&strict, letter) != NULL,
            "%s: by its letter it does not", version)) {
        say(&strict);
    }
    findings_release(&sense);
    findings_release(&strict);
    free(text);
}

static void quirks_are_told(void)
{
    by_letter_or_by_sense("v3.1.0", ", logicalTypeOptions: {minLength: 1}",
                          "unknown-key");
    by_letter_or_by_sense("v3.2.0", "", "required");
    static const char package[] =
        "resources: [{name: a, path: a.csv, dialect: {delimiter: ;}}]\n";
    holds(package, "a dialect by its sense has defaults");
    struct array findings = check(package, (struct standard_check_spec){.strict = true});
    ok(findings.count == 1 && find(&findings, "required") != NULL,
       "by the letter of the schema it has none");
    findings_release(&findings);
}

/* ---- The letter of each version ---- */

#define PROPERTY(rest) "schema: [{name: t, properties: [{name: c, " rest "}]}]"
#define OBJECT(rest) "schema: [{name: t, " rest "}]"
#define SERVERS(rest) "servers: [{server: s, " rest "}]"

/* Each was held against the official schema of its version. */
static const struct {
    const char *version, *rest;
    bool holds;
} letters[] = {
    {"v3.0.0", SERVERS("type: athena, schema: x, stagingDir: d"), false},
    {"v3.0.0", SERVERS("type: athena, schema: x, staging_dir: d"), true},
    {"v3.0.1", SERVERS("type: athena, schema: x, stagingDir: d"), false},
    {"v3.0.2", SERVERS("type: athena, schema: x, stagingDir: d"), true},
    {"v3.1.0", SERVERS("type: athena, schema: x"), false},
    {"v3.2.0", SERVERS("type: athena, schema: x"), true},
    {"v3.0.2", SERVERS("type: duckdb, database: d, schema: main"), false},
    {"v3.1.0", SERVERS("type: duckdb, database: d, schema: main"), true},
    {"v3.0.2", SERVERS("type: s3, location: l, format: xml"), false},
    {"v3.1.0", SERVERS("type: s3, location: l, format: xml"), true},
    {"v3.1.0", SERVERS("type: sftp, location: l"), false},
    {"v3.1.0", SERVERS("type: sftp, location: 'sftp://l'"), true},
    {"v3.0.2", SERVERS("type: kafka, host: h, topic: t"), true},
    {"v3.1.0", SERVERS("type: kafka, host: h, topic: t"), false},
    {"v3.1.0", SERVERS("type: oracle, host: h, port: '1', serviceName: s"), false},
    {"v3.2.0", SERVERS("type: oracle, host: h, port: '1', serviceName: s"), true},
    {"v3.0.2", OBJECT("quality: [{mustBe: 1}]"), false},
    {"v3.1.0", OBJECT("quality: [{mustBe: 1}]"), false},
    {"v3.1.0", OBJECT("quality: [{description: x}]"), true},
    {"v3.0.2", OBJECT("quality: [{rule: r, mustBe: 1, mustNotBe: 2}]"), true},
    {"v3.1.0", OBJECT("quality: [{metric: rowCount, mustBe: 1, mustNotBe: 2}]"), false},
    {"v3.1.0", OBJECT("quality: [{type: text, mustBe: 1}]"), false},
    {"v3.1.0", OBJECT("quality: [{type: sql, metric: rowCount, mustBe: 1}]"), false},
    {"v3.1.0", OBJECT("quality: [{metric: rowCount, mustBeBetween: [2, 2]}]"), false},
    {"v3.1.0", OBJECT("relationships: [{from: a.b, to: [c.d]}]"), false},
    {"v3.1.0", OBJECT("relationships: [{from: a.b, to: c.d.e}]"), false},
    {"v3.2.0", OBJECT("relationships: [{from: a.b, to: c-x.d.e}]"), true},
    {"v3.1.0", OBJECT("relationships: [{from: a.b, to: 'x.yml#schema/c'}]"), false},
    {"v3.2.0", OBJECT("relationships: [{from: a.b, to: 'x.yml#schema/c'}]"), true},
    {"v3.0.2", PROPERTY("relationships: [{to: a.b}]"), false},
    {"v3.1.0", PROPERTY("relationships: [{to: a.b}]"), true},
    {"v3.1.0", PROPERTY("relationships: [{from: a.b, to: a.b}]"), false},
    {"v3.0.1", PROPERTY("physicalName: x"), false},
    {"v3.0.2", PROPERTY("physicalName: x"), true},
    {"v3.1.0", PROPERTY("logicalTypeOptions: {}"), true},
    {"v3.2.0", PROPERTY("map: {key: {logicalType: string}, value: {logicalType: date}}"),
     true},
    {"v3.1.0", PROPERTY("logicalType: string, properties: []"), false},
    {"v3.0.2", PROPERTY("logicalType: array, items: {logicalType: date, properties: []}"),
     true},
    {"v3.1.0", PROPERTY("logicalType: array, items: {logicalType: date, properties: []}"),
     false},
    {"v3.0.2", "support: [{channel: c}]", false},
    {"v3.1.0", "support: [{channel: c}]", true},
    {"v3.0.2", "team: {members: []}", false},
    {"v3.1.0", "team: [{role: r}]", false},
    {"v3.0.2", "team: [{role: r}]", true},
    {"v3.1.0", "customProperties: [{property: p}]", false},
    {"v3.1.0", "customProperties: [{property: p, value: }]", true},
    {"v3.1.0", "slaProperties: [{property: p, value: [1]}]", false},
    {"v3.1.0", "description: {anything: 1}", true},
};

static void letters_are_followed(void)
{
    for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
        char *text = string_printf("apiVersion: %s\nkind: DataContract\nid: a\n"
                                   "version: 1.0.0\nstatus: active\n%s\n",
                                   letters[i].version, letters[i].rest);
        struct array findings = check(text, (struct standard_check_spec){.strict = true});
        if (!ok((findings.count == 0) == letters[i].holds, "%s: %s", letters[i].version,
                letters[i].rest)) {
            say(&findings);
        }
        findings_release(&findings);
        free(text);
    }
}

/* ---- Fields for completion ---- */

static const struct standard_field_info *field(const struct array *fields,
                                               const char *name)
{
    for (size_t i = 0; i < fields->count; i++) {
        const struct standard_field_info *info = array_at(fields, i);
        if (string_equal(info->name, name)) {
            return info;
        }
    }
    return NULL;
}

static struct array fields_of(int version, const char *path)
{
    struct array fields = ARRAY_OF(struct standard_field_info);
    ok(standard_fields(STANDARD_ODCS, version, path, &fields), "%d: \"%s\" has fields",
       version, path);
    return fields;
}

static void fields_of_the_root(void)
{
    struct array fields = fields_of(30100, "");
    const struct standard_field_info *info = field(&fields, "status");
    ok(info != NULL && info->required && info->since == 0 && info->until == 0,
       "the status is required, and always there");
    info = field(&fields, "id");
    ok(info != NULL && info->since == 30000, "the id came with 3.0");
    ok(field(&fields, "context") == NULL && field(&fields, "uuid") == NULL,
       "fields of other versions are not there");
    array_release(&fields);
    fields = fields_of(0, "");
    ok(field(&fields, "context") != NULL, "the newest version has them");
    info = field(&fields, "status");
    ok(info != NULL && !info->required, "and a status that is free");
    info = field(&fields, "slaDefaultElement");
    ok(info != NULL && info->is_deprecated, "and what is deprecated");
    array_release(&fields);
}

static void fields_of_variants(void)
{
    struct array fields = fields_of(30100, "servers[0]");
    const struct standard_field_info *info = field(&fields, "port");
    ok(info != NULL && string_equal(info->type, "whole number") &&
           string_equal(info->when_key, "type") && info->meaning[0] != '\0',
       "the port of a server");
    info = field(&fields, "type");
    ok(info != NULL && info->when_key == NULL && strstr(info->words, "postgres") != NULL,
       "the type of a server");
    array_release(&fields);
    fields = fields_of(30200, "schema[3].properties.items.logicalTypeOptions");
    ok(field(&fields, "dimensions") != NULL && field(&fields, "minLength") != NULL,
       "options of all types");
    array_release(&fields);
    fields = fields_of(30100, "team.members");
    ok(field(&fields, "username") != NULL, "below a list in a map");
    array_release(&fields);
    ok(!standard_fields(STANDARD_ODCS, 30100, "schema.nothing", &fields),
       "a path that is not there");
    ok(!standard_fields(STANDARD_UNKNOWN, 0, "", &fields), "no standard");
}

/* Whatever can be reached has a meaning; the depth ends the circles. */
static int without_meaning(struct standard_claim of, const char *path, int depth)
{
    struct array fields = ARRAY_OF(struct standard_field_info);
    int count = 0;
    if (depth < 6 && standard_fields(of.id, of.version, path, &fields)) {
        for (size_t i = 0; i < fields.count; i++) {
            const struct standard_field_info *info = array_at(&fields, i);
            char *below =
                string_printf("%s%s%s", path, path[0] != '\0' ? "." : "", info->name);
            if (info->meaning[0] == '\0' || strstr(info->type, "several") != NULL) {
                count++;
                printf("# %s %s is not explained\n", standard_word(of.id), below);
            }
            count += without_meaning(of, below, depth + 1);
            free(below);
        }
    }
    array_release(&fields);
    return count;
}

static void all_fields_have_a_meaning(void)
{
    static const struct standard_claim all[] = {
        {.id = STANDARD_ODPS, .version = 900},
        {.id = STANDARD_ODPS},
        {.id = STANDARD_ODCS, .version = 20202},
        {.id = STANDARD_ODCS, .version = 30002},
        {.id = STANDARD_ODCS, .version = 30100},
        {.id = STANDARD_ODCS},
        {.id = STANDARD_PACKAGE},
        {.id = STANDARD_DCS, .version = 900},
        {.id = STANDARD_DCS},
        {.id = STANDARD_DCAT},
        {.id = STANDARD_DPDS},
        {.id = STANDARD_OPEN},
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        is_int(without_meaning(all[i], "", 0), 0, "every field of %s %d has a meaning",
               standard_word(all[i].id), all[i].version);
    }
}

int main(void)
{
    versions_are_numbers();
    standards_are_recognised();
    fields_belong_to_versions();
    versions_are_told();
    fixes_are_proposed();
    slips_are_told();
    findings_are_bounded();
    quirks_are_told();
    letters_are_followed();
    fields_of_the_root();
    fields_of_variants();
    all_fields_have_a_meaning();
    return tap_done();
}
