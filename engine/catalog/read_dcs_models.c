/* catalog/read_dcs_models: models, fields and definitions of a Data Contract
 * Specification into the index.
 *
 * Source: datacontract.com, Data Contract Specification 1.2.1. A field with `$ref` is the
 * definition it names, here or in a file beside; what the field says itself comes before
 * that. Addresses are kept, but not followed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/dcs.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* ---- Fields and the definitions behind them ---- */

struct field {
    const struct document_value *own, *definition; /* definition: may be NULL */
    struct document *document;                     /* that it stands in, or NULL */
};

static const struct document_value *field_get(const struct field *field, const char *key)
{
    const struct document_value *value = document_get(field->own, key);
    return value != NULL ? value : document_get(field->definition, key);
}

static const char *field_text(const struct field *field, const char *key)
{
    return document_text(field_get(field, key));
}

static bool field_truth(const struct field *field, const char *key)
{
    return document_truth(field_get(field, key), false);
}

/* Behind `#`: keys, separated by slashes; nothing: all of it. */
static const struct document_value *follow(const struct document_value *from,
                                           const char *path)
{
    while (from != NULL && *path != '\0') {
        path += *path == '/';
        size_t length = strcspn(path, "/");
        char *step = string_copy_bytes(path, length);
        from = length > 0 ? document_get(from, step) : from;
        free(step);
        path += length;
    }
    return from;
}

/* `#/definitions/order_id` (below a domain as 0.9 had it: `#/definitions/a/b`), or the
 * same in a file beside. */
static void find_definition(struct source *source, struct field *field)
{
    const struct document_value *value = document_get(field->own, "$ref");
    const char *reference = document_text(value);
    if (reference == NULL) {
        return;
    }
    const char *hash = strchr(reference, '#');
    struct error err = {0};
    if (hash == reference) {
        field->definition = follow(source->root, hash + 1);
    } else {
        size_t length = hash != NULL ? (size_t)(hash - reference) : strlen(reference);
        char *file = string_copy_bytes(reference, length);
        field->document = source_read_beside(source, source->folder, file, &err);
        field->definition =
            follow(document_root(field->document), hash != NULL ? hash + 1 : "");
        free(file);
    }
    if (field->definition == NULL) {
        bool is_told = err.kind != ERROR_NONE;
        build_problem(source->build, source->path, document_place(value), !is_told,
                      is_told ? "unread-reference" : "unknown-definition",
                      "there is no definition %s%s%s", reference, is_told ? ": " : "",
                      is_told ? err.message : "");
    }
}

/* ---- Lineage ---- */

static void read_lineage(struct source *source, const struct spot *spot,
                         const struct document_value *lineage)
{
    const struct document_value *list = document_get(lineage, "inputFields");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *input = document_item(list, i);
        const char *name = document_get_text(input, "name");
        const char *space = document_get_text(input, "namespace");
        char *from = string_printf("%s%s%s", space != NULL ? space : "",
                                   space != NULL ? "/" : "", name != NULL ? name : "");
        char *how = part_any(document_get(input, "transformations"));
        struct lineage_row row = {
            .contract = spot->contract,
            .object = spot->object,
            .property = spot->property,
            .from_object = name,
            .from_property = document_get_text(input, "field"),
            .source = from,
            .transformation =
                how != NULL ? how : document_get_text(lineage, "transformationType"),
            .description = document_get_text(lineage, "transformationDescription"),
            .line = part_line(input),
            .contract_row = spot->contract_row,
        };
        lineage_insert(source->build, &row);
        free(how);
        free(from);
    }
}

/* ---- Fields ---- */

/* pii: true of older versions is a class of its own. */
static const char *class_of(const struct field *field)
{
    const char *class = field_text(field, "classification");
    return class != NULL ? class : field_truth(field, "pii") ? "PII" : NULL;
}

static int key_place(const struct field *field, const struct document_value *keys,
                     const char *name)
{
    for (size_t i = 0; i < document_count(keys); i++) {
        if (string_equal(document_text(document_item(keys, i)), name)) {
            return (int)i + 1;
        }
    }
    return field_truth(field, "primaryKey") || field_truth(field, "primary") ? 1 : 0;
}

/* One `example` of older versions is a list of one. */
static char *examples_of(const struct field *field)
{
    char *examples = part_any(field_get(field, "examples"));
    const struct document_value *one = field_get(field, "example");
    if (examples == NULL && one != NULL) {
        struct text list = {0};
        text_append_char(&list, '[');
        part_append_json(&list, one);
        text_append_char(&list, ']');
        return text_take(&list);
    }
    return examples;
}

static void insert_field(struct source *source, const struct spot *spot,
                         const struct field *field, int key)
{
    char *examples = examples_of(field);
    const struct document_value *config = field_get(field, "config");
    struct property_row row = {
        .contract = spot->contract,
        .object = spot->object,
        .name = spot->property,
        .depth = spot->depth,
        .logical_type = field_text(field, "type"),
        .physical_type = document_get_text(config, "physicalType"),
        .required = field_truth(field, "required"),
        .is_unique = field_truth(field, "unique"),
        .pk_pos = key,
        .classification = class_of(field),
        .description = field_text(field, "description"),
        .business_name = field_text(field, "title"),
        .line = part_line(field->own),
        .object_row = spot->object_row,
        .position = spot->position,
        .format = field_text(field, "format"),
        .examples = examples,
        .definition = document_get_text(field->own, "$ref"),
    };
    property_insert(source->build, &row);
    free(examples);
}

static void read_field_options(struct source *source, const struct spot *spot,
                               const struct field *field)
{
    static const char *const keys[] = {"minLength",
                                       "maxLength",
                                       "pattern",
                                       "minimum",
                                       "exclusiveMinimum",
                                       "exclusiveMaximum",
                                       "maximum",
                                       "precision",
                                       "scale",
                                       "format",
                                       NULL};
    for (size_t i = 0; keys[i] != NULL; i++) {
        const char *text = field_text(field, keys[i]);
        if (text != NULL) {
            build_insert(source->build, INSERT_OPTION, "sssssl", spot->contract,
                         spot->object, spot->property, keys[i], text, spot->object_row);
        }
    }
    read_enum(source, spot, field_get(field, "enum"));
}

static void read_field_parts(struct source *source, const struct spot *spot,
                             const struct field *field)
{
    struct spot_owner self = spot_owner(spot);
    struct part_owner owner = {self.kind, self.id};
    read_field_options(source, spot, field);
    part_tags(source, owner, field_get(field, "tags"));
    part_links(source, owner, field_get(field, "links"));
    part_settings(source, owner, field_get(field, "config"));
    read_rules(source, spot, field_get(field, "quality"));
    read_reference_text(source, spot, field_get(field, "references"));
    read_lineage(source, spot, field_get(field, "lineage"));
    const char *reference = document_get_text(field->own, "$ref");
    if (reference != NULL) {
        build_insert(source->build, INSERT_AUTHDEF, "ssssni", owner.kind, owner.id,
                     "definition", reference, part_line(field->own));
    }
    free(self.id);
}

static void read_fields(struct source *source, const struct spot *outer,
                        const struct document_value *fields,
                        const struct document_value *keys);

static void read_field(struct source *source, const struct spot *outer, const char *own,
                       const struct document_value *value,
                       const struct document_value *keys)
{
    if (document_kind(value) != DOCUMENT_MAP || outer->depth > MOST_NESTED_DEPTH ||
        !source_counts_field(source, value)) {
        return;
    }
    char *name = outer->property != NULL ? string_printf("%s.%s", outer->property, own)
                                         : string_copy(own);
    struct spot spot = *outer;
    spot.property = name;
    if (strlen(name) > MOST_NAME) {
        free(name);
        return;
    }
    struct field field = {.own = value};
    find_definition(source, &field);
    insert_field(source, &spot, &field, key_place(&field, keys, own));
    read_field_parts(source, &spot, &field);
    spot.depth++;
    spot.position = 0;
    read_fields(source, &spot, field_get(&field, "fields"), NULL);
    read_field(source, &spot, "items", field_get(&field, "items"), NULL);
    read_field(source, &spot, "key", field_get(&field, "keys"), NULL);
    read_field(source, &spot, "value", field_get(&field, "values"), NULL);
    document_free(field.document);
    free(name);
}

static void read_fields(struct source *source, const struct spot *outer,
                        const struct document_value *fields,
                        const struct document_value *keys)
{
    struct spot spot = *outer;
    for (size_t i = 0;
         document_kind(fields) == DOCUMENT_MAP && i < document_count(fields); i++) {
        const char *name;
        const struct document_value *field = document_member(fields, i, &name, NULL);
        spot.position = (int)i + 1;
        read_field(source, &spot, name, field, keys);
    }
}

/* ---- Models ---- */

/* What the model is called on its server, as the command line tools of the standard have
 * it. */
static const char *physical_table(const struct document_value *config)
{
    static const char *const keys[] = {
        "postgresTable", "mysqlTable",     "bigqueryTable",   "redshiftTable",
        "oracleTable",   "snowflakeTable", "databricksTable", "sqlserverTable"};
    const char *name = NULL;
    for (size_t i = 0; name == NULL && i < sizeof keys / sizeof *keys; i++) {
        name = document_get_text(config, keys[i]);
    }
    return name;
}

static void read_model(struct source *source, struct spot *spot, const char *name,
                       const struct document_value *model)
{
    struct object_row row = {
        .contract = spot->contract,
        .name = name,
        .physical_name = physical_table(document_get(model, "config")),
        .physical_type = document_get_text(model, "type"),
        .description = document_get_text(model, "description"),
        .line = part_line(model),
        .contract_row = spot->contract_row,
        .position = spot->position,
        .title = document_get_text(model, "title"),
    };
    spot->object = name;
    spot->property = NULL;
    spot->object_row = object_insert(source->build, source->path, &row);
    struct spot_owner self = spot_owner(spot);
    struct part_owner owner = {self.kind, self.id};
    part_tags(source, owner, document_get(model, "tags"));
    part_links(source, owner, document_get(model, "links"));
    part_settings(source, owner, document_get(model, "config"));
    free(self.id);
    read_rules(source, spot, document_get(model, "quality"));
    spot->depth = 1;
    read_fields(source, spot, document_get(model, "fields"),
                document_get(model, "primaryKey"));
}

void read_dcs_models(struct source *source, struct spot *spot)
{
    const struct document_value *models = document_get(source->root, "models");
    for (size_t i = 0;
         document_kind(models) == DOCUMENT_MAP && i < document_count(models); i++) {
        const char *name;
        const struct document_value *model = document_member(models, i, &name, NULL);
        spot->position = (int)i + 1;
        if (document_kind(model) == DOCUMENT_MAP) {
            read_model(source, spot, name, model);
        }
    }
}

/* ---- Definitions ---- */

static void read_definition(struct source *source, const struct spot *spot,
                            const char *key, const struct document_value *value)
{
    struct field field = {.own = value};
    char *id = string_printf("%s#/definitions/%s", spot->contract, key);
    char *example = examples_of(&field), *details = part_any(value);
    const char *name = document_get_text(value, "name");
    struct definition_row row = {
        .id = id,
        .name = name != NULL ? name : key,
        .domain = document_get_text(value, "domain"),
        .title = document_get_text(value, "title"),
        .type = document_get_text(value, "type"),
        .description = document_get_text(value, "description"),
        .format = document_get_text(value, "format"),
        .pattern = document_get_text(value, "pattern"),
        .classification = class_of(&field),
        .example = example,
        .details = details,
        .line = part_line(value),
        .contract_row = spot->contract_row,
    };
    definition_insert(source, &row);
    struct part_owner owner = {"definition", id};
    part_tags(source, owner, document_get(value, "tags"));
    part_links(source, owner, document_get(value, "links"));
    free(details);
    free(example);
    free(id);
}

void read_dcs_definitions(struct source *source, const struct spot *spot)
{
    const struct document_value *all = document_get(source->root, "definitions");
    for (size_t i = 0; document_kind(all) == DOCUMENT_MAP && i < document_count(all);
         i++) {
        const char *key;
        const struct document_value *value = document_member(all, i, &key, NULL);
        if (document_kind(value) == DOCUMENT_MAP) {
            read_definition(source, spot, key, value);
        }
    }
}
