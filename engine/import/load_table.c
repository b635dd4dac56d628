/* load_table: what both ways of importing do to the database: open it, make the table,
 * list rejects, and tell what is worth telling of a file.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine/access.h"
#include "engine/import/decode.h"
#include "engine/import/load.h"
#include "engine/import/reject.h"
#include "engine/store.h"
#include "engine/text.h"

/* Pages of 16 KiB: 1M rows of 10 columns take 0.87 s to store with 4 KiB pages, 0.80 with
 * 16, 0.80 with 32, 1.0 with 64; scans want them large, a small product small. */
enum { PAGE_SIZE = 16384 };

/* The file is new, nobody reads it, and it is thrown away on failure: the journal may
 * stay in memory (a defensive connection may not switch it off) and nothing is synced
 * before the whole is there. */
static const char connection[] = "PRAGMA journal_mode = MEMORY;"
                                 "PRAGMA synchronous = OFF;"
                                 "PRAGMA locking_mode = EXCLUSIVE;"
                                 "PRAGMA cache_size = -16384;";

bool load_open(struct load *load, struct error *err)
{
    bool fresh = !load->is_made && !load->spec->add_to_existing;
    int page_size = load->spec->page_size > 0 ? load->spec->page_size : PAGE_SIZE;
    char pages[64];
    snprintf(pages, sizeof pages, "PRAGMA page_size = %d", page_size);
    load->db = store_open(load->path, fresh ? STORE_CREATE : STORE_WRITE, err);
    load->is_made = true;
    if (load->db != NULL && load->port != NULL) {
        job_guard(load->port, load->db);
    }
    return load->db != NULL && (!fresh || store_run(load->db, pages, err)) &&
           store_run(load->db, connection, err);
}

void load_close(struct load *load)
{
    if (load->port != NULL) {
        job_guard(load->port, NULL);
    }
    store_close(load->db);
    load->db = NULL;
}

static const char *const storage_types[] = {
    [STORAGE_TEXT] = " TEXT",
    [STORAGE_INTEGER] = " INTEGER",
    [STORAGE_REAL] = " REAL",
    /* No type, no affinity: SQLite stores what it is given. */
    [STORAGE_MIXED] = ""};

bool load_make_table(struct load *load, struct error *err)
{
    struct text sql = {0};
    if (plan_shown_count(&load->plan) == 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: nothing is left of it, all its columns are "
            "masked by leaving them out",
            load->spec->table);
    }
    text_append(&sql, "CREATE TABLE ");
    store_quote_name(&sql, load->spec->table);
    for (size_t i = 0; i < plan_shown_count(&load->plan); i++) {
        const struct plan_column *column = plan_shown(&load->plan, i);
        text_append(&sql, i == 0 ? "(" : ", ");
        store_quote_name(&sql, column->name);
        text_append(&sql, storage_types[column->storage]);
    }
    text_append(&sql, ")");
    bool good = store_run(load->db, text_string(&sql), err);
    text_release(&sql);
    return good;
}

bool load_prepare(struct load *load, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "INSERT INTO ");
    store_quote_name(&sql, load->spec->table);
    text_append(&sql, " VALUES (?");
    for (size_t i = 1; i < plan_shown_count(&load->plan); i++) {
        text_append(&sql, ", ?");
    }
    text_append(&sql, ")");
    load->insert = store_prepare(load->db, text_string(&sql), err);
    text_release(&sql);
    return load->insert != NULL;
}

void load_finish(struct load *load)
{
    store_finish(load->insert);
    load->insert = NULL;
    reject_finish(load);
}

bool load_reject(struct load *load, size_t index, const struct reader_row *row,
                 struct error *err)
{
    struct reject reject = {.file = index,
                            .line = row->line,
                            .byte = row->byte,
                            .cells = row->count,
                            .problem = row->problem,
                            .raw = row->raw,
                            .raw_length = row->raw_length};
    return reject_store(load, &reject, err);
}

void load_tell_progress(const struct load *load)
{
    struct job_progress told = load->progress;
    long long bytes = 0;
    for (size_t i = 0; i < load->spec->files->count; i++) {
        const struct access_file *file = array_at(load->spec->files, i);
        bytes += access_bytes(file);
    }
    if (told.total > 0 && bytes > 0) {
        told.done = (long long)((double)told.done / (double)told.total * (double)bytes);
        told.total = bytes;
    }
    job_report(load->port, &told);
}

/* ---- What is told of a file ---- */

void load_note_encoding(struct load *load, const struct source *source, bool beyond_ascii)
{
    const char *declared = source_declared(source);
    if (!string_equal(source_encoding(source), "UTF-8")) {
        text_printf(&load->report->notes, "%s: it was read as %s.\n", source_name(source),
                    source_encoding(source));
    } else if (declared != NULL && decode_extends_ascii(declared) && beyond_ascii) {
        text_printf(&load->report->notes, "%s: it is declared as %s, but it is UTF-8.\n",
                    source_name(source), declared);
    }
}

void load_note_blanks(struct load *load, const struct source *source, long long blanks,
                      long long first)
{
    if (blanks > 0) {
        text_printf(&load->report->notes,
                    "%s: %lld blank line%s left out, %sline %lld [blank-row].\n",
                    source_name(source), blanks, blanks == 1 ? " was" : "s were",
                    blanks == 1 ? "" : "the first is ", first);
    }
}

bool load_note_stored(struct load *load, const struct source *source, struct error *err)
{
    if (source_changed(source)) {
        return error_set(
            err, ERROR_FAILED,
            "could not import %s: the file changed while it was read; try again "
            "when nobody writes to it",
            source_name(source));
    }
    if (source_replaced(source) > 0) {
        text_printf(&load->report->notes,
                    "%s: %lld characters could not be decoded from %s and became U+FFFD "
                    "[encoding-error].\n",
                    source_name(source), source_replaced(source),
                    source_encoding(source));
    }
    return true;
}
