/* finding: findings made, put in order and released.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/finding.h"

#include <stdlib.h>
#include <string.h>

#include "engine/secret.h"
#include "engine/text.h"

struct finding *finding_add_args(struct array *findings, struct finding_place place,
                                 bool is_error, const char *rule, const char *format,
                                 va_list args)
{
    struct text sentence = {0};
    text_vprintf(&sentence, format, args);
    secret_redact_text(&sentence); /* it may quote an address */
    struct finding *finding = array_push(findings);
    *finding = (struct finding){
        .path = string_copy(place.path),
        .line = place.line > 0 ? place.line : 1,
        .column = place.column > 0 ? place.column : 1,
        .is_error = is_error,
        .rule = string_copy(rule),
    };
    finding->sentence = text_take(&sentence);
    return finding;
}

struct finding *finding_add(struct array *findings, struct finding_place place,
                            bool is_error, const char *rule, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct finding *finding =
        finding_add_args(findings, place, is_error, rule, format, args);
    va_end(args);
    return finding;
}

void finding_mend_args(struct finding *finding, const char *format, va_list args)
{
    struct text fix = {0};
    if (finding == NULL) {
        return;
    }
    text_vprintf(&fix, format, args);
    free(finding->fix);
    finding->fix = text_take(&fix);
}

void finding_mend(struct finding *finding, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    finding_mend_args(finding, format, args);
    va_end(args);
}

static int compare_findings(const void *a, const void *b)
{
    const struct finding *x = a, *y = b;
    int order = strcmp(x->path, y->path);
    if (order == 0) {
        order = (x->line > y->line) - (x->line < y->line);
    }
    if (order == 0) {
        order = (x->column > y->column) - (x->column < y->column);
    }
    if (order == 0) {
        order = (int)y->is_error - (int)x->is_error;
    }
    return order != 0 ? order : strcmp(x->sentence, y->sentence);
}

void findings_sort(struct array *findings)
{
    if (findings->count > 1) {
        qsort(findings->items, findings->count, findings->item_size, compare_findings);
    }
}

void findings_release(struct array *findings)
{
    for (size_t i = 0; i < findings->count; i++) {
        struct finding *finding = array_at(findings, i);
        free(finding->path);
        free(finding->sentence);
        free(finding->rule);
        free(finding->fix);
    }
    array_release(findings);
}
