/* lineage/query: WITH and compounds: what a query's columns are made from, arm by arm.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/lineage/trace.h"

#include <stdlib.h>
#include <string.h>

/* ---- Arms ---- */

enum operation { UNION_ALL, UNION, INTERSECT, EXCEPT };

struct arm {
    enum operation operation; /* that joins it to those before */
    struct part part;
};

static const char *const operations[] = {"UNION", "INTERSECT", "EXCEPT", NULL};

static struct array split_arms(const struct part *part)
{
    struct array arms = ARRAY_OF(struct arm);
    enum operation operation = UNION_ALL;
    for (size_t start = part->from; start < part->to;) {
        size_t end = token_find(part, start, operations);
        *(struct arm *)array_push(&arms) =
            (struct arm){operation, {part->in, start, end}};
        bool is_all = token_is(part, end + 1, "ALL");
        operation = token_is(part, end, "EXCEPT")      ? EXCEPT
                    : token_is(part, end, "INTERSECT") ? INTERSECT
                    : is_all                           ? UNION_ALL
                                                       : UNION;
        start = end + 1 + is_all;
    }
    return arms;
}

static void join_all(struct set *into, const struct relation *from)
{
    set_join(into, &from->rows);
    for (size_t i = 0; i < from->columns.count; i++) {
        const struct made_column *column = array_at(&from->columns, i);
        set_join(into, &column->direct);
        set_join(into, &column->own);
    }
}

/* The arm joins what stands before it. What EXCEPT and INTERSECT hold it against decides
 * only which rows are left. */
static bool join_arm(struct relation *out, const struct relation *arm,
                     enum operation operation)
{
    if (arm->columns.count != out->columns.count) {
        return false;
    }
    bool is_union = operation == UNION_ALL || operation == UNION;
    for (size_t i = 0; i < out->columns.count && is_union; i++) {
        struct made_column *column = array_at(&out->columns, i);
        const struct made_column *other = array_at(&arm->columns, i);
        set_join(&column->direct, &other->direct);
        set_join(&column->own, &other->own);
    }
    if (is_union) {
        set_join(&out->rows, &arm->rows);
    } else {
        join_all(&out->rows, arm);
    }
    if (operation != UNION_ALL) {
        relation_distinct(out);
    }
    return true;
}

/* ---- VALUES ---- */

static const char *const query_words[] = {"SELECT", "VALUES", "WITH", NULL};

static bool has_query(const struct part *part)
{
    for (size_t i = part->from; i < part->to; i++) {
        if (token_is_any(part, i, query_words)) {
            return true;
        }
    }
    return false;
}

/* A row of VALUES as the SELECT it is. */
static bool trace_row(struct trace *trace, const struct part *row,
                      const struct scope *scope, struct relation *out)
{
    struct text sql = {0};
    struct tokens tokens;
    text_append(&sql, "SELECT ");
    part_append(row, &sql);
    bool done = tokens_read(&tokens, text_string(&sql), sql.length);
    struct part part = {&tokens, 0, tokens.items.count};
    done = done && core_trace(trace, &part, scope, out);
    tokens_release(&tokens);
    text_release(&sql);
    return done;
}

static bool trace_values(struct trace *trace, const struct part *part,
                         const struct scope *scope, struct relation *out)
{
    for (size_t i = part->from + 1; i < part->to; i = token_next(part, i)) {
        if (!token_is(part, i, "(")) {
            continue;
        }
        struct part row = {part->in, i + 1, token_at(part, i)->match};
        struct array cells = part_split(&row);
        for (size_t k = out->columns.count; k < cells.count; k++) {
            char *name = string_printf("column%zu", k + 1);
            relation_add(out, name);
            free(name);
        }
        array_release(&cells);
        struct relation *made = has_query(&row) ? relation_new() : NULL;
        bool done = made == NULL || (trace_row(trace, &row, scope, made) &&
                                     join_arm(out, made, UNION_ALL));
        relation_free(made);
        if (!done) {
            return false;
        }
    }
    return out->columns.count > 0;
}

static bool trace_arm(struct trace *trace, const struct part *part,
                      const struct scope *scope, struct relation *out)
{
    return token_is(part, part->from, "VALUES") ? trace_values(trace, part, scope, out)
                                                : core_trace(trace, part, scope, out);
}

/* ---- Compounds ---- */

static void rename_columns(struct relation *relation, const struct cte *cte)
{
    for (size_t i = 0; cte != NULL && i < cte->columns.count; i++) {
        struct made_column *column = array_at(&relation->columns, i);
        if (column != NULL) {
            free(column->name);
            column->name = string_copy(*(char **)array_at(&cte->columns, i));
        }
    }
}

/* Does the text say the name anywhere? Then the query may read itself. */
static bool says_name(const struct part *part, const char *name)
{
    for (size_t i = part->from; name != NULL && i < part->to; i++) {
        if (token_is_name(part, i)) {
            char *said = token_name(part, i);
            bool is_it = sqlite3_stricmp(said, name) == 0;
            free(said);
            if (is_it) {
                return true;
            }
        }
    }
    return false;
}

/* The arms of a query. `cte`: whose name they may say, once the first are known. */
static bool trace_arms(struct trace *trace, const struct array *arms,
                       const struct scope *scope, struct cte *cte, struct relation *out)
{
    for (size_t i = 0; i < arms->count; i++) {
        const struct arm *arm = array_at(arms, i);
        if (i == 0) {
            if (!trace_arm(trace, &arm->part, scope, out)) {
                return false;
            }
            continue;
        }
        if (cte != NULL && out->stand == NULL && says_name(&arm->part, cte->name)) {
            rename_columns(out, cte);
            if (!relation_stand(trace, out)) {
                return false;
            }
            out->is_open = true;
            cte->relation = out;
        }
        struct relation *made = relation_new();
        bool done = trace_arm(trace, &arm->part, scope, made) &&
                    join_arm(out, made, arm->operation);
        relation_free(made);
        if (!done) {
            return false;
        }
    }
    return arms->count > 0;
}

/* ORDER BY and LIMIT of a compound are of all its arms: as if it stood in a FROM. */
static bool trace_tail(struct trace *trace, const struct part *tail,
                       const struct scope *scope, struct relation *out)
{
    struct relation *whole = relation_new();
    struct relation *ordered = relation_new();
    struct text sql = {0};
    struct tokens tokens = {0};
    /* The names stay with `out`, the sets go below. */
    for (size_t i = 0; i < out->columns.count; i++) {
        struct made_column *column = array_at(&out->columns, i);
        struct made_column *copy = relation_add(whole, column->name);
        set_join(&copy->direct, &column->direct);
        set_join(&copy->own, &column->own);
    }
    bool done = relation_stand(trace, whole);
    if (done) {
        text_printf(&sql, "SELECT * FROM temp.%s ", whole->stand);
        part_append(tail, &sql);
        done = tokens_read(&tokens, text_string(&sql), sql.length);
        struct part part = {&tokens, 0, tokens.items.count};
        done = done && core_trace(trace, &part, scope, ordered);
        tokens_release(&tokens);
    } else {
        relation_free(whole);
    }
    if (done) {
        set_join(&out->rows, &ordered->rows);
    } else {
        /* It orders by an expression of an arm. */
        relation_distinct(out);
    }
    relation_free(ordered);
    text_release(&sql);
    return true;
}

static bool trace_compound(struct trace *trace, const struct part *body,
                           const struct scope *scope, struct cte *cte,
                           struct relation *out)
{
    static const char *const tails[] = {"ORDER", "LIMIT", NULL};
    struct array arms = split_arms(body);
    struct part tail = {body->in, body->to, body->to};
    struct arm *last = arms.count > 1 ? array_at(&arms, arms.count - 1) : NULL;
    if (last != NULL) {
        tail.from = token_find(&last->part, last->part.from, tails);
        tail.to = last->part.to;
        last->part.to = tail.from;
    }
    bool done = trace_arms(trace, &arms, scope, cte, out);
    if (done && out->is_open) {
        relation_close(trace, out);
    }
    if (done && tail.from < tail.to) {
        done = trace_tail(trace, &tail, scope, out);
    }
    array_release(&arms);
    return done;
}

bool query_trace(struct trace *trace, const struct part *part, const struct scope *scope,
                 struct cte *cte, struct relation *out)
{
    enum { DEEPEST = 60 };
    struct scope inner = {.above = scope,
                          .database = scope != NULL ? scope->database : NULL};
    struct part body = *part;
    bool done = ++trace->depth <= DEEPEST && scope_open(&inner, &body) &&
                trace_compound(trace, &body, &inner, cte, out);
    trace->depth--;
    scope_release(&inner);
    return done;
}

struct relation *query_stand(struct trace *trace, const struct part *part,
                             const struct scope *scope, struct cte *cte)
{
    struct relation *relation = relation_new();
    bool done = query_trace(trace, part, scope, cte, relation);
    if (relation->stand != NULL) { /* it belongs to the trace already */
        relation->is_open = false;
        return done ? relation : NULL;
    }
    if (done) {
        rename_columns(relation, cte);
        done = relation_stand(trace, relation);
    }
    if (!done) {
        relation_free(relation);
        return NULL;
    }
    return relation;
}
