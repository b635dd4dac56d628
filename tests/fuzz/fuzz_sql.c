/* fuzz_sql: any bytes through the tokenizer, the splitter and the names. Tokens must
 * cover the text, spans lie in order, and where SQLite itself compiles the first
 * statement it must end where the splitter says. SPDX-License-Identifier:
 * GPL-3.0-or-later */
#include "config.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_tokens(const char *sql, size_t length)
{
    struct sql_token token = {0};
    size_t covered = 0;
    while (sql_next(sql, length, covered, &token)) {
        must(token.start == covered && token.length > 0);
        covered += token.length;
    }
    must(covered == length);
}

static void check_spans(const char *sql, size_t length)
{
    struct array spans = sql_split(sql, length);
    size_t behind = 0;
    for (size_t i = 0; i < spans.count; i++) {
        const struct sql_span *span = array_at(&spans, i);
        struct sql_span at;
        must(span->length > 0 && span->start >= behind);
        behind = span->start + span->length;
        must(behind <= length);
        must(sql_statement_at(sql, length, span->start, &at));
        must(at.length > 0);
        sql_is_select(sql + span->start, span->length);
    }
    array_release(&spans);
    sql_is_complete(sql, length);
}

/* The map of a text that was another one before answers as a reading of all does. */
static void check_map(const char *sql, size_t length)
{
    struct sql_map *map = sql_map_new();
    size_t cursor = length > 0 ? (unsigned char)sql[0] * length / 256 : 0;
    size_t here, there;
    struct sql_span a = {0}, b = {0};
    sql_map_update(map, sql + length / 3, length - length / 3);
    sql_map_update(map, sql, length / 2);
    sql_map_update(map, sql, length);
    bool found = sql_statement_at(sql, length, cursor, &a);
    must(sql_map_statement_at(map, cursor, &b) == found);
    must(!found || (a.start == b.start && a.length == b.length && a.closed == b.closed));
    struct array spans = sql_split(sql, length);
    must(spans.count == sql_map_statements(map));
    array_release(&spans);
    if (sql_map_parentheses(map, cursor, &here, &there)) {
        must(here < length && (there == SIZE_MAX || there < length));
    }
    sql_map_free(map);
}

static void check_names(const char *sql, size_t length)
{
    char *schema;
    char *table;
    struct sql_context context;
    struct array names = sql_schemas(sql, length);
    sql_names_release(&names);
    names = sql_parameters(sql, length);
    sql_names_release(&names);
    struct array sources = sql_sources(sql, length);
    sql_sources_release(&sources);
    sql_context_at(sql, length, length / 2, &context);
    must(context.word_start <= length / 2);
    sql_context_release(&context);
    must(sql_is_whole_table(sql, length, &schema, &table) == (schema != NULL));
    free(schema);
    free(table);
}

/* Nothing but blanks, comments and `;` from `from` to `end`? */
static bool is_gap(const char *sql, size_t from, size_t end)
{
    struct sql_token token = {.start = from};
    while (sql_next(sql, end, token.start + token.length, &token)) {
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT &&
            token.kind != SQL_SEMICOLON) {
            return false;
        }
    }
    return true;
}

static void compare_with_sqlite(const char *sql, size_t length)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *stmt = NULL;
    const char *tail = sql;
    struct array spans = sql_split(sql, length);
    const struct sql_span *first = array_at(&spans, 0);
    must(sqlite3_open(":memory:", &db) == SQLITE_OK);
    sqlite3_exec(db, "CREATE TABLE t(a, b); CREATE TABLE u(c)", NULL, NULL, NULL);
    int status = sqlite3_prepare_v2(db, sql, (int)length, &stmt, &tail);
    if (status == SQLITE_OK && stmt != NULL && first != NULL && first->closed) {
        size_t end = (size_t)(tail - sql);
        must(end > first->start + first->length && sql[end - 1] == ';');
        must(is_gap(sql, first->start + first->length, end));
    }
    sqlite3_finalize(stmt);
    sqlite3_close(db);
    array_release(&spans);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *sql = string_copy_bytes((const char *)data, size);
    check_tokens(sql, size);
    check_spans(sql, size);
    check_map(sql, size);
    check_names(sql, size);
    if (memchr(sql, '\0', size) == NULL) {
        compare_with_sqlite(sql, size);
    }
    free(sql);
    return 0;
}
