/* command: what people type who come from psql and sqlite3.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_COMMAND_OTHER_NAMES_H
#define MWB_COMMAND_OTHER_NAMES_H

#include <stdbool.h>

#include "engine/error.h"
#include "engine/text.h"

/* Is it a line of theirs: `\` and a letter, or `.` and a letter? */
bool command_is_other(const char *line);
/* The line of our own that does it. False with the nearest for one that is unknown. */
bool command_translate(const char *line, struct text *out, struct error *err);
void command_help_others(struct text *out); /* \? */

#endif
