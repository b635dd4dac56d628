/* dialect/fill: placeholders, {name} or ${name}, also within quotes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/dialect/private.h"

#include <stdlib.h>
#include <string.h>

static const char *value_of(const struct dialect_spec *spec, const char *name)
{
    static const char *const of_object[] = {"object", "table", "model", NULL};
    static const char *const of_property[] = {"property", "column", "field", NULL};
    for (size_t i = 0; of_object[i] != NULL; i++) {
        if (string_equal_fold(of_object[i], name)) {
            return spec->object;
        }
    }
    for (size_t i = 0; of_property[i] != NULL; i++) {
        if (string_equal_fold(of_property[i], name)) {
            return spec->property;
        }
    }
    return string_equal_fold("schema", name) ? spec->schema : NULL;
}

/* The name of a placeholder at `at`, up to its `}`; 0: none stands there. */
static size_t placeholder_at(const char *at, char *name, size_t size)
{
    size_t start = at[0] == '$' ? 2 : 1;
    if (at[start - 1] != '{') {
        return 0;
    }
    size_t length = strspn(at + start, "abcdefghijklmnopqrstuvwxyz"
                                       "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.");
    if (length == 0 || length >= size || at[start + length] != '}') {
        return 0;
    }
    memcpy(name, at + start, length);
    name[length] = '\0';
    return start + length + 1;
}

/* In quotes what is no placeholder of ours is text: '{"a":1}', '{name}'. */
static bool fill(const struct dialect_spec *spec, const char *at, size_t length,
                 bool quoted, struct text *out, struct error *err)
{
    char name[64];
    for (const char *end = at + length; at < end;) {
        size_t skip =
            *at == '{' || *at == '$' ? placeholder_at(at, name, sizeof name) : 0;
        const char *value = skip > 0 ? value_of(spec, name) : NULL;
        if (skip > 0 && value == NULL && !quoted) {
            return error_set(err, ERROR_FAILED,
                             "it names {%s}, for which there is nothing here; object, "
                             "table, model, property, column, field and schema are known",
                             name);
        }
        if (value == NULL) {
            text_append_char(out, *at++);
            continue;
        }
        if (quoted) {
            text_append(out, value);
        } else {
            sql_append_name(out, value);
        }
        at += skip;
    }
    return true;
}

static bool is_quoted(const char *sql, const struct sql_token *token)
{
    return token->kind == SQL_STRING || token->kind == SQL_COMMENT ||
           (token->kind == SQL_NAME && strchr("\"`[", sql[token->start]) != NULL);
}

/* A `{` is no token of SQL: what stands between quoted ones is filled as a whole. */
bool dialect_fill(const struct dialect_spec *spec, const char *sql, struct text *out,
                  struct error *err)
{
    size_t length = strlen(sql), at = 0, plain = 0;
    struct sql_token token = {0};
    while (sql_next(sql, length, at, &token)) {
        at = token.start + token.length;
        if (is_quoted(sql, &token)) {
            if (!fill(spec, sql + plain, token.start - plain, false, out, err) ||
                !fill(spec, sql + token.start, token.length, true, out, err)) {
                return false;
            }
            plain = at;
        }
    }
    return fill(spec, sql + plain, length - plain, false, out, err);
}
