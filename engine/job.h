/* job: work in child processes, so that the screen never waits.
 *
 * Whatever takes time, may crash or reads hostile input runs as a job: a forked child
 * that runs one function and talks over a socket pair. The child may tell progress, send
 * messages and end with an error sentence; the parent may send messages and cancel. A job
 * that is cancelled is asked first (SIGINT; the child sees job_cancelled(), and an SQLite
 * connection registered with job_guard() is interrupted) and killed half a second later,
 * so cancel always works within a second. A child dies with its parent.
 *
 * Parent side: all callbacks come from loop_step(). `finished` comes exactly once, after
 * all messages, also when the child was killed (by anybody).
 * Child side: no terminal, stdin from /dev/null (unless the spec keeps it), stdout and
 * stderr to /dev/null (unless the spec keeps stderr), resource limits as asked; leaves by
 * returning from `run`.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_JOB_H
#define MWB_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <sqlite3.h>
#include <sys/types.h>

#include "engine/error.h"
#include "engine/loop.h"
#include "engine/text.h"

struct jobs;     /* all jobs of the program */
struct job;      /* one job, seen by the parent */
struct job_port; /* the same job, seen by its child */

enum job_unit { JOB_BYTES, JOB_THINGS };

struct job_progress {
    long long done, total; /* in units; total 0 = not known */
    enum job_unit unit;
    long long rows; /* rows so far, -1 when it makes no sense */
    char note[128]; /* what is being done now */
};

/* 0 to 100; total must be known. */
static inline int job_percent(const struct job_progress *progress)
{
    long long done = progress->done < progress->total ? progress->done : progress->total;
    return (int)((double)done * 100 / (double)progress->total);
}

/* How fast it goes: averages that forget what is more than a few seconds old, so that
 * they follow a job that becomes slower and do not jump. `done` that falls begins anew.
 */
struct job_pace {
    double at, seconds, done, rows; /* of the averages; insides */
    struct job_progress last;
};
void job_pace_see(struct job_pace *pace, const struct job_progress *progress,
                  double seconds);                 /* since the job's start */
double job_pace_rows(const struct job_pace *pace); /* a second; below 0: not known yet */
double job_pace_left(const struct job_pace *pace); /* seconds; below 0: not known yet */
/* "9 s left, 28.0 MiB of 65.1 MiB, 812,000 rows, 810,000/s", appended; what is not
 * known is left out. Where there are no rows it tells bytes a second. */
void job_pace_describe(const struct job_pace *pace, struct text *out);

enum job_state { JOB_RUNNING, JOB_DONE, JOB_FAILED, JOB_CANCELLED };

struct job_spec {
    const char *title; /* "get checkout/orders"; copied */
    /* In the child. `argument` is the parent's memory as it was at the fork. */
    bool (*run)(struct job_port *port, void *argument, struct error *err);
    void *argument;
    /* In the parent; each may be NULL. */
    void (*progressed)(void *owner, struct job *job);
    void (*received)(void *owner, struct job *job, int type, const void *bytes,
                     size_t length);
    void (*finished)(void *owner, struct job *job);
    void *owner;
    double
        timeout; /* seconds until it is stopped (JOB_FAILED, ERROR_TIMEOUT); 0 = none */
    long long
        memory_limit; /* bytes of address space beyond the program's own; 0 = none */
    bool hidden;      /* not listed among the jobs */
    bool serves;      /* a session: waits for requests until it is ended */
    bool keeps_input; /* the child reads our standard input; it must be no terminal */
};

struct jobs *jobs_new(struct loop *loop);
/* Called before each fork: to let go of what a child must not inherit. */
void jobs_before_fork(struct jobs *jobs, void (*prepare)(void *owner), void *owner);
/* Kills what still runs, tells that it is finished, and starts nothing any more. */
void jobs_free(struct jobs *jobs);

/* NULL and a sentence when no process can be had. The job belongs to `jobs`; it stays
 * listed after its end until jobs_forget(). */
struct job *jobs_start(struct jobs *jobs, const struct job_spec *spec, struct error *err);
size_t jobs_count(const struct jobs *jobs); /* listed, hidden ones not counted */
struct job *jobs_at(const struct jobs *jobs, size_t index); /* newest first */
size_t jobs_running(const struct jobs *jobs);               /* of those listed */
bool jobs_work(
    const struct jobs *jobs); /* any runs, hidden or not, that ends by itself */
void jobs_forget(struct jobs *jobs, struct job *job); /* only after its end */

/* Parent side of one job. */
bool job_send(struct job *job, int type, const void *bytes, size_t length,
              struct error *err);
void job_cancel(struct job *job);    /* ask, then kill */
void job_interrupt(struct job *job); /* ask only: SIGINT */
void job_kill(struct job *job);      /* SIGKILL now */
bool job_is_over(const struct job *job);
enum job_state job_state(const struct job *job);
const char *job_title(const struct job *job);
const struct job_progress *job_progress(const struct job *job);
const struct job_pace *job_pace(const struct job *job);
const struct error *job_error(const struct job *job); /* the sentence when it failed */
double job_seconds(const struct job *job);            /* running time so far, or in all */
pid_t job_pid(const struct job *job);

/* Child side. Messages are whole: at most 64 MiB each; types are the caller's, from 0. */
void job_report(
    struct job_port *port,
    const struct job_progress *progress); /* cheap: at most 20 a second leave */
bool job_tell(struct job_port *port, int type, const void *bytes, size_t length);
/* Wait for a message of the parent: 1 got one (*bytes is yours), 0 parent closed, -1 was
 * interrupted (SIGINT) or `seconds` passed (below 0: for ever). */
int job_listen(struct job_port *port, double seconds, int *type, void **bytes,
               size_t *length);
bool job_cancelled(const struct job_port *port); /* asked to stop since the last reset */
void job_reset_cancelled(struct job_port *port);
void job_guard(struct job_port *port,
               sqlite3 *db); /* interrupt it on cancel; NULL = none */

/* Run the function here, without a child and without limits, for tests and for work
 * inside a job: port may then be NULL everywhere above on the child side. */

#endif
