/* formatter/indent: how far a new line is indented while a person types.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <stdint.h>
#include <string.h>

enum { STEP = 4, TAB_WIDTH = 4 };

/* What was read up to the cursor. */
struct place {
    struct array open;  /* of size_t: bytes of the parentheses that are open */
    size_t closed_from; /* where the last one of an earlier line was opened; SIZE_MAX */
    struct sql_token last; /* length 0: none of this statement */
    bool in_text;          /* within a string or a quoted name */
};

static size_t line_of(const char *sql, size_t at)
{
    while (at > 0 && sql[at - 1] != '\n') {
        at--;
    }
    return at;
}

/* Of the line of a byte, as far as `end`. */
static size_t indent_of(const char *sql, size_t at, size_t end)
{
    size_t columns = 0;
    for (size_t i = line_of(sql, at); i < end && (sql[i] == ' ' || sql[i] == '\t'); i++) {
        columns =
            sql[i] == ' ' ? columns + 1 : columns / TAB_WIDTH * TAB_WIDTH + TAB_WIDTH;
    }
    return columns;
}

static void read_token(struct place *place, const char *sql, size_t line,
                       const struct sql_token *token)
{
    enum word word = word_of(sql + token->start, token->length);
    if (word == WORD_SEMICOLON) {
        array_clear(&place->open);
        place->closed_from = SIZE_MAX;
    } else if (word == WORD_OPEN) {
        *(size_t *)array_push(&place->open) = token->start;
    } else if (word == WORD_CLOSE && place->open.count > 0) {
        size_t from = *(size_t *)array_at(&place->open, place->open.count - 1);
        array_remove(&place->open, place->open.count - 1);
        if (token->start >= line && from < line) {
            place->closed_from = from;
        }
    }
    place->last = *token;
}

static void read_place(struct place *place, const char *sql, size_t length, size_t cursor)
{
    struct sql_token token = {0};
    size_t line = line_of(sql, cursor);
    while (sql_next(sql, length, token.start + token.length, &token) &&
           token.start < cursor) {
        bool within = token.start + token.length > cursor;
        bool broken = token.kind == SQL_BROKEN && token.start + token.length >= cursor;
        char first = sql[token.start];
        if ((within && token.kind != SQL_SPACE && token.kind != SQL_COMMENT) || broken) {
            place->in_text = strchr("'\"`[", first) != NULL && first != '\0';
        }
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT) {
            read_token(place, sql, line, &token);
        }
    }
}

/* Words that are followed by a list or a condition. */
static bool opens_list(enum word word)
{
    return word == WORD_SELECT || word == WORD_FROM || word == WORD_WHERE ||
           word == WORD_SET || word == WORD_VALUES || word == WORD_BY ||
           word == WORD_HAVING || word == WORD_RETURNING || word == WORD_BEGIN ||
           word == WORD_CASE || word == WORD_DISTINCT;
}

static size_t indent_at(const struct place *place, const char *sql, size_t cursor)
{
    size_t line = line_of(sql, cursor);
    size_t indent = indent_of(sql, cursor, cursor);
    enum word last = word_of(sql + place->last.start, place->last.length);
    if (place->in_text || last == WORD_SEMICOLON) {
        return 0;
    }
    if (place->open.count > 0 &&
        *(size_t *)array_at(&place->open, place->open.count - 1) >= line) {
        return indent + STEP;
    }
    if (place->closed_from != SIZE_MAX) {
        return indent_of(sql, place->closed_from, place->closed_from);
    }
    return place->last.start >= line && opens_list(last) ? indent + STEP : indent;
}

size_t formatter_indent(const char *sql, size_t length, size_t cursor)
{
    struct place place = {.open = ARRAY_OF(size_t), .closed_from = SIZE_MAX};
    cursor = cursor < length ? cursor : length;
    read_place(&place, sql, length, cursor);
    size_t indent = place.last.length > 0 ? indent_at(&place, sql, cursor)
                                          : indent_of(sql, cursor, cursor);
    array_release(&place.open);
    return indent;
}
