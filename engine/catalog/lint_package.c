/* catalog/lint_package: what Data Package 1 (specs.frictionlessdata.io) and 2
 * (datapackage.org) allow. Both leave every map open to keys of one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/lint_rows.h"

#include <string.h>

#include "engine/text.h"

/* ---- Forms ---- */

static bool consists_of(const char *text, const char *signs)
{
    return text[0] != '\0' && text[strspn(text, signs)] == '\0';
}

#define DIGITS "0123456789"
#define SMALL "abcdefghijklmnopqrstuvwxyz"
#define CAPITAL "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_name(const char *text)
{
    return consists_of(text, "-._/" DIGITS SMALL);
}

static bool is_license_name(const char *text)
{
    return consists_of(text, "-._" DIGITS SMALL CAPITAL);
}

/* Version 1: no . / ~ in front, nowhere two dots. A line end ends the match. */
static bool is_path_1(const char *text)
{
    return text[0] != '\0' && strchr("./~\n", text[0]) == NULL &&
           strstr(text, "..") == NULL;
}

static bool is_web_address(const char *text)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://", "ftps://",
                                          NULL};
    for (size_t i = 0; schemes[i] != NULL; i++) {
        if (string_starts(text, schemes[i])) {
            return true;
        }
    }
    return false;
}

static bool is_path_2(const char *text)
{
    if (is_web_address(text) || text[0] == '\0') {
        return true;
    }
    return strchr("./~", text[0]) == NULL && !string_starts(text, "file:") &&
           strstr(text, "/../") == NULL && strchr(text, '\\') == NULL &&
           strstr(text, "://") == NULL;
}

static bool is_media_type(const char *text)
{
    const char *slash = text[0] != '\0' ? strchr(text + 1, '/') : NULL;
    return slash != NULL && slash[1] != '\0';
}

static bool is_hash(const char *text)
{
    static const char hexadecimal[] = DIGITS "abcdefABCDEF";
    const char *colon = strrchr(text, ':');
    if (colon != NULL) {
        return colon > text && memchr(text, ':', (size_t)(colon - text)) == NULL &&
               consists_of(colon + 1, hexadecimal);
    }
    return text[0] == '\0' || (strlen(text) == 32 && consists_of(text, hexadecimal));
}

static const struct lint_form name_form = {"a name of small letters, digits, - . _ and /",
                                           is_name};
static const struct lint_form license_form = {"a licence's short name, such as CC-BY-4.0",
                                              is_license_name};
static const struct lint_form path_form_1 = {
    "a path below the descriptor (no .., no / in front) or a web address", is_path_1};
static const struct lint_form path_form_2 = {
    "a path below the descriptor (no .., no / in front) or a web address", is_path_2};
static const struct lint_form media_form = {"a media type, such as text/csv",
                                            is_media_type};
static const struct lint_form hash_form = {
    "a hash in hexadecimal, with its method in front when it is not MD5", is_hash};

/* ---- People, licences, sources ---- */

static void check_not_empty(struct lint *lint, const struct document_value *map)
{
    if (document_count(map) == 0) {
        lint_tell(lint, document_place(map), true, "empty", "%s must not be empty",
                  text_string(&lint->where));
    }
}

static void check_name_or_path(struct lint *lint, const struct document_value *map)
{
    if (document_get(map, "name") == NULL && document_get(map, "path") == NULL) {
        lint_tell(lint, document_place(map), true, "required",
                  "%s needs a name or a path (its address)", text_string(&lint->where));
    }
}

static const struct lint_field contributor_1_fields[] = {
    NEEDED("title"), FORMED("path", &path_form_1),
    TEXT("email"),   TEXT("organization"),
    TEXT("role"),    END};
static const struct lint_shape contributor_1 = {.name = "a contributor",
                                                .kinds = LINT_ANY,
                                                .fields = contributor_1_fields,
                                                .open = true};
static const struct lint_field contributor_2_fields[] = {
    TEXT("title"),
    FORMED("path", &path_form_2),
    TEXT("email"),
    TEXT("givenName"),
    TEXT("familyName"),
    TEXT("organization"),
    FILLED_LIST_OF("roles", &lint_a_text),
    END};
static const struct lint_shape contributor_2 = {.name = "a contributor",
                                                .kinds = LINT_ANY,
                                                .fields = contributor_2_fields,
                                                .open = true,
                                                .also = check_not_empty};

static const struct lint_field license_1_fields[] = {
    FORMED("name", &license_form), FORMED("path", &path_form_1), TEXT("title"), END};
static const struct lint_shape license_1 = {.name = "a licence",
                                            .kinds = LINT_MAP,
                                            .fields = license_1_fields,
                                            .open = true,
                                            .also = check_name_or_path};
static const struct lint_field license_2_fields[] = {
    FORMED("name", &license_form), FORMED("path", &path_form_2), TEXT("title"), END};
static const struct lint_shape license_2 = {.name = "a licence",
                                            .kinds = LINT_MAP,
                                            .fields = license_2_fields,
                                            .open = true,
                                            .also = check_name_or_path};

static const struct lint_field source_1_fields[] = {
    NEEDED("title"), FORMED("path", &path_form_1), TEXT("email"), END};
static const struct lint_shape source_1 = OPEN_SHAPE("a source", source_1_fields);
static const struct lint_field source_2_fields[] = {
    TEXT("title"), FORMED("path", &path_form_2), TEXT("email"), TEXT("version"), END};
static const struct lint_shape source_2 = {.name = "a source",
                                           .kinds = LINT_MAP,
                                           .fields = source_2_fields,
                                           .open = true,
                                           .also = check_not_empty};

/* ---- Fields of a table ---- */

#define VALUES(these)                                                                    \
    {                                                                                    \
        .key = "enum", .kinds = LINT_LIST, .flags = LINT_FILLED | LINT_DISTINCT,         \
        .of = these                                                                      \
    }
#define EACH FLAG("required"), FLAG("unique")
#define BOUNDS(these)                                                                    \
    {.key = "minimum", .kinds = these},                                                  \
    {                                                                                    \
        .key = "maximum", .kinds = these                                                 \
    }
#define MORE_BOUNDS(these)                                                               \
    {.key = "exclusiveMinimum", .kinds = these},                                         \
    {                                                                                    \
        .key = "exclusiveMaximum", .kinds = these                                        \
    }
#define LENGTHS WHOLE("minLength"), WHOLE("maxLength")

static const struct lint_shape text_or_number = {.name = "a value",
                                                 .kinds = LINT_TEXT | LINT_NUMBER};
static const struct lint_shape text_or_whole = {.name = "a value",
                                                .kinds = LINT_TEXT | LINT_INTEGER};
static const struct lint_shape a_boolean = {.name = "a value", .kinds = LINT_BOOLEAN};
static const struct lint_shape text_or_map = {
    .name = "a value", .kinds = LINT_TEXT | LINT_MAP, .open = true};
static const struct lint_shape text_or_list = {.name = "a value",
                                               .kinds = LINT_TEXT | LINT_LIST};
static const struct lint_shape text_list_or_map = {
    .name = "a value", .kinds = LINT_TEXT | LINT_LIST | LINT_MAP, .open = true};
static const struct lint_shape any_value = {
    .name = "a value", .kinds = LINT_ANY, .open = true};

static const struct lint_field string_limits[] = {EACH, TEXT("pattern"),
                                                  VALUES(&lint_a_text), LENGTHS, END};
static const struct lint_field number_limits[] = {
    EACH, VALUES(&text_or_number), BOUNDS(LINT_TEXT | LINT_NUMBER),
    MORE_BOUNDS(LINT_TEXT | LINT_NUMBER), END};
static const struct lint_field integer_limits[] = {
    EACH, VALUES(&text_or_whole), BOUNDS(LINT_TEXT | LINT_INTEGER),
    MORE_BOUNDS(LINT_TEXT | LINT_INTEGER), END};
static const struct lint_field date_limits[] = {
    EACH, VALUES(&lint_a_text), BOUNDS(LINT_TEXT), MORE_BOUNDS(LINT_TEXT), END};
static const struct lint_field boolean_limits[] = {FLAG("required"), VALUES(&a_boolean),
                                                   END};
static const struct lint_field map_limits[] = {EACH, VALUES(&text_or_map), LENGTHS, END};
static const struct lint_field list_limits[] = {EACH, VALUES(&text_or_list), LENGTHS,
                                                END};
static const struct lint_field point_limits[] = {EACH, VALUES(&text_list_or_map), END};
static const struct lint_field any_limits[] = {EACH, VALUES(&any_value), END};

#define LIMITS(name, rows)                                                               \
    static const struct lint_shape name = OPEN_SHAPE("the constraints", rows)
LIMITS(string_constraints, string_limits);
LIMITS(number_constraints, number_limits);
LIMITS(integer_constraints, integer_limits);
LIMITS(date_constraints, date_limits);
LIMITS(boolean_constraints, boolean_limits);
LIMITS(map_constraints, map_limits);
LIMITS(list_constraints, list_limits);
LIMITS(point_constraints, point_limits);
LIMITS(any_constraints, any_limits);

#define PLAIN_FORMAT WORDS("format", "default")
static const struct lint_field as_string[] = {
    WORDS("format", "default email uri binary uuid"),
    MAP_OF("constraints", &string_constraints), END};
static const struct lint_field as_number[] = {PLAIN_FORMAT,
                                              FLAG("bareNumber"),
                                              TEXT("decimalChar"),
                                              TEXT("groupChar"),
                                              MAP_OF("constraints", &number_constraints),
                                              END};
static const struct lint_field as_integer[] = {
    PLAIN_FORMAT, FLAG("bareNumber"), MAP_OF("constraints", &integer_constraints), END};
static const struct lint_field as_date[] = {MAP_OF("constraints", &date_constraints),
                                            END};
static const struct lint_field as_year[] = {
    PLAIN_FORMAT, MAP_OF("constraints", &integer_constraints), END};
static const struct lint_field as_month[] = {
    PLAIN_FORMAT, MAP_OF("constraints", &date_constraints), END};
static const struct lint_field as_boolean[] = {
    PLAIN_FORMAT, FILLED_LIST_OF("trueValues", &lint_a_text),
    FILLED_LIST_OF("falseValues", &lint_a_text),
    MAP_OF("constraints", &boolean_constraints), END};
static const struct lint_field as_map[] = {PLAIN_FORMAT,
                                           MAP_OF("constraints", &map_constraints), END};
static const struct lint_field as_list[] = {
    PLAIN_FORMAT, MAP_OF("constraints", &list_constraints), END};
static const struct lint_field as_point[] = {WORDS("format", "default array object"),
                                             MAP_OF("constraints", &point_constraints),
                                             END};
static const struct lint_field as_shape[] = {
    WORDS("format", "default topojson"), MAP_OF("constraints", &map_constraints), END};
static const struct lint_field as_any[] = {MAP_OF("constraints", &any_constraints), END};

#define TYPE(its_word, rows)                                                             \
    {                                                                                    \
        .key = "type", .word = its_word, .fields = rows                                  \
    }
#define TYPES                                                                            \
    TYPE(NULL, as_string), TYPE("string", as_string), TYPE("number", as_number),         \
        TYPE("integer", as_integer), TYPE("date", as_date), TYPE("time", as_date),       \
        TYPE("datetime", as_date), TYPE("year", as_year), TYPE("yearmonth", as_month),   \
        TYPE("boolean", as_boolean), TYPE("object", as_map), TYPE("geopoint", as_point), \
        TYPE("geojson", as_shape), TYPE("array", as_list), TYPE("duration", as_month),   \
        TYPE("any", as_any)
static const struct lint_variant types_1[] = {TYPES, {.key = NULL}};
static const struct lint_variant types_2[] = {TYPES, TYPE("list", as_any), {.key = NULL}};

#define TYPE_WORDS                                                                       \
    "string number integer date time datetime year yearmonth boolean object geopoint "   \
    "geojson array duration any"
#define FIELD                                                                            \
    NEEDED("name"), TEXT("title"), TEXT("description"), TEXT("example"), TEXT("rdfType")
static const struct lint_field field_1_fields[] = {FIELD, WORDS("type", TYPE_WORDS), END};
static const struct lint_field field_2_fields[] = {
    FIELD,
    WORDS("type", TYPE_WORDS " list"),
    {.key = "missingValues", .kinds = LINT_LIST, .of = &text_or_map},
    {.key = "categories", .kinds = LINT_LIST, .of = &any_value},
    FLAG("categoriesOrdered"),
    END,
};
static const struct lint_shape field_1 = {.name = "a field",
                                          .kinds = LINT_MAP,
                                          .fields = field_1_fields,
                                          .variants = types_1,
                                          .open = true};
static const struct lint_shape field_2 = {.name = "a field",
                                          .kinds = LINT_MAP,
                                          .fields = field_2_fields,
                                          .variants = types_2,
                                          .open = true};

/* ---- Keys ---- */

static void check_same_kind(struct lint *lint, const struct document_value *key)
{
    const struct document_value *fields = document_get(key, "fields");
    const struct document_value *other = document_find(key, "reference.fields");
    if (fields != NULL && other != NULL &&
        document_kind(fields) != document_kind(other)) {
        lint_tell(lint, document_place(key), true, "type",
                  "%s: the fields of both sides must be texts, or lists on both sides",
                  text_string(&lint->where));
    }
}

#define KEY_FIELDS                                                                       \
    {                                                                                    \
        .key = "fields", .kinds = LINT_TEXT | LINT_LIST, .flags = LINT_REQUIRED,         \
        .of = &lint_a_text                                                               \
    }
static const struct lint_field reference_1_fields[] = {NEEDED("resource"), KEY_FIELDS,
                                                       END};
static const struct lint_field reference_2_fields[] = {TEXT("resource"), KEY_FIELDS, END};
static const struct lint_shape reference_1 =
    OPEN_SHAPE("a reference", reference_1_fields);
static const struct lint_shape reference_2 =
    OPEN_SHAPE("a reference", reference_2_fields);
#define FOREIGN_KEY(shape)                                                               \
    KEY_FIELDS,                                                                          \
    {                                                                                    \
        .key = "reference", .kinds = LINT_MAP, .flags = LINT_REQUIRED, .of = shape       \
    }
static const struct lint_field foreign_1_fields[] = {FOREIGN_KEY(&reference_1), END};
static const struct lint_field foreign_2_fields[] = {FOREIGN_KEY(&reference_2), END};
static const struct lint_shape foreign_1 = {.name = "a foreign key",
                                            .kinds = LINT_MAP,
                                            .fields = foreign_1_fields,
                                            .open = true,
                                            .also = check_same_kind};
static const struct lint_shape foreign_2 = {.name = "a foreign key",
                                            .kinds = LINT_MAP,
                                            .fields = foreign_2_fields,
                                            .open = true,
                                            .also = check_same_kind};

#define FIELDS_OF(shape)                                                                 \
    {                                                                                    \
        .key = "fields", .kinds = LINT_LIST, .flags = LINT_REQUIRED | LINT_FILLED,       \
        .of = shape                                                                      \
    }
#define PRIMARY_KEY                                                                      \
    {                                                                                    \
        .key = "primaryKey", .kinds = LINT_TEXT | LINT_LIST,                             \
        .flags = LINT_FILLED | LINT_DISTINCT, .of = &lint_a_text                         \
    }
static const struct lint_field schema_1_fields[] = {
    FIELDS_OF(&field_1), PRIMARY_KEY, FILLED_LIST_OF("foreignKeys", &foreign_1),
    LIST_OF("missingValues", &lint_a_text), END};
static const struct lint_field schema_2_fields[] = {
    FIELDS_OF(&field_2),
    PRIMARY_KEY,
    FILLED_LIST_OF("foreignKeys", &foreign_2),
    {.key = "missingValues", .kinds = LINT_LIST, .of = &text_or_map},
    {.key = "uniqueKeys", .kinds = LINT_LIST, .flags = LINT_FILLED},
    {.key = "fieldsMatch", .kinds = LINT_LIST},
    END,
};
static const struct lint_shape schema_1 = OPEN_SHAPE("the schema", schema_1_fields);
static const struct lint_shape schema_2 = OPEN_SHAPE("the schema", schema_2_fields);

/* ---- Resources ---- */

static void check_path_or_data(struct lint *lint, const struct document_value *resource)
{
    bool path = document_get(resource, "path") != NULL;
    if (path == (document_get(resource, "data") != NULL)) {
        lint_tell(lint, document_place(resource), true, "required",
                  "%s must have either a path or data, %s", text_string(&lint->where),
                  path ? "not both" : "and has neither");
    }
}

static const struct lint_shape a_path_1 = {
    .name = "a path", .kinds = LINT_TEXT, .form = &path_form_1};
static const struct lint_shape a_path_2 = {
    .name = "a path", .kinds = LINT_TEXT, .form = &path_form_2};
static const struct lint_shape a_row_number = {.name = "a row", .kinds = LINT_INTEGER};

#define DIALECT                                                                          \
    TEXT("lineTerminator"), TEXT("nullSequence"), TEXT("quoteChar"), TEXT("escapeChar"), \
        FLAG("skipInitialSpace"), FLAG("header"), TEXT("commentChar")
static const struct lint_field dialect_1_fields[] = {
    NEEDED("delimiter"),
    {.key = "doubleQuote", .kinds = LINT_BOOLEAN, .flags = LINT_REQUIRED},
    LIMIT("csvddfVersion"),
    FLAG("caseSensitiveHeader"),
    DIALECT,
    END};
static const struct lint_field dialect_2_fields[] = {
    TEXT("delimiter"),
    FLAG("doubleQuote"),
    DIALECT,
    LIST_OF("headerRows", &a_row_number),
    LIST_OF("commentRows", &a_row_number),
    TEXT("headerJoin"),
    TEXT("property"),
    WORDS("itemType", "array object"),
    LIST_OF("itemKeys", &lint_a_text),
    WHOLE("sheetNumber"),
    TEXT("sheetName"),
    TEXT("table"),
    END};
static const struct lint_shape dialect_1 = OPEN_SHAPE("the dialect", dialect_1_fields);
static const struct lint_shape dialect_2 = OPEN_SHAPE("the dialect", dialect_2_fields);

#define PATHS(shape, its_form)                                                           \
    {                                                                                    \
        .key = "path", .kinds = LINT_TEXT | LINT_LIST, .flags = LINT_FILLED,             \
        .of = shape, .form = its_form                                                    \
    }
#define RESOURCE                                                                         \
    {.key = "data", .kinds = LINT_ANY}, TEXT("title"), TEXT("description"),              \
        TEXT("homepage"), TEXT("format"), FORMED("mediatype", &media_form),              \
        TEXT("encoding"), WHOLE("bytes"), FORMED("hash", &hash_form)
#define REFERRED(name, shape)                                                            \
    {                                                                                    \
        .key = name, .kinds = LINT_TEXT | LINT_MAP, .of = shape                          \
    }

static const struct lint_field resource_1_fields[] = {
    {.key = "name", .kinds = LINT_TEXT, .flags = LINT_REQUIRED, .form = &name_form},
    PATHS(&a_path_1, &path_form_1),
    RESOURCE,
    TEXT("profile"),
    REFERRED("schema", &schema_1),
    REFERRED("dialect", &dialect_1),
    LIST_OF("sources", &source_1),
    FILLED_LIST_OF("licenses", &license_1),
    END,
};
static const struct lint_field resource_2_fields[] = {
    NEEDED("name"),
    PATHS(&a_path_2, &path_form_2),
    RESOURCE,
    TEXT("$schema"),
    WORDS("type", "table"),
    REFERRED("schema", &schema_2),
    MAP_OF("dialect", &dialect_2),
    LIST_OF("sources", &source_2),
    FILLED_LIST_OF("licenses", &license_2),
    END,
};
static const struct lint_shape resource_1 = {.name = "a resource",
                                             .kinds = LINT_MAP,
                                             .fields = resource_1_fields,
                                             .open = true,
                                             .also = check_path_or_data};
static const struct lint_shape resource_2 = {.name = "a resource",
                                             .kinds = LINT_MAP,
                                             .fields = resource_2_fields,
                                             .open = true,
                                             .also = check_path_or_data};

/* ---- The package ---- */

#define PACKAGE                                                                          \
    TEXT("id"), TEXT("title"), TEXT("description"), TEXT("homepage"), TEXT("created"),   \
        FILLED_LIST_OF("keywords", &lint_a_text), TEXT("image")
#define RESOURCES(shape)                                                                 \
    {                                                                                    \
        .key = "resources", .kinds = LINT_LIST, .flags = LINT_REQUIRED | LINT_FILLED,    \
        .of = shape                                                                      \
    }

static const struct lint_field package_1_fields[] = {
    TEXT("profile"),
    FORMED("name", &name_form),
    PACKAGE,
    FILLED_LIST_OF("contributors", &contributor_1),
    FILLED_LIST_OF("licenses", &license_1),
    LIST_OF("sources", &source_1),
    RESOURCES(&resource_1),
    END,
};
static const struct lint_field package_2_fields[] = {
    TEXT("$schema"),
    TEXT("name"),
    TEXT("version"),
    PACKAGE,
    FILLED_LIST_OF("contributors", &contributor_2),
    FILLED_LIST_OF("licenses", &license_2),
    LIST_OF("sources", &source_2),
    RESOURCES(&resource_2),
    END,
};
const struct lint_shape lint_package_1 = OPEN_SHAPE("a data package", package_1_fields);
const struct lint_shape lint_package_2 = OPEN_SHAPE("a data package", package_2_fields);
