/* scope/clauses: keywords that begin queries and their clauses.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/reader.h"

/* ---- Clauses have a beginning and an end ---- */

static struct scope_part *part_of(const struct reader *reader, const struct frame *frame)
{
    struct scope_query *query = scope_query_at(reader->scope, frame->query);
    struct scope_source *source = walk_source(reader);
    if (query == NULL) {
        return NULL;
    }
    switch (frame->clause) {
    case SCOPE_AT_RESULT:
        return &query->result;
    case SCOPE_AT_ON:
        return source != NULL ? &source->on : NULL;
    case SCOPE_AT_WHERE:
        return &query->where;
    case SCOPE_AT_GROUP:
        return &query->group;
    case SCOPE_AT_HAVING:
        return &query->having;
    case SCOPE_AT_ORDER:
        return &query->order;
    default:
        return NULL;
    }
}

void walk_leave(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    if (frame->kind != FRAME_QUERY && frame->kind != FRAME_TABLES) {
        return;
    }
    struct scope_part *part = part_of(reader, frame);
    size_t end = walk_behind(reader);
    if (part != NULL) {
        part->length = end > part->start ? end - part->start : 0;
    }
    if (frame->clause == SCOPE_AT_RESULT && frame->kind == FRAME_QUERY) {
        scope_item_add(reader->scope, frame->query, frame->item, reader->at);
    }
}

void walk_enter(struct reader *reader, enum scope_clause clause)
{
    struct frame *frame = walk_top(reader);
    walk_leave(reader);
    frame->clause = clause;
    frame->reading = READ_NOTHING;
    frame->item = reader->at + 1;
    struct scope_part *part = part_of(reader, frame);
    if (part != NULL && walk_token(reader) != NULL) {
        part->start = scope_end(walk_token(reader));
        part->length = 0;
    }
}

/* ---- Queries ---- */

static void end_query(struct reader *reader)
{
    struct scope_query *query = scope_query_at(reader->scope, walk_top(reader)->query);
    if (query != NULL) {
        size_t end = walk_behind(reader);
        query->text.length = end > query->text.start ? end - query->text.start : 0;
    }
}

/* The query in parentheses that a table or a name of WITH is, is known. */
static void tell_owner(const struct reader *reader, const struct frame *frame)
{
    if (frame->of_source != SCOPE_NONE) {
        struct scope_query *query = scope_query_at(reader->scope, frame->of_query);
        struct scope_source *source = array_at(&query->sources, frame->of_source);
        source->query = frame->first;
    } else if (frame->of_with != SCOPE_NONE) {
        struct scope_with *with = array_at(&reader->scope->withs, frame->of_with);
        with->query = frame->first;
    }
}

void walk_begin_query(struct reader *reader, enum scope_verb verb)
{
    struct scope *scope = reader->scope;
    struct frame *frame = walk_top(reader);
    walk_leave(reader);
    end_query(reader);
    struct scope_query *query = array_push(&scope->queries);
    *query = (struct scope_query){
        .verb = verb,
        .outer = frame->outer,
        .sees_outer = frame->sees_outer,
        .compound_of = frame->is_compound ? frame->first : SCOPE_NONE,
        .text = {.start = walk_token(reader)->start},
        .sources = ARRAY_OF(struct scope_source),
        .items = ARRAY_OF(struct scope_item),
        .columns = ARRAY_OF(struct scope_column),
        .level = frame->level,
    };
    frame->query = scope->queries.count - 1;
    frame->source = SCOPE_NONE;
    frame->clause = SCOPE_AT_OTHER;
    frame->join = SCOPE_FIRST;
    frame->is_natural = false;
    if (frame->first == SCOPE_NONE) {
        frame->first = frame->query;
        tell_owner(reader, frame);
    }
    frame->is_compound = false;
}

/* ---- Keywords: what each does ---- */

static bool begin_select(struct reader *reader)
{
    walk_begin_query(reader, SCOPE_SELECT);
    walk_enter(reader, SCOPE_AT_RESULT);
    return true;
}

static bool begin_values(struct reader *reader)
{
    const struct frame *frame = walk_top(reader);
    const struct scope_query *query = scope_query_at(reader->scope, frame->query);
    if (query == NULL || query->verb != SCOPE_INSERT || frame->clause == SCOPE_AT_START) {
        walk_begin_query(reader, SCOPE_VALUES);
    }
    walk_enter(reader, SCOPE_AT_VALUES);
    return true;
}

static bool begin_with(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    if (frame->clause != SCOPE_AT_START) {
        walk_enter(reader, SCOPE_AT_START); /* INSERT INTO t WITH ... */
    }
    struct scope_level *level = array_push(&reader->scope->levels);
    level->parent = frame->level;
    frame->level = reader->scope->levels.count - 1;
    frame->reading = READ_WITH_NAME;
    return true;
}

static bool begins_statement(const struct reader *reader)
{
    return walk_top(reader)->clause == SCOPE_AT_START;
}

static void expect_table(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    walk_enter(reader, SCOPE_AT_TABLE);
    frame->reading = READ_EXPECT;
    frame->join = SCOPE_FIRST;
}

static bool begin_insert(struct reader *reader)
{
    if (begins_statement(reader)) {
        walk_begin_query(reader, SCOPE_INSERT);
        walk_top(reader)->reading = READ_NOTHING;
    }
    return true;
}

static bool begin_update(struct reader *reader)
{
    if (begins_statement(reader)) {
        walk_begin_query(reader, SCOPE_UPDATE);
        expect_table(reader);
    }
    return true;
}

static bool begin_delete(struct reader *reader)
{
    if (begins_statement(reader)) {
        walk_begin_query(reader, SCOPE_DELETE);
        walk_top(reader)->reading = READ_NOTHING;
    }
    return true;
}

static bool begin_other(struct reader *reader)
{
    if (!begins_statement(reader)) {
        return false;
    }
    walk_begin_query(reader, SCOPE_OTHER);
    walk_top(reader)->reading = READ_NOTHING;
    if (scope_is_among(reader->scope, walk_token(reader), " ANALYZE REINDEX ")) {
        expect_table(reader);
    }
    return true;
}

/* A table that is there is named: DROP TABLE, ALTER TABLE. */
static bool name_table(struct reader *reader)
{
    const struct sql_token *before =
        reader->at > 0 ? scope_token(reader->scope, reader->at - 1) : NULL;
    if (!scope_is_among(reader->scope, before, " DROP ALTER ")) {
        return false;
    }
    expect_table(reader);
    return true;
}

static bool into_table(struct reader *reader)
{
    if (walk_top(reader)->query == SCOPE_NONE) {
        return false;
    }
    expect_table(reader);
    return true;
}

static bool from_tables(struct reader *reader)
{
    const struct scope *scope = reader->scope;
    const struct sql_token *before = scope_token(scope, reader->at - (reader->at > 0));
    const struct sql_token *first =
        reader->at > 1 ? scope_token(scope, reader->at - 2) : NULL;
    bool distinct =
        scope_is(scope, before, "DISTINCT") && scope_is_among(scope, first, " IS NOT ");
    if (walk_top(reader)->query == SCOPE_NONE || distinct) {
        return false;
    }
    expect_table(reader);
    return true;
}

static bool is_among_tables(const struct frame *frame)
{
    return frame->clause == SCOPE_AT_TABLE || frame->clause == SCOPE_AT_JOIN ||
           frame->clause == SCOPE_AT_ON || frame->clause == SCOPE_AT_USING;
}

static bool say_join(struct reader *reader)
{
    static const struct {
        const char *word;
        enum scope_join join;
    } joins[] = {
        {"LEFT", SCOPE_LEFT},   {"RIGHT", SCOPE_RIGHT}, {"FULL", SCOPE_FULL},
        {"CROSS", SCOPE_CROSS}, {"INNER", SCOPE_INNER},
    };
    struct frame *frame = walk_top(reader);
    const struct sql_token *token = walk_token(reader);
    if (!is_among_tables(frame)) {
        return false;
    }
    if (frame->clause != SCOPE_AT_JOIN || frame->reading != READ_DONE) {
        walk_enter(reader, SCOPE_AT_JOIN);
        frame->reading = READ_DONE;
        frame->join = SCOPE_INNER;
    }
    frame->is_natural |= scope_is(reader->scope, token, "NATURAL");
    for (size_t i = 0; i < sizeof joins / sizeof *joins; i++) {
        if (scope_is(reader->scope, token, joins[i].word)) {
            frame->join = joins[i].join;
        }
    }
    return true;
}

static bool join_table(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    const struct sql_token *before =
        scope_token(reader->scope, reader->at - (reader->at > 0));
    if (!is_among_tables(frame)) {
        return false;
    }
    if (!scope_is_among(reader->scope, before,
                        " LEFT RIGHT FULL CROSS INNER OUTER NATURAL ")) {
        frame->join = SCOPE_INNER;
        frame->is_natural = false;
    }
    walk_enter(reader, SCOPE_AT_TABLE);
    frame->reading = READ_EXPECT;
    return true;
}

static bool on_condition(struct reader *reader)
{
    const struct frame *frame = walk_top(reader);
    const struct scope_query *query = scope_query_at(reader->scope, frame->query);
    if (query != NULL && query->verb == SCOPE_OTHER && !is_among_tables(frame)) {
        expect_table(reader); /* CREATE INDEX i ON t, CREATE TRIGGER x AFTER ... ON t */
    } else if (is_among_tables(frame) && walk_source(reader) != NULL) {
        walk_enter(reader, SCOPE_AT_ON);
    } else {
        walk_enter(reader, SCOPE_AT_OTHER); /* ON CONFLICT */
    }
    return true;
}

static bool using_columns(struct reader *reader)
{
    if (!is_among_tables(walk_top(reader))) {
        return false;
    }
    walk_enter(reader, SCOPE_AT_USING);
    return true;
}

static bool compound(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    walk_enter(reader, SCOPE_AT_START);
    frame->is_compound = frame->first != SCOPE_NONE;
    return true;
}

/* The body of a trigger sees the row before and behind the change. */
static bool begin_body(struct reader *reader)
{
    struct frame *frame = walk_top(reader);
    struct scope_query *query = scope_query_at(reader->scope, frame->query);
    if (query == NULL || query->verb != SCOPE_OTHER || query->sources.count != 1) {
        return false;
    }
    const struct scope_source *written = array_at(&query->sources, 0);
    char *schema = string_copy(written->schema), *table = string_copy(written->table);
    walk_source(reader)->alias = string_copy("new");
    struct scope_source *old = walk_add_source(reader, SCOPE_TABLE);
    old->schema = schema;
    old->table = table;
    old->alias = string_copy("old");
    walk_enter(reader, SCOPE_AT_START);
    frame->outer = frame->query;
    frame->sees_outer = true;
    return true;
}

struct keyword {
    const char *words;
    enum scope_clause clause;
    bool (*act)(struct reader *reader); /* NULL: the clause begins */
};

static const struct keyword keywords[] = {
    {" SELECT ", 0, begin_select},
    {" VALUES ", 0, begin_values},
    {" WITH ", 0, begin_with},
    {" INSERT REPLACE ", 0, begin_insert},
    {" UPDATE ", 0, begin_update},
    {" DELETE ", 0, begin_delete},
    {" CREATE DROP ALTER PRAGMA ATTACH DETACH REINDEX ANALYZE VACUUM ", 0, begin_other},
    {" BEGIN ", 0, begin_body},
    {" TABLE VIEW ", 0, name_table},
    {" INTO ", 0, into_table},
    {" FROM ", 0, from_tables},
    {" NATURAL LEFT RIGHT FULL OUTER INNER CROSS ", 0, say_join},
    {" JOIN ", 0, join_table},
    {" ON ", 0, on_condition},
    {" USING ", 0, using_columns},
    {" UNION EXCEPT INTERSECT ", 0, compound},
    {" WHERE ", SCOPE_AT_WHERE, NULL},
    {" GROUP ", SCOPE_AT_GROUP, NULL},
    {" HAVING ", SCOPE_AT_HAVING, NULL},
    {" WINDOW ", SCOPE_AT_WINDOW, NULL},
    {" ORDER ", SCOPE_AT_ORDER, NULL},
    {" LIMIT OFFSET ", SCOPE_AT_LIMIT, NULL},
    {" RETURNING ", SCOPE_AT_RESULT, NULL},
    {" SET ", SCOPE_AT_SET, NULL},
};

bool walk_keyword(struct reader *reader, const struct sql_token *token)
{
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++) {
        if (!scope_is_among(reader->scope, token, keywords[i].words)) {
            continue;
        }
        if (keywords[i].act != NULL) {
            return keywords[i].act(reader);
        }
        if (walk_top(reader)->query == SCOPE_NONE) {
            return false;
        }
        walk_enter(reader, keywords[i].clause);
        return true;
    }
    return false;
}
