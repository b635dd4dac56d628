/* session: one SQL connection in its own process, products attached when a statement
 * names them.
 *
 * `main` is the user's writable workspace (a file of one's own); a product stands under
 * its SQL name as a read-only, immutable attachment; the catalog stands as `mesh`. SQLite
 * allows 10 attachments at a time and cannot be told otherwise at run time, so the names
 * in a statement say which are needed, the least used are let go, and an 11th in one
 * statement is refused with a sentence.
 *
 * A statement runs in the child and appends its rows to a private spool (result.h), which
 * the parent may read while it still runs. Statements of a list run in order; each with
 * rows has a spool of its own and the last one is shown. Cancel interrupts, then kills
 * half a second later; a killed session is started again by the next statement, and
 * nothing but that statement (and temporary tables) is lost. Runs wait for each other in
 * a queue.
 *
 * A statement may write the workspace and nothing else: ATTACH, changes to products,
 * loading of extensions and PRAGMAs that change how the session works are refused with a
 * sentence (session/guard.c has the tables). Besides SQLite's functions there are
 * median(x), percentile(x, p), stddev(x) and regexp (functions.h).
 *
 * Before a statement runs, the gate (gate.h) judges what it touches: it may be refused,
 * need a purpose, or tell of groups of some size only. Its rows carry the highest
 * classification of what they are made from, and so do tables of the workspace that it
 * writes (session/classes.h). What was read is told to the ledger.
 *
 * A careful run looks through the whole list before any of it runs: what would destroy
 * something of the workspace (session/destroy.c) is told, with the rows that would go,
 * and nothing runs until the caller says so. Several sessions may work over one
 * workspace; a transaction left open is the session's own, and ends with it.
 *
 * Sources: sqlite.org/limits.html (attached databases), c3ref/set_authorizer.html,
 * c3ref/progress_handler.html, c3ref/interrupt.html, uri.html (immutable).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_H
#define MWB_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"

struct session;

struct session_spec {
    struct jobs *jobs;
    struct loop *loop;
    const char *workspace;    /* database file of main; NULL: in memory */
    const char *index;        /* the catalog index file; NULL: no mesh */
    const char *role;         /* whose versions are read; NULL: the mesh has no roles */
    const char *spool_folder; /* where spools go */
};

struct session *session_new(const struct session_spec *spec);
void session_free(struct session *session);
/* Another index from the next statement on. An index that was replaced under the same
 * name and new versions of products are noticed without being told. */
void session_set_index(struct session *session, const char *index);
/* Another role's versions from the next statement on. */
void session_set_role(struct session *session, const char *role);
/* Rows written since the BEGIN of the transaction that is open, as of the last statement
 * list that ended; -1: none is open. */
long long session_transaction(const struct session *session);

struct session_run; /* one statement list on its way */

struct session_parameter {
    const char *name;  /* "from", without its sign */
    const char *value; /* bound as a number when that prints back the same; may be NULL */
};

struct session_query {
    const char *sql; /* one or several statements; the last with rows is shown */
    size_t sql_length;
    const struct session_parameter *parameters;
    size_t parameter_count;
    long long row_limit;     /* stop after so many rows of a statement; 0 = none */
    double timeout;          /* seconds; 0 = none */
    long long memory_limit;  /* bytes SQLite may use; 0 = none */
    const char *on_spool;    /* run over this finished result file instead: it is main */
    const char *purpose;     /* what the person reads for; NULL: not said */
    const char *team;        /* of the person, whose agreements count; NULL: none */
    const char *saved_query; /* its name, for the ledger; NULL: it is none */
    bool is_careful;         /* what destroys is told first, see session_run_destroys() */
    /* Do not run it: the rows say how it would run (session/plan.h has their columns).
     * Parameters need no value, nothing is written, the ledger is not told. */
    bool plans;
    /* With `plans`: run this text of the same statement, in which mwb_visit(number,
     * rowid, ...) is among the conditions, and count how often each number is called. */
    const char *counting;
    /* All from loop_step(), never from inside another call. `changed`: more rows, or a
     * column list came (perhaps with another file). `finished` once. A callback may free
     * the run and the session. */
    void (*changed)(void *owner, struct session_run *run);
    void (*finished)(void *owner, struct session_run *run);
    void *owner;
};

struct session_column {
    char *name;
    char *declared;                 /* declared type, or NULL */
    char *product, *table, *column; /* where it comes from, or NULL for an expression */
};

/* One run: lives until session_run_free(), which also removes its spool and, while it
 * runs, cancels it without a further call back. NULL and a sentence when there is nothing
 * to run or no process or spool to be had. */
struct session_run *session_start(struct session *session,
                                  const struct session_query *query, struct error *err);
void session_run_cancel(struct session_run *run);
void session_run_free(struct session_run *run);

bool session_run_is_over(const struct session_run *run);
const struct error *session_run_error(const struct session_run *run); /* kind 0: none */
/* Byte in the text where it went wrong, SIZE_MAX when unknown. */
size_t session_run_error_offset(const struct session_run *run);
double session_run_seconds(const struct session_run *run);
long long session_run_rows(const struct session_run *run);    /* readable now */
long long session_run_changes(const struct session_run *run); /* rows written, or -1 */
/* Rows of tables looked at so far by the running statement, and bytes of its spool. */
long long session_run_scanned(const struct session_run *run);
long long session_run_bytes(const struct session_run *run);
bool session_run_was_limited(const struct session_run *run); /* row_limit cut it */
/* Array of struct session_column: empty until known, and when no statement has rows. */
const struct array *session_run_columns(const struct session_run *run);
/* Where the rows are: a spool file with table `rows`, or, for `SELECT * FROM
 * product.table`, the product's own file and table, read in place. NULL until known. */
const char *session_run_file(const struct session_run *run);
const char *session_run_table(const struct session_run *run);
const char *session_run_sql(const struct session_run *run); /* the statement shown */
/* Ids of the products read, a line each; known at the end. */
const char *session_run_products(const struct session_run *run);
/* The files of the versions that were read, in the same order. */
const char *session_run_versions(const struct session_run *run);
/* A product that must be fetched first: its id, when the error is "not here yet"; NULL
 * otherwise. The caller gets it and starts the statement again. */
const char *session_run_needs(const struct session_run *run);
/* The highest classification of what the shown rows are made from, known as soon as their
 * columns are; NULL: nothing classified, or a run on a spool, whose rows are as high as
 * those they were made from. */
const char *session_run_classification(const struct session_run *run);
/* What to know of the rows, a line each: what is masked, that groups were left out. */
const char *session_run_notes(const struct session_run *run);
/* Why the statement needs a purpose, when the error is that none was said; NULL
 * otherwise. The caller asks for one and starts the statement again. */
const char *session_run_asks(const struct session_run *run);
/* What the list would destroy, a line for each statement, when that is why a careful run
 * did nothing; NULL otherwise. The caller asks, and starts it again without care. */
const char *session_run_destroys(const struct session_run *run);

#endif
