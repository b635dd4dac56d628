/* proc: what Linux tells about processes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_PROC_H
#define MWB_TESTS_SCREEN_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/* Those that still run, not those that only wait to be waited for, the oldest first (by
 * the time of their start: process numbers begin anew); how many. */
int proc_children(pid_t parent, pid_t *pids, int most);
/* It waits for something, whatever it is: events, a lock, a reader of what it writes. */
bool proc_sleeps(pid_t pid);
/* It waits for the next event. Who waits for a lock, the disk or a child of its own
 * sleeps, too, and is not done. */
bool proc_awaits_events(pid_t pid);
long proc_memory(pid_t pid, const char *name); /* KiB of a line of status; -1 */

#endif
