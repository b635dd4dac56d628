/* cache: where product versions lie, and which one is current.
 *
 * A product version is one immutable SQLite file:
 *   CACHE/products/<mesh key>/<domain>/<name>/<version>-<key>.db    mode 0440
 *   CACHE/products/<mesh key>/<domain>/<name>/current               a file with that name
 *   CACHE/stage/<pid>-<boot>-<random>/                              being made
 *   CACHE/spool/<pid>-<boot>-<random>/                              results of one
 * process It is staged, checked, fsynced, then renamed; "current" is replaced by rename,
 * so a reader sees the old or the new version, never a half. <key> is made from the
 * source's identity (paths, sizes, mtimes, descriptor), so an unchanged source is not
 * fetched twice.
 *
 * A killed process leaves only a stage or spool folder. Its owner holds a lock (flock(2))
 * on a file in it as long as it lives, so cache_sweep() can tell a dead one's folder from
 * a living one's, also across containers that share a cache but no process numbers; the
 * name is for people.
 *
 * A version file describes itself in tables of its own:
 *   mwb_product(key, value)        product, version, source, imported, key, program
 *   mwb_table(name, rows, rejected, contiguous, source, path_taken)
 *        path_taken: direct, or reference and why (import.h), or copied
 *        contiguous 1: rowids are 1..rows, so that any page can be sought directly
 *   mwb_column(table_name, position, name, original, declared, stored, nulls, misfits,
 *        examples)
 *   mwb_reject(table_name, file, line, byte, column, defect, reason, raw)
 *        defect: the code that ends the reason, without its brackets
 *   mwb_statistic(table_name, position, name, rows, nulls, integers, reals, texts,
 *        distinct, exact, least, most, shortest, longest)
 *        a row for each column. exact 0: distinct is an estimate. NULLs: not known, for
 *        a file copied as it is has only rows; least and most also of masked columns
 *   sqlite_stat1   SQLite's own: rows of tables and of their keys, for the planner
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CACHE_H
#define MWB_CACHE_H

#include <stdbool.h>

#include "engine/error.h"

/* The root: $MWB_CACHE, else the cache place of the user; made 0700. Yours. */
char *cache_root(struct error *err);

/* The folder of a product's versions. `mesh` is the mesh's absolute path. A mesh that
 * lies in a spool folder (rows from standard input) has its versions there and goes with
 * them. Yours. */
char *cache_product_folder(const char *mesh, const char *domain, const char *name,
                           struct error *err);

/* The current version's file, or NULL when there is none, or a damaged one. Yours. */
char *cache_current(const char *mesh, const char *domain, const char *name);

/* Many such questions about one mesh, for lists: is there a current version? */
struct cache_mesh;
struct cache_mesh *cache_mesh_open(const char *mesh);
bool cache_mesh_has(const struct cache_mesh *mesh, const char *domain, const char *name);
void cache_mesh_close(struct cache_mesh *mesh); /* NULL is fine */

/* The file of this version key, if it is there whole; NULL when not. Yours. */
char *cache_version(const char *mesh, const char *domain, const char *name,
                    const char *version_key);

/* Make a new version: a private stage folder, a file in it, and either publish or
 * abandon. `version_key` is a safe path component: version + "-" + key. */
struct cache_stage;
struct cache_stage *cache_stage_new(struct error *err);
const char *cache_stage_file(
    const struct cache_stage *stage); /* write the database here */
const char *cache_stage_folder(const struct cache_stage *stage);
/* fsync, chmod 0440, rename into place, fsync the folder, point "current" at it. */
bool cache_stage_publish(struct cache_stage *stage, const char *mesh, const char *domain,
                         const char *name, const char *version_key, struct error *err);
void cache_stage_free(struct cache_stage *stage); /* removes what was not published */

/* Remove stages and spools whose process is gone. Called at start. */
void cache_sweep(void);

/* A private folder for the spools of this process, made 0700; yours. cache_spools_end()
 * removes it, else the next sweep. Call it in the process that is to own it. */
char *cache_spool_folder(struct error *err);
void cache_spools_end(const char *folder);

/* The statements that make the mwb_ tables of a version file where they are missing. */
const char *cache_version_schema(void);

#endif
