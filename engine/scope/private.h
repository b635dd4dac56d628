/* scope/private: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SCOPE_PRIVATE_H
#define MWB_SCOPE_PRIVATE_H

#include "engine/scope.h"

enum { SCOPE_UNKNOWN, SCOPE_BEING_ASKED, SCOPE_KNOWN, SCOPE_NOT_KNOWN }; /* .state */

/* An expression of a result. */
struct scope_item {
    struct scope_part text;
    char *schema, *qualifier, *name; /* of a plain column; NULL: an expression */
    char *alias;
    bool is_star; /* `*`, or `qualifier.*` */
};

/* A name of WITH. */
struct scope_with {
    char *name;
    size_t level; /* of WITH clauses */
    size_t query;
    struct array names;   /* of char *: columns it names itself */
    struct array columns; /* of struct scope_column once asked for */
    int state;
};

/* Queries see the names of their level and of those around it. */
struct scope_level {
    size_t parent;
};

struct scope {
    const char *sql;
    size_t length;
    bool (*ask)(void *owner, const char *schema, const char *table,
                struct array *columns);
    void *owner;
    struct array tokens; /* of struct sql_token, without blanks and comments */
    struct array queries, withs, levels;
    struct scope_place place;
    size_t copied;   /* columns, so that stars of stars stay bounded */
    size_t chain;    /* queries being worked out, one within the other */
    size_t compared; /* names, so that a thousand expressions stay bounded, too */
};

static inline size_t scope_end(const struct sql_token *token)
{
    return token->start + token->length;
}
static inline const struct sql_token *scope_token(const struct scope *scope, size_t index)
{
    return array_at(&scope->tokens, index);
}
static inline struct scope_query *scope_query_at(const struct scope *scope, size_t index)
{
    return index == SCOPE_NONE ? NULL : array_at(&scope->queries, index);
}

bool scope_is(const struct scope *scope, const struct sql_token *token, const char *word);
/* `words` is in capitals, each between blanks: " FROM WHERE ". Keywords only. */
bool scope_is_among(const struct scope *scope, const struct sql_token *token,
                    const char *words);
bool scope_is_name(
    const struct sql_token *token); /* a name, also in quotes, or keyword */
bool scope_is_operand(const struct scope *scope, size_t index); /* does one end here? */
char *scope_name_of(const struct scope *scope, const struct sql_token *token);

/* The tokens, and the word at the cursor in scope->place. Gives the index of the token
 * that is the word, or of the first one behind the cursor. */
size_t scope_cut(struct scope *scope, size_t cursor);
void scope_read(struct scope *scope, size_t at);
/* Which names of WITH the tables are. */
void scope_link(struct scope *scope);

void scope_item_add(struct scope *scope, size_t query, size_t first, size_t end);
/* The name of WITH that a query sees, or SCOPE_NONE. */
size_t scope_with_named(const struct scope *scope, size_t level, const char *name);

struct scope_column *scope_column_add(struct scope *scope, struct array *columns,
                                      const struct scope_column *like);
void scope_columns_release(struct array *columns);

#endif
