/* scope/words: tokens of the statement, and the word at the cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/private.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool scope_is(const struct scope *scope, const struct sql_token *token, const char *word)
{
    return token != NULL && strlen(word) == token->length &&
           strncasecmp(scope->sql + token->start, word, token->length) == 0;
}

bool scope_is_among(const struct scope *scope, const struct sql_token *token,
                    const char *words)
{
    char word[24];
    if (token == NULL || token->kind != SQL_KEYWORD || token->length + 3 > sizeof word) {
        return false;
    }
    word[0] = ' ';
    for (size_t i = 0; i < token->length; i++) {
        word[i + 1] = (char)toupper((unsigned char)scope->sql[token->start + i]);
    }
    memcpy(word + token->length + 1, " ", 2);
    return strstr(words, word) != NULL;
}

bool scope_is_name(const struct sql_token *token)
{
    return token != NULL && (token->kind == SQL_NAME || token->kind == SQL_KEYWORD ||
                             token->kind == SQL_STRING);
}

char *scope_unquote(const char *word, size_t length)
{
    char quote = length > 0 && word[0] == '[' ? ']' : word[0];
    if (length < 2 || quote == '\0' || strchr("'\"`]", quote) == NULL) {
        return string_copy_bytes(word, length);
    }
    struct text name = {0};
    bool is_closed = word[length - 1] == quote;
    for (size_t i = 1; i + is_closed < length; i++) {
        text_append_char(&name, word[i]);
        i += word[i] == quote && i + 1 < length && word[i + 1] == quote;
    }
    char *taken = text_take(&name);
    return taken != NULL ? taken : string_copy("");
}

char *scope_name_of(const struct scope *scope, const struct sql_token *token)
{
    return scope_unquote(scope->sql + token->start, token->length);
}

/* `*` is an operand where nothing could be multiplied. */
static bool star_is_operand(const struct scope *scope, size_t index)
{
    const struct sql_token *before = index > 0 ? scope_token(scope, index - 1) : NULL;
    return before == NULL || scope_is(scope, before, ",") ||
           scope_is(scope, before, "(") || scope_is(scope, before, ".") ||
           scope_is_among(scope, before, " SELECT DISTINCT ALL ");
}

bool scope_is_operand(const struct scope *scope, size_t index)
{
    const struct sql_token *token = scope_token(scope, index);
    switch (token->kind) {
    case SQL_NAME:
    case SQL_STRING:
    case SQL_BLOB:
    case SQL_NUMBER:
    case SQL_PARAMETER:
        return true;
    case SQL_KEYWORD:
        return scope_is_among(scope, token,
                              " END NULL CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP "
                              "ISNULL NOTNULL ASC DESC FIRST LAST ");
    case SQL_OPERATOR:
        return scope_is(scope, token, ")") ||
               (scope_is(scope, token, "*") && star_is_operand(scope, index));
    default:
        return false;
    }
}

/* ---- The word at the cursor ---- */

/* A quote that the cursor stands in: is it open there, so that what follows is not part
 * of it? A closed one with a blank behind the cursor most likely was opened by another.
 */
static bool is_open_at(const struct scope *scope, const struct sql_token *token,
                       size_t cursor)
{
    size_t left = scope_end(token) - cursor;
    return token->kind == SQL_BROKEN || memchr(scope->sql + cursor, ' ', left) != NULL ||
           memchr(scope->sql + cursor, '\n', left) != NULL;
}

static bool is_bare(const struct scope *scope, const struct sql_token *token)
{
    char first = scope->sql[token->start];
    bool sign = token->kind == SQL_BROKEN && token->length == 1 &&
                strchr(":@$", first) != NULL && first != '\0';
    return sign || token->kind == SQL_PARAMETER || token->kind == SQL_KEYWORD ||
           (token->kind == SQL_NAME && strchr("\"`[", first) == NULL);
}

/* What the token that the cursor stands in or directly behind is; shortens an open
 * quote. */
static void look_at_word(struct scope *scope, struct sql_token *token, size_t cursor)
{
    struct scope_place *place = &scope->place;
    char first = scope->sql[token->start];
    bool within = cursor < scope_end(token) || token->kind == SQL_BROKEN;
    bool quoted = strchr("'\"`[", first) != NULL && first != '\0';
    if (token->kind == SQL_COMMENT || (first == '/' && token->kind == SQL_BROKEN)) {
        bool line = first == '-';
        place->expects = within || line ? SCOPE_EXPECTS_NOTHING : place->expects;
    } else if (token->kind == SQL_NUMBER || token->kind == SQL_BLOB) {
        place->expects = SCOPE_EXPECTS_NOTHING;
    } else if (quoted && within) {
        place->quote = first;
        place->word_start = token->start + 1;
        if (is_open_at(scope, token, cursor)) {
            token->length = cursor - token->start;
        }
    } else if (is_bare(scope, token)) {
        place->word_start = token->start;
    }
}

size_t scope_cut(struct scope *scope, size_t cursor)
{
    struct sql_token token = {0};
    size_t found = SCOPE_NONE;
    cursor = cursor < scope->length ? cursor : scope->length;
    scope->place.word_start = cursor;
    while (scope->tokens.count < SCOPE_TOKENS_MOST &&
           sql_next(scope->sql, scope->length, scope_end(&token), &token)) {
        if (token.start < cursor && scope_end(&token) >= cursor) {
            look_at_word(scope, &token, cursor);
        }
        size_t word = scope->place.word_start - (scope->place.quote != 0);
        if (token.kind == SQL_SPACE || token.kind == SQL_COMMENT) {
            continue;
        }
        if (found == SCOPE_NONE && token.start >= word && scope_end(&token) >= cursor) {
            found = scope->tokens.count;
        }
        *(struct sql_token *)array_push(&scope->tokens) = token;
    }
    size_t start = scope->place.word_start;
    scope->place.word = string_copy_bytes(scope->sql + start, cursor - start);
    return found == SCOPE_NONE ? scope->tokens.count : found;
}
