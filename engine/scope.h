/* scope: which names are in sight where in a statement, however unfinished its text is.
 *
 * A statement is read into its queries: each SELECT or VALUES, also of a compound, each
 * INSERT, UPDATE, DELETE is one. A query has the tables of its FROM (sources) with how
 * they are joined, and the columns of its result. What is missing is left out, a
 * parenthesis that is never closed ends where no expression could go on (`FROM`,
 * `GROUP`), and nothing is refused: whoever types sees the names of what stands there so
 * far.
 *
 * Names are found as SQLite finds them: a table without a schema may be a name of WITH of
 * this query or one around it; an expression in parentheses sees the sources of the
 * queries around it, a query within FROM or WITH does not; USING and NATURAL make one
 * column of two. Columns of tables come from the caller, who knows the mesh; those of
 * queries are worked out on demand, each once.
 *
 * Offsets are bytes of the caller's text, which must stay as long as the scope. Reading
 * is linear in the text; nesting deeper than SCOPE_DEEPEST is read as if it were flat,
 * and what stands behind SCOPE_TOKENS_MOST tokens is not read.
 *
 * Sources: sqlite.org/lang_select.html, lang_with.html, lang_insert.html,
 * lang_update.html, lang_keywords.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SCOPE_H
#define MWB_SCOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/array.h"
#include "engine/sql.h"

enum { SCOPE_DEEPEST = 200, SCOPE_COLUMNS_MOST = 2000, SCOPE_TOKENS_MOST = 100000 };
#define SCOPE_NONE SIZE_MAX

/* ---- What stands in a statement ---- */

struct scope_part {
    size_t start, length; /* length 0: not there */
};

struct scope_column {
    char *name;
    /* Where it comes from unchanged; table NULL: an expression, or nobody knows. */
    char *schema, *table, *column;
    bool is_expression; /* its name is the text of an expression without an alias */
    bool is_joined;     /* one column of two tables, by USING or NATURAL */
};

enum scope_kind {
    SCOPE_TABLE,    /* of the workspace or a product: schema, table */
    SCOPE_COMMON,   /* a name of WITH: table */
    SCOPE_SUBQUERY, /* in parentheses: query */
    SCOPE_FUNCTION, /* a function that gives rows: table */
};

enum scope_join {
    SCOPE_FIRST, /* nothing stands before it */
    SCOPE_COMMA,
    SCOPE_INNER, /* JOIN, INNER JOIN */
    SCOPE_CROSS,
    SCOPE_LEFT,
    SCOPE_RIGHT,
    SCOPE_FULL,
};

struct scope_source {
    enum scope_kind kind;
    enum scope_join join;
    bool is_natural;
    char *schema, *table, *alias; /* NULL when not given; table NULL: a subquery */
    size_t query; /* of a subquery or name of WITH: its first; else SCOPE_NONE */
    struct scope_part name;  /* `schema.table`, or the subquery in its parentheses */
    struct scope_part on;    /* the condition behind ON */
    struct array with_using; /* of char *: columns of USING */
    size_t common;           /* private: the name of WITH it is */
    struct array columns;    /* private: of struct scope_column once asked for */
    int state;               /* private */
};
/* What its columns are called by: the alias, else the table; NULL: by nothing. */
const char *scope_source_name(const struct scope_source *source);

/* A query. `outer` is the one whose text is around it. */
enum scope_verb {
    SCOPE_SELECT,
    SCOPE_VALUES,
    SCOPE_INSERT, /* or REPLACE; sources[0] is what is written, as for those below */
    SCOPE_UPDATE,
    SCOPE_DELETE,
    SCOPE_OTHER, /* CREATE, PRAGMA, whatever else; a trigger's or an index's table */
};
struct scope_query {
    enum scope_verb verb;
    size_t outer;    /* SCOPE_NONE: it is not within another */
    bool sees_outer; /* the sources of `outer` are in sight: it stands in an expression */
    size_t
        compound_of; /* the first of UNION and the like; SCOPE_NONE: it is that itself */
    struct scope_part text;
    struct array sources; /* of struct scope_source, in the order of the text */
    struct scope_part result, where, group, having,
        order;            /* the clauses, without words */
    size_t level;         /* private: whose WITH it sees */
    struct array items;   /* private: the expressions of the result */
    struct array columns; /* private: of struct scope_column once asked for */
    int state;            /* private */
};

/* ---- Reading ---- */

struct scope;

struct scope_spec {
    const char *sql; /* one statement */
    size_t length;
    size_t cursor; /* for scope_place(); past the end: at the end */
    /* Appends struct scope_column with its name, and where it comes from; false: there is
     * no such table. schema NULL: the name stands alone. NULL: nothing is known. */
    bool (*columns)(void *owner, const char *schema, const char *table,
                    struct array *columns);
    void *owner;
};

struct scope *scope_new(const struct scope_spec *spec);
void scope_free(struct scope *scope); /* NULL is fine */

size_t scope_query_count(const struct scope *scope);
const struct scope_query *scope_query(const struct scope *scope, size_t index);

/* Columns of a source, of a query's result: arrays of struct scope_column, borrowed until
 * scope_free(). NULL: nobody knows them. */
const struct array *scope_source_columns(struct scope *scope,
                                         const struct scope_source *source);
const struct array *scope_result_columns(struct scope *scope, size_t query);

/* What a column name means in an expression of a query: the source, among its own and
 * those it sees around it, and the column in scope_source_columns(). qualifier NULL: it
 * stands alone. False: no such column is in sight, or (is_ambiguous) more than one. */
struct scope_meaning {
    size_t query;  /* whose source it is */
    size_t source; /* index in its sources */
    const struct scope_column *column;
    bool is_ambiguous;
    bool is_unsure; /* a source in sight has columns that nobody knows */
};
bool scope_find_column(struct scope *scope, size_t query, const char *qualifier,
                       const char *name, struct scope_meaning *out);

/* Names of WITH in sight of a query: appends struct scope_common. */
struct scope_common {
    const char *name; /* borrowed from the scope */
    size_t query;     /* its first; SCOPE_NONE: it has no text yet */
    size_t number;    /* for scope_common_columns() */
};
void scope_commons(const struct scope *scope, size_t query, struct array *out);
const struct array *scope_common_columns(struct scope *scope, size_t number);

/* Without quotes, their doubles undone. Yours. */
char *scope_unquote(const char *word, size_t length);

/* ---- At the cursor ---- */

enum scope_clause {
    SCOPE_AT_START,  /* of a statement, or of a query in parentheses */
    SCOPE_AT_RESULT, /* behind SELECT, RETURNING */
    SCOPE_AT_TABLE,  /* a table is to be named: behind FROM, JOIN, INTO, UPDATE */
    SCOPE_AT_JOIN,   /* behind a table: an alias, JOIN, ON, WHERE */
    SCOPE_AT_ON,     /* in a condition of a join */
    SCOPE_AT_USING,  /* between the parentheses of USING */
    SCOPE_AT_WHERE,
    SCOPE_AT_GROUP,
    SCOPE_AT_HAVING,
    SCOPE_AT_WINDOW,
    SCOPE_AT_ORDER,
    SCOPE_AT_LIMIT,
    SCOPE_AT_SET,     /* of UPDATE: columns and what they get */
    SCOPE_AT_COLUMNS, /* columns of INSERT, of an index, new ones of WITH */
    SCOPE_AT_VALUES,
    SCOPE_AT_OTHER,
};

/* What may stand at the cursor within an expression or a list. */
enum scope_expects {
    SCOPE_EXPECTS_OPERAND,  /* a column, a value, a function */
    SCOPE_EXPECTS_OPERATOR, /* behind an operand: an operator or a keyword */
    SCOPE_EXPECTS_NEW_NAME, /* behind AS: nobody knows what it will be called */
    SCOPE_EXPECTS_NOTHING,  /* in a comment, in a string that is not compared */
};

struct scope_place {
    enum scope_clause clause;
    enum scope_expects expects;
    size_t query;             /* index; SCOPE_NONE: in none */
    size_t word_start;        /* of what is typed so far, behind an opening quote */
    char quote;               /* which, '"' '`' '[' '\''; 0: none */
    char *word;               /* what is typed so far */
    char *schema, *qualifier; /* of `qualifier.word`, of `schema.qualifier.word`; NULL */
    /* The operand before a comparison, where a value of it may stand: `region = |`,
     * `o.region IN ('EU', |`; name NULL: none. */
    char *compared_qualifier, *compared;
    size_t source;  /* the source that ON or USING is of; SCOPE_NONE */
    bool is_fresh;  /* nothing stands in this condition yet: right behind ON, WHERE */
    char *function; /* whose argument this is, or NULL; `argument` from 0 */
    size_t argument;
    char before[16]; /* the keyword before the word, upper case, or "" */
};
/* Borrowed until scope_free(). */
const struct scope_place *scope_place(const struct scope *scope);

#endif
