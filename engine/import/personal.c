/* personal: a sample of the rows of each table, looked through for personal data.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "engine/import.h"
#include "engine/infotype.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { ROWS_MOST = 10000, CHECK_ROWS = 64 };

static const double seconds_most = 1.0;

struct look {
    sqlite3 *db;
    struct job_port *port;
    double end; /* on the clock of path_monotonic() */
    char *table;
    struct array columns; /* of struct look_column */
    struct array *found;
};

struct look_column {
    char *name;
    struct infotype_counts counts;
};

/* ---- Rows ---- */

/* Numbers may be those of cards, and of nothing else. */
static void count_value(struct look_column *column, sqlite3_stmt *row, int place)
{
    int type = sqlite3_column_type(row, place);
    if (type == SQLITE_TEXT || type == SQLITE_INTEGER) {
        const char *text = (const char *)sqlite3_column_text(row, place);
        infotype_count(&column->counts, text, (size_t)sqlite3_column_bytes(row, place));
    }
}

static bool look_on(const struct look *look, long long row, struct error *err)
{
    if (look->port != NULL && job_cancelled(look->port)) {
        return error_set(err, ERROR_CANCELLED, "looking for personal data was cancelled");
    }
    return row % CHECK_ROWS != 0 || path_monotonic() < look->end;
}

static bool see_rows(struct look *look, sqlite3_stmt *stmt, struct error *err)
{
    enum store_step step = store_step(stmt, err);
    for (; step == STORE_ROW; step = store_step(stmt, err)) {
        for (size_t i = 0; i < look->columns.count; i++) {
            count_value(array_at(&look->columns, i), stmt, (int)i);
        }
    }
    return step == STORE_DONE;
}

/* Statements "SELECT columns FROM table" and what comes behind it. */
static sqlite3_stmt *prepare(const struct look *look, const char *behind,
                             struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT ");
    for (size_t i = 0; i < look->columns.count; i++) {
        const struct look_column *column = array_at(&look->columns, i);
        text_append(&sql, i > 0 ? ", " : "");
        store_quote_name(&sql, column->name);
    }
    text_append(&sql, " FROM main.");
    store_quote_name(&sql, look->table);
    text_append(&sql, behind);
    sqlite3_stmt *stmt = store_prepare(look->db, text_string(&sql), err);
    text_release(&sql);
    return stmt;
}

/* Rowids in such an order that those seen when time is over are spread over all: steps of
 * a prime number, round and round. */
static bool see_spread(struct look *look, long long least, long long most,
                       struct error *err)
{
    enum { STRIDE = 7919 };
    sqlite3_stmt *stmt = prepare(look, " WHERE _rowid_ = ?1", err);
    bool good = stmt != NULL;
    double gap = ((double)most - (double)least + 1) / ROWS_MOST;
    for (long long i = 0, at = 0; good && i < ROWS_MOST && look_on(look, i, err); i++) {
        store_bind(stmt, "l", least + (long long)((double)at * gap));
        good = see_rows(look, stmt, err);
        sqlite3_reset(stmt);
        at = (at + STRIDE) % ROWS_MOST;
    }
    store_finish(stmt);
    return good;
}

/* All rows, or the first of a table that has no rowids. */
static bool see_first(struct look *look, struct error *err)
{
    sqlite3_stmt *stmt = prepare(look, " LIMIT 10000", err);
    bool good = stmt != NULL && see_rows(look, stmt, err);
    store_finish(stmt);
    return good;
}

static bool see_table(struct look *look, struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "SELECT min(_rowid_), max(_rowid_) FROM main.");
    store_quote_name(&sql, look->table);
    sqlite3_stmt *stmt = store_prepare(look->db, text_string(&sql), NULL);
    bool has_rowids = stmt != NULL && store_step(stmt, NULL) == STORE_ROW;
    long long least = has_rowids ? sqlite3_column_int64(stmt, 0) : 0;
    long long most = has_rowids ? sqlite3_column_int64(stmt, 1) : 0;
    store_finish(stmt);
    text_release(&sql);
    bool few = (double)most - (double)least < ROWS_MOST;
    return few ? see_first(look, err) : see_spread(look, least, most, err);
}

/* ---- Columns and tables ---- */

static bool list_columns(struct look *look, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(look->db,
                                       "SELECT name FROM mwb_column WHERE table_name = "
                                       "?1 AND coalesce(stored, '') <> 'REAL' ORDER BY "
                                       "position",
                                       err);
    if (stmt == NULL) {
        return false;
    }
    store_bind(stmt, "s", look->table);
    enum store_step step;
    while ((step = store_step(stmt, err)) == STORE_ROW) {
        struct look_column *column = array_push(&look->columns);
        column->name = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    return step == STORE_DONE;
}

static void judge_columns(struct look *look)
{
    for (size_t i = 0; i < look->columns.count; i++) {
        const struct look_column *column = array_at(&look->columns, i);
        for (int kind = 0; kind < INFOTYPES; kind++) {
            long long matched =
                infotype_matched(&column->counts, (enum infotype_kind)kind);
            if (matched > 0) {
                struct import_personal *personal = array_push(look->found);
                personal->table = string_copy(look->table);
                personal->column = string_copy(column->name);
                personal->infotype = infotype_name((enum infotype_kind)kind);
                personal->seen = column->counts.seen;
                personal->matched = matched;
            }
        }
    }
}

static bool look_through(struct look *look, struct error *err)
{
    look->columns = (struct array)ARRAY_OF(struct look_column);
    bool good = list_columns(look, err);
    if (good && look->columns.count > 0) {
        good = see_table(look, err);
        judge_columns(look);
    }
    for (size_t i = 0; i < look->columns.count; i++) {
        free(((struct look_column *)array_at(&look->columns, i))->name);
    }
    array_release(&look->columns);
    return good && !(look->port != NULL && job_cancelled(look->port));
}

static bool look_through_all(struct look *look, struct error *err)
{
    struct array tables = ARRAY_OF(char *);
    static const char list[] = "SELECT name FROM mwb_table ORDER BY name";
    if (store_number(look->db, 0,
                     "SELECT count(*) FROM sqlite_schema WHERE name = 'mwb_table'",
                     "") == 0) {
        return true; /* of files that are no tables */
    }
    sqlite3_stmt *stmt = store_prepare(look->db, list, err);
    bool good = stmt != NULL;
    while (good && store_step(stmt, err) == STORE_ROW) {
        *(char **)array_push(&tables) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    for (size_t i = 0; i < tables.count; i++) {
        look->table = *(char **)array_at(&tables, i);
        look->end = path_monotonic() + seconds_most / (double)tables.count;
        good = good && look_through(look, err);
        free(look->table);
    }
    array_release(&tables);
    return good;
}

/* ---- What is left of it ---- */

static bool write_found(sqlite3 *db, const struct array *found, struct error *err)
{
    static const char schema[] =
        "PRAGMA journal_mode = MEMORY; BEGIN; DROP TABLE IF EXISTS mwb_infotype;"
        "CREATE TABLE mwb_infotype(table_name TEXT, column_name TEXT, infotype TEXT, "
        "seen INTEGER, matched INTEGER)";
    bool good = store_run(db, schema, err);
    sqlite3_stmt *stmt =
        good ? store_prepare(db, "INSERT INTO mwb_infotype VALUES (?, ?, ?, ?, ?)", err)
             : NULL;
    good = stmt != NULL;
    for (size_t i = 0; good && i < found->count; i++) {
        const struct import_personal *personal = array_at(found, i);
        store_bind(stmt, "sssll", personal->table, personal->column, personal->infotype,
                   personal->seen, personal->matched);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good && store_run(db, "COMMIT", err);
}

bool import_find_personal(const char *database, struct array *found,
                          struct job_port *port, struct error *err)
{
    *found = (struct array)ARRAY_OF(struct import_personal);
    struct look look = {.port = port, .found = found};
    look.db = store_open(database, STORE_WRITE, err);
    bool good = look.db != NULL && look_through_all(&look, err) &&
                write_found(look.db, found, err);
    store_close(look.db);
    return good || error_prefix(err, "could not look for personal data: ");
}

bool import_keep_personal(const char *database, const struct array *found,
                          struct error *err)
{
    sqlite3 *db = store_open(database, STORE_WRITE, err);
    bool good = db != NULL && write_found(db, found, err);
    store_close(db);
    return good || error_prefix(err, "could not keep what is personal: ");
}

void import_personal_release(struct array *found)
{
    for (size_t i = 0; i < found->count; i++) {
        struct import_personal *personal = array_at(found, i);
        free(personal->table);
        free(personal->column);
    }
    array_release(found);
}

void import_note_personal(const struct import_personal *personal, struct text *notes)
{
    char seen[32], matched[32];
    const char *plural = personal->infotype;
    for (int kind = 0; kind < INFOTYPES; kind++) {
        if (string_equal(infotype_name((enum infotype_kind)kind), personal->infotype)) {
            plural = infotype_plural((enum infotype_kind)kind);
        }
    }
    double share = 100.0 * (double)personal->matched / (double)personal->seen;
    text_printf(notes,
                "%s.%s: %s of %s values looked at (%.*f %%) are %s "
                "[personal-data].\n",
                personal->table, personal->column,
                string_of_count(personal->matched, matched, sizeof matched),
                string_of_count(personal->seen, seen, sizeof seen), share < 1 ? 2 : 0,
                share, plural);
}
