/* catalog/read_dpds: a data product of the Data Product Descriptor Specification 1.0 into
 * the index: what it is, its ports, and what they promise.
 *
 * Source: dpds.opendatamesh.org, specification 1.0.0. Ports may stand in files of their
 * own, named by `$ref`; those beside the descriptor are read. There, a port is found by
 * its own fields, or in a descriptor of one port.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "engine/catalog/insert.h"
#include "engine/path.h"
#include "engine/text.h"

enum { MOST_PORTS = 1000, MOST_PROMISE_DEPTH = 4 };

struct descriptor_of {
    struct source *source;
    const char *id;
    long long product_row;
    int ports;
};

static const struct port_list {
    const char *key, *dir, *content;
} port_lists[] = {
    {"inputPorts", "in", NULL},
    {"outputPorts", "out", NULL},
    {"discoveryPorts", "management", "discoverability"},
    {"observabilityPorts", "management", "observability"},
    {"controlPorts", "management", "control"},
};

/* ---- Promises, expectations, obligations ---- */

struct promise {
    const char *port, *kind;
};

/* Maps are taken apart to a depth worth reading; below, and lists, they are JSON. */
static void read_promise(struct descriptor_of *product, const struct promise *promise,
                         const char *name, const struct document_value *value, int depth)
{
    if (document_kind(value) == DOCUMENT_MAP && depth < MOST_PROMISE_DEPTH) {
        for (size_t i = 0; i < document_count(value); i++) {
            const char *key;
            const struct document_value *member = document_member(value, i, &key, NULL);
            char *below =
                name != NULL ? string_printf("%s.%s", name, key) : string_copy(key);
            read_promise(product, promise, below, member, depth + 1);
            free(below);
        }
        return;
    }
    char *text = part_any(value);
    if (text != NULL && name != NULL) {
        build_insert(product->source->build, INSERT_PROMISE, "sssssil", product->id,
                     promise->port, promise->kind, name, text, part_line(value),
                     product->product_row);
    }
    free(text);
}

static void read_port_promises(struct descriptor_of *product, const char *port,
                               const struct document_value *value)
{
    static const char *const kinds[] = {"promises", "expectations", "obligations", NULL};
    for (size_t i = 0; kinds[i] != NULL; i++) {
        struct promise promise = {port, kinds[i]};
        read_promise(product, &promise, NULL, document_get(value, kinds[i]), 0);
    }
}

/* ---- Ports ---- */

static void insert_dpds_port(struct descriptor_of *product, const struct port_list *list,
                             const struct document_value *port,
                             const struct document_value *mention)
{
    static const char *const services[] = {"promises.serviceType",
                                           "promises.api.specification", NULL};
    const char *type = document_get_text(port, "entityType");
    const char *name = part_either(port, "name", "fullyQualifiedName");
    const char *prose = document_get_text(port, "description");
    for (size_t i = 0; type == NULL && services[i] != NULL; i++) {
        type = document_text(document_find(port, services[i]));
    }
    char *details = part_any(port);
    struct port_row row = {
        .product = product->id,
        .dir = list->dir,
        .name = name != NULL ? name : document_get_text(mention, "$ref"),
        .version = document_get_text(port, "version"),
        .type = type,
        .description = prose != NULL ? prose : document_get_text(mention, "description"),
        .content = list->content,
        .title = document_get_text(port, "displayName"),
        .details = details,
        .deprecated = document_truth(document_get(port, "deprecated"), false),
        .line = part_line(mention),
        .product_row = product->product_row,
    };
    port_insert(product->source, &row);
    char *id = string_printf("%s/%s", product->id, row.name != NULL ? row.name : "");
    part_tags(product->source, (struct part_owner){"port", id},
              document_get(port, "tags"));
    free(id);
    read_port_promises(product, row.name, port);
    free(details);
}

/* The port in a file of its own: the file itself, or the one in the same list there. */
static const struct document_value *port_in(const struct document_value *root,
                                            const char *key)
{
    const struct document_value *list =
        document_get(document_get(root, "interfaceComponents"), key);
    return list != NULL ? document_item(list, 0) : root;
}

static void read_referred_port(struct descriptor_of *product,
                               const struct port_list *list,
                               const struct document_value *port)
{
    struct source *source = product->source;
    const struct document_value *reference = document_get(port, "$ref");
    struct error err = {0};
    struct document *document =
        source_read_beside(source, source->folder, document_text(reference), &err);
    if (document == NULL) {
        build_problem(source->build, source->path, document_place(reference), false,
                      "unread-reference", "the port is at %s: %s",
                      document_text(reference), err.message);
        insert_dpds_port(product, list, port, port);
        return;
    }
    insert_dpds_port(product, list, port_in(document_root(document), list->key), port);
    document_free(document);
}

static void read_dpds_ports(struct descriptor_of *product)
{
    const struct document_value *all =
        document_get(product->source->root, "interfaceComponents");
    for (size_t i = 0; i < sizeof port_lists / sizeof *port_lists; i++) {
        const struct document_value *list = document_get(all, port_lists[i].key);
        for (size_t k = 0; k < document_count(list); k++) {
            const struct document_value *port = document_item(list, k);
            if (document_kind(port) != DOCUMENT_MAP || product->ports++ >= MOST_PORTS) {
                continue;
            }
            if (document_get_text(port, "$ref") != NULL) {
                read_referred_port(product, &port_lists[i], port);
            } else {
                insert_dpds_port(product, &port_lists[i], port, port);
            }
        }
    }
}

/* ---- The product ---- */

static void read_contact_points(struct source *source, struct part_owner owner,
                                const struct document_value *info)
{
    const struct document_value *list = document_get(info, "contactPoints");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *point = document_item(list, i);
        const char *name = document_get_text(point, "name");
        const char *address = document_get_text(point, "address");
        build_insert(source->build, INSERT_SUPPORT, "sssssnsin", owner.kind, owner.id,
                     name != NULL ? name : address, address,
                     document_get_text(point, "channel"),
                     document_get_text(point, "description"), part_line(point));
    }
    const struct document_value *person = document_get(info, "owner");
    const char *id = document_get_text(person, "id");
    if (id != NULL) {
        build_insert(source->build, INSERT_MEMBER, "sssssnninn", owner.kind, owner.id, id,
                     document_get_text(person, "name"), "owner", part_line(person));
    }
}

/* The last part of `urn:...:dataproducts:trips:1`, before its number. */
static char *name_in_urn(const char *urn)
{
    const char *at = urn != NULL ? strstr(urn, ":dataproducts:") : NULL;
    if (at == NULL) {
        return NULL;
    }
    at += strlen(":dataproducts:");
    return string_copy_bytes(at, strcspn(at, ":"));
}

void read_dpds(struct source *source)
{
    const struct document_value *info = document_get(source->root, "info");
    const char *urn = document_get_text(info, "fullyQualifiedName");
    const char *id = urn != NULL ? urn : document_get_text(info, "id");
    const char *name = document_get_text(info, "name");
    const char *owner = document_text(document_find(info, "owner.name"));
    char *made = name_in_urn(urn);
    struct descriptor_of product = {.source = source,
                                    .id = id != NULL ? id : source->path};
    struct product_row row = {
        .id = product.id,
        .name = name != NULL ? name : made,
        .domain = document_get_text(info, "domain"),
        .version = document_get_text(info, "version"),
        .team = owner != NULL ? owner : document_text(document_find(info, "owner.id")),
        .title = document_get_text(info, "displayName"),
        .description = document_get_text(info, "description"),
        .standard = "dpds",
        .folder = source->folder,
        .line = part_line(source->root),
    };
    product.product_row = product_insert(source->build, source->path, &row);
    struct part_owner self = {"product", product.id};
    read_contact_points(source, self, info);
    part_tags(source, self, document_get(source->root, "tags"));
    part_tags(source, self, document_get(info, "tags"));
    read_dpds_ports(&product);
    free(made);
}
