/* session/parent: the parent's half: what session.c and run.c share.
 *
 * Everything that calls back happens in one timer of the loop, the tick, never inside a
 * callback of the job: so a caller may free runs and the session in its callbacks.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_SESSION_PARENT_H
#define MWB_SESSION_PARENT_H

#include "engine/session.h"
#include "engine/session/worker.h"
#include "engine/text.h"

enum run_state { RUN_QUEUED, RUN_SENT, RUN_STARTED, RUN_OVER };

struct session {
    struct jobs *jobs;
    struct loop *loop;
    char *workspace, *index, *role, *spool_folder;
    struct worker_start start; /* what the child gets */
    struct job *job;           /* NULL: to be started by the next run */
    struct array runs;         /* of struct session_run *, oldest first: all that live */
    int tick;                  /* timer, 0 = none waits */
    long long transaction;     /* rows written in the open one; -1: none is open */
    bool ticking, closed;      /* freed inside the tick: the tick frees the struct */
};

struct session_run {
    struct session *session; /* NULL: the session was freed */
    enum run_state state;
    struct text request; /* what the child gets behind index and role */
    char *sql, *base;    /* base: name of the first spool */
    double timeout;
    void (*changed)(void *owner, struct session_run *run);
    void (*finished)(void *owner, struct session_run *run);
    void *owner;

    bool tells_change, tells_end; /* callbacks that wait for the tick */
    bool abandoned;               /* freed by its owner while it ran */
    bool cancelled, timed_out, sent_again;
    int cancel_timer, limit_timer;
    double started, seconds;

    struct error error;
    size_t error_offset;
    long long rows, changes, scanned;
    bool limited;
    struct array columns; /* of struct session_column */
    char *file, *table, *shown, *products, *versions, *needs, *classification, *notes,
        *asks;
    char *destroys;
    struct cache_lease *lease; /* on a product's own file that is read in place */
};

/* session.c */
void session_tick_soon(struct session *session);

/* run.c */
void run_take_columns(struct session_run *run, const void *bytes, size_t length);
void run_take_done(struct session_run *run, const void *bytes, size_t length);
void run_start_timers(struct session_run *run);
void run_recover_spool(struct session_run *run); /* its child was killed */
void run_end(struct session_run *run);
void run_release(struct session_run *run); /* remove its spool and free it */

#endif
