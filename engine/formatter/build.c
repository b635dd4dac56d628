/* formatter/build: from the pieces of a text to a layout, one token after the other.
 * Broken SQL has a layout, too: what is not open cannot be closed, what is still open at
 * the end of a statement is closed there.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/builder.h"

/* ---- Parentheses ---- */

static bool starts_query(const struct piece *piece)
{
    return piece != NULL && (piece->word == WORD_SELECT || piece->word == WORD_WITH ||
                             piece->word == WORD_VALUES);
}

static void open_parenthesis(struct builder *builder, const struct piece *piece)
{
    bool query = starts_query(builder_peek(builder, 1));
    builder_enter(builder, piece, query ? FLAT_QUERY : 0);
    builder_line(builder, LAYOUT_SOFT);
    builder_push(builder, query ? FRAME_QUERY : FRAME_LIST);
}

static void pop(struct builder *builder)
{
    array_remove(&builder->frames, builder->frames.count - 1);
}

/* Close what the innermost frame has open, and it. */
static void end_frame(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    builder_end_clause(builder);
    builder_end_item(builder);
    if (frame->kind == FRAME_BODY) {
        builder_add(builder, LAYOUT_DEDENT, STEP);
    } else if (frame->kind == FRAME_STATEMENT) {
        builder_close(builder);
    } else {
        builder_flush(builder);
        builder_add(builder, LAYOUT_DEDENT, STEP);
        builder_close(builder);
    }
    pop(builder);
}

static bool is_parenthesis(const struct frame *frame)
{
    return frame->kind == FRAME_QUERY || frame->kind == FRAME_LIST;
}

static void close_parenthesis(struct builder *builder, const struct piece *piece)
{
    while (builder_frame(builder)->kind == FRAME_CASE) {
        end_frame(builder);
    }
    struct frame *frame = builder_frame(builder);
    if (!is_parenthesis(frame)) {
        builder_put_word(builder, piece);
        return;
    }
    builder_end_clause(builder);
    builder_end_item(builder);
    builder_flush(builder);
    builder_add(builder, LAYOUT_DEDENT, STEP);
    builder_line(builder, LAYOUT_SOFT);
    builder_put(builder, piece);
    builder_close(builder);
    pop(builder);
}

/* ORDER BY and the like within a window or an aggregate: a line each. */
static bool starts_window_part(const struct builder *builder, const struct piece *piece)
{
    const struct piece *next = builder_peek(builder, 1);
    bool by = next != NULL && next->word == WORD_BY;
    return ((piece->word == WORD_ORDER || piece->word == WORD_PARTITION) && by) ||
           piece->word == WORD_ROWS || piece->word == WORD_RANGE ||
           piece->word == WORD_GROUPS;
}

static void put_window_part(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    bool is_first = !frame->in_item && !frame->has_commas && !frame->in_window;
    builder_end_item(builder);
    frame->in_window = true;
    if (!is_first) {
        builder_flush(builder);
        builder_line(builder, LAYOUT_LINE);
    }
    builder_begin_item(builder);
    builder_put(builder, piece);
}

/* ---- CASE ---- */

static void open_case(struct builder *builder, const struct piece *piece)
{
    builder_enter(builder, piece, 0);
    builder_push(builder, FRAME_CASE);
}

static void put_in_case(struct builder *builder, const struct piece *piece)
{
    if (piece->word == WORD_END) {
        builder_end_item(builder);
        builder_flush(builder);
        builder_add(builder, LAYOUT_DEDENT, STEP);
        builder_line(builder, LAYOUT_LINE);
        builder_put(builder, piece);
        builder_close(builder);
        pop(builder);
    } else if (piece->word == WORD_WHEN || piece->word == WORD_ELSE) {
        builder_end_item(builder);
        builder_flush(builder);
        builder_line(builder, LAYOUT_LINE);
        builder_begin_item(builder);
        builder_put(builder, piece);
    } else {
        builder_put_word(builder, piece);
    }
}

/* ---- Statements ---- */

static void begin_statement(struct builder *builder, const struct piece *piece)
{
    bool at_top = builder->frames.count == 0;
    if (at_top && builder->layout.count > 0) {
        builder_line(builder, piece->blank_line ? LAYOUT_EMPTY : LAYOUT_HARD);
    }
    builder->before = NULL;
    builder->was_value = builder->names_table = false;
    builder_push(builder, FRAME_STATEMENT);
    builder_open(builder, FLAT_QUERY);
}

/* Up to the body of a trigger that it stands in, or all. */
static void end_statement(struct builder *builder, const struct piece *semicolon)
{
    while (builder->frames.count > 0 && builder_frame(builder)->kind != FRAME_STATEMENT &&
           builder_frame(builder)->kind != FRAME_BODY) {
        end_frame(builder);
    }
    bool body = builder->frames.count > 0 && builder_frame(builder)->kind == FRAME_BODY;
    if (builder->frames.count > 0 && !body) {
        builder_end_clause(builder);
        builder_put(builder, semicolon);
        end_frame(builder);
    } else {
        builder_put(builder, semicolon);
    }
    if (builder->frames.count > 0) {
        builder_line(builder, LAYOUT_HARD);
    }
}

static void open_body(struct builder *builder, const struct piece *piece)
{
    builder_end_clause(builder);
    builder_flush(builder);
    builder_line(builder, LAYOUT_HARD);
    builder_put(builder, piece);
    builder_add(builder, LAYOUT_INDENT, STEP);
    builder_line(builder, LAYOUT_HARD);
    builder_push(builder, FRAME_BODY);
}

static void close_body(struct builder *builder, const struct piece *piece)
{
    builder_flush(builder);
    end_frame(builder);
    builder_line(builder, LAYOUT_HARD);
    builder_put(builder, piece);
}

/* The first words tell what is created. */
static void note_creation(struct builder *builder, struct frame *frame,
                          const struct piece *piece)
{
    if (piece->word != WORD_CREATE || !frame->is_empty) {
        return;
    }
    frame->creates = true;
    for (size_t ahead = 1; ahead <= 2; ahead++) {
        const struct piece *next = builder_peek(builder, ahead);
        frame->trigger |= next != NULL && next->word == WORD_TRIGGER;
    }
}

static void put_in_statement(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    enum clause_kind kind = builder_clause_of(builder, frame, piece);
    note_creation(builder, frame, piece);
    if (frame->trigger && piece->word == WORD_BEGIN) {
        open_body(builder, piece);
    } else if (kind != CLAUSE_NONE) {
        builder_begin_clause(builder, kind, piece);
    } else if (frame->is_empty || (frame->clause == CLAUSE_NONE)) {
        builder_begin_clause(builder, CLAUSE_WORDS, piece);
    } else {
        builder_put_word(builder, piece);
    }
}

/* ---- All pieces ---- */

/* A statement or a query that begins with no clause: with words, then. */
static void begin_words(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    bool query = frame->kind == FRAME_QUERY;
    bool closes = piece->word == WORD_CLOSE && !query;
    if ((query || frame->kind == FRAME_STATEMENT) && frame->clause == CLAUSE_NONE &&
        (piece->word == WORD_OPEN || piece->word == WORD_CASE || closes)) {
        builder_open(builder, 0);
        frame->clause = CLAUSE_WORDS;
        frame->is_empty = false;
    }
}

static void lay_out_token(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    if (piece->word == WORD_SEMICOLON) {
        end_statement(builder, piece);
        return;
    }
    if (frame != NULL && frame->kind == FRAME_BODY && piece->word == WORD_END) {
        close_body(builder, piece);
        return;
    }
    if (frame == NULL || frame->kind == FRAME_BODY) {
        begin_statement(builder, piece);
        frame = builder_frame(builder);
    }
    begin_words(builder, piece);
    if (piece->word == WORD_OPEN) {
        open_parenthesis(builder, piece);
    } else if (piece->word == WORD_CLOSE) {
        close_parenthesis(builder, piece);
    } else if (piece->word == WORD_CASE) {
        open_case(builder, piece);
    } else if (frame->kind == FRAME_STATEMENT || frame->kind == FRAME_QUERY) {
        put_in_statement(builder, piece);
    } else if (frame->kind == FRAME_CASE) {
        put_in_case(builder, piece);
    } else if (starts_window_part(builder, piece)) {
        put_window_part(builder, piece);
    } else {
        builder_put_word(builder, piece);
    }
}

/* Within a statement a comment of its own line waits for the token behind it, which may
 * end a clause or a list: then it stands with that token. */
static void lay_out_comment(struct builder *builder, const struct piece *piece)
{
    if (builder->frames.count == 0) {
        if (piece->own_line && builder->layout.count > 0) {
            builder_line(builder, piece->blank_line ? LAYOUT_EMPTY : LAYOUT_HARD);
        }
        builder_comment(builder, builder->index);
    } else if (piece->own_line || builder->held.count > 0) {
        *(size_t *)array_push(&builder->held) = builder->index;
    } else {
        builder_comment(builder, builder->index);
    }
}

struct array layout_build(const char *sql, const struct array *pieces)
{
    struct builder builder = {
        .sql = sql,
        .pieces = pieces,
        .layout = ARRAY_OF(struct layout),
        .frames = ARRAY_OF(struct frame),
        .groups = ARRAY_OF(size_t),
        .held = ARRAY_OF(size_t),
    };
    for (; builder.index < pieces->count; builder.index++) {
        const struct piece *piece = array_at(pieces, builder.index);
        if (piece->kind == PIECE_TOKEN) {
            lay_out_token(&builder, piece);
        } else {
            lay_out_comment(&builder, piece);
        }
    }
    while (builder.frames.count > 0) {
        end_frame(&builder);
    }
    builder_flush(&builder);
    array_release(&builder.frames);
    array_release(&builder.groups);
    array_release(&builder.held);
    return builder.layout;
}
