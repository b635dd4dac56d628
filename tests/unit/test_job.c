/* Unit tests of engine/loop.h and engine/job.h, with real child processes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/job.h"
#include "engine/path.h"
#include "tap.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

struct seen {
    bool over;
    int messages;
    char last[64];
    int reports;
};

static void on_message(void *owner, struct job *job, int type, const void *bytes,
                       size_t length)
{
    (void)job;
    struct seen *seen = owner;
    seen->messages++;
    snprintf(seen->last, sizeof seen->last, "%d:%.*s", type, (int)length,
             (const char *)bytes);
}

static void on_progress(void *owner, struct job *job)
{
    struct seen *seen = owner;
    seen->reports = (int)job_progress(job)->done;
}

static void on_end(void *owner, struct job *job)
{
    (void)job;
    ((struct seen *)owner)->over = true;
}

static bool echo(struct job_port *port, void *argument, struct error *err)
{
    (void)err;
    job_report(port, &(struct job_progress){.done = 1});
    job_report(port, &(struct job_progress){.done = 2});
    job_tell(port, 7, argument, strlen(argument));
    int type;
    void *bytes;
    size_t length;
    while (job_listen(port, -1, &type, &bytes, &length) == 1 && length > 0) {
        job_tell(port, type + 1, bytes, length);
        free(bytes);
    }
    return true;
}

static bool fail(struct job_port *port, void *argument, struct error *err)
{
    (void)port;
    (void)argument;
    return error_set(err, ERROR_FAILED, "the well is dry");
}

static bool one_long_opcode(struct job_port *port, void *argument, struct error *err)
{
    (void)argument;
    sqlite3 *db;
    sqlite3_open(":memory:", &db);
    job_guard(port, db);
    static const char sql[] =
        "SELECT instr(hex(zeroblob(20000000)), hex(zeroblob(10000000)) || 'x')";
    sqlite3_exec(db, sql, NULL, NULL, NULL);
    return error_set(err, ERROR_FAILED, "it ended");
}

static bool endless(struct job_port *port, void *argument, struct error *err)
{
    (void)argument;
    while (!job_cancelled(port)) {
        job_listen(port, 1, &(int){0}, &(void *){NULL}, &(size_t){0});
    }
    return error_set(err, ERROR_CANCELLED, "asked");
}

static struct job *start(struct jobs *jobs, const char *title,
                         bool (*run)(struct job_port *, void *, struct error *),
                         struct seen *seen, double timeout)
{
    static char hello[] = "hello";
    struct error err = {0};
    *seen = (struct seen){0};
    struct job_spec spec = {
        .title = title,
        .run = run,
        .argument = hello,
        .progressed = on_progress,
        .received = on_message,
        .finished = on_end,
        .owner = seen,
        .timeout = timeout,
    };
    struct job *job = jobs_start(jobs, &spec, &err);
    ok(job != NULL, "%s starts: %s", title, err.message);
    return job;
}

/* What the jobs pane lists, and what keeps the program from being idle. */
static void work_is_told(struct jobs *jobs, struct loop *loop)
{
    for (int i = 0; i < 4; i++) {
        struct seen seen = {0};
        const struct job_spec spec = {
            .title = "endless",
            .run = endless,
            .finished = on_end,
            .owner = &seen,
            .hidden = (i & 1) != 0,
            .serves = (i & 2) != 0,
        };
        struct job *job = jobs_start(jobs, &spec, NULL);
        is_int((long long)jobs_running(jobs), spec.hidden ? 0 : 1, "%s job runs",
               spec.hidden ? "a hidden" : "a");
        ok(jobs_work(jobs) == !spec.serves, "it %s", spec.serves ? "serves" : "works");
        job_cancel(job);
        while (!seen.over) {
            loop_step(loop, -1);
        }
        ok(!jobs_work(jobs), "nothing works any more");
        jobs_forget(jobs, job);
    }
}

static void wait_until(struct loop *loop, const bool *flag)
{
    double limit = path_monotonic() + 20;
    while (!*flag && path_monotonic() < limit) {
        loop_step(loop, 1);
    }
}

static void raise_flag(void *owner)
{
    *(bool *)owner = true;
}

int main(void)
{
    struct loop *loop = loop_new();
    struct jobs *jobs = jobs_new(loop);
    struct seen seen;
    struct error err = {0};

    bool rang = false;
    int dropped = loop_after(loop, 0, raise_flag, &rang);
    loop_cancel(loop, dropped);
    loop_step(loop, 0);
    ok(!rang, "a cancelled timer does not ring");
    loop_after(loop, 0.001, raise_flag, &rang);
    wait_until(loop, &rang);
    ok(rang, "a timer rings");

    struct job *job = start(jobs, "echo", echo, &seen, 0);
    while (seen.messages == 0 && !seen.over) {
        loop_step(loop, 1);
    }
    is_text(seen.last, "7:hello", "a message comes");
    ok(job_send(job, 20, "abc", 3, &err), "a message goes");
    while (seen.messages == 1 && !seen.over) {
        loop_step(loop, 1);
    }
    is_text(seen.last, "21:abc", "and is answered");
    job_send(job, 0, "", 0, &err);
    wait_until(loop, &seen.over);
    ok(job_state(job) == JOB_DONE, "it is done");
    is_int(seen.reports, 2, "the last report arrives though it was held back");
    is_int((long long)jobs_count(jobs), 1, "it stays listed");
    jobs_forget(jobs, job);

    work_is_told(jobs, loop);

    job = start(jobs, "fail", fail, &seen, 0);
    wait_until(loop, &seen.over);
    is_text(job_error(job)->message, "the well is dry", "the sentence arrives");

    job = start(jobs, "stubborn", one_long_opcode, &seen, 0);
    double before = path_monotonic();
    job_cancel(job);
    wait_until(loop, &seen.over);
    ok(job_state(job) == JOB_CANCELLED, "a long opcode is cancelled");
    ok(path_monotonic() - before < 5, "without waiting for its end");

    job = start(jobs, "polite", endless, &seen, 0);
    job_cancel(job);
    wait_until(loop, &seen.over);
    ok(job_state(job) == JOB_CANCELLED, "a job that asks is cancelled");

    job = start(jobs, "limited", one_long_opcode, &seen, 0.05);
    wait_until(loop, &seen.over);
    is_int(job_error(job)->kind, ERROR_TIMEOUT, "the time limit holds");

    job = start(jobs, "victim", endless, &seen, 0);
    kill(job_pid(job), SIGKILL);
    wait_until(loop, &seen.over);
    ok(job_state(job) == JOB_FAILED, "a killed child is noticed: %s",
       job_error(job)->message);
    ok(!job_send(job, 0, "x", 1, &err), "and cannot be talked to");

    job = start(jobs, "orphan", endless, &seen, 0);
    pid_t pid = job_pid(job);
    jobs_free(jobs);
    ok(kill(pid, 0) != 0 && errno == ESRCH, "freeing the jobs ends them");
    loop_free(loop);
    return tap_done();
}
