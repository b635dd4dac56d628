/* scope/meaning: what a name means where it stands.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/private.h"

enum { COMPARED_MOST = 4000000 };

static const struct scope_column *column_named(const struct array *columns,
                                               const char *name)
{
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        if (string_equal_fold(column->name, name)) {
            return column;
        }
    }
    return NULL;
}

static bool is_used(const struct scope_source *source, const char *name)
{
    for (size_t i = 0; i < source->with_using.count; i++) {
        if (string_equal_fold(*(char **)array_at(&source->with_using, i), name)) {
            return true;
        }
    }
    return source->is_natural;
}

/* Among the sources of one query. */
static bool find_here(struct scope *scope, size_t index, const char *qualifier,
                      const char *name, struct scope_meaning *out)
{
    const struct scope_query *query = scope_query_at(scope, index);
    bool found = false;
    for (size_t i = 0; i < query->sources.count; i++) {
        const struct scope_source *source = array_at(&query->sources, i);
        if (qualifier != NULL &&
            !string_equal_fold(scope_source_name(source), qualifier)) {
            continue;
        }
        const struct array *columns = scope_source_columns(scope, source);
        if (columns != NULL) {
            scope->compared += columns->count;
            columns = scope->compared < COMPARED_MOST ? columns : NULL;
        }
        const struct scope_column *column = column_named(columns, name);
        out->is_unsure |= columns == NULL;
        if (column != NULL && !found) {
            found = true;
            out->query = index;
            out->source = i;
            out->column = column;
        } else if (column != NULL && !is_used(source, name)) {
            out->is_ambiguous = true;
        }
    }
    return found;
}

bool scope_find_column(struct scope *scope, size_t query, const char *qualifier,
                       const char *name, struct scope_meaning *out)
{
    *out = (struct scope_meaning){SCOPE_NONE, SCOPE_NONE, NULL, false, false};
    while (query != SCOPE_NONE) {
        if (find_here(scope, query, qualifier, name, out)) {
            return !out->is_ambiguous;
        }
        const struct scope_query *here = scope_query_at(scope, query);
        query = here->sees_outer ? here->outer : SCOPE_NONE;
    }
    return false;
}

void scope_commons(const struct scope *scope, size_t query, struct array *out)
{
    const struct scope_query *asked = scope_query_at(scope, query);
    size_t level = asked != NULL ? asked->level : SCOPE_NONE;
    while (level != SCOPE_NONE) {
        for (size_t i = 0; i < scope->withs.count; i++) {
            const struct scope_with *with = array_at(&scope->withs, i);
            if (with->level == level) {
                *(struct scope_common *)array_push(out) =
                    (struct scope_common){with->name, with->query, i};
            }
        }
        const struct scope_level *here = array_at(&scope->levels, level);
        level = here->parent;
    }
}
