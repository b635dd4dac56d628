/* pace: when the next frame may be drawn.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/pace.h"

static const double SLOW_LEAST = 0.5; /* where the person says so */
static const double NEAR = 0.02;      /* a round trip that nobody notices */
static const double MOST = 1.0;       /* a screen that stands still longer is dead */
static const double QUICKLY_WRITTEN = 0.05; /* a frame that nothing held up */

void pace_init(struct pace *pace, double round_trip, bool is_slow, bool is_fast)
{
    double half = round_trip > NEAR ? round_trip / 2 : 0;
    *pace = (struct pace){0};
    pace->least = is_fast ? 0 : is_slow && half < SLOW_LEAST ? SLOW_LEAST : half;
    pace->least = pace->least < MOST ? pace->least : MOST;
}

double pace_interval(const struct pace *pace)
{
    double by_write = pace->took > QUICKLY_WRITTEN ? 2 * pace->took : 0;
    double interval = by_write > pace->least ? by_write : pace->least;
    return interval < MOST ? interval : MOST;
}

double pace_wait(const struct pace *pace, double now)
{
    double left = pace->ended + pace_interval(pace) - now;
    return pace->ended > 0 && left > 0 ? left : 0;
}

void pace_drawn(struct pace *pace, double began, double ended)
{
    pace->took = ended > began ? ended - began : 0;
    pace->ended = ended;
}
