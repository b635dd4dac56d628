/* confine: what the files of this room share. SPDX-License-Identifier: GPL-3.0-or-later
 */
#ifndef MWB_CONFINE_PRIVATE_H
#define MWB_CONFINE_PRIVATE_H

#include "engine/confine.h"
#include "engine/text.h"

struct confine {
    sqlite3 *db;
    struct job_port *port;
    double seconds;
    struct array databases; /* of char *; empty: all */
    struct array reads;     /* of struct confine_read */
    struct text refusal;    /* what the authorizer said no to */
    char *what;             /* the statement prepared last, as its caller calls it */
    bool trusted;           /* our own statements run */
    bool preparing;
    bool timed_out;
    double deadline; /* path_monotonic(); our own statements have none */
};

/* guard.c */
void confine_guard_set(struct confine *confine);
void confine_forget_reads(struct confine *confine);
/* The database that a row of EXPLAIN opens though it must not; NULL: none. */
const char *confine_hidden_by_opcode(const struct confine *confine, sqlite3_stmt *row);

/* limits.c: those of the connection; off while our own statements run. */
void confine_limits_set(struct confine *confine, bool on);

/* linear.c: instr() and replace() whose time does not grow with the product of their
 * arguments' lengths: no handler is asked within a function. */
void confine_linear_register(sqlite3 *db);
void confine_linear_remove(sqlite3 *db);

#endif
