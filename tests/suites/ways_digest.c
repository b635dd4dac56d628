/* ways_digest: all that a database holds, as digests that can be compared.
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <fcntl.h>
#include <gcrypt.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "engine/store.h"
#include "tests/suites/ways.h"

static void add_value(gcry_md_hd_t sum, sqlite3_stmt *stmt, int column)
{
    unsigned char type = (unsigned char)sqlite3_column_type(stmt, column);
    long long length = 0;
    const void *bytes = NULL;
    long long integer;
    double real;
    if (type == SQLITE_INTEGER) {
        integer = sqlite3_column_int64(stmt, column);
        bytes = &integer;
        length = sizeof integer;
    } else if (type == SQLITE_FLOAT) {
        real = sqlite3_column_double(stmt, column);
        bytes = &real;
        length = sizeof real;
    } else if (type != SQLITE_NULL) {
        bytes = sqlite3_column_blob(stmt, column);
        length = sqlite3_column_bytes(stmt, column);
    }
    gcry_md_putc(sum, type);
    gcry_md_write(sum, &length, sizeof length);
    gcry_md_write(sum, bytes, (size_t)length);
}

static void append_hex(struct text *out, gcry_md_hd_t sum)
{
    const unsigned char *bytes = gcry_md_read(sum, GCRY_MD_SHA256);
    for (int i = 0; i < 32; i++) {
        text_printf(out, "%02x", bytes[i]);
    }
}

/* Every row of a statement, one line at the end of `out`: its name, rows, digest. */
static bool digest_rows(sqlite3 *db, const char *name, const char *sql, struct text *out,
                        struct error *err)
{
    gcry_md_hd_t sum;
    long long rows = 0;
    sqlite3_stmt *stmt = store_prepare(db, sql, err);
    if (stmt == NULL || gcry_md_open(&sum, GCRY_MD_SHA256, 0) != 0) {
        return false;
    }
    enum store_step step;
    while ((step = store_step(stmt, err)) == STORE_ROW) {
        rows++;
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            add_value(sum, stmt, i);
        }
    }
    text_printf(out, "%s %lld ", name, rows);
    append_hex(out, sum);
    text_append_char(out, '\n');
    gcry_md_close(sum);
    store_finish(stmt);
    return step == STORE_DONE;
}

/* How rows reached the table may differ; the rest may not. A table of 2,000 columns has
 * no room for its rowid beside them, so rowids are a statement of their own. */
static bool digest_table(sqlite3 *db, const char *name, struct text *out,
                         struct error *err)
{
    struct text sql = {0};
    if (string_equal(name, "mwb_table")) {
        text_append(&sql, "SELECT name, rows, rejected, contiguous, source FROM ");
    } else {
        text_append(&sql, "SELECT * FROM ");
    }
    store_quote_name(&sql, name);
    bool good = digest_rows(db, name, text_string(&sql), out, err);
    if (good && string_equal(name, "t")) {
        good = digest_rows(db, "rowids", "SELECT _rowid_ FROM t", out, err);
    }
    text_release(&sql);
    return good;
}

bool ways_digest(const char *database, struct text *out, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    bool good =
        db != NULL && digest_rows(db, "schema",
                                  "SELECT type, name, tbl_name, sql FROM sqlite_schema "
                                  "ORDER BY name",
                                  out, err);
    sqlite3_stmt *stmt =
        good
            ? store_prepare(
                  db, "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name",
                  err)
            : NULL;
    good = stmt != NULL;
    while (good && store_step(stmt, err) == STORE_ROW) {
        good = digest_table(db, store_text(stmt, 0), out, err);
    }
    store_finish(stmt);
    store_close(db);
    return good;
}

bool ways_is_sound(const char *database, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    char *said = db != NULL ? store_string(db, "PRAGMA integrity_check", "") : NULL;
    bool sound = string_equal(said, "ok");
    if (db != NULL && !sound) {
        error_set(err, ERROR_FAILED, "integrity_check says: %s",
                  said != NULL ? said : "");
    }
    free(said);
    store_close(db);
    return sound;
}

bool ways_file_digest(const char *path, char hex[65])
{
    char bytes[65536];
    ssize_t got;
    gcry_md_hd_t sum;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || gcry_md_open(&sum, GCRY_MD_SHA256, 0) != 0) {
        return false;
    }
    while ((got = read(fd, bytes, sizeof bytes)) > 0) {
        gcry_md_write(sum, bytes, (size_t)got);
    }
    close(fd);
    struct text out = {0};
    append_hex(&out, sum);
    memcpy(hex, text_string(&out), 65);
    text_release(&out);
    gcry_md_close(sum);
    return got == 0;
}

/* ---- In words ---- */

static void describe_columns(const struct import_report *report, struct text *out)
{
    for (size_t i = 0; i < report->columns.count; i++) {
        const struct import_column_report *row = array_at(&report->columns, i);
        text_printf(out, "column %s (%s), %s as %s: %lld nulls, %lld misfits: %s\n",
                    row->name, row->original != NULL ? row->original : "",
                    row->declared != NULL ? row->declared : "", row->stored, row->nulls,
                    row->misfits, row->examples != NULL ? row->examples : "");
    }
}

void ways_describe(const struct ways_outcome *outcome, const char *database,
                   struct text *out)
{
    const struct import_report *report = &outcome->report;
    struct error err = {0};
    if (!outcome->good) {
        text_printf(out, "refused: %s\n", outcome->err.message);
        return;
    }
    text_printf(out, "read %lld, stored %lld, rejected %lld\n%s", report->read,
                report->stored, report->rejected, text_string(&report->notes));
    describe_columns(report, out);
    if (!ways_digest(database, out, &err)) {
        text_printf(out, "not readable: %s\n", err.message);
    }
}
