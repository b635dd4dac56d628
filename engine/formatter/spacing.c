/* formatter/spacing: the blanks between two tokens. Where no rule says that there is
 * none there is one, so that two tokens never become another.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/builder.h"

static bool is_name(const struct piece *piece)
{
    return piece->token == SQL_NAME ||
           (piece->token == SQL_KEYWORD && !piece->is_keyword);
}

/* `f(`, but `INTO t (`. */
static bool is_call(const struct builder *builder)
{
    const struct piece *before = builder->before;
    if (is_name(before)) {
        return !builder->names_table;
    }
    return before->token == SQL_KEYWORD && (piece_is(builder->sql, before, "CAST") ||
                                            piece_is(builder->sql, before, "RAISE"));
}

static bool sticks_to_sign(const struct piece *piece)
{
    return piece->token == SQL_NUMBER || piece->token == SQL_PARAMETER ||
           piece->word == WORD_OPEN || is_name(piece);
}

static bool may_be_dotted(const struct piece *piece)
{
    return piece->token == SQL_NAME || piece->token == SQL_KEYWORD ||
           piece->token == SQL_STRING;
}

bool builder_needs_space(const struct builder *builder, const struct piece *piece)
{
    const struct piece *before = builder->before;
    if (builder->is_apart) { /* a comment; a line break if it needs one */
        return piece->word != WORD_COMMA && piece->word != WORD_SEMICOLON;
    }
    if (before == NULL || before->word == WORD_OPEN) {
        return false;
    }
    if (before->word == WORD_DOT) {
        return !may_be_dotted(piece) && piece->word != WORD_STAR;
    }
    switch (piece->word) {
    case WORD_COMMA:
    case WORD_SEMICOLON:
    case WORD_CLOSE:
        return false;
    case WORD_DOT:
        return !may_be_dotted(before);
    case WORD_OPEN:
        return !builder->is_unary && !is_call(builder);
    default:
        return !(builder->is_unary && sticks_to_sign(piece));
    }
}

/* Words behind which a table is named that a list of columns may follow. */
static bool starts_table(const struct builder *builder, const struct piece *piece)
{
    const struct frame *frame = builder_frame(builder);
    bool with = frame != NULL && frame->clause == CLAUSE_WITH;
    bool creates = frame != NULL && frame->creates;
    return piece->word == WORD_INTO || piece->word == WORD_TABLE ||
           piece->word == WORD_REFERENCES || piece->word == WORD_WITH ||
           (piece->is_keyword && piece_is(builder->sql, piece, "VIEW")) ||
           (with && piece->word == WORD_COMMA) || (creates && piece->word == WORD_ON);
}

static bool goes_on_table(const struct builder *builder, const struct piece *piece)
{
    return is_name(piece) || piece->word == WORD_DOT || piece->word == WORD_NOT ||
           piece->token == SQL_STRING || piece_is(builder->sql, piece, "IF") ||
           piece_is(builder->sql, piece, "EXISTS") ||
           piece_is(builder->sql, piece, "RECURSIVE");
}

static bool is_null(const struct builder *builder, const struct piece *piece)
{
    return piece->token == SQL_KEYWORD && piece_is(builder->sql, piece, "NULL");
}

void builder_note(struct builder *builder, const struct piece *piece)
{
    char sign = builder->sql[piece->start];
    builder->is_unary = piece->token == SQL_OPERATOR && piece->length == 1 &&
                        (sign == '-' || sign == '+' || sign == '~') &&
                        !builder->was_value;
    builder->was_value =
        piece_ends_operand(piece) || is_null(builder, piece) || piece->word == WORD_STAR;
    builder->names_table = starts_table(builder, piece) ||
                           (builder->names_table && goes_on_table(builder, piece));
    builder->before = piece;
    builder->is_apart = false;
}
