/* session/explain: a whole sentence for what SQLite said, with the nearest name and
 * place. SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/explain.h"
#include "engine/session/worker.h"
#include "engine/store.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void append_place(const struct worker *worker, struct text *out)
{
    const struct request *request = worker->request;
    size_t offset = worker->outcome->offset;
    int line = 1;
    int column = 1;
    if (offset > request->sql_length) {
        return;
    }
    for (size_t i = 0; i < offset; i++) {
        bool newline = request->sql[i] == '\n';
        bool inside = ((unsigned char)request->sql[i] & 0xC0) == 0x80;
        line += newline;
        column = newline ? 1 : column + !inside;
    }
    text_printf(out, " (line %d, column %d)", line, column);
}

/* What is probably wrong at the place of the error. */
static bool append_guess(const struct worker *worker, struct text *out)
{
    const struct sql_span *span = &worker->span;
    size_t at = worker->outcome->offset;
    if (at < span->start || at > span->start + span->length) {
        return false;
    }
    return explain_place(worker->request->sql + span->start, span->length,
                         at - span->start, out);
}

static void append_unknown(const struct worker *worker, struct text *out,
                           const char *rest, size_t length)
{
    text_append(out, "the SQL cannot be understood at \"");
    text_append_bytes(out, rest, length);
    text_append_char(out, '"');
    append_place(worker, out);
    text_append(out, ": ");
}

/* near "X": syntax error */
static void explain_syntax(struct worker *worker, const char *rest, struct text *out)
{
    const char *end = strrchr(rest, '"');
    append_unknown(worker, out, rest, end != NULL ? (size_t)(end - rest) : strlen(rest));
    if (!append_guess(worker, out)) {
        text_append(out, "a syntax error there or just before");
    }
}

static void explain_incomplete(struct worker *worker, const char *rest, struct text *out)
{
    (void)rest;
    worker->outcome->offset = worker->span.start + worker->span.length;
    text_append(out, "the SQL ends too early: ");
    if (!append_guess(worker, out)) {
        text_append(out, "a parenthesis, a quote or a word is missing at the end of the "
                         "statement");
    }
}

static void explain_token(struct worker *worker, const char *rest, struct text *out)
{
    size_t length = strlen(rest) - (string_ends(rest, "\"") ? 1 : 0);
    bool is_quote = length > 0 && strchr("'\"`[", rest[0]) != NULL;
    append_unknown(worker, out, rest, length);
    if (is_quote && rest[0] == '\'') {
        text_append(out, "a quote that is not closed; a ' inside a text is written "
                         "twice: 'it''s'");
    } else if (is_quote) {
        text_append(out, "a quote that is not closed");
    } else if (rest[0] == ':') {
        text_append(out, "another type is asked for with CAST(x AS INTEGER)");
    } else if (rest[0] == '#') {
        text_append(out, "a comment begins with --");
    } else {
        text_append(out, "a sign that SQL does not know");
    }
}

static const struct explanation {
    const char *prefix; /* of SQLite's message */
    void (*explain)(struct worker *worker, const char *rest, struct text *out);
} explanations[] = {
    {"no such table: ", explain_table},
    {"no such column: ", explain_column},
    {"ambiguous column name: ", explain_ambiguous},
    {"no such function: ", explain_function},
    {"wrong number of arguments to function ", explain_arguments},
    {"unknown database ", explain_schema},
    {"unrecognized token: \"", explain_token},
    {"incomplete input", explain_incomplete},
    {"near \"", explain_syntax},
};

/* Where a name stands in the statement, for errors that come without a place. */
static size_t find_name(const struct worker *worker, const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot != NULL ? dot + 1 : name;
    size_t length = strlen(last);
    size_t end = worker->span.start + worker->span.length;
    struct sql_token token = {.start = worker->span.start};
    while (sql_next(worker->request->sql, end, token.start + token.length, &token)) {
        size_t quoted = token.length == length + 2;
        if ((token.length == length || quoted) && token.kind == SQL_NAME &&
            sqlite3_strnicmp(worker->request->sql + token.start + quoted, last,
                             (int)length) == 0) {
            return token.start;
        }
    }
    return SIZE_MAX;
}

/* With the tables of the statement. */
static void explain_by_names(struct worker *worker, const char *message, struct text *out)
{
    for (size_t i = 0; i < sizeof explanations / sizeof explanations[0]; i++) {
        const struct explanation *one = &explanations[i];
        if (string_starts(message, one->prefix)) {
            const char *rest = message + strlen(one->prefix);
            if (worker->outcome->offset == SIZE_MAX) {
                worker->outcome->offset = find_name(worker, rest);
            }
            one->explain(worker, rest, out);
            return;
        }
    }
}

/* Codes that are about the statement and its values, not about files and memory. */
static bool is_about_statement(int code)
{
    return code == SQLITE_ERROR || code == SQLITE_CONSTRAINT || code == SQLITE_MISMATCH;
}

void explain_error(struct worker *worker, struct outcome *outcome)
{
    struct text sentence = {0};
    char *message = string_copy(sqlite3_errmsg(worker->target));
    int code = sqlite3_errcode(worker->target) & 0xFF;
    int offset = sqlite3_error_offset(worker->target);
    outcome->offset = offset >= 0 ? worker->span.start + (size_t)offset : SIZE_MAX;
    if (worker->refusal.length > 0) {
        text_append(&sentence, worker->refusal.data);
        if (outcome->offset == SIZE_MAX && worker->refused_table.length > 0) {
            outcome->offset = find_name(worker, worker->refused_table.data);
        }
    } else if (!is_about_statement(code)) {
        store_failed(worker->target, &outcome->error);
        free(message);
        return;
    } else {
        explain_by_names(worker, message, &sentence);
    }
    if (sentence.length == 0 && !explain_message(message, &sentence)) {
        text_printf(&sentence, "SQLite refused the statement: %s", message);
    }
    error_set(&outcome->error, ERROR_FAILED, "%s", sentence.data);
    text_release(&sentence);
    free(message);
}
