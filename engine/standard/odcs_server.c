/* standard/odcs_server: where the data of a contract lie (Open Data Contract Standard,
 * bitol.io): what a server of each type has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/odcs.h"

#include "engine/text.h"

static bool is_sftp(const char *text)
{
    return string_starts(text, "sftp://");
}
static const struct standard_form sftp_address = {"an address that begins with sftp://",
                                                  is_sftp};

#define FILE_FORMATS "parquet delta json csv"
#define DELIMITERS "new_line array"
#define LOCATION_TEXT "The address of the data."
#define FORMAT_TEXT "The format of the files or messages: csv, json, parquet, delta ..."
#define DELIMITER_TEXT "How the documents of a file are told apart: new_line or array."

static const struct standard_field words[] = {
    TEXT("account", "The account that the data belong to."),
    TEXT("catalog", "The catalog that holds the schemas."),
    TEXT("catalogUrl", "The address of the catalog's service."),
    TEXT("database", "The database."),
    TEXT("dataset", "The dataset inside the project."),
    TEXT("delimiter", DELIMITER_TEXT),
    TEXT("encoding", "The encoding of the characters: UTF-8, ISO-8859-1 ...",
         .since = ODCS_3_2),
    TEXT("endpointUrl", "The address of the service, when it is not the usual one."),
    TEXT("format", FORMAT_TEXT),
    TEXT("host", "The name or address of the machine."),
    TEXT("location", LOCATION_TEXT),
    TEXT("namespace", "The namespace inside the catalog."),
    TEXT("path", "The path of the files; * stands for any part of a name."),
    WHOLE("port", "The port that the machine listens at.", .until = ODCS_3_2),
    MIXED("port", STANDARD_INTEGER | STANDARD_TEXT,
          "The port that the machine listens at; a text where it is a variable.",
          .since = ODCS_3_2),
    TEXT("project", "The project of the cloud that the data belong to."),
    TEXT("region", "The region of the cloud."),
    TEXT("regionName", "The region of the cloud."),
    TEXT("schema", "The schema inside the database or catalog."),
    TEXT("serviceName", "The service that the database is reached by."),
    TEXT("stagingDir", "Where results of queries are put down."),
    TEXT("stream", "The name of the stream.", .since = ODCS_3_1),
    TEXT("warehouse", "The warehouse that runs the queries, or holds the tables."),
    TEXT("workgroup", "The group that the queries are run in.", .since = ODCS_3_2),
    END,
};

/* Before 3.1 the formats of files were listed; the text of the standard never did. */
static const struct standard_field listed_formats[] = {
    NEEDED("location", LOCATION_TEXT),
    WORDS("format", FILE_FORMATS, FORMAT_TEXT),
    WORDS("delimiter", DELIMITERS, DELIMITER_TEXT),
    END,
};
static const struct standard_field azure_formats[] = {
    NEEDED("location", LOCATION_TEXT),
    NEEDED_WORDS("format", FILE_FORMATS, FORMAT_TEXT),
    WORDS("delimiter", DELIMITERS, DELIMITER_TEXT),
    END,
};
static const struct standard_field sftp_fields[] = {
    FORMED("location", &sftp_address, LOCATION_TEXT, .flags = STANDARD_REQUIRED),
    WORDS("format", FILE_FORMATS, FORMAT_TEXT, .until = ODCS_3_1),
    WORDS("delimiter", DELIMITERS, DELIMITER_TEXT, .until = ODCS_3_1),
    END,
};
static const struct standard_field duckdb_fields[] = {
    WHOLE("schema", "The schema inside the database.", .until = ODCS_3_1), END};
/* The schemas of 3.0.0 and 3.0.1 misspell what they require. */
static const struct standard_field misspelt_fields[] = {
    MIXED("staging_dir", STANDARD_ANY, "Where results of queries are put down.",
          .flags = STANDARD_REQUIRED),
    END};

#define SERVER(type, rows, ...)                                                          \
    {                                                                                    \
        .key = "type", .word = type, .compact = rows, .dictionary = words, __VA_ARGS__   \
    }
static const struct standard_variant variants[] = {
    SERVER("api", "location!"),
    SERVER("athena", "stagingDir schema! catalog regionName", .fields = misspelt_fields,
           .until = ODCS_3_0_2, .flags = STANDARD_STRICT),
    SERVER("athena", "stagingDir schema! catalog regionName", .until = ODCS_3_0_2,
           .flags = STANDARD_LENIENT),
    SERVER("athena", "stagingDir! schema! catalog regionName", .since = ODCS_3_0_2,
           .until = ODCS_3_2),
    SERVER("athena", "stagingDir schema! catalog regionName workgroup",
           .since = ODCS_3_2),
    SERVER("azure", "", .fields = azure_formats, .until = ODCS_3_1),
    SERVER("azure", "location! format! delimiter encoding", .since = ODCS_3_1),
    SERVER("bigquery", "project! dataset!"),
    SERVER("clickhouse mysql synapse", "host! port! database!"),
    SERVER("cloudsql postgres postgresql vertica", "host! port! database! schema!"),
    SERVER("custom", "account catalog database dataset delimiter encoding endpointUrl "
                     "format host location path port project region regionName schema "
                     "serviceName stagingDir stream warehouse"),
    SERVER("databricks", "host catalog! schema!"),
    SERVER("db2", "host! port! database! schema"),
    SERVER("denodo", "host! port! database"),
    SERVER("dremio", "host! port! schema"),
    SERVER("duckdb", "database! schema", .fields = duckdb_fields),
    SERVER("glue", "account! database! location format encoding"),
    SERVER("informix", "host! port database!"),
    SERVER("hive impala zen", "host! port database!", .since = ODCS_3_1),
    SERVER("kafka", "host! format encoding"),
    SERVER("kinesis", "region format encoding"),
    SERVER("local", "path! format! encoding"),
    SERVER("oracle", "host! port! serviceName!"),
    SERVER("presto", "host! catalog schema"),
    SERVER("pubsub", "project!"),
    SERVER("redshift", "host database! schema! region account"),
    SERVER("s3", "endpointUrl", .fields = listed_formats, .until = ODCS_3_1),
    SERVER("s3", "location! endpointUrl format delimiter encoding", .since = ODCS_3_1),
    SERVER("sftp", "format delimiter encoding", .fields = sftp_fields),
    SERVER("snowflake", "host port account! database! schema! warehouse"),
    SERVER("sqlserver", "host! port database! schema!"),
    SERVER("trino", "host! port! catalog! schema!"),
    SERVER("exasol", "host! port schema", .since = ODCS_3_2),
    SERVER("hana", "host! port database schema", .since = ODCS_3_2),
    SERVER("iceberg", "catalog! catalogUrl! namespace warehouse", .since = ODCS_3_2),
    SERVER("teradata", "host! port database", .since = ODCS_3_2),
    SERVER("ingres vectorwise versant poet fastobjects btrieve",
           "host port database schema", .since = ODCS_3_2),
    {.key = NULL},
};

#define TYPES_3_0                                                                        \
    "api athena azure bigquery clickhouse cloudsql custom databricks db2 denodo dremio " \
    "duckdb glue informix kafka kinesis local mysql oracle postgres postgresql presto "  \
    "pubsub redshift s3 sftp snowflake sqlserver synapse trino vertica"
#define TYPES_3_1 TYPES_3_0 " hive impala zen"
#define TYPES_3_2                                                                        \
    TYPES_3_1 " exasol hana iceberg teradata ingres vectorwise versant poet fastobjects" \
              " btrieve"
#define TYPE_TEXT "What kind of server it is; which fields it has depends on it."

static const struct standard_field fields[] = {
    ODCS_ID,
    NEEDED("server", "The name of the server in this contract."),
    NEEDED_WORDS("type", TYPES_3_0, TYPE_TEXT, .until = ODCS_3_1),
    NEEDED_WORDS("type", TYPES_3_1, TYPE_TEXT, .since = ODCS_3_1, .until = ODCS_3_2),
    NEEDED_WORDS("type", TYPES_3_2, TYPE_TEXT, .since = ODCS_3_2),
    TEXT("description", "What is to be found there."),
    TEXT("environment", "Which stage it belongs to: prod, preprod, dev, uat ..."),
    LIST_OF("roles", &standard_odcs_role, "The roles that may use this server."),
    ODCS_CUSTOM_SINCE(0),
    END,
};
const struct standard_shape standard_odcs_server = {.name = "a server of this type",
                                                    .kinds = STANDARD_MAP,
                                                    .fields = fields,
                                                    .variants = variants,
                                                    .open_until = ODCS_3_1};
