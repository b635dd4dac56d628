/* direct: the passes of the direct way: which files, which types, which threads; and what
 * is left in the database. The threads' work is direct_work.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/direct_work.h"

#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/import/key.h"
#include "engine/pages.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum {
    THREADS_MOST = 8,
    COLUMNS_COUNTED = 1024,
    KEY_MEMORY = 32 * 1024 * 1024,
    CHUNK_SIZE = 512 * 1024,
    CHUNK_LEAST = 8 * 1024
};

/* ---- Files ---- */

static bool begin_file(struct direct *direct, size_t index, struct error *err)
{
    struct load *load = direct->load;
    struct plan_file *from = plan_file(&load->plan, index);
    struct direct_file *file = &direct->files[index];
    if (direct->json != NULL) {
        file->feed = source_feed(from->source);
        file->is_array = from->json.form == JSON_FORM_ARRAY;
        file->json = direct->json;
        return true;
    }
    struct reader *reader = plan_open_rows(&load->plan, from, err);
    if (reader == NULL) {
        return false;
    }
    file->signs.delimiter = from->dialect.delimiter;
    file->signs.quote = from->dialect.quote != 0 ? from->dialect.quote : '"';
    file->cells = from->cells;
    file->feed = source_feed(from->source);
    file->skip_bytes = source_byte(from->source) - feed_first_byte(file->feed);
    file->skip_lines = reader_line(reader) - 1;
    file->blanks_before = reader_blank_lines(reader);
    file->first_blank = reader->first_blank;
    reader_free(reader);
    size_t columns = plan_shown_count(&load->plan);
    file->from = memory_new_many(columns + 1, sizeof *file->from);
    for (size_t i = 0; i < columns; i++) {
        file->from[i] = -1;
    }
    for (size_t i = file->cells; i > 0; i--) {
        int map = from->map[i - 1];
        int place = map >= 0 ? plan_column(&load->plan, (size_t)map)->place : -1;
        if (place >= 0) {
            file->from[place] = (int)i - 1;
        }
    }
    file->is_straight = columns == file->cells;
    for (size_t i = 0; i < columns; i++) {
        file->is_straight &= file->from[i] == (int)i;
    }
    return true;
}

static bool begin_files(struct direct *direct, struct error *err)
{
    direct->file_count = direct->load->plan.files.count;
    direct->files = memory_new_many(direct->file_count, sizeof *direct->files);
    for (size_t i = 0; i < direct->file_count; i++) {
        if (!begin_file(direct, i, err)) {
            return false;
        }
    }
    return true;
}

/* A file's header has been read, as UTF-8, and maybe more. */
static const char *why_not(const struct load *load)
{
    if (load->spec->format == IMPORT_JSON) {
        return direct_json_declines(&load->plan);
    }
    for (size_t i = 0; i < load->plan.files.count; i++) {
        const struct plan_file *file = plan_file(&load->plan, i);
        const char *why = source_broken_at(file->source) >= 0 ? "it is not UTF-8"
                          : source_replaced(file->source) > 0
                              ? "its first characters cannot be decoded"
                              : direct_csv_declines(&file->dialect);
        if (why != NULL) {
            return why;
        }
    }
    return NULL;
}

/* Every thread counts the values of every column by itself, in up to 64 KiB: in a table
 * of very many columns that would cost more memory than threads save time. */
static int threads_most(const struct load *load)
{
    size_t columns = load->plan.columns.count;
    int most = columns < COLUMNS_COUNTED ? COLUMNS_COUNTED / ((int)columns + 1) : 1;
    return most < THREADS_MOST ? most : THREADS_MOST;
}

static int thread_count(const struct load *load)
{
    int count = load->spec->threads;
    if (count <= 0) {
        cpu_set_t set;
        count = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
    }
    return count < threads_most(load) ? count : threads_most(load);
}

/* ---- The table ---- */

/* Rows come in any order of keys: the index is made of them when all are there. */
static void begin_key(struct direct *direct)
{
    const struct plan *plan = &direct->load->plan;
    size_t *columns = memory_new_many(plan->columns.count + 1, sizeof *columns);
    int count = (int)key_columns(plan, columns);
    free(columns);
    if (count > 0) {
        char *folder = path_folder(direct->load->path);
        direct->key = pages_index_new(folder, count, KEY_MEMORY, direct->threads);
        direct->key_count = (size_t)count;
        free(folder);
    }
}

/* SQLite makes both, empty, and closes the file. */
static bool begin_table(struct direct *direct, struct error *err)
{
    struct load *load = direct->load;
    struct stat info;
    if (!load_make_table(load, err) || !key_make_index(load, err)) {
        return false;
    }
    /* A table of other types that was dropped may have left a free page. */
    if (store_number(load->db, 0, "PRAGMA freelist_count", "") > 0 &&
        !store_run(load->db, "VACUUM", err)) {
        return false;
    }
    long long root = store_number(load->db, 0,
                                  "SELECT rootpage FROM sqlite_schema WHERE type = "
                                  "'table' AND name = ?",
                                  "s", load->spec->table);
    direct->key_root = key_root(load);
    load_close(load);
    if (stat(load->path, &info) != 0) {
        return error_set(err, ERROR_FAILED, "could not look at %s", load->path);
    }
    direct->size_before = (long long)info.st_size;
    direct->pages = pages_open(load->path, err);
    direct->table =
        direct->pages != NULL ? pages_table_new(direct->pages, (uint32_t)root) : NULL;
    begin_key(direct);
    return direct->table != NULL;
}

static void forget_pages(struct direct *direct)
{
    pages_index_free(direct->key);
    pages_table_free(direct->table);
    pages_abandon(direct->pages);
    direct->key = NULL;
    direct->table = NULL;
    direct->pages = NULL;
}

/* Back to the database without the table. */
static bool undo_table(struct direct *direct, struct error *err)
{
    struct load *load = direct->load;
    struct text sql = {0};
    forget_pages(direct);
    if (truncate(load->path, (off_t)direct->size_before) != 0) {
        return error_set(err, ERROR_FAILED, "could not shorten %s: %s", load->path,
                         error_of_errno(errno));
    }
    text_append(&sql, "DROP TABLE ");
    store_quote_name(&sql, load->spec->table);
    bool good = load_open(load, err) && store_run(load->db, text_string(&sql), err);
    text_release(&sql);
    return good;
}

static bool finish_key(struct direct *direct, struct error *err)
{
    struct pages_index *key = direct->key;
    if (key == NULL) {
        return true;
    }
    struct load *load = direct->load;
    free(load->key_distinct);
    load->key_distinct = memory_new_many(direct->key_count, sizeof *load->key_distinct);
    direct->key = NULL;
    snprintf(load->progress.note, sizeof load->progress.note, "sorting the key");
    if (load->port != NULL) {
        load_tell_progress(load);
    }
    return pages_index_finish(key, direct->pages, direct->key_root, load->key_distinct,
                              err);
}

static bool finish_table(struct direct *direct, struct error *err)
{
    struct pages_table *table = direct->table;
    struct pages *pages = direct->pages;
    direct->table = NULL;
    if (!pages_table_finish(table, err) || !finish_key(direct, err)) {
        return false;
    }
    direct->pages = NULL;
    return pages_close(pages, err);
}

/* ---- Passes ---- */

/* The first rows decide the types for now, and the size of chunks. */
static enum direct_outcome sample(struct direct *direct, struct error *err)
{
    enum direct_outcome outcome;
    bool crowded;
    do {
        direct_begin(direct);
        text_clear(&direct->why);
        struct direct_worker *worker = direct_worker_new(direct, false);
        outcome = direct_sample(worker, err);
        crowded = outcome == DIRECT_DECLINED &&
                  worker->chunk.odd == direct_json_crowded &&
                  direct->chunk_size > CHUNK_LEAST;
        direct->chunk_size /= crowded ? 8 : 1;
        direct_worker_free(worker);
    } while (crowded);
    plan_decide(&direct->load->plan);
    direct_json_place(direct->json, &direct->load->plan);
    return outcome;
}

static bool is_falsified(const struct plan *plan)
{
    for (size_t i = 0; i < plan_shown_count(plan); i++) {
        const struct plan_column *column = plan_shown(plan, i);
        if (plan_storage(column) != column->storage) {
            return true;
        }
    }
    return false;
}

/* One pass over all files with the types as they are decided. */
static enum direct_outcome run_pass(struct direct *direct, bool *falsified,
                                    struct error *err)
{
    struct plan *plan = &direct->load->plan;
    struct direct_worker *workers[THREADS_MOST];
    direct_begin(direct);
    for (int i = 0; i < direct->threads; i++) {
        workers[i] = direct_worker_new(direct, true);
        workers[i]->key = direct->key != NULL ? pages_index_sorter(direct->key, i) : NULL;
    }
    enum direct_outcome outcome = direct_run(direct, workers, err);
    for (int i = 0; i < direct->threads; i++) {
        direct_encoder_see(workers[i]->encoder, plan);
    }
    *falsified = outcome == DIRECT_DONE && (direct->looking || is_falsified(plan));
    for (int i = 0; i < direct->threads; i++) {
        if (outcome == DIRECT_DONE && !*falsified) {
            direct_encoder_merge(workers[i]->encoder, plan);
        }
        direct_worker_free(workers[i]);
    }
    return outcome;
}

static void forget_misfits(struct plan *plan)
{
    for (size_t i = 0; i < plan->columns.count; i++) {
        struct plan_column *column = plan_column(plan, i);
        column->misfits = 0;
        text_clear(&column->examples);
    }
}

static enum direct_outcome run_passes(struct direct *direct, struct error *err)
{
    struct load *load = direct->load;
    const int passes_most = direct->json != NULL ? 3 : 2;
    bool falsified = true;
    for (int pass = 1; falsified; pass++) {
        if (pass > passes_most) {
            error_set(err, ERROR_FAILED,
                      "could not import %s: the files changed while they were read; try "
                      "again when nobody writes to them",
                      load->spec->table);
            return DIRECT_FAILED;
        }
        if (!begin_table(direct, err)) {
            return DIRECT_FAILED;
        }
        enum direct_outcome outcome = run_pass(direct, &falsified, err);
        if (outcome == DIRECT_FAILED) {
            return outcome;
        }
        if (outcome == DIRECT_DECLINED || falsified) {
            if (!undo_table(direct, err)) {
                return DIRECT_FAILED;
            }
            forget_misfits(&load->plan);
            direct->look_first =
                direct->json != NULL && direct_json_settle(direct->json, &load->plan);
            plan_decide(&load->plan);
            direct_json_place(direct->json, &load->plan);
            load->bytes_before += direct->bytes_total;
            load->progress.total += direct->bytes_total;
        }
        if (outcome == DIRECT_DECLINED) {
            return outcome;
        }
        direct->passes = pass;
    }
    bool good = finish_table(direct, err) && load_open(load, err);
    return good ? DIRECT_DONE : DIRECT_FAILED;
}

/* ---- What is told ---- */

static bool tell(struct direct *direct, struct error *err)
{
    struct load *load = direct->load;
    load->report->stored = direct->rows;
    load->report->read = direct->rows;
    if (!direct_store_rejects(direct, err) || !plan_seal(&load->plan, err)) {
        return false;
    }
    for (size_t i = 0; i < direct->file_count; i++) {
        const struct direct_file *file = &direct->files[i];
        struct plan_file *from = plan_file(&load->plan, i);
        load_note_encoding(load, from->source, file->beyond_ascii);
        load_note_blanks(load, from->source, file->blanks, file->first_blank);
        if (!load_note_stored(load, from->source, err)) {
            return false;
        }
    }
    text_printf(&load->report->way_why, "%d thread%s%s", direct->threads,
                direct->threads == 1 ? "" : "s",
                direct->passes > 2   ? ", a second time for members that came late"
                : direct->passes > 1 ? ", a second time for other types"
                                     : "");
    return true;
}

static void release(struct direct *direct)
{
    forget_pages(direct);
    for (size_t i = 0; i < direct->file_count; i++) {
        free(direct->files[i].from);
    }
    free(direct->files);
    direct_json_free(direct->json);
    direct_end(direct);
}

enum direct_outcome direct_store(struct load *load, struct error *err)
{
    const char *why = why_not(load);
    if (why != NULL) {
        text_append(&load->report->way_why, why);
        return DIRECT_DECLINED;
    }
    bool is_json = load->spec->format == IMPORT_JSON;
    struct direct direct = {.load = load,
                            .format = is_json ? &direct_json_rows : &direct_csv,
                            .json = is_json ? direct_json_new(&load->plan) : NULL,
                            .threads = thread_count(load),
                            .chunk_size = load->spec->chunk_size > 0
                                              ? (size_t)load->spec->chunk_size
                                              : CHUNK_SIZE};
    bool is_known = true; /* how long the texts are */
    for (size_t i = 0; i < load->plan.files.count; i++) {
        const struct feed *feed = source_feed(plan_file(&load->plan, i)->source);
        direct.bytes_total += feed_total(feed);
        is_known = is_known && feed_packing(feed) == NULL && feed_total(feed) > 0;
    }
    long long chunks = direct.bytes_total / (long long)direct.chunk_size + 1;
    direct.threads = is_known && chunks < direct.threads ? (int)chunks : direct.threads;
    load->progress.total = direct.bytes_total;
    enum direct_outcome outcome = DIRECT_FAILED;
    if (begin_files(&direct, err)) {
        outcome = sample(&direct, err);
        int most = threads_most(load);
        direct.threads = direct.threads < most ? direct.threads : most;
        if (outcome == DIRECT_DONE && load->plan.columns.count == 0) {
            text_append(&direct.why, "no row shows which columns there are");
            outcome = DIRECT_DECLINED;
        }
        if (outcome == DIRECT_DONE && plan_shown_count(&load->plan) == 0) {
            text_append(&direct.why, "the first rows show no column that is not masked");
            outcome = DIRECT_DECLINED;
        }
        if (outcome == DIRECT_DONE) {
            outcome = run_passes(&direct, err);
        }
        if (outcome == DIRECT_DONE && !tell(&direct, err)) {
            outcome = DIRECT_FAILED;
        }
    }
    if (outcome == DIRECT_DECLINED) {
        text_append(&load->report->way_why, text_string(&direct.why));
        plan_forget_rows(&load->plan);
    }
    release(&direct);
    return outcome;
}
