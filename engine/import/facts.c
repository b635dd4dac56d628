/* facts: statistics of columns and sizes of tables, for people and for the planner.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import/facts.h"

#include "engine/import/key.h"
#include <stdlib.h>

#include "engine/store.h"
#include "engine/text.h"

static void bind_count(sqlite3_stmt *stmt, int place, long long count)
{
    if (count >= 0) {
        sqlite3_bind_int64(stmt, place, count);
    } else {
        sqlite3_bind_null(stmt, place);
    }
}

enum { LEAST = 11, MOST, SHORTEST, LONGEST };

static bool write_statistic(const struct load *load, size_t index, sqlite3_stmt *stmt,
                            struct error *err)
{
    const struct plan_column *column = plan_shown(&load->plan, index);
    struct stats_summary summary;
    stats_summary(column->stats, &summary);
    store_bind(stmt, "sisllllllinn", load->spec->table, (int)index + 1, column->name,
               summary.nulls + summary.numbers + summary.texts, summary.nulls,
               summary.integers, summary.reals, summary.texts, summary.distinct,
               summary.distinct_exact ? 1 : 0);
    if (!column->masked) {
        stats_bind_least(column->stats, stmt, LEAST);
        stats_bind_most(column->stats, stmt, MOST);
    }
    bind_count(stmt, SHORTEST, summary.shortest);
    bind_count(stmt, LONGEST, summary.longest);
    return store_execute(stmt, err);
}

static bool write_columns(const struct load *load, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        load->db,
        "INSERT INTO mwb_statistic VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        err);
    bool good = stmt != NULL;
    for (size_t i = 0; good && i < plan_shown_count(&load->plan); i++) {
        good = write_statistic(load, i, stmt, err);
    }
    store_finish(stmt);
    return good;
}

/* Nobody but ANALYZE may make sqlite_stat1; looking at the schema it makes it and
 * measures nothing. Writing to it is allowed to all. */
static bool write_size(const struct load *load, struct error *err)
{
    if (!store_run(load->db, "ANALYZE sqlite_schema", err)) {
        return false;
    }
    sqlite3_stmt *stmt = store_prepare(
        load->db, "INSERT INTO sqlite_stat1 VALUES (?1, NULL, ?2 || '')", err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "sl", load->spec->table, load->report->stored);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

bool facts_write_statistics(struct load *load, struct error *err)
{
    return write_columns(load, err) && write_size(load, err) && key_tell(load, err);
}

/* ---- Notes ---- */

void facts_note_rejects(struct load *load)
{
    const struct import_report *report = load->report;
    if (report->rejected == 0) {
        return;
    }
    char *defects = store_string(load->db,
                                 "SELECT group_concat(' [' || defect || ']', '') FROM "
                                 "(SELECT DISTINCT defect FROM "
                                 "mwb_reject WHERE table_name = ? ORDER BY defect)",
                                 "s", load->spec->table);
    text_printf(&load->report->notes,
                "%s: %lld of %lld rows were rejected; they stand in mwb_reject%s.\n",
                load->spec->table, report->rejected, report->read,
                defects != NULL ? defects : "");
    free(defects);
}

/* Can a row be blank at all? It cannot where a column has no NULL and no empty text. */
static bool may_be_blank(const struct plan *plan)
{
    for (size_t i = 0; i < plan_shown_count(plan); i++) {
        struct stats_summary summary;
        stats_summary(plan_shown(plan, i)->stats, &summary);
        if (summary.nulls == 0 && summary.shortest != 0) {
            return false;
        }
    }
    return plan_shown_count(plan) > 1;
}

/* Rows like ",,": they are stored, for they are rows, and told of. */
void facts_note_blank_rows(struct load *load)
{
    if (load->report->stored == 0 || !may_be_blank(&load->plan)) {
        return;
    }
    struct text sql = {0};
    text_append(&sql, "FROM ");
    store_quote_name(&sql, load->spec->table);
    for (size_t i = 0; i < plan_shown_count(&load->plan); i++) {
        text_append(&sql, i == 0 ? " WHERE coalesce(" : " AND coalesce(");
        store_quote_name(&sql, plan_shown(&load->plan, i)->name);
        text_append(&sql, ", '') = ''");
    }
    char *count = string_printf("SELECT count(*) %s", text_string(&sql));
    char *first = string_printf("SELECT min(_rowid_) %s", text_string(&sql));
    long long blank = store_number(load->db, 0, count, "");
    if (blank > 0) {
        text_printf(&load->report->notes,
                    "%s: %lld row%s empty cells only, %srow %lld [blank-row].\n",
                    load->spec->table, blank, blank == 1 ? " has" : "s have",
                    blank == 1 ? "" : "the first is ",
                    store_number(load->db, 0, first, ""));
    }
    free(count);
    free(first);
    text_release(&sql);
}
