/* Fuzzing of standard_validate() and standard_fields(): the first line is a path of
 * fields, the rest a descriptor. It is checked against the version it declares and
 * against others, strictly and not, and what comes back must keep what standard.h
 * promises. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "engine/finding.h"
#include "engine/standard.h"
#include "engine/text.h"
#include "tests/fuzz/fuzz.h"

static void must_be_told_well(const struct array *findings, bool strict, bool holds)
{
    bool has_error = false;
    for (size_t i = 0; i < findings->count; i++) {
        const struct finding *finding = array_at(findings, i);
        has_error |= finding->is_error;
        fuzz_must(finding->rule[0] != '\0' && finding->sentence[0] != '\0',
                  "every finding has a rule and a sentence");
        fuzz_must(strlen(finding->sentence) < 8000, "a sentence is of bounded length");
        fuzz_must(strpbrk(finding->sentence, "\x1b\n\r\t") == NULL,
                  "a sentence is one safe line");
        fuzz_must(finding->fix == NULL || finding->fix[0] != '\0',
                  "a fix says something");
        fuzz_must(!strict || finding->is_error, "strict checking warns of nothing");
    }
    fuzz_must(has_error == !holds, "what does not hold has an error");
}

static bool check(const struct document_value *root, int version, bool strict)
{
    struct array findings = ARRAY_OF(struct finding);
    bool holds =
        standard_validate(root,
                          &(struct standard_check_spec){
                              .path = "input", .strict = strict, .version = version},
                          &findings);
    must_be_told_well(&findings, strict, holds);
    findings_release(&findings);
    return holds;
}

static void ask_for_fields(const char *path)
{
    static const int versions[] = {0, 900, 10000, 20202, 30000, 30200};
    for (int id = STANDARD_UNKNOWN; id < STANDARD_COUNT; id++) {
        for (size_t i = 0; i < sizeof versions / sizeof *versions; i++) {
            struct array fields = ARRAY_OF(struct standard_field_info);
            bool found =
                standard_fields((enum standard_id)id, versions[i], path, &fields);
            fuzz_must(found || fields.count == 0, "no path, no fields");
            for (size_t k = 0; k < fields.count; k++) {
                const struct standard_field_info *info = array_at(&fields, k);
                fuzz_must(info->name != NULL && info->type != NULL &&
                              info->meaning != NULL,
                          "a field has a name, a type and a meaning");
            }
            array_release(&fields);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    static const int versions[] = {0, 900, 10000, 20202, 30000, 30100, 30200};
    double since = fuzz_clock();
    char *text = string_copy_bytes((const char *)bytes, length), *rest = text;
    const char *path = strsep(&rest, "\n");
    ask_for_fields(path);
    struct document_place place;
    struct error err = {0};
    struct document *document =
        rest != NULL ? document_parse(rest, strlen(rest), DOCUMENT_YAML, &place, &err)
                     : NULL;
    for (size_t i = 0; document != NULL && i < sizeof versions / sizeof *versions; i++) {
        check(document_root(document), versions[i], true);
        check(document_root(document), versions[i], false);
    }
    document_free(document);
    free(text);
    fuzz_must_be_quick(since);
    return 0;
}
