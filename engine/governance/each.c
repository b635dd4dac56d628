/* governance/each: one statement for each row of a template's SELECT.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/governance/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/sql.h"

static int find_column(sqlite3_stmt *values, const char *name, size_t length)
{
    for (int i = 0; i < sqlite3_column_count(values); i++) {
        const char *column = sqlite3_column_name(values, i);
        if (strlen(column) == length && strncmp(column, name, length) == 0) {
            return i;
        }
    }
    return -1;
}

/* `{name}` or `{'name'}` at `sql`: how long it is, 0 when it is none. */
static size_t read_slot(const char *sql, const char **name, size_t *length, bool *quoted)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz_0123456789"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    *quoted = sql[1] == '\'';
    *name = sql + 1 + *quoted;
    *length = strspn(*name, signs);
    const char *end = *name + *length;
    if (*length == 0 || (*quoted && *end != '\'') || end[*quoted] != '}') {
        return 0;
    }
    return (size_t)(end + *quoted + 1 - sql);
}

static void append_value(struct text *out, sqlite3_stmt *values, int column, bool quoted)
{
    const char *value = (const char *)sqlite3_column_text(values, column);
    if (value == NULL) {
        text_append(out, "NULL");
    } else if (quoted) {
        store_quote_string(out, value);
    } else {
        sql_append_name(out, value);
    }
}

/* A slot within a string or a comment of the SQL is text like any other. */
char *each_expand(const char *sql, sqlite3_stmt *values, struct error *err)
{
    struct text out = {0};
    struct sql_token token;
    size_t length = strlen(sql), at = 0;
    while (sql_next(sql, length, at, &token)) {
        const char *name;
        size_t name_length, slot = 0;
        bool quoted;
        if (sql[token.start] == '{') {
            slot = read_slot(sql + token.start, &name, &name_length, &quoted);
        }
        at = token.start + (slot > 0 ? slot : token.length);
        if (slot == 0) {
            text_append_bytes(&out, sql + token.start, token.length);
            continue;
        }
        int column = find_column(values, name, name_length);
        if (column < 0) {
            text_release(&out);
            error_set(err, ERROR_FAILED,
                      "the policy names {%.*s}, but its `each` gives no column of that "
                      "name",
                      (int)name_length, name);
            return NULL;
        }
        append_value(&out, values, column, quoted);
    }
    text_append(&out, "");
    return text_take(&out);
}
