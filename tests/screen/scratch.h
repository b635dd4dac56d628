/* scratch: a folder of a play's own, with all homes a program may write to.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_SCRATCH_H
#define MWB_TESTS_SCREEN_SCRATCH_H

#include "tests/screen/words.h"

char *scratch_make(void); /* its path; yours */
void scratch_name_homes(const char *scratch, struct names *environment); /* HOME, XDG_* */
void scratch_remove(const char *scratch);

#endif
