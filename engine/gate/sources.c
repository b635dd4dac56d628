/* gate/sources: the tables of a statement that counts. Each has to be a table: what a
 * view reads is not seen here.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/gate/private.h"

#include <stdlib.h>

#include "engine/store.h"

/* ---- In the database ---- */

static bool is_table_in(const struct shape *shape, const char *schema, const char *table)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*) FROM ");
    store_quote_name(&sql, schema);
    text_append(&sql, ".sqlite_schema WHERE type='table' AND rootpage>0 AND name=?1 "
                      "COLLATE NOCASE");
    bool is = store_number(shape->asked->db, 0, text_string(&sql), "s", table) == 1;
    text_release(&sql);
    return is;
}

static bool is_there(const struct shape *shape, const char *schema, const char *table)
{
    struct text sql = {0};
    text_append(&sql, "SELECT count(*) FROM ");
    store_quote_name(&sql, schema);
    text_append(&sql, ".sqlite_schema WHERE name=?1 COLLATE NOCASE");
    bool is = store_number(shape->asked->db, 0, text_string(&sql), "s", table) > 0;
    text_release(&sql);
    return is;
}

static void read_columns(struct shape *shape, struct shape_source *source)
{
    sqlite3_stmt *stmt = store_prepare(
        shape->asked->db, "SELECT name FROM pragma_table_xinfo(?1,?2)", NULL);
    if (stmt != NULL) {
        store_bind(stmt, "ss", source->table, source->schema);
    }
    while (stmt != NULL && store_step(stmt, NULL) == STORE_ROW) {
        *(char **)array_push(&shape->columns) = store_text_copy(stmt, 0);
        source->has_rowid_column |= string_equal_fold(store_text(stmt, 0), "rowid");
    }
    store_finish(stmt);
    struct text sql = {0};
    text_append(&sql, "SELECT rowid FROM ");
    store_quote_name(&sql, source->schema);
    text_append(&sql, ".");
    store_quote_name(&sql, source->table);
    stmt = store_prepare(shape->asked->db, text_string(&sql), NULL);
    source->has_rowid_column |= stmt == NULL; /* WITHOUT ROWID */
    store_finish(stmt);
    text_release(&sql);
}

bool shape_has_column(const struct shape *shape, const char *name)
{
    static const char *const rows[] = {"rowid", "oid", "_rowid_"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (string_equal_fold(rows[i], name)) {
            return true;
        }
    }
    for (size_t i = 0; i < shape->columns.count; i++) {
        if (string_equal_fold(*(char **)array_at(&shape->columns, i), name)) {
            return true;
        }
    }
    return false;
}

/* A name without a schema is one of temp or main; a product is always named here. */
static bool find_table(struct shape *shape, struct shape_source *source,
                       struct error *err)
{
    if (source->schema == NULL) {
        bool is_temp = is_there(shape, "temp", source->table);
        source->schema = string_copy(is_temp ? "temp" : "main");
    }
    if (!is_table_in(shape, source->schema, source->table)) {
        return shape_refuse(shape, err,
                            "%s.%s is no table that is known by this name; write "
                            "PRODUCT.TABLE instead of a view",
                            source->schema, source->table);
    }
    for (size_t i = 0; i < shape->asked->groups->count; i++) {
        const struct gate_group *group = array_at(shape->asked->groups, i);
        if (string_equal_fold(group->schema, source->schema) &&
            string_equal_fold(group->table, source->table)) {
            source->at_least = group->at_least;
        }
    }
    bool is_own = string_equal_fold(source->schema, "main") ||
                  string_equal_fold(source->schema, "temp");
    if (is_own && source->at_least == 0) {
        return shape_refuse(shape, err,
                            "%s is a table of your own, which could mark single rows; "
                            "join products only",
                            source->table);
    }
    read_columns(shape, source);
    return true;
}

/* ---- FROM ---- */

static bool is_join_word(const struct shape *shape, size_t index)
{
    static const char *const words[] = {",",    "JOIN",  "NATURAL", "LEFT", "RIGHT",
                                        "FULL", "INNER", "CROSS",   "OUTER"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (shape_is(shape, index, words[i])) {
            return true;
        }
    }
    return false;
}

static size_t read_alias(struct shape *shape, size_t at, struct shape_source *source)
{
    bool has_as = shape_is(shape, at, "AS");
    const struct shape_word *word = shape_word_at(shape, at + has_as);
    if (at + has_as < shape->from.to && word->kind == SQL_NAME) {
        source->name = shape_name(word);
        return at + has_as + 1;
    }
    source->name = string_copy(source->table);
    return at + has_as;
}

/* [SCHEMA.]TABLE [[AS] NAME]; gives the place behind it, 0 when there is none. */
static size_t read_source(struct shape *shape, size_t at, struct error *err)
{
    struct shape_source *source = array_push(&shape->sources);
    const struct shape_word *first = shape_word_at(shape, at);
    bool is_qualified = shape_is(shape, at + 1, ".");
    const struct shape_word *second = shape_word_at(shape, at + 2);
    if (first->kind != SQL_NAME || (is_qualified && second->kind != SQL_NAME) ||
        at + (is_qualified ? 3 : 1) > shape->from.to) {
        shape_refuse(shape, err, "one of its tables is not named");
        return 0;
    }
    source->schema = is_qualified ? shape_name(first) : NULL;
    source->table = shape_name(is_qualified ? second : first);
    at = read_alias(shape, at + (is_qualified ? 3 : 1), source);
    for (size_t i = 0; i + 1 < shape->sources.count; i++) {
        const struct shape_source *other = array_at(&shape->sources, i);
        if (string_equal_fold(other->name, source->name)) {
            shape_refuse(shape, err, "two of its tables are called %s", source->name);
            return 0;
        }
    }
    return find_table(shape, source, err) ? at : 0;
}

/* ON EXPRESSION, USING (NAMES), or nothing; gives the place behind it. */
static size_t read_condition(struct shape *shape, size_t at, struct error *err)
{
    size_t end = at;
    int depth = 0;
    while (end < shape->from.to && (depth > 0 || !is_join_word(shape, end))) {
        depth += shape_is(shape, end, "(") - shape_is(shape, end, ")");
        end++;
    }
    if (end == at) {
        return end;
    }
    bool is_on = shape_is(shape, at, "ON");
    if (!is_on && !(shape_is(shape, at, "USING") && shape_is(shape, at + 1, "("))) {
        shape_refuse(shape, err, "its tables are not joined by ON or USING");
        return 0;
    }
    struct shape_range range = {at + 1, end};
    return shape_check_row(shape, range, err) ? end : 0;
}

static bool has_all(const struct shape *shape, struct error *err)
{
    for (size_t i = 0; i < shape->asked->groups->count; i++) {
        const struct gate_group *group = array_at(shape->asked->groups, i);
        bool is_here = false;
        for (size_t k = 0; k < shape->sources.count; k++) {
            const struct shape_source *source = array_at(&shape->sources, k);
            is_here = is_here || (string_equal_fold(group->schema, source->schema) &&
                                  string_equal_fold(group->table, source->table));
        }
        if (!is_here || group->is_inside) {
            return shape_refuse(shape, err,
                                "%s.%s is not one of the tables that it names in FROM",
                                group->schema, group->table);
        }
    }
    return true;
}

bool shape_read_sources(struct shape *shape, struct error *err)
{
    size_t at = shape->from.from;
    while (at < shape->from.to) {
        while (shape->sources.count > 0 && is_join_word(shape, at)) {
            at++;
        }
        at = read_source(shape, at, err);
        at = at != 0 ? read_condition(shape, at, err) : 0;
        if (at == 0) {
            return false;
        }
    }
    for (size_t i = 0; i < shape->sources.count; i++) {
        const struct shape_source *source = array_at(&shape->sources, i);
        if (source->at_least > 0 && shape->sources.count > 1 &&
            source->has_rowid_column) {
            return shape_refuse(shape, err,
                                "the rows of %s cannot be told apart in a join",
                                source->name);
        }
    }
    return has_all(shape, err);
}
