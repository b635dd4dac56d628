/* quality/rows: from a statement that counts rows to one that shows them. Only the plain
 * case is known: `SELECT count(*) [AS n] FROM table [alias] ...` without groups.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/private.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "engine/sql.h"
#include "engine/store.h"

/* The significant tokens of the statement, with how deep each stands. */
struct walk {
    const char *sql;
    struct array tokens; /* of struct sql_token */
};

static bool token_is(const struct walk *walk, size_t index, const char *word)
{
    const struct sql_token *token = array_at(&walk->tokens, index);
    return token != NULL && token->length == strlen(word) &&
           strncasecmp(walk->sql + token->start, word, token->length) == 0;
}

static bool is_name(const struct walk *walk, size_t index)
{
    const struct sql_token *token = array_at(&walk->tokens, index);
    return token != NULL && token->kind == SQL_NAME;
}

static void read_tokens(struct walk *walk, const char *sql)
{
    size_t length = strlen(sql), at = 0;
    struct sql_token token = {0};
    *walk = (struct walk){sql, ARRAY_OF(struct sql_token)};
    while (sql_next(sql, length, at, &token)) {
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT) {
            *(struct sql_token *)array_push(&walk->tokens) = token;
        }
        at = token.start + token.length;
    }
}

/* Words at the outermost level after which a row is no longer a row of the table. */
static bool stays_rows(const struct walk *walk, size_t from)
{
    static const char *const words[] = {"GROUP",     "HAVING", "UNION", "EXCEPT", "LIMIT",
                                        "INTERSECT", "WINDOW", "ORDER", "OFFSET", ","};
    int level = 0;
    for (size_t i = from; i < walk->tokens.count; i++) {
        level += token_is(walk, i, "(") - token_is(walk, i, ")");
        for (size_t k = 0; level == 0 && k < sizeof words / sizeof *words; k++) {
            if (token_is(walk, i, words[k])) {
                return false;
            }
        }
    }
    return true;
}

/* Where FROM stands; 0: the statement is of another form. */
static size_t find_from(const struct walk *walk)
{
    static const char *const start[] = {"SELECT", "count", "(", "*", ")"};
    enum { LENGTH = sizeof start / sizeof *start };
    for (size_t i = 0; i < LENGTH; i++) {
        if (!token_is(walk, i, start[i])) {
            return 0;
        }
    }
    size_t from = LENGTH;
    from += token_is(walk, from, "AS");
    from += from > LENGTH || is_name(walk, from) ? 1 : 0;
    bool tables = is_name(walk, from + 1) && token_is(walk, from + 2, ".") &&
                  is_name(walk, from + 3);
    return token_is(walk, from, "FROM") && tables && stays_rows(walk, from + 4) ? from
                                                                                : 0;
}

static char *word_at(const struct walk *walk, size_t index)
{
    const struct sql_token *token = array_at(&walk->tokens, index);
    return string_copy_bytes(walk->sql + token->start, token->length);
}

/* What the rows of the first table are called: its alias, or its name. */
static char *qualifier_of(const struct walk *walk, size_t from)
{
    size_t alias = from + 4;
    if (token_is(walk, alias, "AS")) {
        alias++;
    }
    return word_at(walk, is_name(walk, alias) ? alias : from + 3);
}

static bool is_read(const struct array *reads, const struct quality_table *table,
                    const struct quality_column *column)
{
    for (size_t i = 0; i < reads->count; i++) {
        const struct confine_read *read = array_at(reads, i);
        if (string_equal_fold(read->table, table->name) &&
            string_equal_fold(read->column, column->name)) {
            return true;
        }
    }
    return false;
}

static void append_columns(struct text *out, const struct quality_table *table,
                           const struct array *reads, const char *qualifier)
{
    size_t before = out->length;
    for (size_t i = 0; i < table->columns.count; i++) {
        const struct quality_column *column = array_at(&table->columns, i);
        bool wanted = column->name != NULL && column->hidden == NULL &&
                      !column->is_sensitive &&
                      (column->key_position > 0 || is_read(reads, table, column));
        if (wanted) {
            text_append(out, out->length > before ? ", " : "");
            text_printf(out, "%s.", qualifier);
            store_quote_name(out, column->name);
        }
    }
    if (out->length == before) {
        text_printf(out, table->has_rowid ? "%s.rowid AS row" : "NULL AS hidden",
                    qualifier);
    }
}

char *quality_rows_behind(const struct quality_session *session, const char *sql,
                          const struct array *reads)
{
    struct walk walk;
    struct text out = {0};
    read_tokens(&walk, sql);
    size_t from = find_from(&walk);
    if (from > 0) {
        struct text bare = {0};
        char *name = word_at(&walk, from + 3), *qualifier = qualifier_of(&walk, from);
        const struct sql_token *token = array_at(&walk.tokens, from);
        text_append(&bare, name);
        if (name[0] == '"' && bare.length >= 2) {
            memmove(bare.data, bare.data + 1, bare.length);
            text_truncate(&bare, bare.length - 2);
        }
        const struct quality_table *table =
            quality_table_named(session, text_string(&bare));
        if (table != NULL && table->name != NULL) {
            text_append(&out, "SELECT ");
            append_columns(&out, table, reads, qualifier);
            text_printf(&out, " %s", sql + token->start);
        }
        text_release(&bare);
        free(name);
        free(qualifier);
    }
    array_release(&walk.tokens);
    return out.length > 0 ? text_take(&out) : NULL;
}
