/* catalog/read_odcs: a data contract (ODCS 3.0 to 3.2) into the index; 2.2 goes to
 * read_odcs_2.
 *
 * Source: Open Data Contract Standard 3.0.2, 3.1.0 and 3.2.0, bitol.io. What 3.0 writes
 * otherwise (a team that is a list, library rules that say `rule` instead of `metric`) is
 * read as well.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* ---- Properties ---- */

/* Where a column stands in a key: from 1, 0 when it is in none. */
static int key_position(const struct document_value *property, const char *flag,
                        const char *key)
{
    if (!document_truth(document_get(property, flag), false)) {
        return 0;
    }
    double position = document_number(document_get(property, key), 1);
    return position >= 1 && position <= 100 ? (int)position : 1;
}

/* How the values are written in files is not of the standard. */
static void take_written_form(struct property_row *row, char *texts[3],
                              const struct document_value *property)
{
    texts[0] = part_joined(part_custom(property, "trueValues"), "\n");
    texts[1] = part_joined(part_custom(property, "falseValues"), "\n");
    texts[2] = part_joined(part_custom(property, "missingValues"), "\n");
    row->true_values = texts[0];
    row->false_values = texts[1];
    row->missing = texts[2];
    row->decimal_char = document_text(part_custom(property, "decimalChar"));
    row->group_char = document_text(part_custom(property, "groupChar"));
    row->not_bare = !document_truth(part_custom(property, "bareNumber"), true);
}

static void insert_property(struct source *source, const struct spot *spot,
                            const struct document_value *property)
{
    const struct document_value *options = document_get(property, "logicalTypeOptions");
    char *sources = part_joined(document_get(property, "transformSourceObjects"), ", ");
    char *examples = part_any(document_get(property, "examples")), *texts[3];
    struct property_row row = {
        .contract = spot->contract,
        .object = spot->object,
        .name = spot->property,
        .depth = spot->depth,
        .physical_name = document_get_text(property, "physicalName"),
        .logical_type = document_get_text(property, "logicalType"),
        .physical_type = document_get_text(property, "physicalType"),
        .required = document_truth(document_get(property, "required"), false),
        .is_unique = document_truth(document_get(property, "unique"), false),
        .pk_pos = key_position(property, "primaryKey", "primaryKeyPosition"),
        .partition_pos = key_position(property, "partitioned", "partitionKeyPosition"),
        .classification = document_get_text(property, "classification"),
        .cde = document_truth(document_get(property, "criticalDataElement"), false),
        .encrypted_name = document_get_text(property, "encryptedName"),
        .description = document_get_text(property, "description"),
        .business_name = document_get_text(property, "businessName"),
        .transform_logic = document_get_text(property, "transformLogic"),
        .transform_sources = sources,
        .transform_description = document_get_text(property, "transformDescription"),
        .deprecated = document_truth(document_get(property, "deprecated"), false),
        .line = part_line(property),
        .object_row = spot->object_row,
        .position = spot->position,
        .format = document_get_text(options, "format"),
        .anchor = document_get_text(property, "id"),
        .semantic_type = document_get_text(property, "semanticType"),
        .examples = examples,
        .unit = document_text(part_custom(property, "unit")),
    };
    take_written_form(&row, texts, property);
    property_insert(source->build, &row);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    free(examples);
    free(sources);
}

/* What says more about a property than its own row. */
static void read_property_parts(struct source *source, const struct spot *spot,
                                const struct document_value *property)
{
    struct spot_owner self = spot_owner(spot);
    struct part_owner owner = {self.kind, self.id};
    read_options(source, spot, document_get(property, "logicalTypeOptions"));
    read_options(source, spot, document_get(property, "vector"));
    read_enum(source, spot, document_get(property, "enum"));
    read_transform(source, spot, property);
    part_extras(source, owner, property);
    part_synonyms(source, owner, document_get(property, "synonyms"));
    part_context(source, owner, document_get(property, "context"));
    read_rules(source, spot, document_get(property, "quality"));
    read_relations(source, spot, document_get(property, "relationships"));
    free(self.id);
}

static void read_properties(struct source *source, struct spot *spot,
                            const struct document_value *list);

/* `role`: what a property without a name is called: items, key, value. */
static void read_property(struct source *source, const struct spot *outer,
                          const char *role, const struct document_value *property)
{
    const char *own = document_get_text(property, "name");
    if (document_kind(property) != DOCUMENT_MAP || outer->depth > MOST_NESTED_DEPTH) {
        return;
    }
    own = own != NULL ? own : role;
    char *name = outer->property != NULL ? string_printf("%s.%s", outer->property, own)
                                         : string_copy(own);
    struct spot spot = *outer;
    spot.property = name;
    if (strlen(name) > MOST_NAME) {
        free(name);
        return;
    }
    insert_property(source, &spot, property);
    read_property_parts(source, &spot, property);
    spot.depth++;
    spot.position = 0;
    read_properties(source, &spot, document_get(property, "properties"));
    read_property(source, &spot, "items", document_get(property, "items"));
    const struct document_value *map = document_get(property, "map");
    read_property(source, &spot, "key", document_get(map, "key"));
    read_property(source, &spot, "value", document_get(map, "value"));
    free(name);
}

static void read_properties(struct source *source, struct spot *spot,
                            const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        spot->position = (int)i + 1;
        read_property(source, spot, "items", document_item(list, i));
    }
}

/* ---- Objects ---- */

static void read_object(struct source *source, struct spot *spot,
                        const struct document_value *object)
{
    struct object_row row = {
        .contract = spot->contract,
        .name = part_either(object, "name", "physicalName"),
        .physical_name = document_get_text(object, "physicalName"),
        .physical_type = document_get_text(object, "physicalType"),
        .description = document_get_text(object, "description"),
        .granularity = document_get_text(object, "dataGranularityDescription"),
        .deprecated = document_truth(document_get(object, "deprecated"), false),
        .line = part_line(object),
        .contract_row = spot->contract_row,
        .position = spot->position,
        .business_name = document_get_text(object, "businessName"),
        .anchor = document_get_text(object, "id"),
    };
    if (row.name == NULL) {
        return;
    }
    spot->object = row.name;
    spot->property = NULL;
    spot->object_row = object_insert(source->build, source->path, &row);
    struct spot_owner self = spot_owner(spot);
    struct part_owner owner = {self.kind, self.id};
    part_extras(source, owner, object);
    part_synonyms(source, owner, document_get(object, "synonyms"));
    part_context(source, owner, document_get(object, "context"));
    free(self.id);
    read_rules(source, spot, document_get(object, "quality"));
    read_relations(source, spot, document_get(object, "relationships"));
    spot->depth = 1;
    read_properties(source, spot, document_get(object, "properties"));
}

/* ---- The contract ---- */

static long long insert_contract(struct source *source, const char *id)
{
    const struct document_value *root = source->root;
    const struct document_value *description = document_get(root, "description");
    const struct document_value *price = document_get(root, "price");
    const char *purpose = document_get_text(description, "purpose");
    struct contract_row row = {
        .id = id,
        .version = document_get_text(root, "version"),
        .api_version = document_get_text(root, "apiVersion"),
        .name = document_get_text(root, "name"),
        .domain = document_get_text(root, "domain"),
        .tenant = document_get_text(root, "tenant"),
        .status = document_get_text(root, "status"),
        .purpose = purpose != NULL ? purpose : document_text(description),
        .limitations = document_get_text(description, "limitations"),
        .usage = document_get_text(description, "usage"),
        .created = document_get_text(root, "contractCreatedTs"),
        .price = document_get_text(price, "priceAmount"),
        .currency = document_get_text(price, "priceCurrency"),
        .price_unit = document_get_text(price, "priceUnit"),
        .team = part_team_name(document_get(root, "team")),
        .standard = "odcs",
        .data_product = document_get_text(root, "dataProduct"),
        .notice_period = document_text(part_custom(root, "noticePeriod")),
        .line = part_line(root),
    };
    return contract_insert(source, &row);
}

void read_odcs(struct source *source)
{
    const struct document_value *root = source->root;
    const struct document_value *description = document_get(root, "description");
    const char *id = document_get_text(root, "id");
    if (document_get(root, "quantumName") != NULL ||
        document_get(root, "dataset") != NULL) {
        read_odcs_2(source);
        return;
    }
    struct spot spot = {.contract = id != NULL ? id : source->path};
    struct part_owner self = {"contract", spot.contract};
    spot.contract_row = insert_contract(source, spot.contract);
    part_support(source, self, document_get(root, "support"));
    part_members(source, self, part_team_members(document_get(root, "team")));
    part_extras(source, self, root);
    part_extras(source, self, description);
    part_context(source, self, document_get(root, "context"));
    read_servers(source, &spot, document_get(root, "servers"));
    read_promises(source, &spot, document_get(root, "slaProperties"));
    read_roles(source, &spot, document_get(root, "roles"));
    const struct document_value *schema = document_get(root, "schema");
    for (size_t i = 0; i < document_count(schema); i++) {
        spot.position = (int)i + 1;
        read_object(source, &spot, document_item(schema, i));
    }
}
