/* catalog/read_terms: servers, promises, roles, options and allowed values of a contract.
 *
 * Source: Open Data Contract Standard 3.2, bitol.io. `${NAME}` stays as written.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

struct spot_owner spot_owner(const struct spot *spot)
{
    if (spot->object == NULL) {
        return (struct spot_owner){"contract", string_copy(spot->contract)};
    }
    if (spot->property == NULL) {
        return (struct spot_owner){"object",
                                   string_printf("%s/%s", spot->contract, spot->object)};
    }
    return (struct spot_owner){"property", string_printf("%s/%s/%s", spot->contract,
                                                         spot->object, spot->property)};
}

/* ---- Servers ---- */

/* Where a server is, in one line: a path, a URL, or host:port/database.schema. */
static char *location_of(const struct document_value *server)
{
    static const char *const places[] = {"path", "location", "endpointUrl", NULL};
    for (size_t i = 0; places[i] != NULL; i++) {
        const char *place = document_get_text(server, places[i]);
        if (place != NULL) {
            return string_copy(place);
        }
    }
    static const struct {
        const char *key, *before;
    } steps[] = {{"account", ""},  {"host", ""},         {"port", ":"},
                 {"project", "/"}, {"catalog", "/"},     {"database", "/"},
                 {"dataset", "/"}, {"serviceName", "/"}, {"schema", "."},
                 {"topic", "/"},   {"table", "."}};
    struct text place = {0};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const char *part = document_get_text(server, steps[i].key);
        if (part != NULL) {
            text_append(&place, place.length > 0 ? steps[i].before : "");
            text_append(&place, part);
        }
    }
    return place.length > 0 ? text_take(&place) : NULL;
}

static const char *text_or_custom(const struct document_value *map, const char *key)
{
    const char *text = document_get_text(map, key);
    return text != NULL ? text : document_text(part_custom(map, key));
}

/* Roles are names, or maps with a name. */
static char *roles_of(const struct document_value *list)
{
    struct text names = {0};
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *name = document_kind(item) == DOCUMENT_MAP
                               ? part_either(item, "role", "name")
                               : document_text(item);
        if (name != NULL) {
            text_append(&names, names.length > 0 ? ", " : "");
            text_append(&names, name);
        }
    }
    return names.length > 0 ? text_take(&names) : NULL;
}

void read_server(struct source *source, const struct spot *spot, const char *name,
                 const struct document_value *server)
{
    if (document_kind(server) != DOCUMENT_MAP) {
        return;
    }
    name = name != NULL ? name : document_get_text(server, "server");
    char *location = location_of(server), *details = part_any(server);
    char *roles = roles_of(document_get(server, "roles"));
    const char *word = text_or_custom(server, "delimiter");
    char delimiter[2] = "";
    if (word != NULL && catalog_sign_of(word, delimiter)) {
        word = delimiter;
    }
    struct server_row row = {
        .contract = spot->contract,
        .name = name,
        .type = document_get_text(server, "type"),
        .environment = document_get_text(server, "environment"),
        .location = location,
        .format = document_get_text(server, "format"),
        .encoding = text_or_custom(server, "encoding"),
        .description = document_get_text(server, "description"),
        .delimiter = word,
        .details = details,
        .roles = roles,
        .line = part_line(server),
        .contract_row = spot->contract_row,
    };
    server_insert(source->build, &row);
    char *id = string_printf("%s/%s", spot->contract, name != NULL ? name : "");
    part_customs(source, (struct part_owner){"server", id},
                 document_get(server, "customProperties"));
    free(id);
    free(roles);
    free(details);
    free(location);
}

void read_servers(struct source *source, const struct spot *spot,
                  const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        read_server(source, spot, NULL, document_item(list, i));
    }
}

/* ---- Promises, access ---- */

void read_promises(struct source *source, const struct spot *spot,
                   const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *sla = document_item(list, i);
        char *value = part_any(document_get(sla, "value"));
        char *more = part_any(document_get(sla, "valueExt"));
        struct sla_row row = {
            .contract = spot->contract,
            .property = document_get_text(sla, "property"),
            .value = value,
            .value_ext = more,
            .unit = document_get_text(sla, "unit"),
            .element = part_either(sla, "element", "column"),
            .driver = document_get_text(sla, "driver"),
            .description = document_get_text(sla, "description"),
            .anchor = document_get_text(sla, "id"),
            .scheduler = document_get_text(sla, "scheduler"),
            .schedule = document_get_text(sla, "schedule"),
            .position = (int)i + 1,
            .line = part_line(sla),
            .contract_row = spot->contract_row,
        };
        sla_insert(source->build, &row);
        char *id = string_printf("%s/%s", spot->contract,
                                 row.property != NULL ? row.property : "");
        part_extras(source, (struct part_owner){"sla", id}, sla);
        free(id);
        free(value);
        free(more);
    }
}

void read_roles(struct source *source, const struct spot *spot,
                const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *role = document_item(list, i);
        const char *name = document_get_text(role, "role");
        build_insert(source->build, INSERT_ROLE, "sssssilss", spot->contract, name,
                     document_get_text(role, "access"),
                     document_get_text(role, "firstLevelApprovers"),
                     document_get_text(role, "secondLevelApprovers"), part_line(role),
                     spot->contract_row, document_get_text(role, "description"),
                     document_get_text(role, "id"));
        char *id = string_printf("%s/%s", spot->contract, name != NULL ? name : "");
        part_customs(source, (struct part_owner){"role", id},
                     document_get(role, "customProperties"));
        free(id);
    }
}

/* ---- Parts of properties ---- */

static void insert_option(struct source *source, const struct spot *spot, const char *key,
                          const struct document_value *value)
{
    char *text = part_any(value);
    if (text != NULL) {
        build_insert(source->build, INSERT_OPTION, "sssssl", spot->contract, spot->object,
                     spot->property, key, text, spot->object_row);
    }
    free(text);
}

void read_options(struct source *source, const struct spot *spot,
                  const struct document_value *options)
{
    const char *key;
    for (size_t i = 0; i < document_count(options); i++) {
        const struct document_value *value = document_member(options, i, &key, NULL);
        if (value != NULL) {
            insert_option(source, spot, key, value);
        }
    }
}

void read_enum(struct source *source, const struct spot *spot,
               const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        bool is_map = document_kind(item) == DOCUMENT_MAP;
        char *value = part_any(is_map ? document_get(item, "value") : item);
        struct enum_row row = {
            .contract = spot->contract,
            .object = spot->object,
            .property = spot->property,
            .value = value,
            .label = document_get_text(item, "label"),
            .description = document_get_text(item, "description"),
            .position = (int)i + 1,
            .line = part_line(item),
            .object_row = spot->object_row,
        };
        enum_insert(source->build, &row);
        free(value);
    }
}
