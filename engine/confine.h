/* confine: SQL that other people wrote (rules of contracts, policies) runs here, in a
 * child process, and can do nothing but answer.
 *
 * One statement, a SELECT (or VALUES, WITH) that only reads: sqlite3_stmt_readonly() and
 * an authorizer that allows SELECT, READ of the databases named, RECURSIVE, and functions
 * of a list; no PRAGMA, ATTACH, transaction, virtual table that is not there yet, no
 * function that loads, writes or makes gigabytes of nothing. It is refused before it
 * runs, with a sentence that names what it tried. What passes runs under limits: wall
 * time by the progress handler, and for what no handler can stop by the job's own timeout
 * (a kill); memory; length of values; no file may grow (RLIMIT_FSIZE); temp_store in
 * memory (a connection with temporary tables or views sets that itself before it makes
 * them, for SQLite drops them when it changes). Functions of the program pass when they
 * are in the list (confine/guard.c) or begin with mwb_.
 *
 * Sources: sqlite.org/c3ref/set_authorizer.html, stmt_readonly.html, limit.html,
 * hard_heap_limit64.html, security.html.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CONFINE_H
#define MWB_CONFINE_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/resource.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"
#include "engine/store.h"

struct confine;

struct confine_spec {
    sqlite3 *db;                  /* stays the caller's; guarded until confine_free() */
    const char *const *databases; /* names it may read: "main" "mesh" "orders" ...; */
    size_t database_count;        /* 0: every one that is attached */
    double seconds;               /* for each statement; 0 = 5 */
    struct job_port *port;        /* cancel; may be NULL */
};

struct confine *confine_new(const struct confine_spec *spec);
void confine_free(struct confine *confine); /* NULL is fine */
/* Another set of databases from the next statement on. */
void confine_allow(struct confine *confine, const char *const *databases, size_t count);

/* Limits of the whole process, for the child only, once: memory beyond what it has now in
 * bytes (0 = 256 MiB), no file may be written. The job's own `timeout` is the last wall.
 */
bool confine_process(long long memory, struct error *err);
/* The same for a while, for a process that has other work before and after. */
struct confine_walls {
    struct rlimit files, space;
    long long heap;
};
bool confine_raise_walls(struct confine_walls *walls, long long memory,
                         struct error *err);
void confine_lower_walls(const struct confine_walls *walls);

/* Compile. NULL and a sentence (ERROR_FAILED: refused, or no SQL) that begins with what
 * it is called: "rule plausible_price". Our own statements on the same connection are
 * prepared with confine_trusted(true) around them. */
sqlite3_stmt *confine_prepare(struct confine *confine, const char *what, const char *sql,
                              struct error *err);
/* Step under the limits: ERROR_TIMEOUT, ERROR_CANCELLED, else ERROR_FAILED. */
enum store_step confine_step(struct confine *confine, sqlite3_stmt *stmt,
                             struct error *err);
void confine_trusted(struct confine *confine, bool trusted);
/* Was the last one refused: it tried what it may not (else it is wrong, or too long)? */
bool confine_refused(const struct confine *confine);

/* What the last prepared statement reads: array of struct confine_read, borrowed until
 * the next confine_prepare(). */
struct confine_read {
    char *database, *table, *column; /* column "": the table only, as by count(*) */
};
const struct array *confine_reads(const struct confine *confine);

#endif
