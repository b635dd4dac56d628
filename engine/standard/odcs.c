/* standard/odcs: what a data contract may say (Open Data Contract Standard 2.2 to 3.2,
 * bitol.io): the root, people, promises; objects, rules and servers have their own files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/odcs.h"

/* ---- Parts that stand at many places ---- */

static const struct standard_field custom_fields[] = {
    ODCS_ID,
    TEXT("property", "The name of the property.", .until = ODCS_3_1),
    NEEDED("property", "The name of the property.", .since = ODCS_3_1),
    ROW("value", ANY, "Its value: any text, number, list or map.", .until = ODCS_3_1),
    ROW("value", ANY, "Its value: any text, number, list or map.",
        .flags = STANDARD_REQUIRED, .since = ODCS_3_1),
    TEXT("description", "What the property means.", .since = ODCS_3_1),
    TEXT("vendor", "The tool that the property is for.", .since = ODCS_3_2),
    END};
const struct standard_shape standard_odcs_custom = {.name = "a custom property",
                                                    .kinds = STANDARD_MAP,
                                                    .fields = custom_fields,
                                                    .open_until = ODCS_3_1};

static const struct standard_field definition_fields[] = {
    ODCS_ID, NEEDED("url", "Where it is."),
    NEEDED("type", "What is found there: businessDefinition, tutorial, implementation, "
                   "canonicalUrl ..."),
    TEXT("description", "What is found there, for people.", .since = ODCS_3_1), END};
const struct standard_shape standard_odcs_definition = {.name =
                                                            "an authoritative definition",
                                                        .kinds = STANDARD_MAP,
                                                        .fields = definition_fields,
                                                        .open_until = ODCS_3_1};

static const struct standard_field statement_fields[] = {
    TEXT("id", "A name for it that stays."),
    NEEDED("question", "A question as people ask it."),
    TEXT("answer", "The right answer, or the statement that gives it."),
    ODCS_DEFINITIONS_SINCE(0),
    ODCS_TAGS_SINCE(0),
    ODCS_CUSTOM_SINCE(0),
    END};
static const struct standard_shape statement =
    SHAPE("a verified statement", statement_fields);
static const struct standard_field constraint_fields[] = {
    TEXT("id", "A name for it that stays."),
    NEEDED("constraint", "What must not be done, or always be done."),
    ODCS_DEFINITIONS_SINCE(0),
    ODCS_TAGS_SINCE(0),
    ODCS_CUSTOM_SINCE(0),
    END};
static const struct standard_shape constraint = SHAPE("a constraint", constraint_fields);
static const struct standard_field context_fields[] = {
    TEXT("instructions", "How the data are to be used."),
    LIST_OF("verifiedStatements", &statement, "Questions with answers known to hold."),
    LIST_OF("constraints", &constraint, "What users of the data must keep to."), END};
const struct standard_shape standard_odcs_context = SHAPE("the context", context_fields);

/* ---- People ---- */

static const struct standard_field support_fields[] = {
    ODCS_ID,
    NEEDED("channel", "The name of the channel."),
    NEEDED("url", "Where it is.", .until = ODCS_3_1),
    TEXT("url", "Where it is.", .since = ODCS_3_1),
    TEXT("description", "What it is for."),
    TEXT("tool", "What it runs on: email, slack, teams, discord, ticket ..."),
    TEXT("scope", "What is told there: interactive, announcements, issues ..."),
    TEXT("invitationUrl", "Where one is let in."),
    ODCS_CUSTOM_SINCE(ODCS_3_1),
    END};
static const struct standard_shape support = {.name = "a support channel",
                                              .kinds = STANDARD_MAP,
                                              .fields = support_fields,
                                              .open_until = ODCS_3_1};

static const struct standard_field member_fields[] = {
    ODCS_ID,
    TEXT("username", "The user's name or e-mail address.", .until = ODCS_3_1),
    NEEDED("username", "The user's name or e-mail address.", .since = ODCS_3_1),
    TEXT("name", "The name of the person.", .since = ODCS_3_0_2),
    TEXT("description", "What the person does in the team.", .since = ODCS_3_0_2),
    TEXT("role", "What the person is: owner, steward ..."),
    TEXT("dateIn", "Since when, as 2024-12-31."),
    TEXT("dateOut", "Until when; a day gone by means that the person has left."),
    TEXT("replacedByUsername", "Who took over."),
    ODCS_TAGS_SINCE(ODCS_3_1),
    ODCS_CUSTOM_SINCE(ODCS_3_1),
    ODCS_DEFINITIONS_SINCE(ODCS_3_1),
    END};
static const struct standard_shape member = {.name = "a team member",
                                             .kinds = STANDARD_MAP,
                                             .fields = member_fields,
                                             .open_until = ODCS_3_1};

static const struct standard_field team_fields[] = {
    ODCS_ID,
    TEXT("name", "The name of the team."),
    TEXT("description", "What the team does."),
    LIST_OF("members", &member, "Who belongs to it, and who did."),
    ODCS_TAGS_SINCE(0),
    ODCS_CUSTOM_SINCE(0),
    ODCS_DEFINITIONS_SINCE(0),
    END};
static const struct standard_shape team = SHAPE("the team", team_fields);

static const struct standard_field role_fields[] = {
    ODCS_ID,
    NEEDED("role", "The name of the role that gives access."),
    TEXT("description", "Who should have it, and what for.", .since = ODCS_3_0),
    NEEDED("access", "What it may do: read, write ...", .until = ODCS_3_0),
    TEXT("access", "What it may do: read, write ...", .since = ODCS_3_0),
    TEXT("firstLevelApprovers", "Who must agree first."),
    TEXT("secondLevelApprovers", "Who must agree then."),
    ODCS_CUSTOM_SINCE(ODCS_3_0_1),
    END};
const struct standard_shape standard_odcs_role = {.name = "a role",
                                                  .kinds = STANDARD_MAP,
                                                  .fields = role_fields,
                                                  .open_until = ODCS_3_1};

static const struct standard_field stakeholder_fields[] = {
    TEXT("username", "The user's name or e-mail address."),
    TEXT("role", "What the person is: owner, steward ..."),
    TEXT("dateIn", "Since when."),
    TEXT("dateOut", "Until when."),
    TEXT("replacedByUsername", "Who took over."),
    END};
static const struct standard_shape stakeholder =
    OPEN_SHAPE("a stakeholder", stakeholder_fields);

/* ---- Promises ---- */

static const struct standard_field price_fields[] = {
    ODCS_ID,
    TEXT("priceAmount", "What one unit costs.", .until = ODCS_2_2_2),
    LIMIT("priceAmount", "What one unit costs.", .since = ODCS_2_2_2),
    TEXT("priceCurrency", "In which money: USD, EUR ..."),
    TEXT("priceUnit", "What is paid for: a megabyte, a month ..."),
    END};
static const struct standard_shape price = {.name = "the price",
                                            .kinds = STANDARD_MAP,
                                            .fields = price_fields,
                                            .open_until = ODCS_3_1};

#define PROMISE_TEXT "How much is promised."
#define MORE_TEXT "The other end, where the promise is a range."
static const struct standard_field promise_fields[] = {
    ODCS_ID,
    NEEDED("property", "What is promised: latency, retention, frequency, availability, "
                       "generalAvailability, endOfSupport, timeToRepair ..."),
    NEEDED("value", PROMISE_TEXT, .until = ODCS_2_2_2),
    MIXED("value", STANDARD_TEXT | STANDARD_NUMBER, PROMISE_TEXT,
          .flags = STANDARD_REQUIRED, .since = ODCS_2_2_2, .until = ODCS_3_0),
    MIXED("value", STANDARD_SCALAR, PROMISE_TEXT, .flags = STANDARD_REQUIRED,
          .since = ODCS_3_0),
    TEXT("valueExt", MORE_TEXT, .until = ODCS_2_2_2),
    MIXED("valueExt", STANDARD_TEXT | STANDARD_NUMBER, MORE_TEXT, .since = ODCS_2_2_2,
          .until = ODCS_3_0),
    MIXED("valueExt", STANDARD_SCALAR, MORE_TEXT, .since = ODCS_3_0),
    TEXT("unit", "The unit of the value: d, day, days, y, yr, years, h, m ..."),
    TEXT("column", "The columns it is about, as table.column.", .until = ODCS_3_0),
    TEXT("element", "The columns it is about, as object.property, divided by commas.",
         .since = ODCS_3_0),
    TEXT("driver", "Why it matters: regulatory, analytics, operational."),
    TEXT("description", "What the promise means, for people.", .since = ODCS_3_1),
    TEXT("scheduler", "The program that checks it.", .since = ODCS_3_1),
    TEXT("schedule", "When it does, in the notation of that program.", .since = ODCS_3_1),
    ODCS_CUSTOM_SINCE(ODCS_3_2),
    ODCS_DEFINITIONS_SINCE(ODCS_3_2),
    END,
};
static const struct standard_shape promise = {.name = "a service level",
                                              .kinds = STANDARD_MAP,
                                              .fields = promise_fields,
                                              .open_until = ODCS_3_1};

/* ---- The contract ---- */

static const struct standard_field description_fields[] = {
    TEXT("usage", "How the data are meant to be used."),
    TEXT("purpose", "What the data are for."),
    TEXT("limitations", "What they are not good for, or must not be used for."),
    ODCS_DEFINITIONS_SINCE(ODCS_3_0_1),
    ODCS_CUSTOM_SINCE(ODCS_3_0_1),
    END};
static const struct standard_shape description =
    OPEN_SHAPE("the description", description_fields);

/* v and three numbers; whatever follows is no matter. */
static bool begins_with_version(const char *text)
{
    const char *p = text;
    for (int i = 0; i < 3; i++) {
        if (*p++ != (i == 0 ? 'v' : '.') || *p < '0' || *p > '9') {
            return false;
        }
        while (*p >= '0' && *p <= '9') {
            p++;
        }
    }
    return true;
}
static const struct standard_form a_version = {"a version such as v2.2.2",
                                               begins_with_version};

#define OLD(name, text) TEXT(name, text, .until = ODCS_3_0)
#define OLD_NEEDED(name, text) NEEDED(name, text, .until = ODCS_3_0)
/* What 3.0 renamed, or moved to servers. */
#define OLD_ROWS                                                                         \
    OLD_NEEDED("uuid", "The name of the contract that no other has."),                   \
        OLD_NEEDED("type", "What the dataset consists of: tables ..."),                  \
        OLD_NEEDED("datasetName", "The name of the dataset where it is kept."),          \
        OLD_NEEDED("quantumName", "The name of the data product."),                      \
        LIST_OF("dataset", &standard_odcs_dataset, "The tables.",                        \
                .flags = STANDARD_REQUIRED, .until = ODCS_3_0),                          \
        OLD("datasetKind", "Whether it is managed or virtual."),                         \
        OLD("userConsumptionMode", "Whether it is for analysis or for operation."),      \
        OLD("sourceSystem", "The system that the data lie in."),                         \
        OLD("sourcePlatform", "The platform that the system runs on."),                  \
        OLD("server", "The server that the data lie on."),                               \
        OLD("productSlackChannel", "The channel where the team answers."),               \
        OLD("productFeedbackUrl", "Where feedback is sent to."),                         \
        OLD("productDl", "The team's list of e-mail addresses."),                        \
        OLD("username", "The user that connects."),                                      \
        OLD("password", "The password of that user."),                                   \
        OLD("driverVersion", "The version of the driver."),                              \
        OLD("driver", "The driver that connects."),                                      \
        OLD("project", "The project that the dataset belongs to."),                      \
        OLD("datasetDomain", "The domain that the dataset belongs to."),                 \
        OLD("database", "The database that the data lie in."),                           \
        LIST_OF("stakeholders", &stakeholder, "Who has to do with the data.",            \
                .until = ODCS_3_0),                                                      \
        OLD("slaDefaultColumn", "The columns that promises are about, if not said.")

#define VERSIONS "v2.2.0 v2.2.1 v2.2.2 v3.0.0 v3.0.1 v3.0.2 v3.1.0 v3.2.0"
#define API_TEXT "The version of the standard that the contract follows."
#define STATUS_TEXT "Its state: proposed, draft, active, deprecated, retired."
#define PRODUCT_TEXT "The data product it is a contract of."
#define TEAM_TEXT "Who is responsible for the data."

#define IDENTITY                                                                         \
    NEEDED_WORDS("kind", "DataContract", "Always DataContract."),                        \
        FORMED("apiVersion", &a_version, API_TEXT, .until = ODCS_3_0),                   \
        {.key = "apiVersion",                                                            \
         .kinds = STANDARD_TEXT,                                                         \
         .flags = STANDARD_REQUIRED | STANDARD_VERSION,                                  \
         .words = VERSIONS,                                                              \
         .since = ODCS_3_0,                                                              \
         .meaning = API_TEXT},                                                           \
        NEEDED("version", "The version of this contract."),                              \
        NEEDED("id", "The name of the contract that no other has.", .since = ODCS_3_0),  \
        NEEDED("status", STATUS_TEXT, .until = ODCS_3_2),                                \
        TEXT("status", STATUS_TEXT, .since = ODCS_3_2)

static const struct standard_field contract_fields[] = {
    IDENTITY,
    TEXT("name", "Its name for people.", .since = ODCS_3_0),
    TEXT("tenant", "The company or part of it that the data belong to."),
    TEXT("domain", "The domain that the data belong to.", .since = ODCS_3_0),
    TEXT("dataProduct", PRODUCT_TEXT, .since = ODCS_3_0, .until = ODCS_3_2,
         .deprecated = ODCS_3_1),
    TEXT("dataProduct", PRODUCT_TEXT, .since = ODCS_3_2),
    ODCS_TAGS_SINCE(0),
    LIST_OF("servers", &standard_odcs_server, "Where the data are.", .since = ODCS_3_0),
    MAP_OF("description", &description, "Why, how and how not to use the data."),
    LIST_OF("schema", &standard_odcs_object, "The objects: tables, topics, files.",
            .since = ODCS_3_0),
    LIST_OF("support", &support, "Where one gets help.", .since = ODCS_3_0),
    MAP_OF("price", &price, "What the data cost."),
    LIST_OF("team", &member, TEAM_TEXT, .since = ODCS_3_0, .until = ODCS_3_1),
    /* A map of its own, or the members at once as before 3.1. */
    MIXED("team", STANDARD_MAP | STANDARD_LIST, TEAM_TEXT, .of = &team, .items = &member,
          .since = ODCS_3_1),
    LIST_OF("roles", &standard_odcs_role, "Who may get access, and who grants it."),
    TEXT("slaDefaultElement", "The columns that promises are about, if not said.",
         .since = ODCS_3_0, .deprecated = ODCS_3_1),
    LIST_OF("slaProperties", &promise, "What is promised about the service."),
    ODCS_DEFINITIONS_SINCE(ODCS_3_0_1),
    LIST_OF("customProperties", &standard_odcs_custom,
            "What the standard has no field for, as properties with values.",
            .since = ODCS_3_0),
    TEXT("contractCreatedTs", "When the contract was made, as 2024-12-31T23:59:59Z.",
         .since = ODCS_3_0),
    MIXED("context", STANDARD_TEXT | STANDARD_MAP,
          "What programs that answer questions must know about the data.",
          .of = &standard_odcs_context, .since = ODCS_3_2),
    OLD_ROWS,
    END,
};

static void warn_of_team(struct standard_check *check,
                         const struct document_value *contract)
{
    const struct document_value *listed = document_get(contract, "team");
    if (check->version >= ODCS_3_1 && document_kind(listed) == DOCUMENT_LIST) {
        standard_mend(standard_tell(check, document_place(listed), false, "deprecated",
                                    "team as a list is deprecated since 3.1.0"),
                      "write team as a map, with the list as its members");
    }
}

const struct standard_shape standard_odcs = {.name = "a data contract",
                                             .kinds = STANDARD_MAP,
                                             .fields = contract_fields,
                                             .open_until = ODCS_3_0,
                                             .also = warn_of_team};
