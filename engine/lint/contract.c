/* lint/contract: a data contract of the Open Data Contract Standard 3: its objects,
 * properties, keys, servers, roles and promises. References are references.c's.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_DEPTH = 64 };

static const char *const naming[] = {"name", "id", "physicalName", NULL};

/* ---- Names ---- */

static void add_properties(struct lint *lint, const struct document_value *list,
                           int depth)
{
    lint_names_add_list(&lint->names, list, naming);
    for (size_t i = 0; i < document_count(list) && depth < MOST_DEPTH; i++) {
        const struct document_value *property = document_item(list, i);
        while (property != NULL) {
            add_properties(lint, document_get(property, "properties"), depth + 1);
            property = document_get(property, "items");
        }
    }
}

static void add_objects(struct lint *lint, const struct document_value *schema)
{
    lint_names_add_list(&lint->names, schema, naming);
    for (size_t i = 0; i < document_count(schema); i++) {
        add_properties(lint, document_get(document_item(schema, i), "properties"), 0);
    }
    lint_names_sort(&lint->names);
}

/* Whatever is below a property: of a map itself, or of the items of a list. */
static const struct document_value *below(const struct document_value *property)
{
    while (property != NULL) {
        const struct document_value *inner = document_get(property, "properties");
        inner = inner != NULL ? inner : document_get(property, "fields");
        if (inner != NULL) {
            return inner;
        }
        property = document_get(property, "items");
    }
    return NULL;
}

const struct document_value *lint_property(const struct lint *lint,
                                           const struct document_value *properties,
                                           const char *path)
{
    const struct document_value *found =
        lint_names_find(&lint->names, properties, path, strlen(path));
    while (found == NULL && properties != NULL) {
        size_t length = strcspn(path, ".");
        const struct document_value *item =
            lint_names_find(&lint->names, properties, path, length);
        if (item == NULL || path[length] == '\0') {
            return item;
        }
        path += length + 1;
        properties = below(item);
    }
    return found;
}

/* ---- Properties ---- */

static void check_properties(struct lint *lint, const struct document_value *list,
                             const struct document_value *columns, int depth);

static void check_options(struct lint *lint, const struct document_value *property)
{
    const struct document_value *options = document_get(property, "logicalTypeOptions");
    const struct document_value *inner = document_get(property, "properties");
    lint_bounds(lint, options, document_get(property, "enum"));
    if (document_kind(document_get(options, "required")) == DOCUMENT_LIST) {
        lint_columns(lint, inner, document_get(options, "required"), "required");
    }
}

static void check_property(struct lint *lint, const struct document_value *property,
                           const struct document_value *columns, int depth)
{
    const char *name = document_get_text(property, "name");
    struct lint_spot spot = {columns, name != NULL ? name : "items"};
    check_options(lint, property);
    lint_tags(lint, property);
    lint_quality(lint, document_get(property, "quality"), &spot);
    lint_relations(lint, document_get(property, "relationships"));
    check_properties(lint, document_get(property, "properties"), columns, depth + 1);
    if (document_kind(document_get(property, "items")) == DOCUMENT_MAP &&
        depth < MOST_DEPTH) {
        check_property(lint, document_get(property, "items"), columns, depth + 1);
    }
}

static void check_properties(struct lint *lint, const struct document_value *list,
                             const struct document_value *columns, int depth)
{
    static const struct lint_positions keys = {"primaryKey", "primaryKeyPosition",
                                               "primary key"};
    static const struct lint_positions partitions = {
        "partitioned", "partitionKeyPosition", "partition key"};
    lint_named_once(lint, list,
                    (struct lint_once){.key = "name", .what = "the property"});
    lint_positions(lint, list, &keys);
    lint_positions(lint, list, &partitions);
    for (size_t i = 0; i < document_count(list) && depth < MOST_DEPTH; i++) {
        check_property(lint, document_item(list, i), columns, depth);
    }
}

static void check_object(struct lint *lint, const struct document_value *object)
{
    const struct document_value *columns = document_get(object, "properties");
    lint_tags(lint, object);
    lint_quality(lint, document_get(object, "quality"),
                 &(struct lint_spot){columns, NULL});
    lint_relations(lint, document_get(object, "relationships"));
    check_properties(lint, columns, columns, 0);
}

/* ---- Promises ---- */

static void check_promises(struct lint *lint, const struct document_value *schema)
{
    const struct document_value *list = document_get(lint->root, "slaProperties");
    for (size_t i = 0; i < document_count(list); i++) {
        lint_element(lint, document_get(document_item(list, i), "element"), schema,
                     "properties");
    }
    lint_element(lint, document_get(lint->root, "slaDefaultElement"), schema,
                 "properties");
}

/* ---- The contract ---- */

void lint_contract(struct lint *lint)
{
    const struct document_value *root = lint->root;
    const struct document_value *schema = document_get(root, "schema");
    const struct document_value *team = document_get(root, "team");
    add_objects(lint, schema);
    lint_everywhere(lint, root);
    lint_status(lint, document_get(root, "status"));
    lint_tags(lint, root);
    lint_members(lint, document_kind(team) == DOCUMENT_LIST
                           ? team
                           : document_get(team, "members"));
    lint_named_once(lint, schema,
                    (struct lint_once){.key = "name", .what = "the object"});
    lint_named_once(lint, document_get(root, "servers"),
                    (struct lint_once){
                        .key = "server", .second = "environment", .what = "the server"});
    lint_named_once(lint, document_get(root, "roles"),
                    (struct lint_once){.key = "role", .what = "the role"});
    lint_named_once(lint, document_get(root, "customProperties"),
                    (struct lint_once){.key = "property",
                                       .what = "the custom property",
                                       .is_warning = true});
    for (size_t i = 0; i < document_count(schema); i++) {
        check_object(lint, document_item(schema, i));
    }
    check_promises(lint, schema);
}
