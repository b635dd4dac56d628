/* direct_work: chunks from text to pages, by workers that take turns where order counts.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/direct_work.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "engine/import/utf8.h"
#include "engine/pages.h"
#include "engine/text.h"

/* ---- A worker ---- */

struct direct_worker *direct_worker_new(struct direct *direct, bool stores)
{
    struct direct_worker *worker = memory_new(sizeof *worker);
    size_t columns = direct->load->plan.columns.count;
    worker->direct = direct;
    worker->cells = memory_new_many(columns + 1, sizeof *worker->cells);
    worker->chunk.bad = (struct array)ARRAY_OF(struct direct_bad);
    if (stores) {
        worker->encoder = direct_encoder_new(&direct->load->plan);
        worker->run = pages_run_new(direct->table);
    }
    return worker;
}

void direct_worker_free(struct direct_worker *worker)
{
    struct direct_chunk *chunk = &worker->chunk;
    if (chunk->bytes != NULL) {
        free(chunk->bytes - SPLIT_BLOCK);
    }
    split_release(&chunk->split);
    array_release(&chunk->bad);
    free(chunk->starts);
    free(chunk->scratch);
    direct_json_part_free(chunk->json);
    direct_encoder_free(worker->encoder);
    pages_run_free(worker->run);
    free(worker->cells);
    free(worker);
}

/* ---- Ends ---- */

/* The turn lock is held. The first end counts. */
static void end_with(struct direct *direct, enum direct_outcome outcome,
                     const struct error *failure)
{
    if (direct->outcome == DIRECT_DONE) {
        direct->outcome = outcome;
        if (failure != NULL) {
            direct->failure = *failure;
        }
    }
    direct->stopped = true;
    pthread_cond_broadcast(&direct->turned);
}

static void decline(struct direct *direct, const struct direct_chunk *chunk)
{
    if (direct->outcome == DIRECT_DONE) {
        text_printf(&direct->why, "%s (%s, line %lld)", chunk->odd,
                    feed_name(direct->files[chunk->file].feed),
                    direct->line + direct->format->lines(chunk->bytes, chunk->odd_place));
    }
    end_with(direct, DIRECT_DECLINED, NULL);
}

/* ---- Turns ---- */

/* With the turn lock held: until it is this chunk's turn. False: all is over. */
static bool wait_for_turn(struct direct *direct, int which, long long number)
{
    while (!direct->stopped && direct->turns[which] != number) {
        pthread_cond_wait(&direct->turned, &direct->turn_lock);
    }
    return !direct->stopped;
}

static void pass_turn(struct direct *direct, int which)
{
    direct->turns[which]++;
    pthread_cond_broadcast(&direct->turned);
}

/* Turn 1, with the lock held: where the chunk's rows stand in file and table. */
static void place_rows(struct direct *direct, struct direct_chunk *chunk)
{
    struct direct_file *file = &direct->files[chunk->file];
    struct error err = {0};
    if (chunk->first) {
        direct->line = file->skip_lines + 1;
    }
    if (chunk->failure.kind != ERROR_NONE) {
        end_with(direct, DIRECT_FAILED, &chunk->failure);
        return;
    }
    if (chunk->odd != NULL) {
        decline(direct, chunk);
        return;
    }
    chunk->line = direct->line;
    chunk->rowid = direct->rows + 1;
    direct->line += chunk->lines;
    direct->rows += (long long)chunk->rows;
    if (file->blanks == 0 && chunk->blanks > 0) {
        file->first_blank = chunk->line + split_lines(chunk->bytes, chunk->first_blank);
    }
    file->blanks += chunk->blanks;
    file->beyond_ascii |= chunk->census.beyond_ascii;
    if (direct->json != NULL && direct_json_learn(direct->json, chunk)) {
        direct->looking = true; /* for what else there is */
    }
    if (!direct_keep_rejects(direct, chunk, &err)) {
        end_with(direct, DIRECT_FAILED, &err);
    }
}

static void report(struct direct *direct, const struct direct_chunk *chunk)
{
    struct load *load = direct->load;
    load->progress.done = load->bytes_before + chunk->consumed;
    load->progress.rows = chunk->rowid + (long long)chunk->rows - 1;
    if (load->port != NULL) {
        load_tell_progress(load);
        if (job_cancelled(load->port)) {
            struct error err = {0};
            error_set(&err, ERROR_CANCELLED, "the import of %s was cancelled",
                      load->spec->table);
            end_with(direct, DIRECT_FAILED, &err);
        }
    }
}

/* Turn 2, with the lock held: where its pages stand in the database. */
static void place_pages(struct direct_worker *worker)
{
    struct direct *direct = worker->direct;
    struct direct_chunk *chunk = &worker->chunk;
    struct error err = {0};
    if (!direct->looking) {
        direct_encoder_tell(worker->encoder, &direct->load->plan, chunk,
                            &direct->files[chunk->file], direct->format);
        if (!pages_run_place(worker->run, &err)) {
            end_with(direct, DIRECT_FAILED, &err);
        }
    }
    report(direct, chunk);
}

static bool take_turn(struct direct_worker *worker, int which)
{
    struct direct *direct = worker->direct;
    pthread_mutex_lock(&direct->turn_lock);
    if (wait_for_turn(direct, which, worker->chunk.number)) {
        if (which == 0) {
            place_rows(direct, &worker->chunk);
        } else {
            place_pages(worker);
        }
        pass_turn(direct, which);
    }
    bool going = !direct->stopped;
    pthread_mutex_unlock(&direct->turn_lock);
    return going;
}

/* ---- Between turns ---- */

/* Chunks end with a row, so no character lies across their ends. */
static void check_encoding(const struct direct_file *file, struct direct_chunk *chunk)
{
    if (!chunk->census.beyond_ascii || !feed_needs_check(file->feed)) {
        return;
    }
    size_t whole = utf8_whole(chunk->bytes, chunk->length);
    if (whole < chunk->length) {
        chunk->odd = "it is not UTF-8";
        chunk->odd_place = whole;
    }
}

static void split_chunk(struct direct *direct, struct direct_chunk *chunk)
{
    const struct direct_file *file = &direct->files[chunk->file];
    chunk->rows = 0;
    chunk->blanks = chunk->lines = 0;
    chunk->scratch_used = 0;
    array_clear(&chunk->bad);
    if (chunk->failure.kind == ERROR_NONE && chunk->odd == NULL) {
        direct->format->split(file, chunk);
    }
    if (chunk->failure.kind == ERROR_NONE && chunk->odd == NULL) {
        check_encoding(file, chunk);
    }
}

static void fail(struct direct *direct, const struct error *failure)
{
    pthread_mutex_lock(&direct->turn_lock);
    end_with(direct, DIRECT_FAILED, failure);
    pthread_mutex_unlock(&direct->turn_lock);
}

static void store_chunk(struct direct_worker *worker)
{
    struct direct *direct = worker->direct;
    struct direct_chunk *chunk = &worker->chunk;
    const struct direct_file *file = &direct->files[chunk->file];
    const size_t columns = plan_shown_count(&direct->load->plan);
    struct error err = {0};
    direct_encoder_start(worker->encoder);
    pages_run_start(worker->run, chunk->rowid);
    for (size_t i = 0; i < chunk->rows; i++) {
        direct->format->row(file, chunk, i, columns, worker->cells);
        if (direct->looking) {
            direct_watch(worker->encoder, worker->cells);
        } else {
            direct_encode(worker->encoder, i, worker->cells, worker->run);
            if (worker->key != NULL &&
                !pages_sorter_add(worker->key, direct_encoder_key(worker->encoder),
                                  chunk->rowid + (long long)i, &err)) {
                fail(direct, &err);
                return;
            }
        }
    }
    if (direct_is_falsified(worker->encoder)) {
        direct->looking = true;
    }
}

static void write_chunk(struct direct_worker *worker)
{
    struct direct *direct = worker->direct;
    struct error err = {0};
    if (!direct->looking && !pages_run_write(worker->run, &err)) {
        fail(direct, &err);
    }
}

static void *work(void *argument)
{
    struct direct_worker *worker = argument;
    while (direct_take(worker)) {
        split_chunk(worker->direct, &worker->chunk);
        if (!take_turn(worker, 0)) {
            break;
        }
        store_chunk(worker);
        if (!take_turn(worker, 1)) {
            break;
        }
        write_chunk(worker);
    }
    return NULL;
}

/* ---- All together ---- */

static enum direct_outcome outcome_of(struct direct *direct, struct error *err)
{
    if (direct->outcome == DIRECT_FAILED) {
        *err = direct->failure;
    }
    return direct->outcome;
}

enum direct_outcome direct_sample(struct direct_worker *worker, struct error *err)
{
    struct direct *direct = worker->direct;
    struct direct_chunk *chunk = &worker->chunk;
    struct plan *plan = &direct->load->plan;
    size_t seen = 0;
    while (seen == 0 && direct_take(worker)) {
        split_chunk(direct, chunk);
        if (!take_turn(worker, 0)) {
            break;
        }
        if (direct->json != NULL && direct_json_settle(direct->json, plan)) {
            free(worker->cells);
            worker->cells = memory_new_many(plan->columns.count, sizeof *worker->cells);
            plan_choose_columns(plan);
            direct_json_place(direct->json, plan);
        }
        for (seen = 0; seen < chunk->rows; seen++) {
            direct->format->row(&direct->files[chunk->file], chunk, seen,
                                plan_shown_count(plan), worker->cells);
            for (size_t i = 0; i < plan_shown_count(plan); i++) {
                const struct direct_cell *cell = &worker->cells[i];
                struct reader_cell look = {
                    .length = cell->length, .bare = cell->bare, .kind = cell->kind};
                if (cell->kind != CELL_NULL) {
                    plan_see_cell(plan_shown(plan, i), cell->text, &look);
                }
            }
        }
    }
    return outcome_of(direct, err);
}

/* The caller is the first worker. Signals are for it: a helper's system calls should not
 * be interrupted. */
enum direct_outcome direct_run(struct direct *direct, struct direct_worker **workers,
                               struct error *err)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int started = 1;
    while (started < direct->threads &&
           pthread_create(&workers[started]->thread, NULL, work, workers[started]) == 0) {
        started++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    work(workers[0]);
    for (int i = 1; i < started; i++) {
        pthread_join(workers[i]->thread, NULL);
    }
    return outcome_of(direct, err);
}
