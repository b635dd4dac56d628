/* command: the product card, as text for people and as JSON for programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/cache.h"
#include "engine/command/private.h"
#include "engine/safetext.h"
#include "engine/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text ---- */

static void append_safe(struct text *out, const char *string)
{
    safetext_append_lines(out, string, strlen(string));
}

static void append_line(struct text *out, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    text_printf(out, "%-14s ", label);
    append_safe(out, value);
    text_append_char(out, '\n');
}

static void append_padded(struct text *out, const char *string, int columns)
{
    int width = safetext_append_cut(out, string, strlen(string), columns);
    text_append_repeated(out, ' ', (size_t)(columns - width) + 2);
}

static void append_column(struct text *out, const struct catalog_column *column)
{
    char marks[64];
    snprintf(marks, sizeof marks, "%s%s%s", column->key_position > 0 ? "key " : "",
             column->required ? "required " : "", column->unique ? "unique" : "");
    text_append(out, "    ");
    append_padded(out, column->name, 24);
    append_padded(out, column->type != NULL ? column->type : "", 10);
    append_padded(out, marks, 16);
    append_padded(out, column->classification != NULL ? column->classification : "", 12);
    append_safe(out, column->description != NULL ? column->description : "");
    while (out->length > 0 && out->data[out->length - 1] == ' ') {
        text_truncate(out, out->length - 1);
    }
    text_append_char(out, '\n');
}

static void append_table(struct workbench *workbench,
                         const struct catalog_product *product,
                         const struct catalog_table *table, struct text *out)
{
    char rows[32];
    long long count = workbench_table_rows(workbench, &product->entry, table->sql_name);
    text_printf(out, "\n%s.%s", product->entry.schema, table->sql_name);
    if (count >= 0) {
        text_printf(out, "  %s rows", string_of_count(count, rows, sizeof rows));
    }
    if (table->description != NULL) {
        text_append(out, "  ");
        append_safe(out, table->description);
    }
    text_append_char(out, '\n');
    for (size_t i = 0; i < table->columns.count; i++) {
        append_column(out, array_at(&table->columns, i));
    }
}

void card_text(struct workbench *workbench, const struct catalog_product *product,
               struct text *out)
{
    const struct catalog_entry *entry = &product->entry;
    append_safe(out, entry->id);
    text_append_char(out, '\n');
    append_line(out, "title", entry->title);
    append_line(out, "status", entry->status);
    append_line(out, "version", entry->version);
    append_line(out, "domain", entry->domain);
    append_line(out, "class", entry->domain_class);
    append_line(out, "in SQL", entry->schema);
    append_line(out, "here",
                workbench_is_here(workbench, entry) ? "yes" : "not fetched yet");
    append_line(out, "purpose", product->purpose);
    append_line(out, "limitations", product->limitations);
    append_line(out, "usage", product->usage);
    append_line(out, "description", product->description);
    append_line(out, "frequency", product->frequency);
    append_line(out, "modified", product->modified);
    for (size_t i = 0; i < product->facts.count; i++) {
        const struct catalog_fact *fact = array_at(&product->facts, i);
        char *value =
            string_printf("%s%s%s", fact->name != NULL ? fact->name : "",
                          fact->name != NULL && fact->name[0] != '\0' ? ": " : "",
                          fact->value != NULL ? fact->value : "");
        append_line(out, fact->group, value);
        free(value);
    }
    append_line(out, "described in", product->path);
    for (size_t i = 0; i < product->tables.count; i++) {
        append_table(workbench, product, array_at(&product->tables, i), out);
    }
    for (size_t i = 0; i < product->problems.count; i++) {
        const struct catalog_problem *problem = array_at(&product->problems, i);
        text_printf(out, "%s", i == 0 ? "\n" : "");
        append_safe(out, problem->path);
        text_printf(out, ":%d:%d: %s: ", problem->line, problem->column,
                    problem->is_error ? "error" : "warning");
        append_safe(out, problem->sentence);
        text_append_char(out, '\n');
    }
}

/* ---- JSON (RFC 8259) ---- */

static void append_json_string(struct text *out, const char *string)
{
    text_append_char(out, '"');
    for (const char *p = string; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c == '"' || c == '\\') {
            text_printf(out, "\\%c", c);
        } else if (c == '\n') {
            text_append(out, "\\n");
        } else if (c < 0x20 || c == 0x7F) {
            text_printf(out, "\\u%04x", c);
        } else {
            text_append_char(out, *p);
        }
    }
    text_append_char(out, '"');
}

/* "name": "value", with the comma that is needed before it. */
static void append_member(struct text *out, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    char last = out->length > 0 ? out->data[out->length - 1] : '{';
    text_append(out, last == '{' ? "" : ", ");
    append_json_string(out, name);
    text_append(out, ": ");
    append_json_string(out, value);
}

static void append_raw_member(struct text *out, const char *name, const char *raw)
{
    char last = out->length > 0 ? out->data[out->length - 1] : '{';
    text_printf(out, "%s\"%s\": %s", last == '{' ? "" : ", ", name, raw);
}

/* What was learned when the table was imported; nothing, if it was not. */
static void append_json_statistics(sqlite3 *db, const char *table, const char *column,
                                   struct text *out)
{
    char *statistics =
        db != NULL
            ? store_string(db,
                           "SELECT json_object('rows', rows, 'nulls', nulls, 'integers', "
                           "integers, 'reals', reals, 'texts', texts, 'distinct', "
                           "\"distinct\", 'exact', json(iif(exact, 'true', 'false')), "
                           "'least', least, 'most', most, 'shortest', shortest, "
                           "'longest', longest) FROM mwb_statistic WHERE table_name = ? "
                           "AND name = ? AND nulls IS NOT NULL",
                           "ss", table, column)
            : NULL;
    if (statistics != NULL) {
        append_raw_member(out, "statistics", statistics);
    }
    free(statistics);
}

static void append_json_columns(sqlite3 *db, const struct catalog_table *table,
                                struct text *out)
{
    const struct array *columns = &table->columns;
    text_append(out, ", \"columns\": [");
    for (size_t i = 0; i < columns->count; i++) {
        const struct catalog_column *column = array_at(columns, i);
        char key[16];
        snprintf(key, sizeof key, "%d", column->key_position);
        text_append(out, i > 0 ? ", {" : "{");
        append_member(out, "name", column->name);
        append_member(out, "type", column->type);
        append_member(out, "physicalType", column->physical_type);
        append_member(out, "businessName", column->business_name);
        append_member(out, "description", column->description);
        append_member(out, "classification", column->classification);
        append_raw_member(out, "required", column->required ? "true" : "false");
        append_raw_member(out, "unique", column->unique ? "true" : "false");
        append_raw_member(out, "key", key);
        append_json_statistics(db, table->sql_name, column->name, out);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
}

static void append_json_tables(struct workbench *workbench,
                               const struct catalog_product *product, struct text *out)
{
    const struct catalog_entry *entry = &product->entry;
    char *file = cache_current(workbench->mesh, entry->domain, entry->name);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    text_append(out, ", \"tables\": [");
    for (size_t i = 0; i < product->tables.count; i++) {
        const struct catalog_table *table = array_at(&product->tables, i);
        char rows[32];
        snprintf(rows, sizeof rows, "%lld",
                 workbench_table_rows(workbench, &product->entry, table->sql_name));
        text_append(out, i > 0 ? ", {" : "{");
        append_member(out, "name", table->name);
        append_member(out, "sqlName", table->sql_name);
        append_member(out, "description", table->description);
        append_raw_member(out, "rows", rows[0] == '-' ? "null" : rows);
        append_json_columns(db, table, out);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
    store_close(db);
    free(file);
}

static void append_json_facts(const struct array *facts, struct text *out)
{
    text_append(out, ", \"facts\": [");
    for (size_t i = 0; i < facts->count; i++) {
        const struct catalog_fact *fact = array_at(facts, i);
        text_append(out, i > 0 ? ", {" : "{");
        append_member(out, "group", fact->group);
        append_member(out, "name", fact->name);
        append_member(out, "value", fact->value);
        append_member(out, "path", fact->path);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
}

static void append_json_problems(const struct array *problems, struct text *out)
{
    text_append(out, ", \"problems\": [");
    for (size_t i = 0; i < problems->count; i++) {
        const struct catalog_problem *problem = array_at(problems, i);
        char number[16];
        text_append(out, i > 0 ? ", {" : "{");
        append_member(out, "path", problem->path);
        snprintf(number, sizeof number, "%d", problem->line);
        append_raw_member(out, "line", number);
        snprintf(number, sizeof number, "%d", problem->column);
        append_raw_member(out, "column", number);
        append_member(out, "severity", problem->is_error ? "error" : "warning");
        append_member(out, "sentence", problem->sentence);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
}

void card_json(struct workbench *workbench, const struct catalog_product *product,
               struct text *out)
{
    const struct catalog_entry *entry = &product->entry;
    text_append_char(out, '{');
    append_member(out, "product", entry->id);
    append_member(out, "name", entry->name);
    append_member(out, "domain", entry->domain);
    append_member(out, "class", entry->domain_class);
    append_member(out, "status", entry->status);
    append_member(out, "version", entry->version);
    append_member(out, "owner", entry->owner);
    append_member(out, "title", entry->title);
    append_member(out, "schema", entry->schema);
    append_raw_member(out, "here",
                      workbench_is_here(workbench, entry) ? "true" : "false");
    append_member(out, "purpose", product->purpose);
    append_member(out, "limitations", product->limitations);
    append_member(out, "usage", product->usage);
    append_member(out, "description", product->description);
    append_member(out, "frequency", product->frequency);
    append_member(out, "modified", product->modified);
    append_member(out, "path", product->path);
    append_json_facts(&product->facts, out);
    append_json_tables(workbench, product, out);
    append_json_problems(&product->problems, out);
    text_append(out, "}\n");
}
