/* sql: SQL as text: tokens, statements, the names in it. No database is asked.
 *
 * Tokens follow SQLite's own tokenizer (sqlite.org/lang_keywords.html, tokenize.c's
 * classes as documented), so that a `;` in a string, an identifier, a comment or a
 * trigger body never splits a statement. Offsets are bytes in the caller's text. Linear
 * in the text.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SQL_H
#define MWB_SQL_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/text.h"

enum sql_kind {
    SQL_SPACE,
    SQL_COMMENT,
    SQL_KEYWORD,
    SQL_NAME,   /* bare or quoted by "", [] or `` */
    SQL_STRING, /* '...' */
    SQL_BLOB,   /* x'...' */
    SQL_NUMBER,
    SQL_PARAMETER, /* :name @name $name ?1 */
    SQL_OPERATOR,  /* one sign or || << >> <= >= <> != == -> ->> */
    SQL_SEMICOLON,
    SQL_BROKEN, /* an unclosed quote or comment up to the end, or a stray sign */
};

struct sql_token {
    enum sql_kind kind;
    size_t start, length;
};

/* The token at `offset`; false at the end of the text. */
bool sql_next(const char *sql, size_t length, size_t offset, struct sql_token *token);
bool sql_is_keyword(const char *word, size_t length);
const char *const *sql_keywords(size_t *count); /* all, upper case, sorted */

/* A statement's place, without blanks and comments around it, without its `;`. */
struct sql_span {
    size_t start, length;
    bool closed; /* a `;` follows */
};

/* All statements of a text, empty ones left out: array of struct sql_span, yours. */
struct array sql_split(const char *sql, size_t length);
/* The statement at or just before the cursor. False when there is none. */
bool sql_statement_at(const char *sql, size_t length, size_t cursor,
                      struct sql_span *out);
/* Would Enter run it: ends in `;` and is complete? */
bool sql_is_complete(const char *sql, size_t length);

/* Names that a statement uses as schema: `orders` of `orders.line_items`, where a table
 * may stand (after FROM, JOIN, INTO, UPDATE, TABLE, or a comma of a from list). Unquoted,
 * in the order of their first use, each once whatever its case: array of char *, release
 * with sql_names_release(). */
struct array sql_schemas(const char *sql, size_t length);
/* Names of parameters without duplicates, with their sign: ":from". */
struct array sql_parameters(const char *sql, size_t length);
void sql_names_release(struct array *names);

/* `SELECT * FROM schema.table` and nothing else (a trailing `;` is fine). The names are
 * yours. */
bool sql_is_whole_table(const char *sql, size_t length, char **schema, char **table);

/* May the statement write, or does it only read? By its first keyword, WITH looked
 * through; for messages, not for protection. */
bool sql_is_select(const char *sql, size_t length);

/* What may stand at the cursor: the word being typed and its surroundings, for
 * completion. */
enum sql_expectation { SQL_EXPECT_ANY, SQL_EXPECT_TABLE, SQL_EXPECT_COLUMN_OF };
struct sql_context {
    size_t
        word_start; /* start of the word at the cursor (== cursor: nothing typed yet) */
    enum sql_expectation expectation;
    char *qualifier; /* `o` when the word follows `o.`; yours, NULL when none */
};
void sql_context_at(const char *sql, size_t length, size_t cursor,
                    struct sql_context *out);
void sql_context_release(struct sql_context *context);
/* The tables of the statement with their aliases, for completion of columns. */
struct sql_source {
    char *schema, *table, *alias; /* NULL when not given */
};
struct array sql_sources(const char *sql, size_t length); /* of struct sql_source */
void sql_sources_release(struct array *sources);

/* A map of a text that is edited: where its lines, statements and tokens are, so that an
 * editor need not read a text of a megabyte for each key. The map has a copy of the text;
 * an update reads what changed and a few thousand bytes around it, unless the change
 * turned what follows into something else (an opened quote). Its answers are those of
 * the functions above for the whole text. */
struct sql_map;
struct sql_map *sql_map_new(void);
void sql_map_free(struct sql_map *map);
/* The text is this one now. False: it was before. */
bool sql_map_update(struct sql_map *map, const char *sql, size_t length);
const char *sql_map_text(const struct sql_map *map); /* borrowed until the next update */
size_t sql_map_length(const struct sql_map *map);
size_t sql_map_lines(const struct sql_map *map);           /* at least 1 */
size_t sql_map_line(const struct sql_map *map, size_t at); /* of a byte, from 1 */
size_t sql_map_statements(const struct sql_map *map);      /* how many */
bool sql_map_statement_at(const struct sql_map *map, size_t cursor, struct sql_span *out);
/* The token that holds the byte; false behind the end. */
bool sql_map_token_at(const struct sql_map *map, size_t at, struct sql_token *out);
/* The parenthesis at the cursor, else the one just before it, and the one it belongs to
 * (SIZE_MAX: none in its statement). False: there is no parenthesis. */
bool sql_map_parentheses(const struct sql_map *map, size_t cursor, size_t *here,
                         size_t *there);

/* An identifier as SQL needs it: bare when it can be, else in double quotes. */
void sql_append_name(struct text *out, const char *name);

#endif
