/* export/sqlite: a database with the table, and its provenance in mwb_provenance.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/export/types.h"
#include "engine/store.h"

#include <stdlib.h>

struct database {
    sqlite3 *db;
    sqlite3_stmt *insert;
};

/* The file has no reader yet: it needs no journal, and is synced before it is renamed. */
static const char pragmas[] = "PRAGMA journal_mode=OFF;PRAGMA synchronous=OFF;BEGIN";

static bool make_table(struct export_run *run, struct database *database,
                       struct error *err)
{
    char **types = export_types(run, err);
    if (types == NULL) {
        return false;
    }
    struct text sql = {0};
    char **names = export_unique_names(run, true);
    export_append_table(&sql, run, names, types);
    bool done = store_run(database->db, text_string(&sql), err);
    text_clear(&sql);
    text_append(&sql, "INSERT INTO ");
    store_quote_name(&sql, run->spec->table != NULL ? run->spec->table : "rows");
    text_append(&sql, " VALUES(?");
    for (size_t i = 1; i < run->columns; i++) {
        text_append(&sql, ",?");
    }
    text_append_char(&sql, ')');
    database->insert = done ? store_prepare(database->db, text_string(&sql), err) : NULL;
    text_release(&sql);
    export_names_release(names, run->columns);
    export_types_release(types, run->columns);
    return database->insert != NULL;
}

static bool begin(struct export_run *run, struct error *err)
{
    struct database *database = memory_new(sizeof *database);
    run->state = database;
    database->db = store_open(run->file, STORE_WRITE, err);
    return database->db != NULL && store_run(database->db, pragmas, err) &&
           make_table(run, database, err);
}

static void bind(sqlite3_stmt *stmt, int at, const struct result_cell *cell)
{
    switch (cell->type) {
    case RESULT_NULL:
        sqlite3_bind_null(stmt, at);
        break;
    case RESULT_INTEGER:
        sqlite3_bind_int64(stmt, at, strtoll(cell->bytes, NULL, 10));
        break;
    case RESULT_REAL:
        sqlite3_bind_double(stmt, at, cell->number);
        break;
    case RESULT_TEXT: /* copied: a long cell lies where the next one will */
        sqlite3_bind_text64(stmt, at, cell->bytes, cell->length, SQLITE_TRANSIENT,
                            SQLITE_UTF8);
        break;
    case RESULT_BLOB:
        sqlite3_bind_blob64(stmt, at, cell->bytes, cell->length, SQLITE_TRANSIENT);
        break;
    }
}

static bool write_row(struct export_run *run, const struct result_page *page,
                      long long row, struct error *err)
{
    struct database *database = run->state;
    for (size_t i = 0; i < run->columns; i++) {
        const struct result_cell *cell = export_cell(run, page, row, i, err);
        if (cell == NULL) {
            return false;
        }
        bind(database->insert, (int)i + 1, cell);
    }
    return store_execute(database->insert, err);
}

static bool write_facts(struct export_run *run, sqlite3 *db, struct error *err)
{
    struct array facts = export_facts(run);
    bool good = facts.count == 0 ||
                store_run(db, "CREATE TABLE mwb_provenance(name TEXT, value TEXT)", err);
    sqlite3_stmt *stmt =
        good && facts.count > 0
            ? store_prepare(db, "INSERT INTO mwb_provenance VALUES(?,?)", err)
            : NULL;
    good = good && (facts.count == 0 || stmt != NULL);
    for (size_t i = 0; good && i < facts.count; i++) {
        const struct provenance_fact *fact = array_at(&facts, i);
        store_bind(stmt, "ss", fact->name, fact->value);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    provenance_facts_release(&facts);
    return good;
}

static bool finish(struct export_run *run, struct error *err)
{
    struct database *database = run->state;
    store_finish(database->insert);
    database->insert = NULL;
    return write_facts(run, database->db, err) && store_run(database->db, "COMMIT", err);
}

static void end(struct export_run *run)
{
    struct database *database = run->state;
    if (database != NULL) {
        store_finish(database->insert);
        store_close(database->db);
    }
    free(database);
}

const struct export_writer export_sqlite = {begin, write_row, finish, end};
