/* lineage/rewrite: a query written again with stands in place of what is no table.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

#include "engine/store.h"

/* What stands between the token before and this one: blanks and comments. */
static void append_gap(const struct part *part, size_t index, struct text *out)
{
    if (index > part->from) {
        const struct token *before = array_at(&part->in->items, index - 1);
        const struct token *token = array_at(&part->in->items, index);
        size_t end = before->start + before->length;
        text_append_bytes(out, part->in->sql + end, token->start - end);
    }
}

static void append_token(const struct part *part, size_t index, struct text *out)
{
    const struct token *token = token_at(part, index);
    append_gap(part, index, out);
    text_append_bytes(out, part->in->sql + token->start, token->length);
}

/* FROM of a query, not that of IS DISTINCT FROM. */
static bool is_from(const struct part *part, size_t index)
{
    return token_is(part, index, "FROM") && !token_is(part, index - 1, "DISTINCT");
}

static void rewrite_parenthesis(struct trace *trace, const struct part *part, size_t open,
                                const struct scope *scope, struct text *out)
{
    struct part inner = {part->in, open + 1, token_at(part, open)->match};
    append_token(part, open, out);
    rewrite_query(trace, &inner, scope, out);
    text_append(out, ")");
}

void rewrite(struct trace *trace, const struct part *part, const struct scope *scope,
             struct text *out)
{
    static const char *const ends[] = {"WHERE",     "GROUP",  "HAVING", "WINDOW",
                                       "ORDER",     "LIMIT",  "UNION",  "EXCEPT",
                                       "INTERSECT", "SELECT", "VALUES", NULL};
    for (size_t i = part->from; i < part->to;) {
        if (token_opens_query(part, i)) {
            rewrite_parenthesis(trace, part, i, scope, out);
            i = token_next(part, i);
        } else if (is_from(part, i)) {
            struct part clause = {part->in, i + 1, token_find(part, i + 1, ends)};
            append_token(part, i, out);
            text_append(out, " ");
            rewrite_from(trace, &clause, scope, NULL, out);
            text_append(out, " ");
            i = clause.to;
        } else {
            append_token(part, i++, out);
        }
    }
}

/* CTEs that could not be traced by themselves, because they read what surrounds them. */
static void append_staying(struct trace *trace, const struct scope *scope,
                           struct text *out)
{
    size_t written = 0;
    bool again = true;
    while (again) {
        again = false;
        for (size_t i = 0; i < scope->ctes.count; i++) {
            struct cte *cte = array_at(&scope->ctes, i);
            if (!cte->stays || cte->is_written) {
                continue;
            }
            cte->is_written = again = true;
            text_append(out, written++ > 0 ? ", " : "WITH RECURSIVE ");
            store_quote_name(out, cte->name);
            for (size_t k = 0; k < cte->columns.count; k++) {
                text_append(out, k > 0 ? "," : "(");
                store_quote_name(out, *(char **)array_at(&cte->columns, k));
            }
            text_append(out, cte->columns.count > 0 ? ") AS (" : " AS (");
            rewrite(trace, &cte->body, scope, out);
            text_append(out, ") ");
        }
    }
}

void rewrite_query(struct trace *trace, const struct part *part,
                   const struct scope *scope, struct text *out)
{
    enum { DEEPEST = 60 };
    struct scope inner = {.above = scope,
                          .database = scope != NULL ? scope->database : NULL};
    struct part body = *part;
    struct text text = {0};
    if (++trace->depth > DEEPEST || !scope_open(&inner, &body)) {
        part_append(part, out);
    } else {
        rewrite(trace, &body, &inner, &text);
        append_staying(trace, &inner, out);
        text_append(out, text_string(&text));
    }
    trace->depth--;
    text_release(&text);
    scope_release(&inner);
}
