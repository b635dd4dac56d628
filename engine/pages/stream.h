/* stream: what a merge gives, in batches, made by a thread of its own while the last ones
 * are built into pages.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_PAGES_STREAM_H
#define MWB_PAGES_STREAM_H

#include <pthread.h>

#include "engine/pages/merge.h"

struct stream_batch {
    size_t count;
    struct text bytes; /* pairs; or entries, each behind its length (4 bytes) */
};

enum { STREAM_BATCHES = 3 };

struct stream {
    struct merge *merge; /* the thread's, while there is one */
    bool has_thread;
    pthread_t thread;
    pthread_mutex_t lock; /* for what follows but the batches' insides: */
    pthread_cond_t changed;
    struct stream_batch batches[STREAM_BATCHES];
    size_t made, taken; /* batches; the one taken last is still looked at */
    bool over, stopped;
    struct error failure; /* behind the last batch */
};

/* Without a thread, or when none is to be had, batches are made when they are asked for.
 */
void stream_open(struct stream *stream, struct merge *merge, bool with_thread);
void stream_close(struct stream *stream);
/* The next batch, until the next call; NULL: there is none, see `failure`. */
const struct stream_batch *stream_next(struct stream *stream);

static inline const struct pair *stream_pairs(const struct stream_batch *batch)
{
    return (const struct pair *)(const void *)batch->bytes.data;
}

#endif
