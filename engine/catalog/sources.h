/* The sources of a mesh: what mesh.yaml lists, each a tree of its own.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CATALOG_SOURCES_H
#define MWB_CATALOG_SOURCES_H

#include "engine/catalog/build.h"
#include "engine/filetree.h"

/* Open the mesh: its own folder, only, and the row of `source` without a name when it is
 * no plain folder. */
bool sources_open_mesh(struct build *build, const char *mesh, struct error *err);

/* Its row, once there is an index. */
void sources_note_mesh(struct build *build);

/* What `sources:` of mesh.yaml names: each is walked, as soon as it is open. One that
 * fails is a problem and a row; the others go on. */
void sources_read(struct build *build, const struct document_value *list);
/* All that have names, again: the root was walked anew. */
void sources_walk_again(struct build *build);

/* Are repositories still at the commits, and copies of the web young enough, that the
 * index was made from? */
bool sources_are_current(sqlite3 *db);

/* Bring the copies of sources up to date before their files are held against the index.
 * False: the index has to be made anew, because a source came back that had failed. */
bool sources_refresh(sqlite3 *db, struct job_port *port);

#endif
