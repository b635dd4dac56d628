/* direct_work: the workers of the direct way, what they share and how they take turns.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MWB_IMPORT_DIRECT_WORK_H
#define MWB_IMPORT_DIRECT_WORK_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "engine/import/direct.h"
#include "engine/import/direct_json.h"
#include "engine/import/feed.h"

struct direct {
    struct load *load;
    const struct direct_format *format;
    struct direct_json *json; /* NULL: it is CSV */
    struct direct_file *files;
    size_t file_count;
    int threads;
    size_t chunk_size;
    long long bytes_total; /* of all files as they lie */
    int passes;
    bool look_first; /* the next pass does not store: there are columns without types */
    bool has_locks;
    struct pages *pages;
    struct pages_table *table;
    struct pages_index *key; /* NULL: no key */
    size_t key_count;        /* columns */
    uint32_t key_root;
    long long size_before; /* of the database, without the table's pages */

    pthread_mutex_t take_lock; /* for what taking a chunk needs: */
    size_t file;               /* that is read now */
    bool in_file;
    long long next_number, byte, bytes_before;
    struct text carry; /* the start of a row, behind the last chunk */

    pthread_mutex_t turn_lock; /* for everything below: */
    pthread_cond_t turned;
    long long turns[2]; /* the chunk whose turn it is */
    long long rows, line;
    FILE *rejects; /* without a name; NULL: none yet */
    long long reject_count;
    enum direct_outcome outcome;
    struct text why; /* of a decline */
    struct error failure;

    _Atomic bool stopped; /* outcome is not DIRECT_DONE any more */
    _Atomic bool looking; /* the types are wrong: do not store */
};

struct direct_worker {
    struct direct *direct;
    struct direct_chunk chunk;
    struct direct_encoder *encoder; /* NULL: of a sample */
    struct pages_run *run;
    struct pages_sorter *key; /* NULL: no key */
    struct direct_cell *cells;
    pthread_t thread;
};

struct direct_worker *direct_worker_new(struct direct *direct, bool stores);
void direct_worker_free(struct direct_worker *worker);

/* Start from the first row of the first file. */
void direct_begin(struct direct *direct);
/* The locks and what is kept between turns go. */
void direct_end(struct direct *direct);

/* The next chunk, with its bytes and place. False: there is none any more. A failure of
 * reading comes as a chunk. */
bool direct_take(struct direct_worker *worker);

/* Let the plan see the first chunk that has rows. */
enum direct_outcome direct_sample(struct direct_worker *worker, struct error *err);
/* All chunks, by direct->threads workers. */
enum direct_outcome direct_run(struct direct *direct, struct direct_worker **workers,
                               struct error *err);

/* The rejects of the pass into the database, which is open again. */
bool direct_store_rejects(struct direct *direct, struct error *err);
/* Keep the bad rows of the worker's chunk: in its first turn. */
bool direct_keep_rejects(struct direct *direct, const struct direct_chunk *chunk,
                         struct error *err);

#endif
