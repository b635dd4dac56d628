/* scope: life of a scope, and questions that need no thought.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/private.h"

#include <stdlib.h>

struct scope *scope_new(const struct scope_spec *spec)
{
    struct scope *scope = memory_new(sizeof *scope);
    scope->sql = spec->sql;
    scope->length = spec->length;
    scope->ask = spec->columns;
    scope->owner = spec->owner;
    scope->tokens = (struct array)ARRAY_OF(struct sql_token);
    scope->queries = (struct array)ARRAY_OF(struct scope_query);
    scope->withs = (struct array)ARRAY_OF(struct scope_with);
    scope->levels = (struct array)ARRAY_OF(struct scope_level);
    scope_read(scope, scope_cut(scope, spec->cursor));
    scope_link(scope);
    return scope;
}

static void names_release(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(*(char **)array_at(names, i));
    }
    array_release(names);
}

void scope_columns_release(struct array *columns)
{
    for (size_t i = 0; i < columns->count; i++) {
        struct scope_column *column = array_at(columns, i);
        free(column->name);
        free(column->schema);
        free(column->table);
        free(column->column);
    }
    array_release(columns);
}

static void query_release(struct scope_query *query)
{
    for (size_t i = 0; i < query->sources.count; i++) {
        struct scope_source *source = array_at(&query->sources, i);
        free(source->schema);
        free(source->table);
        free(source->alias);
        names_release(&source->with_using);
        scope_columns_release(&source->columns);
    }
    for (size_t i = 0; i < query->items.count; i++) {
        struct scope_item *item = array_at(&query->items, i);
        free(item->schema);
        free(item->qualifier);
        free(item->name);
        free(item->alias);
    }
    array_release(&query->sources);
    array_release(&query->items);
    scope_columns_release(&query->columns);
}

static void place_release(struct scope_place *place)
{
    free(place->word);
    free(place->schema);
    free(place->qualifier);
    free(place->compared);
    free(place->compared_qualifier);
    free(place->function);
}

void scope_free(struct scope *scope)
{
    if (scope == NULL) {
        return;
    }
    for (size_t i = 0; i < scope->queries.count; i++) {
        query_release(array_at(&scope->queries, i));
    }
    for (size_t i = 0; i < scope->withs.count; i++) {
        struct scope_with *with = array_at(&scope->withs, i);
        free(with->name);
        names_release(&with->names);
        scope_columns_release(&with->columns);
    }
    place_release(&scope->place);
    array_release(&scope->queries);
    array_release(&scope->withs);
    array_release(&scope->levels);
    array_release(&scope->tokens);
    free(scope);
}

size_t scope_query_count(const struct scope *scope)
{
    return scope->queries.count;
}

const struct scope_query *scope_query(const struct scope *scope, size_t index)
{
    return scope_query_at(scope, index);
}

const struct scope_place *scope_place(const struct scope *scope)
{
    return &scope->place;
}

const char *scope_source_name(const struct scope_source *source)
{
    return source->alias != NULL ? source->alias : source->table;
}
