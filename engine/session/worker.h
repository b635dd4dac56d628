/* session/worker: the child's half of a session: what its files share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_WORKER_H
#define MWB_SESSION_WORKER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "engine/array.h"
#include "engine/catalog.h"
#include "engine/error.h"
#include "engine/gate.h"
#include "engine/job.h"
#include "engine/session/spool.h"
#include "engine/sql.h"
#include "engine/text.h"

/* A statement list as the parent asked for it. */
struct request {
    char *index, *role, *spool, *on_spool, *sql;
    char *purpose, *team, *saved_query; /* may be NULL */
    bool plans;                         /* the plan is asked for, not the rows */
    char *counting;                     /* may be NULL */
    size_t sql_length;
    long long row_limit, memory_limit;
    double timeout;
    bool is_careful;
    struct array parameters; /* of struct request_parameter */
};

struct request_parameter {
    char *name, *value;
};

/* What an error says besides its sentence. */
struct outcome {
    struct error error;
    size_t offset; /* byte in the text, SIZE_MAX when unknown */
    long long rows, changes;
    bool limited;
    struct text products; /* ids, a line each */
    struct text versions; /* their files, a line each */
    struct text notes;    /* what to know of the rows, a line each */
    char *needs;
    char *asks;           /* why it needs a purpose; NULL: it does not */
    struct text destroys; /* what would go, a line for each statement */
};

struct attachment {
    char *schema, *file;
    char *product;             /* its id; NULL for the catalog */
    struct cache_lease *lease; /* it stays as long as it is attached */
    long long used;            /* worker's clock when it was last needed */
    bool read;                 /* by the running statement list */
};

struct worker {
    struct job_port *port;
    const char *workspace;
    sqlite3 *db;              /* main is the workspace; NULL until it could be opened */
    struct array attachments; /* of struct attachment */
    struct catalog *catalog;  /* NULL: no mesh */
    struct policy *policy;    /* NULL: no mesh, or it has no roles */
    struct array passed;      /* of struct passed: products that policies let be read */
    struct array permitted;   /* of char *: versions that the policy lets be read */
    char *index;
    dev_t index_device;
    ino_t index_inode;
    long long clock;
    rlim_t address_space; /* soft limit of the process at its start */

    /* The running statement list. */
    struct request *request;
    struct outcome *outcome;
    sqlite3 *target;           /* db, or the spool the list runs on */
    struct spool *spool;       /* of the statement that runs */
    struct sql_span span;      /* that statement */
    struct array schemas;      /* of char *: those it names */
    struct text refusal;       /* why the authorizer refused it */
    struct text refused_table; /* the table it was about, if any */
    bool trusted;              /* our own SQL runs: the authorizer lets it pass */
    bool timed_out;
    bool spool_broke; /* the error stands in the outcome already */
    double deadline;  /* path_monotonic(), 0 = none */
    int spools;       /* made for this list */

    sqlite3_stmt *stepping;       /* the statement that runs, to count what it looks at */
    double told_scanned;          /* when the parent heard of it last, path_monotonic() */
    sqlite3_int64 changes_before; /* total changes when the open transaction began */

    /* The running statement: what it touches, and what the gate says of it. */
    struct array touches; /* of struct gate_touch, sorted once they are collected */
    struct array written; /* of char *: tables of the workspace, "main.t" */
    struct array inner;   /* of char *: "orders.words_", inner tables of virtual ones */
    char *altered;        /* one that ALTER TABLE is about, or NULL */
    bool has_rows;        /* it gave some, or could have */
    bool is_judged;       /* nothing else may be read from now on */
    struct gate_verdict verdict;
    struct gate_suppressed suppressed; /* sql NULL: nothing is left out */
};

/* request.c */
bool request_read(struct request *request, const void *bytes, size_t length);
void request_release(struct request *request);
/* Every parameter of the text has a value? */
bool request_has_parameters(const struct request *request, struct outcome *outcome);
void request_bind(const struct request *request, sqlite3_stmt *stmt);

/* attach.c */
bool attach_open(struct worker *worker, struct error *err); /* workspace and catalog */
void attach_close(struct worker *worker);
/* Is every product the whole text names in the cache? */
bool attach_check(struct worker *worker, struct outcome *outcome);
/* Attach what the running statement names. */
bool attach_schemas(struct worker *worker, struct error *err);
/* A schema that came up only while preparing (a temporary view): false when it is none.
 */
bool attach_late(struct worker *worker, const char *schema, struct error *err);
struct attachment *attach_find(struct worker *worker, const char *schema);

/* permit.c: the policy of the request, opened with the catalog and closed before it. */
bool permit_open(struct worker *worker, struct error *err);
void permit_close(struct worker *worker);
/* Why the role may not read the product: a sentence, yours; NULL: it may. A version that
 * was made by other decisions is no version: *file is freed and NULL then. */
char *permit_refusal(struct worker *worker, const char *id, char **file);
/* The same of a table, and of a column of the running statement, that is not there. */
char *permit_table_refusal(struct worker *worker, const char *schema, const char *table);
char *permit_column_refusal(struct worker *worker, const char *column);

/* guard.c: the authorizer of the connection of a user's statements. */
void guard_set(struct worker *worker, sqlite3 *db);
bool guard_is_pragma(const struct worker *worker); /* the running statement */

/* explain.c: the sentence for what SQLite said about the running statement. */
void explain_error(struct worker *worker, struct outcome *outcome);

/* limits.c */
void limits_note(struct worker *worker); /* what the process may take by itself */
void limits_set(struct worker *worker, bool on);

/* statement.c */
void statement_run_all(struct worker *worker);
/* Say in the outcome why a step failed; false. */
bool statement_failed(struct worker *worker);

/* destroy.c: would nothing of the workspace go by these statements (of struct sql_span)?
 * Else the outcome says what. */
bool destroy_check(struct worker *worker, const struct array *spans);

/* worker.c */
struct worker_start {
    const char *workspace;
};
bool worker_main(struct job_port *port, void *start, struct error *err);

#endif
