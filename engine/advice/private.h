/* What the files of the advice room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_ADVICE_PRIVATE_H
#define MWB_ADVICE_PRIVATE_H

#include <sqlite3.h>

#include "engine/advice.h"
#include "engine/scope.h"

/* ---- facts.c: what is known of tables ---- */

struct table_facts {
    char *schema, *table; /* as the statement names it */
    struct catalog_product product;
    const struct catalog_table *declared; /* NULL: it is no table of a product */
    sqlite3 *version;                     /* NULL: not here */
    char *name;                           /* in the version */
    long long rows;                       /* below 0: not known */
};

struct facts {
    const struct workbench *workbench;
    struct array tables; /* of struct table_facts * */
};
void facts_release(struct facts *facts);
/* NULL: nothing is known of such a table. */
const struct table_facts *facts_table(struct facts *facts, const char *schema,
                                      const char *table);
/* For struct scope_spec: columns of the version, else of the contract. */
bool facts_columns(void *owner, const char *schema, const char *table,
                   struct array *columns);
/* What the contract says of the column; NULL: nothing. */
const struct catalog_column *facts_column(const struct table_facts *table,
                                          const char *column);

/* Rows by different values of the column: 1 is a key; below 0: not known. */
double facts_per_value(const struct table_facts *table, const char *column);
/* Are the rows told apart by these columns (array of const char *)? */
bool facts_is_key(const struct facts *facts, const struct table_facts *table,
                  const struct array *columns);

/* ---- estimate.c ---- */

/* A table of the workspace, as the session tells it. */
struct own_table {
    char *name; /* "main.t" */
    bool has_rowids;
    long long rows;
};

/* A step of SQLite's plan and what of the statement it reads. */
struct node {
    int id, parent, depth;
    char *detail;
    size_t query, source; /* SCOPE_NONE: none, or not known */
};

struct plan_facts {
    struct facts *facts;
    struct scope *scope;
    const char *sql;
    struct array nodes; /* of struct node */
    struct array own;   /* of struct own_table */
};

/* The name that a step reads ("o" of "SEARCH o USING ..."), yours; NULL: it reads none.
 */
char *node_name(const char *detail);
/* Columns of "(a=? AND b>?)" that are compared for being equal: array of char *. */
struct array node_columns(const char *detail, size_t *others);
void plan_match(struct plan_facts *plan);
/* Rows that each step reads, into the steps of the plan, which are parallel. */
void plan_estimate(const struct plan_facts *plan, struct advice_plan *out);
/* Which step costs most. */
void plan_mark(struct advice_plan *plan);

/* ---- count.c: the text with counters ---- */

/* Which counter counts which source. */
struct counter {
    size_t query, source;
};
/* Yours; NULL: there is nothing to count. */
char *count_text(const struct plan_facts *plan, const char *sql, struct array *counters);

/* ---- words.c ---- */
char *words_of_step(const char *detail, const struct scope_source *source);

/* ---- single.c: what a query gives at most ---- */
/* One row: aggregates without groups, LIMIT 1, nothing but values. */
bool query_is_single(const struct scope *scope, const char *sql, size_t query);

/* ---- names.c: what the names in a text mean ---- */

struct name {
    size_t start, length; /* of the column's own word */
    size_t query, source; /* whose column it is */
    size_t within;        /* the query in whose text it stands */
    char *column;
    bool is_unknown; /* its table is known by its alias only */
    bool is_lost;    /* nobody knows what it means */
};
/* Of a part of the statement, as it stands in it: array of struct name. */
struct array names_read(struct scope *scope, const char *sql, struct scope_part part);
void names_release(struct array *names);
/* The innermost query around this byte; SCOPE_NONE: none. */
size_t names_query_at(const struct scope *scope, size_t at);
/* The next word that is no blank and no comment. */
bool names_next(const char *sql, size_t end, size_t at, struct sql_token *token);
bool names_is(const char *sql, const struct sql_token *token, const char *word);

/* ---- conditions.c: WHERE and ON, taken apart at their ANDs ---- */

enum { SOURCES_MOST = 60 };

struct side {
    unsigned long long sources; /* bits: whose columns it has */
    char *column;               /* it is one column and nothing else; or NULL */
    size_t source;              /* of that */
};

struct condition {
    struct scope_part part;
    unsigned long long sources; /* bits: whose columns it has, of this query */
    bool is_unsure;             /* there are names nobody knows */
    bool has_query;             /* a subquery is in it */
    bool is_equality;           /* left = right; from USING too */
    bool is_on;                 /* from ON or USING */
    struct side left, right;
};
/* Of a query: array of struct condition. */
struct array conditions_read(struct scope *scope, const char *sql, size_t query);
void conditions_release(struct array *conditions);
/* Is the column of `source` equal to something that the sources in `given` decide? */
bool condition_binds(const struct condition *condition, size_t source,
                     unsigned long long given, const char **column);

/* ---- joins.c, adviser.c ---- */

struct adviser {
    const struct workbench *workbench;
    struct facts *facts;
    struct scope *scope;
    const char *sql;      /* one statement */
    size_t length, start; /* where it stands in the text */
    struct array *advice;
};
/* Appends advice; `at` and `length` in the statement. */
void advise_say(struct adviser *adviser, const char *rule, struct scope_part where,
                const char *format, ...) __attribute__((format(printf, 4, 5)));
void advise_joins(struct adviser *adviser, size_t query);
void advise_columns(struct adviser *adviser);
void advise_values(struct adviser *adviser, size_t query);

/* ---- pace.c: how fast this machine was ---- */

/* A statement of the past. */
struct pace {
    double rows, seconds;
};
/* Those worth planning again, the newest first: array of struct past_statement. */
struct past_statement {
    char *sql;
    double seconds;
};
struct array pace_statements(const struct workbench *workbench);
void pace_statements_release(struct array *statements);
/* Seconds for so many rows; below 0: too little is known. *used: of how many statements.
 */
double pace_seconds(const struct array *paces, double rows, size_t *used);

#endif
