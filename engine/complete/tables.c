/* complete/tables: what may stand where a table is named.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

/* Less comes first. */
enum {
    WEIGHT_COMMON = 0,
    WEIGHT_JOINED = 1,
    WEIGHT_WORKSPACE = 2,
    WEIGHT_TABLE = 3,
    WEIGHT_SCHEMA = 4,
    WEIGHT_CATALOG = 6,
    WEIGHT_RESULT = 7, /* a table where an expression stands */
};

/* `orders.line_items`, as SQL needs it; behind an open quote without the first one. */
static char *whole_name(const struct search *search, const struct known_table *table)
{
    struct text name = {0};
    char *first = seek_spell(search, table->schema != NULL ? table->schema : table->name);
    text_append(&name, first);
    if (table->schema != NULL && table->name != NULL) {
        text_append_char(&name, '.');
        sql_append_name(&name, table->name);
    }
    free(first);
    return text_take(&name);
}

static char *table_detail(const struct known_table *table, const char *join)
{
    struct text out = {0};
    if (join != NULL) {
        text_printf(&out, "joins %s, ", join);
    }
    if (table->id == NULL) {
        text_append(&out, table->schema == NULL ? "table of the workspace"
                          : string_equal(table->schema, "mesh")
                              ? "of the catalog as tables"
                              : "of the log of fetches and use");
    } else {
        text_printf(&out, "%stable of %s", table->is_deprecated ? "deprecated " : "",
                    table->id);
    }
    return text_take(&out);
}

static void append_name(const struct known_table *table, struct text *name)
{
    text_append(name, table->schema != NULL ? table->schema : "");
    text_append(name, table->schema != NULL && table->name != NULL ? "." : "");
    text_append(name, table->name != NULL ? table->name : "");
}

/* Most tables of a large mesh do not fit: nothing more is asked about them. */
static void offer_table(struct search *search, struct known_table *table, int weight)
{
    struct text name = {0};
    append_name(table, &name);
    if (complete_match(search->place->word, text_string(&name), NULL) != COMPLETE_NOT) {
        const char *join = weight == WEIGHT_TABLE ? seek_join_of(search, table) : NULL;
        bool here = known_is_here(search->complete, table);
        seek_offer(search,
                   (struct offer){
                       .kind = table->name != NULL ? COMPLETE_TABLE : COMPLETE_SCHEMA,
                       .weight = join != NULL ? WEIGHT_JOINED : weight,
                       .name = text_string(&name),
                       .text = whole_name(search, table),
                       .detail = table_detail(table, join),
                       .description = table->title,
                       .use = table->use + (here ? 0.5 : 0),
                       .table = table,
                   });
    }
    text_release(&name);
}

static void offer_commons(struct search *search)
{
    struct array commons = ARRAY_OF(struct scope_common);
    scope_commons(search->scope, search->place->query, &commons);
    for (size_t i = 0; i < commons.count; i++) {
        const struct scope_common *common = array_at(&commons, i);
        seek_offer(search, (struct offer){.kind = COMPLETE_SOURCE,
                                          .weight = WEIGHT_COMMON,
                                          .name = common->name,
                                          .detail = string_copy("of this statement")});
    }
    array_release(&commons);
}

/* Schemas that are no products. */
static void offer_schemas(struct search *search, int weight)
{
    static const struct {
        const char *name, *detail, *sentence;
    } schemas[] = {
        {"mesh", "the catalog as tables", "mesh.products, mesh.tables, mesh.columns ..."},
        {"ledger", "the log of fetches and use",
         "ledger.fetch, ledger.statement, ledger.check_run ..."},
    };
    for (size_t i = 0; i < 2 && search->complete->workbench->catalog != NULL; i++) {
        seek_offer(search, (struct offer){.kind = COMPLETE_SCHEMA,
                                          .weight = weight,
                                          .name = schemas[i].name,
                                          .detail = string_copy(schemas[i].detail),
                                          .description = schemas[i].sentence});
    }
}

static bool is_eponymous(sqlite3 *library, const char *name)
{
    char *sql = string_printf("SELECT * FROM \"%s\" LIMIT 0", name);
    sqlite3_stmt *stmt = NULL;
    bool is = sqlite3_prepare_v2(library, sql, -1, &stmt, NULL) == SQLITE_OK;
    sqlite3_finalize(stmt);
    free(sql);
    return is;
}

/* Functions that give rows: those of the running library that take arguments. */
static void offer_modules(struct search *search)
{
    sqlite3 *library = search->complete->library;
    sqlite3_stmt *stmt = NULL;
    if (search->place->quote == 0 && search->place->word[0] != '\0' && library != NULL) {
        stmt = store_prepare(library,
                             "SELECT name FROM pragma_module_list WHERE name NOT LIKE "
                             "'pragma%' ORDER BY name",
                             NULL);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        const char *name = store_text(stmt, 0);
        if (complete_match(search->place->word, name, NULL) <= COMPLETE_PART &&
            is_eponymous(library, name)) {
            seek_offer(search,
                       (struct offer){.kind = COMPLETE_FUNCTION,
                                      .weight = WEIGHT_SCHEMA,
                                      .name = name,
                                      .text = string_printf("%s(", name),
                                      .detail = string_copy("function that gives rows"),
                                      .worst = COMPLETE_PART});
        }
    }
    store_finish(stmt);
}

static bool is_writing(const struct search *search)
{
    const struct scope_query *query = scope_query(search->scope, search->place->query);
    return query != NULL && query->verb >= SCOPE_INSERT &&
           (query->sources.count == 0 ||
            ((const struct scope_source *)array_at(&query->sources, 0))->name.start >=
                search->place->word_start);
}

/* Where is written, only the workspace comes into question. */
void seek_tables(struct search *search)
{
    struct array own = ARRAY_OF(struct known_table *);
    bool in_result = search->place->clause != SCOPE_AT_TABLE;
    struct array *tables = &search->complete->tables;
    if (!in_result) {
        offer_commons(search);
        known_extra(search->complete, NULL, &own);
        for (size_t i = 0; i < own.count; i++) {
            offer_table(search, *(struct known_table **)array_at(&own, i),
                        WEIGHT_WORKSPACE);
        }
    }
    array_release(&own);
    if (is_writing(search)) {
        return;
    }
    seek_joins(search);
    for (size_t i = 0; i < tables->count; i++) {
        offer_table(search, *(struct known_table **)array_at(tables, i),
                    in_result ? WEIGHT_RESULT : WEIGHT_TABLE);
    }
    offer_schemas(search, in_result ? WEIGHT_RESULT : WEIGHT_CATALOG);
    offer_modules(search);
}

/* ---- Behind `schema.` ---- */

static void offer_in_schema(struct search *search, struct known_table *table)
{
    seek_offer(search, (struct offer){.kind = COMPLETE_TABLE,
                                      .name = table->name,
                                      .detail = table_detail(table, NULL),
                                      .description = table->title,
                                      .use = table->use,
                                      .table = table});
}

/* A product whose tables nobody declared: those of its file. */
static void offer_in_file(struct search *search, struct known_table *product)
{
    char *file = known_file(search->complete, product);
    sqlite3 *db = file != NULL ? store_open(file, STORE_IMMUTABLE, NULL) : NULL;
    sqlite3_stmt *stmt =
        db != NULL
            ? store_prepare(db,
                            "SELECT name FROM sqlite_schema WHERE type IN ('table', "
                            "'view') AND name NOT GLOB 'sqlite_*' AND name NOT GLOB "
                            "'mwb_*' ORDER BY name",
                            NULL)
            : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        seek_offer(search,
                   (struct offer){.kind = COMPLETE_TABLE,
                                  .name = store_text(stmt, 0),
                                  .detail = string_printf("table of %s", product->id)});
    }
    store_finish(stmt);
    store_close(db);
    free(file);
}

void seek_schema(struct search *search, const char *schema)
{
    const struct array *tables = &search->complete->tables;
    bool mesh = string_equal_fold(schema, "mesh");
    if (mesh || string_equal_fold(schema, "ledger") ||
        string_equal_fold(schema, "main")) {
        struct array own = ARRAY_OF(struct known_table *);
        known_extra(search->complete,
                    mesh                                ? "mesh"
                    : string_equal_fold(schema, "main") ? NULL
                                                        : "ledger",
                    &own);
        for (size_t i = 0; i < own.count; i++) {
            offer_in_schema(search, *(struct known_table **)array_at(&own, i));
        }
        array_release(&own);
        return;
    }
    for (size_t i = 0; i < tables->count; i++) {
        struct known_table *table = *(struct known_table **)array_at(tables, i);
        if (!string_equal_fold(table->schema, schema)) {
            continue;
        }
        if (table->name != NULL) {
            offer_in_schema(search, table);
        } else {
            offer_in_file(search, table);
        }
    }
}
