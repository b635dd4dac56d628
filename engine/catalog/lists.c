/* catalog/lists: problems and saved queries of a mesh, which classifications are open,
 * and the release of what a product holds. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>

#include "engine/catalog/reading.h"
#include "engine/store.h"
#include "engine/text.h"

bool catalog_is_open(const char *classification)
{
    static const char *const open[] = {"", "none", "public", "open", "internal"};
    bool is_open = classification == NULL;
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        is_open = is_open || string_equal_fold(classification, open[i]);
    }
    return is_open;
}

/* ---- Release ---- */

static void column_release(struct catalog_column *column)
{
    char *texts[] = {column->name,           column->physical_name, column->type,
                     column->physical_type,  column->description,   column->business_name,
                     column->classification, column->format,        column->true_values,
                     column->false_values,   column->decimal_char,  column->group_char,
                     column->missing};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
}

void catalog_table_release(struct catalog_table *table)
{
    for (size_t i = 0; i < table->columns.count; i++) {
        column_release(array_at(&table->columns, i));
    }
    for (size_t i = 0; i < table->files.count; i++) {
        free(*(char **)array_at(&table->files, i));
    }
    array_release(&table->columns);
    array_release(&table->files);
    if (table->server != NULL) {
        char *parts[] = {table->server->name,        table->server->type,
                         table->server->environment, table->server->location,
                         table->server->format,      table->server->details};
        for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
            free(parts[i]);
        }
        free(table->server);
    }
    char *texts[] = {table->name,
                     table->sql_name,
                     table->physical_name,
                     table->hash,
                     table->query,
                     table->title,
                     table->format,
                     table->description,
                     table->granularity,
                     table->inline_data,
                     table->dialect.encoding,
                     table->dialect.missing,
                     table->dialect.header_join,
                     table->dialect.comment_rows,
                     table->dialect.property};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
}

void catalog_product_release(struct catalog_product *product)
{
    for (size_t i = 0; i < product->tables.count; i++) {
        catalog_table_release(array_at(&product->tables, i));
    }
    for (size_t i = 0; i < product->files.count; i++) {
        catalog_table_release(array_at(&product->files, i));
    }
    array_release(&product->files);
    for (size_t i = 0; i < product->facts.count; i++) {
        struct catalog_fact *fact = array_at(&product->facts, i);
        free(fact->group);
        free(fact->name);
        free(fact->value);
        free(fact->path);
    }
    array_release(&product->tables);
    array_release(&product->facts);
    findings_release(&product->problems);
    catalog_entry_release(&product->entry);
    char *texts[] = {product->folder,      product->path,     product->purpose,
                     product->limitations, product->usage,    product->description,
                     product->frequency,   product->modified, product->origin};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        free(texts[i]);
    }
    *product = (struct catalog_product){0};
}

/* ---- Problems and saved queries of the whole mesh ---- */

void problems_take(sqlite3_stmt *stmt, struct array *problems)
{
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct finding *problem = array_push(problems);
        problem->path = store_text_copy(stmt, 0);
        problem->line = sqlite3_column_int(stmt, 1);
        problem->column = sqlite3_column_int(stmt, 2);
        problem->is_error = sqlite3_column_int(stmt, 3) != 0;
        problem->sentence = store_text_copy(stmt, 4);
        problem->rule = store_text_copy(stmt, 5);
    }
    sqlite3_reset(stmt);
}

struct array catalog_problems(const struct catalog *catalog)
{
    struct array problems = ARRAY_OF(struct finding);
    problems_take(
        catalog_statement(catalog,
                          "SELECT path,line,\"column\",severity='error',sentence,rule "
                          "FROM problem ORDER BY severity,path,line"),
        &problems);
    return problems;
}

struct array catalog_unread(const struct catalog *catalog)
{
    struct array problems = ARRAY_OF(struct finding);
    problems_take(
        catalog_statement(catalog,
                          "SELECT path,line,\"column\",severity='error',sentence,rule "
                          "FROM problem WHERE "
                          "rule IN " UNREAD_RULES " ORDER BY path,line"),
        &problems);
    return problems;
}

struct array catalog_queries(const struct catalog *catalog)
{
    struct array queries = ARRAY_OF(struct catalog_query);
    sqlite3_stmt *stmt = catalog_statement(
        catalog,
        "SELECT name,title,question,sql,chart,path FROM saved_query ORDER BY name");
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_query *query = array_push(&queries);
        char **texts[] = {&query->name, &query->title, &query->question,
                          &query->sql,  &query->chart, &query->path};
        for (int i = 0; i < 6; i++) {
            *texts[i] = store_text_copy(stmt, i);
        }
    }
    sqlite3_reset(stmt);
    return queries;
}

void catalog_queries_release(struct array *queries)
{
    for (size_t i = 0; i < queries->count; i++) {
        struct catalog_query *query = array_at(queries, i);
        char *texts[] = {query->name, query->title, query->question,
                         query->sql,  query->chart, query->path};
        for (int k = 0; k < 6; k++) {
            free(texts[k]);
        }
    }
    array_release(queries);
}
