/* loop: one poll() for everything that may happen.
 *
 * The program has one loop; the screen, the child processes and timers register here. All
 * callbacks run on the caller's thread, inside loop_step(). A callback may add and remove
 * watches and timers, also its own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_LOOP_H
#define MWB_LOOP_H

#include <stdbool.h>

struct loop;

struct loop *loop_new(void);
void loop_free(struct loop *loop);

/* Call `ready` whenever fd is readable or hung up. */
void loop_watch(struct loop *loop, int fd, void (*ready)(void *owner), void *owner);
void loop_unwatch(struct loop *loop, int fd);

/* Call `due` once after `seconds`. Ids are above 0; cancelling 0 or a past id is fine. */
int loop_after(struct loop *loop, double seconds, void (*due)(void *owner), void *owner);
void loop_cancel(struct loop *loop, int timer);

/* Wait at most `seconds` (below 0: until something happens) and run what is ready.
 * False when a signal interrupted the wait and nothing else happened. */
bool loop_step(struct loop *loop, double seconds);

/* Is a timer or a watch that could act waiting? (For "idle" in tests.) */
int loop_timer_count(const struct loop *loop);

#endif
