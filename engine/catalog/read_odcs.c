/* catalog/read_odcs: a data contract (ODCS 3.0 to 3.1) into the index.
 *
 * Source: Open Data Contract Standard 3.1.0, bitol.io. What 3.0 writes otherwise (a team
 * that is a list, library rules that say `rule` instead of `metric`) is read as well.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/build.h"

#include <stdlib.h>
#include <string.h>

#include "engine/text.h"

enum { MOST_NESTED_DEPTH = 20 };

/* The place in the contract that a property, rule or reference belongs to. */
struct spot {
    const char *contract; /* id */
    long long contract_row;
    const char *object;
    long long object_row;
    const char *property; /* NULL on an object */
    int depth, position;
};

/* ---- Rules ---- */

static const char *const operators[] = {
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
};

static const char *find_operator(const struct document_value *rule, char **low,
                                 char **high)
{
    *low = *high = NULL;
    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const struct document_value *value = document_get(rule, operators[i]);
        if (value == NULL) {
            continue;
        }
        if (document_kind(value) == DOCUMENT_LIST) {
            *low = part_any(document_item(value, 0));
            *high = part_any(document_item(value, 1));
        } else {
            *low = part_any(value);
        }
        return operators[i];
    }
    return NULL;
}

static const char *either_text(const struct document_value *map, const char *first,
                               const char *second)
{
    const char *text = document_get_text(map, first);
    return text != NULL ? text : document_get_text(map, second);
}

/* 3.0 wrote the arguments of a library rule beside its name. */
static char *arguments_of(const struct document_value *rule)
{
    const struct document_value *arguments = document_get(rule, "arguments");
    const struct document_value *values = document_get(rule, "validValues");
    if (arguments == NULL && values != NULL) {
        struct text json = {0};
        text_append(&json, "{\"validValues\":");
        part_append_json(&json, values);
        text_append_char(&json, '}');
        return text_take(&json);
    }
    return part_any(arguments);
}

static void read_rule(struct source *source, const struct spot *spot,
                      const struct document_value *rule)
{
    char *low, *high;
    const char *comparison = find_operator(rule, &low, &high);
    char *arguments = arguments_of(rule);
    char *query = part_any(document_get(rule, "query"));
    if (query == NULL) {
        query = part_any(document_get(rule, "implementation"));
    }
    const char *type = document_get_text(rule, "type");
    build_insert(source->build, INSERT_RULE, "sssssssssssssssilss", spot->contract,
                 spot->object, spot->property, document_get_text(rule, "id"),
                 document_get_text(rule, "name"), type != NULL ? type : "library",
                 either_text(rule, "metric", "rule"),
                 document_get_text(rule, "dimension"), comparison, low, high,
                 document_get_text(rule, "unit"), document_get_text(rule, "severity"),
                 query, document_get_text(rule, "schedule"), part_line(rule),
                 spot->contract_row, document_get_text(rule, "description"), arguments);
    free(low);
    free(high);
    free(query);
    free(arguments);
}

static void read_rules(struct source *source, const struct spot *spot,
                       const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        if (document_kind(document_item(list, i)) == DOCUMENT_MAP) {
            read_rule(source, spot, document_item(list, i));
        }
    }
}

/* ---- References ---- */

struct reference {
    char *file;   /* descriptor it points into, relative to the mesh, or NULL */
    char *object; /* name or id */
    char *column;
};

/* `table.column`, or `[file#][/]schema/<id>/properties/<id>`. */
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

/* The columns of one text or a list of texts, without their table. */
static char *columns_of(struct source *source, const struct document_value *side)
{
    struct text columns = {0};
    size_t count = document_kind(side) == DOCUMENT_LIST ? document_count(side) : 1;
    for (size_t i = 0; i < count; i++) {
        const char *text = document_text(
            document_kind(side) == DOCUMENT_LIST ? document_item(side, i) : side);
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

static void read_relation(struct source *source, const struct spot *spot,
                          const struct document_value *relation)
{
    const struct document_value *to = document_get(relation, "to");
    const struct document_value *first =
        document_kind(to) == DOCUMENT_LIST ? document_item(to, 0) : to;
    if (document_text(first) == NULL) {
        return;
    }
    struct reference target = parse_reference(source, document_text(first));
    char *to_columns = columns_of(source, to);
    char *from_columns = spot->property != NULL
                             ? string_copy(spot->property)
                             : columns_of(source, document_get(relation, "from"));
    build_insert(source->build, INSERT_RELATION, "sssssils", spot->contract, spot->object,
                 from_columns, target.object, to_columns, part_line(relation),
                 spot->contract_row, target.file);
    free(from_columns);
    free(to_columns);
    reference_release(&target);
}

static void read_relations(struct source *source, const struct spot *spot,
                           const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        read_relation(source, spot, document_item(list, i));
    }
}

/* ---- Properties ---- */

static void read_options(struct source *source, const struct spot *spot,
                         const struct document_value *options)
{
    const char *key;
    const struct document_value *value;
    for (size_t i = 0; i < document_count(options); i++) {
        value = document_member(options, i, &key, NULL);
        char *text = part_any(value);
        if (value != NULL && text != NULL) {
            build_insert(source->build, INSERT_OPTION, "sssss", spot->contract,
                         spot->object, spot->property, key, text);
        }
        free(text);
    }
}

static int key_position(const struct document_value *property)
{
    if (!document_truth(document_get(property, "primaryKey"), false)) {
        return 0;
    }
    double position = document_number(document_get(property, "primaryKeyPosition"), 1);
    return position >= 1 && position <= 100 ? (int)position : 1;
}

static void read_properties(struct source *source, struct spot *spot,
                            const struct document_value *list);

static void insert_property(struct source *source, const struct spot *spot,
                            const struct document_value *property)
{
    const struct document_value *options = document_get(property, "logicalTypeOptions");
    char *sources = part_joined(document_get(property, "transformSourceObjects"), ", ");
    char *truths = part_joined(part_custom(property, "trueValues"), "\n");
    char *falsehoods = part_joined(part_custom(property, "falseValues"), "\n");
    char *missing = part_joined(part_custom(property, "missingValues"), "\n");
    build_insert(
        source->build, INSERT_PROPERTY, "sssisssiiisisssssiilisssssssi", spot->contract,
        spot->object, spot->property, spot->depth,
        document_get_text(property, "physicalName"),
        document_get_text(property, "logicalType"),
        document_get_text(property, "physicalType"),
        (int)document_truth(document_get(property, "required"), false),
        (int)document_truth(document_get(property, "unique"), false),
        key_position(property), document_get_text(property, "classification"),
        (int)document_truth(document_get(property, "criticalDataElement"), false),
        document_get_text(property, "encryptedName"),
        document_get_text(property, "description"),
        document_get_text(property, "businessName"),
        document_get_text(property, "transformLogic"), sources,
        (int)document_truth(document_get(property, "deprecated"), false),
        part_line(property), spot->object_row, spot->position,
        document_get_text(options, "format"), truths, falsehoods,
        document_text(part_custom(property, "decimalChar")),
        document_text(part_custom(property, "groupChar")), missing,
        document_get_text(property, "id"),
        (int)!document_truth(part_custom(property, "bareNumber"), true));
    char *texts[] = {sources, truths, falsehoods, missing};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    read_options(source, spot, options);
}

static void read_property(struct source *source, const struct spot *outer,
                          const struct document_value *property)
{
    const char *own = document_get_text(property, "name");
    if (document_kind(property) != DOCUMENT_MAP || outer->depth > MOST_NESTED_DEPTH) {
        return;
    }
    own = own != NULL ? own : "items";
    char *name = outer->property != NULL ? string_printf("%s.%s", outer->property, own)
                                         : string_copy(own);
    char *id = string_printf("%s/%s/%s", outer->contract, outer->object, name);
    struct spot spot = *outer;
    spot.property = name;
    insert_property(source, &spot, property);
    part_extras(source, (struct part_owner){"property", id}, property);
    read_rules(source, &spot, document_get(property, "quality"));
    read_relations(source, &spot, document_get(property, "relationships"));
    spot.depth++;
    spot.position = 0;
    read_properties(source, &spot, document_get(property, "properties"));
    if (document_get(property, "items") != NULL) {
        read_property(source, &spot, document_get(property, "items"));
    }
    free(id);
    free(name);
}

static void read_properties(struct source *source, struct spot *spot,
                            const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        spot->position = (int)i + 1;
        read_property(source, spot, document_item(list, i));
    }
}

static void read_object(struct source *source, struct spot *spot,
                        const struct document_value *object)
{
    spot->object = document_get_text(object, "name");
    if (spot->object == NULL) {
        return;
    }
    spot->object_row = build_insert(
        source->build, INSERT_OBJECT, "ssssssisilisss", spot->contract, spot->object,
        document_get_text(object, "physicalName"),
        document_get_text(object, "physicalType"),
        document_get_text(object, "description"),
        document_get_text(object, "dataGranularityDescription"),
        (int)document_truth(document_get(object, "deprecated"), false), source->path,
        part_line(object), spot->contract_row, spot->position,
        document_get_text(object, "businessName"), NULL, document_get_text(object, "id"));
    char *id = string_printf("%s/%s", spot->contract, spot->object);
    part_extras(source, (struct part_owner){"object", id}, object);
    free(id);
    read_rules(source, spot, document_get(object, "quality"));
    read_relations(source, spot, document_get(object, "relationships"));
    spot->depth = 1;
    read_properties(source, spot, document_get(object, "properties"));
}

/* ---- Servers, promises, access ---- */

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
                 {"dataset", "/"}, {"serviceName", "/"}, {"schema", "."}};
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

static void read_servers(struct source *source, const struct spot *spot)
{
    const struct document_value *list = document_get(source->root, "servers");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *server = document_item(list, i);
        char *location = location_of(server);
        const char *word = text_or_custom(server, "delimiter");
        char delimiter[2] = "";
        if (word != NULL && catalog_sign_of(word, delimiter)) {
            word = delimiter;
        }
        build_insert(source->build, INSERT_SERVER, "sssssssilss", spot->contract,
                     document_get_text(server, "server"),
                     document_get_text(server, "type"),
                     document_get_text(server, "environment"), location,
                     document_get_text(server, "format"),
                     text_or_custom(server, "encoding"), part_line(server),
                     spot->contract_row, document_get_text(server, "description"), word);
        free(location);
    }
}

static void read_promises(struct source *source, const struct spot *spot)
{
    const struct document_value *list = document_get(source->root, "slaProperties");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *sla = document_item(list, i);
        char *value = part_any(document_get(sla, "value"));
        char *more = part_any(document_get(sla, "valueExt"));
        build_insert(source->build, INSERT_SLA, "sssssssils", spot->contract,
                     document_get_text(sla, "property"), value, more,
                     document_get_text(sla, "unit"), document_get_text(sla, "element"),
                     document_get_text(sla, "driver"), part_line(sla), spot->contract_row,
                     document_get_text(sla, "description"));
        free(value);
        free(more);
    }
}

static void read_roles(struct source *source, const struct spot *spot)
{
    const struct document_value *list = document_get(source->root, "roles");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *role = document_item(list, i);
        build_insert(source->build, INSERT_ROLE, "sssssils", spot->contract,
                     document_get_text(role, "role"), document_get_text(role, "access"),
                     document_get_text(role, "firstLevelApprovers"),
                     document_get_text(role, "secondLevelApprovers"), part_line(role),
                     spot->contract_row, document_get_text(role, "description"));
    }
}

static long long insert_contract(struct source *source, const char *id)
{
    const struct document_value *root = source->root;
    const struct document_value *description = document_get(root, "description");
    const struct document_value *price = document_get(root, "price");
    const char *purpose = document_get_text(description, "purpose");
    return build_insert(
        source->build, INSERT_CONTRACT, "sssssssssssssssis", id,
        document_get_text(root, "version"), document_get_text(root, "apiVersion"),
        document_get_text(root, "name"), document_get_text(root, "domain"),
        document_get_text(root, "tenant"), document_get_text(root, "status"),
        purpose != NULL ? purpose : document_text(description),
        document_get_text(description, "limitations"),
        document_get_text(description, "usage"),
        document_get_text(root, "contractCreatedTs"),
        document_get_text(price, "priceAmount"),
        document_get_text(price, "priceCurrency"), document_get_text(price, "priceUnit"),
        source->path, part_line(root), part_team_name(document_get(root, "team")));
}

void read_odcs(struct source *source)
{
    const struct document_value *root = source->root;
    const struct document_value *team = document_get(root, "team");
    const char *id = document_get_text(root, "id");
    struct spot spot = {.contract = id != NULL ? id : source->path};
    struct part_owner self = {"contract", spot.contract};
    spot.contract_row = insert_contract(source, spot.contract);
    part_support(source, self, document_get(root, "support"));
    part_members(source, self, part_team_members(team));
    part_extras(source, self, root);
    read_servers(source, &spot);
    read_promises(source, &spot);
    read_roles(source, &spot);
    const struct document_value *schema = document_get(root, "schema");
    for (size_t i = 0; i < document_count(schema); i++) {
        spot.position = (int)i + 1;
        spot.property = NULL;
        spot.depth = 0;
        read_object(source, &spot, document_item(schema, i));
    }
}
