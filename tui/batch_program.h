/* batch: a program that a verb wants to be run on this terminal.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_BATCH_PROGRAM_H
#define MWB_BATCH_PROGRAM_H

#include <stdbool.h>

#include "engine/error.h"

/* Run it to its end. `argv` ends with NULL. */
bool batch_run_program(char *const argv[], struct error *err);

#endif
