/* access/origin: data files of products whose folder is a copy: their mesh, or the source
 * of it, is an index on the web or a repository, and the files lie there.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/access/private.h"

#include <stdlib.h>
#include <string.h>

#include "engine/git.h"
#include "engine/path.h"
#include "engine/web.h"

static bool is_there(const char *folder, const char *between, const char *location)
{
    char *path = string_printf("%s/%s%s", folder, between, location);
    bool there = path_exists(path);
    free(path);
    return there;
}

/* A copy of a repository lacks large files, so that a pattern would find too few. */
char *origin_location(const struct catalog_product *product, const char *location)
{
    const char *origin = product->origin;
    while (strncmp(location, "./", 2) == 0) {
        location += 2;
    }
    bool is_git = origin != NULL && git_location_is(origin);
    if (origin == NULL || !path_is_safe(location) ||
        is_there(product->folder, "", location) ||
        is_there(product->folder, "data/", location) ||
        (!is_git && strpbrk(location, "*?[") != NULL)) {
        return NULL;
    }
    return is_git ? string_printf("%s%s", origin, location)
                  : web_beside(origin, location);
}
