/* lint/references: relationships of a contract: both sides equally long, and leading to
 * something. What lies in another file is looked for in the index of the mesh.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lint/private.h"

#include <stdlib.h>
#include <string.h>

static const struct document_value *properties_of(const struct document_value *item)
{
    const struct document_value *list = document_get(item, "properties");
    while (list == NULL && item != NULL) {
        item = document_get(item, "items");
        list = document_get(item, "properties");
    }
    return list;
}

/* schema/ORDERS/properties/ID/properties/... : names or ids. */
static bool resolves_path(const struct lint *lint, const char *text)
{
    const struct document_value *list = document_get(lint->root, "schema"), *item = NULL;
    while (list != NULL &&
           (string_starts(text, "schema/") || string_starts(text, "properties/"))) {
        text = strchr(text, '/') + 1;
        size_t length = strcspn(text, "/");
        item = lint_names_find(&lint->names, list, text, length);
        list = properties_of(item);
        text += length + (text[length] == '/');
    }
    return item != NULL && text[0] == '\0';
}

/* table.column, table.column.part; the name of a table may have dots of its own. */
static bool resolves_short(const struct lint *lint, const char *text)
{
    const struct document_value *schema = document_get(lint->root, "schema");
    for (const char *dot = text; (dot = strchr(dot, '.')) != NULL; dot++) {
        const struct document_value *object =
            lint_names_find(&lint->names, schema, text, (size_t)(dot - text));
        if (object != NULL &&
            lint_property(lint, document_get(object, "properties"), dot + 1) != NULL) {
            return true;
        }
    }
    return false;
}

static void suggest(struct lint *lint, struct finding *finding, const char *text)
{
    const struct document_value *schema = document_get(lint->root, "schema");
    const char *dot = strrchr(text, '.');
    if (finding == NULL || dot == NULL || string_starts(text, "schema/")) {
        return;
    }
    const struct document_value *object =
        lint_names_find(&lint->names, schema, text, (size_t)(dot - text));
    char *own = string_copy_bytes(text, (size_t)(dot - text));
    const char *near =
        object != NULL ? lint_names_nearest(&lint->names, properties_of(object), dot + 1)
                       : lint_names_nearest(&lint->names, schema, own);
    if (near != NULL && object != NULL) {
        finding_mend(finding, "write %s.%s", own, near);
    } else if (near != NULL) {
        finding_mend(finding, "write %s.%s", near, dot + 1);
    }
    free(own);
}

static void check_reference(struct lint *lint, const struct document_value *value)
{
    const char *text = document_text(value);
    const char *hash = text != NULL ? strchr(text, '#') : NULL;
    if (text == NULL || (hash != NULL && hash > text)) {
        return;
    }
    const char *inner = hash != NULL ? hash + 1 : text;
    inner += inner[0] == '/';
    bool found = string_starts(inner, "schema/") ? resolves_path(lint, inner)
                                                 : resolves_short(lint, inner);
    if (!found) {
        suggest(lint,
                lint_tell(lint, value, true, "reference",
                          "%.120s leads to nothing: there is no such object or property",
                          text),
                inner);
    }
}

static void check_side(struct lint *lint, const struct document_value *side)
{
    if (document_kind(side) != DOCUMENT_LIST) {
        check_reference(lint, side);
    }
    for (size_t i = 0; document_kind(side) == DOCUMENT_LIST && i < document_count(side);
         i++) {
        check_reference(lint, document_item(side, i));
    }
}

static size_t length_of(const struct document_value *side)
{
    return document_kind(side) == DOCUMENT_LIST ? document_count(side) : 1;
}

void lint_relations(struct lint *lint, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *relation = document_item(list, i);
        const struct document_value *from = document_get(relation, "from");
        const struct document_value *to = document_get(relation, "to");
        check_side(lint, from);
        check_side(lint, to);
        if (from != NULL && to != NULL && length_of(from) != length_of(to)) {
            lint_tell(lint, relation, true, "unequal-keys",
                      "from has %zu columns and to has %zu; they must be equally many",
                      length_of(from), length_of(to));
        }
    }
}
