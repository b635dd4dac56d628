/* scope/place: what may stand at the cursor.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/scope/reader.h"

#include <ctype.h>

/* The index of the token before the word and its qualifiers; both names are taken. */
static size_t take_qualifiers(const struct scope *scope, size_t at,
                              struct scope_place *place)
{
    char **names[] = {&place->qualifier, &place->schema};
    for (size_t i = 0; i < 2; i++) {
        const struct sql_token *dot = at >= 2 ? scope_token(scope, at - 1) : NULL;
        const struct sql_token *name = at >= 2 ? scope_token(scope, at - 2) : NULL;
        if (dot == NULL || !scope_is(scope, dot, ".") || !scope_is_name(name)) {
            break;
        }
        *names[i] = scope_name_of(scope, name);
        at -= 2;
    }
    return at;
}

static void take_keyword_before(const struct scope *scope, size_t at,
                                struct scope_place *place)
{
    const struct sql_token *before = at > 0 ? scope_token(scope, at - 1) : NULL;
    if (before == NULL || before->kind != SQL_KEYWORD ||
        before->length >= sizeof place->before) {
        return;
    }
    for (size_t i = 0; i < before->length; i++) {
        place->before[i] = (char)toupper((unsigned char)scope->sql[before->start + i]);
    }
}

static enum scope_expects expects_of(const struct scope *scope, const struct frame *frame,
                                     size_t at)
{
    const struct sql_token *before = at > 0 ? scope_token(scope, at - 1) : NULL;
    if (frame->reading == READ_AS || frame->reading == READ_WITH_NAME ||
        frame->kind == FRAME_NAMES ||
        (scope_is(scope, before, "AS") && frame->clause == SCOPE_AT_RESULT &&
         frame->kind == FRAME_QUERY)) {
        return SCOPE_EXPECTS_NEW_NAME;
    }
    if (frame->clause == SCOPE_AT_START) {
        return SCOPE_EXPECTS_OPERATOR;
    }
    if (frame->reading == READ_NAMED || frame->reading == READ_WHOLE ||
        frame->reading == READ_DONE) {
        return SCOPE_EXPECTS_OPERATOR;
    }
    return before != NULL && scope_is_operand(scope, at - 1) ? SCOPE_EXPECTS_OPERATOR
                                                             : SCOPE_EXPECTS_OPERAND;
}

/* ---- What the word is compared with ---- */

/* A column that ends before the token at `end`. */
static void take_compared(const struct scope *scope, size_t end,
                          struct scope_place *place)
{
    const struct sql_token *name = end > 0 ? scope_token(scope, end - 1) : NULL;
    if (name == NULL || (name->kind != SQL_NAME && name->kind != SQL_KEYWORD) ||
        (name->kind == SQL_KEYWORD && !scope_is_operand(scope, end - 1) &&
         !(end > 1 && scope_is(scope, scope_token(scope, end - 2), ".")))) {
        return;
    }
    place->compared = scope_name_of(scope, name);
    if (end >= 3 && scope_is(scope, scope_token(scope, end - 2), ".") &&
        scope_is_name(scope_token(scope, end - 3))) {
        place->compared_qualifier = scope_name_of(scope, scope_token(scope, end - 3));
    }
}

static bool compares(const struct scope *scope, const struct sql_token *token)
{
    static const char *const signs[] = {"=", "==", "<>", "!=", "<", ">", "<=", ">="};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (scope_is(scope, token, signs[i])) {
            return true;
        }
    }
    return scope_is_among(scope, token, " IS LIKE GLOB BETWEEN ");
}

/* In the list of `x IN (a, b, |`: the token of IN. */
static size_t in_before(const struct scope *scope, const struct frame *frame, size_t at)
{
    const struct sql_token *before = at > 0 ? scope_token(scope, at - 1) : NULL;
    bool begins = scope_is(scope, before, "(") || scope_is(scope, before, ",");
    if (frame->kind != FRAME_LIST || frame->open == 0 || !begins ||
        !scope_is(scope, scope_token(scope, frame->open - 1), "IN")) {
        return 0;
    }
    return frame->open - 1;
}

static void take_comparison(const struct scope *scope, const struct frame *frame,
                            size_t at, struct scope_place *place)
{
    size_t sign = in_before(scope, frame, at);
    const struct sql_token *before = at > 0 ? scope_token(scope, at - 1) : NULL;
    if (sign == 0 && at > 1 && compares(scope, before)) {
        sign = at - 1;
    } else if (sign == 0 && at > 2 && scope_is(scope, before, "NOT") &&
               scope_is(scope, scope_token(scope, at - 2), "IS")) {
        sign = at - 2;
    }
    if (sign > 0 && scope_is(scope, scope_token(scope, sign - 1), "NOT")) {
        sign--;
    }
    if (sign > 0) {
        take_compared(scope, sign, place);
    }
}

static void take_function(const struct reader *reader, struct scope_place *place)
{
    const struct scope *scope = reader->scope;
    const struct frame *frame = walk_top(reader);
    const struct sql_token *name = frame->open > 0 && frame->kind == FRAME_LIST
                                       ? scope_token(scope, frame->open - 1)
                                       : NULL;
    bool named =
        name != NULL && (name->kind == SQL_NAME ||
                         scope_is_among(scope, name, " REPLACE LIKE GLOB CAST "));
    if (named) {
        place->function = scope_name_of(scope, name);
        place->argument = frame->argument;
    }
}

void walk_place(struct reader *reader)
{
    const struct scope *scope = reader->scope;
    const struct frame *frame = walk_top(reader);
    struct scope_place *place = &reader->scope->place;
    size_t at = take_qualifiers(scope, reader->at, place);
    const struct sql_token *before = at > 0 ? scope_token(scope, at - 1) : NULL;
    place->query = frame->query;
    const struct scope_query *query = scope_query_at(scope, frame->query);
    place->source =
        query != NULL && query->sources.count > 0 ? query->sources.count - 1 : SCOPE_NONE;
    place->clause = frame->reading == READ_DOTTED ? SCOPE_AT_TABLE : frame->clause;
    place->clause = frame->kind == FRAME_USING ? SCOPE_AT_USING : place->clause;
    take_keyword_before(scope, at, place);
    take_function(reader, place);
    if (place->qualifier == NULL) {
        take_comparison(scope, frame, at, place);
    }
    place->is_fresh = scope_is_among(scope, before, " ON WHERE HAVING ") ||
                      (before != NULL && scope_is(scope, before, "("));
    if (place->expects == SCOPE_EXPECTS_NOTHING ||
        (place->quote == '\'' && place->compared == NULL)) {
        place->expects = SCOPE_EXPECTS_NOTHING;
        return;
    }
    place->expects =
        place->qualifier != NULL ? SCOPE_EXPECTS_OPERAND : expects_of(scope, frame, at);
}
