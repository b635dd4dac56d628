/* scope/read: from token to token, with a frame for each open parenthesis.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/reader.h"

#include <stdlib.h>

size_t walk_behind(const struct reader *reader)
{
    return reader->at > 0 ? scope_end(scope_token(reader->scope, reader->at - 1)) : 0;
}

/* ---- Frames ---- */

static struct frame *push_frame(struct reader *reader, enum frame_kind kind)
{
    const struct frame *around = walk_top(reader);
    struct frame frame = {
        .kind = kind,
        .clause = around != NULL ? around->clause : SCOPE_AT_START,
        .query = around != NULL ? around->query : SCOPE_NONE,
        .outer = around != NULL ? around->outer : SCOPE_NONE,
        .sees_outer = around != NULL && around->sees_outer,
        .level = around != NULL ? around->level : 0,
        .first = SCOPE_NONE,
        .source = around != NULL ? around->source : SCOPE_NONE,
        .of_query = SCOPE_NONE,
        .of_source = SCOPE_NONE,
        .of_with = SCOPE_NONE,
        .open = reader->at,
    };
    struct frame *pushed = array_push(&reader->frames);
    *pushed = frame;
    return pushed;
}

static struct frame *push_query(struct reader *reader, size_t outer, bool sees_outer)
{
    struct frame *frame = push_frame(reader, FRAME_QUERY);
    frame->clause = SCOPE_AT_START;
    frame->query = SCOPE_NONE;
    frame->source = SCOPE_NONE;
    frame->outer = outer;
    frame->sees_outer = sees_outer;
    return frame;
}

static bool is_query_next(const struct reader *reader)
{
    return scope_is_among(reader->scope, scope_token(reader->scope, reader->at + 1),
                          " SELECT WITH VALUES ");
}

/* ---- Opening ---- */

static void open_among_tables(struct reader *reader, struct frame *frame)
{
    if (!is_query_next(reader)) {
        enum scope_join join = frame->join;
        frame->reading = READ_DONE;
        frame = push_frame(reader, FRAME_TABLES);
        frame->reading = READ_EXPECT;
        frame->join = join;
        return;
    }
    struct scope_source *source = walk_add_source(reader, SCOPE_SUBQUERY);
    source->name.start = walk_token(reader)->start;
    frame->reading = READ_WHOLE;
    frame->clause = SCOPE_AT_JOIN;
    size_t query = frame->query, index = frame->source;
    frame = push_query(reader, query, false);
    frame->of_query = query;
    frame->of_source = index;
}

/* Behind the name of a table: columns of INSERT or an index, or a function's
 * arguments. */
static void open_behind_table(struct reader *reader, struct frame *frame)
{
    const struct scope_query *query = scope_query_at(reader->scope, frame->query);
    struct scope_source *source = walk_source(reader);
    bool lists = query->verb == SCOPE_INSERT || query->verb == SCOPE_OTHER;
    frame->reading = lists ? READ_DONE : READ_WHOLE;
    if (!lists && source != NULL) {
        source->kind = SCOPE_FUNCTION;
    }
    frame->clause = lists ? SCOPE_AT_OTHER : SCOPE_AT_JOIN;
    frame = push_frame(reader, lists ? FRAME_COLUMNS : FRAME_LIST);
    frame->clause = lists ? SCOPE_AT_COLUMNS : SCOPE_AT_JOIN;
}

static void open_of_with(struct reader *reader, struct frame *frame)
{
    size_t with = reader->scope->withs.count - 1;
    if (frame->reading == READ_WITH_NAMED) {
        push_frame(reader, FRAME_NAMES)->clause = SCOPE_AT_OTHER;
        return;
    }
    frame->reading = READ_WITH_DONE;
    size_t outer = frame->outer;
    push_query(reader, outer, false)->of_with = with;
}

static void open_parenthesis(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    enum reading reading = frame->reading;
    if (reader->frames.count >= SCOPE_DEEPEST) {
        reader->flat++;
    } else if (reading == READ_EXPECT) {
        open_among_tables(reader, frame);
    } else if (reading == READ_NAMED || reading == READ_WHOLE) {
        open_behind_table(reader, frame);
    } else if (reading == READ_WITH_NAMED || reading == READ_WITH_AS) {
        open_of_with(reader, frame);
    } else if (frame->clause == SCOPE_AT_USING && frame->kind != FRAME_LIST) {
        push_frame(reader, FRAME_USING);
        frame = array_at(&reader->frames, reader->frames.count - 2);
        frame->clause = SCOPE_AT_JOIN;
        frame->reading = READ_DONE;
    } else if (is_query_next(reader)) {
        push_query(reader, frame->query, true);
    } else {
        push_frame(reader, FRAME_LIST);
    }
}

/* ---- Closing ---- */

/* The first row of VALUES tells how many columns there are. */
static void count_values(struct reader *reader, const struct frame *list)
{
    struct scope_query *query = scope_query_at(reader->scope, list->query);
    if (query == NULL || query->verb != SCOPE_VALUES || query->items.count > 0) {
        return;
    }
    for (size_t i = 0; i <= list->argument && i < SCOPE_COLUMNS_MOST; i++) {
        struct scope_item *item = array_push(&query->items);
        item->alias = string_printf("column%zu", i + 1);
    }
}

static void pop_frame(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    size_t end = walk_behind(reader);
    walk_leave(reader);
    if (frame->kind == FRAME_LIST && frame->clause == SCOPE_AT_VALUES) {
        count_values(reader, frame);
    }
    if (frame->kind == FRAME_QUERY && frame->query != SCOPE_NONE) {
        struct scope_part *text = &scope_query_at(reader->scope, frame->query)->text;
        text->length = end > text->start ? end - text->start : 0;
    }
    if (frame->of_source != SCOPE_NONE) {
        struct scope_query *query = scope_query_at(reader->scope, frame->of_query);
        struct scope_source *source = array_at(&query->sources, frame->of_source);
        const struct sql_token *here = walk_token(reader);
        end = here != NULL ? scope_end(here) : end;
        source->name.length = end - source->name.start;
    }
    reader->frames.count--;
}

static void close_parenthesis(struct reader *reader)
{
    if (reader->flat > 0) {
        reader->flat--;
    } else if (reader->frames.count > 1) {
        pop_frame(reader);
    }
}

/* ---- Tokens ---- */

/* Where no expression could go on, its parenthesis was forgotten, or is yet to be
 * typed. */
static bool is_forgotten(const struct reader *reader, const struct frame *frame,
                         const struct sql_token *token)
{
    const struct scope *scope = reader->scope;
    const struct sql_token *before =
        reader->at > 0 ? scope_token(scope, reader->at - 1) : NULL;
    if (frame->kind == FRAME_QUERY || frame->kind == FRAME_TABLES) {
        return false;
    }
    if (scope_is(scope, token, "WHERE")) {
        const struct sql_token *function =
            frame->open > 0 ? scope_token(scope, frame->open - 1) : NULL;
        return !scope_is(scope, function, "FILTER");
    }
    if (scope_is(scope, token, "FROM")) {
        return !scope_is(scope, before, "DISTINCT");
    }
    return scope_is_among(scope, token,
                          " GROUP HAVING LIMIT UNION EXCEPT INTERSECT JOIN ");
}

static void take_name(struct reader *reader, const struct sql_token *token)
{
    const struct frame *frame = walk_top(reader);
    struct array *names = NULL;
    if (frame->kind == FRAME_USING && walk_source(reader) != NULL) {
        names = &walk_source(reader)->with_using;
    } else if (frame->kind == FRAME_NAMES) {
        struct scope_with *with =
            array_at(&reader->scope->withs, reader->scope->withs.count - 1);
        names = &with->names;
    }
    if (names != NULL && scope_is_name(token) && names->count < SCOPE_COLUMNS_MOST) {
        *(char **)array_push(names) = scope_name_of(reader->scope, token);
    }
}

static void take_comma(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    bool tables = frame->kind == FRAME_QUERY || frame->kind == FRAME_TABLES;
    frame->argument++;
    if (!tables) {
        return;
    }
    if (frame->reading == READ_WITH_DONE || frame->reading == READ_WITH_NAMED) {
        frame->reading = READ_WITH_NAME;
    } else if (frame->clause == SCOPE_AT_JOIN || frame->clause == SCOPE_AT_ON ||
               frame->clause == SCOPE_AT_USING || frame->clause == SCOPE_AT_TABLE) {
        walk_enter(reader, SCOPE_AT_TABLE);
        frame->reading = READ_EXPECT;
        frame->join = SCOPE_COMMA;
        frame->is_natural = false;
    } else if (frame->clause == SCOPE_AT_RESULT) {
        scope_item_add(reader->scope, frame->query, frame->item, reader->at);
        frame->item = reader->at + 1;
    }
}

static void take_token(struct reader *reader)
{
    const struct sql_token *token = walk_token(reader);
    while (is_forgotten(reader, walk_top(reader), token)) {
        reader->flat = 0;
        pop_frame(reader);
    }
    struct frame *frame = walk_top(reader);
    bool tables = frame->kind == FRAME_QUERY || frame->kind == FRAME_TABLES;
    if (scope_is(reader->scope, token, "(")) {
        open_parenthesis(reader);
    } else if (scope_is(reader->scope, token, ")")) {
        close_parenthesis(reader);
    } else if (reader->flat > 0) {
        return;
    } else if (tables && token->kind == SQL_KEYWORD && walk_keyword(reader, token)) {
        return;
    } else if (tables && (walk_with(reader, token) || walk_table(reader, token))) {
        return;
    } else if (scope_is(reader->scope, token, ",")) {
        take_comma(reader);
    } else if (token->kind == SQL_SEMICOLON) {
        walk_enter(reader, SCOPE_AT_START); /* in the body of a trigger */
        frame->reading = READ_NOTHING;
    } else {
        take_name(reader, token);
    }
}

void scope_read(struct scope *scope, size_t at)
{
    struct reader reader = {.scope = scope, .frames = ARRAY_OF(struct frame)};
    array_push(&scope->levels);
    *(struct scope_level *)array_at(&scope->levels, 0) = (struct scope_level){SCOPE_NONE};
    push_frame(&reader, FRAME_QUERY);
    for (; reader.at < scope->tokens.count; reader.at++) {
        if (reader.at == at) {
            walk_place(&reader);
        }
        take_token(&reader);
    }
    if (at >= scope->tokens.count) {
        walk_place(&reader);
    }
    while (reader.frames.count > 0) {
        pop_frame(&reader);
    }
    array_release(&reader.frames);
}
