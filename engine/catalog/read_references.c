/* catalog/read_references: what a contract says of other tables: relationships and
 * lineage.
 *
 * Source: Open Data Contract Standard 3.2, bitol.io, sections References and
 * Relationships: `table.column`, or `[file#][/]schema/<id>/properties/<id>`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

struct reference {
    char *file;   /* descriptor it points into, relative to the mesh, or NULL */
    char *object; /* name or id */
    char *column;
};

static struct reference parse_reference(struct source *source, const char *text)
{
    struct reference reference = {0};
    const char *hash = strchr(text, '#');
    if (hash != NULL) {
        char *name = string_copy_bytes(text, (size_t)(hash - text));
        reference.file = hash > text ? path_beside(source->folder, name) : NULL;
        text = hash + 1;
        free(name);
    }
    text += text[0] == '/';
    if (string_starts(text, "schema/")) {
        text += strlen("schema/");
        size_t length = strcspn(text, "/");
        reference.object = string_copy_bytes(text, length);
        text += length;
        if (string_starts(text, "/properties/")) {
            reference.column = string_copy(text + strlen("/properties/"));
        }
        return reference;
    }
    const char *dot = strrchr(text, '.');
    reference.object =
        string_copy_bytes(text, dot != NULL ? (size_t)(dot - text) : strlen(text));
    reference.column = dot != NULL ? string_copy(dot + 1) : NULL;
    return reference;
}

static void reference_release(struct reference *reference)
{
    free(reference->file);
    free(reference->object);
    free(reference->column);
}

/* A side of a relationship is a text or a list of texts. */
static int side_count(const struct document_value *side)
{
    return document_kind(side) == DOCUMENT_LIST ? (int)document_count(side)
                                                : document_text(side) != NULL;
}

static const char *side_text(const struct document_value *side, int index)
{
    return document_text(
        document_kind(side) == DOCUMENT_LIST ? document_item(side, (size_t)index) : side);
}

/* Its columns without their table. */
static char *columns_of(struct source *source, const struct document_value *side)
{
    struct text columns = {0};
    for (int i = 0; i < side_count(side); i++) {
        const char *text = side_text(side, i);
        if (text != NULL) {
            struct reference reference = parse_reference(source, text);
            text_append(&columns, columns.length > 0 ? "," : "");
            text_append(&columns,
                        reference.column != NULL ? reference.column : reference.object);
            reference_release(&reference);
        }
    }
    return text_take(&columns);
}

static void insert_relation(struct source *source, const struct spot *spot,
                            const struct document_value *from,
                            const struct document_value *to, struct relation_row *row)
{
    if (side_text(to, 0) == NULL) {
        return;
    }
    struct reference target = parse_reference(source, side_text(to, 0));
    char *to_columns = columns_of(source, to);
    bool is_of_property = spot->property != NULL;
    char *from_columns =
        is_of_property ? string_copy(spot->property) : columns_of(source, from);
    row->contract = spot->contract;
    row->object = spot->object;
    row->from_cols = from_columns;
    row->to_object = target.object;
    row->to_cols = to_columns;
    row->to_file = target.file;
    row->level = is_of_property ? "property" : "object";
    row->from_count = is_of_property ? 1 : side_count(from);
    row->to_count = side_count(to);
    row->contract_row = spot->contract_row;
    relation_insert(source->build, row);
    free(from_columns);
    free(to_columns);
    reference_release(&target);
}

void read_relations(struct source *source, const struct spot *spot,
                    const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *relation = document_item(list, i);
        const char *type = document_get_text(relation, "type");
        struct relation_row row = {
            .type = type != NULL ? type : "foreignKey",
            .anchor = document_get_text(relation, "id"),
            .description = document_get_text(relation, "description"),
            .line = part_line(relation),
        };
        insert_relation(source, spot, document_get(relation, "from"),
                        document_get(relation, "to"), &row);
    }
}

void read_reference_text(struct source *source, const struct spot *spot,
                         const struct document_value *target)
{
    struct relation_row row = {.type = "foreignKey", .line = part_line(target)};
    insert_relation(source, spot, NULL, target, &row);
}

void read_transform(struct source *source, const struct spot *spot,
                    const struct document_value *property)
{
    const struct document_value *list = document_get(property, "transformSourceObjects");
    if (list == NULL) { /* 2.2 */
        list = document_get(property, "transformSourceTables");
    }
    for (int i = 0; i < side_count(list); i++) {
        const char *text = side_text(list, i);
        if (text != NULL) {
            struct lineage_row row = {
                .contract = spot->contract,
                .object = spot->object,
                .property = spot->property,
                .from_object = text,
                .source = text,
                .transformation = document_get_text(property, "transformLogic"),
                .description = document_get_text(property, "transformDescription"),
                .line = part_line(document_kind(list) == DOCUMENT_LIST
                                      ? document_item(list, (size_t)i)
                                      : list),
                .contract_row = spot->contract_row,
            };
            lineage_insert(source->build, &row);
        }
    }
}
