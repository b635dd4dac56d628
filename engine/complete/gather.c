/* complete/gather: which names the place allows.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/complete/private.h"

#include <stdlib.h>
#include <string.h>

static void seek_parameters(struct search *search)
{
    const struct array *parameters = &search->complete->workbench->parameters;
    for (size_t i = 0; i < parameters->count; i++) {
        const struct workbench_parameter *parameter = array_at(parameters, i);
        char *name = string_printf("%c%s", search->place->word[0], parameter->name);
        seek_offer(search,
                   (struct offer){.kind = COMPLETE_PARAMETER,
                                  .name = name,
                                  .text = string_copy(name),
                                  .detail = string_printf("= %s", parameter->value != NULL
                                                                      ? parameter->value
                                                                      : "NULL")});
        free(name);
    }
}

static void offer_types(struct search *search)
{
    static const char *const types[] = {"INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        seek_offer(search, (struct offer){.kind = COMPLETE_KEYWORD,
                                          .name = types[i],
                                          .text = string_copy(types[i]),
                                          .detail = string_copy("type")});
    }
}

/* Words that only one list can follow. */
static bool offer_lists(struct search *search)
{
    const struct scope_place *place = search->place;
    if (string_equal(place->before, "COLLATE")) {
        seek_library(search, "SELECT name FROM pragma_collation_list ORDER BY seq DESC",
                     "collation");
        return true;
    }
    if (string_equal(place->before, "PRAGMA")) {
        seek_library(search, "SELECT name FROM pragma_pragma_list ORDER BY name",
                     "pragma");
        return true;
    }
    if (string_equal(place->before, "AS") && place->function != NULL &&
        string_equal_fold(place->function, "cast")) {
        offer_types(search);
        return true;
    }
    return false;
}

/* What the result calls its columns: in GROUP BY, HAVING and ORDER BY. */
static void offer_result(struct search *search)
{
    const struct scope_place *place = search->place;
    const struct array *columns = scope_result_columns(search->scope, place->query);
    bool shows = place->clause == SCOPE_AT_GROUP || place->clause == SCOPE_AT_HAVING ||
                 place->clause == SCOPE_AT_ORDER;
    for (size_t i = 0; shows && columns != NULL && i < columns->count; i++) {
        const struct scope_column *column = array_at(columns, i);
        bool renamed =
            !column->is_expression && !string_equal_fold(column->name, column->column);
        if (renamed) {
            seek_offer(search, (struct offer){.kind = COMPLETE_SOURCE,
                                              .name = column->name,
                                              .detail = string_copy("of the result")});
        }
    }
}

static void offer_sources(struct search *search)
{
    enum { WEIGHT = 3 };
    size_t query = search->place->query;
    while (query != SCOPE_NONE) {
        const struct scope_query *here = scope_query(search->scope, query);
        for (size_t i = 0; i < here->sources.count; i++) {
            const struct scope_source *source = array_at(&here->sources, i);
            const char *name = scope_source_name(source);
            if (name == NULL) {
                continue;
            }
            char *of = source->kind == SCOPE_TABLE && source->schema != NULL
                           ? string_printf("%s.%s", source->schema, source->table)
                       : source->kind == SCOPE_COMMON ? string_copy("of this statement")
                       : source->kind == SCOPE_TABLE  ? string_copy(source->table)
                                                      : string_copy("a subquery");
            seek_offer(search, (struct offer){.kind = COMPLETE_SOURCE,
                                              .weight = WEIGHT,
                                              .name = name,
                                              .detail = of});
        }
        query = here->sees_outer ? here->outer : SCOPE_NONE;
    }
}

static void offer_operands(struct search *search)
{
    enum { FUNCTIONS = 6 };
    const struct scope_place *place = search->place;
    if (place->clause == SCOPE_AT_USING || place->clause == SCOPE_AT_COLUMNS) {
        seek_columns(search);
        return;
    }
    seek_values(search);
    seek_conditions(search);
    if (place->clause != SCOPE_AT_VALUES && place->clause != SCOPE_AT_LIMIT) {
        offer_result(search);
        seek_columns(search);
        offer_sources(search);
    }
    if (place->quote == 0) {
        seek_keywords(search);
        seek_functions(search, FUNCTIONS);
    }
    if (place->word[0] != '\0' && place->clause == SCOPE_AT_RESULT) {
        seek_tables(search);
    }
}

/* Behind `name.`: columns of the source it stands for, else tables of a schema. */
static void offer_behind_dot(struct search *search)
{
    const struct scope_place *place = search->place;
    size_t query = place->query;
    if (place->clause == SCOPE_AT_TABLE) {
        seek_schema(search, place->qualifier);
        return;
    }
    for (; query != SCOPE_NONE && place->schema == NULL;) {
        const struct scope_query *here = scope_query(search->scope, query);
        for (size_t i = 0; i < here->sources.count; i++) {
            const struct scope_source *source = array_at(&here->sources, i);
            if (string_equal_fold(scope_source_name(source), place->qualifier)) {
                seek_columns_of(search, source);
                return;
            }
        }
        query = here->sees_outer ? here->outer : SCOPE_NONE;
    }
    if (place->schema != NULL) {
        struct scope_source source = {
            .kind = SCOPE_TABLE, .schema = place->schema, .table = place->qualifier};
        seek_columns_of(search, &source);
    } else {
        seek_schema(search, place->qualifier);
    }
}

void seek_gather(struct search *search)
{
    const struct scope_place *place = search->place;
    char first = place->word[0];
    if (place->expects == SCOPE_EXPECTS_NOTHING) {
        return;
    }
    if (place->quote == 0 && (first == ':' || first == '@' || first == '$')) {
        seek_parameters(search);
    } else if (place->quote == '\'') {
        seek_values(search);
    } else if (place->qualifier != NULL) {
        offer_behind_dot(search);
    } else if (offer_lists(search) || seek_followers(search) ||
               place->expects == SCOPE_EXPECTS_NEW_NAME) {
        return;
    } else if (place->clause == SCOPE_AT_TABLE) {
        seek_tables(search);
        seek_keywords(search);
    } else if (place->expects == SCOPE_EXPECTS_OPERATOR) {
        seek_keywords(search);
    } else {
        offer_operands(search);
    }
}
