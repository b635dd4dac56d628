/* cache: where product versions lie, and which one is current.
 *
 * A product version is one immutable SQLite file:
 *   CACHE/products/<mesh key>/<role or _>/<domain>/<name>/<version>-<key>.db   0440
 *   CACHE/products/<mesh key>/<role or _>/<domain>/<name>/current   a file with that name
 *   beside it <version>-<key>.files/ (files that are no tables), .used (its time tells
 *   when it was opened last), .sha256 (in a shared cache), and fetch (a lock)
 *   CACHE/stage/<pid>-<boot>-<random>/     being made, or being removed
 *   CACHE/spool/<pid>-<boot>-<random>/     results of one process
 *   CACHE/partial/<product>/               what arrives, kept for the next attempt
 *   CACHE/verified/<file>                  which shared files were read through
 *
 * It is staged, checked, fsynced, then renamed; "current" is replaced by rename, so a
 * reader sees the old or the new version, never a half. <key> is made from the source's
 * identity (paths, sizes, mtimes, descriptor), so an unchanged source is not fetched
 * twice. Removing is a rename into a stage.
 *
 * CACHE is the person's own folder: $MWB_CACHE or the cache place of the user, 0700. Who
 * owns each folder and link on the way there is checked. When $MWB_CACHE is a folder of a
 * group (set-group-id, writable by the group), products and the stages they are made in
 * lie there, 2770 and 0440, those of a role with a group of its own in that group, and
 * all the rest in the cache place of the user. Members are trusted with contents, not
 * with links, modes or groups; a version is held against its sum when a person first
 * opens it. What only one person can read is not shared.
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
 *   mwb_source(location, etag, changed, bytes, sha256)
 *        of each file that came from elsewhere, to ask its source whether it changed
 *   mwb_infotype(table_name, column_name, infotype, seen, matched)
 *        personal data by the look of values (infotype.h), of a sample; never a value
 *   sqlite_stat1   SQLite's own: rows of tables and of their keys, for the planner
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CACHE_H
#define MWB_CACHE_H

#include <stdbool.h>

#include "engine/array.h"
#include "engine/error.h"
#include "engine/job.h"

/* The person's own root, made 0700. NULL and a sentence when others could put anything
 * there. Yours. */
char *cache_root(struct error *err);

/* Whose versions: those of a role lie apart, for each holds what that role may see. */
struct cache_product {
    const char *mesh;   /* its absolute path */
    const char *role;   /* NULL: a mesh without roles */
    const char *domain; /* NULL: none */
    const char *name;
    /* Unix group that may read it. -1: the person alone, and in a shared cache those who
     * share it, for they may take the same role. */
    long group;
    bool is_private; /* never shared: made from what only this person can read */
};

/* Do several people share a cache, and may all of them read this file anyway? */
bool cache_is_shared(void);
bool cache_may_share(const char *file);

/* The folder of a product's versions. A mesh that lies in a spool folder (rows from
 * standard input) has its versions there and goes with them. Yours. */
char *cache_product_folder(const struct cache_product *product, struct error *err);

/* The current version's file, or NULL when there is none, or a damaged one. Yours. */
char *cache_current(const struct cache_product *product);

/* Many such questions about one mesh, for lists: is there a current version? */
struct cache_mesh;
struct cache_mesh *cache_mesh_open(const char *mesh, const char *role);
bool cache_mesh_has(const struct cache_mesh *mesh, const char *domain, const char *name);
void cache_mesh_close(struct cache_mesh *mesh); /* NULL is fine */

/* The file of this version key, if it is there whole; NULL when not. Yours. */
char *cache_version(const struct cache_product *product, const char *version_key);

/* The folder of the files of this version that are no tables; NULL: it has none. Yours.
 */
char *cache_version_files(const struct cache_product *product, const char *version_key);

/* ---- Making one ---- */

/* One fetch of a product at a time. Waits for another process that is at it, until the
 * job is cancelled; *published: it made another version current while we waited, so look
 * again whether there is anything left to do. NULL and a sentence; unlock takes NULL. */
struct cache_fetch;
struct cache_fetch *cache_fetch_lock(const struct cache_product *product,
                                     struct job_port *port, bool *published,
                                     struct error *err);
void cache_fetch_unlock(struct cache_fetch *fetch);

/* A folder for what arrives for this product, 0700 and in a place of the person alone,
 * where the next attempt finds it again. Remove it (path_remove_tree) when the version is
 * published; what nobody came back for goes with a later sweep. Yours. */
char *cache_partial_folder(const struct cache_product *product, struct error *err);

/* Bytes free where versions are made; -1: not known. */
long long cache_room(void);

/* Make a new version: a private stage folder, a file in it, and either publish or
 * abandon. `version_key` is a safe path component: version + "-" + key. What lies in the
 * folder `files` of the stage is published with it, as <version>-<key>.files/. */
struct cache_stage;
struct cache_stage *cache_stage_new(const struct cache_product *product,
                                    struct error *err);
const char *cache_stage_file(
    const struct cache_stage *stage); /* write the database here */
const char *cache_stage_folder(const struct cache_stage *stage);
/* fsync, chmod 0440, rename into place, fsync the folder, point "current" at it. */
bool cache_stage_publish(struct cache_stage *stage, const struct cache_product *product,
                         const char *version_key, struct error *err);
/* The same, but the version that is current stays so: cache_version_use() makes it
 * current later. */
bool cache_stage_keep(struct cache_stage *stage, const struct cache_product *product,
                      const char *version_key, struct error *err);
void cache_stage_free(struct cache_stage *stage); /* removes what was not published */

/* ---- Holding one ---- */

/* A version somebody reads is not removed. The lease ends with cache_lease_release() or
 * with the process, however that ends. NULL: the file is gone (take the current one
 * again). `file` as cache_current() or cache_version() told it. */
struct cache_lease;
struct cache_lease *cache_lease_take(const char *file, struct error *err);
void cache_lease_release(struct cache_lease *lease); /* NULL is fine */

/* The current version and a lease on it, as one step; NULL when there is none. Yours. */
char *cache_current_leased(const struct cache_product *product,
                           struct cache_lease **lease);

/* ---- Those that are here ---- */

struct cache_version {
    char *key, *file;
    long long made_ns; /* since 1970 */
    long long used_ns; /* when it was opened last */
    long long bytes;   /* with its files */
    bool is_current;
    bool is_open; /* somebody holds a lease on it */
};
/* Array of struct cache_version, newest first; empty when there is none. */
struct array cache_versions(const struct cache_product *product);
void cache_versions_release(struct array *versions);

/* Neither the current one nor one that is open is removed. */
bool cache_version_remove(const struct cache_product *product, const char *version_key,
                          struct error *err);
/* Make a version that is here the current one. */
bool cache_version_use(const struct cache_product *product, const char *version_key,
                       struct error *err);
/* Remove the oldest until `most` are left, the current one among them; none that is open.
 * 0 keeps all. Returns how many went. */
int cache_keep(const struct cache_product *product, int most);

struct cache_evicted {
    long long bytes_before, bytes_freed;
    int versions;
};
/* Bring all versions of all meshes of this person (in a shared cache: of all its members
 * that this person may remove) below `limit` bytes: first those that are not current,
 * then the least used ones; never one that is open. 0: no limit, nothing happens.
 * `evicted` may be NULL. */
bool cache_evict(long long limit, struct cache_evicted *evicted, struct error *err);

/* ---- Folders of one process ---- */

/* Remove stages and spools whose process is gone. Called at start. */
void cache_sweep(void);

/* A private folder for the spools of this process, made 0700; yours. cache_spools_end()
 * removes it, else the next sweep. Call it in the process that is to own it. */
char *cache_spool_folder(struct error *err);
void cache_spools_end(const char *folder);

/* The statements that make the mwb_ tables of a version file where they are missing. */
const char *cache_version_schema(void);

#endif
