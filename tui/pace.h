/* pace: when the next frame may be drawn.
 *
 * Over a fast link every change is drawn at once. A slow one would fall behind: frames
 * queue up in buffers nobody sees, and keys seem to do nothing. So there are fewer of
 * them there: none sooner than half a round trip after the one before, where that is
 * known, and none sooner than twice as long as the last one took to be written, since a
 * terminal that takes no more bytes makes the write wait. A change after a pause is
 * always drawn at once.
 *
 * Times are seconds of path_monotonic().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_PACE_H
#define MWB_TUI_PACE_H

#include <stdbool.h>

struct pace {
    double least; /* between two frames, whatever was measured */
    double ended; /* when the last frame had been written */
    double took;  /* and how long that took */
};

/* round_trip 0: not known. is_slow: the person says that the link is; is_fast: that it is
 * not. */
void pace_init(struct pace *pace, double round_trip, bool is_slow, bool is_fast);
double pace_interval(const struct pace *pace); /* between two frames, now */
/* Seconds until the next frame; 0: draw. */
double pace_wait(const struct pace *pace, double now);
void pace_drawn(struct pace *pace, double began, double ended);

#endif
