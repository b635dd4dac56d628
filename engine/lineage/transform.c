/* lineage/transform: what contracts say columns are made from. transformLogic in SQL is
 * compiled over the tables it names as its sources; where it does not compile, the
 * sources stand as they are declared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/columns.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/store.h"

/* A column with its logic. */
struct logic {
    struct column_name name;
    const char *text, *sources, *path;
    long long contract;
    int line;
};

/* ---- Compiling ---- */

/* `raw.orders` is attached by its database; `orders` stands in main. */
static void add_source(struct tables *tables, const struct declared *declared,
                       const struct logic *logic, const char *source, struct text *from)
{
    const struct declared_table *table =
        declared_table(declared, source, logic->contract);
    const char *dot = strrchr(source, '.');
    bool is_qualified = table != NULL && dot != NULL &&
                        strlen(table->schema) == (size_t)(dot - source) &&
                        string_starts(source, table->schema);
    if (table == NULL) {
        return;
    }
    text_append(from, from->length > 0 ? ", " : "");
    if (is_qualified) {
        text_printf(from, "%s.", table->schema);
        store_quote_name(from, dot + 1);
    } else {
        const char *name = dot != NULL ? dot + 1 : source;
        tables_add_as(tables, name, table);
        text_append(from, "main.");
        store_quote_name(from, name);
    }
}

static void add_sources(struct tables *tables, const struct declared *declared,
                        const struct logic *logic, struct text *from)
{
    const char *rest = logic->sources != NULL ? logic->sources : "";
    while (*rest != '\0') {
        size_t length = strcspn(rest, ",");
        char *source = string_copy_bytes(rest, length);
        add_source(tables, declared, logic, string_trim(source), from);
        free(source);
        rest += length + (rest[length] == ',');
    }
}

/* Where nothing is named, an expression reads the columns beside it. */
static void add_own(struct tables *tables, const struct declared *declared,
                    const struct logic *logic, struct text *from)
{
    const struct declared_table *own =
        declared_table(declared, logic->name.table, logic->contract);
    if (own != NULL) {
        tables_add_as(tables, logic->name.table, own);
        text_append(from, from->length > 0 ? ", main." : "main.");
        store_quote_name(from, logic->name.table);
    }
}

static bool compile_over(struct tables *tables, const char *expression, const char *from,
                         struct array *sources, struct error *err)
{
    char *sql =
        string_printf("SELECT %s%s%s", expression, *from != '\0' ? " FROM " : "", from);
    tables_add_named(tables, sql);
    bool done = lineage_of_statement(tables->db, sql, sources, err);
    free(sql);
    return done;
}

static bool compile(struct tables *tables, const struct declared *declared,
                    const struct logic *logic, struct array *sources, struct error *err)
{
    struct text from = {0};
    add_sources(tables, declared, logic, &from);
    bool done;
    if (sql_is_select(logic->text, strlen(logic->text))) {
        tables_add_named(tables, logic->text);
        done = lineage_of_statement(tables->db, logic->text, sources, err);
    } else {
        bool has_sources = from.length > 0;
        if (!has_sources) {
            add_own(tables, declared, logic, &from);
        }
        done = compile_over(tables, logic->text, text_string(&from), sources, err);
        if (!done && has_sources) {
            add_own(tables, declared, logic, &from);
            done = compile_over(tables, logic->text, text_string(&from), sources, NULL);
        }
    }
    text_release(&from);
    return done;
}

/* Of a whole SELECT the column of that name counts; else all do. */
static bool is_of(const struct array *sources, const struct lineage_source *source,
                  const char *column)
{
    for (size_t i = 0; i < sources->count; i++) {
        const struct lineage_source *other = array_at(sources, i);
        if (string_equal_fold(other->column, column)) {
            return string_equal_fold(source->column, column);
        }
    }
    return true;
}

/* False: it does not compile, or reads nothing that is known. */
static bool add_logic(struct weave *weave, const struct lineage_spec *spec,
                      const struct declared *declared, const struct logic *logic)
{
    struct array sources = ARRAY_OF(struct lineage_source);
    struct tables tables;
    struct error err = {0};
    bool found = false;
    if (!tables_open(&tables, spec->catalog, NULL)) {
        return false;
    }
    size_t to = columns_node(weave, &logic->name);
    bool done = compile(&tables, declared, logic, &sources, &err);
    for (size_t i = 0; done && i < sources.count; i++) {
        const struct lineage_source *source = array_at(&sources, i);
        const struct table_place *place =
            source->table != NULL ? tables_place(&tables, source->database, source->table)
                                  : NULL;
        if (place != NULL && is_of(&sources, source, logic->name.column)) {
            size_t from =
                columns_node(weave, &(struct column_name){place->row, place->product,
                                                          place->name, source->name});
            weave_edge(weave, from, to,
                       &(struct weave_how){"transformLogic", logic->path, logic->line,
                                           !source->is_direct});
            found = true;
        }
    }
    if (!done) {
        weave_note(weave, "transformLogic of %s.%s.%s (%s:%d) is not compiled: %s",
                   logic->name.product, logic->name.table, logic->name.column,
                   logic->path, logic->line, err.message);
    }
    lineage_sources_release(&sources);
    tables_close(&tables);
    return found;
}

/* ---- All of the mesh ---- */

static void add_logics(struct weave *weave, const struct lineage_spec *spec,
                       const struct declared *declared)
{
    sqlite3_stmt *stmt = store_prepare(
        catalog_database(spec->catalog),
        "SELECT t.product_row,p.key,t.sql_name,r.name,r.transform_logic,"
        "r.transform_sources,c.path,r.line,t.contract_row FROM property r JOIN table_of "
        "t "
        "ON t.object_row=r.object_row JOIN product p ON p.rowid=t.product_row JOIN "
        "contract c ON c.rowid=t.contract_row WHERE r.transform_logic IS NOT NULL AND "
        "r.depth=1",
        NULL);
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        char *texts[6];
        for (int i = 0; i < 6; i++) {
            texts[i] = store_text_copy(stmt, i + 1);
        }
        const struct logic logic = {
            .name = {sqlite3_column_int64(stmt, 0), texts[0], texts[1], texts[2]},
            .text = texts[3],
            .sources = texts[4],
            .path = texts[5],
            .line = sqlite3_column_int(stmt, 7),
            .contract = sqlite3_column_int64(stmt, 8),
        };
        add_logic(weave, spec, declared, &logic);
        for (int i = 0; i < 6; i++) {
            free(texts[i]);
        }
    }
    store_finish(stmt);
}

/* Did compiling tell which columns of the table it are? */
static bool is_told(const struct lineage_fan *up, const struct weave *weave, size_t to,
                    size_t told_nodes, const char *product, const char *table)
{
    for (size_t i = to < told_nodes ? up->first[to] : 0;
         to < told_nodes && i < up->first[to + 1]; i++) {
        const struct lineage_edge *edge = array_at(&weave->graph->edges, up->list[i]);
        const struct lineage_node *from = array_at(&weave->graph->nodes, edge->from);
        if (string_equal(from->product, product) && string_equal(from->table, table)) {
            return true;
        }
    }
    return false;
}

static const char *key_of(sqlite3_stmt *keys, long long row)
{
    sqlite3_reset(keys);
    store_bind(keys, "l", row);
    return store_step(keys, NULL) == STORE_ROW ? store_text(keys, 0) : "";
}

static void add_pair(struct weave *weave, const struct declared_pair *pair,
                     sqlite3_stmt *keys, const struct lineage_fan *up, size_t told_nodes)
{
    const struct weave_how how = {
        .how = "declared", .path = pair->path, .line = pair->line};
    size_t to = columns_node(weave, &(struct column_name){pair->product,
                                                          key_of(keys, pair->product),
                                                          pair->table, pair->column});
    if (pair->from_product == 0) {
        char *name =
            string_printf("%s%s%s", pair->source, pair->from_column != NULL ? "." : "",
                          pair->from_column != NULL ? pair->from_column : "");
        weave_edge(weave, weave_node(weave, LINEAGE_OUTSIDE, name), to, &how);
        free(name);
        return;
    }
    const char *from = key_of(keys, pair->from_product);
    if (pair->from_column == NULL &&
        is_told(up, weave, to, told_nodes, from, pair->from_table)) {
        return;
    }
    weave_edge(
        weave,
        columns_node(weave, &(struct column_name){pair->from_product, from,
                                                  pair->from_table, pair->from_column}),
        to, &how);
}

void columns_add_declared(struct weave *weave, const struct lineage_spec *spec,
                          const struct declared *declared)
{
    struct lineage_fan up;
    add_logics(weave, spec, declared);
    size_t told_nodes = weave->graph->nodes.count;
    lineage_fan_init(&up, weave->graph, true);
    sqlite3_stmt *keys = store_prepare(catalog_database(spec->catalog),
                                       "SELECT key FROM product WHERE rowid=?1", NULL);
    for (size_t i = 0; keys != NULL && i < declared_count(declared); i++) {
        add_pair(weave, declared_pair(declared, i), keys, &up, told_nodes);
    }
    store_finish(keys);
    lineage_fan_release(&up);
}
