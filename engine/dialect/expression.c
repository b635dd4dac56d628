/* dialect/expression: operators. SQLite keeps times as texts and would compare them as
 * such, and subtract their years: where one side is known to be a time, both become
 * seconds. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>

void node_release(struct node *node)
{
    text_release(&node->text);
}

bool is_temporal(const struct node *node)
{
    return node->type == DIALECT_DATE || node->type == DIALECT_TIMESTAMP;
}

static void node_set(struct node *node, enum dialect_type type, char *text)
{
    text_clear(&node->text);
    text_append(&node->text, text);
    free(text);
    *node = (struct node){.text = node->text, .type = type, .is_foreign = true};
}

static const char *sql_of(const struct node *node)
{
    return text_string(&node->text);
}

bool starts_expression(const struct reader *reader)
{
    static const char *const words[] = {
        "CASE", "CAST", "NULL", "CURRENT_DATE", "CURRENT_TIMESTAMP", "(", "-", "+", NULL};
    static const char *const calls[] = {"REPLACE", "LEFT", "RIGHT", "IF",
                                        "GLOB",    "LIKE", NULL};
    const struct sql_token *token = reader_token(reader, 0);
    switch (token->kind) {
    case SQL_NAME:
    case SQL_STRING:
    case SQL_BLOB:
    case SQL_NUMBER:
    case SQL_PARAMETER:
        return true;
    default:
        break;
    }
    for (size_t i = 0; words[i] != NULL; i++) {
        if (reader_is(reader, 0, words[i])) {
            return true;
        }
    }
    for (size_t i = 0; calls[i] != NULL; i++) {
        if (reader_is(reader, 0, calls[i])) {
            return reader_is(reader, 1, "(");
        }
    }
    return false;
}

/* ---- * / % || -> ---- */

/* DuckDB's `/` keeps fractions, as that of MySQL does, and its `//` does not. */
static void append_operator(struct reader *reader, struct node *left)
{
    bool duckdb = reader->spec->dialect == DIALECT_DUCKDB;
    bool keeps = duckdb || reader->spec->dialect == DIALECT_MYSQL;
    if (duckdb && reader_is(reader, 0, "/") && reader_is(reader, 1, "/")) {
        reader->at++;
        text_append_char(&left->text, ' ');
    } else if (keeps && reader_is(reader, 0, "/")) {
        text_append(&left->text, " * 1.0");
    }
    reader_copy(reader, &left->text);
}

static bool is_factor_operator(const struct reader *reader)
{
    static const char *const signs[] = {"*",   "/",  "%",  "||", "->",
                                        "->>", "<<", ">>", "&",  "|"};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (reader_is(reader, 0, signs[i])) {
            return true;
        }
    }
    return false;
}

static void read_factor(struct reader *reader, struct node *node)
{
    read_operand(reader, node);
    while (!reader->failed && is_factor_operator(reader)) {
        struct node right = {0};
        bool scales = reader_is(reader, 0, "*") || reader_is(reader, 0, "/");
        enum dialect_type type =
            node->type == DIALECT_SPAN && scales ? DIALECT_SPAN : DIALECT_ANY;
        append_operator(reader, node);
        reader_gap(reader, &node->text);
        read_operand(reader, &right);
        if (right.type == DIALECT_INTERVAL || node->type == DIALECT_INTERVAL) {
            reader_fail(reader,
                        "it calculates with an interval, which has no equal here");
        }
        text_append(&node->text, sql_of(&right));
        *node = (struct node){.text = node->text, .type = type};
        node_release(&right);
    }
}

/* ---- + - ---- */

/* Of dates whole days, else seconds. */
static void subtract_moments(struct node *left, const struct node *right)
{
    bool days = left->type == DIALECT_DATE && right->type == DIALECT_DATE;
    if (days) {
        node_set(left, DIALECT_NUMBER,
                 string_printf("date_diff('day', %s, %s)", sql_of(right), sql_of(left)));
    } else {
        node_set(left, DIALECT_SPAN,
                 string_printf("(epoch(%s) - epoch(%s))", sql_of(left), sql_of(right)));
    }
}

static void shift_moment(struct node *moment, const struct node *by, char sign)
{
    const char *function = sign == '+' ? "date_add" : "date_sub";
    enum dialect_type type = moment->type == DIALECT_DATE && by->type != DIALECT_INTERVAL
                                 ? DIALECT_DATE
                                 : DIALECT_TIMESTAMP;
    char *text = by->type == DIALECT_INTERVAL
                     ? string_printf("%s(%s, %s)", function, sql_of(moment), sql_of(by))
                     : string_printf("%s(%s, (%s) || ' days')", function, sql_of(moment),
                                     sql_of(by));
    node_set(moment, type, text);
}

static void shift_span(struct node *span, const struct node *by, char sign)
{
    char *text = by->type == DIALECT_INTERVAL
                     ? string_printf("(%s %c interval_seconds(%s))", sql_of(span), sign,
                                     sql_of(by))
                     : string_printf("(%s %c %s)", sql_of(span), sign, sql_of(by));
    node_set(span, DIALECT_SPAN, text);
}

/* True: times were in it, and `left` is the result. */
static bool combine(struct reader *reader, struct node *left, struct node *right,
                    char sign)
{
    bool spans = reader->wants_span && left->type == DIALECT_ANY &&
                 right->type == DIALECT_ANY && sign == '-';
    if (left->type == DIALECT_SPAN || right->type == DIALECT_SPAN) {
        if (left->type != DIALECT_SPAN) {
            return reader_fail(reader, "it calculates with the difference of two times, "
                                       "which has no equal here");
        }
        shift_span(left, right, sign);
        return true;
    }
    if (right->type == DIALECT_INTERVAL && left->type != DIALECT_INTERVAL) {
        shift_moment(left, right, sign);
        return true;
    }
    if (left->type == DIALECT_INTERVAL && sign == '+' && is_temporal(right)) {
        shift_moment(right, left, '+');
        struct node old = *left;
        *left = *right;
        *right = old;
        return true;
    }
    if (left->type == DIALECT_INTERVAL || right->type == DIALECT_INTERVAL) {
        return reader_fail(reader,
                           "it calculates with an interval, which has no equal here");
    }
    if (sign == '-' && !left->is_string && !right->is_string &&
        ((is_temporal(left) && right->type != DIALECT_NUMBER) ||
         (is_temporal(right) && left->type != DIALECT_NUMBER) || spans)) {
        subtract_moments(left, right);
        return true;
    }
    if (left->type == DIALECT_DATE && !is_temporal(right) && !right->is_string) {
        shift_moment(left, right, sign);
        return true;
    }
    if (is_temporal(left) || is_temporal(right)) {
        return reader_fail(reader, "it adds or subtracts a time and what is neither a "
                                   "time nor an interval");
    }
    return false;
}

void read_additive(struct reader *reader, struct node *node)
{
    read_factor(reader, node);
    while (!reader->failed && (reader_is(reader, 0, "+") || reader_is(reader, 0, "-"))) {
        struct node right = {0};
        struct text middle = {0};
        char sign = reader_is(reader, 0, "+") ? '+' : '-';
        reader_copy(reader, &middle);
        reader_gap(reader, &middle);
        if (reader_token(reader, 0) == NULL || !starts_expression(reader)) {
            text_append(&node->text, text_string(&middle)); /* SQLite tells */
            text_release(&middle);
            return;
        }
        read_factor(reader, &right);
        if (!reader->failed && !combine(reader, node, &right, sign)) {
            text_append(&node->text, text_string(&middle));
            text_append(&node->text, sql_of(&right));
            *node = (struct node){.text = node->text};
        }
        text_release(&middle);
        node_release(&right);
    }
}

/* ---- Comparisons ---- */

static bool as_moments(const struct reader *reader, const struct node *left,
                       const struct node *right)
{
    bool temporal = is_temporal(left) || is_temporal(right);
    bool foreign = (is_temporal(left) && left->is_foreign) ||
                   (is_temporal(right) && right->is_foreign);
    bool alike =
        left->type == right->type && ((left->is_column && right->is_column) ||
                                      (left->is_canonical && right->is_canonical));
    return temporal && !alike && (foreign || reader->spec->dialect != DIALECT_SQLITE);
}

static void append_as(struct text *out, const char *function, const struct node *node)
{
    text_printf(out, "%s(%s)", function, sql_of(node));
}

/* What is a difference of times is compared with intervals in seconds. */
static void append_side(struct reader *reader, struct text *out, const struct node *node,
                        const struct node *other, bool moments)
{
    bool spans = node->type == DIALECT_SPAN || other->type == DIALECT_SPAN;
    if (spans && node->type != DIALECT_SPAN && node->type != DIALECT_INTERVAL &&
        !node->is_string) {
        reader_fail(reader, "it compares the difference of two times with what is no "
                            "interval; EXTRACT(EPOCH FROM ...) gives seconds");
    } else if (node->type == DIALECT_INTERVAL || (spans && node->is_string)) {
        append_as(out, "interval_seconds", node);
    } else if (moments) {
        append_as(out, "epoch", node);
    } else {
        text_append(out, sql_of(node));
    }
}

static bool is_comparison(const struct reader *reader)
{
    static const char *const signs[] = {"=", "==", "<>", "!=", "<", "<=", ">", ">="};
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        if (reader_is(reader, 0, signs[i])) {
            return true;
        }
    }
    return false;
}

static void read_comparison(struct reader *reader, struct node *left)
{
    struct text middle = {0}, out = {0};
    struct node right = {0};
    reader_copy(reader, &middle);
    reader_gap(reader, &middle);
    if (reader_token(reader, 0) != NULL && starts_expression(reader)) {
        read_additive(reader, &right);
    }
    bool moments = as_moments(reader, left, &right);
    append_side(reader, &out, left, &right, moments);
    text_append(&out, text_string(&middle));
    if (right.text.length > 0) {
        append_side(reader, &out, &right, left, moments);
    }
    node_release(left);
    node_release(&right);
    text_release(&middle);
    *left = (struct node){.text = out};
}

/* x [NOT] BETWEEN a AND b */
static void read_between(struct reader *reader, struct node *left)
{
    struct text before = {0}, middle = {0}, out = {0};
    struct node low = {0}, high = {0};
    if (reader_is(reader, 0, "NOT")) {
        reader_copy(reader, &before);
    }
    reader_copy(reader, &before);
    reader_gap(reader, &before);
    read_additive(reader, &low);
    if (reader_is(reader, 0, "AND")) {
        reader_copy(reader, &middle);
        reader_gap(reader, &middle);
        read_additive(reader, &high);
    }
    bool moments = as_moments(reader, left, &low) || as_moments(reader, left, &high);
    append_side(reader, &out, left, &low, moments);
    text_append(&out, text_string(&before));
    append_side(reader, &out, &low, left, moments);
    text_append(&out, text_string(&middle));
    append_side(reader, &out, &high, left, moments);
    node_release(left);
    node_release(&low);
    node_release(&high);
    text_release(&before);
    text_release(&middle);
    *left = (struct node){.text = out};
}

static bool is_between(const struct reader *reader)
{
    size_t ahead = reader_is(reader, 0, "NOT");
    return reader_is(reader, ahead, "BETWEEN");
}

void read_expression(struct reader *reader, struct node *node)
{
    if (!reader_enter(reader)) {
        return;
    }
    read_additive(reader, node);
    while (!reader->failed) {
        if (is_comparison(reader)) {
            read_comparison(reader, node);
        } else if (is_between(reader)) {
            read_between(reader, node);
        } else if (!read_pattern(reader, node)) {
            break;
        }
    }
    reader->depth--;
}
