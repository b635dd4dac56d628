/* catalog/lint_odcs: what Open Data Contract Standard 3.1.0 (bitol.io) allows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_rows.h"

#include "engine/text.h"

/* ---- Parts ---- */

#define ID                                                                               \
    {                                                                                    \
        .key = "id", .kinds = LINT_TEXT, .form = &lint_form_id                           \
    }
#define CUSTOM LIST_OF("customProperties", &custom_property)
#define DEFINITIONS LIST_OF("authoritativeDefinitions", &definition)
#define TAGS LIST_OF("tags", &lint_a_text)

static const struct lint_shape a_number = {.name = "a number", .kinds = LINT_NUMBER};
static const struct lint_shape a_reference = {
    .name = "a reference", .kinds = LINT_TEXT, .form = &lint_form_reference};

static const struct lint_field custom_property_fields[] = {
    ID,
    NEEDED("property"),
    {.key = "value", .kinds = LINT_ANY, .flags = LINT_REQUIRED},
    TEXT("description"),
    END};
static const struct lint_shape custom_property =
    SHAPE("a custom property", custom_property_fields);

static const struct lint_field definition_fields[] = {ID, NEEDED("url"), NEEDED("type"),
                                                      TEXT("description"), END};
static const struct lint_shape definition =
    SHAPE("an authoritative definition", definition_fields);

static const struct lint_field description_fields[] = {
    TEXT("usage"), TEXT("purpose"), TEXT("limitations"), DEFINITIONS, CUSTOM, END};
static const struct lint_shape description =
    OPEN_SHAPE("the description", description_fields);

static const struct lint_field support_fields[] = {
    ID,           NEEDED("channel"), TEXT("url"),           TEXT("description"),
    TEXT("tool"), TEXT("scope"),     TEXT("invitationUrl"), CUSTOM,
    END};
static const struct lint_shape support = SHAPE("a support channel", support_fields);

static const struct lint_field price_fields[] = {
    ID,
    {.key = "priceAmount", .kinds = LINT_NUMBER},
    TEXT("priceCurrency"),
    TEXT("priceUnit"),
    END};
static const struct lint_shape price = SHAPE("the price", price_fields);

static const struct lint_field member_fields[] = {ID,
                                                  NEEDED("username"),
                                                  TEXT("name"),
                                                  TEXT("description"),
                                                  TEXT("role"),
                                                  TEXT("dateIn"),
                                                  TEXT("dateOut"),
                                                  TEXT("replacedByUsername"),
                                                  TAGS,
                                                  CUSTOM,
                                                  DEFINITIONS,
                                                  END};
static const struct lint_shape member = SHAPE("a team member", member_fields);

static const struct lint_field team_fields[] = {
    ID,   TEXT("name"), TEXT("description"), LIST_OF("members", &member),
    TAGS, CUSTOM,       DEFINITIONS,         END};
static const struct lint_shape team = SHAPE("the team", team_fields);

static const struct lint_field role_fields[] = {ID,
                                                NEEDED("role"),
                                                TEXT("description"),
                                                TEXT("access"),
                                                TEXT("firstLevelApprovers"),
                                                TEXT("secondLevelApprovers"),
                                                CUSTOM,
                                                END};
static const struct lint_shape role = SHAPE("a role", role_fields);

static const struct lint_field promise_fields[] = {
    ID,
    NEEDED("property"),
    {.key = "value", .kinds = LINT_SCALAR, .flags = LINT_REQUIRED},
    {.key = "valueExt", .kinds = LINT_SCALAR},
    TEXT("unit"),
    TEXT("element"),
    TEXT("driver"),
    TEXT("description"),
    TEXT("scheduler"),
    TEXT("schedule"),
    END,
};
static const struct lint_shape promise = SHAPE("a service level", promise_fields);

/* ---- Servers ---- */

#define SERVER(type, fields)                                                             \
    {                                                                                    \
        .key = "type", .word = type, .compact = fields                                   \
    }
static const struct lint_variant server_variants[] = {
    SERVER("api", "location!"),
    SERVER("athena", "stagingDir! schema! catalog regionName"),
    SERVER("azure", "location! format! delimiter"),
    SERVER("bigquery", "project! dataset!"),
    SERVER("clickhouse", "host! port#! database!"),
    SERVER("cloudsql", "host! port#! database! schema!"),
    SERVER("custom", "account catalog database dataset delimiter endpointUrl format host "
                     "location path port# project region regionName schema serviceName "
                     "stagingDir warehouse stream"),
    SERVER("databricks", "host catalog! schema!"),
    SERVER("db2", "host! port#! database! schema"),
    SERVER("denodo", "host! port#! database"),
    SERVER("dremio", "host! port#! schema"),
    SERVER("duckdb", "database! schema"),
    SERVER("glue", "account! database! location format"),
    SERVER("hive", "host! port# database!"),
    SERVER("impala", "host! port# database!"),
    SERVER("informix", "host! port# database!"),
    SERVER("kafka", "host! format"),
    SERVER("kinesis", "region format"),
    SERVER("local", "path! format!"),
    SERVER("mysql", "host! port#! database!"),
    SERVER("oracle", "host! port#! serviceName!"),
    SERVER("postgres", "host! port#! database! schema!"),
    SERVER("postgresql", "host! port#! database! schema!"),
    SERVER("presto", "host! catalog schema"),
    SERVER("pubsub", "project!"),
    SERVER("redshift", "host database! schema! region account"),
    SERVER("s3", "location! endpointUrl format delimiter"),
    SERVER("sftp", "location! format delimiter"),
    SERVER("snowflake", "host port# account! database! schema! warehouse"),
    SERVER("sqlserver", "host! port# database! schema!"),
    SERVER("synapse", "host! port#! database!"),
    SERVER("trino", "host! port#! catalog! schema!"),
    SERVER("vertica", "host! port#! database! schema!"),
    SERVER("zen", "host! port# database!"),
    {.key = NULL},
};
static const struct lint_field server_fields[] = {
    ID,
    NEEDED("server"),
    {.key = "type",
     .kinds = LINT_TEXT,
     .flags = LINT_REQUIRED,
     .words =
         "api athena azure bigquery clickhouse databricks denodo dremio duckdb glue "
         "cloudsql db2 hive impala informix kafka kinesis local mysql oracle postgresql "
         "postgres presto pubsub redshift s3 sftp snowflake sqlserver synapse trino "
         "vertica zen custom"},
    TEXT("description"),
    TEXT("environment"),
    LIST_OF("roles", &role),
    CUSTOM,
    END,
};
static const struct lint_shape server = {.name = "a server of this type",
                                         .kinds = LINT_MAP,
                                         .fields = server_fields,
                                         .variants = server_variants};

/* ---- Quality ---- */

#define RANGE(name)                                                                      \
    {                                                                                    \
        .key = name, .kinds = LINT_LIST, .flags = LINT_PAIR | LINT_DISTINCT,             \
        .of = &a_number                                                                  \
    }
#define OPERATORS                                                                        \
    {.key = "mustBe", .kinds = LINT_ANY}, {.key = "mustNotBe", .kinds = LINT_ANY},       \
        LIMIT("mustBeGreaterThan"), LIMIT("mustBeGreaterOrEqualTo"),                     \
        LIMIT("mustBeLessThan"), LIMIT("mustBeLessOrEqualTo"), RANGE("mustBeBetween"),   \
        RANGE("mustNotBeBetween")

/* A rule that is run compares its figure by exactly one operator. */
static void check_one_operator(struct lint *lint, const struct document_value *rule)
{
    static const char operators[] =
        "mustBe mustNotBe mustBeGreaterThan mustBeGreaterOrEqualTo mustBeLessThan "
        "mustBeLessOrEqualTo mustBeBetween mustNotBeBetween";
    const char *key;
    int count = 0;
    for (size_t i = 0; i < document_count(rule); i++) {
        document_member(rule, i, &key, NULL);
        count += lint_is_in_words(key, operators);
    }
    if (count != 1) {
        lint_tell(lint, document_place(rule), true, "operator",
                  "%s has %s; a rule compares by exactly one of: %s",
                  text_string(&lint->where),
                  count == 0 ? "no operator" : "several operators", operators);
    }
}

static const struct lint_field library_fields[] = {
    {.key = "metric",
     .kinds = LINT_TEXT,
     .flags = LINT_REQUIRED,
     .words = "nullValues missingValues invalidValues duplicateValues rowCount"},
    TEXT("rule"),
    {.key = "arguments", .kinds = LINT_MAP},
    OPERATORS,
    END,
};
static const struct lint_field sql_fields[] = {NEEDED("query"), OPERATORS, END};
static const struct lint_field custom_fields[] = {
    NEEDED("engine"),
    {.key = "implementation", .kinds = LINT_TEXT | LINT_MAP, .flags = LINT_REQUIRED},
    END,
};
static const struct lint_variant rule_variants[] = {
    {.key = "type",
     .word = "library",
     .fields = library_fields,
     .also = check_one_operator},
    {.key = "metric", .word = "*", .fields = library_fields, .also = check_one_operator},
    {.key = "type", .word = "sql", .fields = sql_fields, .also = check_one_operator},
    {.key = "type", .word = "custom", .fields = custom_fields},
    {.key = NULL},
};
static const struct lint_field rule_fields[] = {
    ID,
    DEFINITIONS,
    TEXT("businessImpact"),
    CUSTOM,
    TEXT("description"),
    {.key = "dimension",
     .kinds = LINT_TEXT,
     .words =
         "accuracy completeness conformity consistency coverage timeliness uniqueness"},
    TEXT("method"),
    TEXT("name"),
    TEXT("schedule"),
    TEXT("scheduler"),
    TEXT("severity"),
    TAGS,
    {.key = "type", .kinds = LINT_TEXT, .words = "text library sql custom"},
    TEXT("unit"),
    END,
};
static const struct lint_shape rule = {.name = "a quality rule of this type",
                                       .kinds = LINT_MAP,
                                       .fields = rule_fields,
                                       .variants = rule_variants};

/* ---- Relationships ---- */

#define REFERENCE(name, more)                                                            \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT | LINT_LIST, .flags = LINT_FILLED | more,        \
        .of = &a_reference, .form = &lint_form_reference                                 \
    }
#define RELATION_TYPE                                                                    \
    {                                                                                    \
        .key = "type", .kinds = LINT_TEXT, .words = "foreignKey"                         \
    }

static void check_same_kind(struct lint *lint, const struct document_value *relation)
{
    const struct document_value *from = document_get(relation, "from");
    const struct document_value *to = document_get(relation, "to");
    if (from != NULL && to != NULL && document_kind(from) != document_kind(to)) {
        lint_tell(lint, document_place(relation), true, "type",
                  "%s: from and to must both be texts or both be lists",
                  text_string(&lint->where));
    }
}

static const struct lint_field object_relation_fields[] = {
    RELATION_TYPE, REFERENCE("from", LINT_REQUIRED), REFERENCE("to", LINT_REQUIRED),
    CUSTOM, END};
static const struct lint_shape object_relation = {.name = "a relationship of an object",
                                                  .kinds = LINT_MAP,
                                                  .fields = object_relation_fields,
                                                  .also = check_same_kind};

static const struct lint_field property_relation_fields[] = {
    RELATION_TYPE, REFERENCE("to", LINT_REQUIRED), CUSTOM, END};
static const struct lint_shape property_relation =
    SHAPE("a relationship of a property (from is the property itself)",
          property_relation_fields);

/* ---- Schema ---- */

#define ELEMENT                                                                          \
    ID, TEXT("physicalType"), TEXT("description"), TEXT("businessName"), DEFINITIONS,    \
        TAGS, CUSTOM
#define LENGTH(name)                                                                     \
    {                                                                                    \
        .key = name, .kinds = LINT_INTEGER, .flags = LINT_NOT_NEGATIVE                   \
    }
#define OPTIONS(shape)                                                                   \
    {                                                                                    \
        .key = "logicalTypeOptions", .kinds = LINT_MAP, .of = shape                      \
    }

static const struct lint_field string_options_fields[] = {
    LENGTH("minLength"), LENGTH("maxLength"), TEXT("pattern"), TEXT("format"), END};
static const struct lint_shape string_options =
    SHAPE("the options of a string", string_options_fields);

#define BOUNDS_AS_TEXT                                                                   \
    TEXT("format"), TEXT("minimum"), TEXT("maximum"), TEXT("exclusiveMinimum"),          \
        TEXT("exclusiveMaximum")
static const struct lint_field date_options_fields[] = {BOUNDS_AS_TEXT, END};
static const struct lint_shape date_options =
    SHAPE("the options of a date", date_options_fields);
static const struct lint_field time_options_fields[] = {BOUNDS_AS_TEXT, FLAG("timezone"),
                                                        TEXT("defaultTimezone"), END};
static const struct lint_shape time_options =
    SHAPE("the options of a time", time_options_fields);

#define BOUNDS_AS_NUMBER                                                                 \
    {.key = "multipleOf", .kinds = LINT_NUMBER, .flags = LINT_POSITIVE},                 \
        LIMIT("minimum"), LIMIT("maximum"), LIMIT("exclusiveMinimum"),                   \
        LIMIT("exclusiveMaximum")
static const struct lint_field integer_options_fields[] = {
    BOUNDS_AS_NUMBER,
    {.key = "format",
     .kinds = LINT_TEXT,
     .words = "i8 i16 i32 i64 i128 u8 u16 u32 u64 u128"},
    END,
};
static const struct lint_shape integer_options =
    SHAPE("the options of an integer", integer_options_fields);
static const struct lint_field number_options_fields[] = {
    BOUNDS_AS_NUMBER, {.key = "format", .kinds = LINT_TEXT, .words = "f32 f64"}, END};
static const struct lint_shape number_options =
    SHAPE("the options of a number", number_options_fields);

static const struct lint_field object_options_fields[] = {
    LENGTH("minProperties"),
    LENGTH("maxProperties"),
    {.key = "required",
     .kinds = LINT_LIST,
     .flags = LINT_FILLED | LINT_DISTINCT,
     .of = &lint_a_text},
    END,
};
static const struct lint_shape object_options =
    SHAPE("the options of an object", object_options_fields);
static const struct lint_field array_options_fields[] = {
    LENGTH("minItems"), LENGTH("maxItems"), FLAG("uniqueItems"), END};
static const struct lint_shape array_options =
    SHAPE("the options of an array", array_options_fields);
static const struct lint_field no_fields[] = {END};
static const struct lint_shape no_options =
    SHAPE("a property without a logicalType", no_fields);

static const struct lint_shape property, item_property;

static const struct lint_field as_string[] = {OPTIONS(&string_options), END};
static const struct lint_field as_date[] = {OPTIONS(&date_options), END};
static const struct lint_field as_time[] = {OPTIONS(&time_options), END};
static const struct lint_field as_integer[] = {OPTIONS(&integer_options), END};
static const struct lint_field as_number[] = {OPTIONS(&number_options), END};
static const struct lint_field as_object[] = {OPTIONS(&object_options),
                                              LIST_OF("properties", &property), END};
static const struct lint_field as_array[] = {
    OPTIONS(&array_options),
    {.key = "items", .kinds = LINT_MAP, .of = &item_property},
    END};
/* Without a type all conditions of the schema hold at once: no option is allowed then. */
static const struct lint_field as_nothing[] = {
    OPTIONS(&no_options),
    LIST_OF("properties", &property),
    {.key = "items", .kinds = LINT_MAP, .of = &item_property},
    END,
};
static const struct lint_variant property_variants[] = {
    {.key = "logicalType", .word = "string", .fields = as_string},
    {.key = "logicalType", .word = "date", .fields = as_date},
    {.key = "logicalType", .word = "timestamp", .fields = as_time},
    {.key = "logicalType", .word = "time", .fields = as_time},
    {.key = "logicalType", .word = "integer", .fields = as_integer},
    {.key = "logicalType", .word = "number", .fields = as_number},
    {.key = "logicalType", .word = "object", .fields = as_object},
    {.key = "logicalType", .word = "array", .fields = as_array},
    {.key = "logicalType", .word = NULL, .fields = as_nothing},
    {.key = NULL},
};

#define PROPERTY                                                                         \
    ELEMENT,                                                                             \
        {.key = "logicalType",                                                           \
         .kinds = LINT_TEXT,                                                             \
         .words = "string date timestamp time number integer object array boolean"},     \
        {.key = "logicalTypeOptions", .kinds = LINT_MAP}, FLAG("primaryKey"),            \
        {.key = "primaryKeyPosition", .kinds = LINT_INTEGER}, TEXT("physicalName"),      \
        FLAG("required"), FLAG("unique"), FLAG("partitioned"),                           \
        {.key = "partitionKeyPosition", .kinds = LINT_INTEGER}, TEXT("classification"),  \
        TEXT("encryptedName"), LIST_OF("transformSourceObjects", &lint_a_text),          \
        TEXT("transformLogic"), TEXT("transformDescription"),                            \
        {.key = "examples", .kinds = LINT_LIST}, FLAG("criticalDataElement"),            \
        LIST_OF("relationships", &property_relation), LIST_OF("quality", &rule)

static const struct lint_field property_fields[] = {NEEDED("name"), PROPERTY, END};
static const struct lint_shape property = {.name = "a property of this type",
                                           .kinds = LINT_MAP,
                                           .fields = property_fields,
                                           .variants = property_variants};
static const struct lint_field item_property_fields[] = {
    TEXT("name"), PROPERTY, LIST_OF("properties", &property), END};
static const struct lint_shape item_property = {.name = "the items of an array",
                                                .kinds = LINT_MAP,
                                                .fields = item_property_fields,
                                                .variants = property_variants};

static const struct lint_field object_fields[] = {
    NEEDED("name"),
    ELEMENT,
    {.key = "logicalType", .kinds = LINT_TEXT, .words = "object"},
    TEXT("physicalName"),
    TEXT("dataGranularityDescription"),
    LIST_OF("properties", &property),
    LIST_OF("relationships", &object_relation),
    LIST_OF("quality", &rule),
    END,
};
static const struct lint_shape object = SHAPE("an object of the schema", object_fields);

/* ---- The contract ---- */

static const struct lint_field contract_fields[] = {
    NEEDED("version"),
    {.key = "kind", .kinds = LINT_TEXT, .flags = LINT_REQUIRED, .words = "DataContract"},
    {.key = "apiVersion",
     .kinds = LINT_TEXT,
     .flags = LINT_REQUIRED,
     .words = "v3.1.0 v3.0.2 v3.0.1 v3.0.0 v2.2.2 v2.2.1 v2.2.0"},
    NEEDED("id"),
    NEEDED("status"),
    TEXT("name"),
    TEXT("tenant"),
    TEXT("domain"),
    TEXT("dataProduct"),
    TAGS,
    LIST_OF("servers", &server),
    {.key = "description", .kinds = LINT_MAP, .of = &description},
    LIST_OF("schema", &object),
    LIST_OF("support", &support),
    {.key = "price", .kinds = LINT_MAP, .of = &price},
    /* A map of its own, or the members at once as before 3.1. */
    {.key = "team", .kinds = LINT_MAP | LINT_LIST, .of = &team, .items = &member},
    LIST_OF("roles", &role),
    TEXT("slaDefaultElement"),
    LIST_OF("slaProperties", &promise),
    DEFINITIONS,
    CUSTOM,
    TEXT("contractCreatedTs"),
    END,
};
const struct lint_shape lint_odcs_3_1 = SHAPE("a data contract", contract_fields);
