/* session/explain: a whole sentence for what SQLite said, with the nearest name and
 * place. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
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

static void explain_table(struct worker *worker, const char *name, struct text *out)
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

/* Columns of the tables of the statement, or of the one with this name or alias: false
 * when no table is called so. */
static bool add_columns(struct worker *worker, const char *qualifier, struct array *names)
{
    struct array sources =
        sql_sources(worker->request->sql + worker->span.start, worker->span.length);
    bool called = qualifier == NULL;
    const char *dot = qualifier != NULL ? strrchr(qualifier, '.') : NULL;
    const char *wanted = dot != NULL ? dot + 1 : qualifier; /* of schema.table */
    for (size_t i = 0; i < sources.count; i++) {
        const struct sql_source *source = array_at(&sources, i);
        const char *name = source->alias != NULL ? source->alias : source->table;
        if (source->table != NULL &&
            (wanted == NULL || string_equal_fold(name, wanted))) {
            called = true;
            add_names_of(worker, names, "SELECT name FROM pragma_table_info(?1, ?2)",
                         source->table, source->schema);
        }
    }
    sql_sources_release(&sources);
    return called;
}

/* Since 3.46 SQLite quotes a name that was in double quotes, and adds its own advice. */
static char *column_of_message(const char *rest)
{
    const char *advice = strstr(rest, "\" - should this be a string literal");
    bool quoted = rest[0] == '"' && advice != NULL;
    return quoted ? string_copy_bytes(rest + 1, (size_t)(advice - rest) - 1)
                  : string_copy(rest);
}

static void explain_column(struct worker *worker, const char *rest, struct text *out)
{
    char *name = column_of_message(rest);
    const char *dot = strrchr(name, '.');
    char *qualifier = dot != NULL ? string_copy_bytes(name, (size_t)(dot - name)) : NULL;
    struct array names = ARRAY_OF(char *);
    bool called = add_columns(worker, qualifier, &names);
    const char *near = nearest(&names, dot != NULL ? dot + 1 : name);
    size_t offset = worker->outcome->offset;
    text_printf(out, "there is no column %s in the tables of this statement", name);
    if (near != NULL) {
        text_printf(out, "; did you mean %s%s%s?", qualifier != NULL ? qualifier : "",
                    qualifier != NULL ? "." : "", near);
    } else if (!called) {
        text_printf(out, "; no table of it is called %s", qualifier);
    } else if (offset < worker->request->sql_length &&
               worker->request->sql[offset] == '"') {
        text_printf(out, "; text stands in single quotes: '%s'", name);
    } else if (names.count > 0) {
        text_append(out, "; there are ");
        append_names(out, &names);
    }
    free(name);
    free(qualifier);
    sql_names_release(&names);
}

static void explain_function(struct worker *worker, const char *name, struct text *out)
{
    struct array names = ARRAY_OF(char *);
    add_names_of(worker, &names, "SELECT DISTINCT name FROM pragma_function_list", NULL,
                 NULL);
    const char *near = nearest(&names, name);
    text_printf(out, "there is no function %s", name);
    if (near != NULL) {
        text_printf(out, "; did you mean %s?", near);
    }
    sql_names_release(&names);
}

/* "orders" of `unknown database orders`: the schema is all that is known. */
static void explain_schema(struct worker *worker, const char *name, struct text *out)
{
    size_t length = strlen(name);
    bool quoted = length > 1 && strchr("'\"`[", name[0]) != NULL;
    char *bare = quoted ? string_copy_bytes(name + 1, length - 2) : string_copy(name);
    explain_table_of(worker, bare, "TABLE", out);
    free(bare);
}

static void append_place(const struct worker *worker, struct text *out)
{
    const struct request *request = worker->request;
    size_t offset = worker->outcome->offset;
    int line = 1;
    int column = 1;
    if (offset > request->sql_length) {
        return;
    }
    for (size_t i = 0; i < offset; i++) {
        bool newline = request->sql[i] == '\n';
        bool inside = ((unsigned char)request->sql[i] & 0xC0) == 0x80;
        line += newline;
        column = newline ? 1 : column + !inside;
    }
    text_printf(out, " (line %d, column %d)", line, column);
}

/* near "X": syntax error */
static void explain_syntax(struct worker *worker, const char *rest, struct text *out)
{
    const char *end = strrchr(rest, '"');
    text_append(out, "the SQL cannot be understood at \"");
    text_append_bytes(out, rest, end != NULL ? (size_t)(end - rest) : strlen(rest));
    text_append_char(out, '"');
    append_place(worker, out);
    text_append(out, ": a syntax error there or just before");
}

static void explain_incomplete(struct worker *worker, const char *rest, struct text *out)
{
    (void)rest;
    worker->outcome->offset = worker->span.start + worker->span.length;
    text_append(out,
                "the SQL ends too early: a parenthesis, a quote or a word is missing "
                "at the end of the statement");
}

static void explain_token(struct worker *worker, const char *rest, struct text *out)
{
    text_append(out, "the SQL cannot be understood at \"");
    text_append_bytes(out, rest, strlen(rest) - (string_ends(rest, "\"") ? 1 : 0));
    text_append_char(out, '"');
    append_place(worker, out);
    text_append(out, ": a quote that is not closed, or a sign that SQL does not know");
}

static const struct explanation {
    const char *prefix; /* of SQLite's message */
    void (*explain)(struct worker *worker, const char *rest, struct text *out);
} explanations[] = {
    {"no such table: ", explain_table},
    {"no such column: ", explain_column},
    {"no such function: ", explain_function},
    {"unknown database ", explain_schema},
    {"unrecognized token: \"", explain_token},
    {"incomplete input", explain_incomplete},
    {"near \"", explain_syntax},
};

/* Where a name stands in the statement, for errors that come without a place. */
static size_t find_name(const struct worker *worker, const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot != NULL ? dot + 1 : name;
    size_t length = strlen(last);
    size_t end = worker->span.start + worker->span.length;
    struct sql_token token = {.start = worker->span.start};
    while (sql_next(worker->request->sql, end, token.start + token.length, &token)) {
        size_t quoted = token.length == length + 2;
        if ((token.length == length || quoted) && token.kind == SQL_NAME &&
            sqlite3_strnicmp(worker->request->sql + token.start + quoted, last,
                             (int)length) == 0) {
            return token.start;
        }
    }
    return SIZE_MAX;
}

void explain_error(struct worker *worker, struct outcome *outcome)
{
    struct text sentence = {0};
    char *message = string_copy(sqlite3_errmsg(worker->target));
    int code = sqlite3_errcode(worker->target) & 0xFF;
    int offset = sqlite3_error_offset(worker->target);
    outcome->offset = offset >= 0 ? worker->span.start + (size_t)offset : SIZE_MAX;
    if (worker->refusal.length > 0) {
        text_append(&sentence, worker->refusal.data);
        if (outcome->offset == SIZE_MAX && worker->refused_table.length > 0) {
            outcome->offset = find_name(worker, worker->refused_table.data);
        }
    } else if (code != SQLITE_ERROR) {
        store_failed(worker->target, &outcome->error);
        free(message);
        return;
    }
    for (size_t i = 0; i < sizeof explanations / sizeof explanations[0]; i++) {
        const struct explanation *one = &explanations[i];
        if (sentence.length == 0 && string_starts(message, one->prefix)) {
            const char *rest = message + strlen(one->prefix);
            if (outcome->offset == SIZE_MAX) {
                outcome->offset = find_name(worker, rest);
            }
            one->explain(worker, rest, &sentence);
        }
    }
    if (sentence.length == 0) {
        text_printf(&sentence, "SQLite refused the statement: %s", message);
    }
    error_set(&outcome->error, ERROR_FAILED, "%s", sentence.data);
    text_release(&sentence);
    free(message);
}
