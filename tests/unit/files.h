/* files: files that unit tests put into folders of their own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_TESTS_FILES_H
#define MWB_TESTS_FILES_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"

/* A text file below `folder`, with the folders it needs. */
static inline void files_put(const char *folder, const char *path, const char *text)
{
    char *full = path_join(folder, path);
    char *above = path_folder(full);
    struct error err = {0};
    if (!path_make_folders(above, &err) ||
        !path_write_file(full, text, strlen(text), 0600, &err)) {
        printf("Bail out! %s\n", err.message);
    }
    free(above);
    free(full);
}

#endif
