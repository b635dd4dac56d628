/* What the files of the cache room share.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_CACHE_PRIVATE_H
#define MWB_CACHE_PRIVATE_H

#include <sys/types.h>

#include "engine/cache.h"

/* ---- place.c: whose folders, and may they be believed ---- */

/* Where products lie: below the person's own root, or in a folder of a group. */
struct cache_home {
    char *root;
    bool is_shared;
    gid_t group; /* of a shared one */
};
/* Of the products of a mesh. False: no such place may be used. */
bool cache_home_open(const char *mesh, struct cache_home *home, struct error *err);
/* Of a product: the person's own root also for what may not be shared, or was not. */
bool cache_home_of(const struct cache_product *product, struct cache_home *home,
                   struct error *err);
/* The shared folder, when there is one that may be used. */
bool cache_home_shared(struct cache_home *home, struct error *err);
void cache_home_close(struct cache_home *home);

/* ---- own.c: folders of one process ---- */

/* A new folder of this kind, 0700, below the person's root or a shared one; *lock is held
 * as long as the process lives. Yours. */
char *cache_make_own(const struct cache_home *shared, const char *kind, int *lock,
                     struct error *err);

/* ---- share.c: what several people write, and what is believed of it ---- */

enum { CACHE_SHARED_FOLDER = 02770, CACHE_STICKY_FOLDER = 03770 };
bool cache_make_shared_folder(const char *folder, gid_t group, mode_t mode,
                              struct error *err);
/* Make the folder of a product, private or with its group. */
bool cache_make_folder(const struct cache_home *home, const struct cache_product *product,
                       const char *folder, struct error *err);
/* May what lies in this folder be believed? Always, below the person's own root. */
bool cache_is_believed(const struct cache_home *home, const char *folder);
/* Is this file of a shared folder what its publisher made? Reads it through the first
 * time, and remembers. */
bool cache_is_verified(const struct cache_home *home, const char *file);
/* Give a file its last mode and the group of its folder, on the disk. */
bool cache_seal_file(const struct cache_home *home, const char *path, const char *folder,
                     struct error *err);
bool cache_seal_folder(const struct cache_home *home, const char *path,
                       const char *folder, struct error *err);
/* Write the sum of a file that is to be shared into another, next to it. */
bool cache_write_sum(const char *file, const char *sum, struct error *err);
void cache_note_verified(const struct cache_home *home, const char *file);

/* ---- lock.c ---- */

struct cache_lock {
    int fd;    /* -1: none */
    char *dot; /* the name that is the lock, where flock(2) does not work */
};
enum cache_answer { CACHE_LOCKED, CACHE_BUSY, CACHE_FAILED };
/* One attempt at a folder, or a file that is made when missing. On failure errno tells.
 */
enum cache_answer cache_lock_try(const char *path, bool is_folder,
                                 struct cache_lock *lock);
void cache_lock_end(struct cache_lock *lock);
/* What changes in a product's folder is changed by one at a time. Waits some seconds. */
bool cache_lock_folder(const char *folder, struct cache_lock *lock, struct error *err);

enum { CACHE_WHO_SIZE = 160 };
/* This process, in one word that is fit for a file name: host, boot, number, start. */
void cache_who(char who[CACHE_WHO_SIZE]);
/* Is that process gone? Only where that can be known: of this host. */
bool cache_who_is_gone(const char *who);
/* Does this folder lie where flock(2) is not to be relied on? */
bool cache_lacks_locks(const char *folder);

/* ---- lease.c ---- */

/* Hold a version alone, until the descriptor is closed: -1 and EWOULDBLOCK when somebody
 * reads it, or another errno when it cannot be opened. */
int cache_hold_alone(const char *file);

/* ---- versions.c ---- */

/* The files of a version in its product's folder. Yours. */
char *cache_version_file(const char *folder, const char *version_key);
char *cache_beside(const char *file, const char *suffix); /* "x.db" -> "x" + suffix */
/* The folder of a product below its home. Yours. */
char *cache_folder_below(const struct cache_home *home,
                         const struct cache_product *product);
/* The file "current" names, whether or not it is whole. Yours. */
char *cache_current_in(const char *folder);
bool cache_key_is_safe(const char *version_key);
bool cache_is_whole(const char *file);

/* ---- stage.c ---- */

/* Stage a pointer to this version and put it in place. The folder is locked. */
bool cache_point_to(struct cache_stage *stage, const struct cache_home *home,
                    const char *folder, const char *version_key, struct error *err);
/* What a version had beside it that lost its version goes. The folder is locked. */
void cache_tidy(const char *folder);
/* Tidy what the note in this stage names. */
void cache_stage_clean(const char *stage);
/* The next sweep tidies this folder if the stage is still there then. */
bool cache_stage_note(struct cache_stage *stage, const char *folder, struct error *err);
void cache_stage_forget(const struct cache_stage *stage);
struct cache_stage *cache_stage_in(const struct cache_home *home, struct error *err);

/* ---- kept.c ---- */

/* All versions in a product's folder, newest first. */
struct array cache_versions_in(const char *folder);
/* Remove a version that nobody reads. `even_current`: the pointer goes first. False
 * without a sentence in err: it is open. */
bool cache_remove_in(const struct cache_home *home, const char *folder,
                     const char *version_key, bool even_current, struct error *err);

#endif
