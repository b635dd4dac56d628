/* ledger/fetch: rows are added, and read again newest first.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "engine/path.h"
#include "engine/secret.h"
#include "engine/store.h"
#include "engine/text.h"

/* ---- Adding ---- */

static void bind_instant(sqlite3_stmt *stmt, int position, long long seconds)
{
    char instant[32];
    path_write_instant(seconds, instant);
    if (seconds > 0 && instant[0] != '\0') {
        sqlite3_bind_text(stmt, position, instant, -1, SQLITE_TRANSIENT);
    } else {
        sqlite3_bind_null(stmt, position);
    }
}

/* What people and sources wrote may hold a password. */
void ledger_bind_redacted(sqlite3_stmt *stmt, int position, const char *text)
{
    char *redacted = text != NULL ? secret_redact(text) : NULL;
    size_t length = redacted != NULL ? strlen(redacted) : 0;
    if (length > 0 && redacted[length - 1] == '\n') {
        redacted[length - 1] = '\0';
    }
    sqlite3_bind_text(stmt, position, redacted, -1, SQLITE_TRANSIENT);
    free(redacted);
}

static void bind_number(sqlite3_stmt *stmt, int position, long long number)
{
    if (number > 0) {
        sqlite3_bind_int64(stmt, position, number);
    } else {
        sqlite3_bind_null(stmt, position);
    }
}

static bool add_row(sqlite3_stmt *stmt, const struct ledger_fetch *fetch,
                    struct error *err)
{
    bind_instant(stmt, 1, path_now());
    const char *const texts[] = {fetch->mesh, fetch->product, fetch->role};
    for (int i = 0; i < 3; i++) {
        sqlite3_bind_text(stmt, 2 + i, texts[i], -1, SQLITE_STATIC);
    }
    ledger_bind_redacted(stmt, 5, fetch->location);
    sqlite3_bind_text(stmt, 6, fetch->outcome, -1, SQLITE_STATIC);
    sqlite3_bind_text(stmt, 7, fetch->version, -1, SQLITE_STATIC);
    bind_number(stmt, 8, fetch->bytes);
    bind_number(stmt, 9, fetch->rows);
    sqlite3_bind_double(stmt, 10,
                        (double)(long long)(fetch->seconds * 1000 + 0.5) / 1000);
    bind_instant(stmt, 11, fetch->source_changed);
    ledger_bind_redacted(stmt, 12, fetch->sentence);
    return store_execute(stmt, err);
}

static bool add_rows(sqlite3 *db, const struct ledger_fetch *fetches, size_t count,
                     struct error *err)
{
    sqlite3_stmt *stmt =
        store_prepare(db,
                      "INSERT INTO fetch(at,mesh,product,role,location,outcome,version,"
                      "bytes,rows,seconds,source_changed,sentence) "
                      "VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12)",
                      err);
    bool good = stmt != NULL && store_run(db, "BEGIN IMMEDIATE", err);
    bool began = good;
    for (size_t i = 0; good && i < count; i++) {
        good = add_row(stmt, &fetches[i], err);
    }
    store_finish(stmt);
    good = good && store_run(db, "COMMIT", err);
    if (began && !good) {
        store_run(db, "ROLLBACK", NULL);
    }
    return good;
}

static bool add_many(const struct ledger_fetch *fetches, size_t count, struct error *err)
{
    if (count == 0) {
        return true;
    }
    sqlite3 *db = ledger_open(err);
    bool added = db != NULL && add_rows(db, fetches, count, err);
    store_close(db);
    return added || error_prefix(err, "could not write the log of fetches: ");
}

bool ledger_add_fetch(const struct ledger_fetch *fetch, struct error *err)
{
    return add_many(fetch, 1, err);
}

bool ledger_add_fetches(const struct array *fetches, struct error *err)
{
    return add_many(fetches->items, fetches->count, err);
}

/* ---- Reading ---- */

static const char *text_or_null(sqlite3_stmt *stmt, int column)
{
    return (const char *)sqlite3_column_text(stmt, column);
}

static void take_row(sqlite3_stmt *stmt, const char *mesh, struct ledger_row *row)
{
    long long changed;
    *row = (struct ledger_row){.at = text_or_null(stmt, 0),
                               .source_changed = text_or_null(stmt, 9)};
    row->fetch = (struct ledger_fetch){.mesh = mesh,
                                       .product = text_or_null(stmt, 1),
                                       .role = text_or_null(stmt, 2),
                                       .location = text_or_null(stmt, 3),
                                       .outcome = text_or_null(stmt, 4),
                                       .version = text_or_null(stmt, 5),
                                       .bytes = sqlite3_column_int64(stmt, 6),
                                       .rows = sqlite3_column_int64(stmt, 7),
                                       .seconds = sqlite3_column_double(stmt, 8),
                                       .sentence = text_or_null(stmt, 10)};
    if (row->source_changed != NULL && path_read_instant(row->source_changed, &changed)) {
        row->fetch.source_changed = changed;
    }
}

#define ROWS_OF                                                                          \
    "SELECT at,product,role,location,outcome,version,bytes,rows,seconds,source_changed," \
    "sentence FROM fetch WHERE mesh=?1"
#define NARROWED                                                                         \
    " AND (?3=0 OR outcome='failed') AND (?4 IS NULL OR at>=?4) ORDER BY id DESC LIMIT " \
    "?5"

bool ledger_fetches(const struct ledger_question *question,
                    bool (*row)(void *owner, const struct ledger_row *row), void *owner,
                    struct error *err)
{
    struct error failure = {0};
    sqlite3 *db = ledger_open_read(&failure);
    const char *sql = question->product != NULL ? ROWS_OF " AND product=?2" NARROWED
                                                : ROWS_OF " AND ?2 IS NULL" NARROWED;
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, sql, &failure) : NULL;
    enum store_step step = STORE_ROW;
    if (stmt != NULL) {
        store_bind(stmt, "ssisl", question->mesh, question->product,
                   question->only_failed ? 1 : 0, question->since,
                   question->limit > 0 ? question->limit : LLONG_MAX);
    }
    while (stmt != NULL && step == STORE_ROW) {
        struct ledger_row one;
        step = store_step(stmt, &failure);
        if (step == STORE_ROW) {
            take_row(stmt, question->mesh, &one);
            step = row(owner, &one) ? STORE_ROW : STORE_DONE;
        }
    }
    store_finish(stmt);
    store_close(db);
    return failure.kind == ERROR_NONE ||
           error_set(err, failure.kind, "could not read the log of fetches: %s",
                     failure.message);
}
