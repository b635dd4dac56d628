/* lineage/trace: what the columns of a statement read, compiled by SQLite.
 *
 * A query is taken apart until only plain SELECTs over tables are left. Whatever stands
 * in FROM and is no table (a subquery, a CTE, a view) is traced by itself, and an empty
 * temporary table of its columns stands in its place. Of a plain SELECT each result
 * expression is prepared alone, `SELECT 1, <expr>, 1 <rest>`, and what SQLite's
 * authorizer tells (SQLITE_READ) is held against `SELECT 1, 1, 1 <rest>`: the difference
 * is what the expression reads; the rest decides which rows there are. No statement is
 * ever stepped, and no text is prepared that holds more than one level, so that queries
 * which would unfold without end cost what they are long.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LINEAGE_TRACE_H
#define MWB_LINEAGE_TRACE_H

#include <stdint.h>

#include "engine/lineage.h"
#include "engine/sql.h"

/* ---- Sets of numbers (sets.c) ---- */
struct set {
    uint64_t *words;
    size_t count;
};
void set_add(struct set *set, size_t number);
void set_remove(struct set *set, size_t number);
bool set_has(const struct set *set, size_t number);
bool set_join(struct set *into, const struct set *from); /* true: something was new */
void set_release(struct set *set);

/* ---- Tokens with their parentheses (tokens.c) ---- */
struct token {
    enum sql_kind kind;
    size_t start, length;
    size_t match; /* of a parenthesis: its other one */
};
struct tokens {
    char *sql;
    struct array items; /* of struct token, without blanks and comments */
};
/* A stretch of them: [from, to). */
struct part {
    const struct tokens *in;
    size_t from, to;
};
/* False: parentheses do not fit, or something is no SQL at all. */
bool tokens_read(struct tokens *tokens, const char *sql, size_t length);
void tokens_release(struct tokens *tokens);
const struct token *token_at(const struct part *part, size_t index);
bool token_is(const struct part *part, size_t index, const char *word); /* any case */
bool token_is_any(const struct part *part, size_t index, const char *const *words);
/* A name, or a word that may stand for one. */
bool token_is_name(const struct part *part, size_t index);
char *token_name(const struct part *part, size_t index); /* without quotes; yours */
/* The token at the same level behind this one: parentheses are one. */
size_t token_next(const struct part *part, size_t index);
/* The first of these words at the level of the part, from `index` on; part->to: none. */
size_t token_find(const struct part *part, size_t index, const char *const *words);
bool token_opens_query(const struct part *part, size_t index); /* ( SELECT ... */
/* Pieces between commas: array of struct part. */
struct array part_split(const struct part *part);
/* The bytes of it as written. */
void part_append(const struct part *part, struct text *out);

/* ---- What is read (reads.c) ---- */
enum source_kind {
    SOURCE_TABLE,
    SOURCE_STAND,    /* a table that stands for a query; see `relation` */
    SOURCE_FUNCTION, /* a table-valued function, or what has no table */
};
struct source {
    char *database, *table, *name; /* name "": no column, only its rows */
    enum source_kind kind;
    size_t relation;
};

struct made_column {
    char *name;
    struct set direct; /* sources whose values it is made from */
    struct set own;    /* that decide about it alone */
};
struct relation {
    struct array columns; /* of struct made_column */
    struct set rows;      /* sources that decide which rows there are */
    char *stand;          /* the table that stands for it; NULL: none yet */
    bool is_open;         /* its stand is read while it is still being traced */
};

struct trace {
    sqlite3 *db;
    struct array sources;   /* of struct source */
    size_t *places;         /* of sources, by hash */
    size_t size;            /* of places */
    struct array relations; /* of struct relation *: stands by number */
    struct array views;     /* of struct view_seen */
    struct array stubs;     /* of char *: functions that are not known here */
    struct array raw;       /* of struct raw_read, of the statement being prepared */
    bool is_noisy;          /* the last one declared something meanwhile */
    size_t budget;          /* bytes that may still be prepared */
    int depth;
};

void trace_init(struct trace *trace, sqlite3 *db);
void trace_release(struct trace *trace);

/* Prepare and tell what is read: array of size_t, sorted, with repetitions; and the names
 * of the columns (array of char *), both appended when not NULL. Never stepped. */
struct prepared {
    struct array reads; /* of size_t: numbers of sources */
    struct array names; /* of char * */
};
bool trace_prepare(struct trace *trace, const char *sql, struct prepared *out);
void prepared_release(struct prepared *prepared);
/* What is in `more` beyond `less`, once each. */
void reads_beyond(const struct array *more, const struct array *less, struct set *out);
const struct source *source_at(const struct trace *trace, size_t number);
const char *trace_said(const struct trace *trace); /* why the last one failed */

/* ---- Relations (relation.c) ---- */
struct relation *relation_new(void);
void relation_free(struct relation *relation);
struct made_column *relation_add(struct relation *relation, const char *name);
const struct made_column *relation_column(const struct relation *relation,
                                          const char *name);
/* Make the empty table that stands for it. The relation belongs to the trace then. */
bool relation_stand(struct trace *trace, struct relation *relation);
/* Replace what an open relation reads of itself by what that reads. */
void relation_close(const struct trace *trace, struct relation *relation);
/* All its columns decide which rows there are: DISTINCT, UNION. */
void relation_distinct(struct relation *relation);

/* ---- Names in FROM (scope.c) ---- */
enum cte_state { CTE_NEW, CTE_WORKING, CTE_DONE, CTE_FAILED };
struct cte {
    char *name;
    struct array columns; /* of char *: as declared, or none */
    struct part body;
    enum cte_state state;
    struct relation *relation; /* from when it has a stand */
    bool stays;                /* could not be traced by itself: left in its place */
    bool is_written;
};
struct scope {
    const struct scope *above;
    struct array ctes;    /* of struct cte */
    const char *database; /* unqualified tables are there: within a view; or NULL */
};
/* Reads `WITH ...` at the start of the part, which moves behind it. */
bool scope_open(struct scope *scope, struct part *part);
void scope_release(struct scope *scope);
/* The name of the table that stands for this name in FROM; NULL: it is a table, or
 * stays as it is. *stays: a CTE that is left in its place. Borrowed. */
const char *scope_stand(struct trace *trace, const struct scope *scope, const char *name,
                        bool *stays);
/* The same for a view of a database (NULL: any); *database: where the table is, when
 * it has to be said. */
const char *view_stand(struct trace *trace, const char *database, const char *name);
void view_seen_init(struct trace *trace);
void view_seen_release(struct trace *trace);

/* ---- Queries (query.c, core.c) ---- */
bool query_trace(struct trace *trace, const struct part *part, const struct scope *scope,
                 struct cte *cte, struct relation *out);
bool core_trace(struct trace *trace, const struct part *part, const struct scope *scope,
                struct relation *out);
/* A query by itself, with its stand. NULL: it cannot be traced so. */
struct relation *query_stand(struct trace *trace, const struct part *part,
                             const struct scope *scope, struct cte *cte);

/* ---- Writing again, with stands in place (rewrite.c, from.c) ---- */
struct from_item {
    char *label; /* alias or name */
    bool is_function, is_natural;
    char *function, *arguments; /* as written again */
    struct array using;         /* of char * */
};
struct from_list {
    struct array items; /* of struct from_item */
    bool is_outer;      /* RIGHT or FULL somewhere */
};
void from_list_release(struct from_list *list);
void rewrite(struct trace *trace, const struct part *part, const struct scope *scope,
             struct text *out);
void rewrite_query(struct trace *trace, const struct part *part,
                   const struct scope *scope, struct text *out);
/* A FROM clause without its first word; `list` may be NULL. */
void rewrite_from(struct trace *trace, const struct part *part, const struct scope *scope,
                  struct from_list *list, struct text *out);

#endif
