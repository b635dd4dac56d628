/* catalog/refresh: what changed since an index was made, and the index brought up to
 * date. SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_REFRESH_H
#define MWB_CATALOG_REFRESH_H

#include "engine/catalog/build.h"

/* Appends what refresh_apply() wants. False: there is no index of this mesh and format.
 */
bool refresh_find(const char *mesh, const char *index, struct array *changes);
/* The same for one file, whether it changed or not, and what was made from it, too. False
 * also when the index does not know the file. */
bool refresh_find_file(const char *mesh, const char *index, const char *file,
                       struct array *changes);
/* Bring copies of repositories and of the web up to date. False: build the index anew. */
bool refresh_sources(const char *mesh, const char *index, struct job_port *port);
struct array refresh_changes(void); /* an empty array for it */

enum refreshed {
    REFRESH_SAME,    /* perhaps other times, but the same content */
    REFRESH_CHANGED, /* the index is another now */
    REFRESH_WHOLE,   /* mesh.yaml changed: build it anew; nothing was done */
    REFRESH_FAILED,  /* build->failure, or cancelled; nothing was done */
};
/* In one transaction of build->db. */
enum refreshed refresh_apply(struct build *build, const struct array *changes);

#endif
