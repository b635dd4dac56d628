/* catalog/read_schema: the schema and the dialect of a Data Package's table.
 *
 * Source: Table Schema and Table Dialect, datapackage.org/standard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog/contract.h"
#include "engine/catalog/insert.h"
#include "engine/catalog/package.h"

#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

/* ---- Fields ---- */

int package_position(const struct document_value *keys, const char *name)
{
    if (document_kind(keys) != DOCUMENT_LIST) {
        return string_equal(document_text(keys), name) ? 1 : 0;
    }
    for (size_t i = 0; i < document_count(keys); i++) {
        if (string_equal(document_text(document_item(keys, i)), name)) {
            return (int)i + 1;
        }
    }
    return 0;
}

/* Markers of missing values, a line each; version 2 may label them. */
static char *missing_of(const struct document_value *list)
{
    if (document_kind(list) != DOCUMENT_LIST) {
        return NULL;
    }
    struct text lines = {0};
    text_append(&lines, "");
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *item = document_item(list, i);
        const char *marker = document_kind(item) == DOCUMENT_MAP
                                 ? document_get_text(item, "value")
                                 : document_text(item);
        text_append(&lines, i > 0 ? "\n" : "");
        text_append(&lines, marker != NULL ? marker : "");
    }
    return text_take(&lines);
}

static void read_constraints(struct package *package, const struct property_row *row,
                             const struct document_value *constraints)
{
    const char *key;
    for (size_t i = 0; i < document_count(constraints); i++) {
        const struct document_value *value = document_member(constraints, i, &key, NULL);
        char *text = part_any(value);
        if (text != NULL && !string_equal(key, "required") &&
            !string_equal(key, "unique")) {
            build_insert(package->source->build, INSERT_OPTION, "sssssl", package->id,
                         row->object, row->name, key, text, row->object_row);
        }
        free(text);
    }
}

/* One example, as a list of one; or a list of them. */
static char *examples_of(const struct document_value *field)
{
    const struct document_value *one = document_get(field, "example");
    if (one == NULL) {
        return part_any(document_get(field, "examples"));
    }
    struct text list = {0};
    text_append_char(&list, '[');
    part_append_json(&list, one);
    text_append_char(&list, ']');
    return text_take(&list);
}

/* What the values may be: `categories`, which may have labels, or an `enum`. */
static void read_allowed(struct package *package, const struct property_row *row,
                         const struct document_value *field)
{
    const struct document_value *list = document_get(field, "categories");
    if (list == NULL) {
        list = document_get(document_get(field, "constraints"), "enum");
    }
    struct spot spot = {.contract = row->contract,
                        .object = row->object,
                        .object_row = row->object_row,
                        .property = row->name};
    read_enum(package->source, &spot, list);
}

/* Its meaning elsewhere, and what no row has a place for. */
static void read_field_notes(struct package *package, const struct property_row *row,
                             const struct document_value *field)
{
    static const char *const keys[] = {"categoriesOrdered", "itemType", "delimiter",
                                       NULL};
    char *id = string_printf("%s/%s/%s", row->contract, row->object, row->name);
    const char *type = document_get_text(field, "rdfType");
    if (type != NULL) {
        build_insert(package->source->build, INSERT_AUTHDEF, "ssssni", "property", id,
                     "rdfType", type, row->line);
    }
    for (size_t i = 0; keys[i] != NULL; i++) {
        char *text = part_any(document_get(field, keys[i]));
        if (text != NULL) {
            build_insert(package->source->build, INSERT_OPTION, "sssssl", row->contract,
                         row->object, row->name, keys[i], text, row->object_row);
        }
        free(text);
    }
    free(id);
}

/* A unique key of this one column. */
static bool is_key_alone(const struct document_value *keys, const char *name)
{
    for (size_t i = 0; i < document_count(keys); i++) {
        const struct document_value *key = document_item(keys, i);
        bool is_one = document_text(key) != NULL || document_count(key) == 1;
        if (is_one && package_position(key, name) == 1) {
            return true;
        }
    }
    return false;
}

static void read_field(struct package *package, const char *object, long long object_row,
                       int position, const struct document_value *schema)
{
    const struct document_value *field =
        document_item(document_get(schema, "fields"), (size_t)position - 1);
    const struct document_value *constraints = document_get(field, "constraints");
    const char *name = document_get_text(field, "name");
    if (name == NULL) {
        return;
    }
    char *truths = part_joined(document_get(field, "trueValues"), "\n");
    char *falsehoods = part_joined(document_get(field, "falseValues"), "\n");
    char *missing = missing_of(document_get(field, "missingValues"));
    char *examples = examples_of(field);
    struct property_row row = {
        .contract = package->id,
        .object = object,
        .name = name,
        .depth = 1,
        .logical_type = document_get_text(field, "type"),
        .required = document_truth(document_get(constraints, "required"), false),
        .is_unique = document_truth(document_get(constraints, "unique"), false) ||
                     is_key_alone(document_get(schema, "uniqueKeys"), name),
        .pk_pos = package_position(document_get(schema, "primaryKey"), name),
        .description = document_get_text(field, "description"),
        .business_name = document_get_text(field, "title"),
        .line = part_line(field),
        .object_row = object_row,
        .position = position,
        .format = document_get_text(field, "format"),
        .true_values = truths,
        .false_values = falsehoods,
        .decimal_char = document_get_text(field, "decimalChar"),
        .group_char = document_get_text(field, "groupChar"),
        .missing = missing,
        .examples = examples,
        .unit = document_get_text(field, "unit"),
        .not_bare = !document_truth(document_get(field, "bareNumber"), true),
    };
    property_insert(package->source->build, &row);
    read_constraints(package, &row, constraints);
    read_allowed(package, &row, field);
    read_field_notes(package, &row, field);
    free(examples);
    free(truths);
    free(falsehoods);
    free(missing);
}

/* One text stands for a list of one. */
static int count_of(const struct document_value *fields)
{
    return document_text(fields) != NULL ? 1 : (int)document_count(fields);
}

static void read_foreign_keys(struct package *package, const char *object,
                              const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *key = document_item(list, i);
        const struct document_value *reference = document_get(key, "reference");
        const char *target = document_get_text(reference, "resource");
        char *from = part_joined(document_get(key, "fields"), ",");
        char *to = part_joined(document_get(reference, "fields"), ",");
        bool is_itself = target == NULL || target[0] == '\0';
        struct relation_row row = {
            .contract = package->id,
            .object = object,
            .from_cols = from,
            .to_object = is_itself ? object : target,
            .to_cols = to,
            .type = "foreignKey",
            .level = "object",
            .line = part_line(key),
            .from_count = count_of(document_get(key, "fields")),
            .to_count = count_of(document_get(reference, "fields")),
            .contract_row = package->contract_row,
        };
        relation_insert(package->source->build, &row);
        free(from);
        free(to);
    }
}

/* Columns whose values together stand once only; of one column, it says so itself. */
static void read_unique_keys(struct package *package, const char *object,
                             long long object_row, const struct document_value *list)
{
    for (size_t i = 0; i < document_count(list); i++) {
        const struct document_value *key = document_item(list, i);
        char *columns = part_joined(key, ",");
        build_insert(package->source->build, INSERT_UNIQUE, "sssil", package->id, object,
                     columns, part_line(key), object_row);
        free(columns);
    }
}

void package_schema(struct package *package, const char *object, long long object_row,
                    const struct document_value *schema)
{
    size_t count = document_count(document_get(schema, "fields"));
    for (size_t i = 0; i < count; i++) {
        if (source_counts_field(package->source,
                                document_item(document_get(schema, "fields"), i))) {
            read_field(package, object, object_row, (int)i + 1, schema);
        }
    }
    read_foreign_keys(package, object, document_get(schema, "foreignKeys"));
    read_unique_keys(package, object, object_row, document_get(schema, "uniqueKeys"));
}

/* ---- Dialect ---- */

/* 0 when it is not declared. No sign at all is a thing to declare for quotes. */
static int package_sign(const struct document_value *dialect, const char *key)
{
    const char *text = document_get_text(dialect, key);
    char sign = '\0';
    if (text != NULL && text[0] == '\0') {
        return string_equal(key, "quoteChar") ? CATALOG_NO_SIGN : 0;
    }
    return text != NULL && catalog_sign_of(text, &sign) ? sign : 0;
}

/* Header rows and rows that are comments, by their numbers from 1. */
struct row_numbers {
    int skip;    /* rows before the header */
    int headers; /* 0: not declared */
    struct text comments;
};

static int row_number(const struct document_value *list, size_t index)
{
    double number = document_number(document_item(list, index), 0);
    return number >= 1 && number <= 1000 ? (int)number : 0;
}

static bool has_row(const struct document_value *list, int row)
{
    for (size_t i = 0; i < document_count(list); i++) {
        if (row_number(list, i) == row) {
            return true;
        }
    }
    return false;
}

/* Everything before the first header row is left out, as are rows between two of them
 * that are none; without header rows, what commentRows names at the start. */
static void read_row_numbers(const struct document_value *dialect,
                             struct row_numbers *rows)
{
    const struct document_value *comments = document_get(dialect, "commentRows");
    const struct document_value *headers = document_get(dialect, "headerRows");
    int first = row_number(headers, 0), last = 0;
    for (size_t i = 0; i < document_count(headers); i++) {
        int row = row_number(headers, i);
        first = row > 0 && row < first ? row : first;
        last = row > last ? row : last;
        rows->headers += row > 0 ? 1 : 0;
    }
    rows->skip = first > 0 ? first - 1 : 0;
    while (first == 0 && has_row(comments, rows->skip + 1)) {
        rows->skip++;
    }
    for (int row = rows->skip + 1; row <= last; row++) {
        if (!has_row(headers, row)) {
            text_printf(&rows->comments, "%d ", row);
        }
    }
    for (size_t i = 0; i < document_count(comments); i++) {
        int row = row_number(comments, i);
        if (row > rows->skip && !has_row(headers, row)) {
            text_printf(&rows->comments, "%d ", row);
        }
    }
}

/* What stands for no value: the schema's markers and the dialect's null sequence. */
static char *markers_of(const struct document_value *dialect,
                        const struct document_value *missing)
{
    char *markers = missing_of(missing);
    const char *null = document_get_text(dialect, "nullSequence");
    if (null == NULL || null[0] == '\0') {
        return markers;
    }
    char *both = string_printf("%s\n%s", markers != NULL ? markers : "", null);
    free(markers);
    return both;
}

void package_dialect(struct package *package, long long table_row,
                     const struct document_value *dialect, const char *encoding,
                     const struct document_value *missing)
{
    struct build *build = package->source->build;
    sqlite3_stmt *stmt = store_prepare(
        build->db,
        "UPDATE table_of SET "
        "delimiter=nullif(?2,0),quote_sign=nullif(?3,0),escape_sign=nullif(?4,0),"
        "comment_sign=nullif(?5,0),no_header=?6,skip_initial_space=?7,no_double_quote=?8,"
        "skip_rows=?9,header_rows=?10,encoding=?11,missing=?12,header_join=?13,"
        "comment_rows=?14,property=?15 WHERE rowid=?1",
        &build->failure);
    if (stmt == NULL) {
        return;
    }
    char *markers = markers_of(dialect, missing);
    struct row_numbers rows = {0};
    read_row_numbers(dialect, &rows);
    store_bind(stmt, "liiiiiiiiisssss", table_row, package_sign(dialect, "delimiter"),
               package_sign(dialect, "quoteChar"), package_sign(dialect, "escapeChar"),
               package_sign(dialect, "commentChar"),
               (int)!document_truth(document_get(dialect, "header"), true),
               (int)document_truth(document_get(dialect, "skipInitialSpace"), false),
               (int)!document_truth(document_get(dialect, "doubleQuote"), true),
               rows.skip, rows.headers, encoding, markers,
               document_get_text(dialect, "headerJoin"),
               rows.comments.length > 0 ? text_string(&rows.comments) : NULL,
               document_get_text(dialect, "property"));
    store_execute(stmt, &build->failure);
    store_finish(stmt);
    text_release(&rows.comments);
    free(markers);
}
