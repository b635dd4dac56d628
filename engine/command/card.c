/* command: the product card, as text for people and as JSON for programs.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/cache.h"
#include "engine/command/private.h"
#include "engine/policy.h"
#include "engine/safetext.h"
#include "engine/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Text ---- */

/* A card that is being written: lines are filled up to the width; 0: they are as long as
 * they are. */
struct card {
    struct text *out;
    int width;
};

enum { LABEL = 14, COLUMN_INDENT = 4, MIDDLE = 80, WIDE = 110 };

static void append_safe(struct text *out, const char *string)
{
    safetext_append_lines(out, string, strlen(string));
}

static void end_line(struct text *out)
{
    while (out->length > 0 && out->data[out->length - 1] == ' ') {
        text_truncate(out, out->length - 1);
    }
    text_append_char(out, '\n');
}

static void break_line(struct text *out, int indent)
{
    end_line(out);
    text_append_repeated(out, ' ', (size_t)indent);
}

/* Words from the column `at` on; further lines begin at `indent`. */
static void append_filled(const struct card *card, const char *string, int at, int indent)
{
    struct text safe = {0};
    append_safe(&safe, string);
    const char *word = text_string(&safe);
    while (*word != '\0') {
        size_t length = strcspn(word, " \n");
        size_t blanks = strspn(word + length, " ");
        int columns = safetext_width(word, length);
        if (card->width > 0 && at > indent && at + columns > card->width) {
            break_line(card->out, indent);
            at = indent;
        }
        text_append_bytes(card->out, word, length + blanks);
        at += columns + (int)blanks;
        word += length + blanks;
        if (*word == '\n') {
            break_line(card->out, card->width > 0 ? indent : 0);
            at = indent;
            word++;
        }
    }
    text_release(&safe);
}

static void append_line(const struct card *card, const char *label, const char *value)
{
    if (value == NULL || value[0] == '\0') {
        return;
    }
    text_printf(card->out, "%-*s ", LABEL, label);
    append_filled(card, value, LABEL + 1, LABEL + 1);
    text_append_char(card->out, '\n');
}

static void append_padded(struct text *out, const char *string, int columns)
{
    int width = safetext_append_cut(out, string, strlen(string), columns);
    text_append_repeated(out, ' ', (size_t)(columns - width) + 2);
}

/* What the role gets of a column; "": all of it. */
static void describe_mask(const struct workbench *workbench,
                          const struct catalog_product *product,
                          const struct catalog_table *table,
                          const struct catalog_column *column, struct text *out)
{
    struct policy_verdict verdict;
    policy_of_column(workbench->policy, product, table, column, &verdict);
    if (verdict.decision == POLICY_MASK) {
        mask_name(&verdict.mask, out);
    } else if (verdict.decision == POLICY_REFUSE) {
        text_append(out, "refused");
    }
    policy_verdict_release(&verdict);
}

/* What is told of a column behind its fields. */
static char *rest_of_column(const struct catalog_column *column, const char *mask,
                            const char *const *left, size_t count)
{
    struct text rest = {0};
    for (size_t i = 0; i < count; i++) {
        text_printf(&rest, "%s%s", rest.length > 0 && *left[i] != '\0' ? ", " : "",
                    left[i]);
    }
    text_append(&rest, rest.length > 0 ? ": " : "");
    if (mask[0] != '\0') {
        text_printf(&rest, "[%s] ", mask);
    }
    text_append(&rest, column->description != NULL ? column->description : "");
    return text_take(&rest);
}

/* Where there is little room, the description stands below; where there is less, so do
 * the last fields. */
static void append_column(const struct card *card, const struct catalog_column *column,
                          const char *mask)
{
    enum { FIELDS = 4, FIELDS_LEAST = 2 };
    static const int widths[FIELDS] = {24, 10, 19, 12};
    struct text *out = card->out;
    bool is_narrow = card->width > 0 && card->width < WIDE;
    size_t count = is_narrow && card->width < MIDDLE ? FIELDS_LEAST : FIELDS;
    int at = COLUMN_INDENT;
    char marks[64];
    snprintf(marks, sizeof marks, "%s%s%s", column->key_position > 0 ? "key " : "",
             column->required ? "required " : "", column->unique ? "unique" : "");
    string_trim(marks);
    const char *const fields[FIELDS] = {
        column->name, column->type != NULL ? column->type : "", marks,
        column->classification != NULL ? column->classification : ""};
    text_append_repeated(out, ' ', COLUMN_INDENT);
    for (size_t i = 0; i < count; i++) {
        append_padded(out, fields[i], widths[i]);
        at += widths[i] + 2;
    }
    char *rest = rest_of_column(column, mask, fields + count, FIELDS - count);
    if (is_narrow && rest[0] != '\0') {
        end_line(out);
        at = 2 * COLUMN_INDENT;
        text_append_repeated(out, ' ', (size_t)at);
    }
    append_filled(card, rest, at, at);
    end_line(out);
    free(rest);
}

static void append_table(struct workbench *workbench,
                         const struct catalog_product *product,
                         const struct catalog_table *table, const struct card *card)
{
    struct text *out = card->out;
    size_t start = out->length + 1;
    char rows[32];
    long long count = workbench_table_rows(workbench, &product->entry, table->sql_name);
    text_printf(out, "\n%s.%s", product->entry.schema, table->sql_name);
    if (count >= 0) {
        text_printf(out, "  %s rows", string_of_count(count, rows, sizeof rows));
    }
    if (table->description != NULL) {
        text_append(out, "  ");
        append_filled(card, table->description,
                      safetext_width(out->data + start, out->length - start),
                      COLUMN_INDENT);
    }
    text_append_char(out, '\n');
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct catalog_column *column = array_at(&table->columns, i);
        struct text mask = {0};
        describe_mask(workbench, product, table, column, &mask);
        append_column(card, column, text_string(&mask));
        text_release(&mask);
    }
}

/* What one's role gets, why, and whom to ask for more. */
static void append_access(const struct workbench *workbench,
                          const struct catalog_product *product, const struct card *card)
{
    struct policy_verdict verdict;
    if (workbench->role == NULL) {
        return;
    }
    policy_of_product(workbench->policy, product, &verdict);
    bool refused = verdict.decision == POLICY_REFUSE;
    char *words = string_printf("%s: %s%s", workbench->role, refused ? "refused: " : "",
                                verdict.reason);
    append_line(card, "your role", words);
    append_line(card, "ask", verdict.ask);
    free(words);
    policy_verdict_release(&verdict);
}

void card_text(struct workbench *workbench, const struct catalog_product *product,
               int width, struct text *out)
{
    const struct catalog_entry *entry = &product->entry;
    const struct card *card = &(struct card){.out = out, .width = width};
    append_safe(out, entry->id);
    text_append_char(out, '\n');
    append_line(card, "title", entry->title);
    append_line(card, "status", entry->status);
    append_line(card, "version", entry->version);
    append_line(card, "domain", entry->domain);
    append_line(card, "class", entry->domain_class);
    append_line(card, "in SQL", entry->schema);
    append_line(card, "here",
                workbench_is_here(workbench, entry) ? "yes" : "not fetched yet");
    append_access(workbench, product, card);
    append_line(card, "purpose", product->purpose);
    append_line(card, "limitations", product->limitations);
    append_line(card, "usage", product->usage);
    append_line(card, "description", product->description);
    append_line(card, "frequency", product->frequency);
    append_line(card, "modified", product->modified);
    for (size_t i = 0; i < product->facts.count; i++) {
        const struct catalog_fact *fact = array_at(&product->facts, i);
        char *value =
            string_printf("%s%s%s", fact->name != NULL ? fact->name : "",
                          fact->name != NULL && fact->name[0] != '\0' ? ": " : "",
                          fact->value != NULL ? fact->value : "");
        append_line(card, fact->group, value);
        free(value);
    }
    append_line(card, "described in", product->path);
    for (size_t i = 0; i < product->tables.count; i++) {
        append_table(workbench, product, array_at(&product->tables, i), card);
    }
    files_card(workbench, entry, out);
    for (size_t i = 0; i < product->problems.count; i++) {
        const struct finding *problem = array_at(&product->problems, i);
        text_printf(out, "%s", i == 0 ? "\n" : "");
        append_safe(out, problem->path);
        text_printf(out, ":%d:%d: %s: ", problem->line, problem->column,
                    problem->is_error ? "error" : "warning");
        append_safe(out, problem->sentence);
        text_append_char(out, '\n');
    }
}

/* ---- JSON (RFC 8259) ---- */

/* "name": "value", with the comma that is needed before it. */
static void append_member(struct text *out, const char *name, const char *value)
{
    if (value == NULL) {
        return;
    }
    char last = out->length > 0 ? out->data[out->length - 1] : '{';
    text_append(out, last == '{' ? "" : ", ");
    text_append_json(out, name);
    text_append(out, ": ");
    text_append_json(out, value);
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

struct json_table {
    const struct workbench *workbench;
    const struct catalog_product *product;
    const struct catalog_table *table;
    sqlite3 *db; /* NULL: not here */
};

static void append_json_mask(const struct json_table *json,
                             const struct catalog_column *column, struct text *out)
{
    struct text mask = {0};
    describe_mask(json->workbench, json->product, json->table, column, &mask);
    append_member(out, "mask", mask.length > 0 ? text_string(&mask) : NULL);
    text_release(&mask);
}

static void append_json_columns(const struct json_table *json, struct text *out)
{
    const struct catalog_table *table = json->table;
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
        append_json_mask(json, column, out);
        append_json_statistics(json->db, table->sql_name, column->name, out);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
}

static void append_json_tables(struct workbench *workbench,
                               const struct catalog_product *product, struct text *out)
{
    const struct catalog_entry *entry = &product->entry;
    char *file = workbench_version(workbench, entry);
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
        append_json_columns(&(struct json_table){workbench, product, table, db}, out);
        text_append_char(out, '}');
    }
    text_append_char(out, ']');
    store_close(db);
    free(file);
}

static void append_json_access(const struct workbench *workbench,
                               const struct catalog_product *product, struct text *out)
{
    struct policy_verdict verdict;
    if (workbench->role == NULL) {
        return;
    }
    policy_of_product(workbench->policy, product, &verdict);
    append_member(out, "role", workbench->role);
    append_raw_member(out, "refused",
                      verdict.decision == POLICY_REFUSE ? "true" : "false");
    append_member(out, "reason", verdict.reason);
    append_member(out, "ask", verdict.ask);
    policy_verdict_release(&verdict);
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
        const struct finding *problem = array_at(problems, i);
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
    append_json_access(workbench, product, out);
    append_member(out, "purpose", product->purpose);
    append_member(out, "limitations", product->limitations);
    append_member(out, "usage", product->usage);
    append_member(out, "description", product->description);
    append_member(out, "frequency", product->frequency);
    append_member(out, "modified", product->modified);
    append_member(out, "path", product->path);
    append_json_facts(&product->facts, out);
    append_json_tables(workbench, product, out);
    files_json(workbench, entry, out);
    append_json_problems(&product->problems, out);
    text_append(out, "}\n");
}
