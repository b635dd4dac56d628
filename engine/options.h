/* options: the settings a person may change, as one table.
 *
 * A row has a name, type, range, default and a sentence; the config file
 * ($XDG_CONFIG_HOME/mwb/config, lines `name = value`, `#` starts a comment), the verb
 * `set` and the manual page are made from it. An unknown name or a value out of range
 * gets a sentence with the nearest name or the range, and leaves the setting as it was.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_OPTIONS_H
#define MWB_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/error.h"
#include "engine/text.h"

enum option_type { OPTION_FLAG, OPTION_NUMBER, OPTION_CHOICE, OPTION_STRING };

struct option_row {
    const char *name;
    enum option_type type;
    const char *fallback; /* the default, as written in a config file */
    long long least, most;
    const char *choices; /* "auto braille blocks ascii" */
    const char *sentence;
};

struct options;

struct options *options_new(void); /* all defaults */
void options_free(struct options *options);
const struct option_row *options_rows(size_t *count);

bool options_set(struct options *options, const char *name, const char *value,
                 struct error *err);
/* As written; NULL for an unknown name. Borrowed until the next set. */
const char *options_get(const struct options *options, const char *name);
bool options_flag(const struct options *options, const char *name);
long long options_number(const struct options *options, const char *name);

/* Read a config file; a missing file is fine. Stops at no bad line: each is one line of
 * `problems` ("config:3: ..."). False when there was one. */
bool options_load(struct options *options, const char *path, struct text *problems);

#endif
