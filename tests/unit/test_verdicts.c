/* The verdicts of standard_validate() beside those of the official schemas: every
 * document of expected-schema-verdicts.tsv, against the version it declares and against
 * two others; and the official negative tests, each refused for its own reason.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <dirent.h>

#include "engine/finding.h"
#include "engine/path.h"
#include "engine/standard.h"
#include "engine/text.h"
#include "tap.h"

enum {
    FILE_NAME,
    STANDARD,
    DECLARED,
    SCHEMA,
    VERDICT,
    ERRORS,
    FIRST,
    AGAINST_3_1,
    AGAINST_3_2,
    COLUMNS
};

static char *read_all(const char *path)
{
    char *bytes = NULL;
    size_t length;
    return path_read_file(path, 8 * 1024 * 1024, &bytes, &length, NULL) ? bytes : NULL;
}

/* ---- Disagreements that are argued ---- */

static char *argued; /* the file's text */

static bool is_argued(const char *file, const char *column)
{
    char *row = string_printf("\n%s\t%s\t", file, column);
    bool found = argued != NULL && strstr(argued, row) != NULL;
    free(row);
    return found;
}

/* ---- Counts ---- */

struct tally {
    char name[32];
    int compared, agreed, argued;
};
static struct tally tallies[16];

static struct tally *tally_of(const char *standard, const char *column)
{
    char name[32];
    size_t i = 0;
    snprintf(name, sizeof name, "%s %s", standard, column);
    while (tallies[i].name[0] != '\0' && !string_equal(tallies[i].name, name)) {
        i++;
    }
    memcpy(tallies[i].name, name, sizeof name);
    return &tallies[i];
}

static void say(const struct array *findings)
{
    for (size_t i = 0; i < findings->count && i < 5; i++) {
        const struct finding *finding = array_at(findings, i);
        printf("#   %d:%d: %s [%s]\n", finding->line, finding->column, finding->sentence,
               finding->rule);
    }
}

/* ---- Verdicts ---- */

struct case_of_verdict {
    const char *file, *standard, *column, *expected;
    int version;
};

static const char *verdict_of(const struct document *document, int version,
                              struct array *findings)
{
    bool holds = standard_validate(
        document_root(document),
        &(struct standard_check_spec){.path = "x", .strict = true, .version = version},
        findings);
    return holds ? "valid" : "invalid";
}

static void compare(const struct document *document, const struct case_of_verdict *one)
{
    struct tally *tally = tally_of(one->standard, one->column);
    struct array findings = ARRAY_OF(struct finding);
    const char *verdict = document == NULL
                              ? "not-parseable"
                              : verdict_of(document, one->version, &findings);
    bool agrees = string_equal(verdict, one->expected);
    tally->compared++;
    tally->agreed += agrees;
    if (agrees) {
        findings_release(&findings);
        return;
    }
    bool has_reason = is_argued(one->file, one->column);
    tally->argued += has_reason;
    if (!has_reason) {
        ok(false, "%s is %s (%s), not %s", one->file, one->expected, one->column,
           verdict);
        say(&findings);
    }
    findings_release(&findings);
}

/* What the letter of a schema allows, its sense allows too. */
static void sense_allows(const struct document *document, const char *file)
{
    struct array findings = ARRAY_OF(struct finding);
    struct standard_check_spec spec = {.path = "x"};
    if (document != NULL &&
        !standard_validate(document_root(document), &spec, &findings)) {
        ok(false, "%s is valid by the letter, and by the sense", file);
        say(&findings);
    }
    findings_release(&findings);
}

static void try_row(const char *shared, char *line)
{
    char *cells[COLUMNS] = {0};
    for (int i = 0; i < COLUMNS && line != NULL; i++) {
        cells[i] = strsep(&line, "\t");
    }
    if (cells[AGAINST_3_2] == NULL) {
        return;
    }
    struct error err = {0};
    struct document_place place;
    char *path = string_printf("%s/standards/%s", shared, cells[FILE_NAME]);
    struct document *document = document_read(path, &place, &err);
    const char *standard = cells[STANDARD][0] == '-' ? "none" : cells[STANDARD];
    struct case_of_verdict cases[] = {
        {cells[FILE_NAME], standard, "declared", cells[VERDICT], 0},
        {cells[FILE_NAME], standard, "3.1.0", cells[AGAINST_3_1], 30100},
        {cells[FILE_NAME], standard, "3.2.0", cells[AGAINST_3_2], 30200},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (cases[i].expected[0] != '-') {
            compare(document, &cases[i]);
        }
    }
    if (string_equal(cells[VERDICT], "valid")) {
        sense_allows(document, cells[FILE_NAME]);
    }
    document_free(document);
    free(path);
}

static void verdicts_agree(const char *shared)
{
    char *path = string_printf("%s/standards/expected-schema-verdicts.tsv", shared);
    char *bytes = read_all(path), *rest = bytes;
    int compared = 0, disagreed = 0;
    strsep(&rest, "\n");
    while (rest != NULL && *rest != '\0') {
        try_row(shared, strsep(&rest, "\n"));
    }
    for (const struct tally *tally = tallies; tally->name[0] != '\0'; tally++) {
        compared += tally->compared;
        disagreed += tally->argued;
        ok(tally->agreed + tally->argued == tally->compared,
           "%s: %d of %d verdicts agree, %d are argued", tally->name, tally->agreed,
           tally->compared, tally->argued);
    }
    ok(compared > 500, "%d verdicts were compared", compared);
    ok(disagreed * 100 <= compared, "at most one in a hundred is argued: %d", disagreed);
    free(bytes);
    free(path);
}

/* ---- Negative tests ---- */

static const struct {
    const char *file, *rule, *words; /* words: what the sentence must hold */
} negatives[] = {
    {"additional-unknown-property", "unknown-key", "unknownRootField"},
    {"enum-empty", "empty", "schema[0].properties[0].enum "},
    {"enum-missing-value", "required", "enum[0] lacks \"value\""},
    {"invalid-api-version", "unknown-version", "apiVersion may not be \"v4.0.0\""},
    {"invalid-kind", "enum", "kind may not be \"DataModel\""},
    {"invalid-quality-metric", "enum", "quality[0].metric may not be \"invalidMetric\""},
    {"invalid-quality-type", "enum", "quality[0].type may not be \"unknown\""},
    {"map-missing-block", "required", "properties[0] lacks \"map\""},
    {"map-missing-value", "required", "properties[0].map lacks \"value\""},
    {"missing-required-fields", "required", "the root lacks \"id\""},
    {"quality-element-field", "unknown-key", "\"element\" is no key"},
    {"quality-library-missing-metric", "required", "quality[0] lacks \"metric\""},
    {"quality-mustbebetween-wrong-size", "pair", "mustBeBetween must have two items"},
    {"quality-sql-missing-query", "required", "quality[0] lacks \"query\""},
    {"relationship-schema-level-missing-from-to", "required",
     "relationships[0] lacks \"from\""},
    {"schema-property-missing-name", "required", "properties[0] lacks \"name\""},
    {"server-invalid-type", "enum", "servers[0].type may not be \"mongodb\""},
    {"server-missing-required-fields", "required", "servers[0] lacks \"server\""},
    {"synonym-missing-term", "required", "synonyms[0] lacks \"synonym\""},
};

static bool names_reason(const struct array *findings, const char *rule,
                         const char *words)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        if (finding->is_error && string_equal(finding->rule, rule) &&
            strstr(finding->sentence, words) != NULL) {
            return true;
        }
    }
    return false;
}

static void negatives_are_refused(const char *shared, bool strict)
{
    for (size_t i = 0; i < sizeof negatives / sizeof *negatives; i++) {
        char *path = string_printf("%s/standards/odcs/3.2.0-draft-2026-06-04/"
                                   "negative-tests/%s.odcs.yaml",
                                   shared, negatives[i].file);
        struct array findings = ARRAY_OF(struct finding);
        struct error err = {0};
        struct document_place place;
        struct document *document = document_read(path, &place, &err);
        standard_validate(document_root(document),
                          &(struct standard_check_spec){.path = path, .strict = strict},
                          &findings);
        if (!ok(document != NULL &&
                    names_reason(&findings, negatives[i].rule, negatives[i].words),
                "%s is refused for its reason%s", negatives[i].file,
                strict ? ", strictly" : "")) {
            say(&findings);
        }
        findings_release(&findings);
        document_free(document);
        free(path);
    }
}

static void negatives_are_all_there(const char *shared)
{
    char *folder =
        string_printf("%s/standards/odcs/3.2.0-draft-2026-06-04/negative-tests", shared);
    DIR *files = opendir(folder);
    const struct dirent *file;
    size_t count = 0;
    while (files != NULL && (file = readdir(files)) != NULL) {
        count += string_ends(file->d_name, ".odcs.yaml");
    }
    is_int((long long)count, (long long)(sizeof negatives / sizeof *negatives),
           "every negative test has a row");
    if (files != NULL) {
        closedir(files);
    }
    free(folder);
}

int main(void)
{
    const char *shared = getenv("MWB_SHARED"), *tests = getenv("TESTS_SRCDIR");
    if (shared == NULL) {
        tap_skip("MWB_SHARED is not set: the official verdicts were not compared");
        return tap_done();
    }
    char *path = string_printf("%s/unit/verdicts.argued", tests != NULL ? tests : ".");
    argued = read_all(path);
    verdicts_agree(shared);
    negatives_are_all_there(shared);
    negatives_are_refused(shared, false);
    negatives_are_refused(shared, true);
    free(argued);
    free(path);
    return tap_done();
}
