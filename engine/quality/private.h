/* quality: what the files of this room share: the plan, the run, and how each type of
 * check is carried out. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_QUALITY_PRIVATE_H
#define MWB_QUALITY_PRIVATE_H

#include <sqlite3.h>

#include "engine/confine.h"
#include "engine/evidence.h"
#include "engine/quality.h"

/* A column that a contract names, in the data that are here. */
struct quality_column {
    char *property; /* as the contract says, nested ones with dots */
    char *name;     /* in the database; NULL: it is not there */
    char *hidden;   /* a sentence why its values are not those of the source: the role may
                       not read them; NULL: they are */
    bool is_sensitive; /* by its classification: not shown among failing rows */
    int key_position;  /* in the primary key, from 1; 0: none */
};

/* A table that a contract names. */
struct quality_table {
    char *object;         /* as the contract says */
    char *planned;        /* its name in SQL as the plan has it */
    char *name;           /* in the database; NULL: it is not there */
    struct array columns; /* of struct quality_column */
    bool has_rowid;       /* first and last are known */
    long long first, last;
};

/* A run under way, in its child. */
struct quality_session {
    const struct quality_spec *spec;
    struct job_port *port; /* may be NULL */
    sqlite3 *db;  /* evidence.h: `mesh`, `ledger`, and the product under schema */
    char *schema; /* the product's name in SQL, or "data" for a file */
    char *file;   /* the SQLite file behind it, for more connections */
    struct confine *confine; /* for SQL of others */
    struct array *checks;    /* of struct quality_check */
    struct array tables;     /* of struct quality_table: what `checks` name */
};

/* table.c: look what is there. Checks get the names that tables and columns have. */
bool quality_find_tables(struct quality_session *session, struct error *err);
void quality_forget_tables(struct quality_session *session);
/* By the name in SQL or the contract's; NULL: no check is about it. */
const struct quality_table *quality_table_named(const struct quality_session *session,
                                                const char *name);
const struct quality_column *quality_column_named(const struct quality_table *table,
                                                  const char *name);
/* Why the values of a column may not be judged, a sentence; NULL: they may. */
const char *quality_hidden(const struct quality_session *session, const char *table,
                           const char *column);

/* How a type of check is carried out, one at a time. What all tables' counting passes do
 * together (count.c) is done before and is_done then. */
struct quality_kind {
    const char *type;   /* library, sql, relationship, sla, text, custom, schema */
    const char *metric; /* NULL: any */
    bool (*run)(struct quality_session *session, struct quality_check *check,
                struct error *err); /* false: only when cancelled */
};

/* plan.c: what a rule of a contract is about; strings are borrowed. */
struct quality_plan {
    const struct quality_spec *spec;
    sqlite3 *db; /* of the catalog */
    struct array *checks;
    const char *product, *contract, *path; /* ids, and the descriptor */
    bool is_anchored; /* patterns are about the whole value (Data Package) */
    long long contract_row;
    const char *object, *table; /* NULL: the contract as a whole */
    long long object_row;
};
/* A check of this metric: of the object, or of a property of it; key, names and places
 * are filled. */
struct quality_check *quality_plan_add(struct quality_plan *plan, const char *type,
                                       const char *metric, const char *property);
/* The name in SQL of a table of the product; NULL: it has none of that object. Yours. */
char *quality_plan_table(const struct quality_plan *plan, const char *object);
/* plan_schema.c: what the declarations of an object imply. */
void quality_plan_object(struct quality_plan *plan);

/* check.c */
enum { QUALITY_STRINGS_MOST = 32 };
size_t quality_check_strings(struct quality_check *check,
                             char **strings[QUALITY_STRINGS_MOST]);

/* statement.c: sql and rows_sql of what is counted here. */
void quality_write_statements(const char *schema, const struct quality_table *table,
                              struct quality_check *check);

/* verdict.c: the operator held against a number; fills threshold, outcome, percent. */
void quality_judge(struct quality_check *check, bool has_value, double value);
bool quality_is_percent(const struct quality_check *check);
bool quality_number_of(const char *text, double *number);
char *quality_number_text(double number); /* yours */
/* What a check that does not hold is, by its severity: warning or failed. */
enum quality_outcome quality_outcome_below(const struct quality_check *check);
/* Outcomes with a sentence; both set is_done. */
void quality_broke(struct quality_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void quality_not_run(struct quality_check *check, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* count.c: everything that can be counted row by row, and the groups. */
bool quality_count_tables(struct quality_session *session, struct error *err);

/* sql_rule.c: rules in SQL, also of other dialects. */
bool quality_run_sql(struct quality_session *session, struct quality_check *check,
                     struct error *err);
/* relation.c: keys that must exist elsewhere, also in other products. */
bool quality_run_relation(struct quality_session *session, struct quality_check *check,
                          struct error *err);
/* promise.c: service levels that facts can prove, completeness over calendars. */
bool quality_run_promise(struct quality_session *session, struct quality_check *check,
                         struct error *err);

/* relation.c, promise.c: what a contract as a whole declares. */
void quality_plan_relations(struct quality_plan *plan);
void quality_plan_promises(struct quality_plan *plan);

/* rows.c: the rows behind a statement that counts them, `SELECT count(*) FROM one table
 * ...`: keys and the columns that were read, without sensitive ones. NULL: it counts
 * something else. Yours. */
char *quality_rows_behind(const struct quality_session *session, const char *sql,
                          const struct array *reads);

#endif
