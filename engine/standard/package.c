/* standard/package: what Data Package 1 (specs.frictionlessdata.io) and 2
 * (datapackage.org) allow. Every map is open to keys of one's own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/standard/package.h"
#include "engine/standard/rows.h"

#define NEEDS .flags = STANDARD_REQUIRED

/* What a path may be became another rule in version 2. */
#define PATH(...)                                                                        \
    ROW("path", TEXT, __VA_ARGS__, .form = &standard_package_path_1, .until = V2),       \
        ROW("path", TEXT, __VA_ARGS__, .form = &standard_package_path_2, .since = V2)
#define EMAIL ROW("email", TEXT, "The mail address.")

/* ---- People, licences, sources ---- */

static void check_not_empty(struct standard_check *check,
                            const struct document_value *map)
{
    if (check->version >= V2 && document_kind(map) == DOCUMENT_MAP &&
        document_count(map) == 0) {
        standard_tell(check, document_place(map), true, "empty", "%s must not be empty",
                      standard_where(check));
    }
}

static void check_name_or_path(struct standard_check *check,
                               const struct document_value *map)
{
    if (document_get(map, "name") == NULL && document_get(map, "path") == NULL) {
        standard_mend(standard_tell(check, document_place(map), true, "required",
                                    "%s needs a name or a path (its address)",
                                    standard_where(check)),
                      "add name, such as CC-BY-4.0");
    }
}

static const struct standard_field contributor_fields[] = {
    ROW("title", TEXT, "Name of the person or organisation.", NEEDS, .until = V2),
    ROW("title", TEXT, "Name of the person or organisation.", .since = V2),
    PATH("Address of a page about them."),
    EMAIL,
    ROW("givenName", TEXT, "The given name.", .since = V2),
    ROW("familyName", TEXT, "The family name.", .since = V2),
    ROW("organization", TEXT, "The organisation they belong to."),
    ROW("role", TEXT, "What they did: author, publisher, maintainer ...", .until = V2),
    ROW("roles", LIST, "What they did: creator, publisher ...", .of = &standard_a_text,
        .flags = STANDARD_FILLED, .since = V2),
    END,
};
static const struct standard_shape contributor = {.name = "a contributor",
                                                  .kinds = STANDARD_ANY,
                                                  .fields = contributor_fields,
                                                  .open = true,
                                                  .also = check_not_empty};

static const struct standard_field license_fields[] = {
    ROW("name", TEXT, "Short name of the licence, such as CC-BY-4.0.",
        .form = &standard_package_license),
    PATH("Where the text of the licence lies."),
    ROW("title", TEXT, "Full name of the licence."),
    END,
};
static const struct standard_shape license = {.name = "a licence",
                                              .kinds = STANDARD_MAP,
                                              .fields = license_fields,
                                              .open = true,
                                              .also = check_name_or_path};

static const struct standard_field source_fields[] = {
    ROW("title", TEXT, "Name of the source.", NEEDS, .until = V2),
    ROW("title", TEXT, "Name of the source.", .since = V2),
    PATH("Where the source lies."),
    EMAIL,
    ROW("version", TEXT, "Version of the source.", .since = V2),
    END,
};
static const struct standard_shape source = {.name = "a source",
                                             .kinds = STANDARD_MAP,
                                             .fields = source_fields,
                                             .open = true,
                                             .also = check_not_empty};

#define CREDITS                                                                          \
    ROW("sources", LIST, "Where the data come from.", .of = &source),                    \
        ROW("licenses", LIST, "What may be done with the data.", .of = &license,         \
            .flags = STANDARD_FILLED)

/* ---- Dialects ---- */

static const struct standard_shape a_row_number = {.name = "a row",
                                                   .kinds = STANDARD_INTEGER};

static void check_rows(struct standard_check *check, const struct document_value *dialect)
{
    static const char *const keys[] = {"headerRows", "commentRows"};
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const struct document_value *rows = document_get(dialect, keys[k]);
        for (size_t i = 0; i < document_count(rows); i++) {
            const struct document_value *row = document_item(rows, i);
            if (check->version >= V2 && document_number(row, 1) < 1) {
                standard_tell(check, document_place(row), true, "range",
                              "%s.%s: rows are counted from 1", standard_where(check),
                              keys[k]);
            }
        }
    }
}

#define DELIMITER "What stands between two cells, such as a comma."
#define DOUBLE_QUOTE "True when two quotes inside a text stand for one."
/* The text gives both a default; the schema of version 1 requires them all the same. */
#define NEEDS_BY_LETTER .flags = STANDARD_REQUIRED | STANDARD_STRICT
static const struct standard_field dialect_fields[] = {
    ROW("delimiter", TEXT, DELIMITER, NEEDS_BY_LETTER, .until = V2),
    ROW("delimiter", TEXT, DELIMITER, .flags = STANDARD_LENIENT, .until = V2),
    ROW("delimiter", TEXT, DELIMITER, .since = V2),
    ROW("lineTerminator", TEXT, "What ends a row."),
    ROW("quoteChar", TEXT, "What texts are quoted with."),
    ROW("doubleQuote", BOOLEAN, DOUBLE_QUOTE, NEEDS_BY_LETTER, .until = V2),
    ROW("doubleQuote", BOOLEAN, DOUBLE_QUOTE, .flags = STANDARD_LENIENT, .until = V2),
    ROW("doubleQuote", BOOLEAN, DOUBLE_QUOTE, .since = V2),
    ROW("escapeChar", TEXT, "What takes the meaning from the next sign."),
    ROW("nullSequence", TEXT, "What stands for a missing value."),
    ROW("skipInitialSpace", BOOLEAN, "True when blanks behind a delimiter are left out."),
    ROW("header", BOOLEAN, "True when the first row holds the names."),
    ROW("commentChar", TEXT, "What a row that is no data begins with."),
    ROW("caseSensitiveHeader", BOOLEAN, "True when a and A are two names.", .until = V2),
    ROW("csvddfVersion", NUMBER, "Version of the dialect description.", .until = V2),
    ROW("$schema", TEXT, "Address of the profile the dialect keeps to.", .since = V2),
    ROW("headerRows", LIST, "The rows that hold the names, from 1.", .since = V2,
        .of = &a_row_number),
    ROW("headerJoin", TEXT, "What joins the names of several such rows.", .since = V2),
    ROW("commentRows", LIST, "The rows that are no data, from 1.", .since = V2,
        .of = &a_row_number),
    ROW("property", TEXT, "The key in a JSON file that holds the rows.", .since = V2),
    ROW("itemType", TEXT, "What one row of a JSON file is.", .since = V2,
        .words = "array object"),
    ROW("itemKeys", LIST, "The keys that are read, in this order.", .since = V2,
        .of = &standard_a_text),
    ROW("sheetNumber", INTEGER, "Number of the sheet in a workbook, from 1.", .since = V2,
        .flags = STANDARD_POSITIVE),
    ROW("sheetName", TEXT, "Name of the sheet in a workbook.", .since = V2),
    ROW("table", TEXT, "Name of the table in a database.", .since = V2),
    END,
};
static const struct standard_shape dialect = {.name = "the dialect",
                                              .kinds = STANDARD_MAP,
                                              .fields = dialect_fields,
                                              .open = true,
                                              .also = check_rows};

/* ---- Resources ---- */

static void check_path_or_data(struct standard_check *check,
                               const struct document_value *resource)
{
    bool path = document_get(resource, "path") != NULL;
    if (path == (document_get(resource, "data") != NULL)) {
        standard_tell(check, document_place(resource), true, "required",
                      "%s must have either a path or data, %s", standard_where(check),
                      path ? "not both" : "and has neither");
    }
}

static const struct standard_shape a_path_1 = {
    .name = "a path", .kinds = STANDARD_TEXT, .form = &standard_package_path_1};
static const struct standard_shape a_path_2 = {
    .name = "a path", .kinds = STANDARD_TEXT, .form = &standard_package_path_2};

#define FILES(shape, its_form, ...)                                                      \
    MIXED("path", STANDARD_TEXT | STANDARD_LIST,                                         \
          "Where the data lie; a list when they are in several files.", .of = &shape,    \
          .form = &its_form, .flags = STANDARD_FILLED, __VA_ARGS__)
#define SCHEMA "Fields and keys of the table, or where they are told."

static const struct standard_field resource_fields[] = {
    ROW("name", TEXT, "Name of the resource, unique in the package.", NEEDS,
        .form = &standard_package_name, .until = V2),
    ROW("name", TEXT, "Name of the resource, unique in the package.", NEEDS, .since = V2),
    FILES(a_path_1, standard_package_path_1, .until = V2),
    FILES(a_path_2, standard_package_path_2, .since = V2),
    ROW("data", ANY, "The data themselves, instead of a path."),
    ROW("profile", TEXT, "The profile it keeps to, such as tabular-data-resource.",
        .until = V2),
    ROW("$schema", TEXT, "Address of the profile it keeps to.", .since = V2),
    ROW("type", TEXT, "What it is: a table.", .words = "table", .since = V2),
    ROW("title", TEXT, "Name of the resource for people."),
    ROW("description", TEXT, "What the resource holds."),
    ROW("homepage", TEXT, "Address of its page."),
    ROW("format", TEXT, "The file format: csv, json, xlsx ..."),
    ROW("mediatype", TEXT, "The media type, such as text/csv.",
        .form = &standard_package_media),
    ROW("encoding", TEXT, "How signs are written, such as utf-8."),
    ROW("bytes", INTEGER, "Size of the file in bytes."),
    ROW("hash", TEXT, "Hash of the file, with its method in front when it is not MD5.",
        .form = &standard_package_hash),
    MIXED("schema", STANDARD_TEXT | STANDARD_MAP, SCHEMA, .of = &standard_package_schema),
    MIXED("dialect", STANDARD_TEXT | STANDARD_MAP, "How the rows are written.",
          .of = &dialect, .until = V2),
    ROW("dialect", MAP, "How the rows are written.", .of = &dialect, .since = V2),
    CREDITS,
    END,
};
static const struct standard_shape resource = {.name = "a resource",
                                               .kinds = STANDARD_MAP,
                                               .fields = resource_fields,
                                               .open = true,
                                               .also = check_path_or_data};

/* ---- The package ---- */

#define NAME "Name of the package, as it stands in an address."
static const struct standard_field package_fields[] = {
    ROW("profile", TEXT, "The profile it keeps to, such as tabular-data-package.",
        .until = V2),
    ROW("$schema", TEXT, "Address of the profile it keeps to.", .since = V2),
    ROW("name", TEXT, NAME, .form = &standard_package_name, .until = V2),
    ROW("name", TEXT, NAME, .since = V2),
    ROW("id", TEXT, "What tells this package from every other one."),
    ROW("title", TEXT, "Name of the package for people."),
    ROW("description", TEXT, "What the package holds."),
    ROW("homepage", TEXT, "Address of its page."),
    ROW("version", TEXT, "Version of the package.", .since = V2),
    ROW("created", TEXT, "When it was made."),
    ROW("contributors", LIST, "Who made it.", .of = &contributor,
        .flags = STANDARD_FILLED),
    ROW("keywords", LIST, "Words to find it by.", .of = &standard_a_text,
        .flags = STANDARD_FILLED),
    ROW("image", TEXT, "Where a picture for it lies."),
    CREDITS,
    ROW("resources", LIST, "Its tables and files.", .of = &resource,
        .flags = STANDARD_REQUIRED | STANDARD_FILLED),
    END,
};
const struct standard_shape standard_package =
    OPEN_SHAPE("a data package", package_fields);
