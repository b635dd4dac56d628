/* session: the queue of runs and the child that works on them.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/session/message.h"
#include "engine/session/parent.h"
#include "engine/sql.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct session_run *run_at(const struct session *session, size_t index)
{
    return *(struct session_run **)array_at(&session->runs, index);
}

/* ---- The child ---- */

static struct session_run *running(const struct session *session)
{
    for (size_t i = 0; i < session->runs.count; i++) {
        struct session_run *run = run_at(session, i);
        if (run->state == RUN_SENT || run->state == RUN_STARTED) {
            return run;
        }
    }
    return NULL;
}

static void on_message(void *owner, struct job *job, int type, const void *bytes,
                       size_t length)
{
    struct session *session = owner;
    struct session_run *run = running(session);
    struct message_reader in = {bytes, length, false};
    (void)job;
    if (run == NULL) {
        return;
    }
    run->state = RUN_STARTED;
    if (type == MESSAGE_COLUMNS) {
        run_take_columns(run, bytes, length);
        run->tells_change = true;
    } else if (type == MESSAGE_ROWS) {
        run->rows = message_number(&in);
        run->tells_change = true;
    } else if (type == MESSAGE_SCANNED) {
        run->scanned = message_number(&in);
    } else if (type == MESSAGE_DONE) {
        run_take_done(run, bytes, length);
        run_end(run);
    }
    session_tick_soon(session);
}

/* A transaction ends with its process. What ran next would not be undone by a ROLLBACK,
 * so nothing does until the person knows. */
static bool lose_transaction(struct session *session, struct error *err)
{
    if (session->transaction < 0) {
        return false;
    }
    session->transaction = -1;
    struct error reason = *err;
    bool has_reason = reason.kind != ERROR_NONE;
    error_set(err, has_reason ? reason.kind : ERROR_FAILED,
              "%s%sthe open transaction ended with the process and was rolled back; "
              "%s",
              has_reason ? reason.message : "nothing ran: ", has_reason ? "; " : "",
              has_reason ? "its changes are gone" : "begin it again");
    return true;
}

/* The child is gone: by our kill, by somebody's, or by a crash. */
static void fail_run(struct session_run *run)
{
    char limit[32];
    run_recover_spool(run);
    if (run->timed_out) {
        string_of_seconds(run->timeout, limit, sizeof limit);
        error_set(&run->error, ERROR_TIMEOUT,
                  "the statement was stopped at the time limit of %s; ask for less, or "
                  "raise the limit",
                  limit);
    } else if (run->cancelled) {
        error_set(&run->error, ERROR_CANCELLED, "the statement was cancelled");
    } else if (run->state == RUN_SENT && !run->sent_again &&
               run->session->transaction < 0) {
        run->sent_again = true; /* the child died before it saw the statement */
        run->state = RUN_QUEUED;
        return;
    } else {
        error_set(&run->error, ERROR_FAILED,
                  "the session's process ended while the statement ran (it was killed "
                  "from outside, or ran out of memory); run the statement again, a new "
                  "process starts by itself");
    }
    lose_transaction(run->session, &run->error);
    run_end(run);
}

static void on_child_end(void *owner, struct job *job)
{
    struct session *session = owner;
    struct session_run *run = running(session);
    (void)job;
    if (run != NULL) {
        fail_run(run);
    }
    session_tick_soon(session);
}

static bool start_child(struct session *session, struct error *err)
{
    if (session->job != NULL && job_is_over(session->job)) {
        jobs_forget(session->jobs, session->job);
        session->job = NULL;
        if (lose_transaction(session, err)) {
            return false;
        }
    }
    if (session->job != NULL) {
        return true;
    }
    session->start.workspace = session->workspace;
    const struct job_spec spec = {
        .title = "SQL session",
        .run = worker_main,
        .argument = &session->start,
        .received = on_message,
        .finished = on_child_end,
        .owner = session,
        .hidden = true,
        .serves = true,
    };
    session->job = jobs_start(session->jobs, &spec, err);
    return session->job != NULL;
}

/* ---- The queue ---- */

static bool send_run(struct session *session, struct session_run *run)
{
    struct text message = {0};
    message_put_string(&message, session->index);
    message_put_string(&message, session->role);
    text_append_bytes(&message, run->request.data, run->request.length);
    run->state = RUN_SENT;
    bool sent =
        job_send(session->job, MESSAGE_RUN, message.data, message.length, &run->error);
    text_release(&message);
    return sent;
}

/* A child that was killed while it had nothing to do is noticed here at the latest. */
static void start_next(struct session *session)
{
    struct session_run *run = NULL;
    for (size_t i = 0; i < session->runs.count && run == NULL; i++) {
        run = run_at(session, i)->state == RUN_QUEUED ? run_at(session, i) : NULL;
    }
    if (run == NULL || running(session) != NULL) {
        return;
    }
    bool sent = start_child(session, &run->error) && send_run(session, run);
    if (!sent && session->job != NULL) {
        jobs_forget(session->jobs, session->job);
        session->job = NULL;
        sent = !lose_transaction(session, &run->error) &&
               start_child(session, &run->error) && send_run(session, run);
    }
    if (sent) {
        run->error = (struct error){0};
        run_start_timers(run);
    } else {
        run_end(run);
    }
}

/* ---- The tick ---- */

static struct session_run *next_to_tell(struct session *session)
{
    for (size_t i = 0; i < session->runs.count; i++) {
        struct session_run *run = run_at(session, i);
        if (run->tells_change || run->tells_end ||
            (run->abandoned && run->state == RUN_OVER)) {
            return run;
        }
    }
    return NULL;
}

static void tell(struct session_run *run)
{
    void (*changed)(void *, struct session_run *) = run->changed;
    void (*finished)(void *, struct session_run *) = run->finished;
    bool change = run->tells_change && !run->tells_end;
    bool end = run->tells_end;
    run->tells_change = false;
    run->tells_end = false;
    if (run->abandoned) {
        if (run->state == RUN_OVER) {
            run_release(run);
        }
    } else if (change && changed != NULL) {
        changed(run->owner, run);
    } else if (end && finished != NULL) {
        finished(run->owner, run);
    }
}

static void on_tick(void *owner)
{
    struct session *session = owner;
    struct session_run *run;
    session->tick = 0;
    session->ticking = true;
    start_next(session);
    while (!session->closed && (run = next_to_tell(session)) != NULL) {
        tell(run);
    }
    session->ticking = false;
    if (session->closed) {
        free(session);
    }
}

void session_tick_soon(struct session *session)
{
    if (session->tick == 0) {
        session->tick = loop_after(session->loop, 0, on_tick, session);
    }
}

/* ---- The door ---- */

struct session *session_new(const struct session_spec *spec)
{
    struct session *session = memory_new(sizeof *session);
    session->jobs = spec->jobs;
    session->loop = spec->loop;
    session->workspace = string_copy(spec->workspace);
    session->index = string_copy(spec->index);
    session->role = string_copy(spec->role);
    session->spool_folder = string_copy(spec->spool_folder);
    session->runs = (struct array)ARRAY_OF(struct session_run *);
    session->transaction = -1;
    return session;
}

void session_free(struct session *session)
{
    if (session == NULL) {
        return;
    }
    if (session->job != NULL) {
        jobs_forget(session->jobs, session->job);
    }
    while (session->runs.count > 0) {
        struct session_run *run = run_at(session, 0);
        if (run->state != RUN_OVER) {
            error_set(&run->error, ERROR_CANCELLED, "the session was closed");
            run_end(run);
        }
        if (run->abandoned) {
            run_release(run);
        } else {
            run->session = NULL;
            array_remove(&session->runs, 0);
        }
    }
    loop_cancel(session->loop, session->tick);
    array_release(&session->runs);
    free(session->workspace);
    free(session->index);
    free(session->role);
    free(session->spool_folder);
    session->closed = true;
    if (!session->ticking) { /* else the tick does it, on its way out */
        free(session);
    }
}

void session_set_index(struct session *session, const char *index)
{
    char *copy = string_copy(index);
    free(session->index);
    session->index = copy;
}

void session_set_role(struct session *session, const char *role)
{
    char *copy = string_copy(role);
    free(session->role);
    session->role = copy;
}

long long session_transaction(const struct session *session)
{
    return session->transaction;
}

static char *make_spool_name(struct session *session, struct error *err)
{
    char *name = path_join(session->spool_folder, "rows-XXXXXX");
    int fd = mkstemp(name);
    if (fd < 0) {
        error_set(
            err, ERROR_FAILED,
            "could not make a file for the result in %s: %s; see that the folder is "
            "there, may be written and has room",
            session->spool_folder, error_of_errno(errno));
        free(name);
        return NULL;
    }
    close(fd);
    return name;
}

static void encode(struct session_run *run, const struct session_query *query)
{
    struct text *out = &run->request;
    message_put_string(out, query->purpose);
    message_put_string(out, query->team);
    message_put_string(out, query->saved_query);
    message_put_number(out, query->plans);
    message_put_string(out, query->counting);
    message_put_string(out, run->base);
    message_put_string(out, query->on_spool);
    message_put_bytes(out, query->sql, query->sql_length);
    message_put_number(out, query->row_limit);
    message_put_number(out, query->memory_limit);
    message_put_number(out, (long long)(query->timeout * 1e6));
    message_put_number(out, query->is_careful);
    message_put_number(out, (long long)query->parameter_count);
    for (size_t i = 0; i < query->parameter_count; i++) {
        message_put_string(out, query->parameters[i].name);
        message_put_string(out, query->parameters[i].value);
    }
}

struct session_run *session_start(struct session *session,
                                  const struct session_query *query, struct error *err)
{
    struct sql_span first;
    if (!sql_statement_at(query->sql, query->sql_length, 0, &first)) {
        error_set(err, ERROR_FAILED,
                  "there is no statement to run: the text is empty or only a comment");
        return NULL;
    }
    char *base = make_spool_name(session, err);
    if (base == NULL || !start_child(session, err)) {
        free(base);
        return NULL;
    }
    struct session_run *run = memory_new(sizeof *run);
    run->session = session;
    run->base = base;
    run->sql = string_copy_bytes(query->sql, query->sql_length);
    run->timeout = query->timeout;
    run->changed = query->changed;
    run->finished = query->finished;
    run->owner = query->owner;
    run->started = path_monotonic();
    run->error_offset = SIZE_MAX;
    run->changes = -1;
    run->columns = (struct array)ARRAY_OF(struct session_column);
    encode(run, query);
    *(struct session_run **)array_push(&session->runs) = run;
    session_tick_soon(session);
    return run;
}
