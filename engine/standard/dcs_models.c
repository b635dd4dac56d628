/* standard/dcs_models: the models, fields, definitions and quality rules of the Data
 * Contract Specification (datacontract.com) 0.9.0 to 1.2.1. Every map is open to keys of
 * one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/dcs.h"
#include "engine/standard/rows.h"

#include <string.h>

#include "engine/text.h"

#define NEEDS .flags = STANDARD_REQUIRED

/* ---- Names ---- */

#define NAME_SIGNS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

static bool is_name(const char *text)
{
    return text[0] != '\0' && text[strspn(text, NAME_SIGNS)] == '\0';
}

static bool is_path_of_names(const char *text)
{
    return text[0] != '\0' && text[strspn(text, NAME_SIGNS "/")] == '\0';
}

const struct standard_form standard_dcs_name = {"a name of letters, digits, - and _",
                                                is_name};
static const struct standard_form path_of_names = {
    "a name of letters, digits, - and _, perhaps with slashes", is_path_of_names};

/* ---- What models and fields share ---- */

const struct standard_shape standard_dcs_links = {.name = "the links",
                                                  .kinds = STANDARD_MAP,
                                                  .open = true,
                                                  .each = &standard_a_text,
                                                  .keys = &standard_dcs_name};

static const struct standard_field field_config_fields[] = {
    ROW("avroType", TEXT, "Type of the field when written as Avro."),
    ROW("avroLogicalType", TEXT, "Logical type of the field when written as Avro."),
    ROW("bigqueryType", TEXT, "Column type in BigQuery, such as NUMERIC(5, 2)."),
    ROW("snowflakeType", TEXT, "Column type in Snowflake."),
    ROW("redshiftType", TEXT, "Column type in Redshift."),
    ROW("sqlserverType", TEXT, "Column type in SQL Server."),
    ROW("databricksType", TEXT, "Column type in Databricks."),
    ROW("glueType", TEXT, "Column type in AWS Glue."),
    END,
};
static const struct standard_shape field_config =
    OPEN_SHAPE("the configuration", field_config_fields);

static const struct standard_field model_config_fields[] = {
    ROW("avroNamespace", TEXT, "Namespace of the model when written as Avro."), END};
static const struct standard_shape model_config =
    OPEN_SHAPE("the configuration", model_config_fields);

/* ---- Quality rules ---- */

static const struct standard_shape a_number = {.name = "a number",
                                               .kinds = STANDARD_NUMBER};
static const struct standard_shape a_whole_number = {.name = "a whole number",
                                                     .kinds = STANDARD_INTEGER};
static const struct standard_shape arguments = {
    .name = "the arguments", .kinds = STANDARD_MAP, .open = true};

/* Version 1.2.0 alone asked for whole numbers. */
#define BOUND(name, ...)                                                                 \
    ROW(name, NUMBER, __VA_ARGS__, .until = V1_2_0),                                     \
        ROW(name, INTEGER, __VA_ARGS__, .since = V1_2_0, .until = V1_2_1),               \
        ROW(name, NUMBER, __VA_ARGS__, .since = V1_2_1)
#define RANGE(name, ...)                                                                 \
    ROW(name, LIST, __VA_ARGS__, .of = &a_number, .flags = STANDARD_PAIR,                \
        .until = V1_2_0),                                                                \
        ROW(name, LIST, __VA_ARGS__, .of = &a_whole_number, .flags = STANDARD_PAIR,      \
            .since = V1_2_0, .until = V1_2_1),                                           \
        ROW(name, LIST, __VA_ARGS__, .of = &a_number, .flags = STANDARD_PAIR,            \
            .since = V1_2_1)

static const struct standard_field sql_fields[] = {
    ROW("query", TEXT, "A query that gives one number, to be held against the bounds.",
        NEEDS),
    ROW("dialect", TEXT, "The SQL dialect the query is written in."),
    BOUND("mustBe", "The number must equal this."),
    BOUND("mustNotBe", "The number must not equal this."),
    BOUND("mustBeGreaterThan", "The number must be above this."),
    BOUND("mustBeLessThan", "The number must be below this."),
    ROW("mustBeGreaterOrEqualTo", NUMBER, "The number must be this or more.",
        .since = V1_2_1),
    ROW("mustBeLessOrEqualTo", NUMBER, "The number must be this or less.",
        .since = V1_2_1),
    BOUND("mustBeGreaterThanOrEqualTo", "Older name of mustBeGreaterOrEqualTo.",
          .deprecated = V1_2_1),
    BOUND("mustBeLessThanOrEqualTo", "Older name of mustBeLessOrEqualTo.",
          .deprecated = V1_2_1),
    RANGE("mustBeBetween", "The number must lie between these two."),
    RANGE("mustNotBeBetween", "The number must not lie between these two."),
    END,
};

static const struct standard_field library_fields[] = {
    ROW("metric", TEXT,
        "What is measured: nullValues, missingValues, invalidValues, duplicateValues, "
        "rowCount.",
        NEEDS, .since = V1_2_1),
    ROW("rule", TEXT, "What is measured.", NEEDS, .until = V1_2_1),
    ROW("rule", TEXT, "Older name of metric.", .since = V1_2_1, .deprecated = V1_2_1),
    ROW("arguments", MAP, "What the metric needs, such as its valid values.",
        .of = &arguments, .since = V1_2_1),
    ROW("mustBe", ANY, "The result must equal this."),
    ROW("mustNotBe", ANY, "The result must not equal this."),
    ROW("mustBeGreaterThan", NUMBER, "The result must be above this."),
    ROW("mustBeGreaterOrEqualTo", NUMBER, "The result must be this or more."),
    ROW("mustBeLessThan", NUMBER, "The result must be below this."),
    ROW("mustBeLessOrEqualTo", NUMBER, "The result must be this or less."),
    ROW("mustBeBetween", LIST, "The result must lie between these two.", .of = &a_number,
        .flags = STANDARD_PAIR | STANDARD_DISTINCT),
    ROW("mustNotBeBetween", LIST, "The result must not lie between these two.",
        .of = &a_number, .flags = STANDARD_PAIR | STANDARD_DISTINCT),
    END,
};

static const struct standard_field custom_fields[] = {
    ROW("engine", TEXT, "The tool the rule is written for: soda, great-expectations.",
        NEEDS),
    MIXED("implementation", STANDARD_TEXT | STANDARD_LIST | STANDARD_MAP,
          "The rule, in the words of that tool."),
    END,
};

static const struct standard_field text_fields[] = {
    ROW("description", TEXT, "The rule in plain words.", NEEDS), END};
static const struct standard_field untyped_fields[] = {
    ROW("type", TEXT, "Whether the rule is text, library, sql or custom.", NEEDS), END};

static const struct standard_field quality_fields[] = {
    ROW("type", TEXT, "Whether the rule is text, library, sql or custom.",
        .words = "text library sql custom"),
    ROW("description", TEXT, "The rule in plain words."),
    END,
};

/* By the letter of the schemas a rule without a type must hold the fields of every type:
 * their conditions hold as well when there is nothing to compare. */
static const struct standard_variant quality_variants[] = {
    {.key = "type", .word = "text", .fields = text_fields},
    {.key = "type", .word = "sql", .fields = sql_fields},
    {.key = "type", .word = "library", .fields = library_fields},
    {.key = "type", .word = "custom", .fields = custom_fields},
    {.key = "type", .fields = untyped_fields, .flags = STANDARD_LENIENT},
    {.key = "type", .fields = text_fields, .flags = STANDARD_STRICT},
    {.key = "type", .fields = sql_fields, .flags = STANDARD_STRICT},
    {.key = "type", .fields = library_fields, .flags = STANDARD_STRICT},
    {.key = "type", .fields = custom_fields, .flags = STANDARD_STRICT},
    {.key = NULL},
};
static const struct standard_shape quality = {.name = "a quality rule",
                                              .kinds = STANDARD_MAP,
                                              .fields = quality_fields,
                                              .variants = quality_variants,
                                              .open = true};
#define QUALITY                                                                          \
    ROW("quality", LIST, "Rules the data must keep to.", .of = &quality, .since = V1_1_0)

/* ---- Lineage ---- */

static const struct standard_field transformation_fields[] = {
    ROW("type", TEXT, "How directly the input shapes the field: DIRECT or INDIRECT.",
        NEEDS),
    ROW("subtype", TEXT, "What is done: IDENTITY, AGGREGATION, FILTER ..."),
    ROW("description", TEXT, "The transformation in words or code."),
    ROW("masking", BOOLEAN, "True when it hides the original values."),
    END,
};
static const struct standard_shape transformation =
    OPEN_SHAPE("a transformation", transformation_fields);

static const struct standard_field input_field_fields[] = {
    ROW("namespace", TEXT, "Where the input lies: its server or system.", NEEDS),
    ROW("name", TEXT, "The input's table, file or topic.", NEEDS),
    ROW("field", TEXT, "The field of the input.", NEEDS),
    ROW("transformations", LIST, "What is done to it on the way.", .of = &transformation),
    END,
};
static const struct standard_shape input_field =
    OPEN_SHAPE("an input field", input_field_fields);

static const struct standard_field lineage_fields[] = {
    ROW("inputFields", LIST, "The fields this one is made from.", NEEDS,
        .of = &input_field),
    ROW("transformationDescription", TEXT, "What is done, in words.",
        .deprecated = V1_1_0),
    ROW("transformationType", TEXT, "IDENTITY or MASKED.", .deprecated = V1_1_0),
    END,
};
static const struct standard_shape lineage = OPEN_SHAPE("the lineage", lineage_fields);

/* ---- Fields ---- */

#define TYPE_WORDS                                                                       \
    "number decimal numeric int integer long bigint float double string text varchar "   \
    "boolean timestamp timestamp_tz timestamp_ntz date array object record struct "      \
    "bytes null"
#define TYPE_MEANING "Logical type of the field."
#define FIELD_TYPE(...)                                                                  \
    ROW("type", TEXT, TYPE_MEANING, .words = TYPE_WORDS " map", .since = V0_9_3,         \
        .until = V1_2_0, __VA_ARGS__),                                                   \
        ROW("type", TEXT, TYPE_MEANING, .words = TYPE_WORDS " map time variant json",    \
            .since = V1_2_0, __VA_ARGS__)

static const struct standard_shape field, fields;

#define NESTED                                                                           \
    ROW("fields", MAP, "The fields inside this one.", .of = &fields, .since = V0_9_3),   \
        ROW("items", MAP, "What each item of the array is.", .of = &field,               \
            .since = V0_9_3),                                                            \
        ROW("keys", MAP, "What each key of the map is.", .of = &field, .since = V0_9_3), \
        ROW("values", MAP, "What each value of the map is.", .of = &field,               \
            .since = V0_9_3)
#define LENGTHS                                                                          \
    ROW("minLength", NUMBER, "The shortest text allowed.", .since = V0_9_2,              \
        .until = V0_9_3),                                                                \
        ROW("minLength", INTEGER, "The shortest text allowed.", .since = V0_9_3),        \
        ROW("maxLength", NUMBER, "The longest text allowed.", .since = V0_9_2,           \
            .until = V0_9_3),                                                            \
        ROW("maxLength", INTEGER, "The longest text allowed.", .since = V0_9_3)
#define BOUNDS(version)                                                                  \
    ROW("minimum", NUMBER, "The smallest number allowed.", .since = version),            \
        ROW("exclusiveMinimum", NUMBER, "The number must be above this.",                \
            .since = version),                                                           \
        ROW("maximum", NUMBER, "The greatest number allowed.", .since = version),        \
        ROW("exclusiveMaximum", NUMBER, "The number must be below this.",                \
            .since = version)
#define SENSITIVITY                                                                      \
    ROW("pii", BOOLEAN, "True when the values tell who a person is."),                   \
        ROW("classification", TEXT, "How sensitive the values are."),                    \
        ROW("tags", LIST, "Words to find it by.", .of = &standard_a_text)
#define LINKS                                                                            \
    ROW("links", MAP, "Addresses that say more, by name.", .of = &standard_dcs_links,    \
        .flags = STANDARD_FILLED, .since = V0_9_3)
#define EXAMPLES                                                                         \
    ROW("example", TEXT, "A value as it may occur.", .since = V0_9_2,                    \
        .deprecated = V1_1_0),                                                           \
        ROW("examples", LIST, "Values as they may occur.", .since = V1_1_0)
#define FORMAT                                                                           \
    ROW("format", TEXT, "What the text must be: email, uri, uuid.", .since = V0_9_2),    \
        ROW("pattern", TEXT, "A regular expression the text must match.",                \
            .since = V0_9_2)

static const struct standard_field field_fields[] = {
    ROW("description", TEXT, "What the field holds and means."),
    ROW("title", TEXT, "Name of the field for people.", .since = V0_9_3),
    ROW("type", TEXT, TYPE_MEANING, .words = TYPE_WORDS, .until = V0_9_3),
    FIELD_TYPE(.flags = 0),
    ROW("$ref", TEXT, "The definition this field takes over."),
    ROW("required", BOOLEAN, "True when no value may be missing.", .since = V0_9_2),
    ROW("unique", BOOLEAN, "True when no value may occur twice.", .since = V0_9_2),
    ROW("primary", BOOLEAN, "Older name of primaryKey.", .since = V0_9_2,
        .deprecated = V1_1_0),
    ROW("primaryKey", BOOLEAN, "True when the field is the primary key.",
        .since = V1_1_0),
    ROW("references", TEXT, "The field of another model it points at: model.field.",
        .since = V0_9_3),
    ROW("enum", LIST, "The only values allowed.", .of = &standard_a_text,
        .flags = STANDARD_DISTINCT, .since = V0_9_2),
    LENGTHS,
    FORMAT,
    ROW("precision", NUMBER, "How many digits a number has at most.", .since = V0_9_3),
    ROW("scale", NUMBER, "How many of them stand behind the point.", .since = V0_9_3),
    BOUNDS(V0_9_2),
    EXAMPLES,
    SENSITIVITY,
    LINKS,
    NESTED,
    QUALITY,
    ROW("lineage", MAP, "Where the values come from.", .of = &lineage, .since = V1_1_0),
    ROW("config", MAP, "Settings for single platforms.", .of = &field_config,
        .since = V0_9_3),
    END,
};
static const struct standard_shape field = OPEN_SHAPE("a field", field_fields);
static const struct standard_shape fields = {
    .name = "the fields", .kinds = STANDARD_MAP, .open = true, .each = &field};

/* ---- Models ---- */

static const struct standard_field model_fields[] = {
    ROW("description", TEXT, "What the model holds: one row is one what."),
    ROW("title", TEXT, "Name of the model for people.", .since = V0_9_3),
    ROW("type", TEXT, "table, view or object.", .until = V0_9_2),
    ROW("type", TEXT, "table, view or object.", .words = "table view object",
        .since = V0_9_2),
    ROW("fields", MAP, "The fields, by name.", .of = &fields),
    ROW("primaryKey", LIST, "The fields that are the primary key together.",
        .of = &standard_a_text, .since = V1_1_0),
    QUALITY,
    ROW("examples", LIST, "Rows as they may occur.", .since = V1_1_0),
    ROW("additionalFields", BOOLEAN, "True when there may be fields not told of here.",
        .since = V1_2_0),
    ROW("config", MAP, "Settings for single platforms.", .of = &model_config,
        .since = V0_9_3),
    END,
};
static const struct standard_shape model = OPEN_SHAPE("a model", model_fields);
const struct standard_shape standard_dcs_models = {.name = "the models",
                                                   .kinds = STANDARD_MAP,
                                                   .open = true,
                                                   .each = &model,
                                                   .keys = &standard_dcs_name};

/* ---- Definitions ---- */

static const struct standard_field definition_fields[] = {
    ROW("domain", TEXT, "The business domain the definition holds in.",
        .deprecated = V1_1_0),
    ROW("name", TEXT, "Technical name of what is defined.", NEEDS, .until = V1_1_0),
    ROW("name", TEXT, "Technical name of what is defined.", .since = V1_1_0,
        .deprecated = V1_1_0),
    ROW("title", TEXT, "Business name of what is defined."),
    ROW("description", TEXT, "What it means."),
    ROW("type", TEXT, TYPE_MEANING, NEEDS, .until = V0_9_3),
    FIELD_TYPE(NEEDS),
    LENGTHS,
    FORMAT,
    ROW("precision", INTEGER, "How many digits a number has at most.", .since = V0_9_3),
    ROW("scale", INTEGER, "How many of them stand behind the point.", .since = V0_9_3),
    BOUNDS(V0_9_3),
    EXAMPLES,
    SENSITIVITY,
    LINKS,
    NESTED,
    END,
};
static const struct standard_shape definition =
    OPEN_SHAPE("a definition", definition_fields);
const struct standard_shape standard_dcs_definitions_0_9 = {.name = "the definitions",
                                                            .kinds = STANDARD_MAP,
                                                            .open = true,
                                                            .each = &definition,
                                                            .keys = &standard_dcs_name};
const struct standard_shape standard_dcs_definitions = {.name = "the definitions",
                                                        .kinds = STANDARD_MAP,
                                                        .open = true,
                                                        .each = &definition,
                                                        .keys = &path_of_names};
