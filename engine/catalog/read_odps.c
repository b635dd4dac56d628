/* catalog/read_odps: a Bitol data product (ODPS 0.9 to 1.1) into the index.
 *
 * Source: Open Data Product Standard 1.0.0, bitol.io; the fields that 1.1 adds (type,
 * deprecated, ports with a name only) are taken when they are there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"
#include "engine/catalog/insert.h"

#include <stdlib.h>

#include "engine/text.h"

/* A flag that 1.1 has as a field and 1.0 can say as a custom property only. */
static bool flag_of(const struct document_value *map, const char *field,
                    const char *custom)
{
    return document_truth(document_get(map, field), false) ||
           document_truth(part_custom(map, custom), false);
}

static void read_inputs_of_port(struct source *source, const char *product, long long row,
                                const struct document_value *port)
{
    const struct document_value *list = document_get(port, "inputContracts");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *input = document_item(list, i);
        build_insert(source->build, INSERT_PORT_INPUT, "sssssl", product,
                     document_get_text(port, "name"), document_get_text(port, "version"),
                     document_get_text(input, "id"), document_get_text(input, "version"),
                     row);
    }
}

/* Lists of what the port is made with. */
static void read_sbom(struct source *source, const char *product, long long row,
                      const struct document_value *port)
{
    const struct document_value *list = document_get(port, "sbom");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *type = document_get_text(item, "type");
        build_insert(source->build, INSERT_SBOM, "ssssil", product,
                     document_get_text(port, "name"), type != NULL ? type : "external",
                     document_get_text(item, "url"), part_line(item), row);
    }
}

static void read_port(struct source *source, const char *product, long long row,
                      const char *direction, const struct document_value *port)
{
    const char *name = document_get_text(port, "name");
    const char *type = document_get_text(port, "type");
    if (document_kind(port) != DOCUMENT_MAP) {
        return;
    }
    struct port_row entry = {
        .product = product,
        .dir = direction,
        .name = name,
        .version = document_get_text(port, "version"),
        .type = type != NULL ? type : document_get_text(port, "content"),
        .contract = document_get_text(port, "contractId"),
        .server = document_text(part_custom(port, "server")),
        .pii = flag_of(port, "containsPii", "containsPii"),
        .autoapprove = flag_of(port, "autoApprove", "autoApprove"),
        .deprecated = flag_of(port, "deprecated", "deprecated"),
        .line = part_line(port),
        .product_row = row,
        .description = document_get_text(port, "description"),
        .url = document_get_text(port, "url"),
        .content = document_get_text(port, "content"),
        .channel = document_get_text(port, "channel"),
    };
    port_insert(source, &entry);
    read_inputs_of_port(source, product, row, port);
    read_sbom(source, product, row, port);
    char *id = string_printf("%s/%s", product, name != NULL ? name : "");
    struct part_owner self = {"port", id};
    part_extras(source, self, port);
    part_synonyms(source, self, document_get(port, "synonyms"));
    part_context(source, self, document_get(port, "context"));
    free(id);
}

static void read_ports(struct source *source, const char *product, long long row)
{
    static const struct {
        const char *key, *direction;
    } lists[] = {
        {"inputPorts", "in"},
        {"outputPorts", "out"},
        {"managementPorts", "management"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        const struct document_value *list = document_get(source->root, lists[i].key);
        for (size_t k = 0; k < document_count(list); k++) {
            read_port(source, product, row, lists[i].direction, document_item(list, k));
        }
    }
}

void read_odps(struct source *source)
{
    const struct document_value *root = source->root;
    const struct document_value *description = document_get(root, "description");
    const struct document_value *team = document_get(root, "team");
    const char *type = document_get_text(root, "type");
    const char *id = document_get_text(root, "id");
    const char *owner = id != NULL ? id : source->path;
    struct product_row product = {
        .id = owner,
        .name = document_get_text(root, "name"),
        .domain = document_get_text(root, "domain"),
        .tenant = document_get_text(root, "tenant"),
        .version = document_get_text(root, "version"),
        .status = document_get_text(root, "status"),
        .type = type != NULL ? type : document_text(part_custom(root, "type")),
        .team = part_team_name(team),
        .purpose = document_get_text(description, "purpose"),
        .limitations = document_get_text(description, "limitations"),
        .usage = document_get_text(description, "usage"),
        .description = document_text(description),
        .created = document_get_text(root, "productCreatedTs"),
        .title = document_text(part_custom(root, "title")),
        .deprecated = flag_of(root, "deprecated", "deprecated"),
        .standard = "odps",
        .folder = source->folder,
        .line = part_line(root),
    };
    long long row = product_insert(source->build, source->path, &product);
    struct part_owner self = {"product", owner};
    part_synonyms(source, self, document_get(root, "synonyms"));
    part_context(source, self, document_get(root, "context"));
    part_extras(source, self, description);
    read_ports(source, owner, row);
    part_support(source, self, document_get(root, "support"));
    part_members(source, self, part_team_members(team));
    part_extras(source, self, root);
}
