/* formatter/pieces: a text as tokens and comments, with what stood before each.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/formatter/private.h"

#include <sqlite3.h>
#include <string.h>

struct reader {
    const char *sql;
    size_t length;
    size_t breaks; /* of lines since the last piece; the beginning counts as many */
    bool at_start; /* a statement could begin */
    struct array *pieces;
};

static size_t count_breaks(const char *bytes, size_t length)
{
    size_t breaks = 0;
    for (size_t i = 0; i < length; i++) {
        breaks += bytes[i] == '\n';
    }
    return breaks;
}

static bool fail_at(const struct reader *in, const struct sql_token *token,
                    struct error *err)
{
    size_t line = 1 + count_breaks(in->sql, token->start);
    char first = in->sql[token->start];
    bool comment = first == '/' && token->length > 1;
    bool quote = first == '\'' || first == '"' || first == '`' || first == '[';
    if (comment || quote) {
        return error_set(err, ERROR_FAILED,
                         "could not format: the %s that is opened in line %zu is never "
                         "closed",
                         comment ? "comment" : "quote", line);
    }
    return error_set(
        err, ERROR_FAILED,
        "could not format: what begins in line %zu, byte %zu of the text, is "
        "no SQL",
        line, token->start + 1);
}

/* Without blanks at the end, which nobody sees. */
static size_t trimmed(const char *bytes, size_t length)
{
    while (length > 0 && strchr(" \t\r\f", bytes[length - 1]) != NULL &&
           bytes[length - 1] != '\0') {
        length--;
    }
    return length;
}

static struct piece *add(struct reader *in, enum piece_kind kind,
                         const struct sql_token *token)
{
    struct piece *piece = array_push(in->pieces);
    *piece = (struct piece){
        .kind = kind,
        .token = token->kind,
        .start = token->start,
        .length = token->length,
        .own_line = in->breaks > 0,
        .blank_line = in->breaks > 1 && in->pieces->count > 1,
    };
    in->breaks = 0;
    return piece;
}

/* Would it be a command if it began its line? */
static bool looks_like_command(const struct reader *in, const struct sql_token *token)
{
    char first = in->sql[token->start];
    return in->at_start && (first == '\\' || first == '.');
}

/* A command is a line: what follows on it is part of it. */
static void read_command(struct reader *in, struct sql_token *token)
{
    const char *end = memchr(in->sql + token->start, '\n', in->length - token->start);
    token->length =
        end != NULL ? (size_t)(end - in->sql) - token->start : in->length - token->start;
    struct piece *piece = add(in, PIECE_COMMAND, token);
    piece->length = trimmed(in->sql + piece->start, piece->length);
}

static void read_comment(struct reader *in, const struct sql_token *token)
{
    bool line = in->sql[token->start] == '-';
    struct piece *piece = add(in, line ? PIECE_LINE_COMMENT : PIECE_BLOCK_COMMENT, token);
    if (line) {
        piece->length = trimmed(in->sql + piece->start, piece->length);
    }
}

bool pieces_read(const char *sql, size_t length, struct array *pieces, struct error *err)
{
    struct reader in = {sql, length, 2, true, pieces};
    struct sql_token token = {0};
    while (sql_next(sql, length, token.start + token.length, &token)) {
        if (token.kind == SQL_SPACE) {
            in.breaks += count_breaks(sql + token.start, token.length);
        } else if (in.breaks > 0 && looks_like_command(&in, &token)) {
            read_command(&in, &token);
        } else if (token.kind == SQL_BROKEN || looks_like_command(&in, &token)) {
            return fail_at(&in, &token, err);
        } else if (token.kind == SQL_COMMENT) {
            read_comment(&in, &token);
        } else {
            struct piece *piece = add(&in, PIECE_TOKEN, &token);
            piece->word = word_of(sql + token.start, token.length);
            in.at_start = token.kind == SQL_SEMICOLON;
        }
    }
    pieces_mark_keywords(sql, pieces);
    return true;
}

static bool piece_equal(const char *a, const struct piece *first, const char *b,
                        const struct piece *second)
{
    if (first->kind != second->kind || first->token != second->token ||
        first->length != second->length || first->is_keyword != second->is_keyword) {
        return false;
    }
    const char *x = a + first->start, *y = b + second->start;
    return first->is_keyword ? sqlite3_strnicmp(x, y, (int)first->length) == 0
                             : memcmp(x, y, first->length) == 0;
}

bool pieces_equal(const char *a, const struct array *first, const char *b,
                  const struct array *second)
{
    bool equal = first->count == second->count;
    for (size_t i = 0; equal && i < first->count; i++) {
        equal = piece_equal(a, array_at(first, i), b, array_at(second, i));
    }
    return equal;
}
