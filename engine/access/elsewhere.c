/* access/elsewhere: places that nobody here fetches from. Their contracts say how they
 * are reached, and that is what is told, with a way to have the data all the same.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/access/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/document.h"
#include "engine/secret.h"

/* A type of servers (ODCS 3.1 and 3.2, section Servers; Data Contract Specification 1.2).
 * Keys of it that tell where to go, in the order people say them. */
static const struct elsewhere {
    const char *types; /* blanks between */
    const char *title, *thing;
    const char *keys;
    const char *way; /* to bring it here */
} elsewheres[] = {
    {"bigquery", "BigQuery", "a table", "project dataset",
     "bq query --format=csv, or EXPORT DATA, writes it as CSV"},
    {"snowflake", "Snowflake", "a table", "account database schema warehouse host",
     "snowsql -o output_format=csv writes it as CSV"},
    {"databricks", "Databricks", "a table", "host catalog schema",
     "the SQL editor or databricks-sql-cli writes it as CSV"},
    {"redshift", "Redshift", "a table", "host port account database schema",
     "UNLOAD writes it as CSV to S3, which is fetched from"},
    {"kafka confluent", "Kafka", "a topic", "host topic format",
     "kcat -C -e -t TOPIC writes its messages as JSON Lines"},
    {"kinesis", "Kinesis", "a stream", "stream region format",
     "a delivery stream to S3 makes files of it, which are fetched"},
    {"pubsub", "Pub/Sub", "a topic", "project topic",
     "a subscription to Cloud Storage makes files of it"},
    {"mysql mariadb", "MySQL", "a table", "host port database",
     "mysql --batch writes it as text with tabs"},
    {"oracle", "Oracle", "a table", "host port serviceName schema",
     "SET SQLFORMAT csv and SPOOL of SQLcl write it as CSV"},
    {"sqlserver synapse", "SQL Server", "a table", "host port database schema driver",
     "bcp QUERY queryout writes it as CSV"},
    {"clickhouse", "ClickHouse", "a table", "host port database",
     "clickhouse-client --format CSVWithNames writes it as CSV"},
    {"trino presto", "Trino", "a table", "host port catalog schema",
     "trino --output-format CSV_HEADER writes it as CSV"},
    {"athena", "Athena", "a table", "catalog schema regionName stagingDir",
     "its results lie as CSV in the staging folder on S3, which is fetched from"},
    {"glue", "Glue", "a table", "account database location",
     "its files lie on S3: name them, and they are fetched"},
    {"db2", "Db2", "a table", "host port database schema",
     "EXPORT TO ... OF DEL writes it as CSV"},
    {"hive impala", "Hive", "a table", "host port database",
     "beeline --outputformat=csv2 writes it as CSV"},
    {"dremio denodo", "a virtual layer", "a view", "host port database schema",
     "its download as CSV makes a file of it"},
    {"duckdb", "DuckDB", "a table", "database schema",
     "COPY ... TO 'FILE.csv' (HEADER) writes it as CSV"},
    {"vertica informix zen hana exasol teradata ingres vectorwise versant poet "
     "fastobjects btrieve",
     "a database", "a table", "host port database schema",
     "an export of its client makes a CSV file of it"},
    {"iceberg", "Iceberg", "a table", "catalog catalogUrl location schema",
     "the engine that reads it writes it as CSV"},
    {"sftp", "a server of files", "a file", "location format", "sftp brings it here"},
    {"azure", "Azure storage", "a file", "location format", "azcopy brings it here"},
    {"gcs", "Google Cloud Storage", "a file", "location format",
     "gcloud storage cp brings it here"},
    {"api", "an interface of programs", "what it answers", "location",
     "a program that asks it writes CSV or JSON Lines"},
};

/* Addresses of files that need a tool of their own. */
static const struct {
    const char *scheme, *title, *way;
} schemes[] = {
    {"gs", "Google Cloud Storage", "gcloud storage cp brings it here"},
    {"abfss", "Azure storage", "azcopy brings it here"},
    {"abfs", "Azure storage", "azcopy brings it here"},
    {"wasbs", "Azure storage", "azcopy brings it here"},
    {"az", "Azure storage", "azcopy brings it here"},
    {"hdfs", "Hadoop", "hdfs dfs -get brings it here"},
    {"dbfs", "Databricks", "databricks fs cp brings it here"},
    {"sftp", "a server of files", "sftp brings it here"},
    {"ftp", "a server of files", "a download brings it here"},
    {"ftps", "a server of files", "a download brings it here"},
    {"ssh", "another host", "scp brings it here"},
};

static bool has_word(const char *words, const char *word)
{
    size_t length = word != NULL ? strlen(word) : 0;
    for (const char *at = words; length > 0 && *at != '\0'; at += strspn(at, " ")) {
        size_t here = strcspn(at, " ");
        char *one = string_copy_bytes(at, here);
        bool same = here == length && string_equal_fold(one, word);
        free(one);
        if (same) {
            return true;
        }
        at += here;
    }
    return false;
}

static const struct elsewhere *elsewhere_of(const char *type)
{
    for (size_t i = 0; i < sizeof elsewheres / sizeof *elsewheres; i++) {
        if (has_word(elsewheres[i].types, type)) {
            return &elsewheres[i];
        }
    }
    return NULL;
}

/* ---- How it is reached ---- */

enum { VALUE_MOST = 100, REACHED_MOST = 360, ASK_MOST = 200 };

/* The bytes of its first signs that are at most so many. */
static int cut(const char *text, size_t most)
{
    size_t length = strlen(text);
    length = length < most ? length : most;
    while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80) {
        length--;
    }
    return (int)length;
}

static void append_value(struct text *out, const char *key, const char *value)
{
    size_t length = (size_t)cut(value, VALUE_MOST);
    if (length > 0 && out->length + length < REACHED_MOST) {
        text_printf(out, "%s%s %.*s%s", out->length > 0 ? ", " : "", key, (int)length,
                    value, value[length] != '\0' ? "..." : "");
    }
}

/* All texts of a server of an unknown type. */
static void append_all(const struct place *place, struct text *out)
{
    static const char kept[] = "name server type environment description format id roles "
                               "customProperties";
    const char *details = place->server->details;
    struct document_place where;
    struct document *document =
        details != NULL
            ? document_parse(details, strlen(details), DOCUMENT_JSON, &where, NULL)
            : NULL;
    const struct document_value *root = document != NULL ? document_root(document) : NULL;
    for (size_t i = 0; i < document_count(root); i++) {
        const char *key = NULL;
        const char *value = document_text(document_member(root, i, &key, NULL));
        if (value != NULL && !has_word(kept, key)) {
            append_value(out, key, value);
        }
    }
    document_free(document);
}

static void append_keys(const struct place *place, const char *keys, struct text *out)
{
    while (*keys != '\0') {
        size_t length = strcspn(keys, " ");
        char *key = string_copy_bytes(keys, length);
        char *value = catalog_server_value(place->server, key);
        if (value != NULL) {
            append_value(out, key, value);
        }
        free(value);
        free(key);
        keys += length + strspn(keys + length, " ");
    }
}

/* The first role of the contract, or whom to ask: what stands on the product's card. */
static void append_ask(const struct place *place, struct text *out)
{
    static const char *const groups[][2] = {{"access", "; the contract gives access by "
                                                       "the role "},
                                            {"contact", "; ask "}};
    const struct array *facts = &place->product->facts;
    for (size_t i = 0; i < 2; i++) {
        for (size_t j = 0; j < facts->count; j++) {
            const struct catalog_fact *fact = array_at(facts, j);
            const char *value = fact->value != NULL ? fact->value : "";
            if (string_equal(fact->group, groups[i][0]) && fact->name != NULL) {
                text_printf(out, "%s%.*s%s%.*s%s", groups[i][1],
                            cut(fact->name, VALUE_MOST), fact->name,
                            value[0] != '\0' ? " (" : "", cut(value, ASK_MOST), value,
                            value[0] != '\0' ? ")" : "");
                return;
            }
        }
    }
}

/* ---- The sentence ---- */

static bool refuse_server(const struct place *place, struct error *err)
{
    const struct elsewhere *known = elsewhere_of(place->server->type);
    const struct catalog_table *table = place->table;
    const char *name = table->physical_name != NULL ? table->physical_name : table->name;
    struct text reached = {0}, ask = {0};
    if (known != NULL) {
        append_keys(place, known->keys, &reached);
    }
    if (reached.length == 0) {
        append_all(place, &reached);
    }
    append_ask(place, &ask);
    char *safe = secret_redact(text_string(&reached));
    error_set(err, ERROR_FAILED,
              "could not fetch %.*s: it is %s of %s%s%s%s, and mwb does not fetch from "
              "there; %s; put the file beside the descriptor and name it there%s",
              cut(name, VALUE_MOST), name, known != NULL ? known->thing : "something",
              known != NULL                 ? known->title
              : place->server->type != NULL ? place->server->type
                                            : "a server",
              safe[0] != '\0' ? " (" : "", safe, safe[0] != '\0' ? ")" : "",
              known != NULL ? known->way : "export it there as CSV or JSON Lines",
              text_string(&ask));
    free(safe);
    text_release(&reached);
    text_release(&ask);
    return false;
}

static bool refuse_address(const struct place *place, struct error *err)
{
    char *scheme = string_copy_bytes(place->location, strcspn(place->location, ":"));
    char *safe = secret_redact(place->location);
    const char *title = NULL, *way = "download it";
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (string_equal_fold(scheme, schemes[i].scheme)) {
            title = schemes[i].title;
            way = schemes[i].way;
        }
    }
    error_set(err, ERROR_FAILED,
              "could not fetch %.*s: mwb does not fetch from %s%s; %s; put the file "
              "beside the descriptor and name it there",
              cut(safe, REACHED_MOST), safe, title != NULL ? title : "addresses of ",
              title != NULL ? "" : scheme, way);
    free(safe);
    free(scheme);
    return false;
}

bool elsewhere_refuse(const struct place *place, struct error *err)
{
    return place->location != NULL ? refuse_address(place, err)
                                   : refuse_server(place, err);
}
