/* lint/specification: a contract of the Data Contract Specification, whose models, fields
 * and servers are maps: names cannot stand twice, but they can lead to nothing.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <string.h>

enum { MOST_DEPTH = 64 };

static void add_fields(struct lint *lint, const struct document_value *fields, int depth)
{
    lint_names_add_members(&lint->names, fields);
    for (size_t i = 0; i < document_count(fields) && depth < MOST_DEPTH; i++) {
        const char *key;
        const struct document_value *field = document_member(fields, i, &key, NULL);
        while (field != NULL) {
            add_fields(lint, document_get(field, "fields"), depth + 1);
            field = document_get(field, "items");
        }
    }
}

static void add_models(struct lint *lint, const struct document_value *models)
{
    lint_names_add_members(&lint->names, models);
    for (size_t i = 0; i < document_count(models); i++) {
        const char *key;
        const struct document_value *model = document_member(models, i, &key, NULL);
        add_fields(lint, document_get(model, "fields"), 0);
    }
    lint_names_add_members(&lint->names, document_get(lint->root, "definitions"));
    lint_names_sort(&lint->names);
}

/* references: model.field, or field of the same model. */
static void check_reference(struct lint *lint, const struct document_value *fields,
                            const struct document_value *reference)
{
    const struct document_value *models = document_get(lint->root, "models");
    const char *text = document_text(reference);
    if (text == NULL || lint_property(lint, fields, text) != NULL) {
        return;
    }
    for (const char *dot = text; (dot = strchr(dot, '.')) != NULL; dot++) {
        const struct document_value *model =
            lint_names_find(&lint->names, models, text, (size_t)(dot - text));
        if (model != NULL &&
            lint_property(lint, document_get(model, "fields"), dot + 1) != NULL) {
            return;
        }
    }
    lint_tell(lint, reference, true, "reference",
              "%.120s leads to nothing: there is no such model or field", text);
}

/* $ref: #/definitions/NAME; other files and addresses are nobody's business here. */
static void check_definition(struct lint *lint, const struct document_value *reference)
{
    static const char start[] = "#/definitions/";
    const char *text = document_text(reference);
    const struct document_value *definitions = document_get(lint->root, "definitions");
    if (text == NULL || !string_starts(text, start)) {
        return;
    }
    const char *name = text + strlen(start);
    if (lint_names_find(&lint->names, definitions, name, strcspn(name, "/")) == NULL) {
        struct finding *finding = lint_tell(
            lint, reference, true, "reference",
            "%.120s leads to nothing: there is no such definition in this file", text);
        const char *near = finding != NULL && definitions != NULL
                               ? lint_names_nearest(&lint->names, definitions, name)
                               : NULL;
        if (near != NULL) {
            finding_mend(finding, "write %s%s", start, near);
        }
    }
}

static void check_field(struct lint *lint, const struct document_value *fields,
                        const char *name, const struct document_value *field, int depth)
{
    const struct document_value *inner = document_get(field, "fields");
    lint_bounds(lint, field, document_get(field, "enum"));
    lint_tags(lint, field);
    check_reference(lint, fields, document_get(field, "references"));
    check_definition(lint, document_get(field, "$ref"));
    lint_quality(lint, document_get(field, "quality"), &(struct lint_spot){fields, name});
    for (size_t i = 0; i < document_count(inner) && depth < MOST_DEPTH; i++) {
        const char *key;
        const struct document_value *child = document_member(inner, i, &key, NULL);
        check_field(lint, inner, key, child, depth + 1);
    }
    if (document_kind(document_get(field, "items")) == DOCUMENT_MAP &&
        depth < MOST_DEPTH) {
        check_field(lint, fields, name, document_get(field, "items"), depth + 1);
    }
}

static void check_model(struct lint *lint, const struct document_value *model)
{
    const struct document_value *fields = document_get(model, "fields");
    lint_columns(lint, fields, document_get(model, "primaryKey"), "the primary key");
    lint_quality(lint, document_get(model, "quality"), &(struct lint_spot){fields, NULL});
    for (size_t i = 0; i < document_count(fields); i++) {
        const char *key;
        const struct document_value *field = document_member(fields, i, &key, NULL);
        check_field(lint, fields, key, field, 0);
    }
}

/* servicelevels.freshness.timestampField and the like: model.field */
static void check_promises(struct lint *lint, const struct document_value *models)
{
    const struct document_value *levels = document_get(lint->root, "servicelevels");
    static const char *const keys[] = {"timestampField", "sourceTimestampField",
                                       "processedTimestampField"};
    for (size_t i = 0; i < document_count(levels); i++) {
        const char *key;
        const struct document_value *level = document_member(levels, i, &key, NULL);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            lint_element(lint, document_get(level, keys[k]), models, "fields");
        }
    }
}

void lint_specification(struct lint *lint)
{
    const struct document_value *models = document_get(lint->root, "models");
    add_models(lint, models);
    lint_status(lint, document_find(lint->root, "info.status"));
    lint_tags(lint, lint->root);
    for (size_t i = 0; i < document_count(models); i++) {
        const char *key;
        const struct document_value *model = document_member(models, i, &key, NULL);
        check_model(lint, model);
    }
    check_promises(lint, models);
}
