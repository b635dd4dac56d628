/* diff/lines: where the fields of a contract and of a product stand. The index knows one
 * line for each of them only, that of its start, so the descriptor is looked at again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>

#include "engine/document.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { MOST_DESCRIPTORS = 200, MOST_PLACES = 3 };

/* Where each standard writes it; the first that is there counts. */
static const struct {
    const char *field, *places[MOST_PLACES];
} fields[] = {
    {"id", {"id"}},
    {"name", {"name", "info.title"}},
    {"version", {"version", "info.version"}},
    {"apiVersion", {"apiVersion", "dataContractSpecification"}},
    {"status", {"status", "info.status"}},
    {"domain", {"domain", "info.domain"}},
    {"tenant", {"tenant"}},
    {"type", {"type"}},
    {"title", {"title", "info.title"}},
    {"purpose", {"description.purpose", "info.description", "description"}},
    {"limitations", {"description.limitations", "terms.limitations"}},
    {"usage", {"description.usage", "terms.usage"}},
    {"description", {"description", "info.description"}},
    {"team", {"team.name", "info.owner"}},
    {"price", {"price.priceAmount"}},
    {"priceCurrency", {"price.priceCurrency"}},
    {"priceUnit", {"price.priceUnit"}},
    {"noticePeriod", {"terms.noticePeriod"}},
    {"deprecated", {"deprecated"}},
};

static int line_of(const struct document_value *root, const char *field)
{
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        for (size_t k = 0; string_equal(fields[i].field, field) && k < MOST_PLACES &&
                           fields[i].places[k] != NULL;
             k++) {
            const struct document_value *value = document_find(root, fields[i].places[k]);
            if (value != NULL) {
                return document_place(value).line;
            }
        }
    }
    return 0;
}

static void place_node(const struct catalog *catalog, struct diff_node *node)
{
    char *path = catalog_file(catalog, node->file);
    struct document_place place;
    struct error err = {0};
    struct document *document = document_read(path, &place, &err);
    for (size_t i = 0; document != NULL && i < node->fields.count; i++) {
        struct diff_field *field = array_at(&node->fields, i);
        field->line = line_of(document_root(document), field->name);
    }
    document_free(document);
    free(path);
}

void diff_place_fields(const struct diff_side *side, struct diff_node *root)
{
    for (size_t i = 0; i < root->children.count && i < MOST_DESCRIPTORS; i++) {
        struct diff_node *node = *(struct diff_node **)array_at(&root->children, i);
        /* A catalog of many has one line 1, and none of these fields at its top. */
        if (node->file != NULL && !node->is_made) {
            place_node(side->catalog, node);
        }
    }
}
