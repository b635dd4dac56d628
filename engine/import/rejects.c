/* import: the rejected rows of a database as a CSV file (RFC 4180).
 *
 * SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "engine/import.h"

#include <csv.h>
#include <errno.h>

#include "engine/path.h"
#include "engine/store.h"
#include "engine/text.h"

enum { BUFFER_SIZE = 64 * 1024 };

static void append_cell(struct text *out, const void *bytes, size_t length)
{
    size_t size = csv_write(NULL, 0, bytes, length);
    csv_write(text_reserve(out, size), size, bytes, length);
    text_grow(out, size);
}

static const char select_rejects[] =
    "SELECT table_name, file, line, byte, \"column\", defect, reason, raw "
    "FROM mwb_reject ORDER BY rowid";

static bool flush(int fd, struct text *out, const char *path, struct error *err)
{
    bool good =
        path_write_bytes(fd, text_string(out), out->length) ||
        error_set(err, ERROR_FAILED, "could not write the rejected rows to %s: %s", path,
                  error_of_errno(errno));
    text_clear(out);
    return good;
}

/* There may be as many rejects as rows: they pass through a buffer. */
static bool write_rows(sqlite3_stmt *stmt, int fd, const char *path, struct error *err)
{
    struct text out = {0};
    text_append(&out, "table,file,line,byte,column,defect,reason,raw\r\n");
    enum store_step step;
    bool good = true;
    while (good && (step = store_step(stmt, err)) == STORE_ROW) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            text_append(&out, i > 0 ? "," : "");
            const void *bytes = sqlite3_column_text(stmt, i);
            append_cell(&out, bytes != NULL ? bytes : "",
                        (size_t)sqlite3_column_bytes(stmt, i));
        }
        text_append(&out, "\r\n");
        good = out.length < BUFFER_SIZE || flush(fd, &out, path, err);
    }
    good = good && step == STORE_DONE && flush(fd, &out, path, err);
    text_release(&out);
    return good;
}

bool import_write_rejects(const char *database, const char *csv_path, struct error *err)
{
    sqlite3 *db = store_open(database, STORE_READ, err);
    sqlite3_stmt *stmt = db != NULL ? store_prepare(db, select_rejects, err) : NULL;
    char *part = NULL;
    int fd = stmt != NULL ? path_part_open(csv_path, 0600, &part, err) : -1;
    bool good = fd >= 0 && write_rows(stmt, fd, csv_path, err) &&
                path_part_finish(fd, part, csv_path, err);
    if (fd >= 0) {
        path_part_close(fd, part, good);
    }
    store_finish(stmt);
    store_close(db);
    return good;
}
