/* scope/reader: the state of reading: frames, one for each open parenthesis.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SCOPE_READER_H
#define MWB_SCOPE_READER_H

#include "engine/scope/private.h"

enum frame_kind {
    FRAME_QUERY,   /* the text itself, a query in parentheses */
    FRAME_TABLES,  /* joined tables in parentheses */
    FRAME_LIST,    /* an expression, arguments, values */
    FRAME_USING,   /* columns of USING */
    FRAME_COLUMNS, /* columns of INSERT, of an index */
    FRAME_NAMES,   /* columns of a name of WITH */
};

/* How far a table, or a name of WITH, is read. */
enum reading {
    READ_NOTHING,
    READ_EXPECT, /* a table, or a parenthesis */
    READ_NAMED,  /* its first name is there: a dot may follow */
    READ_DOTTED, /* the dot is there */
    READ_WHOLE,  /* AS or an alias may follow */
    READ_AS,
    READ_DONE,
    READ_WITH_NAME,
    READ_WITH_NAMED, /* its columns or AS may follow */
    READ_WITH_AS,    /* its query is to follow */
    READ_WITH_DONE,  /* a comma or the statement may follow */
};

struct frame {
    enum frame_kind kind;
    enum scope_clause clause;
    enum reading reading;
    enum scope_join join; /* of the next table */
    bool is_natural;
    size_t query; /* that is being read; SCOPE_NONE: none has begun */
    size_t first; /* that began in this frame, for compounds */
    size_t outer; /* around this frame */
    bool sees_outer, is_compound;
    size_t level;
    size_t source;                       /* the last of the query; SCOPE_NONE */
    size_t of_query, of_source, of_with; /* whose query this is */
    size_t item;                         /* token where the expression begins */
    size_t open;                         /* token of its parenthesis */
    size_t argument;                     /* commas so far, in a list */
};

struct reader {
    struct scope *scope;
    struct array frames;
    size_t at;   /* index of the token */
    size_t flat; /* parentheses deeper than we follow */
};

static inline struct frame *walk_top(const struct reader *reader)
{
    return array_at(&reader->frames, reader->frames.count - 1);
}
static inline const struct sql_token *walk_token(const struct reader *reader)
{
    return scope_token(reader->scope, reader->at);
}
/* Where the token before ends. */
size_t walk_behind(const struct reader *reader);

/* A clause of the query in the top frame ends here, another begins behind the token. */
void walk_enter(struct reader *reader, enum scope_clause clause);
void walk_leave(struct reader *reader); /* the clause ends */
void walk_begin_query(struct reader *reader, enum scope_verb verb);
/* A keyword that begins a clause, or the like; false: it is none. */
bool walk_keyword(struct reader *reader, const struct sql_token *token);

struct scope_source *walk_add_source(struct reader *reader, enum scope_kind kind);
struct scope_source *walk_source(const struct reader *reader); /* the last one */
/* A token of a table's name and alias, of a name of WITH; false: it is not. */
bool walk_table(struct reader *reader, const struct sql_token *token);
bool walk_with(struct reader *reader, const struct sql_token *token);

/* The place of the cursor, which is before the token. */
void walk_place(struct reader *reader);

#endif
