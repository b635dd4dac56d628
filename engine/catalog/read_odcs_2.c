/* catalog/read_odcs_2: a data contract of ODCS 2.2 into the index.
 *
 * Source: Open Data Contract Standard 2.2.2 and the list of renamed fields in the
 * changelog of 3.0.0, bitol.io: quantumName is dataProduct, dataset is schema, isNullable
 * is the opposite of required ... The access of 2.x, spread over the root, is one server;
 * its user name and password are not taken.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"

#include <stdlib.h>

#include "engine/catalog/insert.h"
#include "engine/text.h"

/* ---- Columns ---- */

static bool truth_of(const struct document_value *map, const char *first,
                     const char *second)
{
    const struct document_value *value = document_get(map, first);
    return document_truth(value != NULL ? value : document_get(map, second), false);
}

static int position_of(const struct document_value *map, const char *key, bool is_in)
{
    double position = document_number(document_get(map, key), 1);
    return !is_in ? 0 : position >= 1 && position <= 100 ? (int)position : 1;
}

static void insert_column(struct source *source, const struct spot *spot,
                          const struct document_value *column)
{
    const struct document_value *nullable = document_get(column, "isNullable");
    const struct document_value *samples = document_get(column, "sampleValues");
    char *sources = part_joined(document_get(column, "transformSourceTables"), ", ");
    char *examples = part_any(samples);
    struct property_row row = {
        .contract = spot->contract,
        .object = spot->object,
        .name = spot->property,
        .depth = 1,
        .logical_type = document_get_text(column, "logicalType"),
        .physical_type = document_get_text(column, "physicalType"),
        .required = nullable != NULL && !document_truth(nullable, true),
        .is_unique = truth_of(column, "isUnique", "unique"),
        .pk_pos = position_of(column, "primaryKeyPosition",
                              truth_of(column, "isPrimary", "isPrimaryKey")),
        .partition_pos = position_of(column, "partitionKeyPosition",
                                     truth_of(column, "partitionStatus", "partitioned")),
        .classification = document_get_text(column, "classification"),
        .cde = truth_of(column, "criticalDataElementStatus", "criticalDataElement"),
        .encrypted_name = document_get_text(column, "encryptedColumnName"),
        .description = document_get_text(column, "description"),
        .business_name = document_get_text(column, "businessName"),
        .transform_logic = document_get_text(column, "transformLogic"),
        .transform_sources = sources,
        .transform_description = document_get_text(column, "transformDescription"),
        .line = part_line(column),
        .object_row = spot->object_row,
        .position = spot->position,
        .examples = examples,
    };
    property_insert(source->build, &row);
    free(examples);
    free(sources);
}

static void read_column(struct source *source, struct spot *spot,
                        const struct document_value *column)
{
    spot->property = part_either(column, "column", "name");
    if (spot->property == NULL) {
        return;
    }
    insert_column(source, spot, column);
    struct spot_owner self = spot_owner(spot);
    part_extras(source, (struct part_owner){self.kind, self.id}, column);
    read_transform(source, spot, column);
    read_old_rules(source, spot, document_get(column, "quality"));
    free(self.id);
}

static void read_table(struct source *source, struct spot *spot,
                       const struct document_value *table)
{
    struct object_row row = {
        .contract = spot->contract,
        .name = part_either(table, "table", "name"),
        .physical_name = document_get_text(table, "physicalName"),
        .physical_type = "table",
        .description = document_get_text(table, "description"),
        .granularity = document_get_text(table, "dataGranularity"),
        .line = part_line(table),
        .contract_row = spot->contract_row,
        .position = spot->position,
    };
    if (row.name == NULL) {
        return;
    }
    spot->object = row.name;
    spot->property = NULL;
    spot->object_row = object_insert(source->build, source->path, &row);
    struct spot_owner self = spot_owner(spot);
    part_extras(source, (struct part_owner){self.kind, self.id}, table);
    free(self.id);
    read_old_rules(source, spot, document_get(table, "quality"));
    const struct document_value *columns = document_get(table, "columns");
    for (size_t i = 0; i < document_count(columns); i++) {
        spot->position = (int)i + 1;
        read_column(source, spot, document_item(columns, i));
    }
}

/* ---- Access and help ---- */

/* What the root says of the place of the data; anything else of it is no secret. */
static char *details_of_access(const struct document_value *root)
{
    static const char *const keys[] = {"sourcePlatform",
                                       "sourceSystem",
                                       "datasetProject",
                                       "datasetName",
                                       "driver",
                                       "driverVersion",
                                       "server",
                                       "database",
                                       "schedulerAppName",
                                       "systemInstance",
                                       NULL};
    struct text details = {0};
    for (size_t i = 0; keys[i] != NULL; i++) {
        const char *value = document_get_text(root, keys[i]);
        if (value != NULL) {
            text_append(&details, details.length > 0 ? "," : "{");
            text_append_json(&details, keys[i]);
            text_append_char(&details, ':');
            text_append_json(&details, value);
        }
    }
    if (details.length == 0) {
        return NULL;
    }
    text_append_char(&details, '}');
    return text_take(&details);
}

static void read_access(struct source *source, const struct spot *spot)
{
    const struct document_value *root = source->root;
    const char *server = document_get_text(root, "server");
    const char *database = part_either(root, "database", "datasetName");
    char *details = details_of_access(root);
    char *location = server != NULL && database != NULL
                         ? string_printf("%s/%s", server, database)
                         : string_copy(server != NULL ? server : database);
    struct server_row row = {
        .contract = spot->contract,
        .name = "default",
        .type = part_either(root, "sourceSystem", "driver"),
        .location = location,
        .details = details,
        .line = part_line(root),
        .contract_row = spot->contract_row,
    };
    if (details != NULL) {
        server_insert(source->build, &row);
    }
    free(location);
    free(details);
}

static void read_help(struct source *source, struct part_owner owner)
{
    static const struct {
        const char *key, *tool;
    } channels[] = {
        {"productDl", "email"},
        {"productSlackChannel", "slack"},
        {"productFeedbackUrl", "other"},
    };
    for (size_t i = 0; i < sizeof channels / sizeof *channels; i++) {
        const struct document_value *value = document_get(source->root, channels[i].key);
        if (document_text(value) != NULL) {
            build_insert(source->build, INSERT_SUPPORT, "sssssnnin", owner.kind, owner.id,
                         document_text(value), i == 2 ? document_text(value) : NULL,
                         channels[i].tool, part_line(value));
        }
    }
}

/* ---- The contract ---- */

static long long insert_contract_2(struct source *source, const char *id)
{
    const struct document_value *root = source->root;
    const struct document_value *description = document_get(root, "description");
    const struct document_value *price = document_get(root, "price");
    struct contract_row row = {
        .id = id,
        .version = document_get_text(root, "version"),
        .api_version = part_either(root, "apiVersion", "templateVersion"),
        .name = part_either(root, "quantumName", "datasetName"),
        .domain = part_either(root, "datasetDomain", "domain"),
        .tenant = document_get_text(root, "tenant"),
        .status = document_get_text(root, "status"),
        .purpose = document_text(description) != NULL
                       ? document_text(description)
                       : document_get_text(description, "purpose"),
        .limitations = document_get_text(description, "limitations"),
        .usage = document_get_text(description, "usage"),
        .created = document_get_text(root, "contractCreatedTs"),
        .price = document_get_text(price, "priceAmount"),
        .currency = document_get_text(price, "priceCurrency"),
        .price_unit = document_get_text(price, "priceUnit"),
        .standard = "odcs",
        .data_product = document_get_text(root, "quantumName"),
        .line = part_line(root),
    };
    return contract_insert(source, &row);
}

void read_odcs_2(struct source *source)
{
    const struct document_value *root = source->root;
    const char *id = part_either(root, "uuid", "id");
    struct spot spot = {.contract = id != NULL ? id : source->path};
    struct part_owner self = {"contract", spot.contract};
    spot.contract_row = insert_contract_2(source, spot.contract);
    read_access(source, &spot);
    read_help(source, self);
    part_members(source, self, document_get(root, "stakeholders"));
    part_extras(source, self, root);
    read_promises(source, &spot, document_get(root, "slaProperties"));
    read_roles(source, &spot, document_get(root, "roles"));
    const struct document_value *tables = document_get(root, "dataset");
    for (size_t i = 0; i < document_count(tables); i++) {
        spot.position = (int)i + 1;
        read_table(source, &spot, document_item(tables, i));
    }
}
