/* A snapshot of an index on the web: a folder in the cache, and the list of what is in
 * it.
 *
 *   CACHE/web/HOST-KEY/current     a text: the list of the snapshot that counts
 *   CACHE/web/HOST-KEY/MARK/       the files, named by what they are made of
 *
 * `current` is replaced by rename, so a reader sees the old or the new list; the folder
 * of the one before stays, for those who read it still.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FILETREE_SNAPSHOT_H
#define MWB_FILETREE_SNAPSHOT_H

#include "engine/filetree.h"
#include "engine/web.h"

struct snapshot_file {
    char *path; /* in the snapshot, and below the URL */
    char etag[WEB_TAG_SIZE], changed[WEB_TAG_SIZE]; /* of the server */
    char hash[FILETREE_HASH_SIZE];                  /* SHA-256 */
};

struct snapshot {
    char mark[FILETREE_HASH_SIZE];   /* "": there is none */
    long long fetched;               /* seconds since 1970 */
    struct array files;              /* of struct snapshot_file; the index first */
    char *place;                     /* CACHE/web/HOST-KEY */
    char before[FILETREE_HASH_SIZE]; /* mark of the one this replaces */
};

/* The snapshot that counts for this address; without any: an empty mark. False when the
 * cache cannot be used. */
bool snapshot_read(const char *url, const char *cache, struct snapshot *snapshot,
                   struct error *err);
void snapshot_release(struct snapshot *snapshot);

/* The folder of the files. Yours. */
char *snapshot_folder(const struct snapshot *snapshot);
const struct snapshot_file *snapshot_file(const struct snapshot *snapshot,
                                          const char *path);

/* Make `stage`, a folder beside, the one that counts: its list is that of `snapshot`,
 * whose mark is set. */
bool snapshot_publish(struct snapshot *snapshot, const char *url, const char *stage,
                      struct error *err);

#endif
