/* catalog/read_manager: files of Data Mesh Manager and of contract editors around the
 * standards: data products, teams, source systems, business definitions.
 *
 * Source: the example repository of Data Mesh Manager (products, teams, source systems)
 * and the definitions of the Data Contract Editor. Which one it is, the root keys say.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* ---- Products ---- */

/* Their words for the three kinds of products. */
static const char *type_of(const char *archetype)
{
    static const struct {
        const char *word, *type;
    } types[] = {
        {"raw", "sourceAligned"},
        {"source-aligned", "sourceAligned"},
        {"aggregate", "aggregate"},
        {"consumer-aligned", "consumerAligned"},
    };
    for (size_t i = 0; archetype != NULL && i < sizeof types / sizeof *types; i++) {
        if (string_equal(archetype, types[i].word)) {
            return types[i].type;
        }
    }
    return archetype;
}

struct manager_product {
    struct source *source;
    const char *id;
    long long row;
};

static void read_manager_port(const struct manager_product *product, const char *dir,
                              const struct document_value *port)
{
    const char *system = part_either(port, "sourceSystemId", "dataProductId");
    char *details = part_any(port);
    struct port_row row = {
        .product = product->id,
        .dir = dir,
        .name = part_either(port, "id", "name"),
        .version = document_get_text(port, "version"),
        .type = document_get_text(port, "type"),
        .contract = document_get_text(port, "dataContractId"),
        .pii = document_truth(document_get(port, "containsPii"), false),
        .autoapprove = document_truth(document_get(port, "autoApprove"), false),
        .deprecated = string_equal(document_get_text(port, "status"), "deprecated"),
        .description = document_get_text(port, "description"),
        .url = document_get_text(port, "location"),
        .title = document_get_text(port, "name"),
        .source = system,
        .environment = document_get_text(port, "environment"),
        .details = details,
        .line = part_line(port),
        .product_row = product->row,
    };
    port_insert(product->source, &row);
    char *id = string_printf("%s/%s", product->id, row.name != NULL ? row.name : "");
    struct part_owner owner = {"port", id};
    part_tags(product->source, owner, document_get(port, "tags"));
    part_links(product->source, owner, document_get(port, "links"));
    part_settings(product->source, owner, document_get(port, "custom"));
    free(id);
    free(details);
}

static void read_manager_ports(const struct manager_product *product, const char *key,
                               const char *dir)
{
    const struct document_value *list = document_get(product->source->root, key);
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_kind(document_item(list, i)) == DOCUMENT_MAP) {
            read_manager_port(product, dir, document_item(list, i));
        }
    }
}

static void read_manager_product(struct source *source)
{
    const struct document_value *root = source->root;
    const struct document_value *info = document_get(root, "info");
    struct manager_product product = {.source = source,
                                      .id = document_get_text(root, "id")};
    product.id = product.id != NULL ? product.id : source->path;
    struct product_row row = {
        .id = product.id,
        .name = product.id,
        .domain = document_get_text(info, "domain"),
        .version = document_get_text(info, "version"),
        .status = document_get_text(info, "status"),
        .type = type_of(document_get_text(info, "archetype")),
        .team = document_get_text(info, "owner"),
        .title = part_either(info, "title", "name"),
        .description = document_get_text(info, "description"),
        .standard = "manager",
        .folder = source->folder,
        .line = part_line(root),
    };
    product.row = product_insert(source->build, source->path, &row);
    struct part_owner self = {"product", product.id};
    part_tags(source, self, document_get(root, "tags"));
    part_links(source, self, document_get(root, "links"));
    part_settings(source, self, document_get(root, "custom"));
    read_manager_ports(&product, "inputPorts", "in");
    read_manager_ports(&product, "outputPorts", "out");
}

/* ---- Teams and source systems ---- */

static void read_manager_team(struct source *source)
{
    const struct document_value *root = source->root;
    const char *id = document_get_text(root, "id");
    const char *name = document_get_text(root, "name");
    const char *owner = id != NULL ? id : name;
    build_insert(
        source->build, INSERT_TEAM, "ssssssiss", owner, document_get_text(root, "type"),
        document_get_text(root, "domain"), document_get_text(root, "parent"),
        document_text(document_find(root, "links.homepage")),
        part_either(root, "description", "name"), part_line(root), id, source->path);
    const struct document_value *members = document_get(root, "members");
    for (size_t i = 0; i < document_count(members); i++) {
        const struct document_value *member = document_item(members, i);
        build_insert(source->build, INSERT_MEMBER, "sssssnninn", "team", owner,
                     part_either(member, "emailAddress", "username"),
                     document_get_text(member, "name"), document_get_text(member, "role"),
                     part_line(member));
    }
    struct part_owner self = {"team", owner};
    part_tags(source, self, document_get(root, "tags"));
    part_links(source, self, document_get(root, "links"));
    part_settings(source, self, document_get(root, "custom"));
}

static void read_manager_system(struct source *source)
{
    const struct document_value *root = source->root;
    const char *id = document_get_text(root, "id");
    build_insert(source->build, INSERT_SYSTEM, "sssssi", id,
                 document_get_text(root, "name"), document_get_text(root, "owner"),
                 document_get_text(root, "description"), source->path, part_line(root));
    struct part_owner self = {"system", id != NULL ? id : source->path};
    part_tags(source, self, document_get(root, "tags"));
    part_links(source, self, document_get(root, "links"));
    part_settings(source, self, document_get(root, "custom"));
}

/* ---- Business definitions ---- */

/* "fulfillment/sku": the domain and the term. */
static void read_manager_definition(struct source *source,
                                    const struct document_value *term)
{
    const char *name = document_get_text(term, "name");
    size_t cut = 0;
    for (size_t i = 0; name != NULL && name[i] != '\0'; i++) {
        cut = name[i] == '/' ? i : cut;
    }
    char *domain = cut > 0 ? string_copy_bytes(name, cut) : NULL;
    char *details = part_any(term), *examples = part_any(document_get(term, "examples"));
    const char *owner = document_get_text(term, "owner");
    struct definition_row row = {
        .id = name,
        .name = name != NULL && cut > 0 ? name + cut + 1 : name,
        .domain = domain,
        .title = part_either(term, "businessName", "title"),
        .type = part_either(term, "logicalType", "type"),
        .description = document_get_text(term, "description"),
        .url = document_get_text(term, "url"),
        .owner = owner != NULL ? owner : document_text(part_custom(term, "owner")),
        .classification = document_get_text(term, "classification"),
        .example = examples,
        .details = details,
        .line = part_line(term),
    };
    definition_insert(source, &row);
    struct part_owner self = {"definition", name != NULL ? name : source->path};
    part_extras(source, self, term);
    part_synonyms(source, self, document_get(term, "synonyms"));
    free(examples);
    free(details);
    free(domain);
}

static void read_manager_definitions(struct source *source)
{
    const struct document_value *root = source->root;
    if (document_kind(root) == DOCUMENT_MAP) {
        read_manager_definition(source, root);
    }
    for (size_t i = 0; document_kind(root) == DOCUMENT_LIST && i < document_count(root);
         i++) {
        read_manager_definition(source, document_item(root, i));
    }
}

void read_manager(struct source *source)
{
    const struct document_value *root = source->root;
    if (document_get(root, "info") != NULL) {
        read_manager_product(source);
    } else if (document_get(root, "members") != NULL) {
        read_manager_team(source);
    } else if (document_get(root, "owner") != NULL) {
        read_manager_system(source);
    } else {
        read_manager_definitions(source);
    }
}
