/* load: walks the files twice, first to see, then to store. Types are typing.c's, columns
 * plan.c's.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/load.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "engine/access.h"
#include "engine/import/decode.h"
#include "engine/import/key.h"
#include "engine/store.h"
#include "engine/text.h"

enum { CHECK_ROWS = 2048 };

struct walk {
    bool (*row)(struct load *load, size_t file, const struct reader_row *row,
                struct error *err);
    bool (*bad)(struct load *load, size_t file, const struct reader_row *row,
                struct error *err);
    const char *note;
    bool tells; /* what was left out is told in one pass only */
};

static bool check_in(struct load *load, const struct plan_file *file, struct error *err)
{
    load->progress.done = load->bytes_before + source_consumed(file->source);
    if (load->port != NULL) {
        load_tell_progress(load);
        if (job_cancelled(load->port)) {
            return error_set(err, ERROR_CANCELLED, "the import of %s was cancelled",
                             source_name(file->source));
        }
    }
    return true;
}

static bool walk_rows(struct load *load, size_t index, const struct walk *walk,
                      struct reader *reader, struct error *err)
{
    struct plan_file *file = plan_file(&load->plan, index);
    struct reader_row row;
    for (long long count = 1;; count++) {
        enum reader_state state = reader_next(reader, &row, err);
        if (state == READER_END) {
            return check_in(load, file, err);
        }
        if (state == READER_FAILED) {
            return false;
        }
        bool fits = state == READER_ROW && plan_takes_row(&load->plan, file, &row);
        if (!(fits ? walk->row : walk->bad)(load, index, &row, err) ||
            (count % CHECK_ROWS == 0 && !check_in(load, file, err))) {
            return false;
        }
    }
}

static bool walk_file(struct load *load, size_t index, const struct walk *walk,
                      struct error *err)
{
    struct plan_file *file = plan_file(&load->plan, index);
    snprintf(load->progress.note, sizeof load->progress.note, "%s %s", walk->note,
             source_name(file->source));
    struct reader *reader = plan_open_rows(&load->plan, file, err);
    if (reader == NULL) {
        return false;
    }
    bool good = walk_rows(load, index, walk, reader, err);
    if (good && walk->tells) {
        load_note_blanks(load, file->source, reader_blank_lines(reader),
                         reader->first_blank);
        if (reader_dropped_blanks(reader) > 0) {
            text_printf(&load->report->notes,
                        "%s: blanks behind a closing quote were dropped %lld times.\n",
                        source_name(file->source), reader_dropped_blanks(reader));
        }
        if (reader->replaced > 0) {
            text_printf(&load->report->notes,
                        "%s: %lld surrogate%s stood alone in strings and became "
                        "U+FFFD.\n",
                        source_name(file->source), reader->replaced,
                        reader->replaced == 1 ? "" : "s");
        }
    }
    load->bytes_before += source_consumed(file->source);
    reader_free(reader);
    return good;
}

/* ---- First pass ---- */

static bool see_row(struct load *load, size_t file, const struct reader_row *row,
                    struct error *err)
{
    (void)err;
    plan_see_row(&load->plan, plan_file(&load->plan, file), row);
    return true;
}

static bool see_bad(struct load *load, size_t file, const struct reader_row *row,
                    struct error *err)
{
    (void)load;
    (void)file;
    (void)row;
    (void)err;
    return true;
}

static const struct walk seeing = {see_row, see_bad, "reading", false};

static bool read_otherwise(struct load *load, size_t index, struct error *err)
{
    struct source *source = plan_file(&load->plan, index)->source;
    long long broken = source_broken_at(source), bytes = source_broken_bytes(source);
    if (!source_read_otherwise(source, err)) {
        return false;
    }
    if (string_equal(source_encoding(source), "UTF-8")) {
        text_printf(&load->report->notes,
                    "%s: it is UTF-8 but for %lld byte%s, the first at byte %lld, which "
                    "%s read as Windows-1252 [encoding-error].\n",
                    source_name(source), bytes, bytes == 1 ? "" : "s", broken,
                    bytes == 1 ? "was" : "were");
    } else {
        text_printf(
            &load->report->notes,
            "%s: it is not UTF-8 (byte %lld) and was read as %s [encoding-error].\n",
            source_name(source), broken, source_encoding(source));
    }
    /* Later files are matched with the first one's header. */
    size_t last = index == 0 ? load->plan.files.count - 1 : index;
    for (size_t i = index; i <= last; i++) {
        if (!plan_reopen_file(&load->plan, i, err)) {
            return false;
        }
    }
    return walk_file(load, index, &seeing, err);
}

static bool scan_file(struct load *load, size_t index, struct error *err)
{
    long long before = load->bytes_before;
    if (!walk_file(load, index, &seeing, err)) {
        return false;
    }
    struct source *source = plan_file(&load->plan, index)->source;
    if (source_broken_at(source) >= 0 && load->spec->format != IMPORT_JSON) {
        load->bytes_before = before;
        return read_otherwise(load, index, err);
    }
    load_note_encoding(load, source, source_beyond_ascii(source));
    return true;
}

bool load_scan(struct load *load, struct error *err)
{
    for (size_t i = 0; i < load->spec->files->count; i++) {
        const struct access_file *file = array_at(load->spec->files, i);
        load->progress.total += 2 * access_bytes(file);
    }
    plan_forget_rows(&load->plan);
    for (size_t i = 0; i < load->spec->files->count; i++) {
        if (!scan_file(load, i, err)) {
            return false;
        }
    }
    if (!plan_seal(&load->plan, err)) {
        return false;
    }
    plan_decide(&load->plan);
    return true;
}

/* ---- Second pass ---- */

static void bind_cell(struct load *load, int place, struct plan_column *column,
                      const struct reader_row *row, size_t index)
{
    const struct reader_cell *cell = &row->cells[index];
    const char *text = row->bytes + cell->offset;
    size_t length = cell->length;
    struct typing_value value;
    if (plan_value(column, text, cell, &value) != FIT_YES) {
        plan_note_misfit(column, row->line, text, cell->length);
    }
    switch (value.type) {
    case VALUE_NULL:
        column->nulls++;
        stats_null(column->stats);
        sqlite3_bind_null(load->insert, place);
        break;
    case VALUE_INTEGER:
        stats_integer(column->stats, value.integer);
        sqlite3_bind_int64(load->insert, place, value.integer);
        break;
    case VALUE_REAL:
        stats_real(column->stats, value.real);
        sqlite3_bind_double(load->insert, place, value.real);
        break;
    case VALUE_TEXT:
        text = typing_text(&value, text, &length);
        stats_text(column->stats, text, length);
        sqlite3_bind_text(load->insert, place, text, (int)length,
                          value.made_length > 0 ? SQLITE_TRANSIENT : SQLITE_STATIC);
        break;
    }
}

static bool store_row(struct load *load, size_t index, const struct reader_row *row,
                      struct error *err)
{
    const struct plan_file *file = plan_file(&load->plan, index);
    for (size_t i = 0; i < row->count; i++) {
        struct plan_column *column =
            file->map[i] >= 0 ? plan_column(&load->plan, (size_t)file->map[i]) : NULL;
        if (column != NULL && column->place >= 0) {
            bind_cell(load, column->place + 1, column, row, i);
        }
    }
    sqlite3_step(load->insert);
    if (sqlite3_reset(load->insert) != SQLITE_OK) {
        return store_failed(load->db, err);
    }
    load->report->stored++;
    load->report->read++;
    load->progress.rows = load->report->stored;
    return true;
}

static const struct walk storing = {store_row, load_reject, "importing", true};

/* Columns that a later file does not have are NULL in its rows. */
static void count_absent(struct load *load, const struct plan_file *file, long long rows)
{
    for (size_t i = 0; i < load->plan.columns.count; i++) {
        bool present = false;
        for (size_t j = 0; j < file->cells && !present; j++) {
            present = file->map[j] == (int)i;
        }
        struct plan_column *column = plan_column(&load->plan, i);
        if (column->place >= 0) {
            column->nulls += present ? 0 : rows;
            stats_nulls(column->stats, present ? 0 : rows);
        }
    }
}

static bool store_file(struct load *load, size_t index, struct error *err)
{
    const struct plan_file *file = plan_file(&load->plan, index);
    long long before = load->report->stored;
    sqlite3_clear_bindings(load->insert);
    if (!walk_file(load, index, &storing, err)) {
        return false;
    }
    count_absent(load, file, load->report->stored - before);
    return load_note_stored(load, file->source, err);
}

bool load_store(struct load *load, struct error *err)
{
    bool good = load_make_table(load, err) && load_prepare(load, err);
    for (size_t i = 0; good && i < load->plan.files.count; i++) {
        good = store_file(load, i, err);
    }
    load_finish(load);
    return good && key_make_index(load, err) && key_count(load, err);
}
