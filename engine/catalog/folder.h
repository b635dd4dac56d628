/* catalog/folder: the folders of a mesh as they were listed, before anything in them is
 * read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_FOLDER_H
#define MWB_CATALOG_FOLDER_H

#include "engine/catalog/intake.h"

enum { FOLDER_MOST_ENTRIES = 3000000, FOLDER_MOST_DEPTH = 64 };

/* A folder as it was listed, with all below. */
struct folder {
    char *path;
    struct document_stamp stamp;
    struct array files;   /* of char *: names */
    struct array folders; /* of struct folder * */
    struct array links;   /* of char *: paths that were not followed */
    char *sentence;       /* why it could not be listed */
    int depth;
};

/* The folder and all below, but for what lies below a Data Package and below the folders
 * of policies, agreements and queries. Files that may be descriptors are asked for. A
 * depth of FOLDER_MOST_DEPTH - 1 lists the one folder alone. */
struct folder *folder_list(struct build *build, struct intake *intake, const char *path,
                           int depth);
void folder_free(struct folder *folder);

/* By its name; mesh.yaml is none. */
bool folder_may_describe(const struct folder *folder, const char *name);
/* Policies, agreements or queries: read by others. */
bool folder_is_skipped(const struct build *build, const char *path);

#endif
