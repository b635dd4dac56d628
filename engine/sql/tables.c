/* sql/tables: the tables of a statement with their schemas and aliases, token by token.
 * Not a parser: it knows the words behind which tables stand and follows parentheses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql/tables.h"

#include <stdlib.h>
#include <string.h>

static bool is_word_of(const struct sql_walk *walk, const struct sql_token *token,
                       const char *const *words)
{
    if (token->kind != SQL_KEYWORD) {
        return false;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (sql_token_is(walk->sql, token, words[i])) {
            return true;
        }
    }
    return false;
}

static enum sql_place place_behind(const struct sql_walk *walk)
{
    return walk->in_list ? PLACE_AFTER : PLACE_ELSEWHERE;
}

static void finish_table(struct sql_walk *walk)
{
    if (walk->place < PLACE_NAMED) {
        return;
    }
    walk->place = place_behind(walk);
    walk->report(walk->owner, &walk->found);
    walk->found = (struct sql_source){0};
}

static void push_level(struct sql_walk *walk, enum sql_place back, enum sql_place inside)
{
    *(enum sql_place *)array_push(&walk->levels) = back;
    walk->place = inside;
}

static void open_parenthesis(struct sql_walk *walk)
{
    finish_table(walk);
    if (walk->place == PLACE_EXPECT) {
        push_level(walk, place_behind(walk), PLACE_EXPECT);
    } else if (walk->place == PLACE_EXPECT_IN) {
        push_level(walk, place_behind(walk), PLACE_ELSEWHERE);
    } else {
        push_level(walk, walk->place, PLACE_ELSEWHERE);
    }
}

static void close_parenthesis(struct sql_walk *walk)
{
    finish_table(walk);
    walk->place = PLACE_ELSEWHERE;
    if (walk->levels.count > 0) {
        size_t top = walk->levels.count - 1;
        walk->place = *(enum sql_place *)array_at(&walk->levels, top);
        array_remove(&walk->levels, top);
    }
}

/* A word that opens a place for tables. */
static bool open_place(struct sql_walk *walk, const struct sql_token *token)
{
    static const char *const lists[] = {"FROM", "JOIN", NULL};
    static const char *const singles[] = {"INTO", "UPDATE", "TABLE", NULL};
    static const char *const in[] = {"IN", NULL};
    static const char *const distinct[] = {"DISTINCT", NULL};
    static const char *const pragma[] = {"PRAGMA", NULL};
    bool list =
        is_word_of(walk, token, lists) && !is_word_of(walk, &walk->last, distinct);
    bool first = walk->last.length == 0;
    if (is_word_of(walk, token, in)) {
        walk->in_list = walk->place == PLACE_AFTER;
        walk->place = PLACE_EXPECT_IN;
        return true;
    }
    if (list || is_word_of(walk, token, singles) ||
        (first && is_word_of(walk, token, pragma))) {
        walk->in_list = list;
        walk->place = PLACE_EXPECT;
        return true;
    }
    return false;
}

static void start_name(struct sql_walk *walk, const struct sql_token *token)
{
    walk->found.table = sql_token_name(walk->sql, token);
    walk->place = PLACE_NAMED;
}

/* A table is expected: a name, or a word that stands before it, or no table after all. */
static void expect_table(struct sql_walk *walk, const struct sql_token *token)
{
    static const char *const between[] = {"OR",     "ROLLBACK", "ABORT", "REPLACE",
                                          "FAIL",   "IGNORE",   "IF",    "NOT",
                                          "EXISTS", NULL};
    static const char *const others[] = {"SELECT", "VALUES", "WITH",  "SET", "ON",
                                         "OF",     "WHERE",  "GROUP", NULL};
    if (is_word_of(walk, token, between)) {
        return;
    }
    bool name = token->kind == SQL_NAME || token->kind == SQL_STRING ||
                token->kind == SQL_KEYWORD;
    if (name && !is_word_of(walk, token, others)) {
        start_name(walk, token);
    } else {
        walk->place = PLACE_ELSEWHERE;
    }
}

static void behind_table(struct sql_walk *walk, const struct sql_token *token)
{
    static const char *const ends[] = {
        "WHERE",  "GROUP",     "ORDER",  "HAVING", "LIMIT",  "WINDOW",    "UNION",
        "EXCEPT", "INTERSECT", "SELECT", "SET",    "VALUES", "RETURNING", NULL};
    if (sql_token_is(walk->sql, token, ",")) {
        walk->in_list = true;
        walk->place = PLACE_EXPECT;
    } else if (is_word_of(walk, token, ends)) {
        walk->place = PLACE_ELSEWHERE;
    }
}

/* Inside a table's name and alias. False: the token belongs to what follows. */
static bool continue_table(struct sql_walk *walk, const struct sql_token *token)
{
    static const char *const as[] = {"AS", NULL};
    static const char *const queries[] = {"SELECT", "VALUES", "WITH", NULL};
    bool word = token->kind == SQL_NAME || token->kind == SQL_STRING;
    bool any = word || token->kind == SQL_KEYWORD;
    if (walk->place == PLACE_NAMED && sql_token_is(walk->sql, token, ".")) {
        walk->found.schema = walk->found.table;
        walk->found.table = NULL;
        walk->place = PLACE_DOTTED;
        return true;
    }
    if (walk->place == PLACE_DOTTED && any) {
        walk->found.table = sql_token_name(walk->sql, token);
        walk->place = PLACE_ALIAS;
        return true;
    }
    if (walk->place != PLACE_ALIAS_AS && walk->place != PLACE_DOTTED &&
        is_word_of(walk, token, as)) {
        walk->place = PLACE_ALIAS_AS;
        return true;
    }
    bool alias = walk->place == PLACE_ALIAS_AS ? any && !is_word_of(walk, token, queries)
                                               : word && walk->place != PLACE_DOTTED;
    if (alias) {
        walk->found.alias = sql_token_name(walk->sql, token);
        finish_table(walk);
        return true;
    }
    finish_table(walk);
    return false;
}

void sql_walk_token(struct sql_walk *walk, const struct sql_token *token)
{
    bool done = walk->place >= PLACE_NAMED && continue_table(walk, token);
    if (done) {
        walk->last = *token;
        return;
    }
    if (sql_token_is(walk->sql, token, "(")) {
        open_parenthesis(walk);
    } else if (sql_token_is(walk->sql, token, ")")) {
        close_parenthesis(walk);
    } else if (token->kind == SQL_SEMICOLON) {
        array_clear(&walk->levels);
        walk->place = PLACE_ELSEWHERE;
        *walk = (struct sql_walk){.sql = walk->sql,
                                  .levels = walk->levels,
                                  .report = walk->report,
                                  .owner = walk->owner};
        return;
    } else if (!open_place(walk, token)) {
        if (walk->place == PLACE_EXPECT || walk->place == PLACE_EXPECT_IN) {
            expect_table(walk, token);
        } else if (walk->place == PLACE_AFTER) {
            behind_table(walk, token);
        }
    }
    walk->last = *token;
}

void sql_walk_end(struct sql_walk *walk)
{
    finish_table(walk);
    array_release(&walk->levels);
}

void sql_walk_text(struct sql_walk *walk, size_t length)
{
    struct sql_token token = {0};
    while (sql_next_significant(walk->sql, length, sql_token_end(&token), &token)) {
        sql_walk_token(walk, &token);
    }
}

static void keep_source(void *owner, struct sql_source *source)
{
    *(struct sql_source *)array_push(owner) = *source;
}

struct array sql_sources(const char *sql, size_t length)
{
    struct array sources = ARRAY_OF(struct sql_source);
    struct sql_walk walk = {.sql = sql,
                            .levels = ARRAY_OF(enum sql_place),
                            .report = keep_source,
                            .owner = &sources};
    sql_walk_text(&walk, length);
    sql_walk_end(&walk);
    return sources;
}

void sql_sources_release(struct array *sources)
{
    for (size_t i = 0; i < sources->count; i++) {
        struct sql_source *source = array_at(sources, i);
        free(source->schema);
        free(source->table);
        free(source->alias);
    }
    array_release(sources);
}
