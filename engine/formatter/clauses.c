/* formatter/clauses: which words begin clauses, and the words within them, in lists and
 * in branches of CASE.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/builder.h"

/* ---- Clauses ---- */

struct clause_row {
    enum word word;
    enum clause_kind kind;
    enum word next; /* only before this word; WORD_NONE: before any */
};

static const struct clause_row clause_rows[] = {
    {WORD_WITH, CLAUSE_WITH, WORD_NONE},
    {WORD_SELECT, CLAUSE_LIST, WORD_NONE},
    {WORD_VALUES, CLAUSE_LIST, WORD_NONE},
    {WORD_FROM, CLAUSE_FROM, WORD_NONE},
    {WORD_WHERE, CLAUSE_CONDITION, WORD_NONE},
    {WORD_GROUP, CLAUSE_LIST, WORD_BY},
    {WORD_HAVING, CLAUSE_CONDITION, WORD_NONE},
    {WORD_WINDOW, CLAUSE_LIST, WORD_NONE},
    {WORD_ORDER, CLAUSE_LIST, WORD_BY},
    {WORD_LIMIT, CLAUSE_WORDS, WORD_NONE},
    {WORD_UNION, CLAUSE_COMPOUND, WORD_NONE},
    {WORD_EXCEPT, CLAUSE_COMPOUND, WORD_NONE},
    {WORD_INTERSECT, CLAUSE_COMPOUND, WORD_NONE},
    {WORD_SET, CLAUSE_LIST, WORD_NONE},
    {WORD_RETURNING, CLAUSE_LIST, WORD_NONE},
    {WORD_ON, CLAUSE_WORDS, WORD_CONFLICT},
};

enum { CLAUSES = sizeof clause_rows / sizeof *clause_rows };

static bool is_join_word(enum word word)
{
    return word == WORD_JOIN || word == WORD_LEFT || word == WORD_RIGHT ||
           word == WORD_FULL || word == WORD_INNER || word == WORD_OUTER ||
           word == WORD_CROSS || word == WORD_NATURAL;
}

static bool behind(const struct builder *builder, enum word word)
{
    return builder->before != NULL && builder->before->word == word;
}

/* Until the query of CREATE ... AS only a query and a condition are clauses; DELETE FROM,
 * IS DISTINCT FROM and DEFAULT VALUES are none. */
static bool is_clause_here(const struct builder *builder, const struct frame *frame,
                           enum word word)
{
    if (frame->trigger) {
        return false;
    }
    if (frame->creates) {
        return word == WORD_SELECT || word == WORD_WITH || word == WORD_VALUES ||
               word == WORD_WHERE;
    }
    return !(word == WORD_FROM &&
             (behind(builder, WORD_DELETE) || behind(builder, WORD_DISTINCT))) &&
           !(word == WORD_VALUES && behind(builder, WORD_DEFAULT));
}

enum clause_kind builder_clause_of(const struct builder *builder,
                                   const struct frame *frame, const struct piece *piece)
{
    const struct piece *next = builder_peek(builder, 1);
    bool tables = frame->clause == CLAUSE_FROM || frame->clause == CLAUSE_JOIN;
    bool head = frame->in_head && frame->clause == CLAUSE_JOIN;
    if (is_join_word(piece->word) && tables && !head) {
        return CLAUSE_JOIN;
    }
    for (size_t i = 0; i < CLAUSES; i++) {
        const struct clause_row *row = &clause_rows[i];
        bool fits = row->next == WORD_NONE || (next != NULL && next->word == row->next);
        if (row->word == piece->word && fits &&
            is_clause_here(builder, frame, piece->word)) {
            return row->kind;
        }
    }
    return CLAUSE_NONE;
}

void builder_begin_clause(struct builder *builder, enum clause_kind kind,
                          const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    builder_end_clause(builder);
    if (!frame->is_empty) {
        builder_line(builder, LAYOUT_LINE);
    }
    builder_flush(builder);
    builder_open(builder, 0);
    frame->clause = kind;
    frame->is_empty = false;
    frame->in_head = true;
    if (piece->word == WORD_SELECT || piece->word == WORD_WITH) {
        frame->creates = false;
    }
    builder_put(builder, piece);
}

static bool goes_on_head(const struct frame *frame, enum word word)
{
    return word == WORD_BY || word == WORD_ALL || word == WORD_DISTINCT ||
           (frame->clause == CLAUSE_JOIN && is_join_word(word));
}

/* Behind the head: lists get a place to break. */
static void end_head(struct builder *builder)
{
    struct frame *frame = builder_frame(builder);
    frame->in_head = false;
    if (frame->clause == CLAUSE_LIST || frame->clause == CLAUSE_FROM) {
        builder_add(builder, LAYOUT_INDENT, STEP);
        frame->has_head_line = true;
        frame->head_line = builder->layout.count;
        builder_line(builder, LAYOUT_LINE);
    }
}

/* ---- Words within a clause, a list or a branch ---- */

static bool breaks_before(struct frame *frame, const struct piece *piece)
{
    if (piece->word == WORD_AND && frame->between > 0) {
        frame->between--;
        return false;
    }
    frame->between += piece->word == WORD_BETWEEN;
    bool joins = frame->clause == CLAUSE_JOIN && piece->word == WORD_ON;
    bool trigger =
        frame->trigger && (piece->word == WORD_FOR || piece->word == WORD_WHEN);
    return piece->word == WORD_AND ||
           (piece->word == WORD_OR && !frame->creates && frame->clause != CLAUSE_WORDS) ||
           joins || trigger;
}

static void put_comma(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    bool ends =
        frame->kind == FRAME_LIST ? !frame->in_window : frame->clause != CLAUSE_WORDS;
    builder_put(builder, piece);
    if (ends) {
        builder_end_item(builder);
        frame->has_commas = true;
    }
    if (frame->kind != FRAME_CASE && frame->clause != CLAUSE_WORDS) {
        builder_line(builder, LAYOUT_LINE);
    }
}

static bool has_items(const struct frame *frame)
{
    return frame->clause == CLAUSE_LIST || frame->clause == CLAUSE_FROM ||
           frame->kind == FRAME_LIST;
}

void builder_put_word(struct builder *builder, const struct piece *piece)
{
    struct frame *frame = builder_frame(builder);
    if (frame->in_head && goes_on_head(frame, piece->word)) {
        builder_put(builder, piece);
        return;
    }
    if (frame->in_head) {
        end_head(builder);
    }
    if (piece->word == WORD_COMMA) {
        put_comma(builder, piece);
        return;
    }
    if (has_items(frame)) {
        builder_begin_item(builder);
    }
    if (breaks_before(frame, piece)) {
        if (frame->kind != FRAME_LIST) {
            builder_indent_once(builder);
        }
        builder_flush(builder);
        builder_line(builder, LAYOUT_LINE);
    }
    builder_put(builder, piece);
}

/* Something that is a group of its own begins within a clause: a parenthesis, CASE. */
void builder_enter(struct builder *builder, const struct piece *piece, size_t most)
{
    struct frame *frame = builder_frame(builder);
    if (frame->in_head && frame->clause != CLAUSE_NONE) {
        end_head(builder);
    }
    if (has_items(frame)) {
        builder_begin_item(builder);
    }
    builder_flush(builder);
    if (builder_needs_space(builder, piece)) {
        builder_add(builder, LAYOUT_SPACE, 0);
        builder->before = NULL;
        builder->is_apart = false;
    }
    builder_open(builder, most);
    builder_put(builder, piece);
    builder_add(builder, LAYOUT_INDENT, STEP);
}
