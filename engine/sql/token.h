/* sql/token: what the files of this room ask about tokens.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_TOKEN_H
#define MWB_SQL_TOKEN_H

#include "engine/sql.h"

/* The next token that is neither blank nor comment. */
bool sql_next_significant(const char *sql, size_t length, size_t offset,
                          struct sql_token *token);
/* Is it this word or sign, whatever its case? Quoted names never equal a bare word. */
bool sql_token_is(const char *sql, const struct sql_token *token, const char *word);
/* The name without its quotes. Yours. */
char *sql_token_name(const char *sql, const struct sql_token *token);

static inline size_t sql_token_end(const struct sql_token *token)
{
    return token->start + token->length;
}

#endif
