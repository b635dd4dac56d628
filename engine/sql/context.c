/* sql/context: what may stand at the cursor, for completion.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "engine/sql/tables.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void drop_source(void *owner, struct sql_source *source)
{
    (void)owner;
    free(source->schema);
    free(source->table);
    free(source->alias);
}

static bool is_word(const struct sql_token *token)
{
    return token->kind == SQL_NAME || token->kind == SQL_KEYWORD;
}

/* Where the word at the cursor starts: SIZE_MAX inside of a string or comment. */
static size_t start_of_word(const char *sql, const struct sql_token *token, size_t cursor)
{
    if (sql_token_end(token) < cursor) {
        return cursor;
    }
    char first = sql[token->start];
    if (token->kind == SQL_BROKEN && (first == '"' || first == '[' || first == '`')) {
        return token->start + 1;
    }
    if (token->kind == SQL_STRING || token->kind == SQL_BROKEN ||
        (token->kind == SQL_COMMENT && (first == '-' || sql_token_end(token) > cursor))) {
        return SIZE_MAX;
    }
    bool typed =
        (is_word(token) && strchr("\"[`", first) == NULL) || token->kind == SQL_PARAMETER;
    return typed ? token->start : cursor;
}

/* The name before the dot that stands before the word. */
struct trail {
    struct sql_token before, last; /* the two significant tokens before the word */
};

static char *qualifier_of(const char *sql, const struct trail *trail)
{
    bool dotted = trail->last.length > 0 && sql_token_is(sql, &trail->last, ".");
    bool named = trail->before.length > 0 &&
                 (is_word(&trail->before) || trail->before.kind == SQL_STRING);
    return dotted && named ? sql_token_name(sql, &trail->before) : NULL;
}

void sql_context_at(const char *sql, size_t length, size_t cursor,
                    struct sql_context *out)
{
    struct sql_walk walk = {
        .sql = sql, .levels = ARRAY_OF(enum sql_place), .report = drop_source};
    struct trail trail = {0};
    struct sql_token token = {0};
    cursor = cursor < length ? cursor : length;
    *out = (struct sql_context){.word_start = cursor};
    while (sql_next(sql, cursor, sql_token_end(&token), &token)) {
        if (sql_token_end(&token) >= cursor) {
            out->word_start = start_of_word(sql, &token, cursor);
            if (out->word_start != cursor) {
                break;
            }
        }
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT) {
            sql_walk_token(&walk, &token);
            trail = (struct trail){trail.last, token};
        }
    }
    if (out->word_start == SIZE_MAX) {
        out->word_start = cursor;
    } else {
        out->qualifier = qualifier_of(sql, &trail);
        if (walk.place == PLACE_EXPECT || walk.place == PLACE_EXPECT_IN ||
            walk.place == PLACE_DOTTED) {
            out->expectation = SQL_EXPECT_TABLE;
        } else if (out->qualifier != NULL) {
            out->expectation = SQL_EXPECT_COLUMN_OF;
        }
    }
    sql_walk_end(&walk);
}

void sql_context_release(struct sql_context *context)
{
    free(context->qualifier);
    *context = (struct sql_context){0};
}
