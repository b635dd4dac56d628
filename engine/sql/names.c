/* sql/names: lists of names in a statement, and writing a name.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/sql.h"
#include "engine/sql/tables.h"

#include <ctype.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

struct found_name {
    char *name;
    size_t order;
};

static int by_folded_name(const void *a, const void *b)
{
    const struct found_name *x = a;
    const struct found_name *y = b;
    int differs = sqlite3_stricmp(x->name, y->name);
    return differs != 0 ? differs : (x->order > y->order) - (x->order < y->order);
}

static int by_exact_name(const void *a, const void *b)
{
    const struct found_name *x = a;
    const struct found_name *y = b;
    int differs = strcmp(x->name, y->name);
    return differs != 0 ? differs : (x->order > y->order) - (x->order < y->order);
}

static int by_order(const void *a, const void *b)
{
    const struct found_name *x = a;
    const struct found_name *y = b;
    return (x->order > y->order) - (x->order < y->order);
}

static void add_name(struct array *found, char *name)
{
    size_t order = found->count;
    *(struct found_name *)array_push(found) = (struct found_name){name, order};
}

/* Each name once, in the order of first use. Sorted twice, because a text may hold a
 * hundred thousand of them. */
static struct array unique_names(struct array *found, bool fold)
{
    struct array names = ARRAY_OF(char *);
    struct found_name *items = found->items;
    size_t kept = 0;
    if (found->count > 0) {
        qsort(items, found->count, sizeof *items, fold ? by_folded_name : by_exact_name);
    }
    for (size_t i = 0; i < found->count; i++) {
        bool again =
            kept > 0 && (fold ? sqlite3_stricmp(items[kept - 1].name, items[i].name)
                              : strcmp(items[kept - 1].name, items[i].name)) == 0;
        if (again) {
            free(items[i].name);
        } else {
            items[kept++] = items[i];
        }
    }
    if (kept > 0) {
        qsort(items, kept, sizeof *items, by_order);
    }
    for (size_t i = 0; i < kept; i++) {
        *(char **)array_push(&names) = items[i].name;
    }
    array_release(found);
    return names;
}

static void keep_schema(void *owner, struct sql_source *source)
{
    if (source->schema != NULL) {
        add_name(owner, source->schema);
    }
    free(source->table);
    free(source->alias);
}

struct array sql_schemas(const char *sql, size_t length)
{
    struct array found = ARRAY_OF(struct found_name);
    struct sql_walk walk = {.sql = sql,
                            .levels = ARRAY_OF(enum sql_place),
                            .report = keep_schema,
                            .owner = &found};
    sql_walk_text(&walk, length);
    sql_walk_end(&walk);
    return unique_names(&found, true);
}

struct array sql_parameters(const char *sql, size_t length)
{
    struct array found = ARRAY_OF(struct found_name);
    struct sql_token token = {0};
    while (sql_next_significant(sql, length, sql_token_end(&token), &token)) {
        if (token.kind == SQL_PARAMETER && token.length > 1) {
            add_name(&found, string_copy_bytes(sql + token.start, token.length));
        }
    }
    return unique_names(&found, false);
}

void sql_names_release(struct array *names)
{
    for (size_t i = 0; i < names->count; i++) {
        free(*(char **)array_at(names, i));
    }
    array_release(names);
}

/* The next token is a name: any word but an operator. */
static char *take_name(const char *sql, size_t length, struct sql_token *token)
{
    if (!sql_next_significant(sql, length, sql_token_end(token), token)) {
        return NULL;
    }
    bool name = token->kind == SQL_NAME || token->kind == SQL_STRING ||
                token->kind == SQL_KEYWORD;
    return name ? sql_token_name(sql, token) : NULL;
}

static bool take_word(const char *sql, size_t length, struct sql_token *token,
                      const char *word)
{
    return sql_next_significant(sql, length, sql_token_end(token), token) &&
           sql_token_is(sql, token, word);
}

static bool at_end(const char *sql, size_t length, struct sql_token *token)
{
    bool more;
    do {
        more = sql_next_significant(sql, length, sql_token_end(token), token);
    } while (more && token->kind == SQL_SEMICOLON);
    return !more;
}

bool sql_is_whole_table(const char *sql, size_t length, char **schema, char **table)
{
    struct sql_token token = {0};
    *schema = NULL;
    *table = NULL;
    bool whole =
        take_word(sql, length, &token, "SELECT") && take_word(sql, length, &token, "*") &&
        take_word(sql, length, &token, "FROM") &&
        (*schema = take_name(sql, length, &token)) != NULL &&
        take_word(sql, length, &token, ".") &&
        (*table = take_name(sql, length, &token)) != NULL && at_end(sql, length, &token);
    if (!whole) {
        free(*schema);
        free(*table);
        *schema = NULL;
        *table = NULL;
    }
    return whole;
}

void sql_append_name(struct text *out, const char *name)
{
    bool bare = name[0] != '\0' && !isdigit((unsigned char)name[0]) &&
                !sql_is_keyword(name, strlen(name));
    for (const char *c = name; bare && *c != '\0'; c++) {
        bare = (unsigned char)*c >= 0x80 || *c == '_' || isalnum((unsigned char)*c);
    }
    if (bare) {
        text_append(out, name);
        return;
    }
    text_append_char(out, '"');
    for (const char *c = name; *c != '\0'; c++) {
        text_append_repeated(out, *c, *c == '"' ? 2 : 1);
    }
    text_append_char(out, '"');
}
