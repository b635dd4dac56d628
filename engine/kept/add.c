/* kept: a file into the version that is being made.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"
#include "engine/kept.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "engine/cache.h"
#include "engine/digest.h"
#include "engine/path.h"
#include "engine/store.h"

enum { STEP = 256 * 1024, MOST_NAME = 100, MOST_ALIKE = 10000 };

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS mwb_file(name TEXT PRIMARY KEY, table_name TEXT, source "
    "TEXT, type TEXT, media TEXT, bytes INTEGER, sha256 TEXT)";

/* ---- Names ---- */

/* The last part of a path or an address: ASCII letters, digits and ._-+ stay, and it
 * begins with none that a shell or a listing treats in its own way. Yours. */
static char *plain_name(const char *shown)
{
    struct text out = {0};
    size_t end = strstr(shown, "://") != NULL ? strcspn(shown, "?#") : strlen(shown);
    const char *git = strstr(shown, "#");
    if (string_starts(shown, "git") && git != NULL) {
        end = strlen(shown);
    }
    size_t start = end;
    while (start > 0 && shown[start - 1] != '/' && shown[start - 1] != ':') {
        start--;
    }
    for (size_t i = start; i < end; i++) {
        unsigned char c = (unsigned char)shown[i];
        bool is_plain = c < 128 && (isalnum(c) || strchr("._-+", c) != NULL);
        text_append_char(&out, is_plain ? (char)c : '_');
    }
    while (out.length > MOST_NAME) { /* its suffix tells what it is */
        memmove(out.data, out.data + 1, out.length--);
    }
    if (out.length == 0) {
        text_append(&out, "file");
    }
    if (strchr(".-+", out.data[0]) != NULL) {
        out.data[0] = '_';
    }
    return text_take(&out);
}

/* NAME, NAME-2 ...: an open file that was not there. */
static int make_file(const char *folder, const char *plain, char **name,
                     struct error *err)
{
    const char *dot = strrchr(plain, '.');
    size_t stem = dot != NULL && dot > plain ? (size_t)(dot - plain) : strlen(plain);
    for (int i = 1; i < MOST_ALIKE; i++) {
        char *try = i == 1
                        ? string_copy(plain)
                        : string_printf("%.*s-%d%s", (int)stem, plain, i, plain + stem);
        char *path = path_join(folder, try);
        int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        int number = errno;
        free(path);
        if (fd >= 0) {
            *name = try;
            return fd;
        }
        free(try);
        if (number != EEXIST) {
            error_set(err, ERROR_FAILED, "could not write %s into %s: %s", plain, folder,
                      error_of_errno(number));
            return -1;
        }
    }
    error_set(err, ERROR_FAILED, "too many files are called %s", plain);
    return -1;
}

/* ---- Bytes ---- */

struct copied {
    char head[KEPT_HEAD];
    size_t head_length;
    long long bytes;
    char sha256[65];
};

static bool copy_bytes(const struct kept_source *source, int to, gcry_md_hd_t hash,
                       struct copied *copied, struct error *err)
{
    char *buffer = memory_new(STEP);
    int from = source->arrival != NULL ? arrival_fd(source->arrival) : source->fd;
    bool done = true;
    while (done) {
        ssize_t n = pread(from, buffer, STEP, (off_t)copied->bytes);
        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            done = n == 0 || error_set(err, ERROR_FAILED, "could not read %s: %s",
                                       source->shown, error_of_errno(errno));
            break;
        }
        if (copied->bytes == 0) {
            copied->head_length = (size_t)n < KEPT_HEAD ? (size_t)n : KEPT_HEAD;
            memcpy(copied->head, buffer, copied->head_length);
        }
        gcry_md_write(hash, buffer, (size_t)n);
        copied->bytes += n;
        done = path_write_bytes(to, buffer, (size_t)n) ||
               error_set(err, ERROR_FAILED, "could not keep %s: %s", source->shown,
                         error_of_errno(errno));
        if (done && source->port != NULL && job_cancelled(source->port)) {
            done = error_set(err, ERROR_CANCELLED, "keeping %s was cancelled",
                             source->shown);
        }
    }
    free(buffer);
    return done;
}

static bool copy_file(const struct kept_source *source, int to, struct copied *copied,
                      struct error *err)
{
    gcry_md_hd_t hash;
    *copied = (struct copied){0};
    if (gcry_md_open(&hash, GCRY_MD_SHA256, 0) != 0) {
        return error_set(err, ERROR_FAILED, "SHA-256 is not to be had from libgcrypt");
    }
    bool done = copy_bytes(source, to, hash, copied, err);
    digest_write_hex(gcry_md_read(hash, GCRY_MD_SHA256), 32, copied->sha256);
    gcry_md_close(hash);
    if (done && (fsync(to) != 0 || fchmod(to, 0440) != 0)) {
        done = error_set(err, ERROR_FAILED, "could not keep %s: %s", source->shown,
                         error_of_errno(errno));
    }
    return done;
}

/* ---- Its row ---- */

static bool note_file(const char *database, const struct kept_source *source,
                      const char *name, const struct kept_type *type,
                      const struct copied *copied, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_CREATE, err);
    bool done = db != NULL && store_run(db, "PRAGMA journal_mode = MEMORY", err) &&
                store_run(db, cache_version_schema(), err) &&
                store_run(db, table_sql, err);
    sqlite3_stmt *stmt =
        done ? store_prepare(db, "INSERT INTO mwb_file VALUES(?,?,?,?,?,?,?)", err)
             : NULL;
    if (stmt != NULL) {
        store_bind(stmt, "sssssls", name, source->table, source->shown, type->name,
                   type->media, copied->bytes, copied->sha256);
        done = store_execute(stmt, err);
    }
    store_finish(stmt);
    store_close(db);
    return done && stmt != NULL;
}

/* "report.pdf is called a PDF document and is a ZIP archive." */
static void compare_types(const struct kept_source *source, const struct kept_type *type,
                          struct text *notes)
{
    const char *dot = strrchr(path_base(source->shown), '.');
    const struct kept_type *called = kept_type_named(source->format);
    called = called != NULL ? called : kept_type_named(dot != NULL ? dot + 1 : NULL);
    if (called != NULL && called != type && notes != NULL) {
        text_printf(notes, "%s is called %s and is %s.\n", source->shown, called->title,
                    type->title);
    }
}

bool kept_add(const char *stage, const char *database, const struct kept_source *source,
              struct text *notes, struct error *err)
{
    struct copied copied;
    char *folder = path_join(stage, "files"), *plain = plain_name(source->shown);
    char *name = NULL;
    bool done =
        source->arrival == NULL || arrival_settle(source->arrival, source->port, err);
    done = done && path_make_folders(folder, err);
    int fd = done ? make_file(folder, plain, &name, err) : -1;
    done = fd >= 0 && copy_file(source, fd, &copied, err);
    if (done) {
        const struct kept_type *type =
            kept_type_of(copied.head, copied.head_length, plain);
        done = note_file(database, source, name, type, &copied, err);
        compare_types(source, type, notes);
    }
    if (fd >= 0) {
        close(fd);
    }
    if (!done && name != NULL) {
        char *path = path_join(folder, name);
        unlink(path);
        free(path);
    }
    free(name);
    free(plain);
    free(folder);
    return done;
}
