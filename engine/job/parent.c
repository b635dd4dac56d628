/* job: the parent's half: start a child, hear it out, cancel, and notice its end.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/array.h"
#include "engine/job/private.h"
#include "engine/job/wire.h"
#include "engine/path.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static const double seconds_until_kill = 0.5;
static const double seconds_to_send = 1.0;

struct job {
    struct jobs *jobs;
    struct job_spec spec;
    char *title;
    pid_t pid;
    int fd;
    struct text buffer;
    struct job_progress progress;
    struct job_pace pace;
    enum job_state state;
    bool end_came, was_cancelled, was_timed_out;
    struct error error;
    double started, ended;
    int kill_timer, limit_timer;
};

struct jobs {
    struct loop *loop;
    bool is_closing;              /* nothing new is started */
    struct array list;            /* of struct job *, oldest first */
    void (*prepare)(void *owner); /* before a fork; NULL: nothing to do */
    void *prepare_owner;
};

struct jobs *jobs_new(struct loop *loop)
{
    struct jobs *jobs = memory_new(sizeof *jobs);
    jobs->loop = loop;
    jobs->list = (struct array)ARRAY_OF(struct job *);
    return jobs;
}

static struct job *listed(const struct jobs *jobs, size_t index)
{
    return *(struct job **)array_at(&jobs->list, index);
}

static void free_job(struct job *job)
{
    if (job->fd >= 0) {
        loop_unwatch(job->jobs->loop, job->fd);
        close(job->fd);
    }
    loop_cancel(job->jobs->loop, job->kill_timer);
    loop_cancel(job->jobs->loop, job->limit_timer);
    if (job->pid > 0) {
        kill(job->pid, SIGKILL);
        while (waitpid(job->pid, NULL, 0) < 0 && errno == EINTR) {
        }
    }
    text_release(&job->buffer);
    free(job->title);
    free(job);
}

void jobs_forget(struct jobs *jobs, struct job *job)
{
    for (size_t i = 0; i < jobs->list.count; i++) {
        if (listed(jobs, i) == job) {
            array_remove(&jobs->list, i);
            free_job(job);
            return;
        }
    }
}

/* How it ended, told by the child itself or by what happened to it. */
static void settle(struct job *job, int status)
{
    if (job->was_timed_out) {
        job->state = JOB_FAILED;
        char limit[32];
        error_set(&job->error, ERROR_TIMEOUT, "%s was stopped at its time limit of %s",
                  job->title, string_of_seconds(job->spec.timeout, limit, sizeof limit));
    } else if (job->end_came && job->error.kind == ERROR_NONE) {
        job->state = JOB_DONE;
    } else if (job->was_cancelled ||
               (job->end_came && job->error.kind == ERROR_CANCELLED)) {
        job->state = JOB_CANCELLED;
        error_set(&job->error, ERROR_CANCELLED, "%s was cancelled", job->title);
    } else {
        job->state = JOB_FAILED;
        if (!job->end_came && WIFSIGNALED(status)) {
            error_set(
                &job->error, ERROR_FAILED,
                "%s: its process was ended from outside or crashed (signal %d); try "
                "again",
                job->title, WTERMSIG(status));
        } else if (!job->end_came) {
            error_set(&job->error, ERROR_FAILED,
                      "%s: its process ended too early; try again", job->title);
        }
    }
}

static void end(struct job *job)
{
    int status = 0;
    loop_unwatch(job->jobs->loop, job->fd);
    close(job->fd);
    job->fd = -1;
    kill(job->pid, SIGKILL);
    while (waitpid(job->pid, &status, 0) < 0 && errno == EINTR) {
    }
    job->pid = 0;
    job->ended = path_monotonic();
    loop_cancel(job->jobs->loop, job->kill_timer);
    loop_cancel(job->jobs->loop, job->limit_timer);
    settle(job, status);
    if (job->spec.finished != NULL) {
        job->spec.finished(job->spec.owner, job);
    }
}

static void take_message(struct job *job, const struct wire_head *head, const char *bytes)
{
    if (head->type == WIRE_PROGRESS && head->length == sizeof job->progress) {
        memcpy(&job->progress, bytes, sizeof job->progress);
        job->progress.note[sizeof job->progress.note - 1] = '\0';
        job_pace_see(&job->pace, &job->progress, path_monotonic() - job->started);
        if (job->spec.progressed != NULL) {
            job->spec.progressed(job->spec.owner, job);
        }
    } else if (head->type == WIRE_END && head->length == sizeof job->error) {
        memcpy(&job->error, bytes, sizeof job->error);
        job->error.message[sizeof job->error.message - 1] = '\0';
        job->end_came = true;
    } else if (head->type >= 0 && job->spec.received != NULL) {
        job->spec.received(job->spec.owner, job, head->type, bytes, head->length);
    }
}

static struct job *find_running(const struct jobs *jobs)
{
    for (size_t i = 0; i < jobs->list.count; i++) {
        if (listed(jobs, i)->pid > 0) {
            return listed(jobs, i);
        }
    }
    return NULL;
}

void jobs_free(struct jobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    jobs->is_closing = true;
    for (struct job *job; (job = find_running(jobs)) != NULL;) {
        job->was_cancelled = true;
        end(job);
    }
    for (size_t i = 0; i < jobs->list.count; i++) {
        free_job(listed(jobs, i));
    }
    array_release(&jobs->list);
    free(jobs);
}

/* Messages are handed out one by one; the callback gets a copy, for it may start jobs. */
static void take_messages(struct job *job)
{
    struct wire_head head;
    bool broken;
    while (wire_peek(&job->buffer, &head, &broken)) {
        char *bytes = string_copy_bytes(job->buffer.data + sizeof head, head.length);
        wire_drop(&job->buffer, &head);
        take_message(job, &head, bytes);
        free(bytes);
    }
}

static void on_readable(void *owner)
{
    struct job *job = owner;
    bool closed = false;
    for (int round = 0; round < 16 && !closed; round++) {
        ssize_t n = recv(job->fd, text_reserve(&job->buffer, 65536), 65536, MSG_DONTWAIT);
        if (n > 0) {
            text_grow(&job->buffer, (size_t)n);
        } else if (n < 0 && errno != EAGAIN && errno != EINTR) {
            closed = true;
        } else if (n == 0) {
            closed = true;
        } else {
            break;
        }
    }
    take_messages(job);
    if (closed) {
        end(job);
    }
}

static void on_kill_time(void *owner)
{
    struct job *job = owner;
    job->kill_timer = 0;
    job_kill(job);
}

static void on_time_limit(void *owner)
{
    struct job *job = owner;
    job->limit_timer = 0;
    job->was_timed_out = true;
    job_interrupt(job);
    job->kill_timer = loop_after(job->jobs->loop, seconds_until_kill, on_kill_time, job);
}

static pid_t start_child(const struct job_spec *spec, int ends[2])
{
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        return -1;
    }
    fflush(NULL); /* or both would write what waits in stdio's buffers */
    pid_t parent = getpid();
    pid_t pid = fork();
    if (pid == 0) {
        job_become_child(spec, parent, ends[1]);
    }
    int number = errno;
    close(ends[1]);
    if (pid < 0) {
        close(ends[0]);
    }
    errno = number;
    return pid;
}

void jobs_before_fork(struct jobs *jobs, void (*prepare)(void *owner), void *owner)
{
    jobs->prepare = prepare;
    jobs->prepare_owner = owner;
}

struct job *jobs_start(struct jobs *jobs, const struct job_spec *spec, struct error *err)
{
    int ends[2];
    if (jobs->is_closing) {
        error_set(err, ERROR_CANCELLED, "%s was not started: the program ends",
                  spec->title);
        return NULL;
    }
    if (jobs->prepare != NULL) {
        jobs->prepare(jobs->prepare_owner);
    }
    pid_t pid = start_child(spec, ends);
    if (pid < 0) {
        error_set(err, ERROR_FAILED,
                  "could not start a process (%s): %s; end other programs and try again",
                  spec->title, error_of_errno(errno));
        return NULL;
    }
    struct job *job = memory_new(sizeof *job);
    job->jobs = jobs;
    job->spec = *spec;
    job->title = string_copy(spec->title);
    job->spec.title = job->title;
    job->pid = pid;
    job->fd = ends[0];
    job->progress.rows = -1;
    job->started = path_monotonic();
    *(struct job **)array_push(&jobs->list) = job;
    loop_watch(jobs->loop, job->fd, on_readable, job);
    if (spec->timeout > 0) {
        job->limit_timer = loop_after(jobs->loop, spec->timeout, on_time_limit, job);
    }
    return job;
}

size_t jobs_count(const struct jobs *jobs)
{
    size_t count = 0;
    for (size_t i = 0; i < jobs->list.count; i++) {
        count += !listed(jobs, i)->spec.hidden;
    }
    return count;
}

struct job *jobs_at(const struct jobs *jobs, size_t index)
{
    for (size_t i = jobs->list.count; i-- > 0;) {
        struct job *job = listed(jobs, i);
        if (!job->spec.hidden && index-- == 0) {
            return job;
        }
    }
    return NULL;
}

size_t jobs_running(const struct jobs *jobs)
{
    size_t count = 0;
    for (size_t i = 0; i < jobs->list.count; i++) {
        const struct job *job = listed(jobs, i);
        count += !job->spec.hidden && job->state == JOB_RUNNING;
    }
    return count;
}

bool jobs_work(const struct jobs *jobs)
{
    bool work = false;
    for (size_t i = 0; i < jobs->list.count && !work; i++) {
        const struct job *job = listed(jobs, i);
        work = !job->spec.serves && job->state == JOB_RUNNING;
    }
    return work;
}

bool job_send(struct job *job, int type, const void *bytes, size_t length,
              struct error *err)
{
    if (job->fd >= 0 && wire_write(job->fd, type, bytes, length, seconds_to_send)) {
        return true;
    }
    return error_set(err, ERROR_FAILED, "%s: its process does not listen any more",
                     job->title);
}

void job_interrupt(struct job *job)
{
    if (job->pid > 0) {
        kill(job->pid, SIGINT);
    }
}

void job_kill(struct job *job)
{
    if (job->pid > 0) {
        kill(job->pid, SIGKILL);
    }
}

void job_cancel(struct job *job)
{
    if (job->state != JOB_RUNNING || job->was_cancelled) {
        return;
    }
    job->was_cancelled = true;
    job_interrupt(job);
    job->kill_timer = loop_after(job->jobs->loop, seconds_until_kill, on_kill_time, job);
}

bool job_is_over(const struct job *job)
{
    return job->state != JOB_RUNNING;
}

enum job_state job_state(const struct job *job)
{
    return job->state;
}

const char *job_title(const struct job *job)
{
    return job->title;
}

const struct job_progress *job_progress(const struct job *job)
{
    return &job->progress;
}

const struct job_pace *job_pace(const struct job *job)
{
    return &job->pace;
}

const struct error *job_error(const struct job *job)
{
    return &job->error;
}

double job_seconds(const struct job *job)
{
    return (job_is_over(job) ? job->ended : path_monotonic()) - job->started;
}

pid_t job_pid(const struct job *job)
{
    return job->pid;
}
