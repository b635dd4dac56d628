/* sql/statement: where statements begin and end, and what kind they are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "engine/sql/phase.h"

#include <string.h>

static bool is_any(const char *sql, const struct sql_token *token,
                   const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++) {
        if (sql_token_is(sql, token, words[i])) {
            return true;
        }
    }
    return false;
}

static enum sql_phase phase_behind(enum sql_phase phase, const char *sql,
                                   const struct sql_token *token)
{
    static const char *const explains[] = {"EXPLAIN", "QUERY", "PLAN", NULL};
    static const char *const temporary[] = {"TEMP", "TEMPORARY", NULL};
    if (phase <= PHASE_EXPLAIN && is_any(sql, token, explains)) {
        return PHASE_EXPLAIN;
    }
    switch (phase) {
    case PHASE_EMPTY:
    case PHASE_EXPLAIN:
        return sql_token_is(sql, token, "CREATE") ? PHASE_CREATE : PHASE_PLAIN;
    case PHASE_CREATE:
        if (is_any(sql, token, temporary)) {
            return PHASE_CREATE;
        }
        return sql_token_is(sql, token, "TRIGGER") ? PHASE_TRIGGER : PHASE_PLAIN;
    case PHASE_TRIGGER:
        return sql_token_is(sql, token, "BEGIN") ? PHASE_BODY : PHASE_TRIGGER;
    case PHASE_BODY_SEMI:
        return sql_token_is(sql, token, "END") ? PHASE_BODY_END : PHASE_BODY;
    case PHASE_BODY:
    case PHASE_BODY_END:
        return PHASE_BODY;
    default:
        return PHASE_PLAIN;
    }
}

static bool is_in_body(enum sql_phase phase)
{
    return phase == PHASE_BODY || phase == PHASE_BODY_SEMI;
}

enum sql_phase sql_next_phase(enum sql_phase phase, const char *sql,
                              const struct sql_token *token)
{
    if (token->kind != SQL_SEMICOLON) {
        return phase_behind(phase, sql, token);
    }
    return is_in_body(phase) ? PHASE_BODY_SEMI : PHASE_EMPTY;
}

/* The next statement at or after *offset, which moves behind it. */
static bool next_statement(const char *sql, size_t length, size_t *offset,
                           struct sql_span *span)
{
    struct sql_token token;
    enum sql_phase phase = PHASE_EMPTY;
    *span = (struct sql_span){0};
    while (sql_next_significant(sql, length, *offset, &token)) {
        *offset = sql_token_end(&token);
        if (token.kind == SQL_SEMICOLON && !is_in_body(phase)) {
            if (phase != PHASE_EMPTY) {
                span->closed = true;
                return true;
            }
            continue;
        }
        if (phase == PHASE_EMPTY) {
            span->start = token.start;
        }
        span->length = *offset - span->start;
        phase = sql_next_phase(phase, sql, &token);
    }
    *offset = length;
    return phase != PHASE_EMPTY;
}

struct array sql_split(const char *sql, size_t length)
{
    struct array spans = ARRAY_OF(struct sql_span);
    struct sql_span span;
    size_t offset = 0;
    while (next_statement(sql, length, &offset, &span)) {
        *(struct sql_span *)array_push(&spans) = span;
    }
    return spans;
}

bool sql_statement_at(const char *sql, size_t length, size_t cursor, struct sql_span *out)
{
    struct sql_span span;
    size_t offset = 0;
    bool found = false;
    while (next_statement(sql, length, &offset, &span) &&
           (!found || span.start <= cursor)) {
        *out = span;
        found = true;
        if (offset >= cursor && span.start <= cursor) {
            break;
        }
    }
    return found;
}

bool sql_is_complete(const char *sql, size_t length)
{
    struct sql_span span;
    size_t offset = 0;
    bool closed = false;
    while (next_statement(sql, length, &offset, &span)) {
        closed = span.closed;
    }
    return closed;
}

/* Behind WITH: the word of the statement itself stands outside of all parentheses. */
static bool skip_with(const char *sql, size_t length, struct sql_token *token)
{
    static const char *const verbs[] = {"SELECT", "VALUES",  "INSERT", "UPDATE",
                                        "DELETE", "REPLACE", NULL};
    size_t depth = 0;
    while (sql_next_significant(sql, length, sql_token_end(token), token)) {
        if (sql_token_is(sql, token, "(")) {
            depth++;
        } else if (sql_token_is(sql, token, ")")) {
            depth -= depth > 0;
        } else if (depth == 0 && is_any(sql, token, verbs)) {
            return true;
        }
    }
    return false;
}

bool sql_is_select(const char *sql, size_t length)
{
    static const char *const reading[] = {"SELECT", "VALUES", "EXPLAIN", NULL};
    struct sql_token token;
    if (!sql_next_significant(sql, length, 0, &token)) {
        return false;
    }
    if (sql_token_is(sql, &token, "WITH") && !skip_with(sql, length, &token)) {
        return false;
    }
    return is_any(sql, &token, reading);
}
