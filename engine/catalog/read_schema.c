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
    build_insert(package->source->build, INSERT_PROPERTY, "sssinsniiinnnssnniilissssssni",
                 package->id, object, name, 1, document_get_text(field, "type"),
                 (int)document_truth(document_get(constraints, "required"), false),
                 (int)document_truth(document_get(constraints, "unique"), false),
                 package_position(document_get(schema, "primaryKey"), name),
                 document_get_text(field, "description"),
                 document_get_text(field, "title"), 0, part_line(field), object_row,
                 position, document_get_text(field, "format"), truths, falsehoods,
                 document_get_text(field, "decimalChar"),
                 document_get_text(field, "groupChar"), missing,
                 (int)!document_truth(document_get(field, "bareNumber"), true));
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
