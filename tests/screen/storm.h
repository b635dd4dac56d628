/* storm: plays of chance, with the seed printed so that each can be played again.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_STORM_H
#define MWB_TESTS_SCREEN_STORM_H

#include "tests/screen/play.h"

bool do_storm(struct call *call, struct error *err);
bool do_monkey(struct call *call, struct error *err);

#endif
