/* catalog/limits: what a small file could blow up in the index: names, which are written
 * into every row below what they name, and fields, which may be named again and again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <string.h>

#include "engine/text.h"

/* What readers take for names; the keys of maps are names as well. */
static bool names_something(const char *key)
{
    static const char *const keys[] = {
        "id",          "uuid",         "name",           "table",
        "column",      "identifier",   "productID",      "contractId",
        "quantumName", "physicalName", "dataContractId", "fullyQualifiedName",
    };
    for (size_t i = 0; key != NULL && i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* The value that is a name, or has one, that is too long. Documents are 64 deep. */
static const struct document_value *find_long_name(const struct document_value *value,
                                                   const char *key)
{
    const char *text = document_text(value);
    if (text != NULL) {
        return names_something(key) && strlen(text) > MOST_NAME ? value : NULL;
    }
    bool is_map = document_kind(value) == DOCUMENT_MAP;
    const struct document_value *found = NULL;
    for (size_t i = 0; found == NULL && i < document_count(value); i++) {
        const struct document_value *item =
            is_map ? document_member(value, i, &key, NULL) : document_item(value, i);
        found = is_map && strlen(key) > MOST_NAME ? item : find_long_name(item, key);
    }
    return found;
}

bool source_has_short_names(struct source *source)
{
    const struct document_value *found = find_long_name(source->root, NULL);
    if (found != NULL) {
        build_problem(
            source->build, source->path, document_place(found), true, "name-too-long",
            "this name is longer than %d bytes; the file was not read", MOST_NAME);
    }
    return found == NULL;
}

bool source_counts_field(struct source *source, const struct document_value *field)
{
    enum { MOST_FIELDS = 50000 };
    source->fields++;
    if (source->fields == MOST_FIELDS + 1) {
        build_problem(source->build, source->path, document_place(field), true,
                      "too-many-fields",
                      "this file makes more than %d fields, since it names the same "
                      "ones again and again; the rest was left out",
                      MOST_FIELDS);
    }
    return source->fields <= MOST_FIELDS;
}
