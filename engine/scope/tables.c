/* scope/tables: names of tables, their aliases, names of WITH.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/reader.h"

#include <stdlib.h>

struct scope_source *walk_source(const struct reader *reader)
{
    const struct frame *frame = walk_top(reader);
    const struct scope_query *query = scope_query_at(reader->scope, frame->query);
    return query != NULL && query->sources.count > 0
               ? array_at(&query->sources, query->sources.count - 1)
               : NULL;
}

struct scope_source *walk_add_source(struct reader *reader, enum scope_kind kind)
{
    struct frame *frame = walk_top(reader);
    struct scope_query *query = scope_query_at(reader->scope, frame->query);
    struct scope_source *source = array_push(&query->sources);
    *source = (struct scope_source){
        .kind = kind,
        .join = query->sources.count == 1 ? SCOPE_FIRST : frame->join,
        .is_natural = frame->is_natural,
        .query = SCOPE_NONE,
        .with_using = ARRAY_OF(char *),
        .common = SCOPE_NONE,
        .columns = ARRAY_OF(struct scope_column),
    };
    frame->source = query->sources.count - 1;
    frame->is_natural = false;
    return source;
}

static bool expect_table(struct reader *reader, const struct sql_token *token)
{
    struct frame *frame = walk_top(reader);
    static const char between[] =
        " OR ROLLBACK ABORT REPLACE FAIL IGNORE IF NOT EXISTS ONLY LATERAL ";
    if (scope_is_among(reader->scope, token, between)) {
        return true;
    }
    if (!scope_is_name(token)) {
        return false;
    }
    struct scope_source *source = walk_add_source(reader, SCOPE_TABLE);
    source->table = scope_name_of(reader->scope, token);
    source->name = (struct scope_part){token->start, token->length};
    frame->clause = SCOPE_AT_JOIN;
    frame->reading = READ_NAMED;
    return true;
}

static void name_alias(struct reader *reader, const struct sql_token *token)
{
    struct scope_source *source = walk_source(reader);
    if (source->alias == NULL) {
        source->alias = scope_name_of(reader->scope, token);
    }
    walk_top(reader)->reading = READ_DONE;
}

static bool behind_name(struct reader *reader, const struct sql_token *token)
{
    struct frame *frame = walk_top(reader);
    struct scope_source *source = walk_source(reader);
    if (frame->reading == READ_NAMED && scope_is(reader->scope, token, ".")) {
        source->schema = source->table;
        source->table = NULL;
        frame->reading = READ_DOTTED;
        source->name.length = scope_end(token) - source->name.start;
        return true;
    }
    if (scope_is(reader->scope, token, "AS")) {
        frame->reading = READ_AS;
        return true;
    }
    if (token->kind == SQL_NAME || token->kind == SQL_STRING) {
        name_alias(reader, token);
        return true;
    }
    frame->reading = READ_DONE;
    return false;
}

bool walk_table(struct reader *reader, const struct sql_token *token)
{
    struct frame *frame = walk_top(reader);
    struct scope_source *source = walk_source(reader);
    switch (frame->reading) {
    case READ_EXPECT:
        return expect_table(reader, token);
    case READ_NAMED:
    case READ_WHOLE:
        return behind_name(reader, token);
    case READ_DOTTED:
        frame->reading = READ_WHOLE;
        if (!scope_is_name(token)) {
            return false;
        }
        source->table = scope_name_of(reader->scope, token);
        source->name.length = scope_end(token) - source->name.start;
        return true;
    case READ_AS:
        if (scope_is_name(token)) {
            name_alias(reader, token);
            return true;
        }
        frame->reading = READ_DONE;
        return false;
    default:
        return false;
    }
}

static void add_with(struct reader *reader, const struct sql_token *token)
{
    struct scope_with *with = array_push(&reader->scope->withs);
    *with = (struct scope_with){
        .name = scope_name_of(reader->scope, token),
        .level = walk_top(reader)->level,
        .query = SCOPE_NONE,
        .names = ARRAY_OF(char *),
        .columns = ARRAY_OF(struct scope_column),
    };
}

bool walk_with(struct reader *reader, const struct sql_token *token)
{
    struct frame *frame = walk_top(reader);
    if (frame->reading == READ_WITH_NAME) {
        if (!scope_is(reader->scope, token, "RECURSIVE") && scope_is_name(token)) {
            add_with(reader, token);
            frame->reading = READ_WITH_NAMED;
        }
        return true;
    }
    if (frame->reading == READ_WITH_NAMED && scope_is(reader->scope, token, "AS")) {
        frame->reading = READ_WITH_AS;
        return true;
    }
    return frame->reading == READ_WITH_AS; /* NOT MATERIALIZED */
}
