/* catalog/lint_parts: the files and folders somebody names to be checked together.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_LINT_PARTS_H
#define MWB_CATALOG_LINT_PARTS_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/error.h"

struct lint_part {
    char *path;        /* relative to the root; "" = the root itself */
    const char *typed; /* as the person named it: borrowed */
    bool is_folder;
};

/* Whatever lies in another part is no part of its own. */
struct lint_parts {
    char *root;        /* the deepest folder that holds all of them, absolute */
    struct array list; /* of struct lint_part */
};

/* False when one is not there. Release in any case. */
bool lint_parts_find(const char *const *paths, size_t count, struct lint_parts *parts,
                     struct error *err);
void lint_parts_release(struct lint_parts *parts);
/* It is one folder with a mesh.yaml. */
bool lint_parts_are_mesh(const struct lint_parts *parts);
/* A path below the root as the person would type it. Yours. */
char *lint_parts_shown(const struct lint_parts *parts, const char *path);

#endif
