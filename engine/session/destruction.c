/* session/destruction: a statement is read as far as it takes to see what it destroys.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/destruction.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* ---- The words of a statement ---- */

struct words {
    const char *sql;
    size_t end;
    struct sql_token token;
    int depth; /* of parentheses around the token */
    bool is_there;
};

static bool is_sign(const struct words *words, char sign)
{
    return words->token.length == 1 && words->sql[words->token.start] == sign;
}

/* To the next token that is neither blank nor comment. */
static void step(struct words *words)
{
    do {
        words->depth += words->is_there && is_sign(words, '(');
        words->is_there =
            sql_next(words->sql, words->end, words->token.start + words->token.length,
                     &words->token);
        words->depth -= words->is_there && is_sign(words, ')');
    } while (words->is_there &&
             (words->token.kind == SQL_SPACE || words->token.kind == SQL_COMMENT));
}

static bool is_word(const struct words *words, const char *word)
{
    return words->is_there && words->token.length == strlen(word) &&
           sqlite3_strnicmp(words->sql + words->token.start, word,
                            (int)words->token.length) == 0;
}

static bool take_word(struct words *words, const char *word)
{
    bool is = is_word(words, word);
    if (is) {
        step(words);
    }
    return is;
}

/* Yours, without its quotes. */
static char *take_name(struct words *words)
{
    if (!words->is_there || words->token.kind == SQL_SEMICOLON) {
        return NULL;
    }
    const char *from = words->sql + words->token.start;
    size_t length = words->token.length;
    const char *close =
        length > 1 && from[0] != '\0' ? strchr("\"\"''``[]", from[0]) : NULL;
    struct text name = {0};
    if (close == NULL) {
        text_append_bytes(&name, from, length);
    }
    for (size_t i = 1; close != NULL && i + 1 < length; i++) {
        text_append_char(&name, from[i]);
        i += from[i] == close[1] && from[i + 1] == close[1]; /* doubled inside */
    }
    step(words);
    return text_take(&name);
}

/* ---- What it would destroy, by its text ---- */

void destruction_release(struct destruction *one)
{
    free(one->schema);
    free(one->name);
    free(one->column);
}

/* [schema.]name */
static void take_object(struct words *words, struct destruction *out)
{
    out->name = take_name(words);
    if (words->is_there && is_sign(words, '.')) {
        step(words);
        out->schema = out->name;
        out->name = take_name(words);
    }
}

static bool has_condition(struct words *words)
{
    while (words->is_there && !(words->depth == 0 && is_word(words, "WHERE"))) {
        step(words);
    }
    return words->is_there;
}

static void read_drop(struct words *words, struct destruction *out)
{
    bool counts = is_word(words, "TABLE") || is_word(words, "VIEW") ||
                  is_word(words, "TRIGGER"); /* an index can be made again */
    step(words);
    if (take_word(words, "IF")) {
        take_word(words, "EXISTS");
    }
    take_object(words, out);
    out->loss = counts ? LOSS_OBJECT : LOSS_NONE;
}

static void read_alter(struct words *words, struct destruction *out)
{
    take_word(words, "TABLE");
    take_object(words, out);
    if (take_word(words, "DROP")) {
        take_word(words, "COLUMN");
        out->column = take_name(words);
        out->loss = LOSS_COLUMN;
    } else if (take_word(words, "RENAME") && take_word(words, "TO")) {
        out->column = take_name(words);
        out->loss = LOSS_RENAMED;
    }
}

static void read_delete(struct words *words, struct destruction *out)
{
    take_word(words, "FROM");
    take_object(words, out);
    out->loss = has_condition(words) ? LOSS_NONE : LOSS_ROWS;
}

/* OR REPLACE, or another way to go on. */
static bool take_replace(struct words *words)
{
    bool replaces = false;
    if (take_word(words, "OR")) {
        replaces = is_word(words, "REPLACE");
        step(words);
    }
    return replaces;
}

static void read_update(struct words *words, struct destruction *out)
{
    bool replaces = take_replace(words);
    take_object(words, out);
    out->loss = !has_condition(words) ? LOSS_VALUES
                : replaces            ? LOSS_REPLACED
                                      : LOSS_NONE;
}

static void read_insert(struct words *words, struct destruction *out)
{
    bool replaces = take_replace(words);
    take_word(words, "INTO");
    take_object(words, out);
    out->loss = replaces ? LOSS_REPLACED : LOSS_NONE;
}

static void read_replace(struct words *words, struct destruction *out)
{
    read_insert(words, out);
    out->loss = LOSS_REPLACED;
}

static const struct {
    const char *word;
    void (*read)(struct words *words, struct destruction *out);
} readers[] = {
    {"DROP", read_drop},     {"ALTER", read_alter},   {"DELETE", read_delete},
    {"UPDATE", read_update}, {"INSERT", read_insert}, {"REPLACE", read_replace},
};

/* Of what a WITH stands before, too. */
struct destruction destruction_read(const char *sql, struct sql_span span)
{
    struct destruction out = {0};
    struct words words = {sql, span.start + span.length, {.start = span.start}, 0, false};
    step(&words);
    bool is_with = is_word(&words, "WITH");
    do {
        for (size_t i = 0; i < sizeof readers / sizeof *readers; i++) {
            if (words.depth == 0 && take_word(&words, readers[i].word)) {
                readers[i].read(&words, &out);
                return out;
            }
        }
        step(&words);
    } while (is_with && words.is_there);
    return out;
}
