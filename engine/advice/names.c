/* advice/names: which columns the names in a part of a statement mean.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

bool names_next(const char *sql, size_t end, size_t at, struct sql_token *token)
{
    while (sql_next(sql, end, at, token)) {
        if (token->kind != SQL_SPACE && token->kind != SQL_COMMENT) {
            return true;
        }
        at = token->start + token->length;
    }
    return false;
}

bool names_is(const char *sql, const struct sql_token *token, const char *word)
{
    return token->length == strlen(word) &&
           sqlite3_strnicmp(sql + token->start, word, (int)token->length) == 0;
}

size_t names_query_at(const struct scope *scope, size_t at)
{
    size_t found = SCOPE_NONE, length = SIZE_MAX;
    for (size_t i = 0; i < scope_query_count(scope); i++) {
        const struct scope_part *text = &scope_query(scope, i)->text;
        if (at >= text->start && at < text->start + text->length &&
            text->length < length) {
            found = i;
            length = text->length;
        }
    }
    return found;
}

/* Names of tables, and what a function that gives rows is called. */
static bool is_table_name(const struct scope *scope, size_t at)
{
    for (size_t q = 0; q < scope_query_count(scope); q++) {
        const struct scope_query *query = scope_query(scope, q);
        for (size_t s = 0; s < query->sources.count; s++) {
            const struct scope_source *source = array_at(&query->sources, s);
            if (source->kind != SCOPE_SUBQUERY && at >= source->name.start &&
                at < source->name.start + source->name.length) {
                return true;
            }
        }
    }
    return false;
}

/* The source that is called so, of the query or one whose sources it sees. */
static bool find_called(struct scope *scope, const char *qualifier, struct name *name)
{
    for (size_t q = name->within; q != SCOPE_NONE;) {
        const struct scope_query *query = scope_query(scope, q);
        for (size_t s = 0; s < query->sources.count; s++) {
            if (string_equal_fold(scope_source_name(array_at(&query->sources, s)),
                                  qualifier)) {
                name->query = q;
                name->source = s;
                name->is_unknown = true;
                return true;
            }
        }
        q = query->sees_outer ? query->outer : SCOPE_NONE;
    }
    return false;
}

static void resolve(struct scope *scope, const char *qualifier, struct name *name)
{
    struct scope_meaning meaning;
    name->query = name->source = SCOPE_NONE;
    if (name->within == SCOPE_NONE) {
        name->is_lost = true;
    } else if (scope_find_column(scope, name->within, qualifier, name->column,
                                 &meaning)) {
        name->query = meaning.query;
        name->source = meaning.source;
        name->is_lost = meaning.is_unsure && qualifier == NULL;
    } else {
        name->is_lost = qualifier == NULL || !find_called(scope, qualifier, name);
    }
}

struct chain {
    struct sql_token words[3]; /* schema, table, column: the last ones */
    size_t count;
};

static void push_word(struct chain *chain, const struct sql_token *token)
{
    if (chain->count == 3) {
        memmove(chain->words, chain->words + 1, 2 * sizeof chain->words[0]);
        chain->count--;
    }
    chain->words[chain->count++] = *token;
}

/* `a.b.c` from its first word on; what follows is left in *next. */
static void read_chain(const char *sql, size_t end, struct sql_token *next,
                       struct chain *chain, bool *is_more)
{
    push_word(chain, next);
    for (;;) {
        *is_more = names_next(sql, end, next->start + next->length, next);
        if (!*is_more || sql[next->start] != '.') {
            return;
        }
        *is_more = names_next(sql, end, next->start + next->length, next);
        if (!*is_more || (next->kind != SQL_NAME && next->kind != SQL_KEYWORD)) {
            return;
        }
        push_word(chain, next);
    }
}

static char *word_of(const char *sql, const struct sql_token *token)
{
    return scope_unquote(sql + token->start, token->length);
}

static void add_name(struct scope *scope, const char *sql, const struct chain *chain,
                     struct array *names)
{
    const struct sql_token *last = &chain->words[chain->count - 1];
    char *qualifier =
        chain->count > 1 ? word_of(sql, &chain->words[chain->count - 2]) : NULL;
    struct name name = {.start = last->start,
                        .length = last->length,
                        .column = word_of(sql, last),
                        .within = names_query_at(scope, last->start)};
    resolve(scope, qualifier, &name);
    bool is_word = last->kind == SQL_KEYWORD && chain->count == 1;
    if (is_word && (name.is_lost || name.query == SCOPE_NONE)) {
        free(name.column); /* a word of SQL, and no column is called so */
    } else {
        *(struct name *)array_push(names) = name;
    }
    free(qualifier);
}

struct array names_read(struct scope *scope, const char *sql, struct scope_part part)
{
    struct array names = ARRAY_OF(struct name);
    size_t end = part.start + part.length;
    struct sql_token token;
    bool is_alias = false; /* AS stood before it */
    bool is_more = names_next(sql, end, part.start, &token);
    while (is_more) {
        bool is_name = token.kind == SQL_NAME || token.kind == SQL_KEYWORD;
        bool was_alias = is_alias;
        is_alias = names_is(sql, &token, "AS") || names_is(sql, &token, "COLLATE");
        if (!is_name || is_alias) {
            is_more = names_next(sql, end, token.start + token.length, &token);
            continue;
        }
        struct chain chain = {0};
        read_chain(sql, end, &token, &chain, &is_more);
        bool is_call = is_more && sql[token.start] == '(' && chain.count == 1;
        if (!is_call && !was_alias && !is_table_name(scope, chain.words[0].start)) {
            add_name(scope, sql, &chain, &names);
        }
    }
    return names;
}

void names_release(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(((struct name *)array_at(names, i))->column);
    }
    array_release(names);
}
