/* catalog/read_schema: the schema and the dialect of a Data Package's table.
 *
 * Source: Table Schema and Table Dialect, datapackage.org/standard.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
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

static void read_constraints(struct package *package, const char *object,
                             const char *field, const struct document_value *constraints)
{
    const char *key;
    for (size_t i = 0; i < document_count(constraints); i++) {
        const struct document_value *value = document_member(constraints, i, &key, NULL);
        char *text = part_any(value);
        if (text != NULL && !string_equal(key, "required") &&
            !string_equal(key, "unique")) {
            build_insert(package->source->build, INSERT_OPTION, "sssss", package->id,
                         object, field, key, text);
        }
        free(text);
    }
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
    build_insert(package->source->build, INSERT_PROPERTY, "sssinsniiinnnssnniilissssssn",
                 package->id, object, name, 1, document_get_text(field, "type"),
                 (int)document_truth(document_get(constraints, "required"), false),
                 (int)document_truth(document_get(constraints, "unique"), false),
                 package_position(document_get(schema, "primaryKey"), name),
                 document_get_text(field, "description"),
                 document_get_text(field, "title"), 0, part_line(field), object_row,
                 position, document_get_text(field, "format"), truths, falsehoods,
                 document_get_text(field, "decimalChar"),
                 document_get_text(field, "groupChar"), missing);
    read_constraints(package, object, name, constraints);
    free(truths);
    free(falsehoods);
    free(missing);
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
        build_insert(package->source->build, INSERT_RELATION, "sssssils", package->id,
                     object, from, target == NULL || target[0] == '\0' ? object : target,
                     to, part_line(key), package->contract_row, NULL);
        free(from);
        free(to);
    }
}

void package_schema(struct package *package, const char *object, long long object_row,
                    const struct document_value *schema)
{
    size_t count = document_count(document_get(schema, "fields"));
    for (size_t i = 0; i < count; i++) {
        read_field(package, object, object_row, (int)i + 1, schema);
    }
    read_foreign_keys(package, object, document_get(schema, "foreignKeys"));
}

/* ---- Dialect ---- */

/* A sign that is one byte, or what is written for it; 0 when not declared. */
static int sign_of(const struct document_value *dialect, const char *key)
{
    const char *text = document_get_text(dialect, key);
    if (text == NULL) {
        return 0;
    }
    if (string_equal(text, "\\t")) {
        return '\t';
    }
    return text[0] != '\0' && text[1] == '\0' ? (unsigned char)text[0] : 0;
}

/* Leading rows to skip: commentRows 1, 2, 3 and the rows before the first header row. */
static int rows_to_skip(const struct document_value *dialect)
{
    const struct document_value *comments = document_get(dialect, "commentRows");
    const struct document_value *headers = document_get(dialect, "headerRows");
    int skip = 0;
    while (document_number(document_item(comments, (size_t)skip), 0) == skip + 1) {
        skip++;
    }
    double first = document_number(document_item(headers, 0), 1);
    return first > skip + 1 && first < 1000 ? (int)first - 1 : skip;
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
        "skip_rows=?9,header_rows=?10,encoding=?11,missing=?12 WHERE rowid=?1",
        &build->failure);
    if (stmt == NULL) {
        return;
    }
    char *markers = missing_of(missing);
    store_bind(stmt, "liiiiiiiiiss", table_row, sign_of(dialect, "delimiter"),
               sign_of(dialect, "quoteChar"), sign_of(dialect, "escapeChar"),
               sign_of(dialect, "commentChar"),
               (int)!document_truth(document_get(dialect, "header"), true),
               (int)document_truth(document_get(dialect, "skipInitialSpace"), false),
               (int)!document_truth(document_get(dialect, "doubleQuote"), true),
               rows_to_skip(dialect),
               (int)document_count(document_get(dialect, "headerRows")), encoding,
               markers);
    store_execute(stmt, &build->failure);
    store_finish(stmt);
    free(markers);
}
