/* lint: one document through the checks of its standard; findings told once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <stdlib.h>

/* ---- Telling ---- */

/* Has an error at this very place said as much? A value that has the wrong form is not
 * worth a second sentence. */
static bool is_said(const struct lint *lint, struct document_place place,
                    const char *rule)
{
    for (size_t i = 0; i < lint->before; i++) {
        const struct finding *finding = array_at(lint->findings, i);
        if (finding->line == place.line && finding->column == place.column &&
            finding->is_error &&
            (string_equal(finding->rule, rule) ||
             string_equal(finding->rule, "pattern") ||
             string_equal(finding->rule, "enum") ||
             string_equal(finding->rule, "type"))) {
            return true;
        }
    }
    return false;
}

/* A quoted text is cut after so many bytes: what is left of a character goes. Texts of a
 * document are UTF-8, so nothing else can be broken in a sentence. */
static void drop_halves(char *sentence)
{
    char *to = sentence;
    for (const char *from = sentence; *from != '\0';) {
        unsigned char lead = (unsigned char)*from;
        size_t wanted = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
        size_t length = 1;
        while (length < wanted && ((unsigned char)from[length] & 0xC0) == 0x80) {
            length++;
        }
        for (size_t i = 0; i < length && length == wanted; i++) {
            *to++ = from[i];
        }
        from += length;
    }
    *to = '\0';
}

struct finding *lint_tell(struct lint *lint, const struct document_value *at,
                          bool is_error, const char *rule, const char *format, ...)
{
    struct document_place place = document_place(at);
    if (lint->told >= LINT_MOST_FINDINGS) {
        lint->left_out++;
        return NULL;
    }
    if (is_said(lint, place, rule)) {
        return NULL;
    }
    va_list args;
    va_start(args, format);
    lint->told++;
    struct finding *finding = finding_add_args(
        lint->findings, (struct finding_place){lint->path, place.line, place.column},
        is_error, rule, format, args);
    va_end(args);
    drop_halves(finding->sentence);
    return finding;
}

/* ---- Dispatch ---- */

static void check_contract(struct lint *lint)
{
    if (document_get(lint->root, "quantumName") != NULL ||
        document_get(lint->root, "dataset") != NULL) {
        lint_old_contract(lint);
    } else {
        lint_contract(lint);
    }
}

static void (*const checks[STANDARD_COUNT])(struct lint *lint) = {
    [STANDARD_ODPS] = lint_product,         [STANDARD_ODCS] = check_contract,
    [STANDARD_PACKAGE] = lint_package,      [STANDARD_DCS] = lint_specification,
    [STANDARD_DCAT] = lint_dataset_catalog, [STANDARD_DPDS] = lint_descriptor_ports,
};

void lint_document(const struct document_value *root, struct standard_claim claim,
                   const char *path, struct array *findings)
{
    struct lint lint = {.root = root,
                        .claim = claim,
                        .path = path,
                        .findings = findings,
                        .before = findings->count,
                        .names.entries = ARRAY_OF(struct lint_name)};
    if (claim.id >= STANDARD_COUNT || checks[claim.id] == NULL) {
        return;
    }
    checks[claim.id](&lint);
    if (lint.left_out > 0) {
        finding_add(findings, (struct finding_place){path, 1, 1}, false, "too-many",
                    "%zu more findings in this file are left out", lint.left_out);
    }
    lint_names_release(&lint.names);
}
