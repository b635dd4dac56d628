/* ledger/open: the file, its tables, and files of other formats.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { PATIENCE = 10000 }; /* milliseconds that a writer waits for others */

char *ledger_path(struct error *err)
{
    return path_of_place(PLACE_DATA, "ledger.db", err);
}

static bool refuse_newer(const char *path, long long format, struct error *err)
{
    return error_set(
        err, ERROR_FAILED,
        "the log of fetches %s has the format %lld of a newer version of the "
        "program, this one knows %d: use the newer one, or move the file "
        "away to begin another",
        path, format, LEDGER_FORMAT);
}

static bool run_upgrades(sqlite3 *db, const char *path, struct error *err)
{
    /* Somebody else may have done it while this process waited for its turn. */
    long long format = store_number(db, 0, "PRAGMA user_version", "");
    bool good = format <= LEDGER_FORMAT || refuse_newer(path, format, err);
    for (long long i = format; good && i < LEDGER_FORMAT; i++) {
        good = store_run(db, ledger_upgrade(i), err);
    }
    char *note = string_printf("PRAGMA user_version=%d", LEDGER_FORMAT);
    good = good && store_run(db, note, err);
    free(note);
    return good;
}

static bool bring_up_to_date(sqlite3 *db, const char *path, struct error *err)
{
    long long format = store_number(db, -1, "PRAGMA user_version", "");
    if (format == LEDGER_FORMAT) {
        return true;
    }
    if (format > LEDGER_FORMAT) {
        return refuse_newer(path, format, err);
    }
    bool done = store_run(db, "BEGIN IMMEDIATE", err) && run_upgrades(db, path, err) &&
                store_run(db, "COMMIT", err);
    if (!done) {
        store_run(db, "ROLLBACK", NULL);
    }
    return done;
}

static sqlite3 *open_at(const char *path, struct error *err)
{
    enum { ATTEMPTS = 5 }; /* opening looks into the file, and waits two seconds for it */
    char *folder = path_folder(path);
    sqlite3 *db = NULL;
    bool has_place = path_make_folders(folder, err);
    for (int i = 0; has_place && db == NULL && i < ATTEMPTS; i++) {
        struct error failure = {0};
        db = store_open(path, STORE_CREATE, &failure);
        if (db == NULL && i == ATTEMPTS - 1) {
            error_set(err, failure.kind, "%s", failure.message);
        }
    }
    if (db != NULL) {
        sqlite3_busy_timeout(db, PATIENCE);
        chmod(path, 0600); /* however it came there */
        if (!bring_up_to_date(db, path, err)) {
            store_close(db);
            db = NULL;
        }
    }
    free(folder);
    return db;
}

sqlite3 *ledger_open(struct error *err)
{
    char *path = ledger_path(err);
    sqlite3 *db = path != NULL ? open_at(path, err) : NULL;
    free(path);
    return db;
}

char *ledger_ready(struct error *err)
{
    sqlite3 *db = ledger_open(err);
    bool settled = db != NULL && ledger_fold(db, err);
    store_close(db);
    return settled ? ledger_path(err) : NULL;
}

/* What a killed process left half done only somebody who may write can take back. */
static sqlite3 *open_whole(const char *path, struct error *err)
{
    sqlite3 *db = store_open(path, STORE_READ, NULL);
    if (db != NULL && store_number(db, -1, "PRAGMA user_version", "") < 0) {
        store_close(db);
        db = NULL;
    }
    return db != NULL ? db : ledger_open(err);
}

sqlite3 *ledger_open_read(struct error *err)
{
    char *path = ledger_path(err);
    sqlite3 *db = NULL;
    if (path != NULL && path_exists(path)) {
        db = open_whole(path, err);
        long long format =
            db != NULL ? store_number(db, 0, "PRAGMA user_version", "") : 0;
        if (format > LEDGER_FORMAT) {
            refuse_newer(path, format, err);
        }
        if (db != NULL && format != LEDGER_FORMAT) {
            store_close(db);
            db = NULL;
        }
    }
    free(path);
    return db;
}
