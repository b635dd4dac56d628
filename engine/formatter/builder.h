/* formatter/builder: a layout on its way. build.c goes through the pieces, builder.c
 * keeps frames, groups and items, spacing.c the blanks between two tokens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FORMATTER_BUILDER_H
#define MWB_FORMATTER_BUILDER_H

#include "engine/formatter/private.h"

enum { STEP = 4, FLAT_QUERY = 60 }; /* columns */

enum frame_kind {
    FRAME_STATEMENT, /* at the top, or in the body of a trigger */
    FRAME_QUERY,     /* in parentheses */
    FRAME_LIST,      /* anything else in parentheses */
    FRAME_CASE,
    FRAME_BODY, /* of a trigger */
};

enum clause_kind {
    CLAUSE_NONE,
    CLAUSE_WORDS,     /* no place to break */
    CLAUSE_LIST,      /* an item a line when it does not fit */
    CLAUSE_FROM,      /* the same, and joins may follow */
    CLAUSE_CONDITION, /* breaks before AND and OR */
    CLAUSE_JOIN,      /* and before ON */
    CLAUSE_WITH,      /* breaks behind commas */
    CLAUSE_COMPOUND,  /* UNION and the like: a line of its own */
};

/* What is open. A clause has a head (GROUP BY), then items. */
struct frame {
    enum frame_kind kind;
    enum clause_kind clause;
    bool in_head, has_head_line, has_commas, in_item, is_indented;
    bool is_empty;         /* no clause yet */
    bool creates, trigger; /* CREATE, CREATE TRIGGER, up to its query or body */
    bool in_window;        /* behind ORDER BY or PARTITION BY in a list */
    size_t head_line;      /* the break behind the head */
    size_t between;        /* BETWEEN whose AND is still to come */
};

struct builder {
    const char *sql;
    const struct array *pieces;
    size_t index; /* of the piece that is laid out */
    struct array layout, frames;
    struct array groups;        /* of size_t: those that are open */
    struct array held;          /* of size_t: comments until the next token */
    size_t columns;             /* so far, if all were flat */
    const struct piece *before; /* the last token; NULL at the start of a statement */
    bool is_apart;              /* something that parts tokens was written since */
    bool is_unary, was_value;   /* of that token: a sign; it ends an operand */
    bool names_table;           /* behind INTO, TABLE: a list of columns may follow */
};

/* Instructions. */
struct layout *builder_add(struct builder *builder, enum layout_kind kind, size_t amount);
void builder_line(struct builder *builder, enum layout_kind kind); /* a place to break */
void builder_open(struct builder *builder, size_t most);
void builder_close(struct builder *builder);
void builder_force(struct builder *builder); /* the open group cannot be flat */
void builder_comment(struct builder *builder, size_t index);
void builder_flush(struct builder *builder); /* the comments that were held */
void builder_put(struct builder *builder, const struct piece *piece);

/* Frames. */
struct frame *builder_frame(const struct builder *builder); /* NULL: none is open */
struct frame *builder_push(struct builder *builder, enum frame_kind kind);
void builder_begin_item(struct builder *builder);
void builder_end_item(struct builder *builder);
void builder_end_clause(struct builder *builder);
void builder_indent_once(struct builder *builder); /* until the item ends */
/* The token `ahead` tokens behind the one that is laid out; NULL: none. */
const struct piece *builder_peek(const struct builder *builder, size_t ahead);

/* Clauses and what stands in them (clauses.c). CLAUSE_NONE: the token begins none. */
enum clause_kind builder_clause_of(const struct builder *builder,
                                   const struct frame *frame, const struct piece *piece);
void builder_begin_clause(struct builder *builder, enum clause_kind kind,
                          const struct piece *piece);
void builder_put_word(struct builder *builder, const struct piece *piece);
void builder_enter(struct builder *builder, const struct piece *piece, size_t most);

/* Is there a blank between the token before and this one? (spacing.c) */
bool builder_needs_space(const struct builder *builder, const struct piece *piece);
/* The token was written: what follows is spaced by it. */
void builder_note(struct builder *builder, const struct piece *piece);

#endif
