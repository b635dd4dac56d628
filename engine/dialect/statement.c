/* dialect/statement: walks through a statement: expressions are read as such, tables get
 * their schema, everything else is copied. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* ---- Servers ---- */

static const struct {
    const char *type;
    enum dialect dialect;
} servers[] = {
    {"postgres", DIALECT_POSTGRES}, {"postgresql", DIALECT_POSTGRES},
    {"redshift", DIALECT_POSTGRES}, {"cockroachdb", DIALECT_POSTGRES},
    {"trino", DIALECT_POSTGRES},    {"presto", DIALECT_POSTGRES},
    {"athena", DIALECT_POSTGRES},   {"duckdb", DIALECT_DUCKDB},
    {"motherduck", DIALECT_DUCKDB}, {"local", DIALECT_DUCKDB},
    {"s3", DIALECT_DUCKDB},         {"gcs", DIALECT_DUCKDB},
    {"azure", DIALECT_DUCKDB},      {"sftp", DIALECT_DUCKDB},
    {"api", DIALECT_DUCKDB},        {"snowflake", DIALECT_DUCKDB},
    {"bigquery", DIALECT_DUCKDB},   {"databricks", DIALECT_DUCKDB},
    {"oracle", DIALECT_DUCKDB},     {"hive", DIALECT_DUCKDB},
    {"impala", DIALECT_DUCKDB},     {"clickhouse", DIALECT_DUCKDB},
    {"mysql", DIALECT_MYSQL},       {"mariadb", DIALECT_MYSQL},
};

enum dialect dialect_of_server(const char *type)
{
    for (size_t i = 0; type != NULL && i < sizeof servers / sizeof *servers; i++) {
        if (string_equal_fold(servers[i].type, type)) {
            return servers[i].dialect;
        }
    }
    return DIALECT_SQLITE;
}

/* ---- Tables ---- */

static bool is_cte_name(const struct reader *reader, const char *name)
{
    for (size_t i = 0; i < reader->ctes.count; i++) {
        if (string_equal_fold(*(char **)array_at(&reader->ctes, i), name)) {
            return true;
        }
    }
    return false;
}

static bool has_alias(const struct reader *reader)
{
    return reader_is(reader, 0, "AS") || reader_is_name(reader, 0);
}

static void append_table(struct reader *reader, struct text *out, const char *table,
                         const char *written)
{
    sql_append_name(out, reader->spec->schema);
    text_append_char(out, '.');
    sql_append_name(out, table);
    if (!string_equal_fold(table, written) && !has_alias(reader)) {
        text_append(out, " AS ");
        sql_append_name(out, written);
    }
}

/* a, a.b or a.b.c where a table stands; false: it is none of ours, and stays. */
static bool read_table(struct reader *reader, struct text *out)
{
    const struct dialect_spec *spec = reader->spec;
    size_t parts = 1;
    while (reader_is(reader, parts * 2 - 1, ".") && reader_is_name(reader, parts * 2)) {
        parts++;
    }
    size_t behind = parts * 2 - 1;
    if (spec->schema == NULL || spec->find_table == NULL || !reader_is_name(reader, 0) ||
        reader_is(reader, behind, "(")) {
        return false;
    }
    char *name = reader_name(reader, behind - 1);
    const char *table = parts == 1 && is_cte_name(reader, name)
                            ? NULL
                            : spec->find_table(spec->owner, name);
    if (table != NULL) {
        reader_gap(reader, out);
        reader->at += behind;
        append_table(reader, out, table, name);
    }
    free(name);
    return table != NULL;
}

/* ---- Regions ---- */

struct walk {
    bool in_from, wants_table;
    size_t expressions, others;
};

/* IS DISTINCT FROM x is no table. */
static bool starts_tables(const struct reader *reader)
{
    const struct sql_token *before =
        reader->at > 0 ? array_at(&reader->tokens, reader->at - 1) : NULL;
    bool distinct = before != NULL && before->length == strlen("DISTINCT") &&
                    strncasecmp(reader->sql + before->start, "DISTINCT", 8) == 0;
    return reader_is(reader, 0, "JOIN") || (reader_is(reader, 0, "FROM") && !distinct);
}

static bool ends_tables(const struct reader *reader)
{
    static const char *const words[] = {"SELECT", "WHERE",     "GROUP",  "ORDER",
                                        "HAVING", "LIMIT",     "WINDOW", "UNION",
                                        "EXCEPT", "INTERSECT", "ON",     "USING"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (reader_is(reader, 0, words[i])) {
            return true;
        }
    }
    return false;
}

static void note_word(struct reader *reader, struct walk *walk)
{
    if (starts_tables(reader)) {
        walk->in_from = walk->wants_table = true;
    } else if (ends_tables(reader)) {
        bool joins = reader_is(reader, 0, "ON") || reader_is(reader, 0, "USING");
        walk->in_from = walk->in_from && joins;
        walk->wants_table = false;
    } else if (reader_is(reader, 0, ",")) {
        walk->wants_table = walk->in_from;
    }
}

static void walk_on(struct reader *reader, struct walk *walk, struct text *out,
                    struct node *only)
{
    struct node node = {0};
    if (walk->wants_table && read_table(reader, out)) {
        walk->wants_table = false;
        walk->others++;
        return;
    }
    if (starts_expression(reader)) {
        reader_gap(reader, out);
        read_expression(reader, &node);
        text_append_bytes(out, text_string(&node.text), node.text.length);
        walk->expressions++;
        walk->wants_table = false;
        text_release(&node.text);
        *only = node;
        return;
    }
    note_word(reader, walk);
    reader_copy(reader, out);
    walk->others++;
}

void read_region(struct reader *reader, struct text *out, struct node *only,
                 bool is_argument)
{
    struct walk walk = {0};
    struct node last = {0};
    if (!reader_enter(reader)) {
        return;
    }
    while (reader_token(reader, 0) != NULL && !reader_is(reader, 0, ")") &&
           !(is_argument && reader_is(reader, 0, ",") && !walk.in_from)) {
        walk_on(reader, &walk, out, &last);
    }
    if (only != NULL) {
        *only = walk.expressions == 1 && walk.others == 0 ? last : (struct node){0};
    }
    reader->depth--;
}

bool dialect_translate(const struct dialect_spec *spec, const char *sql, struct text *out,
                       struct error *err)
{
    struct reader reader = {.spec = spec, .err = err};
    if (reader_open(&reader, sql)) {
        read_region(&reader, out, NULL, false);
        while (reader_token(&reader, 0) != NULL) { /* a `)` too many: SQLite tells */
            reader_copy(&reader, out);
        }
    }
    reader_release(&reader);
    return !reader.failed;
}
