/* dialect/operand: names, literals, brackets, CASE, and what hangs on them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* Without the blanks before it: whoever reads an operand has written them. */
static void copy_bare(struct reader *reader, struct text *out)
{
    const struct sql_token *token = reader_token(reader, 0);
    text_append_bytes(out, reader->sql + token->start, token->length);
    reader->at++;
}

/* ---- Names ---- */

static bool is_bare(const struct reader *reader)
{
    const struct sql_token *token = reader_token(reader, 0);
    return strchr("\"`[", reader->sql[token->start]) == NULL;
}

/* Bare words that stand for a moment. */
static bool read_now(struct reader *reader, struct node *node)
{
    static const struct {
        const char *word, *sql;
        enum dialect_type type;
    } words[] = {
        {"CURRENT_DATE", "date('now')", DIALECT_DATE},
        {"CURRENT_TIMESTAMP", "datetime('now')", DIALECT_TIMESTAMP},
        {"LOCALTIMESTAMP", "datetime('now')", DIALECT_TIMESTAMP},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (is_bare(reader) && reader_take(reader, words[i].word)) {
            if (reader_is(reader, 0, "(") && reader_is(reader, 1, ")")) {
                reader->at += 2;
            }
            text_append(&node->text, words[i].sql);
            node->type = words[i].type;
            node->is_canonical = true;
            return true;
        }
    }
    return false;
}

static void append_column(struct reader *reader, struct node *node)
{
    const struct dialect_spec *spec = reader->spec;
    const struct sql_token *token = reader_token(reader, 0);
    char *name = reader_name(reader, 0);
    enum dialect_type type = DIALECT_ANY;
    const char *column =
        spec->find_column != NULL ? spec->find_column(spec->owner, name, &type) : NULL;
    if (column != NULL && !string_equal_fold(column, name)) {
        sql_append_name(&node->text, column);
    } else {
        text_append_bytes(&node->text, reader->sql + token->start, token->length);
    }
    node->type = column != NULL ? type : DIALECT_ANY;
    node->is_column = column != NULL;
    reader->at++;
    free(name);
}

static void read_name(struct reader *reader, struct node *node)
{
    while (reader_is(reader, 1, ".")) {
        const struct sql_token *token = reader_token(reader, 0);
        text_append_bytes(&node->text, reader->sql + token->start, token->length);
        text_append_char(&node->text, '.');
        reader->at += 2;
        if (!reader_is_name(reader, 0)) { /* t.* */
            if (reader_take(reader, "*")) {
                text_append_char(&node->text, '*');
            }
            return;
        }
    }
    append_column(reader, node);
}

/* ---- Brackets, CASE ---- */

static void read_brackets(struct reader *reader, struct node *node)
{
    struct node only = {0};
    copy_bare(reader, &node->text);
    read_region(reader, &node->text, &only, false);
    if (reader_is(reader, 0, ")")) {
        reader_copy(reader, &node->text);
    }
    node->type = only.type;
    node->is_foreign = only.is_foreign;
    node->is_canonical = only.is_canonical;
}

/* CASE ... END: its expressions are read, its words copied. */
static void read_case(struct reader *reader, struct node *node)
{
    copy_bare(reader, &node->text);
    while (!reader->failed && reader_token(reader, 0) != NULL &&
           !reader_is(reader, 0, "END") && !reader_is(reader, 0, ")")) {
        if (starts_expression(reader)) {
            struct node part = {0};
            reader_gap(reader, &node->text);
            read_expression(reader, &part);
            text_append(&node->text, text_string(&part.text));
            node_release(&part);
        } else {
            reader_copy(reader, &node->text);
        }
    }
    if (reader_is(reader, 0, "END")) {
        reader_copy(reader, &node->text);
    }
}

/* ---- Operands ---- */

static void read_literal(struct reader *reader, struct node *node)
{
    const struct sql_token *token = reader_token(reader, 0);
    node->is_string = token->kind == SQL_STRING;
    node->type = token->kind == SQL_NUMBER ? DIALECT_NUMBER : DIALECT_ANY;
    copy_bare(reader, &node->text);
}

static bool is_cast(const struct reader *reader)
{
    return reader_is(reader, 1, "(") &&
           (reader_is(reader, 0, "CAST") || reader_is(reader, 0, "TRY_CAST"));
}

static void read_primary(struct reader *reader, struct node *node)
{
    const struct sql_token *token = reader_token(reader, 0);
    if (is_cast(reader)) {
        read_cast(reader, node);
    } else if (read_typed_literal(reader, node) || read_now(reader, node)) {
        return;
    } else if (reader_is(reader, 0, "CASE")) {
        read_case(reader, node);
    } else if (reader_is(reader, 1, "(")) {
        read_call(reader, node);
    } else if (token->kind == SQL_NAME) {
        read_name(reader, node);
    } else {
        read_literal(reader, node);
    }
}

void read_operand(struct reader *reader, struct node *node)
{
    if (reader_token(reader, 0) == NULL || !reader_enter(reader)) {
        return;
    }
    if (reader_is(reader, 0, "-") || reader_is(reader, 0, "+")) {
        copy_bare(reader, &node->text);
        reader_gap(reader, &node->text);
        struct node rest = {0};
        read_operand(reader, &rest);
        text_append(&node->text, text_string(&rest.text));
        node->type = rest.type == DIALECT_NUMBER ? DIALECT_NUMBER : DIALECT_ANY;
        node_release(&rest);
    } else if (reader_is(reader, 0, "(")) {
        read_brackets(reader, node);
    } else if (starts_expression(reader)) {
        read_primary(reader, node);
    }
    while (!reader->failed && reader_is(reader, 0, "::")) {
        read_double_colon(reader, node);
    }
    reader->depth--;
}
