/* complete/columns: columns in sight, with their table where two have them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

enum { OUTER_WEIGHT = 2, REFUSED_WEIGHT = 8 };

char *column_detail(const struct known_column *column, const char *of)
{
    struct text out = {0};
    const char *parts[] = {column->type, column->is_key ? "key" : NULL,
                           string_equal_fold(column->classification, "public")
                               ? NULL
                               : column->classification,
                           column->masked, column->is_deprecated ? "deprecated" : NULL};
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (parts[i] != NULL && parts[i][0] != '\0') {
            text_printf(&out, "%s%s", out.length > 0 ? ", " : "", parts[i]);
        }
    }
    text_printf(&out, "%scolumn of %s", out.length > 0 ? ", " : "", of);
    return text_take(&out);
}

static char *source_words(const struct scope_source *source,
                          const struct scope_column *column)
{
    if (column->table != NULL && column->schema != NULL) {
        return string_printf("%s.%s", column->schema, column->table);
    }
    const char *name = scope_source_name(source);
    return string_copy(column->table != NULL ? column->table
                       : name != NULL        ? name
                                             : "a subquery");
}

struct shown {
    const char *qualifier; /* NULL: none is needed */
    int weight;
};

/* In a condition of a join keys come first, and what is compared with one of its name. */
static bool joins_less(const struct search *search, const struct known_column *column)
{
    const struct scope_place *place = search->place;
    if (place->clause != SCOPE_AT_ON || column == NULL) {
        return false;
    }
    return place->compared != NULL ? !string_equal_fold(place->compared, column->name)
                                   : !column->is_key && column->definition == NULL;
}

static void offer_column(struct search *search, const struct scope_source *source,
                         const struct scope_column *column, struct shown shown)
{
    struct known_column *known =
        known_column(search->complete, column->schema, column->table, column->column);
    struct known_column nothing = {0};
    char *of = source_words(source, column);
    char *name = seek_spell(search, column->name);
    struct text text = {0};
    if (shown.qualifier != NULL) {
        sql_append_name(&text, shown.qualifier);
        text_append_char(&text, '.');
    }
    text_append(&text, name);
    bool refused = known != NULL && known->is_refused;
    shown.weight += joins_less(search, known) ? 1 : 0;
    seek_offer(search, (struct offer){
                           .kind = COMPLETE_COLUMN,
                           .weight = shown.weight + (refused ? REFUSED_WEIGHT : 0),
                           .name = column->name,
                           .text = text_take(&text),
                           .detail = column_detail(known != NULL ? known : &nothing, of),
                           .description = known != NULL ? known->description : NULL,
                           .use = known != NULL ? known->use : 0,
                       });
    free(name);
    free(of);
}

void seek_columns_of(struct search *search, const struct scope_source *source)
{
    struct array asked = ARRAY_OF(struct scope_column);
    const struct array *columns = &asked;
    if (source->columns.item_size > 0) {
        columns = scope_source_columns(search->scope, source);
    } else {
        known_answer(search->complete, source->schema, source->table, &asked);
    }
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        offer_column(search, source, array_at(columns, i), (struct shown){NULL, 0});
    }
    for (size_t i = 0; i < asked.count; i++) {
        struct scope_column *column = array_at(&asked, i);
        free(column->name);
        free(column->schema);
        free(column->table);
        free(column->column);
    }
    array_release(&asked);
}

/* How the column has to be called in the innermost query; false: it is the same as one
 * that was offered already. */
static bool needs_qualifier(struct search *search, size_t query, size_t index,
                            const struct scope_column *column, bool *needs)
{
    struct scope_meaning meaning;
    bool found = scope_find_column(search->scope, search->place->query, NULL,
                                   column->name, &meaning);
    const struct scope_query *here = scope_query(search->scope, query);
    const struct scope_source *source = array_at(&here->sources, index);
    *needs = !found || meaning.query != query || meaning.source != index;
    if (found && meaning.query == query && meaning.source != index) {
        return false; /* joined by USING or NATURAL: once is enough */
    }
    return !*needs || scope_source_name(source) != NULL;
}

static void offer_source(struct search *search, size_t query, size_t index, int weight)
{
    const struct scope_query *here = scope_query(search->scope, query);
    const struct scope_source *source = array_at(&here->sources, index);
    const struct array *columns = scope_source_columns(search->scope, source);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        bool needs;
        if (needs_qualifier(search, query, index, column, &needs)) {
            offer_column(
                search, source, column,
                (struct shown){needs ? scope_source_name(source) : NULL, weight});
        }
    }
}

/* Columns that the joined table and one before it have. */
static void offer_common(struct search *search)
{
    const struct scope_query *query = scope_query(search->scope, search->place->query);
    const struct scope_source *last = array_at(&query->sources, search->place->source);
    const struct array *columns = scope_source_columns(search->scope, last);
    for (size_t i = 0; columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        struct scope_meaning meaning;
        bool common = false;
        for (size_t k = 0; k < search->place->source && !common; k++) {
            const struct scope_source *other = array_at(&query->sources, k);
            const char *name = scope_source_name(other);
            common =
                name != NULL && scope_find_column(search->scope, search->place->query,
                                                  name, column->name, &meaning);
        }
        if (common) {
            const struct known_column *known = known_column(
                search->complete, column->schema, column->table, column->column);
            bool key = known != NULL && (known->is_key || known->definition != NULL);
            offer_column(search, last, column, (struct shown){NULL, key ? 0 : 1});
        }
    }
}

void seek_columns(struct search *search)
{
    const struct scope_place *place = search->place;
    size_t query = place->query;
    int weight = 0;
    if (place->clause == SCOPE_AT_USING && place->source != SCOPE_NONE) {
        offer_common(search);
        return;
    }
    while (query != SCOPE_NONE) {
        const struct scope_query *here = scope_query(search->scope, query);
        for (size_t i = 0; i < here->sources.count; i++) {
            offer_source(search, query, i, weight);
        }
        query = here->sees_outer ? here->outer : SCOPE_NONE;
        weight = OUTER_WEIGHT;
    }
}
