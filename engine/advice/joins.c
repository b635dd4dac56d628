/* advice/joins: tables that nothing joins, and joins that multiply rows.
 *
 * A row of one table decides a row of another if a key of that is equal to what the first
 * (and whatever it decides already) has. A join whose rows no table decides multiplies;
 * so does a sum over a table that does not decide all others. A table counts as not
 * decided only if the statistics say that its rows share values, and nothing else
 * restricts it.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/advice/private.h"

#include <stdlib.h>

static const double rows_that_are_several = 1.05;

struct joins {
    struct adviser *adviser;
    const struct scope_query *query;
    size_t index, count; /* of the query; of its sources */
    struct array conditions;
    size_t group[SOURCES_MOST]; /* the first source of those that are joined */
};

static const struct scope_source *source_at(const struct joins *joins, size_t source)
{
    return array_at(&joins->query->sources, source);
}

static const struct table_facts *facts_of(const struct joins *joins, size_t source)
{
    const struct scope_source *one = source_at(joins, source);
    return one->kind == SCOPE_TABLE
               ? facts_table(joins->adviser->facts, one->schema, one->table)
               : NULL;
}

/* "orders.orders (o)" */
static char *describe(const struct joins *joins, size_t source)
{
    const struct scope_source *one = source_at(joins, source);
    return string_printf("%s%s%s", one->schema != NULL ? one->schema : "",
                         one->schema != NULL ? "." : "",
                         one->table != NULL   ? one->table
                         : one->alias != NULL ? one->alias
                                              : "the subquery");
}

/* ---- What decides what ---- */

/* The columns of a source that are equal to what is given: array of const char *. */
static struct array columns_bound(const struct joins *joins, size_t source,
                                  unsigned long long given)
{
    struct array columns = ARRAY_OF(const char *);
    for (size_t i = 0; i < joins->conditions.count; i++) {
        const char *column;
        if (condition_binds(array_at(&joins->conditions, i), source, given, &column)) {
            *(const char **)array_push(&columns) = column;
        }
    }
    return columns;
}

/* Does a condition restrict the source that is more than a column equal to another's? */
static bool is_restricted(const struct joins *joins, size_t source)
{
    for (size_t i = 0; i < joins->conditions.count; i++) {
        const struct condition *one = array_at(&joins->conditions, i);
        bool joins_columns = one->is_equality && one->left.column != NULL &&
                             one->right.column != NULL &&
                             one->left.source != one->right.source;
        if (one->is_unsure || ((one->sources >> source & 1) != 0 && !joins_columns)) {
            return true;
        }
    }
    return false;
}

/* How many rows of the source meet what is given, where that is known to be several; else
 * 1. *column is what they share. */
static double rows_met(const struct joins *joins, size_t source, unsigned long long given,
                       const char **column)
{
    const struct table_facts *facts = facts_of(joins, source);
    struct array columns = columns_bound(joins, source, given);
    double met = 1;
    if (facts != NULL && columns.count == 1 && !is_restricted(joins, source) &&
        !facts_is_key(joins->adviser->facts, facts, &columns)) {
        *column = *(const char **)array_at(&columns, 0);
        met = facts_per_value(facts, *column);
    }
    array_release(&columns);
    return met >= rows_that_are_several ? met : 1;
}

static bool is_bound(const struct joins *joins, size_t source, unsigned long long given)
{
    struct array columns = columns_bound(joins, source, given);
    bool is = columns.count > 0;
    array_release(&columns);
    return is;
}

/* All sources that a row of this one decides. */
static unsigned long long decided_by(const struct joins *joins, size_t source)
{
    unsigned long long decided = 1ull << source, before;
    const char *column;
    do {
        before = decided;
        for (size_t i = 0; i < joins->count; i++) {
            bool is_new = (decided >> i & 1) == 0;
            if (is_new && (is_restricted(joins, i) || is_bound(joins, i, decided)) &&
                rows_met(joins, i, decided, &column) <= 1) {
                decided |= 1ull << i;
            }
        }
    } while (decided != before);
    return decided;
}

/* A source that is known to have several rows for one of `source`; false: none is. */
static bool find_several(const struct joins *joins, size_t source, size_t *other,
                         double *met, const char **column)
{
    unsigned long long decided = decided_by(joins, source);
    for (size_t i = 0; i < joins->count; i++) {
        if ((decided >> i & 1) == 0) {
            *met = rows_met(joins, i, decided, column);
            *other = i;
            if (*met > 1) {
                return true;
            }
        }
    }
    return false;
}

/* ---- Sums that count a row more than once ---- */

/* Outside of aggregates? There a name says what the rows of the result are. */
static bool is_outside(const char *sql, struct scope_part part, size_t place)
{
    static const char *const aggregates[] = {"sum",          "total", "avg",    "count",
                                             "min",          "max",   "median", "stddev",
                                             "group_concat", NULL};
    struct sql_token token, before = {0};
    int depth = 0, inside = 0; /* the depth of an aggregate's arguments */
    for (size_t at = part.start; names_next(sql, place, at, &token);
         at = token.start + token.length) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        depth += sign == '(';
        for (size_t i = 0; sign == '(' && inside == 0 && aggregates[i] != NULL; i++) {
            inside = names_is(sql, &before, aggregates[i]) ? depth : inside;
        }
        inside = sign == ')' && depth == inside ? 0 : inside;
        depth -= sign == ')';
        before = token;
    }
    return inside == 0;
}

static bool mentions(const struct joins *joins, struct scope_part part, size_t source)
{
    struct array names = names_read(joins->adviser->scope, joins->adviser->sql, part);
    bool found = false;
    for (size_t i = 0; i < names.count && !found; i++) {
        const struct name *name = array_at(&names, i);
        found = name->query == joins->index && name->source == source &&
                is_outside(joins->adviser->sql, part, name->start);
    }
    names_release(&names);
    return found;
}

/* The one source whose columns the argument is made of; SCOPE_NONE: there are others. */
static size_t only_source(const struct joins *joins, struct scope_part argument)
{
    struct array names = names_read(joins->adviser->scope, joins->adviser->sql, argument);
    size_t source = SCOPE_NONE;
    for (size_t i = 0; i < names.count; i++) {
        const struct name *name = array_at(&names, i);
        bool same = !name->is_lost && name->query == joins->index &&
                    (i == 0 || name->source == source);
        source = same ? name->source : SCOPE_NONE;
        if (!same) {
            break;
        }
    }
    names_release(&names);
    return source;
}

/* sum(...), total(...), avg(...) without DISTINCT, FILTER and OVER, from its name on. */
static bool read_sum(const char *sql, size_t end, const struct sql_token *name,
                     struct scope_part *argument, struct scope_part *call)
{
    struct sql_token token, next;
    int depth = 0;
    bool is_sum = names_is(sql, name, "sum") || names_is(sql, name, "total") ||
                  names_is(sql, name, "avg");
    if (!is_sum || !names_next(sql, end, name->start + name->length, &token) ||
        sql[token.start] != '(') {
        return false;
    }
    argument->start = token.start + 1;
    for (size_t at = token.start; names_next(sql, end, at, &token);
         at = token.start + token.length) {
        char sign = token.kind == SQL_OPERATOR ? sql[token.start] : '\0';
        depth += (sign == '(') - (sign == ')');
        if (depth == 0) {
            break;
        }
    }
    argument->length = token.start - argument->start;
    *call = (struct scope_part){name->start, token.start + 1 - name->start};
    bool plain = !names_next(sql, end, token.start + 1, &next) ||
                 (!names_is(sql, &next, "FILTER") && !names_is(sql, &next, "OVER"));
    bool distinct =
        names_next(sql, end, argument->start, &next) && names_is(sql, &next, "DISTINCT");
    return depth == 0 && plain && !distinct;
}

static void judge_sum(const struct joins *joins, struct scope_part argument,
                      struct scope_part call)
{
    size_t source = only_source(joins, argument), other;
    double met;
    const char *column = "";
    if (source == SCOPE_NONE || !find_several(joins, source, &other, &met, &column) ||
        mentions(joins, joins->query->group, other) ||
        mentions(joins, joins->query->result, other)) {
        return;
    }
    char *one = describe(joins, source), *many = describe(joins, other);
    advise_say(joins->adviser, "counted-twice", call,
               "%.*s counts a row of %s once for each row of %s that it meets, %.1f on "
               "average: add %s up by %s in a subquery first",
               (int)(call.length < 60 ? call.length : 60),
               joins->adviser->sql + call.start, one, many, met, many, column);
    free(one);
    free(many);
}

static bool judge_sums(const struct joins *joins)
{
    const struct scope_part parts[] = {joins->query->result, joins->query->having,
                                       joins->query->order};
    const char *sql = joins->adviser->sql;
    size_t before = joins->adviser->advice->count;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        size_t end = parts[i].start + parts[i].length;
        struct sql_token token;
        struct scope_part argument, call;
        for (size_t at = parts[i].start; names_next(sql, end, at, &token);
             at = token.start + token.length) {
            if (names_query_at(joins->adviser->scope, token.start) == joins->index &&
                read_sum(sql, end, &token, &argument, &call)) {
                judge_sum(joins, argument, call);
            }
        }
    }
    return joins->adviser->advice->count > before;
}

/* ---- Joins that multiply ---- */

static bool has_word(const struct joins *joins, struct scope_part part, const char *word)
{
    struct sql_token token;
    for (size_t at = part.start;
         names_next(joins->adviser->sql, part.start + part.length, at, &token);
         at = token.start + token.length) {
        if (names_is(joins->adviser->sql, &token, word)) {
            return true;
        }
    }
    return false;
}

/* Rows that come more than once do no harm where each is told once. */
static bool is_harmless(const struct joins *joins)
{
    const struct sql_token select = {.start = joins->query->text.start};
    struct sql_token token;
    size_t end = joins->query->text.start + joins->query->text.length;
    if (names_next(joins->adviser->sql, end, select.start, &token) &&
        names_next(joins->adviser->sql, end, token.start + token.length, &token) &&
        names_is(joins->adviser->sql, &token, "DISTINCT")) {
        return true;
    }
    bool counts = has_word(joins, joins->query->result, "count") ||
                  has_word(joins, joins->query->result, "sum") ||
                  has_word(joins, joins->query->result, "total") ||
                  has_word(joins, joins->query->result, "avg");
    return (joins->query->group.length > 0 && !counts) ||
           has_word(joins, joins->query->result, "DISTINCT");
}

static void judge_many(const struct joins *joins)
{
    size_t other = 0, back = 0;
    double met = 1, met_back = 1;
    const char *column = NULL, *column_back = NULL;
    if (is_harmless(joins)) {
        return;
    }
    for (size_t i = 0; i < joins->count; i++) {
        if (!find_several(joins, i, &other, &met, &column)) {
            return; /* the join has a row for each row of this one */
        }
    }
    for (size_t i = 0; i < joins->count; i++) {
        if (find_several(joins, i, &other, &met, &column) &&
            find_several(joins, other, &back, &met_back, &column_back) && back == i &&
            other > i) {
            char *one = describe(joins, i), *many = describe(joins, other);
            advise_say(
                joins->adviser, "join-multiplies", source_at(joins, other)->name,
                "rows are multiplied: a row of %s meets %.1f rows of %s on average "
                "(by %s), and one of %s meets %.1f of %s (by %s)",
                one, met, many, column, many, met_back, one, column_back);
            free(one);
            free(many);
            return;
        }
    }
}

/* ---- Tables that nothing joins ---- */

static void join_groups(struct joins *joins, size_t one, size_t other)
{
    size_t from = joins->group[one], to = joins->group[other];
    for (size_t i = 0; i < joins->count; i++) {
        joins->group[i] = joins->group[i] == from ? to : joins->group[i];
    }
}

static void join_by_condition(struct joins *joins, const struct condition *condition)
{
    size_t first = SCOPE_NONE;
    for (size_t i = 0; i < joins->count; i++) {
        if (condition->is_unsure || (condition->sources >> i & 1) != 0) {
            first = first == SCOPE_NONE ? i : first;
            join_groups(joins, i, first);
        }
    }
}

/* May it have more than one row, as far as is known? */
static bool is_large(const struct joins *joins, size_t source)
{
    const struct table_facts *facts = facts_of(joins, source);
    if (facts == NULL || (facts->rows >= 0 && facts->rows <= 1)) {
        return false;
    }
    struct array columns = columns_bound(joins, source, 0);
    bool is_one = facts_is_key(joins->adviser->facts, facts, &columns);
    array_release(&columns);
    return !is_one;
}

/* Its own ON says nothing of columns: ON 1 is meant. */
static bool is_meant(const struct joins *joins, size_t source)
{
    const struct scope_source *one = source_at(joins, source);
    struct array names = names_read(joins->adviser->scope, joins->adviser->sql, one->on);
    bool meant = one->join == SCOPE_CROSS || one->kind == SCOPE_FUNCTION ||
                 (one->on.length > 0 && names.count == 0);
    names_release(&names);
    return meant;
}

static void read_groups(struct joins *joins)
{
    size_t pinned = SCOPE_NONE; /* the first that is equal to a value */
    for (size_t i = 0; i < joins->count; i++) {
        joins->group[i] = i;
    }
    for (size_t i = 0; i < joins->conditions.count; i++) {
        join_by_condition(joins, array_at(&joins->conditions, i));
    }
    for (size_t i = 0; i < joins->count; i++) {
        if (i > 0 && (is_meant(joins, i) || is_meant(joins, i - 1))) {
            join_groups(joins, i, i - 1);
        }
        if (is_bound(joins, i, 0)) {
            pinned = pinned == SCOPE_NONE ? i : pinned;
            join_groups(joins, i, pinned);
        }
    }
}

static bool has_large(const struct joins *joins, size_t group, size_t *which)
{
    for (size_t i = 0; i < joins->count; i++) {
        if (joins->group[i] == group && is_large(joins, i)) {
            *which = i;
            return true;
        }
    }
    return false;
}

static void append_rows(struct text *out, const struct joins *joins, size_t one,
                        size_t other)
{
    const struct table_facts *a = facts_of(joins, one), *b = facts_of(joins, other);
    char buffer[32];
    if (a->rows >= 0 && b->rows >= 0) {
        text_printf(out, ", %s", string_of_count(a->rows, buffer, sizeof buffer));
        text_printf(out, " x %s rows", string_of_count(b->rows, buffer, sizeof buffer));
    }
}

/* A column that both have and that is a key of one. */
static void append_proposal(struct text *out, const struct joins *joins, size_t one,
                            size_t other)
{
    const struct array *columns =
        scope_source_columns(joins->adviser->scope, source_at(joins, one));
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const char *name = ((const struct scope_column *)array_at(columns, i))->name;
        struct array alone = {&name, 1, 1, sizeof name};
        bool is_key = facts_is_key(joins->adviser->facts, facts_of(joins, one), &alone) ||
                      facts_is_key(joins->adviser->facts, facts_of(joins, other), &alone);
        struct scope_meaning meaning;
        if (is_key && facts_column(facts_of(joins, other), name) != NULL &&
            scope_source_name(source_at(joins, other)) != NULL &&
            !scope_find_column(joins->adviser->scope, joins->index, NULL, name,
                               &meaning)) {
            text_printf(out, "; perhaps ON %s.%s = %s.%s",
                        scope_source_name(source_at(joins, one)), name,
                        scope_source_name(source_at(joins, other)), name);
            return;
        }
    }
}

static void judge_groups(struct joins *joins)
{
    size_t first, other;
    read_groups(joins);
    if (!has_large(joins, joins->group[0], &first)) {
        return;
    }
    for (size_t i = 1; i < joins->count; i++) {
        bool is_new = joins->group[i] != joins->group[0];
        if (is_new && has_large(joins, joins->group[i], &other) && other == i) {
            char *one = describe(joins, first), *many = describe(joins, other);
            struct text more = {0};
            append_rows(&more, joins, first, other);
            append_proposal(&more, joins, first, other);
            advise_say(joins->adviser, "cartesian", source_at(joins, i)->name,
                       "no condition joins %s and %s: each row meets every row%s; CROSS "
                       "JOIN says that it is meant",
                       one, many, text_string(&more));
            text_release(&more);
            free(one);
            free(many);
            join_groups(joins, i, 0);
        }
    }
}

void advise_joins(struct adviser *adviser, size_t index)
{
    struct joins joins = {
        .adviser = adviser, .query = scope_query(adviser->scope, index), .index = index};
    joins.count = joins.query->sources.count;
    if (joins.query->verb != SCOPE_SELECT || joins.query->sees_outer || joins.count < 2 ||
        joins.count > SOURCES_MOST) {
        return;
    }
    joins.conditions = conditions_read(adviser->scope, adviser->sql, index);
    size_t before = adviser->advice->count;
    judge_groups(&joins);
    if (adviser->advice->count == before && !judge_sums(&joins)) {
        judge_many(&joins);
    }
    conditions_release(&joins.conditions);
}
