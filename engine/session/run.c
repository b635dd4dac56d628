/* session/run: one statement list on its way, as its owner sees it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/cache.h"
#include "engine/path.h"
#include "engine/session/message.h"
#include "engine/session/parent.h"
#include "engine/session/spool.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Cancel asks at once, asks again (the child may just have begun), then kills. */
static const double seconds_until_asked_again = 0.1;
static const double seconds_until_killed = 0.4;
/* The child stops at the limit by itself, unless it is inside one long step. */
static const double seconds_over_limit = 0.25;

/* ---- What the child tells ---- */

static void release_columns(struct session_run *run)
{
    for (size_t i = 0; i < run->columns.count; i++) {
        struct session_column *column = array_at(&run->columns, i);
        free(column->name);
        free(column->declared);
        free(column->product);
        free(column->table);
        free(column->column);
    }
    array_clear(&run->columns);
}

static void remove_spool(const char *file)
{
    static const char *const endings[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *name = string_printf("%s%s", file, endings[i]);
        unlink(name);
        free(name);
    }
}

static bool is_own_spool(const struct session_run *run)
{
    return run->file != NULL && string_starts(run->file, run->base);
}

void run_recover_spool(struct session_run *run)
{
    if (is_own_spool(run)) {
        spool_recover(run->file);
    }
}

static void replace(char **old, char *new)
{
    free(*old);
    *old = new;
}

void run_take_columns(struct session_run *run, const void *bytes, size_t length)
{
    struct message_reader in = {bytes, length, false};
    if (is_own_spool(run)) {
        remove_spool(run->file);
    }
    release_columns(run);
    run->rows = 0;
    replace(&run->file, message_string(&in, NULL));
    replace(&run->table, message_string(&in, NULL));
    replace(&run->classification, message_string(&in, NULL));
    cache_lease_release(run->lease);
    run->lease = run->file != NULL && !is_own_spool(run)
                     ? cache_lease_take(run->file, NULL)
                     : NULL;
    size_t start = (size_t)message_number(&in);
    size_t size = (size_t)message_number(&in);
    size_t whole = strlen(run->sql);
    if (start <= whole && size <= whole - start) {
        replace(&run->shown, string_copy_bytes(run->sql + start, size));
    }
    long long count = message_number(&in);
    for (long long i = 0; i < count && !in.broken; i++) {
        struct session_column *column = array_push(&run->columns);
        column->name = message_string(&in, NULL);
        column->declared = message_string(&in, NULL);
        column->product = message_string(&in, NULL);
        column->table = message_string(&in, NULL);
        column->column = message_string(&in, NULL);
        if (column->name == NULL) {
            column->name = string_copy("");
        }
    }
}

void run_take_done(struct session_run *run, const void *bytes, size_t length)
{
    struct message_reader in = {bytes, length, false};
    enum error_kind kind = (enum error_kind)message_number(&in);
    char *sentence = message_string(&in, NULL);
    long long offset = message_number(&in);
    run->rows = message_number(&in);
    run->changes = message_number(&in);
    run->limited = message_number(&in) != 0;
    replace(&run->products, message_string(&in, NULL));
    replace(&run->versions, message_string(&in, NULL));
    replace(&run->needs, message_string(&in, NULL));
    replace(&run->notes, message_string(&in, NULL));
    replace(&run->asks, message_string(&in, NULL));
    replace(&run->destroys, message_string(&in, NULL));
    run->session->transaction = message_number(&in);
    run->error = (struct error){0};
    if (kind != ERROR_NONE) {
        error_set(&run->error, kind, "%s", sentence != NULL ? sentence : "it failed");
    }
    run->error_offset = offset < 0 ? SIZE_MAX : (size_t)offset;
    free(sentence);
}

/* ---- Time ---- */

static void on_limit(void *owner)
{
    struct session_run *run = owner;
    run->limit_timer = 0;
    run->timed_out = true;
    job_kill(run->session->job);
}

static void on_still_running(void *owner)
{
    struct session_run *run = owner;
    run->cancel_timer = 0;
    job_kill(run->session->job);
}

static void on_not_yet_cancelled(void *owner)
{
    struct session_run *run = owner;
    job_interrupt(run->session->job);
    run->cancel_timer =
        loop_after(run->session->loop, seconds_until_killed, on_still_running, run);
}

void run_start_timers(struct session_run *run)
{
    run->started = path_monotonic();
    loop_cancel(run->session->loop, run->limit_timer); /* when it is sent again */
    run->limit_timer = 0;
    if (run->timeout > 0) {
        run->limit_timer = loop_after(run->session->loop,
                                      run->timeout + seconds_over_limit, on_limit, run);
    }
}

void run_end(struct session_run *run)
{
    run->state = RUN_OVER;
    run->seconds = path_monotonic() - run->started;
    run->tells_end = true;
    loop_cancel(run->session->loop, run->cancel_timer);
    loop_cancel(run->session->loop, run->limit_timer);
    run->cancel_timer = 0;
    run->limit_timer = 0;
    session_tick_soon(run->session);
}

/* ---- The door ---- */

void session_run_cancel(struct session_run *run)
{
    if (run->state == RUN_OVER || run->cancelled) {
        return;
    }
    run->cancelled = true;
    if (run->state == RUN_QUEUED) {
        error_set(&run->error, ERROR_CANCELLED, "the statement was cancelled");
        run_end(run);
        return;
    }
    job_interrupt(run->session->job);
    run->cancel_timer = loop_after(run->session->loop, seconds_until_asked_again,
                                   on_not_yet_cancelled, run);
}

void run_release(struct session_run *run)
{
    struct session *session = run->session;
    for (size_t i = 0; session != NULL && i < session->runs.count; i++) {
        if (*(struct session_run **)array_at(&session->runs, i) == run) {
            array_remove(&session->runs, i);
        }
    }
    if (is_own_spool(run)) {
        remove_spool(run->file);
    }
    remove_spool(run->base);
    release_columns(run);
    cache_lease_release(run->lease);
    array_release(&run->columns);
    text_release(&run->request);
    free(run->sql);
    free(run->base);
    free(run->file);
    free(run->table);
    free(run->shown);
    free(run->products);
    free(run->versions);
    free(run->needs);
    free(run->classification);
    free(run->notes);
    free(run->asks);
    free(run->destroys);
    free(run);
}

void session_run_free(struct session_run *run)
{
    if (run == NULL) {
        return;
    }
    if (run->state == RUN_OVER) {
        run_release(run);
        return;
    }
    run->abandoned = true;
    session_run_cancel(run);
}

bool session_run_is_over(const struct session_run *run)
{
    return run->state == RUN_OVER;
}

const struct error *session_run_error(const struct session_run *run)
{
    return &run->error;
}

size_t session_run_error_offset(const struct session_run *run)
{
    return run->error_offset;
}

double session_run_seconds(const struct session_run *run)
{
    return run->state == RUN_OVER ? run->seconds : path_monotonic() - run->started;
}

long long session_run_rows(const struct session_run *run)
{
    return run->rows;
}

long long session_run_changes(const struct session_run *run)
{
    return run->changes;
}

long long session_run_scanned(const struct session_run *run)
{
    return run->scanned;
}

long long session_run_bytes(const struct session_run *run)
{
    static const char *const endings[] = {"", "-wal"};
    long long bytes = 0;
    for (size_t i = 0; is_own_spool(run) && i < sizeof endings / sizeof *endings; i++) {
        struct stat facts;
        char *name = string_printf("%s%s", run->file, endings[i]);
        bytes += stat(name, &facts) == 0 ? (long long)facts.st_size : 0;
        free(name);
    }
    return bytes;
}

bool session_run_was_limited(const struct session_run *run)
{
    return run->limited;
}

const struct array *session_run_columns(const struct session_run *run)
{
    return &run->columns;
}

const char *session_run_file(const struct session_run *run)
{
    return run->file;
}

const char *session_run_table(const struct session_run *run)
{
    return run->table;
}

const char *session_run_sql(const struct session_run *run)
{
    return run->shown != NULL ? run->shown : run->sql;
}

const char *session_run_products(const struct session_run *run)
{
    return run->products != NULL ? run->products : "";
}

const char *session_run_versions(const struct session_run *run)
{
    return run->versions != NULL ? run->versions : "";
}

const char *session_run_needs(const struct session_run *run)
{
    return run->needs;
}

const char *session_run_classification(const struct session_run *run)
{
    return run->classification;
}

const char *session_run_notes(const struct session_run *run)
{
    return run->notes != NULL ? run->notes : "";
}

const char *session_run_asks(const struct session_run *run)
{
    return run->asks;
}

const char *session_run_destroys(const struct session_run *run)
{
    return run->destroys;
}
