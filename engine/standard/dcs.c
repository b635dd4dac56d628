/* standard/dcs: what the Data Contract Specification (datacontract.com) 0.9.0 to 1.2.1
 * allows: the contract, its servers, terms and service levels.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/dcs.h"
#include "engine/standard/rows.h"

#include <string.h>

#define NEEDS .flags = STANDARD_REQUIRED

/* ---- Servers ---- */

static const struct standard_field role_fields[] = {
    ROW("name", TEXT, "Name of the role.", NEEDS),
    ROW("description", TEXT, "What the role may do."),
    END,
};
static const struct standard_shape role = OPEN_SHAPE("a role", role_fields);

#define WORDS_0_9_0 "bigquery BigQuery s3 redshift snowflake databricks kafka"
#define WORDS_0_9_2 WORDS_0_9_0 " postgres pubsub local"
#define WORDS_0_9_3                                                                      \
    WORDS_0_9_2 " sftp azure sqlserver dataframe glue oracle kinesis trino"
#define SERVER_TYPE(...)                                                                 \
    ROW("type", TEXT, "What kind of system the data lie in.", NEEDS, __VA_ARGS__)

static const struct standard_field server_fields[] = {
    SERVER_TYPE(.words = WORDS_0_9_0, .until = V0_9_2),
    SERVER_TYPE(.words = WORDS_0_9_2, .since = V0_9_2, .until = V0_9_3),
    SERVER_TYPE(.words = WORDS_0_9_3 " gcs", .since = V0_9_3, .until = V1_1_0),
    SERVER_TYPE(.words = WORDS_0_9_3, .since = V1_1_0, .until = V1_2_0),
    SERVER_TYPE(.since = V1_2_0),
    ROW("description", TEXT, "What this server is for.", .since = V1_1_0),
    ROW("environment", TEXT, "The stage it belongs to: prod, dev ...", .since = V1_1_0),
    ROW("roles", LIST, "Who may be given access.", .of = &role, .since = V1_1_0),
    END,
};

static const struct standard_field server_dictionary[] = {
    ROW("project", TEXT, "The project at the cloud provider."),
    ROW("dataset", TEXT, "The dataset inside the project."),
    ROW("location", TEXT, "Where the files lie: a path or address, * for many."),
    ROW("endpointUrl", TEXT, "Address of the storage service, when it is another one."),
    ROW("account", TEXT, "The account at the provider."),
    ROW("database", TEXT, "The database."),
    ROW("schema", TEXT, "The schema inside the database."),
    ROW("share", TEXT, "The share the data are offered by."),
    ROW("host", TEXT, "Name of the machine."),
    ROW("port", INTEGER, "Number of the port.", .until = V1_1_0),
    MIXED("port", STANDARD_TEXT | STANDARD_INTEGER, "Number of the port.",
          .since = V1_1_0),
    ROW("catalog", TEXT, "The catalog the schema belongs to."),
    ROW("topic", TEXT, "The topic the messages are sent to."),
    ROW("stream", TEXT, "The stream of data."),
    ROW("region", TEXT, "The provider's region."),
    ROW("format", TEXT, "How the data are written: parquet, avro, csv, json ..."),
    ROW("path", TEXT, "Where the files lie, from this contract on."),
    ROW("serviceName", TEXT, "Name of the Oracle service."),
    ROW("clusterIdentifier", TEXT, "Name of the cluster."),
    ROW("endpoint", TEXT, "Address of the cluster."),
    END,
};

#define FILE_FORMAT "How the files are written."
#define FILE_WORDS "parquet delta json csv"
#define DELIMITER                                                                        \
    ROW("delimiter", TEXT, "What stands between two JSON values: lines, or an array.",   \
        .words = "new_line array")
static const struct standard_field file_fields[] = {
    ROW("format", TEXT, FILE_FORMAT, .words = FILE_WORDS), DELIMITER, END};
static const struct standard_field azure_fields[] = {
    ROW("format", TEXT, FILE_FORMAT, NEEDS, .words = FILE_WORDS), DELIMITER, END};

/* What a server of a type needs. The schemas from 1.1.0 on hold these rules, too, but
 * beside a reference, where their draft of JSON Schema ignores them. */
#define TYPED(its_word, its_compact, ...)                                                \
    {                                                                                    \
        .key = "type", .word = its_word, .compact = its_compact,                         \
        .dictionary = server_dictionary, __VA_ARGS__                                     \
    }
#define STAYS(word, compact, from, ...)                                                  \
    TYPED(word, compact, .since = from, .until = V1_1_0, __VA_ARGS__),                   \
        TYPED(word, compact, .since = V1_1_0, .flags = STANDARD_LENIENT, __VA_ARGS__)

static const struct standard_variant server_variants[] = {
    STAYS("bigquery", "project! dataset!", 0, .fields = NULL),
    TYPED("BigQuery", "project! dataset!", .until = V1_1_0),
    TYPED("s3", "location!", .until = V0_9_3),
    STAYS("s3", "location! endpointUrl", V0_9_3, .fields = file_fields),
    STAYS("sftp", "location!", V0_9_3, .fields = file_fields),
    TYPED("gcs", "location!", .fields = file_fields, .since = V0_9_3, .until = V1_1_0),
    STAYS("azure", "location!", V0_9_3, .fields = azure_fields),
    TYPED("redshift", "account! database! schema!", .until = V0_9_3),
    STAYS("redshift", "account! database! schema! host port clusterIdentifier endpoint",
          V0_9_3, .fields = NULL),
    STAYS("snowflake", "account! database! schema!", 0, .fields = NULL),
    TYPED("databricks", "share!", .until = V0_9_2),
    TYPED("databricks", "host! catalog! schema!", .since = V0_9_2, .until = V0_9_3),
    STAYS("databricks", "catalog! schema! host", V0_9_3, .fields = NULL),
    TYPED("kafka", "host! topic!", .until = V0_9_2),
    STAYS("kafka", "host! topic! format", V0_9_2, .fields = NULL),
    STAYS("postgres", "host! port! database! schema!", V0_9_2, .fields = NULL),
    STAYS("pubsub", "project! topic!", V0_9_2, .fields = NULL),
    STAYS("local", "path! format!", V0_9_2, .fields = NULL),
    STAYS("sqlserver", "host! database! schema! port", V0_9_3, .fields = NULL),
    STAYS("glue", "account! database! location format", V0_9_3, .fields = NULL),
    STAYS("oracle", "host! port! serviceName!", V0_9_3, .fields = NULL),
    STAYS("kinesis", "stream! region format", V0_9_3, .fields = NULL),
    STAYS("trino", "host! port! catalog! schema!", V0_9_3, .fields = NULL),
    TYPED("clickhouse", "host! port! database!", .since = V1_2_1,
          .flags = STANDARD_LENIENT),
    {.key = NULL},
};
static const struct standard_shape server = {.name = "a server",
                                             .kinds = STANDARD_MAP,
                                             .fields = server_fields,
                                             .variants = server_variants,
                                             .open = true};

/* Version 0.9.3 gave two fields of a server to the map of all servers. */
static const struct standard_field servers_fields[] = {
    ROW("description", TEXT, "What the servers are for.", .since = V0_9_3,
        .until = V1_1_0),
    ROW("environment", TEXT, "The stage they belong to.", .since = V0_9_3,
        .until = V1_1_0),
    END,
};
const struct standard_shape standard_dcs_servers = {.name = "the servers",
                                                    .kinds = STANDARD_MAP,
                                                    .fields = servers_fields,
                                                    .open = true,
                                                    .each = &server};

/* ---- Info and terms ---- */

static const struct standard_field contact_fields[] = {
    ROW("name", TEXT, "Name of the person or team."),
    ROW("url", TEXT, "Page or channel where they are reached."),
    ROW("email", TEXT, "Their mail address."),
    END,
};
static const struct standard_shape contact = OPEN_SHAPE("the contact", contact_fields);

static const struct standard_field info_fields[] = {
    ROW("title", TEXT, "Name of the contract.", NEEDS),
    ROW("version", TEXT, "Version of the contract, not of the specification.", NEEDS),
    ROW("status", TEXT, "proposed, in development, active, deprecated or retired.",
        .since = V0_9_3),
    ROW("description", TEXT, "What the contract is about."),
    ROW("owner", TEXT, "The team that is responsible for the data."),
    ROW("dataProduct", TEXT, "The data product that offers the data.", .until = V0_9_1),
    ROW("outputPort", TEXT, "Its output port.", .until = V0_9_1),
    ROW("contact", MAP, "How to reach the owner.", .of = &contact),
    END,
};
static const struct standard_shape info = OPEN_SHAPE("the info", info_fields);

static const struct standard_field policy_fields[] = {
    ROW("type", TEXT, "What the policy is about: privacy, security, retention ..."),
    ROW("description", TEXT, "What the policy says."),
    ROW("url", TEXT, "Where the policy is written down."),
    END,
};
static const struct standard_shape policy = OPEN_SHAPE("a policy", policy_fields);

static const struct standard_field terms_fields[] = {
    ROW("usage", TEXT, "What the data may be used for."),
    ROW("limitations", TEXT, "What they may not be used for."),
    ROW("policies", LIST, "Policies that hold for the data.", .of = &policy,
        .since = V1_1_0),
    ROW("billing", TEXT, "What the use costs."),
    ROW("noticePeriod", TEXT, "How long before its end the contract must be ended."),
    END,
};
static const struct standard_shape terms = OPEN_SHAPE("the terms", terms_fields);

/* ---- Service levels ---- */

static bool is_percentage(const char *text)
{
    static const char digits[] = "0123456789";
    size_t whole = strspn(text, digits);
    size_t part = text[whole] == '.' ? strspn(text + whole + 1, digits) : 0;
    size_t end = whole + (text[whole] == '.' ? 1 + part : 0);
    return whole > 0 && (text[whole] != '.' || part > 0) && strcmp(text + end, "%") == 0;
}

static const struct standard_form percentage = {"a percentage, such as 99.9%",
                                                is_percentage};

#define DESCRIPTION ROW("description", TEXT, "The promise in plain words.")
#define CRON(what) ROW("cron", TEXT, "When " what ", as a line of cron.")

static const struct standard_field availability_fields[] = {
    DESCRIPTION,
    ROW("percentage", TEXT, "Share of the time it is up, such as 99.9%.",
        .form = &percentage),
    END,
};
static const struct standard_field retention_fields[] = {
    DESCRIPTION,
    ROW("period", TEXT, "How long data are kept: 1 year, P1Y."),
    ROW("unlimited", BOOLEAN, "True when they are kept for ever."),
    ROW("timestampField", TEXT, "The field the period is counted from."),
    END,
};
static const struct standard_field latency_fields[] = {
    DESCRIPTION,
    ROW("threshold", TEXT, "The longest way from source to here: 25 hours, PT25H."),
    ROW("sourceTimestampField", TEXT, "The field with the time at the source."),
    ROW("processedTimestampField", TEXT, "The field with the time of arrival here."),
    END,
};
static const struct standard_field freshness_fields[] = {
    DESCRIPTION,
    ROW("threshold", TEXT, "How old the youngest row may be: 25 hours, PT25H."),
    ROW("timestampField", TEXT, "The field its age is told by."),
    END,
};
static const struct standard_field frequency_fields[] = {
    DESCRIPTION,
    ROW("type", TEXT, "How the data come.",
        .words = "batch micro-batching streaming manual"),
    ROW("interval", TEXT, "How often a batch comes, such as daily."),
    CRON("a batch comes"),
    END,
};
static const struct standard_field support_fields[] = {
    DESCRIPTION,
    ROW("time", TEXT, "When somebody is there: 24/7, working hours."),
    ROW("responseTime", TEXT, "How soon a request is answered."),
    END,
};
static const struct standard_field backup_fields[] = {
    DESCRIPTION,
    ROW("interval", TEXT, "How often the data are saved, such as daily."),
    CRON("they are saved"),
    ROW("recoveryTime", TEXT, "The longest time to bring them back."),
    ROW("recoveryPoint", TEXT, "How old the saved data may be."),
    END,
};

static const struct standard_shape availability =
    OPEN_SHAPE("the availability", availability_fields);
static const struct standard_shape retention =
    OPEN_SHAPE("the retention", retention_fields);
static const struct standard_shape latency = OPEN_SHAPE("the latency", latency_fields);
static const struct standard_shape freshness =
    OPEN_SHAPE("the freshness", freshness_fields);
static const struct standard_shape frequency =
    OPEN_SHAPE("the frequency", frequency_fields);
static const struct standard_shape support = OPEN_SHAPE("the support", support_fields);
static const struct standard_shape backup = OPEN_SHAPE("the backup", backup_fields);

static const struct standard_field level_fields[] = {
    ROW("availability", MAP, "How surely the data can be reached.", .of = &availability),
    ROW("retention", MAP, "How long data are kept.", .of = &retention),
    ROW("latency", MAP, "How long data take to get here.", .of = &latency),
    ROW("freshness", MAP, "How old the youngest data may be.", .of = &freshness),
    ROW("frequency", MAP, "How often data come.", .of = &frequency),
    ROW("support", MAP, "When and how fast help is given.", .of = &support),
    ROW("backup", MAP, "How the data are saved.", .of = &backup),
    END,
};
static const struct standard_shape levels =
    OPEN_SHAPE("the service levels", level_fields);

/* ---- What the older versions held as a text of another tool ---- */

static const struct standard_shape any_map = {
    .name = "a map", .kinds = STANDARD_MAP, .open = true};
#define SPECIFICATION                                                                    \
    MIXED("specification", STANDARD_TEXT | STANDARD_MAP,                                 \
          "The text itself, in the words of that tool.", NEEDS, .of = &any_map)
#define SCHEMA_WORDS "dbt bigquery json-schema sql-ddl avro protobuf custom"
static const struct standard_field schema_fields[] = {
    ROW("type", TEXT, "The language the schema is written in.", NEEDS,
        .words = SCHEMA_WORDS),
    SPECIFICATION,
    END,
};
static const struct standard_shape schema = OPEN_SHAPE("the schema", schema_fields);

#define QUALITY_WORDS "SodaCL montecarlo custom"
#define QUALITY_TYPE(...)                                                                \
    ROW("type", TEXT, "The tool the rules are written for.", NEEDS, __VA_ARGS__)
static const struct standard_field quality_fields[] = {
    QUALITY_TYPE(.words = QUALITY_WORDS, .until = V0_9_3),
    QUALITY_TYPE(.words = QUALITY_WORDS " great-expectations", .since = V0_9_3),
    SPECIFICATION,
    END,
};
static const struct standard_shape quality = OPEN_SHAPE("the quality", quality_fields);

#define MODEL_MEANING "The model the example is of."
#define DATA_MEANING "The example itself."
static const struct standard_field example_fields[] = {
    ROW("type", TEXT, "How the example is written.", NEEDS,
        .words = "csv json yaml custom"),
    ROW("description", TEXT, "What the example shows."),
    ROW("model", TEXT, MODEL_MEANING, NEEDS, .until = V0_9_1),
    ROW("model", TEXT, MODEL_MEANING, .since = V0_9_1),
    ROW("data", TEXT, DATA_MEANING, NEEDS, .until = V0_9_2),
    MIXED("data", STANDARD_TEXT | STANDARD_LIST, DATA_MEANING, NEEDS, .since = V0_9_2),
    END,
};
static const struct standard_shape example = OPEN_SHAPE("an example", example_fields);

/* ---- The contract ---- */

#define DEFINITIONS(shape, ...)                                                          \
    ROW("definitions", MAP, "What the words of the contract mean, by name.",             \
        .of = &shape, __VA_ARGS__)
static const struct standard_field contract_fields[] = {
    ROW("dataContractSpecification", TEXT,
        "Version of the specification this file is written in.",
        .flags = STANDARD_REQUIRED | STANDARD_VERSION,
        .words = "0.9.0 0.9.1 0.9.2 0.9.3 1.1.0 1.2.0 1.2.1"),
    ROW("id", TEXT, "What tells this contract from every other one.", NEEDS),
    ROW("info", MAP, "Name, version and owner of the contract.", NEEDS, .of = &info),
    ROW("servers", MAP, "Where the data lie, by name.", .of = &standard_dcs_servers),
    ROW("terms", MAP, "What the data may be used for, and at what cost.", .of = &terms),
    ROW("models", MAP, "The tables, topics or files, by name.",
        .of = &standard_dcs_models, .flags = STANDARD_FILLED, .since = V0_9_1),
    DEFINITIONS(standard_dcs_definitions_0_9, .since = V0_9_2, .until = V1_1_0),
    DEFINITIONS(standard_dcs_definitions, .since = V1_1_0),
    ROW("schema", MAP, "The schema in another language.", .of = &schema, .until = V1_1_0),
    ROW("examples", LIST, "Examples of the data.", .of = &example, .until = V1_1_0),
    ROW("quality", MAP, "Rules in the words of another tool.", .of = &quality,
        .until = V1_1_0),
    ROW("servicelevels", MAP, "What is promised about the service.", .of = &levels,
        .since = V0_9_3),
    ROW("links", MAP, "Addresses that say more, by name.", .of = &standard_dcs_links,
        .flags = STANDARD_FILLED, .since = V0_9_3),
    ROW("tags", LIST, "Words to find it by.", .of = &standard_a_text, .since = V0_9_3),
    END,
};
const struct standard_shape standard_dcs = OPEN_SHAPE("a data contract", contract_fields);
