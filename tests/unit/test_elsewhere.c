/* elsewhere: each type of server that is not fetched from says how it is reached, and
 * what can be done.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access.h"
#include "tests/unit/tap.h"

static struct error err;
static struct catalog_product product = {.folder = (char *)"/tmp",
                                         .entry.id = (char *)"shop/orders"};

static bool refuses(const char *type, const char *details, const char *location)
{
    struct catalog_server server = {
        .name = (char *)"production", .type = (char *)type, .details = (char *)details};
    struct catalog_table table = {.name = (char *)"orders",
                                  .sql_name = (char *)"orders",
                                  .columns = ARRAY_OF(struct catalog_column),
                                  .files = ARRAY_OF(char *),
                                  .physical_name = (char *)"ORDERS_V2",
                                  .server = type != NULL ? &server : NULL};
    struct access_spec spec = {.product = &product, .table = &table, .partial = "/tmp"};
    struct array files;
    if (location != NULL) {
        *(char **)array_push(&table.files) = (char *)location;
    }
    err = (struct error){0};
    bool refused = !access_open(&spec, &files, &err);
    array_release(&table.files);
    return refused;
}

static bool says(const char *part)
{
    if (strstr(err.message, part) != NULL) {
        return true;
    }
    printf("# the sentence was: %s\n", err.message);
    return false;
}

static const struct {
    const char *type, *details, *reached, *way;
} servers[] = {
    {"bigquery", "{\"project\":\"acme-prod\",\"dataset\":\"shop\"}",
     "BigQuery (project acme-prod, dataset shop)", "bq query"},
    {"snowflake",
     "{\"account\":\"xy1\",\"database\":\"D\",\"schema\":\"S\",\"warehouse\":\"W\"}",
     "Snowflake (account xy1, database D, schema S, warehouse W)", "snowsql"},
    {"kafka", "{\"host\":\"k.example.org:9092\",\"format\":\"avro\"}",
     "a topic of Kafka (host k.example.org:9092, format avro)", "kcat"},
    {"databricks", "{\"catalog\":\"c\",\"schema\":\"s\",\"host\":\"h\"}",
     "Databricks (host h, catalog c, schema s)", "CSV"},
    {"MySQL", "{\"host\":\"h\",\"port\":3306,\"database\":\"d\"}",
     "MySQL (host h, port 3306, database d)", "mysql --batch"},
    {"oracle", "{\"host\":\"h\",\"port\":1521,\"serviceName\":\"X\"}",
     "Oracle (host h, port 1521, serviceName X)", "SPOOL"},
    {"sqlserver", "{\"host\":\"h\",\"database\":\"d\",\"schema\":\"dbo\"}",
     "SQL Server (host h, database d, schema dbo)", "bcp"},
    {"synapse", "{\"host\":\"h\",\"database\":\"d\"}", "SQL Server (host h", "bcp"},
    {"sftp", "{\"location\":\"sftp://h/x.csv\"}", "(location sftp://h/x.csv)", "sftp"},
    {"azure", "{\"location\":\"abfss://c@a.example.org/x\",\"format\":\"parquet\"}",
     "Azure storage", "azcopy"},
    {"glue", "{\"account\":\"1\",\"database\":\"d\"}", "Glue (account 1", "S3"},
    {"athena", "{\"schema\":\"s\",\"stagingDir\":\"s3://b/\"}", "Athena (schema s", "S3"},
    {"kinesis", "{\"stream\":\"s\",\"region\":\"r\"}", "a stream of Kinesis (stream s",
     "S3"},
    {"pubsub", "{\"project\":\"p\"}", "a topic of Pub/Sub (project p)", "subscription"},
    {"trino", "{\"host\":\"h\",\"port\":8080,\"catalog\":\"c\",\"schema\":\"s\"}",
     "Trino (host h, port 8080, catalog c, schema s)", "CSV_HEADER"},
    {"presto", "{\"host\":\"h\"}", "Trino (host h)", "CSV_HEADER"},
    {"clickhouse", "{\"host\":\"h\",\"port\":9000,\"database\":\"d\"}",
     "ClickHouse (host h", "clickhouse-client"},
    {"db2", "{\"host\":\"h\"}", "Db2 (host h)", "EXPORT"},
    {"hive", "{\"host\":\"h\"}", "Hive (host h)", "beeline"},
    {"impala", "{\"host\":\"h\"}", "Hive (host h)", "beeline"},
    {"dremio", "{\"host\":\"h\"}", "a virtual layer (host h)", "download"},
    {"denodo", "{\"host\":\"h\"}", "a virtual layer (host h)", "download"},
    {"vertica", "{\"host\":\"h\"}", "a database (host h)", "export"},
    {"informix", "{\"host\":\"h\"}", "a database (host h)", "export"},
    {"teradata", "{\"host\":\"h\"}", "a database (host h)", "export"},
    {"duckdb", "{\"database\":\"x.duckdb\"}", "DuckDB (database x.duckdb)", "COPY"},
    {"iceberg", "{\"catalog\":\"c\",\"catalogUrl\":\"https://c.example.org\"}",
     "Iceberg (catalog c, catalogUrl https://c.example.org)", "CSV"},
    {"mainframe", "{\"server\":\"p\",\"lpar\":\"A1\",\"job\":\"XTR\",\"roles\":[]}",
     "something of mainframe (lpar A1, job XTR)", "CSV or JSON Lines"},
    {"bigquery", "{\"location\":\"eu\",\"id\":\"7\"}", "BigQuery (location eu)", "bq"},
    {"bigquery", NULL, "BigQuery, and", "bq"},
};

static void test_servers(void)
{
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++) {
        ok(refuses(servers[i].type, servers[i].details, NULL) && says("ORDERS_V2") &&
               says(servers[i].reached) && says(servers[i].way),
           "a server of type %s tells where it is and what to do", servers[i].type);
        ok(err.kind == ERROR_FAILED && strlen(err.message) < ERROR_MESSAGE_SIZE - 1,
           "in one sentence that is whole");
    }
}

static void test_addresses(void)
{
    static const char *const addresses[][2] = {
        {"gs://bucket/x.csv", "Google Cloud Storage"},
        {"abfss://c@a.example.org/x.csv", "Azure storage"},
        {"hdfs://n/x", "Hadoop"},
        {"ftp://h.example.org/x.csv", "a server of files"},
        {"sftp://u@h/x.csv", "sftp brings it"},
        {"gopher://h/x", "addresses of gopher"},
    };
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        ok(refuses(NULL, NULL, addresses[i][0]) && says(addresses[i][1]),
           "%s is refused in words", addresses[i][0]);
    }
    ok(refuses(NULL, NULL, "ftp://me:hunter2@h.example.org/x.csv") &&
           strstr(err.message, "hunter2") == NULL,
       "a password in an address is not repeated");
}

/* Values are whatever a descriptor holds. */
static void test_hostile(void)
{
    struct text details = {0};
    text_append(&details, "{");
    for (int i = 0; i < 2000; i++) {
        text_printf(&details, "%s\"key%d\":\"", i > 0 ? "," : "", i);
        for (int j = 0; j < 200; j++) {
            text_append(&details, "\xE2\x82\xAC");
        }
        text_append(&details, "\"");
    }
    text_append(&details, "}");
    ok(refuses("unheard of", text_string(&details), NULL) && says("name it there"),
       "many long values are cut, the advice stays");
    text_release(&details);
    ok(refuses("kafka", "{\"host\":\"h\",\"topic\":{\"a\":[1]}}", NULL) && says("host h"),
       "a value that is no text is left out");
    ok(refuses("kafka", "no JSON", NULL) && says("Kafka"), "details that are no JSON");
}

static void test_whom_to_ask(void)
{
    product.facts = (struct array)ARRAY_OF(struct catalog_fact);
    struct catalog_fact *fact = array_push(&product.facts);
    *fact = (struct catalog_fact){.group = (char *)"contact",
                                  .name = (char *)"team",
                                  .value = (char *)"shop@example.org"};
    ok(refuses("kafka", "{\"host\":\"h\"}", NULL) && says("ask team (shop@example.org)"),
       "whom to ask");
    fact = array_push(&product.facts);
    *fact = (struct catalog_fact){.group = (char *)"access",
                                  .name = (char *)"shop_reader",
                                  .value = (char *)"read: by ticket"};
    ok(refuses("kafka", "{\"host\":\"h\"}", NULL) &&
           says("by the role shop_reader (read: by ticket)"),
       "or the role that gives access");
    array_release(&product.facts);
    product.facts = (struct array){0};
}

int main(void)
{
    test_servers();
    test_addresses();
    test_hostile();
    test_whom_to_ask();
    return tap_done();
}
