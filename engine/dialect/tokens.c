/* dialect/tokens: the tokens of a statement, looked at and copied.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MOST_DEEP = 100 };

const struct sql_token *reader_token(const struct reader *reader, size_t ahead)
{
    return array_at(&reader->tokens, reader->at + ahead);
}

static bool token_is(const struct reader *reader, const struct sql_token *token,
                     const char *word)
{
    return token != NULL && token->length == strlen(word) &&
           strncasecmp(reader->sql + token->start, word, token->length) == 0;
}

bool reader_is(const struct reader *reader, size_t ahead, const char *word)
{
    return token_is(reader, reader_token(reader, ahead), word);
}

bool reader_take(struct reader *reader, const char *word)
{
    bool is = reader_is(reader, 0, word);
    reader->at += is;
    return is;
}

bool reader_is_name(const struct reader *reader, size_t ahead)
{
    const struct sql_token *token = reader_token(reader, ahead);
    return token != NULL && token->kind == SQL_NAME;
}

static char *name_of(const char *at, size_t length)
{
    struct text name = {0};
    char close = length < 2 ? '\0' : at[0] == '[' ? ']' : at[0];
    if (close == '\0' || strchr("\"`]", close) == NULL) {
        return string_copy_bytes(at, length);
    }
    for (size_t i = 1; i + 1 < length; i++) {
        text_append_char(&name, at[i]);
        i += at[i] == close && at[i + 1] == close;
    }
    text_append(&name, "");
    return text_take(&name);
}

char *reader_name(const struct reader *reader, size_t ahead)
{
    const struct sql_token *token = reader_token(reader, ahead);
    return token != NULL ? name_of(reader->sql + token->start, token->length)
                         : string_copy("");
}

char *string_of_literal(const char *literal, size_t length)
{
    struct text string = {0};
    for (size_t i = 1; i + 1 < length; i++) {
        text_append_char(&string, literal[i]);
        i += literal[i] == '\'';
    }
    text_append(&string, "");
    return text_take(&string);
}

/* Comments become blanks: a `--` must not swallow what is written behind it. */
void reader_gap(const struct reader *reader, struct text *out)
{
    const struct sql_token *token = reader_token(reader, 0);
    const struct sql_token *before =
        reader->at > 0 ? array_at(&reader->tokens, reader->at - 1) : NULL;
    size_t start = before != NULL ? before->start + before->length : 0;
    size_t end = token != NULL ? token->start : start;
    struct sql_token gap = {0};
    for (; start < end && sql_next(reader->sql, end, start, &gap);
         start = gap.start + gap.length) {
        if (gap.kind == SQL_SPACE) {
            text_append_bytes(out, reader->sql + gap.start, gap.length);
        } else {
            text_append_char(out, ' ');
        }
    }
}

void reader_copy(struct reader *reader, struct text *out)
{
    const struct sql_token *token = reader_token(reader, 0);
    reader_gap(reader, out);
    if (token != NULL) {
        text_append_bytes(out, reader->sql + token->start, token->length);
        reader->at++;
    }
}

bool reader_fail(struct reader *reader, const char *format, ...)
{
    if (!reader->failed) {
        va_list args;
        va_start(args, format);
        error_vset(reader->err, ERROR_FAILED, format, args);
        va_end(args);
        reader->failed = true;
    }
    reader->at = reader->tokens.count; /* nothing is read any more */
    return false;
}

bool reader_enter(struct reader *reader)
{
    if (++reader->depth > MOST_DEEP) {
        return reader_fail(reader, "it is nested too deeply");
    }
    return true;
}

/* ---- Common table expressions: NAME [(...)] AS [[NOT] MATERIALIZED] ( ---- */

static size_t behind_brackets(const struct reader *reader, size_t ahead)
{
    int level = 0;
    for (; reader_token(reader, ahead) != NULL; ahead++) {
        level += reader_is(reader, ahead, "(") - reader_is(reader, ahead, ")");
        if (level == 0) {
            return ahead + 1;
        }
    }
    return ahead;
}

static bool is_cte(const struct reader *reader)
{
    size_t next = 1;
    if (!reader_is_name(reader, 0)) {
        return false;
    }
    if (reader_is(reader, next, "(")) {
        next = behind_brackets(reader, next);
    }
    if (!reader_is(reader, next++, "AS")) {
        return false;
    }
    next += reader_is(reader, next, "NOT");
    next += reader_is(reader, next, "MATERIALIZED");
    return reader_is(reader, next, "(");
}

/* Brackets behind names are looked through once: only where WITH stands at all. */
static void find_ctes(struct reader *reader)
{
    bool with = false;
    enum { MOST = 200 };
    for (; reader_token(reader, 0) != NULL && reader->ctes.count < MOST; reader->at++) {
        with = with || reader_is(reader, 0, "WITH");
        bool can =
            reader->at > 0 && with &&
            (token_is(reader, array_at(&reader->tokens, reader->at - 1), "WITH") ||
             token_is(reader, array_at(&reader->tokens, reader->at - 1), ",") ||
             token_is(reader, array_at(&reader->tokens, reader->at - 1), "RECURSIVE"));
        if (can && (!reader_is(reader, 1, "(") || reader->ctes.count < MOST / 4) &&
            is_cte(reader)) {
            *(char **)array_push(&reader->ctes) = reader_name(reader, 0);
        }
    }
    reader->at = 0;
}

bool reader_open(struct reader *reader, const char *sql)
{
    enum { MOST_TOKENS = 20000 };
    size_t length = strlen(sql), at = 0;
    struct sql_token token = {0};
    reader->sql = sql;
    reader->tokens = (struct array)ARRAY_OF(struct sql_token);
    reader->ctes = (struct array)ARRAY_OF(char *);
    while (sql_next(sql, length, at, &token)) {
        if (string_starts(sql + at, "::")) { /* a cast, not a parameter */
            token = (struct sql_token){SQL_OPERATOR, at, 2};
        }
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT) {
            *(struct sql_token *)array_push(&reader->tokens) = token;
        }
        at = token.start + token.length;
    }
    if (reader->tokens.count > MOST_TOKENS) {
        return reader_fail(reader, "it has more than %d words and signs", MOST_TOKENS);
    }
    find_ctes(reader);
    return true;
}

void reader_release(struct reader *reader)
{
    sql_names_release(&reader->ctes);
    array_release(&reader->tokens);
}
