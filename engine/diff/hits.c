/* diff/hits: saved queries and downstream products of the open mesh that a change
 * reaches. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/diff/model.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/store.h"
#include "engine/text.h"

/* Names in a saved query. */
struct query {
    char *name, *sql;
    struct array schemas; /* of char * */
    struct array sources; /* of struct sql_source */
};

struct hunt {
    sqlite3 *db;
    struct array queries; /* of struct query */
    /* The product of the last change, kept: changes of one contract follow one another.
     */
    char *contract, *product;
    struct array schemas; /* of char *: products that deliver under the contract */
    struct array readers; /* of char *: "product marketing/cohorts" */
};

static void release_texts(struct array *texts)
{
    for (size_t i = 0; i < texts->count; i++) {
        free(*(char **)array_at(texts, i));
    }
    array_clear(texts);
}

static void take_texts(struct hunt *hunt, struct array *into, const char *sql,
                       const char *first, const char *second)
{
    sqlite3_stmt *stmt = store_prepare(hunt->db, sql, NULL);
    if (stmt == NULL) {
        return;
    }
    store_bind(stmt, "ss", first, second);
    while (store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(into) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
}

/* By the contract's id; a side that was read alone may know its product by name only. */
static void find_product(struct hunt *hunt, const struct diff_change *change)
{
    if (string_equal(hunt->contract, change->contract) &&
        string_equal(hunt->product, change->product)) {
        return;
    }
    free(hunt->contract);
    free(hunt->product);
    hunt->contract = string_copy(change->contract);
    hunt->product = string_copy(change->product);
    release_texts(&hunt->schemas);
    release_texts(&hunt->readers);
    take_texts(hunt, &hunt->schemas,
               "SELECT DISTINCT p.schema_name FROM product p WHERE p.rowid IN(SELECT "
               "o.product_row FROM port o WHERE o.dir='out' AND o.contract_id=?1) OR "
               "p.id=?1 ORDER BY 1",
               change->contract, NULL);
    if (hunt->schemas.count == 0) {
        take_texts(hunt, &hunt->schemas,
                   "SELECT p.schema_name FROM product p WHERE ?2 IN(p.name,p.key) AND "
                   "(SELECT count(*) FROM product q WHERE ?2 IN(q.name,q.key))=1",
                   NULL, change->product);
    }
    take_texts(
        hunt, &hunt->readers,
        "SELECT DISTINCT 'product '||p.key FROM product p WHERE p.rowid IN(SELECT "
        "o.product_row FROM port o WHERE o.dir='in' AND o.contract_id=?1 UNION "
        "SELECT i.product_row FROM port_input i WHERE i.contract_id=?1) ORDER BY 1",
        change->contract, NULL);
}

/* ---- Queries ---- */

static void take_queries(struct hunt *hunt)
{
    sqlite3_stmt *stmt =
        store_prepare(hunt->db, "SELECT name,sql FROM saved_query ORDER BY name", NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        struct query *query = array_push(&hunt->queries);
        query->name = store_text_copy(stmt, 0);
        query->sql = string_copy(store_text(stmt, 1));
        query->schemas = sql_schemas(query->sql, strlen(query->sql));
        query->sources = sql_sources(query->sql, strlen(query->sql));
    }
    store_finish(stmt);
}

static void query_release(struct query *query)
{
    free(query->name);
    free(query->sql);
    sql_names_release(&query->schemas);
    sql_sources_release(&query->sources);
}

static bool has_name(const struct array *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (string_equal_fold(*(char **)array_at(names, i), name)) {
            return true;
        }
    }
    return false;
}

static bool uses_table(const struct query *query, const char *schema, const char *table)
{
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct sql_source *source = array_at(&query->sources, i);
        if (string_equal_fold(source->schema, schema) &&
            string_equal_fold(source->table, table)) {
            return true;
        }
    }
    return false;
}

/* Is a token of it this name, bare or quoted? Whose column it is nobody asks: a query
 * that reads the table and says the word is worth a look. */
static bool says_name(const struct query *query, const char *name)
{
    struct sql_token token;
    size_t length = strlen(query->sql);
    for (size_t at = 0; sql_next(query->sql, length, at, &token);
         at = token.start + token.length) {
        const char *word = query->sql + token.start;
        size_t size = token.length;
        if (token.kind != SQL_NAME && token.kind != SQL_KEYWORD) {
            continue;
        }
        if (size > 2 && strchr("\"[`", word[0]) != NULL) {
            word++;
            size -= 2;
        }
        char *said = string_copy_bytes(word, size);
        bool is_it = string_equal_fold(said, name);
        free(said);
        if (is_it) {
            return true;
        }
    }
    return false;
}

static bool reads(const struct hunt *hunt, const struct query *query,
                  const struct diff_change *change)
{
    char *table = change->table != NULL ? catalog_sql_name(change->table) : NULL;
    bool hit = false;
    for (size_t i = 0; i < hunt->schemas.count && !hit; i++) {
        const char *schema = *(char **)array_at(&hunt->schemas, i);
        hit = table == NULL ? has_name(&query->schemas, schema)
                            : uses_table(query, schema, table) ||
                                  uses_table(query, schema, change->table);
    }
    free(table);
    return hit && (change->column == NULL || says_name(query, change->column));
}

/* ---- Changes ---- */

/* Words and people reach nobody's query. */
static bool may_reach(const struct diff_change *change)
{
    static const enum diff_kind kinds[] = {DIFF_PRODUCT, DIFF_PORT,   DIFF_CONTRACT,
                                           DIFF_TABLE,   DIFF_COLUMN, DIFF_RELATION,
                                           DIFF_SERVER};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (change->rule->kind == kinds[i]) {
            bool is_old = !string_equal(change->change, "added");
            return is_old && change->rule->consumer >= DIFF_RISKY;
        }
    }
    return false;
}

static void hunt_for(struct hunt *hunt, struct diff_change *change)
{
    if (!may_reach(change)) {
        return;
    }
    find_product(hunt, change);
    for (size_t i = 0; i < hunt->queries.count; i++) {
        const struct query *query = array_at(&hunt->queries, i);
        if (reads(hunt, query, change)) {
            *(char **)array_push(&change->hits) = string_printf("query %s", query->name);
        }
    }
    for (size_t i = 0; i < hunt->readers.count; i++) {
        *(char **)array_push(&change->hits) =
            string_copy(*(char **)array_at(&hunt->readers, i));
    }
}

bool diff_find_hits(const char *mesh_index, struct diff_report *report, struct error *err)
{
    struct catalog *mesh = catalog_open(mesh_index, err);
    if (mesh == NULL) {
        return false;
    }
    struct hunt hunt = {
        .db = catalog_database(mesh),
        .queries = ARRAY_OF(struct query),
        .schemas = ARRAY_OF(char *),
        .readers = ARRAY_OF(char *),
    };
    take_queries(&hunt);
    for (size_t i = 0; i < report->changes.count; i++) {
        hunt_for(&hunt, array_at(&report->changes, i));
    }
    for (size_t i = 0; i < hunt.queries.count; i++) {
        query_release(array_at(&hunt.queries, i));
    }
    array_release(&hunt.queries);
    release_texts(&hunt.schemas);
    release_texts(&hunt.readers);
    array_release(&hunt.schemas);
    array_release(&hunt.readers);
    free(hunt.contract);
    free(hunt.product);
    catalog_close(mesh);
    return true;
}
