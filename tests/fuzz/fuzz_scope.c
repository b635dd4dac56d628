/* fuzz_scope: any bytes as a statement, the cursor anywhere. What is told lies within the
 * text, names that are found are in sight, and every place is one of those there are.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "engine/scope.h"
#include "engine/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Tables whose names have even lengths are known, with three columns each. */
static bool columns_of(void *owner, const char *schema, const char *table,
                       struct array *columns)
{
    static const char *const names[] = {"a", "b", "id"};
    (void)owner;
    for (size_t i = 0; strlen(table) % 2 == 0 && i < 3; i++) {
        struct scope_column *column = array_push(columns);
        column->name = string_copy(names[i]);
        column->schema = string_copy(schema);
        column->table = string_copy(table);
        column->column = string_copy(names[i]);
    }
    return columns->count > 0;
}

static void check_part(struct scope_part part, size_t length)
{
    must(part.start <= length && part.length <= length - part.start);
}

static void check_source(struct scope *scope, size_t query, size_t index, size_t length)
{
    const struct scope_query *here = scope_query(scope, query);
    const struct scope_source *source = array_at(&here->sources, index);
    const struct array *columns = scope_source_columns(scope, source);
    check_part(source->name, length);
    check_part(source->on, length);
    must(columns == NULL || columns->count <= SCOPE_COLUMNS_MOST);
    for (size_t i = 0; columns != NULL && i < columns->count && i < 4; i++) {
        const struct scope_column *column = array_at(columns, i);
        struct scope_meaning meaning;
        must(column->name != NULL);
        if (scope_find_column(scope, query, scope_source_name(source), column->name,
                              &meaning)) {
            must(meaning.column != NULL && meaning.query < scope_query_count(scope));
        }
    }
}

static void check_query(struct scope *scope, size_t query, size_t length)
{
    const struct scope_query *here = scope_query(scope, query);
    const struct scope_part parts[] = {here->text,  here->result, here->where,
                                       here->group, here->having, here->order};
    struct array commons = ARRAY_OF(struct scope_common);
    must(here->outer == SCOPE_NONE || here->outer < scope_query_count(scope));
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        check_part(parts[i], length);
    }
    for (size_t i = 0; i < here->sources.count && i < 50; i++) {
        check_source(scope, query, i, length);
    }
    scope_result_columns(scope, query);
    scope_commons(scope, query, &commons);
    for (size_t i = 0; i < commons.count && i < 50; i++) {
        const struct scope_common *common = array_at(&commons, i);
        scope_common_columns(scope, common->number);
    }
    array_release(&commons);
}

static void check_place(const struct scope *scope, size_t cursor)
{
    const struct scope_place *place = scope_place(scope);
    must(place->word_start <= cursor && place->word != NULL);
    must(place->clause <= SCOPE_AT_OTHER && place->expects <= SCOPE_EXPECTS_NOTHING);
    must(place->query == SCOPE_NONE || place->query < scope_query_count(scope));
    must(place->source == SCOPE_NONE ||
         place->source < scope_query(scope, place->query)->sources.count);
    must(place->compared != NULL || place->compared_qualifier == NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t cursor = size > 0 ? data[0] * size / 256 : 0;
    char *sql = string_copy_bytes((const char *)data, size);
    for (int i = 0; i < 2; i++, cursor = size) {
        const struct scope_spec spec = {
            .sql = sql, .length = size, .cursor = cursor, .columns = columns_of};
        struct scope *scope = scope_new(&spec);
        check_place(scope, cursor);
        for (size_t k = 0; k < scope_query_count(scope) && k < 200; k++) {
            check_query(scope, k, size);
        }
        scope_free(scope);
    }
    free(sql);
    return 0;
}
