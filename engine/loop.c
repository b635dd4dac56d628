/* loop: watches and timers around one poll().
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/loop.h"
#include "engine/array.h"
#include "engine/path.h"
#include "engine/text.h"

#include <math.h>
#include <poll.h>
#include <stdlib.h>

struct watch {
    int fd; /* -1: removed, swept after the step */
    void (*ready)(void *owner);
    void *owner;
};

struct timer {
    int id; /* 0: over */
    double at;
    void (*due)(void *owner);
    void *owner;
};

struct loop {
    struct array watches; /* of struct watch */
    struct array timers;  /* of struct timer */
    int last_id;
};

struct loop *loop_new(void)
{
    struct loop *loop = memory_new(sizeof *loop);
    loop->watches = (struct array)ARRAY_OF(struct watch);
    loop->timers = (struct array)ARRAY_OF(struct timer);
    return loop;
}

void loop_free(struct loop *loop)
{
    if (loop == NULL) {
        return;
    }
    array_release(&loop->watches);
    array_release(&loop->timers);
    free(loop);
}

void loop_watch(struct loop *loop, int fd, void (*ready)(void *owner), void *owner)
{
    struct watch *watch = array_push(&loop->watches);
    *watch = (struct watch){.fd = fd, .ready = ready, .owner = owner};
}

void loop_unwatch(struct loop *loop, int fd)
{
    for (size_t i = 0; i < loop->watches.count; i++) {
        struct watch *watch = array_at(&loop->watches, i);
        if (watch->fd == fd) {
            watch->fd = -1;
        }
    }
}

int loop_after(struct loop *loop, double seconds, void (*due)(void *owner), void *owner)
{
    struct timer *timer = array_push(&loop->timers);
    *timer = (struct timer){
        .id = ++loop->last_id,
        .at = path_monotonic() + seconds,
        .due = due,
        .owner = owner,
    };
    return timer->id;
}

void loop_cancel(struct loop *loop, int timer)
{
    for (size_t i = 0; i < loop->timers.count; i++) {
        struct timer *one = array_at(&loop->timers, i);
        if (timer != 0 && one->id == timer) {
            one->id = 0;
        }
    }
}

int loop_timer_count(const struct loop *loop)
{
    int count = 0;
    for (size_t i = 0; i < loop->timers.count; i++) {
        count += ((struct timer *)array_at(&loop->timers, i))->id != 0;
    }
    return count;
}

/* Drop what was removed. Only between steps: callbacks may hold indexes. */
static void sweep(struct loop *loop)
{
    for (size_t i = loop->watches.count; i-- > 0;) {
        if (((struct watch *)array_at(&loop->watches, i))->fd < 0) {
            array_remove(&loop->watches, i);
        }
    }
    for (size_t i = loop->timers.count; i-- > 0;) {
        if (((struct timer *)array_at(&loop->timers, i))->id == 0) {
            array_remove(&loop->timers, i);
        }
    }
}

static int milliseconds_to_wait(const struct loop *loop, double seconds)
{
    double now = path_monotonic();
    for (size_t i = 0; i < loop->timers.count; i++) {
        const struct timer *timer = array_at(&loop->timers, i);
        double left = timer->at > now ? timer->at - now : 0;
        if (seconds < 0 || left < seconds) {
            seconds = left;
        }
    }
    return seconds < 0 ? -1 : (int)ceil(seconds * 1000);
}

static void run_timers(struct loop *loop)
{
    double now = path_monotonic();
    size_t count = loop->timers.count; /* those added meanwhile wait for the next step */
    for (size_t i = 0; i < count; i++) {
        struct timer *timer = array_at(&loop->timers, i);
        if (timer->id != 0 && timer->at <= now) {
            struct timer due = *timer; /* the callback may move the array */
            timer->id = 0;
            due.due(due.owner);
        }
    }
}

bool loop_step(struct loop *loop, double seconds)
{
    sweep(loop);
    size_t count = loop->watches.count;
    struct pollfd *fds = memory_new_many(count, sizeof *fds);
    for (size_t i = 0; i < count; i++) {
        fds[i].fd = ((struct watch *)array_at(&loop->watches, i))->fd;
        fds[i].events = POLLIN;
    }
    int ready = poll(fds, (nfds_t)count, milliseconds_to_wait(loop, seconds));
    for (size_t i = 0; ready > 0 && i < count; i++) {
        struct watch watch = *(struct watch *)array_at(&loop->watches, i);
        if (fds[i].revents != 0 && watch.fd == fds[i].fd && watch.fd >= 0) {
            watch.ready(watch.owner);
        }
    }
    free(fds);
    run_timers(loop);
    return ready >= 0;
}
