/* lineage/tokens: a statement as tokens that know their parentheses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* To SQLite a comment that nothing closes is one as well: up to the end. */
static bool is_between(const char *sql, const struct sql_token *token)
{
    bool is_open_comment = token->kind == SQL_BROKEN && token->length > 2 &&
                           memcmp(sql + token->start, "/*", 2) == 0;
    return is_open_comment || token->kind == SQL_SPACE || token->kind == SQL_COMMENT;
}

bool tokens_read(struct tokens *tokens, const char *sql, size_t length)
{
    struct array open = ARRAY_OF(size_t);
    struct sql_token token = {0};
    bool fits = true;
    *tokens = (struct tokens){.sql = string_copy_bytes(sql, length),
                              .items = ARRAY_OF(struct token)};
    while (fits && sql_next(sql, length, token.start + token.length, &token)) {
        if (is_between(sql, &token)) {
            continue;
        }
        size_t at = tokens->items.count;
        *(struct token *)array_push(&tokens->items) =
            (struct token){token.kind, token.start, token.length, at};
        char sign =
            token.kind == SQL_OPERATOR && token.length == 1 ? sql[token.start] : 0;
        if (sign == '(') {
            *(size_t *)array_push(&open) = at;
        } else if (sign == ')' && open.count > 0) {
            size_t other = *(size_t *)array_at(&open, open.count - 1);
            open.count--;
            ((struct token *)array_at(&tokens->items, other))->match = at;
            ((struct token *)array_at(&tokens->items, at))->match = other;
        } else if (sign == ')' || token.kind == SQL_BROKEN) {
            fits = false;
        }
    }
    fits = fits && open.count == 0;
    array_release(&open);
    return fits;
}

void tokens_release(struct tokens *tokens)
{
    free(tokens->sql);
    array_release(&tokens->items);
    *tokens = (struct tokens){0};
}

const struct token *token_at(const struct part *part, size_t index)
{
    return index >= part->from && index < part->to ? array_at(&part->in->items, index)
                                                   : NULL;
}

bool token_is(const struct part *part, size_t index, const char *word)
{
    const struct token *token = token_at(part, index);
    return token != NULL && strlen(word) == token->length &&
           strncasecmp(part->in->sql + token->start, word, token->length) == 0;
}

bool token_is_any(const struct part *part, size_t index, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (token_is(part, index, *words)) {
            return true;
        }
    }
    return false;
}

bool token_is_name(const struct part *part, size_t index)
{
    const struct token *token = token_at(part, index);
    return token != NULL && (token->kind == SQL_NAME || token->kind == SQL_STRING ||
                             token->kind == SQL_KEYWORD);
}

char *token_name(const struct part *part, size_t index)
{
    const struct token *token = token_at(part, index);
    const char *word = part->in->sql + token->start;
    char close = *word == '[' ? ']' : *word;
    if (token->length < 2 || strchr("\"'`[", *word) == NULL) {
        return string_copy_bytes(word, token->length);
    }
    struct text name = {0};
    for (size_t i = 1; i + 1 < token->length; i++) {
        text_append_char(&name, word[i]);
        i += word[i] == close && close != ']';
    }
    text_append(&name, "");
    return text_take(&name);
}

size_t token_next(const struct part *part, size_t index)
{
    const struct token *token = token_at(part, index);
    return token != NULL && token->match > index ? token->match + 1 : index + 1;
}

size_t token_find(const struct part *part, size_t index, const char *const *words)
{
    for (; index < part->to; index = token_next(part, index)) {
        const struct token *token = token_at(part, index);
        if (token->kind == SQL_KEYWORD && token_is_any(part, index, words)) {
            return index;
        }
    }
    return part->to;
}

bool token_opens_query(const struct part *part, size_t index)
{
    static const char *const words[] = {"SELECT", "WITH", "VALUES", NULL};
    return token_is(part, index, "(") && token_is_any(part, index + 1, words);
}

struct array part_split(const struct part *part)
{
    struct array pieces = ARRAY_OF(struct part);
    size_t start = part->from;
    for (size_t i = part->from; i < part->to; i = token_next(part, i)) {
        if (token_is(part, i, ",")) {
            *(struct part *)array_push(&pieces) = (struct part){part->in, start, i};
            start = i + 1;
        }
    }
    if (part->to > part->from) {
        *(struct part *)array_push(&pieces) = (struct part){part->in, start, part->to};
    }
    return pieces;
}

void part_append(const struct part *part, struct text *out)
{
    const struct token *first = token_at(part, part->from);
    const struct token *last = token_at(part, part->to - 1);
    if (first != NULL && last != NULL) {
        text_append_bytes(out, part->in->sql + first->start,
                          last->start + last->length - first->start);
    }
}
