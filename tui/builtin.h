/* builtin: the theme files and the default keys, compiled in as they stand in themes/.
 *
 * The build makes themes/builtin.c from the files (themes/builtin.awk), so that what a
 * person reads there is what the program does, and it works before it is installed.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TUI_BUILTIN_H
#define MWB_TUI_BUILTIN_H

struct builtin_file {
    const char *name; /* "dark.theme", "keys.default" */
    const char *text;
};

extern const struct builtin_file builtin_files[]; /* ends with a NULL name */

/* The text of one, or NULL. */
const char *builtin_text(const char *name);

#endif
