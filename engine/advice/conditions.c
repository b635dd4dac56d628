/* advice/conditions: WHERE, ON and USING of a query, taken apart at their ANDs: which
 * tables each is about, and which say that two things are equal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>
#include <string.h>

/* ---- Taking apart ---- */

/* Where a condition can be cut: outside of parentheses, of CASE, of BETWEEN. */
struct cutter {
    int depth, cases;
    bool is_between;
};

static bool cuts(struct cutter *cutter, const char *sql, const struct sql_token *token)
{
    char sign = token->kind == SQL_OPERATOR ? sql[token->start] : '\0';
    cutter->depth += (sign == '(') - (sign == ')');
    cutter->cases += names_is(sql, token, "CASE");
    cutter->cases -= cutter->cases > 0 && names_is(sql, token, "END");
    if (cutter->depth > 0 || cutter->cases > 0) {
        return false;
    }
    if (names_is(sql, token, "BETWEEN")) {
        cutter->is_between = true;
    } else if (names_is(sql, token, "AND")) {
        bool ends = !cutter->is_between;
        cutter->is_between = false;
        return ends;
    }
    return false;
}

static bool has_or(const char *sql, struct scope_part part)
{
    struct sql_token token;
    int depth = 0;
    for (size_t at = part.start; names_next(sql, part.start + part.length, at, &token);
         at = token.start + token.length) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        depth += (sign == '(') - (sign == ')');
        if (depth == 0 && names_is(sql, &token, "OR")) {
            return true;
        }
    }
    return false;
}

/* Without parentheses around all of it. */
static struct scope_part peel(const char *sql, struct scope_part part)
{
    size_t end = part.start + part.length, last = part.start;
    struct sql_token token, first;
    int depth = 0;
    bool whole = names_next(sql, end, part.start, &first) && sql[first.start] == '(';
    for (size_t at = part.start; whole && names_next(sql, end, at, &token);
         at = token.start + token.length) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        whole = depth > 0 || at == part.start;
        depth += (sign == '(') - (sign == ')');
        last = token.start;
    }
    if (!whole || depth != 0 || last <= first.start) {
        return part;
    }
    struct scope_part inner = {first.start + 1, last - first.start - 1};
    return names_next(sql, last, inner.start, &token) &&
                   !names_is(sql, &token, "SELECT") && !names_is(sql, &token, "WITH")
               ? peel(sql, inner)
               : part;
}

/* ---- One condition ---- */

/* Bits of the sources of this query; those of queries around it are as given as values.
 */
static unsigned long long sources_of(const struct array *names, struct scope_part part,
                                     size_t query)
{
    unsigned long long sources = 0;
    for (size_t i = 0; i < names->count; i++) {
        const struct name *name = array_at(names, i);
        bool inside = name->start >= part.start && name->start < part.start + part.length;
        if (inside && name->query == query && name->source < SOURCES_MOST) {
            sources |= 1ull << name->source;
        }
    }
    return sources;
}

/* Is all of the part this one name, its qualifier included? */
static const struct name *only_name(const char *sql, const struct array *names,
                                    struct scope_part part)
{
    const struct name *only = NULL;
    struct sql_token token;
    size_t end = part.start + part.length;
    for (size_t i = 0; i < names->count; i++) {
        const struct name *name = array_at(names, i);
        if (name->start >= part.start && name->start < end) {
            only = only == NULL ? name : NULL;
        }
    }
    for (size_t at = part.start; only != NULL && names_next(sql, end, at, &token);
         at = token.start + token.length) {
        bool is_name = token.kind == SQL_NAME || sql[token.start] == '.' ||
                       token.start == only->start;
        only = is_name ? only : NULL;
    }
    return only;
}

static void read_side(const char *sql, const struct array *names, struct scope_part part,
                      size_t query, struct side *side)
{
    const struct name *name = only_name(sql, names, part);
    side->sources = sources_of(names, part, query);
    if (name != NULL && name->query == query && !name->is_lost) {
        side->column = string_copy(name->column);
        side->source = name->source;
    }
}

/* `left = right`, with nothing else that compares. */
static bool split_at_equal(const char *sql, struct scope_part part,
                           struct scope_part *left, struct scope_part *right)
{
    static const char *const others[] = {"<",       ">",    "<=",     ">=", "<>",
                                         "!=",      "IN",   "LIKE",   "IS", "NOT",
                                         "BETWEEN", "GLOB", "REGEXP", NULL};
    size_t end = part.start + part.length;
    struct sql_token token, equal = {0};
    int depth = 0, found = 0;
    for (size_t at = part.start; names_next(sql, end, at, &token);
         at = token.start + token.length) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        depth += (sign == '(') - (sign == ')');
        if (depth == 0 && (names_is(sql, &token, "=") || names_is(sql, &token, "=="))) {
            equal = token;
            found++;
        }
        for (size_t i = 0; depth == 0 && others[i] != NULL; i++) {
            found += names_is(sql, &token, others[i]) ? 2 : 0;
        }
    }
    *left = (struct scope_part){part.start, equal.start - part.start};
    *right =
        (struct scope_part){equal.start + equal.length, end - equal.start - equal.length};
    return found == 1;
}

static bool has_select(const char *sql, struct scope_part part)
{
    struct sql_token token;
    for (size_t at = part.start; names_next(sql, part.start + part.length, at, &token);
         at = token.start + token.length) {
        if (names_is(sql, &token, "SELECT")) {
            return true;
        }
    }
    return false;
}

struct reader {
    struct scope *scope;
    const char *sql;
    size_t query;
    struct array *conditions;
};

static void add_condition(struct reader *reader, struct scope_part part, bool is_on)
{
    struct array names = names_read(reader->scope, reader->sql, part);
    struct condition *condition = array_push(reader->conditions);
    struct scope_part left, right;
    *condition = (struct condition){.part = part, .is_on = is_on};
    condition->sources = sources_of(&names, part, reader->query);
    condition->has_query = has_select(reader->sql, part);
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = array_at(&names, i);
        condition->is_unsure |= name->is_lost && name->within == reader->query;
    }
    if (!condition->has_query && split_at_equal(reader->sql, part, &left, &right)) {
        condition->is_equality = true;
        read_side(reader->sql, &names, left, reader->query, &condition->left);
        read_side(reader->sql, &names, right, reader->query, &condition->right);
    }
    names_release(&names);
}

static void add_part(struct reader *reader, struct scope_part part, bool is_on)
{
    struct cutter cutter = {0};
    struct sql_token token;
    part = peel(reader->sql, part);
    if (has_or(reader->sql, part)) {
        add_condition(reader, part, is_on);
        return;
    }
    size_t start = part.start, end = part.start + part.length;
    for (size_t at = start; names_next(reader->sql, end, at, &token);
         at = token.start + token.length) {
        if (cuts(&cutter, reader->sql, &token)) {
            struct scope_part one = {start, token.start - start};
            add_condition(reader, peel(reader->sql, one), is_on);
            start = token.start + token.length;
        }
    }
    struct scope_part last = {start, end - start};
    if (names_next(reader->sql, end, start, &token)) {
        add_condition(reader, peel(reader->sql, last), is_on);
    }
}

/* ---- USING ---- */

static bool has_column(struct scope *scope, const struct scope_source *source,
                       const char *name)
{
    const struct array *columns = scope_source_columns(scope, source);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        if (string_equal_fold(((struct scope_column *)array_at(columns, i))->name,
                              name)) {
            return true;
        }
    }
    return columns == NULL; /* nobody knows: it will have it */
}

static void add_using(struct reader *reader, size_t index, const char *column)
{
    const struct scope_query *query = scope_query(reader->scope, reader->query);
    const struct scope_source *source = array_at(&query->sources, index);
    size_t other = index;
    for (size_t i = 0; i < index; i++) {
        if (has_column(reader->scope, array_at(&query->sources, i), column)) {
            other = i;
            break;
        }
    }
    struct condition *condition = array_push(reader->conditions);
    *condition = (struct condition){.part = source->name,
                                    .is_on = true,
                                    .is_equality = other != index,
                                    .is_unsure = other == index,
                                    .sources = 1ull << index | 1ull << other};
    condition->left = (struct side){1ull << index, string_copy(column), index};
    condition->right = (struct side){1ull << other, string_copy(column), other};
}

static void add_natural(struct reader *reader, size_t index)
{
    struct condition *condition = array_push(reader->conditions);
    *condition = (struct condition){
        .is_on = true, .is_unsure = true, .sources = 1ull << index | 1ull << (index - 1)};
}

/* ---- The door ---- */

struct array conditions_read(struct scope *scope, const char *sql, size_t index)
{
    struct array conditions = ARRAY_OF(struct condition);
    struct reader reader = {scope, sql, index, &conditions};
    const struct scope_query *query = scope_query(scope, index);
    for (size_t i = 0; i < query->sources.count && i < SOURCES_MOST; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        if (source->on.length > 0) {
            add_part(&reader, source->on, true);
        }
        for (size_t k = 0; k < source->with_using.count; k++) {
            add_using(&reader, i, *(char **)array_at(&source->with_using, k));
        }
        if (source->is_natural && i > 0) {
            add_natural(&reader, i);
        }
    }
    if (query->where.length > 0) {
        add_part(&reader, query->where, false);
    }
    return conditions;
}

void conditions_release(struct array *conditions)
{
    for (size_t i = 0; i < conditions->count; i++) {
        struct condition *condition = array_at(conditions, i);
        free(condition->left.column);
        free(condition->right.column);
    }
    array_release(conditions);
}

bool condition_binds(const struct condition *condition, size_t source,
                     unsigned long long given, const char **column)
{
    const struct side *sides[] = {&condition->left, &condition->right};
    for (size_t i = 0; i < 2 && condition->is_equality && !condition->is_unsure; i++) {
        if (sides[i]->column != NULL && sides[i]->source == source &&
            (sides[1 - i]->sources & ~given) == 0) {
            *column = sides[i]->column;
            return true;
        }
    }
    return false;
}
