/* catalog/lint_odps: what Open Data Product Standard 1.0.0 (bitol.io) allows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_rows.h"

/* Tags, links and properties of one's own stand at almost every level. */
#define EXTRAS                                                                           \
    LIST_OF("tags", &lint_a_text), LIST_OF("customProperties", &custom_property),        \
        LIST_OF("authoritativeDefinitions", &definition)

static const struct lint_field custom_property_fields[] = {
    NEEDED("property"),
    {.key = "value", .kinds = LINT_ANY, .flags = LINT_REQUIRED},
    TEXT("description"),
    END,
};
static const struct lint_shape custom_property =
    SHAPE("a custom property", custom_property_fields);

static const struct lint_field definition_fields[] = {NEEDED("type"), NEEDED("url"),
                                                      TEXT("description"), END};
static const struct lint_shape definition =
    SHAPE("an authoritative definition", definition_fields);

static const struct lint_field description_fields[] = {
    TEXT("purpose"),
    TEXT("limitations"),
    TEXT("usage"),
    LIST_OF("authoritativeDefinitions", &definition),
    LIST_OF("customProperties", &custom_property),
    END,
};
static const struct lint_shape description = SHAPE("the description", description_fields);

static const struct lint_field input_port_fields[] = {NEEDED("name"), NEEDED("version"),
                                                      NEEDED("contractId"), EXTRAS, END};
static const struct lint_shape input_port = SHAPE("an input port", input_port_fields);

static const struct lint_field sbom_fields[] = {TEXT("type"), NEEDED("url"), END};
static const struct lint_shape sbom = SHAPE("a bill of materials", sbom_fields);

static const struct lint_field input_contract_fields[] = {NEEDED("id"), NEEDED("version"),
                                                          END};
static const struct lint_shape input_contract =
    SHAPE("an input contract", input_contract_fields);

static const struct lint_field output_port_fields[] = {
    NEEDED("name"),
    NEEDED("version"),
    TEXT("description"),
    TEXT("type"),
    TEXT("contractId"),
    LIST_OF("sbom", &sbom),
    LIST_OF("inputContracts", &input_contract),
    EXTRAS,
    END,
};
static const struct lint_shape output_port = SHAPE("an output port", output_port_fields);

static const struct lint_field management_port_fields[] = {
    NEEDED("name"),  NEEDED("content"),   TEXT("type"), TEXT("url"),
    TEXT("channel"), TEXT("description"), EXTRAS,       END};
static const struct lint_shape management_port =
    SHAPE("a management port", management_port_fields);

static const struct lint_field support_fields[] = {NEEDED("channel"),
                                                   NEEDED("url"),
                                                   TEXT("description"),
                                                   TEXT("tool"),
                                                   TEXT("scope"),
                                                   TEXT("invitationUrl"),
                                                   EXTRAS,
                                                   END};
static const struct lint_shape support = SHAPE("a support channel", support_fields);

static const struct lint_field member_fields[] = {NEEDED("username"),
                                                  TEXT("name"),
                                                  TEXT("description"),
                                                  TEXT("role"),
                                                  TEXT("dateIn"),
                                                  TEXT("dateOut"),
                                                  TEXT("replacedByUsername"),
                                                  EXTRAS,
                                                  END};
static const struct lint_shape member = SHAPE("a team member", member_fields);

static const struct lint_field team_fields[] = {TEXT("name"), TEXT("description"),
                                                LIST_OF("members", &member), EXTRAS, END};
static const struct lint_shape team = SHAPE("the team", team_fields);

static const struct lint_field product_fields[] = {
    {.key = "apiVersion",
     .kinds = LINT_TEXT,
     .flags = LINT_REQUIRED,
     .words = "v0.9.0 v1.0.0"},
    {.key = "kind", .kinds = LINT_TEXT, .flags = LINT_REQUIRED, .words = "DataProduct"},
    NEEDED("id"),
    NEEDED("status"),
    TEXT("name"),
    TEXT("version"),
    TEXT("domain"),
    TEXT("tenant"),
    {.key = "description", .kinds = LINT_MAP, .of = &description},
    LIST_OF("inputPorts", &input_port),
    LIST_OF("outputPorts", &output_port),
    LIST_OF("managementPorts", &management_port),
    LIST_OF("support", &support),
    {.key = "team", .kinds = LINT_MAP, .of = &team},
    TEXT("productCreatedTs"),
    EXTRAS,
    END,
};
const struct lint_shape lint_odps_1_0 = SHAPE("a data product", product_fields);
