/* quality/statement: the statement that proves a count, and the one that shows the rows
 * behind it. Both can be run as they are, over the product's name in SQL.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>

#include "engine/quality/count.h"
#include "engine/store.h"

/* ---- Conditions: what is true of a row that fails ---- */

/* What is counted in JSON: text before and behind the column, before its argument. */
static const struct json_row {
    const char *metric, *start, *middle;
    bool has_argument;
} json_rows[] = {
    {"minItems", "json_array_length(", ") < ", true},
    {"maxItems", "json_array_length(", ") > ", true},
    {"minProperties", "(SELECT count(*) FROM json_each(", ")) < ", true},
    {"maxProperties", "(SELECT count(*) FROM json_each(", ")) > ", true},
    {"uniqueItems", "(SELECT count(*) > count(DISTINCT value) FROM json_each(", "))",
     false},
    {"requiredMembers", "(SELECT count(*) > count(j.key) FROM json_each(", "", true},
};

static const struct json_row *json_row_of(const struct quality_check *check)
{
    for (size_t i = 0; i < sizeof json_rows / sizeof *json_rows; i++) {
        if (string_equal(json_rows[i].metric, check->metric)) {
            return &json_rows[i];
        }
    }
    return NULL;
}

bool quality_counts_json(const struct quality_check *check)
{
    return json_row_of(check) != NULL;
}

/* What is no JSON at all is of the wrong type, which is said by that check. */
static void append_json(struct text *sql, const struct json_row *row,
                        const struct quality_check *check)
{
    text_append(sql, "CASE WHEN json_valid(");
    store_quote_name(sql, check->column);
    text_append(sql, ") THEN ");
    text_append(sql, row->start);
    if (string_equal(row->metric, "requiredMembers")) {
        store_quote_string(sql, check->arguments);
        text_append(sql, ") w LEFT JOIN json_each(");
        store_quote_name(sql, check->column);
        text_append(sql, ") j ON j.key=w.value)");
    } else {
        double number = 0;
        store_quote_name(sql, check->column);
        text_append(sql, row->middle);
        if (row->has_argument) {
            quality_number_of(check->arguments, &number);
            text_printf(sql, "%.15g", number);
        }
    }
    text_append(sql, " ELSE 0 END");
}

static void append_condition(struct text *sql, const struct quality_check *check)
{
    const struct json_row *json = json_row_of(check);
    if (string_equal(check->metric, "nullValues") ||
        string_equal(check->metric, "required")) {
        store_quote_name(sql, check->column);
        text_append(sql, " IS NULL");
    } else if (json != NULL) {
        append_json(sql, json, check);
    } else {
        text_append(sql, "NOT conforms(");
        store_quote_name(sql, check->column);
        text_append(sql, ", ");
        store_quote_string(sql, check->metric);
        if (check->arguments != NULL) {
            text_append(sql, ", ");
            store_quote_string(sql, check->arguments);
        }
        text_append_char(sql, ')');
    }
}

/* ---- Parts of statements ---- */

static void append_from(struct text *sql, const char *schema, const char *table)
{
    text_append(sql, " FROM ");
    store_quote_name(sql, schema);
    text_append_char(sql, '.');
    store_quote_name(sql, table);
}

static void append_names(struct text *sql, const struct array *columns,
                         const char *between)
{
    for (size_t i = 0; i < columns->count; i++) {
        const struct quality_column *column =
            *(const struct quality_column **)array_at(columns, i);
        text_append(sql, i > 0 ? between : "");
        store_quote_name(sql, column->name);
    }
}

static bool has_column(const struct array *columns, const struct quality_column *column)
{
    for (size_t i = 0; i < columns->count; i++) {
        if (*(const struct quality_column **)array_at(columns, i) == column) {
            return true;
        }
    }
    return false;
}

static void show(struct array *columns, const struct quality_column *column)
{
    bool is_shown = column != NULL && column->name != NULL && column->hidden == NULL &&
                    !column->is_sensitive;
    if (is_shown && !has_column(columns, column)) {
        *(const struct quality_column **)array_push(columns) = column;
    }
}

/* The row's number, its key and what is at fault, without what is sensitive. */
static void append_shown(struct text *sql, const struct quality_table *table,
                         const struct array *faulty)
{
    struct array shown = ARRAY_OF(const struct quality_column *);
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct quality_column *column = array_at(&table->columns, i);
        if (column->key_position > 0) {
            show(&shown, column);
        }
    }
    for (size_t i = 0; i < faulty->count; i++) {
        show(&shown, *(const struct quality_column **)array_at(faulty, i));
    }
    text_append(sql, "SELECT ");
    text_append(sql, table->has_rowid ? "rowid AS row" : "");
    text_append(sql, table->has_rowid && shown.count > 0 ? ", " : "");
    append_names(sql, &shown, ", ");
    if (!table->has_rowid && shown.count == 0) {
        text_append(sql, "NULL AS hidden");
    }
    array_release(&shown);
}

/* ---- Statements ---- */

static void write_counted(const char *schema, const struct quality_table *table,
                          struct quality_check *check)
{
    struct text sql = {0}, rows = {0};
    struct array faulty = ARRAY_OF(const struct quality_column *);
    *(const struct quality_column **)array_push(&faulty) =
        quality_column_named(table, check->column);
    text_append(&sql, "SELECT count(*) AS failing");
    append_from(&sql, schema, table->name);
    text_append(&sql, " WHERE ");
    append_condition(&sql, check);
    append_shown(&rows, table, &faulty);
    append_from(&rows, schema, table->name);
    text_append(&rows, " WHERE ");
    append_condition(&rows, check);
    check->sql = text_take(&sql);
    check->rows_sql = text_take(&rows);
    array_release(&faulty);
}

/* Groups of more than one row, without those where a part of the key is NULL. */
static void append_groups(struct text *sql, const char *schema,
                          const struct quality_table *table, const struct array *columns)
{
    append_from(sql, schema, table->name);
    text_append(sql, " WHERE ");
    append_names(sql, columns, " IS NOT NULL AND ");
    text_append(sql, " IS NOT NULL GROUP BY ");
    append_names(sql, columns, ", ");
    text_append(sql, " HAVING count(*) > 1");
}

static void write_key(const char *schema, const struct quality_table *table,
                      struct quality_check *check)
{
    struct array columns = ARRAY_OF(const struct quality_column *);
    struct text sql = {0}, rows = {0};
    bool no_null = string_equal(check->metric, "primaryKey");
    if (quality_key_columns(table, check, &columns, NULL)) {
        text_append(&sql, "SELECT (SELECT count(*) FROM (SELECT 1");
        append_groups(&sql, schema, table, &columns);
        text_append(&sql, "))");
        append_shown(&rows, table, &columns);
        append_from(&rows, schema, table->name);
        text_append(&rows, columns.count > 1 ? " WHERE (" : " WHERE ");
        append_names(&rows, &columns, ", ");
        text_append(&rows, columns.count > 1 ? ") IN (SELECT " : " IN (SELECT ");
        append_names(&rows, &columns, ", ");
        append_groups(&rows, schema, table, &columns);
        text_append_char(&rows, ')');
        if (no_null) {
            text_append(&sql, " + (SELECT count(*)");
            append_from(&sql, schema, table->name);
            text_append(&sql, " WHERE ");
            append_names(&sql, &columns, " IS NULL OR ");
            text_append(&sql, " IS NULL)");
            text_append(&rows, " OR ");
            append_names(&rows, &columns, " IS NULL OR ");
            text_append(&rows, " IS NULL");
        }
        text_append(&sql, " AS failing");
        text_append(&rows, " ORDER BY ");
        append_names(&rows, &columns, ", ");
        check->sql = text_take(&sql);
        check->rows_sql = text_take(&rows);
    }
    text_release(&sql);
    text_release(&rows);
    array_release(&columns);
}

static void write_total(const char *schema, const struct quality_table *table,
                        struct quality_check *check)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*) AS rows");
    append_from(&sql, schema, table->name);
    check->sql = text_take(&sql);
}

static void write_present(const char *schema, struct quality_check *check)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*) = 0 AS missing FROM pragma_table_xinfo(");
    store_quote_string(&sql, check->table);
    text_append(&sql, ", ");
    store_quote_string(&sql, schema);
    text_append(&sql, ") WHERE name = ");
    store_quote_string(&sql, check->column);
    text_append(&sql, " COLLATE NOCASE");
    check->sql = text_take(&sql);
}

void quality_write_statements(const char *schema, const struct quality_table *table,
                              struct quality_check *check)
{
    if (string_equal(check->metric, "present")) {
        write_present(schema, check);
    } else if (string_equal(check->metric, "rowCount")) {
        write_total(schema, table, check);
    } else if (quality_counts_keys(check)) {
        write_key(schema, table, check);
    } else {
        write_counted(schema, table, check);
    }
}
