/* lineage/columns: which column is made from which: what contracts declare, what
 * transformLogic, saved queries and views compile to. All of it is put into one graph, of
 * which then is kept what is asked for.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/columns.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"
#include "engine/store.h"

/* ---- Nodes ---- */

size_t columns_node(struct weave *weave, const struct column_name *name)
{
    bool is_column = name->column != NULL;
    char *full = string_printf("%s.%s%s%s", name->product, name->table,
                               is_column ? "." : "", is_column ? name->column : "");
    size_t node = weave_node(weave, is_column ? LINEAGE_COLUMN : LINEAGE_TABLE, full);
    struct lineage_node *made = array_at(&weave->graph->nodes, node);
    if (made->product == NULL) {
        made->product = string_copy(name->product);
        made->table = string_copy(name->table);
        made->column = string_copy(name->column);
        weave_set_row(weave, node, name->row);
    }
    free(full);
    return node;
}

static size_t result_node(struct weave *weave, const char *query, const char *column)
{
    char *full = string_printf("%s.%s", query, column);
    size_t node = weave_node(weave, LINEAGE_QUERY, full);
    struct lineage_node *made = array_at(&weave->graph->nodes, node);
    if (made->table == NULL) {
        made->table = string_copy(query);
        made->column = string_copy(column);
    }
    free(full);
    return node;
}

/* Where a source of a statement is in the mesh; else it lies outside. */
static size_t source_node(struct weave *weave, const struct tables *tables,
                          const struct lineage_source *source)
{
    const struct table_place *place =
        tables_place(tables, source->database, source->table);
    if (place != NULL) {
        return columns_node(weave, &(struct column_name){place->row, place->product,
                                                         place->name, source->name});
    }
    char *name = string_printf("%s.%s%s%s", source->database, source->table,
                               source->name != NULL ? "." : "",
                               source->name != NULL ? source->name : "");
    size_t node = weave_node(weave, LINEAGE_OUTSIDE, name);
    free(name);
    return node;
}

/* ---- Statements ---- */

struct statement_of {
    const char *name; /* of the query or view */
    const char *sql;
    struct weave_how how;
};

static void add_statement(struct weave *weave, struct tables *tables,
                          const struct statement_of *of)
{
    struct array sources = ARRAY_OF(struct lineage_source);
    struct error err = {0};
    if (!lineage_of_statement(tables->db, of->sql, &sources, &err)) {
        weave_note(weave, "%s %s: %s", of->how.how, of->name, err.message);
    }
    for (size_t i = 0; i < sources.count; i++) {
        const struct lineage_source *source = array_at(&sources, i);
        size_t to = result_node(weave, of->name, source->column);
        if (source->table != NULL) {
            struct weave_how how = of->how;
            how.is_indirect = !source->is_direct;
            weave_edge(weave, source_node(weave, tables, source), to, &how);
        }
        if (i == 0 && source->is_coarse) {
            weave_note(weave,
                       "%s %s could not be taken apart: each of its columns is told as "
                       "made from all it reads",
                       of->how.how, of->name);
        }
    }
    lineage_sources_release(&sources);
}

static void add_query(struct weave *weave, const struct lineage_spec *spec,
                      const struct statement_of *of, bool with_workspace)
{
    struct tables tables;
    if (tables_open(&tables, spec->catalog, NULL)) {
        if (with_workspace && spec->workspace != NULL) {
            tables_add_workspace(&tables, spec->workspace);
        }
        tables_add_named(&tables, of->sql);
        add_statement(weave, &tables, of);
        tables_close(&tables);
    }
}

static void add_queries(struct weave *weave, const struct lineage_spec *spec)
{
    struct array queries = catalog_queries(spec->catalog);
    for (size_t i = 0; i < queries.count; i++) {
        const struct catalog_query *query = array_at(&queries, i);
        const struct statement_of of = {
            query->name, query->sql, {.how = "query", .path = query->path, .line = 1}};
        add_query(weave, spec, &of, true);
    }
    catalog_queries_release(&queries);
}

static void add_views(struct weave *weave, const struct lineage_spec *spec)
{
    struct tables tables;
    if (spec->workspace == NULL || !tables_open(&tables, spec->catalog, NULL)) {
        return;
    }
    tables_add_workspace(&tables, spec->workspace);
    sqlite3_stmt *views = store_prepare(
        tables.db, "SELECT name FROM sqlite_master WHERE type='view' ORDER BY name",
        NULL);
    struct array names = ARRAY_OF(char *);
    while (views != NULL && store_step(views, NULL) == STORE_ROW) {
        *(char **)array_push(&names) = store_text_copy(views, 0);
    }
    store_finish(views);
    for (size_t i = 0; i < names.count; i++) {
        const char *name = *(char **)array_at(&names, i);
        struct text sql = {0};
        text_append(&sql, "SELECT * FROM main.");
        store_quote_name(&sql, name);
        const struct statement_of of = {name, text_string(&sql), {.how = "view"}};
        add_statement(weave, &tables, &of);
        text_release(&sql);
    }
    sql_names_release(&names);
    tables_close(&tables);
}

/* ---- Columns of whole tables ---- */

/* What reads a table as a whole reads its columns. */
static void add_members(struct weave *weave)
{
    struct lineage_fan down;
    size_t count = weave->graph->nodes.count;
    lineage_fan_init(&down, weave->graph, false);
    for (size_t i = 0; i < count; i++) {
        const struct lineage_node *node = array_at(&weave->graph->nodes, i);
        if (node->kind != LINEAGE_COLUMN) {
            continue;
        }
        char *name = string_printf("%s.%s", node->product, node->table);
        size_t table = weave_find(weave, LINEAGE_TABLE, name);
        free(name);
        if (table < count && down.first[table] < down.first[table + 1]) {
            weave_edge(weave, i, table, &(struct weave_how){.how = "column of"});
        }
    }
    lineage_fan_release(&down);
}

bool lineage_read_columns(const struct lineage_spec *spec,
                          const struct lineage_start *start, struct weave *weave,
                          struct error *err)
{
    struct declared *declared = declared_read(catalog_database(spec->catalog), true, err);
    if (declared == NULL) {
        return false;
    }
    struct lineage_graph all;
    struct weave whole;
    weave_init(&whole, &all);
    columns_add_declared(&whole, spec, declared);
    add_queries(&whole, spec);
    add_views(&whole, spec);
    add_members(&whole);
    columns_keep(&whole, spec, start, weave);
    declared_free(declared);
    weave_release(&whole);
    lineage_release(&all);
    return true;
}
