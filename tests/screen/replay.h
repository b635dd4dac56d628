/* replay: show what the kept bytes of a failure draw.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_REPLAY_H
#define MWB_TESTS_SCREEN_REPLAY_H

/* Print the screen, its looks, the modes left over and foreign sequences; exit status. */
int replay(const char *path, int width, int height, const char *term);

#endif
