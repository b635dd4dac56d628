/* standard/package_schema: the schema of a table in Data Package 1 and 2: its fields by
 * type, their constraints, and keys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/package.h"
#include "engine/standard/rows.h"

#define NEEDS .flags = STANDARD_REQUIRED
#define TEXT_OR_WHOLE (STANDARD_TEXT | STANDARD_INTEGER)
#define TEXT_OR_NUMBER (STANDARD_TEXT | STANDARD_NUMBER)

/* ---- Values ---- */

#define VALUE(shape, its_kinds)                                                          \
    static const struct standard_shape shape = {                                         \
        .name = "a value", .kinds = its_kinds, .open = true}
VALUE(text_or_number, TEXT_OR_NUMBER);
VALUE(text_or_whole, TEXT_OR_WHOLE);
VALUE(text_or_map, STANDARD_TEXT | STANDARD_MAP);
VALUE(text_or_list, STANDARD_TEXT | STANDARD_LIST);
VALUE(text_list_or_map, STANDARD_TEXT | STANDARD_LIST | STANDARD_MAP);
VALUE(a_boolean, STANDARD_BOOLEAN);
VALUE(any_value, STANDARD_ANY);

/* A value alone, or with a label for people. */
#define LABELLED(rows, shape, value_kind)                                                \
    static const struct standard_field rows[] = {                                        \
        ROW("value", value_kind, "The value as it stands in the data.", NEEDS),          \
        ROW("label", TEXT, "What it means."),                                            \
        END,                                                                             \
    };                                                                                   \
    static const struct standard_shape shape = {.name = "a value",                       \
                                                .kinds = STANDARD_##value_kind |         \
                                                         STANDARD_MAP,                   \
                                                .fields = rows,                          \
                                                .open = true}
LABELLED(labelled_text_fields, labelled_text, TEXT);
LABELLED(labelled_whole_fields, labelled_whole, INTEGER);

#define MISSING(...)                                                                     \
    ROW("missingValues", LIST, "Texts that stand for a missing value.", __VA_ARGS__)
#define CATEGORIES(shape)                                                                \
    ROW("categories", LIST, "The values that occur, with their labels.", .of = &shape,   \
        .flags = STANDARD_ALIKE, .since = V2),                                           \
        ROW("categoriesOrdered", BOOLEAN, "True when they have an order.", .since = V2)

/* ---- Constraints ---- */

#define VALUES(shape)                                                                    \
    ROW("enum", LIST, "The only values allowed.", .of = &shape,                          \
        .flags = STANDARD_FILLED | STANDARD_DISTINCT | STANDARD_ALIKE)
#define REQUIRED ROW("required", BOOLEAN, "True when no value may be missing.")
#define BOTH REQUIRED, ROW("unique", BOOLEAN, "True when no value may occur twice.")
#define BOUNDS(its_kinds)                                                                \
    MIXED("minimum", its_kinds, "The smallest value allowed."),                          \
        MIXED("maximum", its_kinds, "The greatest value allowed."),                      \
        MIXED("exclusiveMinimum", its_kinds, "Values must be above this.", .since = V2), \
        MIXED("exclusiveMaximum", its_kinds, "Values must be below this.", .since = V2)
#define LENGTHS                                                                          \
    ROW("minLength", INTEGER, "The least length allowed."),                              \
        ROW("maxLength", INTEGER, "The greatest length allowed.")
#define JSON_SCHEMA                                                                      \
    ROW("jsonSchema", MAP, "A JSON schema that values must keep to.", .of = &any_value,  \
        .since = V2)

#define LIMITS(rows, shape, ...)                                                         \
    static const struct standard_field rows[] = {__VA_ARGS__, END};                      \
    static const struct standard_shape shape = OPEN_SHAPE("the constraints", rows)
LIMITS(string_limits, string_constraints, BOTH, VALUES(standard_a_text), LENGTHS,
       ROW("pattern", TEXT, "A regular expression values must match."));
LIMITS(number_limits, number_constraints, BOTH, VALUES(text_or_number),
       BOUNDS(TEXT_OR_NUMBER));
LIMITS(integer_limits, integer_constraints, BOTH, VALUES(text_or_whole),
       BOUNDS(TEXT_OR_WHOLE));
LIMITS(date_limits, date_constraints, BOTH, VALUES(standard_a_text),
       BOUNDS(STANDARD_TEXT));
LIMITS(boolean_limits, boolean_constraints, REQUIRED, VALUES(a_boolean));
LIMITS(map_limits, map_constraints, BOTH, VALUES(text_or_map), LENGTHS, JSON_SCHEMA);
LIMITS(list_limits, list_constraints, BOTH, VALUES(text_or_list), LENGTHS, JSON_SCHEMA);
LIMITS(point_limits, point_constraints, BOTH, VALUES(text_list_or_map));
LIMITS(shape_limits, shape_constraints, BOTH, VALUES(text_or_map), LENGTHS);
LIMITS(any_limits, any_constraints, BOTH,
       ROW("enum", LIST, "The only values allowed.", .of = &any_value,
           .flags = STANDARD_FILLED | STANDARD_DISTINCT));

/* ---- Types ---- */

#define FORMAT(its_words)                                                                \
    ROW("format", TEXT, "How values of the type are written.", .words = its_words)
#define ANY_FORMAT ROW("format", ANY, "How values are written, such as %d.%m.%Y.")
#define CONSTRAINTS(shape)                                                               \
    ROW("constraints", MAP, "What values must keep to.", .of = &shape)
#define GROUPS                                                                           \
    ROW("groupChar", TEXT, "What stands between thousands."),                            \
        ROW("bareNumber", BOOLEAN,                                                       \
            "False when signs such as % or EUR may be there, too.")

static const struct standard_field as_string[] = {FORMAT("default email uri binary uuid"),
                                                  CATEGORIES(labelled_text),
                                                  CONSTRAINTS(string_constraints), END};
static const struct standard_field as_number[] = {
    FORMAT("default"), ROW("decimalChar", TEXT, "What stands before the fraction."),
    GROUPS, CONSTRAINTS(number_constraints), END};
static const struct standard_field as_integer[] = {FORMAT("default"), GROUPS,
                                                   CATEGORIES(labelled_whole),
                                                   CONSTRAINTS(integer_constraints), END};
static const struct standard_field as_date[] = {ANY_FORMAT, CONSTRAINTS(date_constraints),
                                                END};
static const struct standard_field as_year[] = {FORMAT("default"),
                                                CONSTRAINTS(integer_constraints), END};
static const struct standard_field as_month[] = {FORMAT("default"),
                                                 CONSTRAINTS(date_constraints), END};
static const struct standard_field as_boolean[] = {
    FORMAT("default"),
    ROW("trueValues", LIST, "Texts that mean true.", .of = &standard_a_text,
        .flags = STANDARD_FILLED),
    ROW("falseValues", LIST, "Texts that mean false.", .of = &standard_a_text,
        .flags = STANDARD_FILLED),
    CONSTRAINTS(boolean_constraints),
    END,
};
static const struct standard_field as_map[] = {FORMAT("default"),
                                               CONSTRAINTS(map_constraints), END};
static const struct standard_field as_list[] = {FORMAT("default"),
                                                CONSTRAINTS(list_constraints), END};
static const struct standard_field as_point[] = {FORMAT("default array object"),
                                                 CONSTRAINTS(point_constraints), END};
static const struct standard_field as_shape[] = {FORMAT("default topojson"),
                                                 CONSTRAINTS(shape_constraints), END};
static const struct standard_field as_any[] = {CONSTRAINTS(any_constraints), END};

#define TYPE(its_word, rows)                                                             \
    {                                                                                    \
        .key = "type", .word = its_word, .fields = rows                                  \
    }
static const struct standard_variant types[] = {
    TYPE(NULL, as_string),       TYPE("string", as_string), TYPE("number", as_number),
    TYPE("integer", as_integer), TYPE("date", as_date),     TYPE("time", as_date),
    TYPE("datetime", as_date),   TYPE("year", as_year),     TYPE("yearmonth", as_month),
    TYPE("boolean", as_boolean), TYPE("object", as_map),    TYPE("geopoint", as_point),
    TYPE("geojson", as_shape),   TYPE("array", as_list),    TYPE("duration", as_month),
    TYPE("any", as_any),         TYPE("list", as_any),      {.key = NULL}};

/* Version 2 brought the list, but its schema forgot it. */
#define TYPE_WORDS                                                                       \
    "string number integer date time datetime year yearmonth boolean object geopoint "   \
    "geojson array duration any"
#define FIELD_TYPE(...)                                                                  \
    ROW("type", TEXT, "Type of the values; string when it is left out.", __VA_ARGS__)
static const struct standard_field field_fields[] = {
    ROW("name", TEXT, "Name of the field: that of its column.", NEEDS),
    FIELD_TYPE(.words = TYPE_WORDS, .until = V2),
    FIELD_TYPE(.words = TYPE_WORDS, .since = V2, .flags = STANDARD_STRICT),
    FIELD_TYPE(.words = TYPE_WORDS " list", .since = V2, .flags = STANDARD_LENIENT),
    ROW("title", TEXT, "Name of the field for people."),
    ROW("description", TEXT, "What the field holds and means."),
    ROW("example", TEXT, "A value as it may occur."),
    ROW("rdfType", TEXT, "Address of the concept it stands for."),
    MISSING(.of = &labelled_text, .flags = STANDARD_ALIKE, .since = V2),
    END,
};
static const struct standard_shape field = {.name = "a field",
                                            .kinds = STANDARD_MAP,
                                            .fields = field_fields,
                                            .variants = types,
                                            .open = true};

/* ---- Keys ---- */

static void check_same_kind(struct standard_check *check,
                            const struct document_value *key)
{
    const struct document_value *fields = document_get(key, "fields");
    const struct document_value *other = document_find(key, "reference.fields");
    if (fields != NULL && other != NULL &&
        document_kind(fields) != document_kind(other)) {
        standard_tell(
            check, document_place(key), true, "type",
            "%s: the fields of both sides must be texts, or lists on both sides",
            standard_where(check));
    }
}

#define KEY_FIELDS(its_flags)                                                            \
    MIXED("fields", STANDARD_TEXT | STANDARD_LIST, "The field, or the fields in order.", \
          .flags = STANDARD_REQUIRED | its_flags, .of = &standard_a_text)
#define OTHER "The resource it points into; empty or left out: this one."
static const struct standard_field reference_fields[] = {
    ROW("resource", TEXT, OTHER, NEEDS, .until = V2),
    ROW("resource", TEXT, OTHER, .since = V2),
    KEY_FIELDS(STANDARD_FILLED | STANDARD_DISTINCT),
    END,
};
static const struct standard_shape reference =
    OPEN_SHAPE("a reference", reference_fields);
static const struct standard_field foreign_fields[] = {
    KEY_FIELDS(0),
    ROW("reference", MAP, "What they point at.", NEEDS, .of = &reference),
    END,
};
static const struct standard_shape foreign = {.name = "a foreign key",
                                              .kinds = STANDARD_MAP,
                                              .fields = foreign_fields,
                                              .open = true,
                                              .also = check_same_kind};

static void check_unique_key(struct standard_check *check,
                             const struct document_value *key)
{
    static const struct standard_field row = {.key = "fields",
                                              .kinds = STANDARD_LIST,
                                              .flags =
                                                  STANDARD_FILLED | STANDARD_DISTINCT,
                                              .of = &standard_a_text};
    standard_check_field(check, &row, key);
}
static const struct standard_shape unique_key = {
    .name = "a unique key", .kinds = STANDARD_LIST, .also = check_unique_key};

/* ---- The schema ---- */

static const struct standard_field schema_fields[] = {
    ROW("$schema", TEXT, "Address of the profile the schema keeps to.", .since = V2),
    ROW("fields", LIST, "The fields, in the order of the columns.",
        .flags = STANDARD_REQUIRED | STANDARD_FILLED, .of = &field),
    ROW("fieldsMatch", LIST, "How columns and fields must match: exact, subset ...",
        .since = V2),
    MIXED("primaryKey", STANDARD_TEXT | STANDARD_LIST,
          "The field or fields that tell one row from all others.",
          .flags = STANDARD_FILLED | STANDARD_DISTINCT, .of = &standard_a_text),
    ROW("uniqueKeys", LIST, "Other fields that tell rows apart.", .of = &unique_key,
        .flags = STANDARD_FILLED | STANDARD_DISTINCT, .since = V2),
    ROW("foreignKeys", LIST, "Fields that point into other tables.", .of = &foreign,
        .flags = STANDARD_FILLED),
    MISSING(.of = &standard_a_text, .until = V2),
    MISSING(.of = &labelled_text, .flags = STANDARD_ALIKE, .since = V2),
    END,
};
const struct standard_shape standard_package_schema =
    OPEN_SHAPE("the schema", schema_fields);
