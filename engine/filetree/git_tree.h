/* A git repository at a commit, for those who read it (git.c) and copy it (copy.c).
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_FILETREE_GIT_TREE_H
#define MWB_FILETREE_GIT_TREE_H

#include <pthread.h>

#include "engine/filetree/listing.h"
#include "engine/filetree/private.h"
#include "engine/git.h"

struct git_tree {
    struct filetree tree;
    char *repository; /* absolute */
    char *below;      /* folder in the repository that is the root of the tree, or "" */
    char *cache;      /* of the spec, or NULL */
    struct listing listing;
    pthread_mutex_t lock;  /* of the pipe */
    struct git_pipe *pipe; /* NULL until the first blob is read, or after a failure */
};

/* filetree_on_disk() of git. */
char *git_copy(struct filetree *tree, struct error *err);

#endif
