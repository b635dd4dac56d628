/* catalog/product: one product in full: its tables with columns, and the facts of its
 * card. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/catalog.h"

#include <stdlib.h>
#include <string.h>

#include "engine/catalog/reading.h"
#include "engine/document.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Tables and columns ---- */

static void read_columns(const struct catalog *catalog, long long object_row,
                         struct array *columns)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT name,physical_name,logical_type,physical_type,description,"
                 "business_name,classification,format,required,is_unique,pk_pos,"
                 "true_values,false_values,decimal_char,group_char,missing,not_bare FROM "
                 "property WHERE object_row=?1 AND depth=1 ORDER BY position");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", object_row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_column *column = array_push(columns);
        char **texts[] = {&column->name,           &column->physical_name,
                          &column->type,           &column->physical_type,
                          &column->description,    &column->business_name,
                          &column->classification, &column->format};
        for (int i = 0; i < 8; i++) {
            *texts[i] = store_text_copy(stmt, i);
        }
        column->required = sqlite3_column_int(stmt, 8) != 0;
        column->unique = sqlite3_column_int(stmt, 9) != 0;
        column->key_position = sqlite3_column_int(stmt, 10);
        column->true_values = store_text_copy(stmt, 11);
        column->false_values = store_text_copy(stmt, 12);
        column->decimal_char = store_text_copy(stmt, 13);
        column->group_char = store_text_copy(stmt, 14);
        column->missing = store_text_copy(stmt, 15);
        column->not_bare = sqlite3_column_int(stmt, 16) != 0;
    }
    sqlite3_reset(stmt);
}

static void split_lines(char *lines, struct array *out)
{
    for (char *p = lines; p != NULL && *p != '\0';) {
        size_t length = strcspn(p, "\n");
        *(char **)array_push(out) = string_copy_bytes(p, length);
        p += length + (p[length] == '\n');
    }
    free(lines);
}

static void read_dialect(sqlite3_stmt *stmt, int first, struct catalog_dialect *dialect)
{
    dialect->delimiter = (char)sqlite3_column_int(stmt, first);
    dialect->quote = (char)sqlite3_column_int(stmt, first + 1);
    dialect->escape = (char)sqlite3_column_int(stmt, first + 2);
    dialect->comment = (char)sqlite3_column_int(stmt, first + 3);
    dialect->no_header = sqlite3_column_int(stmt, first + 4) != 0;
    dialect->skip_initial_space = sqlite3_column_int(stmt, first + 5) != 0;
    dialect->no_double_quote = sqlite3_column_int(stmt, first + 6) != 0;
    dialect->skip_rows = sqlite3_column_int(stmt, first + 7);
    dialect->header_rows = sqlite3_column_int(stmt, first + 8);
    dialect->encoding = store_text_copy(stmt, first + 9);
    dialect->missing = store_text_copy(stmt, first + 10);
    dialect->header_join = store_text_copy(stmt, first + 11);
    dialect->comment_rows = store_text_copy(stmt, first + 12);
    dialect->property = store_text_copy(stmt, first + 13);
}

/* What is declared of a table's one file, and what its server calls it. */
static void read_declared(const struct catalog *catalog, long long object_row,
                          struct catalog_table *table)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog,
        "SELECT o.physical_name,(SELECT value FROM custom WHERE owner_kind='object' AND "
        "owner_id=o.contract_id||'/'||o.name AND property='bytes'),(SELECT value FROM "
        "custom WHERE owner_kind='object' AND owner_id=o.contract_id||'/'||o.name AND "
        "property='hash'),(SELECT value FROM custom WHERE owner_kind='object' AND "
        "owner_id=o.contract_id||'/'||o.name AND property='query') FROM object o WHERE "
        "o.rowid=?1");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", object_row);
    if (store_step(stmt, NULL) == STORE_ROW) {
        char *end;
        table->physical_name = store_text_copy(stmt, 0);
        long long bytes = strtoll(store_text(stmt, 1), &end, 10);
        table->bytes = end != store_text(stmt, 1) && *end == '\0' ? bytes : 0;
        table->hash = store_text_copy(stmt, 2);
        table->query = store_text_copy(stmt, 3);
    }
    sqlite3_reset(stmt);
}

static struct catalog_server *read_server(const struct catalog *catalog, long long row)
{
    struct catalog_server *server = NULL;
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT name,type,environment,location,format,details,line FROM server "
                 "WHERE rowid=?1");
    if (stmt == NULL || row == 0) {
        return NULL;
    }
    store_bind(stmt, "l", row);
    if (store_step(stmt, NULL) == STORE_ROW) {
        server = memory_new(sizeof *server);
        char **texts[] = {&server->name,     &server->type,   &server->environment,
                          &server->location, &server->format, &server->details};
        for (int i = 0; i < 6; i++) {
            *texts[i] = store_text_copy(stmt, i);
        }
        server->line = sqlite3_column_int(stmt, 6);
    }
    sqlite3_reset(stmt);
    return server;
}

char *catalog_server_value(const struct catalog_server *server, const char *key)
{
    size_t length = server->details != NULL ? strlen(server->details) : 0;
    struct document_place place;
    struct document *document =
        document_parse(server->details, length, DOCUMENT_JSON, &place, NULL);
    const char *value =
        document != NULL ? document_get_text(document_root(document), key) : NULL;
    char *copy = value != NULL ? string_copy(value) : NULL;
    document_free(document);
    return copy;
}

static void read_tables(const struct catalog *catalog, struct catalog_product *product,
                        bool with_columns)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog,
        "SELECT name,sql_name,title,description,granularity,files,format,object_row,"
        "inline_data,delimiter,quote_sign,escape_sign,comment_sign,no_header,skip_"
        "initial_space,"
        "no_double_quote,skip_rows,header_rows,encoding,missing,header_join,comment_rows,"
        "property,(SELECT o.contract_row IS NULL FROM object o WHERE "
        "o.rowid=table_of.object_row),server_row FROM table_of WHERE "
        "product_row=?1 ORDER BY position");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_table *table = array_push(&product->tables);
        table->columns = (struct array)ARRAY_OF(struct catalog_column);
        table->files = (struct array)ARRAY_OF(char *);
        table->name = store_text_copy(stmt, 0);
        table->sql_name = store_text_copy(stmt, 1);
        table->title = store_text_copy(stmt, 2);
        table->description = store_text_copy(stmt, 3);
        table->granularity = store_text_copy(stmt, 4);
        split_lines(store_text_copy(stmt, 5), &table->files);
        table->format = store_text_copy(stmt, 6);
        table->inline_data = store_text_copy(stmt, 8);
        read_dialect(stmt, 9, &table->dialect);
        table->is_undeclared = sqlite3_column_int(stmt, 23) != 0;
        table->server = read_server(catalog, sqlite3_column_int64(stmt, 24));
        read_declared(catalog, sqlite3_column_int64(stmt, 7), table);
        if (with_columns) {
            read_columns(catalog, sqlite3_column_int64(stmt, 7), &table->columns);
        }
    }
    sqlite3_reset(stmt);
}

static void read_files(const struct catalog *catalog, struct catalog_product *product)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT name,sql_name,title,description,files,format,bytes,hash FROM "
                 "file_of WHERE product_row=?1 ORDER BY position");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    while (store_step(stmt, NULL) == STORE_ROW) {
        struct catalog_table *file = array_push(&product->files);
        *file = (struct catalog_table){.name = store_text_copy(stmt, 0),
                                       .sql_name = store_text_copy(stmt, 1),
                                       .title = store_text_copy(stmt, 2),
                                       .description = store_text_copy(stmt, 3),
                                       .columns = ARRAY_OF(struct catalog_column),
                                       .files = ARRAY_OF(char *),
                                       .format = store_text_copy(stmt, 5),
                                       .bytes = strtoll(store_text(stmt, 6), NULL, 10),
                                       .hash = store_text_copy(stmt, 7),
                                       .is_undeclared = true,
                                       .is_file = true};
        split_lines(store_text_copy(stmt, 4), &file->files);
    }
    sqlite3_reset(stmt);
}

/* ---- The product ---- */

static void read_problems(const struct catalog *catalog, struct catalog_product *product)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog,
        "SELECT path,line,\"column\",severity='error',sentence,rule FROM problem WHERE "
        "path=(SELECT path FROM product WHERE rowid=?1) OR path IN(SELECT c.path FROM "
        "contract c WHERE c.rowid IN " CONTRACTS ") ORDER BY path,line");
    if (stmt != NULL) {
        store_bind(stmt, "l", product->entry.row);
    }
    problems_take(stmt, &product->problems);
}

static void read_row(const struct catalog *catalog, struct catalog_product *product)
{
    sqlite3_stmt *stmt = catalog_statement(
        catalog, "SELECT key,folder,path,line,purpose,limitations,"
                 "usage,description,frequency,modified FROM product WHERE rowid=?1");
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "l", product->entry.row);
    if (store_step(stmt, NULL) == STORE_ROW) {
        if (product->entry.id == NULL) {
            product->entry.id = store_text_copy(stmt, 0);
        }
        product->folder = catalog_file(catalog, store_text(stmt, 1));
        product->origin = catalog_origin(catalog, store_text(stmt, 1));
        product->path = store_text_copy(stmt, 2);
        product->line = sqlite3_column_int(stmt, 3);
        product->purpose = store_text_copy(stmt, 4);
        product->limitations = store_text_copy(stmt, 5);
        product->usage = store_text_copy(stmt, 6);
        product->description = store_text_copy(stmt, 7);
        product->frequency = store_text_copy(stmt, 8);
        product->modified = store_text_copy(stmt, 9);
    }
    sqlite3_reset(stmt);
}

bool catalog_product(const struct catalog *catalog, const char *product,
                     struct catalog_product *out, struct error *err)
{
    *out = (struct catalog_product){
        .tables = ARRAY_OF(struct catalog_table),
        .files = ARRAY_OF(struct catalog_table),
        .facts = ARRAY_OF(struct catalog_fact),
        .problems = ARRAY_OF(struct finding),
    };
    if (!catalog_find(catalog, product, &out->entry, err)) {
        return false;
    }
    read_row(catalog, out);
    read_tables(catalog, out, true);
    read_files(catalog, out);
    facts_read(catalog, out);
    read_problems(catalog, out);
    return true;
}

void catalog_freshness_of(const struct catalog *catalog, long long row,
                          struct catalog_freshness *out)
{
    struct catalog_product product = {
        .entry.row = row,
        .tables = ARRAY_OF(struct catalog_table),
        .facts = ARRAY_OF(struct catalog_fact),
        .problems = ARRAY_OF(struct finding),
    };
    read_row(catalog, &product);
    read_tables(catalog, &product, false);
    freshness_judge(catalog, &product, out);
    catalog_product_release(&product);
}
