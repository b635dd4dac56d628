/* theme_colour: a word of a theme file to a colour the terminal has.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_THEME_COLOUR_H
#define MWB_TUI_THEME_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

/* "#87afd7/110/cyan": the first alternative that a terminal of `colours` colours shows;
 * if it shows none, the nearest to the first. As in struct look. False: not a colour. */
bool theme_colour_read(const char *word, int colours, int32_t *colour);

#endif
