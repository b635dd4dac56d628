/* session/spool: write rows, commit often, tell the parent how many can be read.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/session/spool.h"
#include "engine/path.h"
#include "engine/session/message.h"
#include "engine/store.h"

#include <stdlib.h>

enum { FIRST_ROWS = 100 };
static const double seconds_between_commits = 0.1;

struct spool {
    char *file;
    sqlite3 *db;
    sqlite3_stmt *insert;
    struct job_port *port;
    int columns;
    long long added, committed;
    double last_commit;
};

static bool spool_failed(struct spool *spool, struct error *err)
{
    int code = sqlite3_errcode(spool->db) & 0xFF;
    if (code == SQLITE_FULL || code == SQLITE_IOERR) {
        return error_set(
            err, ERROR_FAILED,
            "could not write the rows of the result to %s: the disk is full or may not "
            "be "
            "written (%s); make room there or ask for fewer rows, for example with LIMIT",
            spool->file, sqlite3_errmsg(spool->db));
    }
    store_failed(spool->db, err);
    return error_prefix(err,
                        "could not write the rows of the result to %s: ", spool->file);
}

static bool prepare_table(struct spool *spool, struct error *err)
{
    struct text create = {0};
    struct text insert = {0};
    text_append(&create, "PRAGMA synchronous=OFF; PRAGMA journal_mode=WAL; "
                         "PRAGMA wal_autocheckpoint=4000; CREATE TABLE rows(");
    text_append(&insert, "INSERT INTO rows VALUES(");
    for (int i = 0; i < spool->columns; i++) {
        text_printf(&create, "%sc%d", i > 0 ? "," : "", i);
        text_append(&insert, i > 0 ? ",?" : "?");
    }
    text_append(&create, "); BEGIN");
    text_append(&insert, ")");
    bool done =
        sqlite3_exec(spool->db, create.data, NULL, NULL, NULL) == SQLITE_OK &&
        sqlite3_prepare_v2(spool->db, insert.data, -1, &spool->insert, NULL) == SQLITE_OK;
    text_release(&create);
    text_release(&insert);
    return done || spool_failed(spool, err);
}

struct spool *spool_new(const char *file, int columns, struct job_port *port,
                        struct error *err)
{
    struct spool *spool = memory_new(sizeof *spool);
    spool->file = string_copy(file);
    spool->columns = columns;
    spool->port = port;
    spool->last_commit = path_monotonic();
    spool->db = store_open(file, STORE_CREATE, err);
    if (spool->db == NULL || !prepare_table(spool, err)) {
        spool_free(spool);
        return NULL;
    }
    return spool;
}

bool spool_add(struct spool *spool, sqlite3_stmt *row, struct error *err)
{
    for (int i = 0; i < spool->columns; i++) {
        sqlite3_bind_value(spool->insert, i + 1, sqlite3_column_value(row, i));
    }
    int status = sqlite3_step(spool->insert);
    if (status != SQLITE_DONE || sqlite3_reset(spool->insert) != SQLITE_OK) {
        return spool_failed(spool, err);
    }
    spool->added++;
    return spool_flush(spool, spool->added == FIRST_ROWS, err);
}

bool spool_flush(struct spool *spool, bool at_once, struct error *err)
{
    if (spool->added == spool->committed) {
        return true;
    }
    double now = path_monotonic();
    if (!at_once && now - spool->last_commit < seconds_between_commits) {
        return true;
    }
    if (sqlite3_exec(spool->db, "COMMIT; BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        return spool_failed(spool, err);
    }
    spool->committed = spool->added;
    spool->last_commit = now;
    struct text message = {0};
    message_put_number(&message, spool->committed);
    job_tell(spool->port, MESSAGE_ROWS, message.data, message.length);
    text_release(&message);
    return true;
}

bool spool_finish(struct spool *spool, struct error *err)
{
    if (!spool_flush(spool, true, err)) {
        return false;
    }
    if (sqlite3_exec(spool->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_wal_checkpoint_v2(spool->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
                                  NULL) != SQLITE_OK) {
        return spool_failed(spool, err);
    }
    return true;
}

void spool_recover(const char *file)
{
    sqlite3 *db = store_open(file, STORE_WRITE, NULL);
    if (db != NULL) {
        sqlite3_wal_checkpoint_v2(db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    store_close(db);
}

long long spool_rows(const struct spool *spool)
{
    return spool->committed;
}

const char *spool_file(const struct spool *spool)
{
    return spool->file;
}

void spool_free(struct spool *spool)
{
    if (spool == NULL) {
        return;
    }
    store_finish(spool->insert);
    if (spool->db != NULL && sqlite3_get_autocommit(spool->db) == 0) {
        sqlite3_exec(spool->db, "COMMIT", NULL, NULL, NULL);
    }
    store_close(spool->db);
    free(spool->file);
    free(spool);
}
