/* canary: values that must not be seen, and whether they are in bytes or below a folder:
 * as written, in capitals and small letters, as UTF-16 of both orders, as hex digits,
 * within base64, and what is a number as SQLite stores it.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_CANARY_H
#define MWB_TESTS_CANARY_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/array.h"
#include "engine/text.h"

struct canary {
    const char *text;
    struct array forms; /* of struct text */
};

void canary_init(struct canary *canary, const char *text);
void canary_release(struct canary *canary);
bool canary_is_in(const struct canary *canary, const void *bytes, size_t length);
/* Is it in a file below the folder? Its path to `where`, a line each. The number of files
 * that were read to *files. */
bool canary_is_below(const struct canary *canary, const char *folder, struct text *where,
                     long *files);

#endif
