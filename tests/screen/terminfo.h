/* terminfo: what the terminal named by TERM can do, asked of the terminfo library.
 *
 * One terminal at a time, chosen by terminfo_choose().
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_SCREEN_TERMINFO_H
#define MWB_TESTS_SCREEN_TERMINFO_H

#include <stdbool.h>

bool terminfo_choose(const char *term); /* false: this machine knows no such entry */
const char *terminfo_string(const char *capability); /* NULL: the terminal has none */
bool terminfo_flag(const char *capability);
/* Call `each` for every string that draws (not keys, resets, printer controls). */
void terminfo_each_string(void (*each)(void *owner, const char *string), void *owner);

#endif
