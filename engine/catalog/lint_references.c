/* catalog/lint_references: what is wrong though it is valid: things named twice,
 * references that lead nowhere, limits that nothing can meet. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/build.h"
#include "engine/path.h"
#include "engine/text.h"

/* One document and all of them. */
struct tree {
    const struct array *documents; /* of struct lint_document */
    const struct lint_document *here;
    struct lint lint;
    size_t contracts;
};

static const struct document_value *root_of(const struct lint_document *document)
{
    return document_root(document->document);
}

/* ---- Names that stand twice in one list ---- */

/* Items of `list` that have the same texts under `key` (and under `second`, if given). */
static void check_named_once(struct tree *tree, const struct document_value *list,
                             const char *key, const char *second, const char *what)
{
    enum { MOST_COMPARED = 3000 };
    for (size_t i = 1; i < document_count(list) && i < MOST_COMPARED; i++) {
        const struct document_value *item = document_item(list, i);
        const char *name = document_get_text(item, key);
        for (size_t k = 0; name != NULL && k < i; k++) {
            const struct document_value *other = document_item(list, k);
            if (string_equal(name, document_get_text(other, key)) &&
                (second == NULL || string_equal(document_get_text(item, second),
                                                document_get_text(other, second)))) {
                lint_tell(&tree->lint, document_place(item), true, "duplicate",
                          "%s \"%s\" stands on line %d already", what, name,
                          part_line(other));
                break;
            }
        }
    }
}

/* ---- Identities and ports over all files ---- */

/* Does another, earlier document of the same kind claim id and version? */
static void check_identity(struct tree *tree)
{
    const struct document_value *root = root_of(tree->here);
    const char *id = document_get_text(root, "id");
    for (size_t i = 0; id != NULL && i < tree->documents->count; i++) {
        const struct lint_document *other = array_at(tree->documents, i);
        if (other == tree->here) {
            return;
        }
        if (other->kind == tree->here->kind &&
            string_equal(id, document_get_text(root_of(other), "id")) &&
            string_equal(document_get_text(root, "version"),
                         document_get_text(root_of(other), "version"))) {
            lint_tell(&tree->lint, document_place(document_get(root, "id")), true,
                      "duplicate", "the id %s in this version is claimed by %s too", id,
                      other->path);
            return;
        }
    }
}

static bool has_contract(const struct tree *tree, const char *id)
{
    for (size_t i = 0; i < tree->documents->count; i++) {
        const struct lint_document *other = array_at(tree->documents, i);
        if (other->kind == DESCRIPTOR_CONTRACT &&
            string_equal(id, document_get_text(root_of(other), "id"))) {
            return true;
        }
    }
    return false;
}

/* Without any contract among the files nothing can be said about references to them. */
static void check_ports(struct tree *tree, const char *key, const char *what)
{
    const struct document_value *list = document_get(root_of(tree->here), key);
    for (size_t i = 0; tree->contracts > 0 && i < document_count(list); i++) {
        const struct document_value *id =
            document_get(document_item(list, i), "contractId");
        if (document_text(id) != NULL && !has_contract(tree, document_text(id))) {
            lint_tell(&tree->lint, document_place(id), false, "reference",
                      "%s names the contract %s, which is not among the files given",
                      what, document_text(id));
        }
    }
}

static void check_product(struct tree *tree)
{
    const struct document_value *root = root_of(tree->here);
    const struct document_value *outputs = document_get(root, "outputPorts");
    check_named_once(tree, outputs, "name", "version", "the output port");
    check_named_once(tree, document_get(root, "inputPorts"), "name", "version",
                     "the input port");
    check_ports(tree, "outputPorts", "the output port");
    check_ports(tree, "inputPorts", "the input port");
    if (document_count(outputs) == 0) {
        lint_tell(&tree->lint, document_place(root), false, "no-output-port",
                  "the product has no output port, so nobody can use it");
    }
}

/* ---- References inside and between contracts ---- */

static const struct document_value *find_named(const struct document_value *list,
                                               const char *name, size_t length)
{
    static const char *const keys[] = {"name", "id", "physicalName"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        for (size_t i = 0; i < document_count(list); i++) {
            const char *text = document_get_text(document_item(list, i), keys[k]);
            if (text != NULL && strlen(text) == length &&
                memcmp(text, name, length) == 0) {
                return document_item(list, i);
            }
        }
    }
    return NULL;
}

/* `schema/id/properties/id/...` or `table.column` in the contract `root`. */
static bool resolves_in(const struct document_value *root, const char *text)
{
    const struct document_value *list = document_get(root, "schema");
    text += text[0] == '/';
    if (!string_starts(text, "schema/")) {
        const char *dot = strrchr(text, '.');
        const struct document_value *object =
            find_named(list, text, dot != NULL ? (size_t)(dot - text) : strlen(text));
        return dot != NULL && find_named(document_get(object, "properties"), dot + 1,
                                         strlen(dot + 1)) != NULL;
    }
    const struct document_value *item = NULL;
    while (list != NULL &&
           (string_starts(text, "schema/") || string_starts(text, "properties/"))) {
        text = strchr(text, '/') + 1;
        size_t length = strcspn(text, "/");
        item = find_named(list, text, length);
        list = document_get(item, "properties");
        text += length + (text[length] == '/');
    }
    return item != NULL && text[0] == '\0';
}

/* The contract a reference with a file points into. False when the file is not there;
 * *root is NULL when it is, but was not given to be checked. */
static bool find_file(struct tree *tree, const char *text, size_t length,
                      const struct document_value **root)
{
    char *folder = path_folder(tree->here->full != NULL ? tree->here->full : ".");
    char *name = string_copy_bytes(text, length);
    char *joined = path_join(folder, name);
    char *full = path_absolute(joined, NULL);
    *root = NULL;
    for (size_t i = 0; full != NULL && i < tree->documents->count; i++) {
        const struct lint_document *other = array_at(tree->documents, i);
        if (string_equal(full, other->full)) {
            *root = root_of(other);
        }
    }
    bool there = full != NULL || strstr(name, "://") != NULL;
    free(full);
    free(joined);
    free(name);
    free(folder);
    return there;
}

static void check_reference(struct tree *tree, const struct document_value *value)
{
    const char *text = document_text(value);
    if (text == NULL) {
        return;
    }
    const struct document_value *root = root_of(tree->here);
    const char *hash = strchr(text, '#');
    if (hash != NULL && hash > text &&
        !find_file(tree, text, (size_t)(hash - text), &root)) {
        lint_tell(&tree->lint, document_place(value), true, "reference",
                  "the file %.*s is not there", (int)(hash - text), text);
        return;
    }
    if (root != NULL && !resolves_in(root, hash != NULL ? hash + 1 : text)) {
        lint_tell(&tree->lint, document_place(value), true, "reference",
                  "%s leads to nothing: there is no such object or property", text);
    }
}

static void check_side(struct tree *tree, const struct document_value *side)
{
    if (document_kind(side) != DOCUMENT_LIST) {
        check_reference(tree, side);
    }
    for (size_t i = 0; i < document_count(side); i++) {
        check_reference(tree, document_item(side, i));
    }
}

static void check_relations(struct tree *tree, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *relation = document_item(list, i);
        const struct document_value *from = document_get(relation, "from");
        const struct document_value *to = document_get(relation, "to");
        check_side(tree, from);
        check_side(tree, to);
        if (document_kind(from) == DOCUMENT_LIST &&
            document_count(from) != document_count(to)) {
            lint_tell(&tree->lint, document_place(relation), true, "reference",
                      "from has %zu columns and to has %zu; they must be equally many",
                      document_count(from), document_count(to));
        }
    }
}

/* ---- Rules and properties ---- */

static void check_rules(struct tree *tree, const struct document_value *list)
{
    static const char *const ranges[] = {"mustBeBetween", "mustNotBeBetween"};
    for (size_t i = 0; i < document_count(list); i++) {
        for (size_t r = 0; r < 2; r++) {
            const struct document_value *range =
                document_get(document_item(list, i), ranges[r]);
            if (document_count(range) == 2 &&
                document_number(document_item(range, 0), 0) >
                    document_number(document_item(range, 1), 0)) {
                lint_tell(&tree->lint, document_place(range), false, "range",
                          "the lower end of %s is above the upper one", ranges[r]);
            }
        }
    }
}

static void check_properties(struct tree *tree, const struct document_value *list,
                             int depth)
{
    enum { MOST_DEPTH = 30 };
    check_named_once(tree, list, "name", NULL, "the property");
    check_named_once(tree, list, "id", NULL, "the id");
    for (size_t i = 0; i < document_count(list) && depth < MOST_DEPTH; i++) {
        const struct document_value *property = document_item(list, i);
        check_rules(tree, document_get(property, "quality"));
        check_relations(tree, document_get(property, "relationships"));
        check_properties(tree, document_get(property, "properties"), depth + 1);
    }
}

static void check_contract(struct tree *tree)
{
    const struct document_value *root = root_of(tree->here);
    const struct document_value *schema = document_get(root, "schema");
    check_named_once(tree, schema, "name", NULL, "the object");
    check_named_once(tree, schema, "id", NULL, "the id");
    check_named_once(tree, document_get(root, "servers"), "server", "environment",
                     "the server");
    for (size_t i = 0; i < document_count(schema); i++) {
        const struct document_value *object = document_item(schema, i);
        check_rules(tree, document_get(object, "quality"));
        check_relations(tree, document_get(object, "relationships"));
        check_properties(tree, document_get(object, "properties"), 0);
    }
}

/* ---- Data Packages ---- */

static bool has_field(const struct document_value *resource, const char *name)
{
    const struct document_value *fields = document_find(resource, "schema.fields");
    return fields == NULL || find_named(fields, name, strlen(name)) != NULL;
}

static void check_key_fields(struct tree *tree, const struct document_value *resource,
                             const struct document_value *key)
{
    size_t count = document_kind(key) == DOCUMENT_LIST ? document_count(key) : 1;
    for (size_t i = 0; i < count; i++) {
        const struct document_value *item =
            document_kind(key) == DOCUMENT_LIST ? document_item(key, i) : key;
        if (document_text(item) != NULL && !has_field(resource, document_text(item))) {
            lint_tell(&tree->lint, document_place(item), true, "reference",
                      "the key names the field %s, which the schema has not",
                      document_text(item));
        }
    }
}

static void check_foreign_keys(struct tree *tree, const struct document_value *resources,
                               const struct document_value *resource)
{
    const struct document_value *keys = document_find(resource, "schema.foreignKeys");
    for (size_t i = 0; i < document_count(keys); i++) {
        const struct document_value *key = document_item(keys, i);
        const struct document_value *name = document_find(key, "reference.resource");
        const char *text = document_text(name);
        const struct document_value *target =
            text == NULL || text[0] == '\0' ? resource
                                            : find_named(resources, text, strlen(text));
        check_key_fields(tree, resource, document_get(key, "fields"));
        if (target == NULL) {
            lint_tell(&tree->lint, document_place(name), true, "reference",
                      "there is no resource %s to refer to", text);
        } else {
            check_key_fields(tree, target, document_find(key, "reference.fields"));
        }
    }
}

static void check_file(struct tree *tree, const struct document_value *path)
{
    const char *text = document_text(path);
    if (text == NULL || !path_is_safe(text)) {
        return;
    }
    char *folder = path_folder(tree->here->path);
    char *full = path_join(folder, text);
    if (access(full, F_OK) != 0) {
        lint_tell(&tree->lint, document_place(path), false, "missing-file",
                  "the file %s is not there", text);
    }
    free(full);
    free(folder);
}

static void check_package(struct tree *tree)
{
    const struct document_value *resources =
        document_get(root_of(tree->here), "resources");
    check_named_once(tree, resources, "name", NULL, "the resource");
    for (size_t i = 0; i < document_count(resources); i++) {
        const struct document_value *resource = document_item(resources, i);
        const struct document_value *path = document_get(resource, "path");
        check_named_once(tree, document_find(resource, "schema.fields"), "name", NULL,
                         "the field");
        check_key_fields(tree, resource, document_find(resource, "schema.primaryKey"));
        check_foreign_keys(tree, resources, resource);
        check_file(tree, path);
        for (size_t k = 0; k < document_count(path); k++) {
            check_file(tree, document_item(path, k));
        }
    }
}

void lint_references(const struct array *documents, struct array *problems)
{
    struct tree tree = {.documents = documents, .lint = {.problems = problems}};
    for (size_t i = 0; i < documents->count; i++) {
        const struct lint_document *document = array_at(documents, i);
        tree.contracts += document->kind == DESCRIPTOR_CONTRACT;
    }
    for (size_t i = 0; i < documents->count; i++) {
        tree.here = array_at(documents, i);
        tree.lint.path = tree.here->path;
        if (tree.here->kind == DESCRIPTOR_PACKAGE) {
            check_package(&tree);
            continue;
        }
        check_identity(&tree);
        if (tree.here->kind == DESCRIPTOR_PRODUCT) {
            check_product(&tree);
        } else {
            check_contract(&tree);
        }
    }
}
