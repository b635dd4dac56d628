/* quality/pass: one look at all rows of a table: threads take ranges of rowids, each over
 * a connection of its own, and an aggregate function gets the cells of every row.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/quality/count.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "engine/store.h"

enum { LEAST_CHUNK = 32768, CHUNKS_A_THREAD = 64, THREADS_MOST = 8 };

/* ---- A row ---- */

static void count_cell(struct worker *worker, size_t column, size_t *counter,
                       struct quality_value *value)
{
    const struct array *counters = &worker->pass->counters;
    const struct pass_counter *all = counters->items;
    while (*counter < counters->count && all[*counter].column == column) {
        worker->counts[*counter] += quality_test_fails(worker->tests[*counter], value);
        ++*counter;
    }
}

/* A view tells nobody how many rows it will have. */
static void stop_growing(struct worker *worker)
{
    error_set(&worker->err, ERROR_FAILED, "it has more rows than keys can be compared");
    worker->failed = true;
    atomic_store(&worker->pass->stop, true);
}

static void see_keys(struct worker *worker)
{
    const struct array *keys = &worker->pass->keys;
    for (size_t k = 0; k < keys->count; k++) {
        const struct pass_key *key = array_at(keys, k);
        struct quality_hashes *seen = &worker->seen[k];
        bool has_null = false, is_whole = key->count == 1;
        uint64_t hash = 0;
        for (size_t i = 0; i < key->count; i++) {
            size_t column = key->columns[i];
            has_null |= worker->nulls[column];
            is_whole = is_whole && worker->wholes[column];
            hash = i > 0 ? quality_hash_pair(hash, worker->hashes[column])
                         : worker->hashes[column];
        }
        if (has_null) {
            seen->nulls++;
        } else {
            seen->has_other |= !is_whole;
            quality_hashes_add(seen, hash);
        }
        if (seen->count >= PASS_HASH_BYTES / sizeof hash) {
            stop_growing(worker);
        }
    }
}

static void look(sqlite3_context *context, int count, sqlite3_value **cells)
{
    struct worker *worker = sqlite3_user_data(context);
    const struct pass_column *columns = worker->pass->columns.items;
    size_t counter = 0;
    worker->rows++;
    for (int i = 0; i < count; i++) {
        struct quality_value value;
        quality_value_take(&value, cells[i]);
        count_cell(worker, (size_t)i, &counter, &value);
        if (columns[i].is_in_key) {
            worker->nulls[i] =
                !quality_hash_value(&value, &worker->hashes[i], &worker->wholes[i]);
        }
    }
    see_keys(worker);
}

static void look_done(sqlite3_context *context)
{
    sqlite3_result_null(context);
}

/* ---- A thread ---- */

static int is_stopped(void *owner)
{
    struct pass *pass = owner;
    return atomic_load(&pass->stop) || job_cancelled(pass->session->port);
}

static sqlite3_stmt *prepare_look(struct worker *worker)
{
    const struct pass *pass = worker->pass;
    struct text sql = {0};
    text_append(&sql, "SELECT look(");
    for (size_t i = 0; i < pass->columns.count; i++) {
        const struct pass_column *column = array_at(&pass->columns, i);
        text_append(&sql, i > 0 ? "," : "");
        store_quote_name(&sql, column->column->name);
    }
    text_append(&sql, ") FROM ");
    store_quote_name(&sql, pass->table->name);
    text_append(&sql, pass->table->has_rowid ? " WHERE rowid BETWEEN ?1 AND ?2" : "");
    sqlite3_stmt *stmt = store_prepare(worker->db, text_string(&sql), &worker->err);
    text_release(&sql);
    return stmt;
}

static bool look_at_chunk(struct worker *worker, sqlite3_stmt *stmt, long long first,
                          long long last)
{
    long long before = worker->rows;
    if (worker->pass->table->has_rowid) {
        store_bind(stmt, "ll", first, last);
    }
    struct error err = {0};
    bool done = store_execute(stmt, &err);
    if (!done && !worker->failed) {
        worker->err = err;
    }
    atomic_fetch_add(&worker->pass->rows, worker->rows - before);
    return done;
}

/* Rowids may be anywhere between the ends of 64 bits: sums are made without signs. */
static bool look_at_chunks(struct worker *worker, sqlite3_stmt *stmt)
{
    struct pass *pass = worker->pass;
    long long last = pass->table->last;
    if (!pass->table->has_rowid) {
        return atomic_fetch_add(&pass->next, 1) > pass->table->first ||
               look_at_chunk(worker, stmt, 0, 0);
    }
    long long count =
        (long long)(((unsigned long long)last - (unsigned long long)pass->table->first) /
                    (unsigned long long)pass->chunk);
    for (;;) {
        long long n = atomic_fetch_add(&pass->next, 1);
        if (n > count || atomic_load(&pass->stop) || last < pass->table->first) {
            return true;
        }
        long long first =
            (long long)((unsigned long long)pass->table->first +
                        (unsigned long long)n * (unsigned long long)pass->chunk);
        long long end = n == count ? last : first + pass->chunk - 1;
        if (!look_at_chunk(worker, stmt, first, end)) {
            return false;
        }
    }
}

static bool open_worker(struct worker *worker)
{
    worker->db = store_open(worker->pass->session->file, STORE_IMMUTABLE, &worker->err);
    if (worker->db == NULL) {
        return false;
    }
    sqlite3_progress_handler(worker->db, 20000, is_stopped, worker->pass);
    return sqlite3_create_function_v2(worker->db, "look", -1,
                                      SQLITE_UTF8 | SQLITE_DIRECTONLY, worker, NULL, look,
                                      look_done, NULL) == SQLITE_OK ||
           store_failed(worker->db, &worker->err);
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    struct pass *pass = worker->pass;
    sqlite3_stmt *stmt = open_worker(worker) ? prepare_look(worker) : NULL;
    worker->failed = stmt == NULL || !look_at_chunks(worker, stmt) || worker->failed;
    store_finish(stmt);
    store_close(worker->db);
    worker->db = NULL;
    if (worker->failed) {
        atomic_store(&pass->stop, true);
    }
    atomic_fetch_sub(&pass->running, 1);
    return NULL;
}

/* ---- All threads ---- */

static bool is_small(const struct pass *pass)
{
    unsigned long long span =
        (unsigned long long)pass->table->last - (unsigned long long)pass->table->first;
    return pass->table->has_rowid &&
           (span < LEAST_CHUNK || pass->table->last < pass->table->first);
}

static int thread_count(const struct pass *pass)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int wanted = pass->session->spec->threads;
    int count = wanted > 0 ? wanted : (int)(processors > 0 ? processors : 1);
    if (!pass->table->has_rowid || is_small(pass)) {
        return 1;
    }
    return count > THREADS_MOST ? THREADS_MOST : count;
}

static void make_workers(struct pass *pass, struct array *workers, int count)
{
    for (int i = 0; i < count; i++) {
        *(struct worker *)array_push(workers) = (struct worker){.pass = pass};
    }
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = array_at(workers, i);
        size_t columns = pass->columns.count + 1;
        worker->tests = memory_new_many(pass->counters.count + 1, sizeof(void *));
        worker->counts = memory_new_many(pass->counters.count + 1, sizeof(long long));
        worker->seen = memory_new_many(pass->keys.count + 1, sizeof *worker->seen);
        worker->hashes = memory_new_many(columns, sizeof *worker->hashes);
        worker->nulls = memory_new_many(columns, sizeof *worker->nulls);
        worker->wholes = memory_new_many(columns, sizeof *worker->wholes);
        for (size_t c = 0; c < pass->counters.count; c++) {
            const struct pass_counter *counter = array_at(&pass->counters, c);
            struct text ignored = {0}; /* it could be made when the pass was planned */
            worker->tests[c] = quality_test_new(counter->check->metric,
                                                counter->check->arguments, &ignored);
            text_release(&ignored);
        }
    }
}

void quality_workers_release(struct array *workers)
{
    for (size_t i = 0; i < workers->count; i++) {
        struct worker *worker = array_at(workers, i);
        for (size_t c = 0; c < worker->pass->counters.count; c++) {
            quality_test_free(worker->tests[c]);
        }
        for (size_t k = 0; k < worker->pass->keys.count; k++) {
            quality_hashes_release(&worker->seen[k]);
        }
        free(worker->tests);
        free(worker->counts);
        free(worker->seen);
        free(worker->hashes);
        free(worker->nulls);
        free(worker->wholes);
    }
    array_release(workers);
}

/* Rowids with gaps may span more than anybody has rows: then how many is not known. */
static long long rows_at_most(const struct quality_table *table)
{
    unsigned long long span =
        (unsigned long long)table->last - (unsigned long long)table->first;
    return table->has_rowid && span < 1ULL << 60 ? (long long)span + 1 : 0;
}

static void tell_progress(struct pass *pass)
{
    struct job_progress progress = {.unit = JOB_THINGS};
    progress.rows = atomic_load(&pass->rows);
    progress.done = progress.rows;
    progress.total = rows_at_most(pass->table);
    snprintf(progress.note, sizeof progress.note, "%s.%s", pass->session->schema,
             pass->table->name);
    job_report(pass->session->port, &progress);
}

static void wait_for(struct pass *pass)
{
    const struct timespec moment = {.tv_nsec = 5000000};
    while (atomic_load(&pass->running) > 0) {
        tell_progress(pass);
        if (job_cancelled(pass->session->port)) {
            atomic_store(&pass->stop, true);
        }
        nanosleep(&moment, NULL);
    }
}

static bool conclude(const struct pass *pass, const struct array *workers,
                     struct error *err)
{
    if (job_cancelled(pass->session->port)) {
        return error_set(err, ERROR_CANCELLED, "checking %s was cancelled",
                         pass->session->spec->product);
    }
    for (size_t i = 0; i < workers->count; i++) {
        const struct worker *worker = array_at(workers, i);
        if (worker->failed && worker->err.kind != ERROR_NONE) {
            *err = worker->err;
            return error_prefix(err, "could not read the table %s: ", pass->table->name);
        }
    }
    return !atomic_load(&pass->stop);
}

bool quality_pass_run(struct pass *pass, struct array *workers, struct error *err)
{
    int count = thread_count(pass);
    pthread_t threads[THREADS_MOST];
    unsigned long long span =
        (unsigned long long)pass->table->last - (unsigned long long)pass->table->first;
    pass->chunk = (long long)(span / (unsigned long long)(count * CHUNKS_A_THREAD));
    pass->chunk = pass->chunk < LEAST_CHUNK ? LEAST_CHUNK : pass->chunk;
    make_workers(pass, workers, count);
    int started = 0;
    for (; started < count && !is_small(pass); started++) {
        atomic_fetch_add(&pass->running, 1);
        if (pthread_create(&threads[started], NULL, work,
                           array_at(workers, (size_t)started)) != 0) {
            atomic_fetch_sub(&pass->running, 1);
            break;
        }
    }
    if (started == 0) { /* little to do, or no threads to be had */
        atomic_fetch_add(&pass->running, 1);
        work(array_at(workers, 0));
    }
    wait_for(pass);
    for (int i = 0; i < started; i++) {
        pthread_join(threads[i], NULL);
    }
    return conclude(pass, workers, err);
}
