/* store: open SQLite safely; run, bind, step with one sentence as error.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BUSY_MILLISECONDS = 2000 };

struct mode_row {
    int flags;
    bool foreign; /* the file may have been made by somebody else */
};

static const struct mode_row modes[] = {
    [STORE_MEMORY] = {SQLITE_OPEN_READWRITE | SQLITE_OPEN_MEMORY | SQLITE_OPEN_URI,
                      false},
    [STORE_CREATE] = {SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_URI,
                      false},
    [STORE_WRITE] = {SQLITE_OPEN_READWRITE, false},
    [STORE_READ] = {SQLITE_OPEN_READONLY, true},
    [STORE_IMMUTABLE] = {SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, true},
};

/* Percent-encode what a URI path may not hold (RFC 3986). */
static void append_uri_path(struct text *out, const char *path)
{
    for (const char *p = path; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;
        if (c <= ' ' || c >= 127 || strchr("%?#\"", c) != NULL) {
            text_printf(out, "%%%02X", c);
        } else {
            text_append_char(out, (char)c);
        }
    }
}

static char *uri_with(const char *path, const char *parameters)
{
    struct text uri = {0};
    text_append(&uri, "file:");
    append_uri_path(&uri, path);
    text_append(&uri, parameters);
    return text_take(&uri);
}

char *store_uri_immutable(const char *path)
{
    return uri_with(path, "?mode=ro&immutable=1");
}

char *store_uri_shared(const char *path)
{
    return uri_with(path, "?mode=ro");
}

static void defend(sqlite3 *db, bool foreign)
{
    sqlite3_extended_result_codes(db, 1);
    sqlite3_busy_timeout(db, BUSY_MILLISECONDS);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, foreign ? 0 : 1, NULL);
    if (foreign) {
        sqlite3_exec(db, "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0", NULL, NULL,
                     NULL);
    }
}

/* SQLite makes files by the umask; a database of ours is for its user only. */
static bool make_private(const char *path, struct error *err)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
    if (fd < 0) {
        return error_set(err, ERROR_FAILED,
                         "could not open the database %s for writing: %s", path,
                         error_of_errno(errno));
    }
    close(fd);
    return true;
}

/* SQLite would wait at a pipe for ever. */
static bool check_regular(const char *path, struct error *err)
{
    struct stat info;
    if (stat(path, &info) != 0 || S_ISREG(info.st_mode)) {
        return true; /* what is not there is SQLite's business */
    }
    return error_set(err, ERROR_FAILED,
                     "could not open the database %s: it is %s, not a file", path,
                     S_ISDIR(info.st_mode) ? "a folder" : "a device or a pipe");
}

/* ---- A clock that stands still ---- */

struct still_clock {
    sqlite3_vfs vfs; /* the system's own, but for the time */
    sqlite3_int64 now;
    char name[32];
};

static int tell_still_time(sqlite3_vfs *vfs, sqlite3_int64 *now)
{
    *now = ((struct still_clock *)vfs)->now;
    return SQLITE_OK;
}

static int tell_still_day(sqlite3_vfs *vfs, double *now)
{
    *now = (double)((struct still_clock *)vfs)->now / 86400000.0;
    return SQLITE_OK;
}

/* Its name. It stays registered, one for each instant: a process knows few of them. */
static const char *still_clock(long long now)
{
    static const sqlite3_int64 epoch = 210866760000000; /* 1970 in Julian milliseconds */
    char name[32];
    snprintf(name, sizeof name, "still-%lld", now);
    sqlite3_vfs *known = sqlite3_vfs_find(name);
    sqlite3_vfs *system = sqlite3_vfs_find(NULL);
    if (known == NULL && system != NULL) {
        struct still_clock *clock = memory_new(sizeof *clock);
        clock->vfs = *system;
        clock->now = epoch + now * 1000;
        memcpy(clock->name, name, sizeof name);
        clock->vfs.zName = clock->name;
        clock->vfs.pNext = NULL;
        clock->vfs.xCurrentTime = tell_still_day;
        clock->vfs.xCurrentTimeInt64 = tell_still_time;
        sqlite3_vfs_register(&clock->vfs, 0);
        known = &clock->vfs;
    }
    return known != NULL ? known->zName : NULL;
}

static sqlite3 *open_with(const char *path, enum store_mode mode, const char *vfs,
                          struct error *err)
{
    if (mode != STORE_MEMORY && !check_regular(path, err)) {
        return NULL;
    }
    if (mode == STORE_CREATE && !make_private(path, err)) {
        return NULL;
    }
    char *name = mode == STORE_IMMUTABLE
                     ? store_uri_immutable(path)
                     : string_copy(mode == STORE_MEMORY ? ":memory:" : path);
    sqlite3 *db = NULL;
    int status = sqlite3_open_v2(name, &db, modes[mode].flags | SQLITE_OPEN_NOMUTEX, vfs);
    free(name);
    if (status == SQLITE_OK) {
        defend(db, modes[mode].foreign);
        /* Opening reads nothing: the first look shows whether it is a database at all. */
        status =
            sqlite3_exec(db, "SELECT 1 FROM sqlite_schema LIMIT 1", NULL, NULL, NULL);
    }
    if (status != SQLITE_OK) {
        store_failed(db, err);
        error_prefix(err, "could not open the database %s: ", path);
        sqlite3_close_v2(db);
        return NULL;
    }
    return db;
}

sqlite3 *store_open(const char *path, enum store_mode mode, struct error *err)
{
    return open_with(path, mode, NULL, err);
}

sqlite3 *store_open_still(long long now, struct error *err)
{
    return open_with("in memory", STORE_MEMORY, still_clock(now), err);
}

void store_close(sqlite3 *db)
{
    sqlite3_close_v2(db);
}

static const char *file_of(sqlite3 *db)
{
    const char *file = sqlite3_db_filename(db, "main");
    return file != NULL && file[0] != '\0' ? file : "a temporary file";
}

static bool failed_full(sqlite3 *db, struct error *err)
{
    return error_set(err, ERROR_FAILED,
                     "could not write %s: the disk is full; make room and try again, "
                     "nothing was changed",
                     file_of(db));
}

/* SQLite says only that it could not; the system's word for it says what to do. */
static bool failed_io(sqlite3 *db, int code, struct error *err)
{
    int number = sqlite3_system_errno(db);
    if (number == 0) { /* it is not noted when a COMMIT fails */
        sqlite3_file_control(db, "main", SQLITE_FCNTL_LAST_ERRNO, &number);
    }
    bool reads = code == SQLITE_IOERR_READ || code == SQLITE_IOERR_SHORT_READ;
    if (number == ENOSPC || number == EDQUOT) {
        return failed_full(db, err);
    }
    if (number == EFBIG) {
        return error_set(err, ERROR_FAILED,
                         "could not write %s: it would be larger than the limit of this "
                         "process; raise it (ulimit -f) and try again, nothing was "
                         "changed",
                         file_of(db));
    }
    const char *why = number != 0 ? error_of_errno(number) : sqlite3_errmsg(db);
    return reads
               ? error_set(err, ERROR_FAILED, "a database could not be read: %s", why)
               : error_set(err, ERROR_FAILED, "could not write %s: %s", file_of(db), why);
}

bool store_failed(sqlite3 *db, struct error *err)
{
    int code = db != NULL ? sqlite3_extended_errcode(db) : SQLITE_NOMEM;
    switch (code & 0xFF) {
    case SQLITE_FULL:
        return failed_full(db, err);
    case SQLITE_IOERR:
        return failed_io(db, code, err);
    case SQLITE_INTERRUPT:
        return error_set(err, ERROR_CANCELLED, "cancelled");
    case SQLITE_NOMEM:
        return error_set(
            err, ERROR_FAILED,
            "it needs more memory than the limit allows; raise memory_limit or "
            "ask for fewer rows");
    case SQLITE_NOTADB:
        return error_set(err, ERROR_FAILED, "the file is not an SQLite database");
    case SQLITE_CORRUPT:
        return error_set(err, ERROR_FAILED, "the database file is damaged (%s)",
                         sqlite3_errmsg(db));
    case SQLITE_CANTOPEN:
        return error_set(err, ERROR_FAILED, "the file is missing or may not be read");
    default:
        return error_set(err, ERROR_FAILED, "%s", sqlite3_errmsg(db));
    }
}

bool store_run(sqlite3 *db, const char *sql, struct error *err)
{
    return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || store_failed(db, err);
}

sqlite3_stmt *store_prepare(sqlite3 *db, const char *sql, struct error *err)
{
    sqlite3_stmt *stmt = NULL;
    if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK) {
        store_failed(db, err);
        return NULL;
    }
    return stmt;
}

static void bind_all(sqlite3_stmt *stmt, const char *kinds, va_list args)
{
    for (int i = 1; kinds[i - 1] != '\0'; i++) {
        switch (kinds[i - 1]) {
        case 's':
            sqlite3_bind_text(stmt, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
            break;
        case 'i':
            sqlite3_bind_int(stmt, i, va_arg(args, int));
            break;
        case 'l':
            sqlite3_bind_int64(stmt, i, va_arg(args, long long));
            break;
        case 'd':
            sqlite3_bind_double(stmt, i, va_arg(args, double));
            break;
        default:
            sqlite3_bind_null(stmt, i);
        }
    }
}

void store_bind(sqlite3_stmt *stmt, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    bind_all(stmt, kinds, args);
    va_end(args);
}

enum store_step store_step(sqlite3_stmt *stmt, struct error *err)
{
    int status = sqlite3_step(stmt);
    if (status == SQLITE_ROW) {
        return STORE_ROW;
    }
    if (status == SQLITE_DONE) {
        return STORE_DONE;
    }
    store_failed(sqlite3_db_handle(stmt), err);
    return STORE_FAILED;
}

bool store_execute(sqlite3_stmt *stmt, struct error *err)
{
    enum store_step step = store_step(stmt, err);
    while (step == STORE_ROW) {
        step = store_step(stmt, err);
    }
    sqlite3_reset(stmt);
    return step == STORE_DONE;
}

void store_finish(sqlite3_stmt *stmt)
{
    sqlite3_finalize(stmt);
}

const char *store_text(sqlite3_stmt *stmt, int column)
{
    const unsigned char *text = sqlite3_column_text(stmt, column);
    return text != NULL ? (const char *)text : "";
}

char *store_text_copy(sqlite3_stmt *stmt, int column)
{
    return string_copy((const char *)sqlite3_column_text(stmt, column));
}

static sqlite3_stmt *first_row(sqlite3 *db, const char *sql, const char *kinds,
                               va_list args)
{
    sqlite3_stmt *stmt = store_prepare(db, sql, NULL);
    if (stmt == NULL) {
        return NULL;
    }
    bind_all(stmt, kinds, args);
    if (store_step(stmt, NULL) != STORE_ROW) {
        store_finish(stmt);
        return NULL;
    }
    return stmt;
}

long long store_number(sqlite3 *db, long long fallback, const char *sql,
                       const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *stmt = first_row(db, sql, kinds, args);
    va_end(args);
    if (stmt != NULL && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        fallback = sqlite3_column_int64(stmt, 0);
    }
    store_finish(stmt);
    return fallback;
}

char *store_string(sqlite3 *db, const char *sql, const char *kinds, ...)
{
    va_list args;
    va_start(args, kinds);
    sqlite3_stmt *stmt = first_row(db, sql, kinds, args);
    va_end(args);
    char *string = stmt != NULL ? store_text_copy(stmt, 0) : NULL;
    store_finish(stmt);
    return string;
}

static void append_quoted(struct text *out, const char *string, char quote)
{
    text_append_char(out, quote);
    for (const char *p = string; *p != '\0'; p++) {
        if (*p == quote) {
            text_append_char(out, quote);
        }
        text_append_char(out, *p);
    }
    text_append_char(out, quote);
}

void store_quote_name(struct text *out, const char *name)
{
    append_quoted(out, name, '"');
}

void store_quote_string(struct text *out, const char *string)
{
    append_quoted(out, string, '\'');
}
