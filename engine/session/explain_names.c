/* session/explain_names: a name that is not there, or is there twice, and the nearest one
 * that could have been meant. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope.h"
#include "engine/session/explain.h"
#include "engine/session/worker.h"
#include "engine/store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { NAMES_LISTED = 8 };

/* ---- Names that could have been meant ---- */

static void add_name(struct array *names, const char *name)
{
    *(char **)array_push(names) = string_copy(name);
}

/* The first column of every row of our own SQL. */
static void add_names_of(struct worker *worker, struct array *names, const char *sql,
                         const char *first, const char *second)
{
    bool before = worker->trusted;
    worker->trusted = true;
    sqlite3_stmt *stmt = store_prepare(worker->target, sql, NULL);
    if (stmt != NULL) {
        sqlite3_bind_text(stmt, 1, first, -1, SQLITE_TRANSIENT);
        sqlite3_bind_text(stmt, 2, second, -1, SQLITE_TRANSIENT);
        while (store_step(stmt, NULL) == STORE_ROW) {
            add_name(names, store_text(stmt, 0));
        }
    }
    store_finish(stmt);
    worker->trusted = before;
}

static void add_tables_of(struct worker *worker, struct array *names, const char *schema)
{
    struct text sql = {0};
    text_append(&sql, "SELECT name FROM ");
    store_quote_name(&sql, schema);
    text_append(&sql, ".sqlite_schema WHERE type IN ('table', 'view') "
                      "AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' "
                      "AND name NOT LIKE 'mwb\\_%' ESCAPE '\\' ORDER BY name");
    add_names_of(worker, names, sql.data, NULL, NULL);
    text_release(&sql);
}

static void add_schemas(struct worker *worker, struct array *names)
{
    static const struct catalog_filter all;
    if (worker->catalog == NULL) {
        return;
    }
    struct array entries = catalog_list(worker->catalog, &all);
    for (size_t i = 0; i < entries.count; i++) {
        add_name(names, ((struct catalog_entry *)array_at(&entries, i))->schema);
    }
    catalog_entries_release(&entries);
    add_name(names, "mesh");
    add_name(names, "ledger");
}

/* Borrowed from names. */
static const char *nearest(struct array *names, const char *name)
{
    *(char **)array_push(names) = NULL;
    const char *best = string_nearest(name, names->items);
    names->count--;
    return best;
}

static void append_names(struct text *out, const struct array *names)
{
    for (size_t i = 0; i < names->count && i < NAMES_LISTED; i++) {
        text_printf(out, "%s%.80s", i > 0 ? ", " : "", *(char **)array_at(names, i));
    }
    if (names->count > NAMES_LISTED) {
        text_printf(out, " and %zu more", names->count - NAMES_LISTED);
    }
}

/* ---- Tables ---- */

/* A table of a product or of the catalog: "orders.line_items", yours, NULL when there is
 * none. */
static char *find_table_elsewhere(const struct worker *worker, const char *table)
{
    static const char sql[] =
        "SELECT * FROM (SELECT p.schema_name || '.' || t.sql_name FROM product p "
        "JOIN table_of t ON t.product_row = p.rowid "
        "WHERE t.sql_name = ?1 COLLATE NOCASE ORDER BY p.domain, p.name LIMIT 1) "
        "UNION ALL SELECT 'mesh.' || name FROM sqlite_schema "
        "WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE";
    return worker->catalog != NULL
               ? store_string(catalog_database(worker->catalog), sql, "s", table)
               : NULL;
}

/* The same for a name that is only near. */
static char *find_table_near(const struct worker *worker, const char *table)
{
    struct array names = ARRAY_OF(char *);
    sqlite3_stmt *stmt =
        worker->catalog != NULL
            ? store_prepare(catalog_database(worker->catalog),
                            "SELECT DISTINCT sql_name FROM table_of", NULL)
            : NULL;
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        add_name(&names, store_text(stmt, 0));
    }
    store_finish(stmt);
    const char *near = nearest(&names, table);
    char *found = near != NULL ? find_table_elsewhere(worker, near) : NULL;
    sql_names_release(&names);
    return found;
}

static void append_all(struct text *out, const struct array *names)
{
    if (names->count > 0) {
        text_append(out, "; it has ");
        append_names(out, names);
    }
}

static void explain_missing_table(struct worker *worker, const char *schema,
                                  const char *table, struct text *out)
{
    struct array names = ARRAY_OF(char *);
    add_tables_of(worker, &names, schema);
    const char *near = nearest(&names, table);
    char *refusal = permit_table_refusal(worker, schema, table);
    if (refusal != NULL) {
        text_append(out, refusal);
        free(refusal);
        sql_names_release(&names);
        return;
    }
    text_printf(out, "there is no table %s in %s", table, schema);
    if (near != NULL) {
        text_printf(out, "; did you mean %s.%s?", schema, near);
    } else {
        append_all(out, &names);
    }
    sql_names_release(&names);
}

static void explain_missing_schema(struct worker *worker, const char *schema,
                                   const char *table, struct text *out)
{
    struct array names = ARRAY_OF(char *);
    struct catalog_entry entry;
    add_schemas(worker, &names);
    const char *near = nearest(&names, schema);
    if (worker->catalog != NULL && catalog_find_schema(worker->catalog, schema, &entry)) {
        text_printf(out,
                    "the product %s is not on this machine yet; get it first: get %s",
                    entry.id, entry.id);
        catalog_entry_release(&entry);
    } else if (near != NULL) {
        text_printf(out, "there is no product %s in this mesh; did you mean %s.%s?",
                    schema, near, table);
    } else {
        text_printf(out, "there is no product %s in this mesh", schema);
        append_all(out, &names);
    }
    sql_names_release(&names);
}

static void explain_table_of(struct worker *worker, const char *schema, const char *table,
                             struct text *out)
{
    bool here = attach_find(worker, schema) != NULL ||
                string_equal_fold(schema, "main") || string_equal_fold(schema, "temp");
    if (here) {
        explain_missing_table(worker, schema, table, out);
    } else {
        explain_missing_schema(worker, schema, table, out);
    }
}

static void explain_bare_table(struct worker *worker, const char *table, struct text *out)
{
    struct array names = ARRAY_OF(char *);
    struct array schemas = ARRAY_OF(char *);
    add_tables_of(worker, &names, "main");
    add_tables_of(worker, &names, "temp");
    add_schemas(worker, &schemas);
    char *elsewhere = find_table_elsewhere(worker, table);
    const char *near = nearest(&names, table);
    const char *schema = nearest(&schemas, table);
    text_printf(out, "there is no table %s in the workspace", table);
    if (elsewhere != NULL) {
        text_printf(out, "; did you mean %s?", elsewhere);
    } else if (near != NULL) {
        text_printf(out, "; did you mean %s?", near);
    } else if (schema != NULL) {
        text_printf(out, "; %s is a product: name one of its tables, as in %s.TABLE",
                    schema, schema);
    } else if ((elsewhere = find_table_near(worker, table)) != NULL) {
        text_printf(out, "; did you mean %s?", elsewhere);
    } else {
        text_append(out, "; a product's table is written product.table");
    }
    free(elsewhere);
    sql_names_release(&names);
    sql_names_release(&schemas);
}

void explain_table(struct worker *worker, const char *name, struct text *out)
{
    const char *dot = strchr(name, '.');
    if (dot == NULL) {
        explain_bare_table(worker, name, out);
        return;
    }
    char *schema = string_copy_bytes(name, (size_t)(dot - name));
    explain_table_of(worker, schema, dot + 1, out);
    free(schema);
}

/* ---- Columns, functions, syntax ---- */

/* What the columns of a statement could be: of all its tables, or of the one with this
 * name or alias. */
struct sight {
    const char *qualifier; /* NULL: none was written */
    struct array names;    /* of char *: their columns */
    struct text tables;    /* "orders.lines and customers.people" */
    size_t count;          /* of those tables */
    bool has_others;       /* subqueries and WITH, whose columns are not known here */
};

static void add_source(struct worker *worker, struct sight *sight,
                       const struct sql_source *source)
{
    size_t before = sight->names.count;
    add_names_of(worker, &sight->names, "SELECT name FROM pragma_table_info(?1, ?2)",
                 source->table, source->schema);
    if (sight->names.count == before) {
        sight->has_others = true;
        return;
    }
    text_append(&sight->tables, sight->count++ > 0 ? " and " : "");
    if (source->schema != NULL) {
        text_printf(&sight->tables, "%s.", source->schema);
    }
    text_append(&sight->tables, source->table);
}

static void read_sight(struct worker *worker, struct sight *sight)
{
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    const char *qualifier = sight->qualifier;
    const char *dot = qualifier != NULL ? strrchr(qualifier, '.') : NULL;
    const char *wanted = dot != NULL ? dot + 1 : qualifier; /* of schema.table */
    for (size_t i = 0; i < sources.count; i++) {
        const struct sql_source *source = array_at(&sources, i);
        const char *name = source->alias != NULL ? source->alias : source->table;
        if (source->table == NULL) {
            sight->has_others = true;
        } else if (wanted == NULL || string_equal_fold(name, wanted)) {
            add_source(worker, sight, source);
        }
    }
    sql_sources_release(&sources);
}

/* Columns of subqueries and of names of WITH, as far as their text tells them. */
static void read_made(struct worker *worker, struct sight *sight)
{
    const struct scope_spec spec = {.sql = worker->request->sql + worker->span.start,
                                    .length = worker->span.length};
    struct scope *scope = scope_new(&spec);
    for (size_t q = 0; q < scope_query_count(scope); q++) {
        const struct scope_query *query = scope_query(scope, q);
        for (size_t s = 0; s < query->sources.count; s++) {
            const struct scope_source *source = array_at(&query->sources, s);
            const struct array *columns =
                source->kind != SCOPE_TABLE ? scope_source_columns(scope, source) : NULL;
            bool is_meant =
                sight->qualifier == NULL ||
                string_equal_fold(scope_source_name(source), sight->qualifier);
            for (size_t i = 0; columns != NULL && is_meant && i < columns->count; i++) {
                const struct scope_column *column = array_at(columns, i);
                if (!column->is_expression) {
                    add_name(&sight->names, column->name);
                }
            }
        }
    }
    scope_free(scope);
}

static void sight_release(struct sight *sight)
{
    sql_names_release(&sight->names);
    text_release(&sight->tables);
}

/* Since 3.46 SQLite quotes a name that was in double quotes, and adds its own advice. */
static char *column_of_message(const char *rest)
{
    const char *advice = strstr(rest, "\" - should this be a string literal");
    bool quoted = rest[0] == '"' && advice != NULL;
    return quoted ? string_copy_bytes(rest + 1, (size_t)(advice - rest) - 1)
                  : string_copy(rest);
}

static const char *called(const struct sql_source *source)
{
    return source->alias != NULL ? source->alias : source->table;
}

/* A name before a dot that no table of the statement has. */
static void explain_qualifier(struct worker *worker, const char *qualifier,
                              struct text *out)
{
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    struct array names = ARRAY_OF(char *);
    const char *alias = NULL;
    bool is_there = false; /* it is called so, and its columns are not known */
    for (size_t i = 0; i < sources.count; i++) {
        const struct sql_source *source = array_at(&sources, i);
        if (called(source) != NULL) {
            add_name(&names, called(source));
            is_there |= string_equal_fold(called(source), qualifier);
        }
        if (string_equal_fold(source->table, qualifier)) {
            alias = source->alias;
        }
    }
    if (alias != NULL) {
        text_printf(out, "; %s is called %s here", qualifier, alias);
    } else if (!is_there) {
        text_printf(out, "; no table of it is called %s%s", qualifier,
                    names.count > 0 ? ", there are " : "");
        append_names(out, &names);
    }
    sql_names_release(&names);
    sql_sources_release(&sources);
}

static void explain_sight(struct worker *worker, const char *name,
                          const struct sight *sight, struct text *out)
{
    const char *qualifier = sight->qualifier;
    const char *last = qualifier != NULL ? name + strlen(qualifier) + 1 : name;
    bool exact = sight->count > 0 && sight->count <= 2 && !sight->has_others;
    const char *near = nearest((struct array *)&sight->names, last);
    size_t offset = worker->outcome->offset;
    text_printf(out, "there is no column %s in %s", exact ? last : name,
                exact ? text_string(&sight->tables) : "the tables of this statement");
    if (near != NULL) {
        text_printf(out, "; did you mean %s%s%s?", qualifier != NULL ? qualifier : "",
                    qualifier != NULL ? "." : "", near);
    } else if (sight->count == 0 && sight->names.count == 0 && qualifier != NULL) {
        explain_qualifier(worker, qualifier, out);
    } else if (string_equal_fold(name, "date") || string_equal_fold(name, "timestamp")) {
        text_append(out, "; a date is written as a text alone: '2026-01-31'");
    } else if (offset < worker->request->sql_length &&
               worker->request->sql[offset] == '"') {
        text_printf(out, "; text stands in single quotes: '%s'", name);
    } else if (string_starts(name, "\u201c") || string_starts(name, "\u2018")) {
        text_append(out, "; text stands in plain quotes: 'text'");
    } else if (sight->names.count > 0) {
        text_append(out, "; there are ");
        append_names(out, &sight->names);
    }
}

void explain_column(struct worker *worker, const char *rest, struct text *out)
{
    char *name = column_of_message(rest);
    const char *dot = strrchr(name, '.');
    char *qualifier = dot != NULL ? string_copy_bytes(name, (size_t)(dot - name)) : NULL;
    char *refusal = permit_column_refusal(worker, dot != NULL ? dot + 1 : name);
    if (refusal != NULL) {
        text_append(out, refusal);
    } else {
        struct sight sight = {.qualifier = qualifier, .names = ARRAY_OF(char *)};
        read_sight(worker, &sight);
        if (sight.has_others || sight.count == 0) {
            read_made(worker, &sight);
        }
        explain_sight(worker, name, &sight, out);
        sight_release(&sight);
    }
    free(refusal);
    free(name);
    free(qualifier);
}

static bool has_column(struct worker *worker, const struct sql_source *source,
                       const char *column)
{
    struct array names = ARRAY_OF(char *);
    bool has = false;
    if (source->table != NULL) {
        add_names_of(worker, &names, "SELECT name FROM pragma_table_info(?1, ?2)",
                     source->table, source->schema);
    }
    for (size_t i = 0; i < names.count && !has; i++) {
        has = string_equal_fold(*(char **)array_at(&names, i), column);
    }
    sql_names_release(&names);
    return has;
}

void explain_ambiguous(struct worker *worker, const char *rest, struct text *out)
{
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    size_t found = 0;
    if (strrchr(rest, '.') != NULL) {
        text_printf(out,
                    "two tables of this statement are called alike in %s: give one "
                    "another alias",
                    rest);
    } else {
        text_printf(out, "the column %s is in several tables of this statement", rest);
    }
    for (size_t i = 0; i < sources.count && strrchr(rest, '.') == NULL; i++) {
        const struct sql_source *source = array_at(&sources, i);
        if (has_column(worker, source, rest)) {
            text_printf(out, "%s%s.%s", found++ > 0 ? " or " : "; write ", called(source),
                        rest);
        }
    }
    sql_sources_release(&sources);
}

void explain_function(struct worker *worker, const char *name, struct text *out)
{
    struct array names = ARRAY_OF(char *);
    const char *here = explain_foreign(name);
    add_names_of(worker, &names, "SELECT DISTINCT name FROM pragma_function_list", NULL,
                 NULL);
    const char *near = nearest(&names, name);
    text_printf(out, "there is no function %s", name);
    if (here != NULL) {
        text_printf(out, " here; write %s", here);
    } else if (near != NULL) {
        text_printf(out, "; did you mean %s?", near);
    }
    sql_names_release(&names);
}

/* wrong number of arguments to function X() */
void explain_arguments(struct worker *worker, const char *rest, struct text *out)
{
    char *name = string_copy_bytes(rest, strcspn(rest, "("));
    struct array counts = ARRAY_OF(char *);
    add_names_of(worker, &counts,
                 "SELECT DISTINCT narg FROM pragma_function_list WHERE name = lower(?1) "
                 "AND narg >= 0 ORDER BY narg",
                 name, NULL);
    text_printf(out, "%s() has too few or too many arguments", name);
    for (size_t i = 0; i < counts.count; i++) {
        text_printf(out, "%s%s", i == 0 ? "; it takes " : " or ",
                    *(char **)array_at(&counts, i));
    }
    sql_names_release(&counts);
    free(name);
}

/* "orders" of `unknown database orders`: the schema is all that is known. */
void explain_schema(struct worker *worker, const char *name, struct text *out)
{
    size_t length = strlen(name);
    bool quoted = length > 1 && strchr("'\"`[", name[0]) != NULL;
    char *bare = quoted ? string_copy_bytes(name + 1, length - 2) : string_copy(name);
    explain_table_of(worker, bare, "TABLE", out);
    free(bare);
}
