/* complete/private: what the files of this room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMPLETE_PRIVATE_H
#define MWB_COMPLETE_PRIVATE_H

#include "engine/complete.h"
#include "engine/policy.h"
#include "engine/scope.h"
#include "engine/store.h"

/* ---- What is known of the mesh ---- */

struct known_column {
    char *name, *type, *description, *classification;
    char *definition; /* of what it is, shared with others; NULL */
    char *masked;     /* "masked (token)", "not for role analyst"; NULL: as it is */
    bool is_key, is_unique, is_deprecated, is_text;
    bool is_refused; /* the role does not have it */
    bool tells;      /* its values may be offered */
    double use;
};

struct known_table {
    char *schema, *name;         /* in SQL; schema NULL: of the workspace */
    char *id, *domain, *product; /* of the product; NULL: of none */
    char *title;                 /* what it holds, one line; NULL */
    long long product_row, object_row;
    bool is_deprecated, is_read; /* its columns were asked for */
    bool is_alone;               /* the only table of its product */
    bool is_here, is_looked_for;
    double use;
    struct array columns; /* of struct known_column */
    bool is_linked;
    struct array links; /* of struct known_link, the best first; once asked for */
};

/* How two tables can be joined. */
enum known_way { WAY_RELATION, WAY_DEFINITION, WAY_KEY };
struct known_link {
    enum known_way way;
    long long other;  /* object_row of the other table */
    char *mine, *its; /* columns; of a relation several, with commas between */
};

/* A function of the SQLite that runs. */
struct known_function {
    char *name;
    const char *arguments, *sentence; /* NULL: not described */
    int least, most;                  /* arguments; most -1: any number */
    bool is_aggregate, is_window;
};

/* How rows of one table find partners in another, by a column of each. */
struct measured {
    long long rows, matched; /* looked at, with a partner */
    long long partners;      /* in all */
    long long most;          /* of one row */
};
enum { MEASURE_ROWS = 100000 }; /* that are looked at, at most */
struct complete_measure {
    char *key;
    char *from_file, *from_table, *from_column, *to_file, *to_table, *to_column;
    bool is_asked, is_known;
    struct measured is;
};

struct complete_values {
    char *key;
    struct array values; /* of char *, as SQL literals, the most frequent first */
};

struct complete {
    struct workbench *workbench;
    void (*changed)(void *owner);
    void *owner;
    struct array functions, tables; /* of struct known_function, struct known_table * */
    struct array extra;          /* of struct known_table *: of workspace, mesh, ledger */
    struct array uses;           /* of struct complete_use */
    double uses_read;            /* when; 0: never */
    struct array measures;       /* of struct complete_measure * */
    struct array values;         /* of struct complete_values */
    struct measuring *measuring; /* the job that measures; NULL: none */
    char *stamp;                 /* of the index that `tables` are of */
    sqlite3 *library;            /* a database in memory, for questions to SQLite */
    struct cache_mesh *cache;    /* during one answer: which products are here */
};

/* One answer. */
struct search {
    struct complete *complete;
    struct scope *scope;
    const struct scope_place *place;
    const char *text; /* the statement */
    size_t length;
    bool lower; /* keywords are typed in small letters */
    struct array found;
    struct array joins; /* of struct join, once seek_joins() was called */
};

struct join {
    long long object_row; /* of the table that could be joined */
    char *text;
};

struct found {
    struct complete_candidate candidate;
    enum complete_fit fit;
    int weight; /* of its kind at this place: less comes first */
    double use;
    size_t order;
    struct known_table *table; /* whose product may be absent */
};

/* A candidate to be: `name` is held against the word. Texts that come as char * are
 * taken. */
struct offer {
    enum complete_kind kind;
    int weight;
    const char *name;
    char *text; /* NULL: the name as SQL needs it */
    char *detail;
    const char *description;
    double use;
    enum complete_fit worst; /* worse fits do not count; 0: all count */
    struct known_table *table;
};
void seek_offer(struct search *search, struct offer offer);
/* The name as SQL needs it at the cursor. Yours. */
char *seek_spell(const struct search *search, const char *name);

/* ---- mesh.c, columns.c ---- */

void known_refresh(struct complete *complete);
void known_forget(struct complete *complete);
void known_tables_release(struct array *tables);
struct known_table *known_table(struct complete *complete, const char *schema,
                                const char *table);
/* Its columns are there, as far as anybody knows them. */
void known_read(struct complete *complete, struct known_table *table);
struct known_column *known_column(struct complete *complete, const char *schema,
                                  const char *table, const char *column);
bool known_is_here(struct complete *complete, struct known_table *table);
char *known_file(const struct complete *complete, const struct known_table *table);
/* Tables of main, mesh or ledger: appends struct known_table *. */
void known_extra(struct complete *complete, const char *schema, struct array *tables);
void known_judge(struct complete *complete, struct known_table *table);
/* links.c: how the table can be joined to others. */
const struct array *known_links(struct complete *complete, struct known_table *table);
struct known_table *known_by_object(struct complete *complete, long long object_row);
/* For scope_spec.columns. */
bool known_answer(void *owner, const char *schema, const char *table,
                  struct array *columns);

/* ---- library.c ---- */

void library_read(struct complete *complete);
void library_release(struct complete *complete);
void seek_functions(struct search *search, int weight);
void seek_keywords(struct search *search);
/* Is nothing else possible behind the keyword before the word? */
bool seek_followers(struct search *search);
/* Names out of a pragma: of collations, pragmas. */
void seek_library(struct search *search, const char *sql, const char *what);

/* ---- gather.c, columns.c, tables.c, joins.c, values.c ---- */

void seek_gather(struct search *search);
void seek_columns(struct search *search);
void seek_columns_of(struct search *search, const struct scope_source *source);
void seek_tables(struct search *search);
void seek_schema(struct search *search, const char *schema);
void seek_conditions(struct search *search);
void seek_values(struct search *search);
/* "integer, internal, masked (token), column of orders.orders". Yours. */
char *column_detail(const struct known_column *column, const char *of);

/* Which tables could be joined to the sources of the query, and how: "customer_id =
 * o.customer_id"; NULL: not this one. */
void seek_joins(struct search *search);
const char *seek_join_of(const struct search *search, const struct known_table *table);

/* ---- measure.c, use.c ---- */

struct measure_spec {
    struct known_table *from, *to;
    const char *from_column, *to_column;
};
/* NULL: it cannot be measured, or is being. */
const struct complete_measure *measure_ask(struct complete *complete,
                                           const struct measure_spec *spec);
/* Start a job for what was asked: at the end of an answer, since the index is let go
 * before a fork. */
void measures_start(struct complete *complete);
void measures_release(struct complete *complete);

void uses_read(struct complete *complete);
double uses_of(const struct complete *complete, const char *product, const char *table,
               const char *column);
void uses_release(struct complete *complete);
void values_release(struct complete *complete);

#endif
