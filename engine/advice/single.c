/* advice/single: queries that give one row at most, whatever the data.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

enum { DEEPEST = 32 };

static bool is_aggregate(const char *sql, const struct sql_token *token)
{
    static const char *const names[] = {"count",      "sum",          "total",
                                        "avg",        "median",       "stddev",
                                        "percentile", "group_concat", "json_group_array"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (names_is(sql, token, names[i])) {
            return true;
        }
    }
    return false;
}

/* An aggregate of the query itself: not within a subquery, not over a window. min() and
 * max() are aggregates too, but with two arguments they are not: left out. */
static bool aggregates(const char *sql, struct scope_part part)
{
    size_t end = part.start + part.length;
    struct sql_token token = {0}, next;
    size_t at = part.start;
    int depth = 0, inner = -1;
    bool found = false;
    while (names_next(sql, end, at, &token)) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        at = token.start + token.length;
        depth += sign == '(';
        if (sign == ')' && depth-- == inner) {
            inner = -1;
        }
        bool inside = inner >= 0;
        if (!inside && names_is(sql, &token, "SELECT")) {
            inner = depth;
        } else if (!inside && names_is(sql, &token, "OVER")) {
            return false;
        } else if (!inside && is_aggregate(sql, &token)) {
            found = found || (names_next(sql, end, at, &next) && sql[next.start] == '(');
        }
    }
    return found;
}

/* LIMIT 1 behind the query. */
static bool is_limited_to_one(const char *sql, const struct scope_query *query)
{
    size_t end = query->text.start + query->text.length;
    struct sql_token token = {0}, next, after;
    int depth = 0;
    for (size_t at = query->text.start; names_next(sql, end, at, &token);) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        at = token.start + token.length;
        depth += sign == '(' ? 1 : sign == ')' ? -1 : 0;
        if (depth == 0 && names_is(sql, &token, "LIMIT") &&
            names_next(sql, end, at, &next) && names_is(sql, &next, "1")) {
            bool more = names_next(sql, end, next.start + next.length, &after);
            return !more || sql[after.start] != ',';
        }
    }
    return false;
}

static bool is_compound(const struct scope *scope, size_t query)
{
    for (size_t i = 0; i < scope_query_count(scope); i++) {
        if (scope_query(scope, i)->compound_of == query) {
            return true;
        }
    }
    return scope_query(scope, query)->compound_of != SCOPE_NONE;
}

static bool is_single(const struct scope *scope, const char *sql, size_t index, int depth)
{
    const struct scope_query *query = scope_query(scope, index);
    if (query == NULL || depth > DEEPEST) {
        return false;
    }
    if (is_limited_to_one(sql, query)) {
        return true;
    }
    if (query->verb != SCOPE_SELECT || is_compound(scope, index)) {
        return false;
    }
    if (query->group.length == 0 && aggregates(sql, query->result)) {
        return true;
    }
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        bool is_query = source->kind == SCOPE_COMMON || source->kind == SCOPE_SUBQUERY;
        if (!is_query || source->query == SCOPE_NONE || source->query == index ||
            !is_single(scope, sql, source->query, depth + 1)) {
            return false;
        }
    }
    return true;
}

bool query_is_single(const struct scope *scope, const char *sql, size_t query)
{
    return query != SCOPE_NONE && is_single(scope, sql, query, 0);
}
