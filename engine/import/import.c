/* import: one table from its files, with the facts about it beside it in the database.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import.h"

#include <stdlib.h>
#include <string.h>

#include "engine/access.h"
#include "engine/cache.h"
#include "engine/import/decode.h"
#include "engine/import/direct.h"
#include "engine/import/facts.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

static const char *const storage_names[] = {"TEXT", "INTEGER", "REAL", "MIXED"};

static void report_column(const struct plan_column *column, struct import_report *report)
{
    struct import_column_report *row = array_push(&report->columns);
    row->name = string_copy(column->name);
    row->original = string_copy(column->original);
    row->declared = column->declared != NULL ? string_copy(column->declared->type) : NULL;
    row->stored = string_copy(storage_names[column->storage]);
    row->nulls = column->nulls;
    row->misfits = column->misfits;
    row->examples =
        column->examples.length > 0 ? string_copy(text_string(&column->examples)) : NULL;
}

static bool is_rowid(const char *name)
{
    return string_equal_fold(name, "rowid");
}

static void note_columns(struct load *load)
{
    struct text *notes = &load->report->notes;
    for (size_t i = 0; i < plan_shown_count(&load->plan); i++) {
        const struct plan_column *column = plan_shown(&load->plan, i);
        report_column(column, load->report);
        if (column->misfits > 0 && column->rule.kind != MASK_NONE) {
            text_printf(notes,
                        "%s.%s: %lld cell%s no %s and masked all the same "
                        "[type-error].\n",
                        load->spec->table, column->name, column->misfits,
                        column->misfits == 1 ? " is" : "s are", column->declared->type);
        } else if (column->misfits > 0) {
            text_printf(notes,
                        "%s.%s: %lld cell%s no %s and kept as written (%s) "
                        "[type-error].\n",
                        load->spec->table, column->name, column->misfits,
                        column->misfits == 1 ? " is" : "s are",
                        column->declared != NULL ? column->declared->type
                                                 : "number that SQLite can hold",
                        column->masked ? "not shown: the column is classified"
                                       : text_string(&column->examples));
        }
    }
    facts_note_rejects(load);
    facts_note_blank_rows(load);
}

static bool write_columns(struct load *load, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        load->db, "INSERT INTO mwb_column VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < load->report->columns.count; i++) {
        const struct import_column_report *row = array_at(&load->report->columns, i);
        store_bind(stmt, "sisssslls", load->spec->table, (int)i + 1, row->name,
                   row->original, row->declared, row->stored, row->nulls, row->misfits,
                   row->examples);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

static bool write_facts(struct load *load, struct error *err)
{
    struct text source = {0};
    bool contiguous = true;
    for (size_t i = 0; i < load->plan.files.count; i++) {
        text_printf(&source, "%s%s", i > 0 ? "\n" : "",
                    source_name(plan_file(&load->plan, i)->source));
    }
    for (size_t i = 0; i < plan_shown_count(&load->plan); i++) {
        contiguous = contiguous && !is_rowid(plan_shown(&load->plan, i)->name);
    }
    sqlite3_stmt *stmt =
        store_prepare(load->db, "INSERT INTO mwb_table VALUES (?, ?, ?, ?, ?, ?)", err);
    bool good = stmt != NULL;
    if (good) {
        /* The number of threads is not for the file: it is the same with any. */
        char *way =
            load->report->way == IMPORT_DIRECT
                ? string_copy("direct")
                : string_printf("reference: %s", text_string(&load->report->way_why));
        store_bind(stmt, "slliss", load->spec->table, load->report->stored,
                   load->report->rejected, contiguous ? 1 : 0, text_string(&source), way);
        good = store_execute(stmt, err);
        free(way);
    }
    store_finish(stmt);
    text_release(&source);
    return good && write_columns(load, err) && facts_write_statistics(load, err);
}

static bool check_table(struct load *load, struct error *err)
{
    const char *table = load->spec->table;
    if (load->spec->files == NULL || load->spec->files->count == 0) {
        return error_set(err, ERROR_FAILED, "could not import %s: it has no files",
                         table);
    }
    if (sqlite3_strnicmp(table, "sqlite_", 7) == 0 ||
        sqlite3_strnicmp(table, "mwb_", 4) == 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not import a table named %s: names that begin with sqlite_ or "
            "mwb_ are kept for the database itself",
            table);
    }
    if (store_number(load->db, 0,
                     "SELECT count(*) FROM sqlite_schema WHERE lower(name) = "
                     "lower(?)",
                     "s", table) > 0) {
        return error_set(
            err, ERROR_FAILED,
            "could not import: the database already has a table %s; choose another "
            "name",
            table);
    }
    return true;
}

/* The database with the tables that describe it. */
static bool begin_database(struct load *load, struct error *err)
{
    return load_open(load, err) && store_run(load->db, cache_version_schema(), err) &&
           check_table(load, err);
}

static bool open_files(struct load *load, struct error *err)
{
    for (size_t i = 0; i < load->spec->files->count; i++) {
        if (!plan_open_file(&load->plan, i, err)) {
            return false;
        }
    }
    plan_choose_columns(&load->plan);
    plan_note_names(&load->plan);
    return true;
}

/* Rows into the table, one way or the other. */
static bool store_rows(struct load *load, struct error *err)
{
    struct import_report *report = load->report;
    enum direct_outcome outcome = DIRECT_DECLINED;
    if (load->spec->way == IMPORT_REFERENCE) {
        text_append(&report->way_why, "as asked for");
    } else {
        outcome = direct_store(load, err);
    }
    report->way = outcome == DIRECT_DECLINED ? IMPORT_REFERENCE : IMPORT_DIRECT;
    if (outcome != DIRECT_DECLINED) {
        return outcome == DIRECT_DONE && store_run(load->db, "BEGIN IMMEDIATE", err);
    }
    if (load->spec->way == IMPORT_DIRECT) {
        return error_set(err, ERROR_FAILED, "could not import %s directly: %s",
                         load->spec->table, text_string(&report->way_why));
    }
    return store_run(load->db, "BEGIN IMMEDIATE", err) && load_scan(load, err) &&
           load_store(load, err);
}

static bool import_run(struct load *load, struct error *err)
{
    bool good =
        begin_database(load, err) && open_files(load, err) && store_rows(load, err);
    if (good) {
        note_columns(load);
        good = write_facts(load, err);
    }
    for (size_t i = 0; i < load->plan.files.count; i++) {
        const struct access_file *file = array_at(load->spec->files, i);
        load->report->bytes += access_bytes(file);
    }
    return good && store_run(load->db, "COMMIT", err);
}

bool import_table(const char *path, const struct import_spec *spec, struct job_port *port,
                  struct import_report *report, struct error *err)
{
    double start = path_monotonic();
    memset(report, 0, sizeof *report);
    report->columns = (struct array)ARRAY_OF(struct import_column_report);
    struct load load = {.spec = spec, .path = path, .port = port, .report = report};
    plan_init(&load.plan, spec, report);
    load.spec = load.plan.spec;
    char *folder = path_folder(path);
    load.plan.feed = (struct feed_spec){.spool_folder = folder, .port = port};
    bool good = import_run(&load, err);
    if (!good && port != NULL && job_cancelled(port)) {
        error_set(err, ERROR_CANCELLED, "the import of %s was cancelled", spec->table);
    }
    decode_mend_text(&report->notes); /* names may have been seen before the encoding */
    decode_mend_text(&report->sniffed);
    plan_release(&load.plan);
    free(folder);
    free(load.key_distinct);
    load_close(&load);
    report->seconds = path_monotonic() - start;
    return good;
}

void import_report_release(struct import_report *report)
{
    for (size_t i = 0; i < report->columns.count; i++) {
        struct import_column_report *row = array_at(&report->columns, i);
        free(row->name);
        free(row->original);
        free(row->declared);
        free(row->stored);
        free(row->examples);
    }
    array_release(&report->columns);
    text_release(&report->notes);
    text_release(&report->way_why);
    text_release(&report->sniffed);
    memset(report, 0, sizeof *report);
}
