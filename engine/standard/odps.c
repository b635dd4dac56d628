/* standard/odps: what the Open Data Product Standard (bitol.io) 0.9, 1.0 and 1.1 allows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/rows.h"

enum { V1_0 = 10000, V1_1 = 10100 };

#define NEEDS .flags = STANDARD_REQUIRED
#define ID                                                                               \
    ROW("id", TEXT, "A name for this entry that stays, so that others can point at it.", \
        .since = V1_1)
#define DEPRECATED(thing)                                                                \
    ROW("deprecated", BOOLEAN, "True when " thing " should be used no more.",            \
        .since = V1_1)

/* ---- What stands at almost every level ---- */

static const struct standard_field custom_property_fields[] = {
    ID,
    ROW("property", TEXT, "Name of the property, in camel case.", NEEDS),
    ROW("value", ANY, "Its value: a text, a number, a list or a map.", NEEDS),
    ROW("description", TEXT, "What the property is for."),
    END,
};
static const struct standard_shape custom_property =
    SHAPE("a custom property", custom_property_fields);

static const struct standard_field definition_fields[] = {
    ID,
    ROW("type", TEXT, "What the linked page is: a definition, a tutorial, the code.",
        NEEDS, .until = V1_0,
        .words = "businessDefinition transformationImplementation videoTutorial "
                 "tutorial implementation"),
    ROW("type", TEXT, "What the linked page is: businessDefinition, tutorial ...", NEEDS,
        .since = V1_0),
    ROW("url", TEXT, "Address of the page that has the last word.", NEEDS),
    ROW("description", TEXT, "What is found there."),
    END,
};
static const struct standard_shape definition =
    SHAPE("an authoritative definition", definition_fields);

#define TAGS(from) ROW("tags", LIST, "Words to find it by.", .of = &standard_a_text, from)
#define CUSTOM(from)                                                                     \
    ROW("customProperties", LIST, "Properties the standard does not know.",              \
        .of = &custom_property, from)
#define DEFINITIONS(from)                                                                \
    ROW("authoritativeDefinitions", LIST, "Links to the pages that say more.",           \
        .of = &definition, from)
#define EXTRAS TAGS(.since = 0), CUSTOM(.since = 0), DEFINITIONS(.since = 0)
#define EXTRAS_SINCE_1_0                                                                 \
    TAGS(.since = V1_0), CUSTOM(.since = V1_0), DEFINITIONS(.since = V1_0)

/* ---- For people and machines that search ---- */

static const struct standard_field synonym_fields[] = {
    ID,
    ROW("synonym", TEXT, "Another name people use for it.", NEEDS),
    ROW("description", TEXT, "Where and why that name is used."),
    ROW("locale", TEXT, "Language of the name, such as en-US."),
    ROW("source", TEXT, "Where the name comes from."),
    ROW("status", TEXT, "Whether the name is approved, proposed or outdated."),
    CUSTOM(.since = V1_1),
    END,
};
static const struct standard_shape synonym = SHAPE("a synonym", synonym_fields);

static const struct standard_field statement_fields[] = {
    ID,
    ROW("question", TEXT, "A question the data can answer.", NEEDS),
    ROW("answer", TEXT, "The answer somebody has checked."),
    EXTRAS,
    END,
};
static const struct standard_shape statement =
    SHAPE("a verified statement", statement_fields);

static const struct standard_field constraint_fields[] = {
    ID,
    ROW("constraint", TEXT, "What must be kept to when the data are used.", NEEDS),
    EXTRAS,
    END,
};
static const struct standard_shape constraint = SHAPE("a constraint", constraint_fields);

static const struct standard_field context_fields[] = {
    ROW("instructions", TEXT, "How an assistant should use the data."),
    ROW("verifiedStatements", LIST, "Questions with answers that were checked.",
        .of = &statement),
    ROW("constraints", LIST, "What must be kept to.", .of = &constraint),
    END,
};
static const struct standard_shape context = SHAPE("the context", context_fields);

#define SYNONYMS                                                                         \
    ROW("synonyms", LIST, "Other names it is searched by.", .of = &synonym, .since = V1_1)
#define CONTEXT                                                                          \
    ROW("context", MAP, "What people and assistants should know before they use it.",    \
        .of = &context, .since = V1_1)

/* ---- Description and ports ---- */

static const struct standard_field description_fields[] = {
    ROW("purpose", TEXT, "Why the product exists and for whom."),
    ROW("limitations", TEXT, "What it must not be used for, technically or by law."),
    ROW("usage", TEXT, "How it is meant to be used."),
    DEFINITIONS(.since = 0),
    CUSTOM(.since = 0),
    END,
};
static const struct standard_shape description =
    SHAPE("the description", description_fields);

static const struct standard_field input_port_fields[] = {
    ID,
    ROW("name", TEXT, "Name of the input port.", NEEDS),
    ROW("version", TEXT, "Version of what is read.", NEEDS, .until = V1_1),
    ROW("version", TEXT, "Version of what is read.", .since = V1_1),
    ROW("contractId", TEXT, "The id of the data contract it reads under.", NEEDS,
        .until = V1_1),
    ROW("contractId", TEXT, "The id of the data contract it reads under.", .since = V1_1),
    DEPRECATED("the port"),
    EXTRAS_SINCE_1_0,
    END,
};
static const struct standard_shape input_port = SHAPE("an input port", input_port_fields);

static const struct standard_field sbom_fields[] = {
    ID,
    ROW("type", TEXT, "Kind of the bill of materials; external when it lies elsewhere."),
    ROW("url", TEXT, "Where the bill of materials lies.", NEEDS, .until = V1_1),
    ROW("url", TEXT, "Where the bill of materials lies.", .since = V1_1),
    END,
};
static const struct standard_shape sbom = SHAPE("a bill of materials", sbom_fields);

static const struct standard_field input_contract_fields[] = {
    ROW("id", TEXT, "The id of the contract this port depends on.", NEEDS),
    ROW("version", TEXT, "The version of that contract.", NEEDS),
    END,
};
static const struct standard_shape input_contract =
    SHAPE("an input contract", input_contract_fields);

static const struct standard_field output_port_fields[] = {
    ID,
    ROW("name", TEXT, "Name of the output port; with its version it is unique.", NEEDS),
    ROW("version", TEXT, "Version of the port; each one is listed for itself.", NEEDS,
        .until = V1_1),
    ROW("version", TEXT, "Version of the port; each one is listed for itself.",
        .since = V1_1),
    ROW("description", TEXT, "What the port offers, in a sentence or two."),
    ROW("type", TEXT, "How it is delivered: tables, files, a topic, a report ..."),
    ROW("contractId", TEXT, "The id of the data contract that says what it promises."),
    ROW("sbom", LIST, "What software the port is made of.", .of = &sbom),
    ROW("inputContracts", LIST, "The contracts its data come from: its lineage.",
        .of = &input_contract),
    DEPRECATED("the port"),
    SYNONYMS,
    CONTEXT,
    EXTRAS_SINCE_1_0,
    END,
};
static const struct standard_shape output_port =
    SHAPE("an output port", output_port_fields);

static const struct standard_field management_port_fields[] = {
    ID,
    ROW("name", TEXT, "Name of the endpoint.", NEEDS),
    ROW("content", TEXT,
        "What it is for: discoverability, observability, control, dictionary.", NEEDS),
    ROW("type", TEXT, "rest or topic; rest when it is left out."),
    ROW("url", TEXT, "Where the endpoint is reached."),
    ROW("channel", TEXT, "The topic to talk to the product through."),
    ROW("description", TEXT, "What the endpoint does and how to use it."),
    DEPRECATED("the port"),
    EXTRAS,
    END,
};
static const struct standard_shape management_port =
    SHAPE("a management port", management_port_fields);

/* ---- People ---- */

static const struct standard_field support_fields[] = {
    ID,
    ROW("channel", TEXT, "Name of the channel where help is found.", NEEDS),
    ROW("url", TEXT, "Address of the channel: https, mailto and the like.", NEEDS),
    ROW("description", TEXT, "What the channel is for."),
    ROW("tool", TEXT, "The tool behind it: email, slack, teams, ticket ..."),
    ROW("scope", TEXT, "interactive, announcements or issues."),
    ROW("invitationUrl", TEXT, "Where to ask for admission."),
    EXTRAS,
    END,
};
static const struct standard_shape support = SHAPE("a support channel", support_fields);

#define MEMBER                                                                           \
    ROW("name", TEXT, "Name of the person."),                                            \
        ROW("description", TEXT, "What the person does here."),                          \
        ROW("role", TEXT, "The role: owner, data steward ..."),                          \
        ROW("dateIn", TEXT, "The day the person joined."),                               \
        ROW("dateOut", TEXT, "The day the person left."),                                \
        ROW("replacedByUsername", TEXT, "The user name of who came after."), EXTRAS

static const struct standard_field member_0_9_fields[] = {
    ROW("username", TEXT, "User name or mail address."), MEMBER, END};
static const struct standard_shape member_0_9 = SHAPE("a team member", member_0_9_fields);

static const struct standard_field member_fields[] = {
    ID, ROW("username", TEXT, "User name or mail address.", NEEDS), MEMBER, END};
static const struct standard_shape member = SHAPE("a team member", member_fields);

static const struct standard_field team_fields[] = {
    ROW("name", TEXT, "Name of the team."),
    ROW("description", TEXT, "What the team is responsible for."),
    ROW("members", LIST, "Who belongs to the team.", .of = &member),
    EXTRAS,
    END,
};
static const struct standard_shape team = SHAPE("the team", team_fields);

/* ---- The product ---- */

#define STATUS(...)                                                                      \
    ROW("status", TEXT,                                                                  \
        "Where the product is in its life: proposed, draft, active, deprecated, "        \
        "retired.",                                                                      \
        __VA_ARGS__)

static const struct standard_field product_fields[] = {
    ROW("apiVersion", TEXT, "Version of the standard this file is written in.",
        .flags = STANDARD_REQUIRED | STANDARD_VERSION, .words = "v0.9.0 v1.0.0 v1.1.0"),
    ROW("kind", TEXT, "Says that this file describes a data product.", NEEDS,
        .words = "DataProduct"),
    ROW("id", TEXT, "What tells this product from every other one, such as a UUID.",
        NEEDS),
    STATUS(NEEDS, .until = V1_1),
    STATUS(.since = V1_1),
    ROW("name", TEXT, "Name of the product."),
    ROW("version", TEXT, "Version of the product."),
    ROW("type", TEXT, "Its class: sourceAligned, aggregate, consumerAligned or another.",
        .since = V1_1),
    ROW("domain", TEXT, "The business domain that owns it."),
    ROW("tenant", TEXT, "The organisation it belongs to."),
    ROW("description", MAP, "Purpose, limits and use of the product.",
        .of = &description),
    ROW("inputPorts", LIST, "What the product reads.", .of = &input_port),
    ROW("outputPorts", LIST, "What the product offers.", .of = &output_port),
    ROW("managementPorts", LIST, "Where the product is watched and steered.",
        .of = &management_port),
    ROW("support", LIST, "Where its users find help.", .of = &support),
    ROW("team", LIST, "Who is responsible: a list of people.", .of = &member_0_9,
        .until = V1_0),
    ROW("team", MAP, "Who is responsible: the team and its members.", .of = &team,
        .since = V1_0),
    ROW("productCreatedTs", TEXT, "When the product was made, in UTC, as ISO 8601."),
    DEPRECATED("the product"),
    SYNONYMS,
    CONTEXT,
    EXTRAS,
    END,
};
const struct standard_shape standard_odps = SHAPE("a data product", product_fields);
