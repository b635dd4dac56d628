/* scope/resolve: columns of sources and of results, each worked out once.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/private.h"

#include <stdlib.h>

enum {
    COPIES_MOST = 20000, /* columns: stars of stars of stars */
    WITHS_MOST = 1000,   /* names of WITH that are looked at */
    NATURAL_MOST = 32,   /* sources that are joined by all their names */
    CHAIN_MOST = 400,    /* names of WITH that read each other */
};

struct scope_column *scope_column_add(struct scope *scope, struct array *columns,
                                      const struct scope_column *like)
{
    if (columns->count >= SCOPE_COLUMNS_MOST || scope->copied >= COPIES_MOST) {
        return NULL;
    }
    scope->copied++;
    struct scope_column *column = array_push(columns);
    *column = *like;
    column->name = string_copy(like->name);
    column->schema = string_copy(like->schema);
    column->table = string_copy(like->table);
    column->column = string_copy(like->column);
    return column;
}

size_t scope_with_named(const struct scope *scope, size_t level, const char *name)
{
    while (level != SCOPE_NONE && name != NULL) {
        for (size_t i = 0; i < scope->withs.count && i < WITHS_MOST; i++) {
            const struct scope_with *with = array_at(&scope->withs, i);
            if (with->level == level && string_equal_fold(with->name, name)) {
                return i;
            }
        }
        const struct scope_level *here = array_at(&scope->levels, level);
        level = here->parent;
    }
    return SCOPE_NONE;
}

void scope_link(struct scope *scope)
{
    for (size_t i = 0; i < scope->queries.count && scope->withs.count > 0; i++) {
        struct scope_query *query = array_at(&scope->queries, i);
        for (size_t k = 0; k < query->sources.count; k++) {
            struct scope_source *source = array_at(&query->sources, k);
            bool written = k == 0 && query->verb >= SCOPE_INSERT;
            if (source->kind != SCOPE_TABLE || source->schema != NULL || written) {
                continue;
            }
            source->common = scope_with_named(scope, query->level, source->table);
            if (source->common != SCOPE_NONE) {
                const struct scope_with *with = array_at(&scope->withs, source->common);
                source->kind = SCOPE_COMMON;
                source->query = with->query;
            }
        }
    }
}

/* ---- Stars ---- */

/* Is the column of a later source the same as one before it? */
static bool is_merged(struct scope *scope, const struct scope_query *query, size_t index,
                      const char *name)
{
    const struct scope_source *source = array_at(&query->sources, index);
    for (size_t i = 0; i < source->with_using.count; i++) {
        if (string_equal_fold(*(char **)array_at(&source->with_using, i), name)) {
            return true;
        }
    }
    for (size_t i = 0; source->is_natural && i < index && i < NATURAL_MOST; i++) {
        const struct array *columns =
            scope_source_columns(scope, array_at(&query->sources, i));
        for (size_t k = 0; columns != NULL && k < columns->count; k++) {
            const struct scope_column *column = array_at(columns, k);
            if (string_equal_fold(column->name, name)) {
                return true;
            }
        }
    }
    return false;
}

static bool expand_star(struct scope *scope, struct scope_query *query,
                        const struct scope_item *item)
{
    bool known = true;
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        if (item->qualifier != NULL &&
            !string_equal_fold(scope_source_name(source), item->qualifier)) {
            continue;
        }
        const struct array *columns = scope_source_columns(scope, source);
        known = known && columns != NULL;
        for (size_t k = 0; columns != NULL && k < columns->count; k++) {
            const struct scope_column *column = array_at(columns, k);
            if (item->qualifier != NULL || !is_merged(scope, query, i, column->name)) {
                scope_column_add(scope, &query->columns, column);
            }
        }
    }
    return known;
}

/* ---- Results ---- */

static void add_item(struct scope *scope, size_t index, const struct scope_item *item)
{
    struct scope_query *query = scope_query_at(scope, index);
    struct scope_meaning meaning;
    struct scope_column column = {0};
    char *text = string_copy_bytes(scope->sql + item->text.start, item->text.length);
    if (item->name != NULL &&
        scope_find_column(scope, index, item->qualifier, item->name, &meaning)) {
        column = *meaning.column;
    }
    const char *name = item->alias != NULL  ? item->alias
                       : item->name != NULL ? item->name
                                            : text;
    column.name = (char *)name; /* copied below */
    column.is_joined = false;
    column.is_expression = item->alias == NULL && item->name == NULL;
    scope_column_add(scope, &query->columns, &column);
    free(text);
}

static const struct array *answer(struct array *columns, int state)
{
    return state == SCOPE_KNOWN || columns->count > 0 ? columns : NULL;
}

const struct array *scope_result_columns(struct scope *scope, size_t index)
{
    struct scope_query *query = scope_query_at(scope, index);
    if (query == NULL) {
        return NULL;
    }
    if (query->compound_of != SCOPE_NONE) {
        return scope_result_columns(scope, query->compound_of);
    }
    if (query->state == SCOPE_BEING_ASKED) {
        return NULL; /* it reads itself */
    }
    if (query->state == SCOPE_UNKNOWN && scope->chain < CHAIN_MOST) {
        bool known = query->items.count > 0;
        query->state = SCOPE_BEING_ASKED;
        scope->chain++;
        for (size_t i = 0; i < query->items.count; i++) {
            const struct scope_item *item = array_at(&query->items, i);
            if (item->is_star) {
                known = expand_star(scope, query, item) && known;
            } else {
                add_item(scope, index, item);
            }
        }
        scope->chain--;
        query->state = known ? SCOPE_KNOWN : SCOPE_NOT_KNOWN;
    }
    return answer(&query->columns, query->state);
}

/* Columns of another query under the names that WITH gives them. */
static bool take_columns(struct scope *scope, struct scope_with *with)
{
    const struct array *columns = scope_result_columns(scope, with->query);
    size_t count = columns != NULL ? columns->count : 0;
    if (with->names.count > 0) {
        count = with->names.count;
    }
    for (size_t i = 0; i < count; i++) {
        struct scope_column column = {0};
        if (columns != NULL && i < columns->count) {
            column = *(const struct scope_column *)array_at(columns, i);
        }
        if (with->names.count > 0) {
            column.name = *(char **)array_at(&with->names, i);
            column.is_expression = false;
        }
        scope_column_add(scope, &with->columns, &column);
    }
    return columns != NULL || with->names.count > 0;
}

const struct array *scope_common_columns(struct scope *scope, size_t number)
{
    struct scope_with *with = array_at(&scope->withs, number);
    if (with == NULL || with->state == SCOPE_BEING_ASKED) {
        return NULL;
    }
    if (with->state == SCOPE_UNKNOWN) {
        with->state = SCOPE_BEING_ASKED;
        with->state = take_columns(scope, with) ? SCOPE_KNOWN : SCOPE_NOT_KNOWN;
    }
    return answer(&with->columns, with->state);
}

const struct array *scope_source_columns(struct scope *scope,
                                         const struct scope_source *asked)
{
    struct scope_source *source = (struct scope_source *)asked; /* it is ours */
    if (source->kind == SCOPE_SUBQUERY) {
        return scope_result_columns(scope, source->query);
    }
    if (source->kind == SCOPE_COMMON) {
        return scope_common_columns(scope, source->common);
    }
    if (source->state == SCOPE_UNKNOWN) {
        bool asks =
            source->table != NULL && scope->ask != NULL && scope->copied < COPIES_MOST;
        bool known = asks && scope->ask(scope->owner, source->schema, source->table,
                                        &source->columns);
        scope->copied += source->columns.count;
        source->state = known ? SCOPE_KNOWN : SCOPE_NOT_KNOWN;
    }
    return answer(&source->columns, source->state);
}
