/* Batches of a merge, a few ahead of who takes them.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/pages/stream.h"

#include <signal.h>

enum { BATCH_BYTES = 1 << 18 };

static bool fill_pairs(struct merge *merge, struct stream_batch *batch, struct error *err)
{
    const struct spill_reader *least;
    struct pair *pairs = (struct pair *)(void *)text_reserve(&batch->bytes, BATCH_BYTES);
    while (batch->count < BATCH_BYTES / sizeof *pairs &&
           (least = merge_least(merge)) != NULL) {
        pairs[batch->count++] = least->pair;
        if (!merge_next(merge, err)) {
            return false;
        }
    }
    return true;
}

static bool fill_entries(struct merge *merge, struct stream_batch *batch,
                         struct error *err)
{
    const struct spill_reader *least;
    while (batch->bytes.length < BATCH_BYTES && (least = merge_least(merge)) != NULL) {
        text_append_bytes(&batch->bytes, least->entry - SPILL_LENGTH,
                          SPILL_LENGTH + least->length);
        batch->count++;
        if (!merge_next(merge, err)) {
            return false;
        }
    }
    return true;
}

/* An empty batch is the end. */
static bool fill(struct stream *stream, struct stream_batch *batch, struct error *err)
{
    text_clear(&batch->bytes);
    batch->count = 0;
    return (stream->merge->form == SPILL_ENTRIES ? fill_entries
                                                 : fill_pairs)(stream->merge, batch, err);
}

static void *run(void *given)
{
    struct stream *stream = given;
    pthread_mutex_lock(&stream->lock);
    while (!stream->over && !stream->stopped) {
        if (stream->made - stream->taken == STREAM_BATCHES - 1) {
            pthread_cond_wait(&stream->changed, &stream->lock);
            continue;
        }
        struct stream_batch *batch = &stream->batches[stream->made % STREAM_BATCHES];
        struct error err = {0};
        pthread_mutex_unlock(&stream->lock);
        bool good = fill(stream, batch, &err);
        pthread_mutex_lock(&stream->lock);
        stream->failure = err;
        stream->over = !good || batch->count == 0;
        stream->made += stream->over ? 0 : 1;
        pthread_cond_signal(&stream->changed);
    }
    pthread_mutex_unlock(&stream->lock);
    return NULL;
}

void stream_open(struct stream *stream, struct merge *merge, bool with_thread)
{
    *stream = (struct stream){.merge = merge};
    pthread_mutex_init(&stream->lock, NULL);
    pthread_cond_init(&stream->changed, NULL);
    if (with_thread) {
        sigset_t all, before; /* signals are for the threads that expect them */
        sigfillset(&all);
        pthread_sigmask(SIG_BLOCK, &all, &before);
        stream->has_thread = pthread_create(&stream->thread, NULL, run, stream) == 0;
        pthread_sigmask(SIG_SETMASK, &before, NULL);
    }
}

void stream_close(struct stream *stream)
{
    if (stream->has_thread) {
        pthread_mutex_lock(&stream->lock);
        stream->stopped = true;
        pthread_cond_signal(&stream->changed);
        pthread_mutex_unlock(&stream->lock);
        pthread_join(stream->thread, NULL);
    }
    for (int i = 0; i < STREAM_BATCHES; i++) {
        text_release(&stream->batches[i].bytes);
    }
    pthread_cond_destroy(&stream->changed);
    pthread_mutex_destroy(&stream->lock);
}

static const struct stream_batch *wait_for_batch(struct stream *stream)
{
    const struct stream_batch *batch = NULL;
    pthread_mutex_lock(&stream->lock);
    while (stream->made == stream->taken && !stream->over) {
        pthread_cond_wait(&stream->changed, &stream->lock);
    }
    if (stream->made > stream->taken) {
        batch = &stream->batches[stream->taken++ % STREAM_BATCHES];
        pthread_cond_signal(&stream->changed);
    }
    pthread_mutex_unlock(&stream->lock);
    return batch;
}

const struct stream_batch *stream_next(struct stream *stream)
{
    if (stream->has_thread) {
        return wait_for_batch(stream);
    }
    struct stream_batch *batch = &stream->batches[0];
    bool good = fill(stream, batch, &stream->failure);
    return good && batch->count > 0 ? batch : NULL;
}
