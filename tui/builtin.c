/* builtin: find a compiled-in file. Its texts are made by themes/builtin.awk.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "tui/builtin.h"

#include <stddef.h>
#include <string.h>

const char *builtin_text(const char *name)
{
    for (const struct builtin_file *file = builtin_files; file->name != NULL; file++) {
        if (strcmp(file->name, name) == 0) {
            return file->text;
        }
    }
    return NULL;
}
