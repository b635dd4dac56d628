/* session/limits: time, memory and cancel of a running statement list.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/path.h"
#include "engine/session/message.h"
#include "engine/session/worker.h"

#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

enum { OPCODES_BETWEEN_LOOKS = 2000 };
static const double seconds_between_scanned = 0.2;

/* The counter has 32 bits. */
static void tell_scanned(struct worker *worker)
{
    double now = path_monotonic();
    if (worker->stepping == NULL ||
        now - worker->told_scanned < seconds_between_scanned) {
        return;
    }
    int steps = sqlite3_stmt_status(worker->stepping, SQLITE_STMTSTATUS_FULLSCAN_STEP, 0);
    struct text message = {0};
    message_put_number(&message, (long long)(unsigned)steps);
    job_tell(worker->port, MESSAGE_SCANNED, message.data, message.length);
    text_release(&message);
    worker->told_scanned = now;
}

/* Called by SQLite now and then: also a row that takes minutes to find can be cancelled,
 * and rows found so far become readable meanwhile. */
static int look_up(void *owner)
{
    struct worker *worker = owner;
    if (worker->deadline > 0 && path_monotonic() > worker->deadline) {
        worker->timed_out = true;
        return 1;
    }
    if (worker->spool != NULL && !worker->spool_broke &&
        !spool_flush(worker->spool, false, &worker->outcome->error)) {
        worker->spool_broke = true;
    }
    tell_scanned(worker);
    return job_cancelled(worker->port) || worker->spool_broke;
}

/* SQLite counts its own memory; this is for what it calls, regular expressions above all.
 * 0 gives back what the process had at its start. */
static void limit_address_space(const struct worker *worker, long long bytes)
{
#ifndef MWB_ASAN /* a sanitizer reserves terabytes */
    enum { SLACK = 64 << 20 };
    struct rlimit space;
    long pages = 0;
    FILE *file = bytes > 0 ? fopen("/proc/self/statm", "re") : NULL;
    bool known = file != NULL && fscanf(file, "%ld", &pages) == 1;
    if (file != NULL) {
        fclose(file);
    }
    if (getrlimit(RLIMIT_AS, &space) == 0) {
        rlim_t used = (rlim_t)pages * (rlim_t)sysconf(_SC_PAGESIZE);
        rlim_t limit = used + (rlim_t)bytes + SLACK;
        bool lower = known && limit < worker->address_space;
        space.rlim_cur = lower ? limit : worker->address_space;
        setrlimit(RLIMIT_AS, &space);
    }
#else
    (void)worker;
    (void)bytes;
#endif
}

void limits_note(struct worker *worker)
{
    struct rlimit space;
    worker->address_space =
        getrlimit(RLIMIT_AS, &space) == 0 ? space.rlim_cur : RLIM_INFINITY;
}

void limits_set(struct worker *worker, bool on)
{
    const struct request *request = worker->request;
    bool limited = on && request->memory_limit > 0;
    sqlite3_hard_heap_limit64(limited ? request->memory_limit + sqlite3_memory_used()
                                      : 0);
    limit_address_space(worker, limited ? request->memory_limit : 0);
    worker->deadline =
        on && request->timeout > 0 ? path_monotonic() + request->timeout : 0;
    sqlite3_progress_handler(worker->target, on ? OPCODES_BETWEEN_LOOKS : 0,
                             on ? look_up : NULL, worker);
    job_guard(worker->port, on ? worker->target : NULL);
}
