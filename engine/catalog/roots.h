/* Where the paths of an index lie on disk: below the mesh's own folder, or, when their
 * first part is the name of a source, below the folder of that source. Does not change
 * while threads read files.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_ROOTS_H
#define MWB_CATALOG_ROOTS_H

#include <sqlite3.h>

#include "engine/array.h"
#include "engine/error.h"

struct roots {
    char *own;            /* absolute */
    struct array sources; /* of struct root_source */
    bool is_copy;         /* the mesh's own folder is one of a repository or an index */
};

struct root_source {
    char *name, *folder; /* absolute */
    bool is_copy;
};

void roots_init(struct roots *roots, const char *own);
void roots_release(struct roots *roots);
void roots_add(struct roots *roots, const char *name, const char *folder, bool is_copy);
/* What an index knows of: its mesh and its sources. */
void roots_load(struct roots *roots, sqlite3 *db);

/* The name of the source a path belongs to; NULL: the mesh itself. */
const char *roots_source(const struct roots *roots, const char *path);
/* The folder that no link of the path may leave, and what is left of the path below. */
const char *roots_split(const struct roots *roots, const char *path, const char **below);
/* Does the path lie in a copy, where what is large or was not listed is missing? */
bool roots_is_copy(const struct roots *roots, const char *path);
/* The absolute path. Yours. */
char *roots_file(const struct roots *roots, const char *path);
/* path_open_beneath() below the root of the path. */
int roots_open(const struct roots *roots, const char *path, struct error *err);

#endif
