/* proc: what Linux tells about processes.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_PROC_H
#define MWB_TESTS_SCREEN_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/* Those that still run, not those that only wait to be waited for; how many. */
int proc_children(pid_t parent, pid_t *pids, int most);
bool proc_sleeps(pid_t pid);                   /* waits for something, is not running */
long proc_memory(pid_t pid, const char *name); /* KiB of a line of status; -1 */

#endif
