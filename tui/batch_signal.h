/* batch_signal: Ctrl-C, a hang-up or a request to end, for the verbs. Part of batch.
 *
 * The first signal asks the verb to stop: it is counted and readable at a pipe for the
 * loop; blocking calls end with EINTR. The third ends the program at once, with status
 * 130; what it leaves is swept at the next start. SIGPIPE is ignored: writing fails.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_BATCH_SIGNAL_H
#define MWB_TUI_BATCH_SIGNAL_H

#include <stdbool.h>

#include "engine/error.h"

bool batch_signal_watch(struct error *err); /* once, before anything is made */
int batch_signal_fd(void);                  /* readable after a signal; -1: not watched */
void batch_signal_take(void);               /* empty the pipe */
int batch_signal_count(void);               /* signals so far */
/* In a dialogue ^C is answered and the program goes on: the count begins anew. */
void batch_signal_answered(void);
bool batch_signal_ended(void); /* a hang-up or a request to end came */

#endif
