/* ledger/fold: what was told (tell.c) becomes rows, each exactly once.
 *
 * The log gets another name while nobody writes to it; then there is all the time in the
 * world. A file goes when its rows are safe; who is killed before that leaves it to the
 * next one, and its rows are known by their marks.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { MOST_LOG = 1 << 30, CRC_DIGITS = 8, ATTEMPTS = 100, MILLISECOND = 1000000 };

struct folding {
    sqlite3_stmt *statement, *reading;
    const char *log; /* bytes of it */
    size_t length;
};

/* ---- Records ---- */

static bool is_whole(const char *line, size_t length)
{
    char *end = NULL;
    if (length < CRC_DIGITS + 2 || line[CRC_DIGITS] != ' ') {
        return false;
    }
    char digits[CRC_DIGITS + 1] = {0};
    memcpy(digits, line, CRC_DIGITS);
    unsigned long sum = strtoul(digits, &end, 16);
    return end == digits + CRC_DIGITS &&
           sum == crc32_z(0, (const unsigned char *)line + CRC_DIGITS + 1,
                          length - CRC_DIGITS - 1);
}

static bool add_record(sqlite3 *db, const struct folding *folding, const char *json,
                       size_t length, struct error *err)
{
    sqlite3_bind_text64(folding->statement, 1, json, length, SQLITE_STATIC, SQLITE_UTF8);
    if (!store_execute(folding->statement, err)) {
        return false;
    }
    if (sqlite3_changes(db) == 0) {
        return true; /* it was folded by who was killed before the file went */
    }
    sqlite3_bind_int64(folding->reading, 1, sqlite3_last_insert_rowid(db));
    sqlite3_bind_text64(folding->reading, 2, json, length, SQLITE_STATIC, SQLITE_UTF8);
    return store_execute(folding->reading, err);
}

static bool add_records(sqlite3 *db, void *owner, struct error *err)
{
    const struct folding *folding = owner;
    const char *end = folding->log + folding->length;
    bool good = true;
    for (const char *at = folding->log; good && at < end;) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((stop != NULL ? stop : end) - at);
        if (is_whole(at, length)) {
            good = add_record(db, folding, at + CRC_DIGITS + 1, length - CRC_DIGITS - 1,
                              err);
        }
        at += length + 1;
    }
    return good;
}

static const char statement_sql[] =
    "INSERT OR IGNORE INTO statement(mark,at,mesh,person,team,role,sql_id,sql,"
    "saved_query,purpose,classification,outcome,rows,ms) "
    "SELECT j->>'mark',j->>'at',j->>'mesh',j->>'person',j->>'team',j->>'role',"
    "j->>'sql_id',j->>'sql',j->>'saved_query',j->>'purpose',j->>'classification',"
    "j->>'outcome',j->>'rows',j->>'ms' FROM (SELECT ?1 AS j) WHERE json_valid(j)";
static const char reading_sql[] =
    "INSERT INTO reading(statement,product,table_name,column_name) "
    "SELECT ?1,value->>0,value->>1,value->>2 FROM json_each(?2,'$.readings')";

static bool fold_file(sqlite3 *db, const char *path, struct error *err)
{
    struct folding folding = {0};
    char *bytes = NULL;
    struct error trouble = {0};
    if (!path_read_file(path, MOST_LOG, &bytes, &folding.length, &trouble)) {
        return !path_exists(path) || /* somebody else was faster */
               error_set(err, trouble.kind, "%s", trouble.message);
    }
    folding.log = bytes;
    folding.statement = store_prepare(db, statement_sql, err);
    folding.reading =
        folding.statement != NULL ? store_prepare(db, reading_sql, err) : NULL;
    bool good =
        folding.reading != NULL && ledger_in_transaction(db, add_records, &folding, err);
    store_finish(folding.statement);
    store_finish(folding.reading);
    if (good) {
        unlink(path);
    }
    free(bytes);
    return good;
}

/* ---- Files ---- */

static bool is_empty(const char *path)
{
    struct stat facts;
    return stat(path, &facts) != 0 || facts.st_size == 0;
}

/* Writers hold their lock for one write; one that was stopped in it is waited for by
 * nobody: its log is folded another time. */
static void set_aside(const char *log)
{
    const struct timespec moment = {.tv_nsec = MILLISECOND};
    int fd = is_empty(log) ? -1 : open(log, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    for (int i = 0; fd >= 0 && i < ATTEMPTS; i++) {
        struct stat held, named;
        if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
            if (fstat(fd, &held) == 0 && stat(log, &named) == 0 &&
                held.st_ino == named.st_ino) {
                char *aside = string_printf("%s.%lld-%ld", log, (long long)held.st_ino,
                                            (long)getpid());
                rename(log, aside);
                free(aside);
            }
            break;
        }
        nanosleep(&moment, NULL);
    }
    if (fd >= 0) {
        close(fd);
    }
}

bool ledger_fold(sqlite3 *db, struct error *err)
{
    char *log = path_of_place(PLACE_DATA, "ledger.log", err);
    char *folder = log != NULL ? path_folder(log) : NULL;
    bool good = log != NULL;
    if (good) {
        set_aside(log);
    }
    DIR *listing = good ? opendir(folder) : NULL;
    struct dirent *entry;
    while (good && listing != NULL && (entry = readdir(listing)) != NULL) {
        if (string_starts(entry->d_name, "ledger.log.")) {
            char *path = path_join(folder, entry->d_name);
            good = fold_file(db, path, err);
            free(path);
        }
    }
    if (listing != NULL) {
        closedir(listing);
    }
    free(folder);
    free(log);
    return good || error_prefix(err, "could not fold the log of use: ");
}

bool ledger_settle(struct error *err)
{
    sqlite3 *db = ledger_open(err);
    bool settled = db != NULL && ledger_fold(db, err);
    store_close(db);
    return settled;
}
