/* import: an SQLite file of somebody else, copied whole and looked over before it is
 * used.
 *
 * Nothing in it is run: it is copied first, opened with triggers off, no trusted schema
 * and cell checks on (sqlite.org/security.html), checked, and its tables are listed by
 * name.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/import/feed.h"
#include "engine/import/sqlite.h"
#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum {
    COPY_BLOCK = 256 * 1024,
    HEADER_SIZE = 100,
    WRITE_VERSION = 18,
    READ_VERSION = 19
};

/* Bytes 18 and 19 of the header are 2 while a database is in WAL mode; a file without its
 * -wal is whole after a clean close, and set back to 1 it needs none to be read
 * (sqlite.org/fileformat2.html §1.3.3). */
static void leave_wal_mode(unsigned char *header)
{
    if (header[WRITE_VERSION] == 2 && header[READ_VERSION] == 2) {
        header[WRITE_VERSION] = header[READ_VERSION] = 1;
    }
}

struct copy {
    struct feed *from;
    int to;
    long long done;
    const char *name;
    struct job_port *port;
};

static bool copy_block(struct copy *copy, unsigned char *block, size_t length,
                       struct error *err)
{
    if (copy->done == 0) {
        if (length < HEADER_SIZE || memcmp(block, "SQLite format 3", 16) != 0) {
            return error_set(err, ERROR_FAILED,
                             "could not import %s: it is not an SQLite database",
                             copy->name);
        }
        leave_wal_mode(block);
    }
    for (size_t at = 0; at < length;) {
        ssize_t put = write(copy->to, block + at, length - at);
        if (put < 0 && errno != EINTR) {
            return error_set(err, ERROR_FAILED, "could not copy %s into the cache: %s",
                             copy->name, error_of_errno(errno));
        }
        at += put > 0 ? (size_t)put : 0;
    }
    copy->done += (long long)length;
    struct job_progress progress = {
        .done = feed_consumed(copy->from), .total = feed_total(copy->from), .rows = -1};
    snprintf(progress.note, sizeof progress.note, "copying %s", copy->name);
    if (copy->port != NULL) {
        job_report(copy->port, &progress);
        if (job_cancelled(copy->port)) {
            return error_set(err, ERROR_CANCELLED, "the import of %s was cancelled",
                             copy->name);
        }
    }
    return true;
}

static bool copy_all(struct copy *copy, struct error *err)
{
    unsigned char *block = memory_new(COPY_BLOCK);
    bool good = true;
    for (size_t length = 1; good && length > 0;) {
        /* The header is in the first block, however a pipe gives its bytes. */
        size_t got = 0;
        for (length = 0; good && length < COPY_BLOCK; length += got) {
            good = feed_read(copy->from, (char *)block + length,
                             COPY_BLOCK - length > FEED_ROOM_LEAST ? COPY_BLOCK - length
                                                                   : FEED_ROOM_LEAST,
                             &got, err);
            if (got == 0 || COPY_BLOCK - length - got < FEED_ROOM_LEAST) {
                length += got;
                break;
            }
        }
        if (good && length > 0) {
            good = copy_block(copy, block, length, err);
        } else if (good && copy->done == 0) {
            good = error_set(err, ERROR_FAILED, "could not read %s: it is empty",
                             copy->name);
        }
    }
    free(block);
    return good;
}

/* A copy of a database that somebody is writing would be half a transaction. */
static bool check_beside(int fd, const char *name, struct error *err)
{
    static const char *const suffixes[] = {"-wal", "-journal"};
    char link[64], real[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, real, sizeof real - 1);
    for (size_t i = 0; length > 0 && i < sizeof suffixes / sizeof suffixes[0]; i++) {
        real[length] = '\0';
        char *beside = string_printf("%s%s", real, suffixes[i]);
        struct stat info;
        bool there = stat(beside, &info) == 0 && info.st_size > 0;
        free(beside);
        if (there) {
            return error_set(
                err, ERROR_FAILED,
                "could not import %s: a %s file lies beside it, so a program is "
                "writing it or was stopped; open and close it with its own program "
                "first",
                name, suffixes[i]);
        }
    }
    return true;
}

bool sqlite_check(sqlite3 *db, const char *name, struct error *err)
{
    char *verdict = store_string(db, "PRAGMA quick_check(1)", "");
    bool good = string_equal(verdict, "ok");
    if (!good) {
        error_set(err, ERROR_FAILED, "could not import %s: the database is damaged: %s",
                  name, verdict != NULL ? verdict : sqlite3_errmsg(db));
    }
    free(verdict);
    return good;
}

/* The file is copied as it is, its values are not looked at: only rows are known. */
static bool list_statistics(sqlite3 *db, const char *table, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(
        db,
        "INSERT INTO mwb_statistic(table_name, position, name, rows) SELECT ?1, "
        "position, "
        "name, (SELECT rows FROM mwb_table WHERE name = ?1) FROM mwb_column WHERE "
        "table_name = ?1",
        err);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "s", table);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good;
}

/* The facts of one table: rows by counting, its columns by asking; a rowid table whose
 * rowids are 1..rows can be sought by number. */
static bool list_table(sqlite3 *db, const char *table, const char *source,
                       struct error *err)
{
    struct text sql = {0};
    text_append(&sql, "INSERT INTO mwb_table SELECT ?1, count(*), (SELECT count(*) FROM "
                      "mwb_reject WHERE table_name = ?1), count(*) > 0 AND min(rowid) = "
                      "1 AND max(rowid) = count(*), ?2, 'copied' "
                      "FROM ");
    store_quote_name(&sql, table);
    sqlite3_stmt *stmt = store_prepare(db, text_string(&sql), NULL);
    if (stmt == NULL) { /* WITHOUT ROWID, a view, or a virtual table */
        text_clear(&sql);
        text_append(&sql,
                    "INSERT INTO mwb_table SELECT ?1, count(*), (SELECT count(*) FROM "
                    "mwb_reject WHERE table_name = ?1), 0, ?2, 'copied' FROM ");
        store_quote_name(&sql, table);
        stmt = store_prepare(db, text_string(&sql), err);
    }
    text_release(&sql);
    bool good = stmt != NULL;
    if (good) {
        store_bind(stmt, "ss", table, source);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    stmt = good ? store_prepare(
                      db,
                      "INSERT INTO mwb_column SELECT ?1, cid + 1, name, NULL, type, "
                      "type, NULL, 0, NULL FROM pragma_table_xinfo(?1) WHERE hidden <> 1",
                      err)
                : NULL;
    good = stmt != NULL;
    if (good) {
        store_bind(stmt, "s", table);
        good = store_execute(stmt, err);
    }
    store_finish(stmt);
    return good && list_statistics(db, table, err);
}

bool sqlite_list_tables(sqlite3 *db, const char *source, struct error *err)
{
    sqlite3_stmt *stmt = store_prepare(db,
                                       "SELECT name FROM pragma_table_list WHERE schema "
                                       "= 'main' AND type = 'table' AND name NOT "
                                       "LIKE 'sqlite\\_%' ESCAPE '\\' AND name NOT LIKE "
                                       "'mwb\\_%' ESCAPE '\\' ORDER BY name",
                                       err);
    bool good = stmt != NULL;
    struct array names = ARRAY_OF(char *);
    while (good && store_step(stmt, err) == STORE_ROW) {
        *(char **)array_push(&names) = store_text_copy(stmt, 0);
    }
    store_finish(stmt);
    for (size_t i = 0; i < names.count; i++) {
        char *name = *(char **)array_at(&names, i);
        good = good && list_table(db, name, source, err);
        free(name);
    }
    array_release(&names);
    return good;
}

/* A version file may itself be somebody's source: its facts are made anew. */
static const char own_tables[] = "DROP TABLE IF EXISTS mwb_product;"
                                 "DROP TABLE IF EXISTS mwb_table;"
                                 "DROP TABLE IF EXISTS mwb_column;"
                                 "DROP TABLE IF EXISTS mwb_statistic;";

/* Rejected rows are a story that stays true: they are kept, if it is our table to the
 * letter. */
static bool forget_rejects(sqlite3 *db, struct error *err)
{
    static const char text[] = "SELECT sql FROM sqlite_schema WHERE name = 'mwb_reject'";
    sqlite3 *own = store_open(NULL, STORE_MEMORY, err);
    if (own == NULL) {
        return false;
    }
    bool good = store_run(own, cache_version_schema(), err);
    char *wanted = store_string(own, text, ""), *found = store_string(db, text, "");
    if (good && found != NULL && !string_equal(found, wanted)) {
        good = store_run(db, "DROP TABLE mwb_reject", err);
    }
    free(wanted);
    free(found);
    store_close(own);
    return good;
}

static bool look_over(const char *path, const char *name, struct job_port *port,
                      struct error *err)
{
    sqlite3 *db = store_open(path, STORE_WRITE, err);
    if (db == NULL) {
        return error_prefix(err, "could not import %s: ", name);
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    job_guard(port, db);
    bool good = store_run(db,
                          "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0;"
                          "PRAGMA ignore_check_constraints = ON;"
                          "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; BEGIN",
                          err) &&
                sqlite_check(db, name, err) && store_run(db, own_tables, err) &&
                forget_rejects(db, err) && store_run(db, cache_version_schema(), err) &&
                sqlite_list_tables(db, name, err) && store_run(db, "COMMIT", err);
    job_guard(port, NULL);
    store_close(db);
    return good || error_prefix(err, "could not import %s: ", name);
}

bool sqlite_copy(const char *path, int source_fd, const char *source_name,
                 struct job_port *port, struct error *err)
{
    char *folder = path_folder(path);
    struct feed_spec spec = {.fd = source_fd,
                             .name = source_name,
                             .spool_folder = folder,
                             .port = port,
                             .any_bytes = true};
    struct copy copy = {.name = source_name, .port = port, .to = -1};
    bool good = check_beside(source_fd, source_name, err) &&
                (copy.from = feed_new(&spec, err)) != NULL;
    free(folder);
    if (good) {
        copy.to = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        good = (copy.to >= 0 || error_set(err, ERROR_FAILED, "could not make %s: %s",
                                          path, error_of_errno(errno))) &&
               copy_all(&copy, err);
    }
    if (copy.to >= 0) {
        close(copy.to);
    }
    feed_free(copy.from);
    return good;
}

bool import_sqlite(const char *path, int source_fd, const char *source_name,
                   struct job_port *port, struct error *err)
{
    return sqlite_copy(path, source_fd, source_name, port, err) &&
           look_over(path, source_name, port, err);
}
