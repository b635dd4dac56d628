/* program: starting, typing to and resizing the program of a play.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_PROGRAM_H
#define MWB_TESTS_SCREEN_PROGRAM_H

#include "tests/screen/play.h"

/* End what runs and start another; the arguments end with NULL and stay the caller's. */
bool program_start(struct play *play, char *const *arguments, bool without_sync,
                   struct error *err);
bool program_start_again(struct play *play, struct error *err);
void program_end(struct play *play);

/* From here on count bytes and time of the answer. */
void program_mark_typing(struct play *play);
bool program_type(struct play *play, const char *bytes, size_t length, struct error *err);
void program_resize(struct play *play, int width, int height);

bool program_is_settled(struct play *play, const char *unused); /* for play_wait() */

#endif
