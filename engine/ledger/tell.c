/* ledger/tell: a statement is told with one write to ledger.log, which never waits.
 *
 * A record is a line of JSON behind its CRC, with an empty line before it: whatever a
 * full disk tore, the next record begins on a line of its own. Writers share a lock on
 * the log while they write; who folds it (fold.c) holds the lock alone for the moment of
 * giving it another name. A writer that cannot have the lock in time leaves a file of its
 * own.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/ledger/private.h"

#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

#include "engine/digest.h"
#include "engine/path.h"
#include "engine/secret.h"
#include "engine/sql.h"
#include "engine/text.h"

enum {
    MOST_SQL = 65536,   /* bytes of a statement that are kept */
    LOCK_ATTEMPTS = 20, /* a millisecond apart: no statement waits longer for its log */
    MARK_BYTES = 12,
    MILLISECOND = 1000000, /* in nanoseconds */
};

/* ---- What is told ---- */

/* Blanks and comments do not make another statement. */
static void put_sql_id(struct text *out, const char *sql)
{
    struct text plain = {0};
    struct sql_token token = {0};
    char digest[DIGEST_SIZE];
    size_t length = strlen(sql);
    for (size_t at = 0; sql_next(sql, length, at, &token);
         at = token.start + token.length) {
        if (token.kind != SQL_SPACE && token.kind != SQL_COMMENT &&
            token.kind != SQL_SEMICOLON) {
            text_append_bytes(&plain, sql + token.start, token.length);
            text_append_char(&plain, ' ');
        }
    }
    digest_bytes(text_string(&plain), plain.length, digest);
    text_printf(out, "%.16s", digest);
    text_release(&plain);
}

static void put_mark(struct text *out)
{
    unsigned char bytes[MARK_BYTES];
    gcry_create_nonce(bytes, sizeof bytes);
    for (size_t i = 0; i < sizeof bytes; i++) {
        text_printf(out, "%02x", bytes[i]);
    }
}

/* What is empty was not said. */
static void put_member(struct text *out, const char *name, const char *value)
{
    if (value != NULL && value[0] != '\0') {
        text_printf(out, ",\"%s\":", name);
        text_append_json(out, value);
    }
}

static void put_sql(struct text *out, const char *sql)
{
    char *kept = string_copy_bytes(sql, strnlen(sql, MOST_SQL));
    char *redacted = secret_redact(kept);
    put_member(out, "sql", redacted);
    free(redacted);
    free(kept);
}

static void put_readings(struct text *out, const struct ledger_use *use)
{
    text_append(out, ",\"readings\":[");
    for (size_t i = 0; i < use->reading_count; i++) {
        const struct ledger_reading *one = &use->readings[i];
        text_append(out, i > 0 ? ",[" : "[");
        text_append_json(out, one->product);
        text_append_char(out, ',');
        text_append_json(out, one->table != NULL ? one->table : "");
        text_append_char(out, ',');
        if (one->column != NULL) {
            text_append_json(out, one->column);
        } else {
            text_append(out, "null");
        }
        text_append_char(out, ']');
    }
    text_append_char(out, ']');
}

static void put_use(struct text *out, const struct ledger_use *use)
{
    char at[32];
    const char *sql = use->sql != NULL ? use->sql : "";
    struct passwd *person = getpwuid(geteuid());
    path_write_instant(path_now(), at);
    text_append(out, "{\"mark\":\"");
    put_mark(out);
    text_printf(out, "\",\"at\":\"%s\",\"sql_id\":\"", at);
    put_sql_id(out, sql);
    text_append_char(out, '"');
    put_member(out, "mesh", use->mesh);
    put_member(out, "person", person != NULL ? person->pw_name : NULL);
    put_member(out, "team", use->team);
    put_member(out, "role", use->role);
    put_sql(out, sql);
    put_member(out, "saved_query", use->saved_query);
    put_member(out, "purpose", use->purpose);
    put_member(out, "classification", use->classification);
    put_member(out, "outcome", use->outcome);
    text_printf(out, ",\"rows\":%lld,\"ms\":%.3f", use->rows, use->seconds * 1000);
    put_readings(out, use);
    text_append_char(out, '}');
}

/* ---- The log ---- */

/* The lock, shared, on the file that has the name now; -1: not in time. */
static int open_locked(const char *path)
{
    const struct timespec moment = {.tv_nsec = MILLISECOND};
    for (int i = 0; i < LOCK_ATTEMPTS; i++) {
        struct stat held, named;
        int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            return -1;
        }
        bool is_ours = flock(fd, LOCK_SH | LOCK_NB) == 0 && fstat(fd, &held) == 0 &&
                       stat(path, &named) == 0 && held.st_ino == named.st_ino &&
                       held.st_dev == named.st_dev;
        if (is_ours) {
            return fd;
        }
        close(fd);
        nanosleep(&moment, NULL);
    }
    errno = EWOULDBLOCK;
    return -1;
}

/* One write, or it was not told: a second one could come behind somebody else's. */
static bool write_record(int fd, const struct text *record)
{
    ssize_t written;
    do {
        written = write(fd, record->data, record->length);
    } while (written < 0 && errno == EINTR);
    if (written >= 0 && (size_t)written < record->length) {
        errno = ENOSPC;
        return false;
    }
    return written >= 0;
}

/* A log of one record, under a name that is folded as the log is. */
static bool leave_apart(const char *log, const struct text *record, struct error *err)
{
    struct text name = {0};
    text_printf(&name, "%s.", log);
    put_mark(&name);
    bool left =
        path_write_file(text_string(&name), record->data, record->length, 0600, err);
    text_release(&name);
    return left;
}

static bool add_record(const char *log, const struct text *record, struct error *err)
{
    int fd = open_locked(log);
    if (fd < 0 && errno == EWOULDBLOCK) {
        return leave_apart(log, record, err);
    }
    bool told = fd >= 0 && write_record(fd, record);
    int number = errno;
    if (fd >= 0) {
        close(fd);
    }
    return told || error_set(err, ERROR_FAILED, "could not note in %s what was read: %s",
                             log, error_of_errno(number));
}

bool ledger_add_use(const struct ledger_use *use, struct error *err)
{
    struct text body = {0}, record = {0};
    char *log = path_of_place(PLACE_DATA, "ledger.log", err);
    char *folder = log != NULL ? path_folder(log) : NULL;
    bool told = folder != NULL && (path_exists(folder) || path_make_folders(folder, err));
    if (told) {
        put_use(&body, use);
        text_printf(&record, "\n%08lx %s\n",
                    crc32_z(0, (const unsigned char *)body.data, body.length), body.data);
        told = add_record(log, &record, err);
    }
    text_release(&body);
    text_release(&record);
    free(folder);
    free(log);
    return told;
}
