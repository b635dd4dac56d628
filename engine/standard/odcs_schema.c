/* standard/odcs_schema: objects and properties of a data contract, with the options of
 * their types (Open Data Contract Standard 3, bitol.io).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/odcs.h"

/* ---- Options of the logical types ---- */

#define LENGTH(name, text) ROW(name, INTEGER, text, .flags = STANDARD_NOT_NEGATIVE)
#define OPTIONS(shape)                                                                   \
    MAP_OF("logicalTypeOptions", shape, "What the values of this type must be like.")

#define PATTERN_TEXT "The regular expression that every value matches."
static const struct standard_field string_fields[] = {
    LENGTH("minLength", "The fewest characters."),
    LENGTH("maxLength", "The most characters."),
    TEXT("pattern", PATTERN_TEXT),
    TEXT("format", "What the text is: email, uuid, uri, hostname, ipv4, ipv6 ..."),
    END,
};
static const struct standard_shape string_options =
    SHAPE("the options of a string", string_fields);

#define LEAST "The least value."
#define GREATEST "The greatest value."
#define ABOVE "Values are above this."
#define BELOW "Values are below this."
/* In 3.0 "exclusive" was said of the limit beside it, by true or false. */
#define EXCLUSIVE                                                                        \
    FLAG("exclusiveMinimum", "Values are above the minimum.", .until = ODCS_3_1),        \
        FLAG("exclusiveMaximum", "Values are below the maximum.", .until = ODCS_3_1)
#define BOUNDS_AS_TEXT                                                                   \
    TEXT("format", "How the text is written, in letters: yyyy-MM-dd."),                  \
        TEXT("minimum", LEAST), TEXT("maximum", GREATEST), EXCLUSIVE,                    \
        TEXT("exclusiveMinimum", ABOVE, .since = ODCS_3_1),                              \
        TEXT("exclusiveMaximum", BELOW, .since = ODCS_3_1)
static const struct standard_field date_fields[] = {BOUNDS_AS_TEXT, END};
static const struct standard_shape date_options =
    SHAPE("the options of a date", date_fields);
static const struct standard_field time_fields[] = {
    BOUNDS_AS_TEXT, FLAG("timezone", "Is the time zone written with the value?"),
    TEXT("defaultTimezone", "The time zone of values without one."), END};
static const struct standard_shape time_options =
    SHAPE("the options of a time", time_fields);

#define BOUNDS_AS_NUMBER                                                                 \
    ROW("multipleOf", NUMBER, "Every value is a multiple of this.",                      \
        .flags = STANDARD_POSITIVE),                                                     \
        LIMIT("minimum", LEAST), LIMIT("maximum", GREATEST), EXCLUSIVE,                  \
        LIMIT("exclusiveMinimum", ABOVE, .since = ODCS_3_1),                             \
        LIMIT("exclusiveMaximum", BELOW, .since = ODCS_3_1)
static const struct standard_field integer_fields[] = {
    BOUNDS_AS_NUMBER,
    WORDS("format", "i8 i16 i32 i64 i128 u8 u16 u32 u64 u128",
          "Signed or unsigned, and how many bits."),
    END,
};
static const struct standard_shape integer_options =
    SHAPE("the options of an integer", integer_fields);
static const struct standard_field number_fields[] = {
    BOUNDS_AS_NUMBER, WORDS("format", "f32 f64", "How many bits."), END};
static const struct standard_shape number_options =
    SHAPE("the options of a number", number_fields);

static const struct standard_field object_option_fields[] = {
    LENGTH("minProperties", "The fewest properties that are there."),
    LENGTH("maxProperties", "The most properties that are there."),
    LIST_OF("required", &standard_a_text, "The properties that must be there.",
            .flags = STANDARD_FILLED | STANDARD_DISTINCT),
    END,
};
static const struct standard_shape object_options =
    SHAPE("the options of an object", object_option_fields);
static const struct standard_field array_fields[] = {
    LENGTH("minItems", "The fewest items."), LENGTH("maxItems", "The most items."),
    FLAG("uniqueItems", "May no item occur twice?"), END};
static const struct standard_shape array_options =
    SHAPE("the options of an array", array_fields);
static const struct standard_field vector_fields[] = {
    ROW("dimensions", INTEGER, "How many numbers a vector has.",
        .flags = STANDARD_REQUIRED | STANDARD_POSITIVE),
    WORDS("elementType", "bfloat16 binary float16 float32 float64 int8 uint8",
          "How each number is kept."),
    WORDS("distanceMetric", "cosine dotProduct euclidean hamming manhattan",
          "How near two vectors are is measured so."),
    TEXT("embeddingModel", "The model that made the vectors."),
    TEXT("embeddingModelVersion", "The version of that model."),
    FLAG("normalized", "Is every vector of length 1?"),
    END,
};
static const struct standard_shape vector_options =
    SHAPE("the options of a vector", vector_fields);
static const struct standard_shape any_options = {
    .name = "options", .kinds = STANDARD_MAP, .open = true};

/* ---- What depends on the logical type ---- */

static const struct standard_shape property, item, map_of_items;

#define PROPERTIES LIST_OF("properties", &property, "The properties inside.")
#define ITEMS MAP_OF("items", &item, "What each item is like.")
#define MAP_ROW                                                                          \
    MAP_OF("map", &map_of_items, "What keys and values are like.", .since = ODCS_3_2)
static const struct standard_field as_string[] = {OPTIONS(&string_options), END};
static const struct standard_field as_date[] = {OPTIONS(&date_options), END};
static const struct standard_field as_time[] = {OPTIONS(&time_options), END};
static const struct standard_field as_integer[] = {OPTIONS(&integer_options), END};
static const struct standard_field as_number[] = {OPTIONS(&number_options), END};
static const struct standard_field as_object[] = {OPTIONS(&object_options), PROPERTIES,
                                                  END};
static const struct standard_field as_array[] = {OPTIONS(&array_options), ITEMS, END};
static const struct standard_field as_vector[] = {OPTIONS(&vector_options), END};
static const struct standard_field as_map[] = {MAP_OF("map", &map_of_items,
                                                      "What keys and values are like.",
                                                      .flags = STANDARD_REQUIRED),
                                               END};
static const struct standard_field as_nothing[] = {OPTIONS(&any_options), PROPERTIES,
                                                   ITEMS, MAP_ROW, END};

/* Without a type all conditions of the schema hold at once: no option is common to all
 * types, and 3.2 asks for the map of a map and the dimensions of a vector. */
static void check_letter(struct standard_check *check, const struct document_value *map)
{
    const struct document_value *options = document_get(map, "logicalTypeOptions");
    char version[STANDARD_VERSION_SIZE];
    standard_version_text(check->version, version);
    if (check->version >= ODCS_3_2 && document_get(map, "map") == NULL) {
        standard_mend(standard_tell(check, document_place(map), true, "required",
                                    "%s lacks \"map\": by its letter the schema of %s "
                                    "asks it of a property without logicalType",
                                    standard_where(check), version),
                      "add logicalType");
    }
    if (document_kind(options) == DOCUMENT_MAP &&
        (check->version >= ODCS_3_2 || document_count(options) > 0)) {
        standard_mend(standard_tell(check, document_place(options), true, "unknown-key",
                                    "%s has no logicalType: by its letter the schema of "
                                    "%s allows it no logicalTypeOptions then",
                                    standard_where(check), version),
                      "add logicalType");
    }
}

/* Told once a document: whoever leaves out types does so everywhere. */
static void warn_of_letter(struct standard_check *check, const struct document_value *map)
{
    bool has_options = document_get(map, "logicalTypeOptions") != NULL;
    char version[STANDARD_VERSION_SIZE];
    if (check->has_told_quirk || (check->version < ODCS_3_2 && !has_options)) {
        return;
    }
    check->has_told_quirk = true;
    standard_mend(
        standard_tell(check, document_place(map), false, "schema-quirk",
                      "%s has no logicalType: its text allows that, the schema "
                      "of %s by its letter does not%s",
                      standard_where(check),
                      standard_version_text(check->version, version),
                      check->version < ODCS_3_2 ? " beside logicalTypeOptions" : ""),
        "add logicalType, so that every tool takes it");
}

#define TYPED(type, rows, ...)                                                           \
    {                                                                                    \
        .key = "logicalType", .word = type, .fields = rows, __VA_ARGS__                  \
    }
static const struct standard_variant variants[] = {
    TYPED("string", as_string),
    TYPED("date", as_date),
    TYPED("timestamp time", as_time, .since = ODCS_3_1),
    TYPED("integer", as_integer),
    TYPED("number", as_number),
    TYPED("object", as_object),
    TYPED("array", as_array),
    TYPED("map", as_map, .since = ODCS_3_2),
    TYPED("vector", as_vector, .since = ODCS_3_2),
    TYPED(NULL, as_nothing, .flags = STANDARD_STRICT, .also = check_letter),
    TYPED(NULL, as_nothing, .flags = STANDARD_LENIENT, .also = warn_of_letter),
    {.key = NULL},
};

/* ---- Properties ---- */

static const struct standard_field synonym_fields[] = {
    ODCS_ID,
    NEEDED("synonym", "Another name that people use for it."),
    TEXT("description", "Who says so, and what they mean."),
    TEXT("locale", "The language: en, de-AT ..."),
    TEXT("source", "Where the name comes from."),
    TEXT("status", "How far it is agreed: preferred, allowed, deprecated ..."),
    ODCS_CUSTOM_SINCE(0),
    END,
};
static const struct standard_shape synonym = SHAPE("a synonym", synonym_fields);

static const struct standard_field enum_fields[] = {
    MIXED("value", STANDARD_SCALAR, "The value as it stands in the data.",
          .flags = STANDARD_REQUIRED),
    TEXT("label", "How people call it."),
    ODCS_ID,
    TEXT("description", "What the value means."),
    ODCS_CUSTOM_SINCE(0),
    ODCS_DEFINITIONS_SINCE(0),
    ODCS_TAGS_SINCE(0),
    END,
};
static const struct standard_shape enum_value = SHAPE("a value", enum_fields);

#define NAME_TEXT "Its name for people and for other contracts."
#define ELEMENT                                                                          \
    ODCS_ID, TEXT("physicalType", "Its type where it is kept: table, VARCHAR(36) ..."),  \
        TEXT("description", "What it is, for people."),                                  \
        TEXT("businessName", "How the business calls it."), ODCS_DEFINITIONS_SINCE(0),   \
        ODCS_TAGS_SINCE(0), ODCS_CUSTOM_SINCE(0),                                        \
        LIST_OF("synonyms", &synonym, "Other names that people use for it.",             \
                .since = ODCS_3_2),                                                      \
        FLAG("deprecated", "Should nobody use it any more?", .since = ODCS_3_2)

#define TYPES_3_0 "string date number integer object array boolean"
#define TYPES_3_1 TYPES_3_0 " timestamp time"
#define TYPES_3_2 TYPES_3_1 " map vector"
#define TYPE_TEXT "The kind of its values, whatever they are kept in."
#define TYPES                                                                            \
    WORDS("logicalType", TYPES_3_0, TYPE_TEXT, .until = ODCS_3_1),                       \
        WORDS("logicalType", TYPES_3_1, TYPE_TEXT, .since = ODCS_3_1,                    \
              .until = ODCS_3_2),                                                        \
        WORDS("logicalType", TYPES_3_2, TYPE_TEXT, .since = ODCS_3_2)
#define KEYS                                                                             \
    FLAG("primaryKey", "Does it belong to the primary key?"),                            \
        WHOLE("primaryKeyPosition", "Its place in that key, from 1."),                   \
        FLAG("required", "Must every row have a value?"),                                \
        FLAG("unique", "Does no value occur twice?"),                                    \
        FLAG("partitioned", "Are the data divided by it?"),                              \
        WHOLE("partitionKeyPosition", "Its place in what divides them, from 1.")
#define ORIGIN                                                                           \
    LIST_OF("transformSourceObjects", &standard_a_text, "What it is made from."),        \
        TEXT("transformLogic", "The statement it is made by."),                          \
        TEXT("transformDescription", "How it is made, in words.")
#define PROPERTY                                                                         \
    ELEMENT, TYPES,                                                                      \
        ROW("logicalTypeOptions", MAP, "What the values of its type must be like."),     \
        KEYS, TEXT("physicalName", "Its name where it is kept.", .since = ODCS_3_0_2),   \
        ORIGIN, TEXT("classification", "How secret it is: public, restricted, PII ..."), \
        TEXT("encryptedName", "The column that holds it encrypted."),                    \
        ROW("examples", LIST, "Some values, as samples."),                               \
        FLAG("criticalDataElement", "Does much depend on it?"),                          \
        LIST_OF("relationships", &standard_odcs_property_relation,                       \
                "The columns that it refers to.", .since = ODCS_3_1),                    \
        LIST_OF("quality", &standard_odcs_rule, "The rules its values must keep."),      \
        WORDS("semanticType", "column measure dimension",                                \
              "What it is for in an analysis.", .since = ODCS_3_2),                      \
        LIST_OF("enum", &enum_value, "The only values it may have.",                     \
                .flags = STANDARD_FILLED | STANDARD_DISTINCT, .since = ODCS_3_2)

static const struct standard_field property_fields[] = {NEEDED("name", NAME_TEXT),
                                                        PROPERTY, END};
static const struct standard_shape property = {.name = "a property of this type",
                                               .kinds = STANDARD_MAP,
                                               .fields = property_fields,
                                               .variants = variants};
/* Since 3.1 only items that are objects have properties. */
static const struct standard_field item_fields[] = {
    TEXT("name", NAME_TEXT), PROPERTY,
    LIST_OF("properties", &property, "The properties inside.", .until = ODCS_3_1), END};
static const struct standard_shape item = {.name = "the items of an array",
                                           .kinds = STANDARD_MAP,
                                           .fields = item_fields,
                                           .variants = variants};
static const struct standard_field map_fields[] = {
    MAP_OF("key", &item, "What the keys are like.", .flags = STANDARD_REQUIRED),
    MAP_OF("value", &item, "What the values are like.", .flags = STANDARD_REQUIRED), END};
static const struct standard_shape map_of_items = SHAPE("a map", map_fields);

/* ---- Objects ---- */

static const struct standard_field object_fields[] = {
    NEEDED("name", NAME_TEXT),
    ELEMENT,
    WORDS("logicalType", "object", "Always object."),
    TEXT("physicalName", "Its name where it is kept: the table, the file."),
    TEXT("dataGranularityDescription", "What one row stands for."),
    LIST_OF("properties", &property, "Its columns or fields."),
    LIST_OF("relationships", &standard_odcs_object_relation,
            "The keys that refer to other objects.", .since = ODCS_3_1),
    LIST_OF("quality", &standard_odcs_rule, "The rules that it must keep as a whole."),
    MIXED("context", STANDARD_TEXT | STANDARD_MAP,
          "What programs that answer questions must know about it.",
          .of = &standard_odcs_context, .since = ODCS_3_2),
    END,
};
const struct standard_shape standard_odcs_object =
    SHAPE("an object of the schema", object_fields);
